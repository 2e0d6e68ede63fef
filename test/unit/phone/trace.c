/* trace.c — what the telephone puts on its tape: a call's messages both ways and whose they are, in
 * their order; no REGISTER, and nothing of strangers. */
#include "phone/leg.h"
#include "port/trace.h"
#include "test/support/exchange_desk.h"

static _Alignas(8) uint8_t memory[TAPE_BYTES_MIN], record[TAPE_RECORD_MAX];

static struct exchange *open_with(struct tape *tape)
{
    struct exchange *x = exchange_open(4);
    tape_open(tape, memory, sizeof(memory));
    x->phone->trace = tape;
    return x;
}

/* The next record must be of this kind and begin so. */
static void expect_record(const struct tape *tape, uint64_t *place, enum trace_kind kind,
                          const char *begin)
{
    struct trace_head head;
    size_t n = tape_next(tape, place, record);
    assert_true(n >= sizeof(head) + strlen(begin));
    memcpy(&head, record, sizeof(head));
    assert_int_equal(head.kind, kind);
    assert_memory_equal(record + sizeof(head), begin, strlen(begin));
}

static void a_call_is_remembered_both_ways_and_whose_it_is(void **state)
{
    (void)state;
    static struct tape tape;
    struct exchange *x = open_with(&tape);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t place = 0;
    struct trace_head head;
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100 Trying");
    expect_record(&tape, &place, TRACE_CAME, "INVITE ");
    expect_record(&tape, &place, TRACE_WENT, "SIP/2.0 100 ");
    expect_record(&tape, &place, TRACE_LEG, "");
    memcpy(&head, record, sizeof(head));
    assert_int_equal(head.leg_id, x->reports[x->reports_n - 1].leg_id);
    assert_int_equal(head.near_id, 0);
    x->port.hang_up(x->port.arg, head.leg_id);
    expect_record(&tape, &place, TRACE_WENT, "SIP/2.0 ");
    peer_close(&p);
    exchange_drop(x);
}

static void register_and_strangers_take_no_room(void **state)
{
    (void)state;
    static struct tape tape;
    struct exchange *x = open_with(&tape);
    struct peer phone = peer_open(x, AT_DESK), stranger = peer_open(x, AT_STRANGER);
    uint64_t place = 0;
    peer_new(&phone, "REGISTER", "");
    peer_expect(&phone, "SIP/2.0 ");
    peer_invite(&stranger);
    peer_expect_silence(&stranger);
    assert_int_equal(tape_next(&tape, &place, record), 0);
    peer_close(&phone);
    peer_close(&stranger);
    exchange_drop(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_remembered_both_ways_and_whose_it_is),
        cmocka_unit_test(register_and_strangers_take_no_room),
    };
    return cmocka_run_group_tests_name("phone/trace", tests, NULL, NULL);
}
