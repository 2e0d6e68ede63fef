/* quality.c — how calls of an access sounded: judged, counted, forgotten after a quarter of an
 * hour; counted for the access of a leg that is long gone, and put on the tape. */
#include "phone/leg.h"
#include "port/trace.h"
#include "test/support/exchange_peer.h"

static const struct media_counts good = {.received_n = 1000,
                                         .sent_n = 1000,
                                         .jitter_ms = 3,
                                         .round_trip_ms = 20,
                                         .has_jitter = true,
                                         .has_peer = true};

static struct phone_sound_counts after(const struct media_counts *c)
{
    struct phone_quality q = {.so_far.judged_n = 0};
    quality_add(&q, c, EXCHANGE_BEGIN_AT);
    return quality_look(&q, EXCHANGE_BEGIN_AT);
}

static void a_call_is_bad_when_either_side_hears_it_badly(void **state)
{
    (void)state;
    struct media_counts c = good;
    assert_int_equal(after(&c).judged_n, 1);
    assert_int_equal(after(&c).bad_n, 0);
    assert_int_equal(after(&c).jitter_ms, 3);
    assert_int_equal(after(&c).round_trip_n, 1);
    c.lost_n = 100;
    assert_int_equal(after(&c).bad_n, 1);
    c.lost_n = 0;
    c.peer_lost_n = 100;
    assert_int_equal(after(&c).bad_n, 1);
    c.has_peer = false; /* never said so */
    assert_int_equal(after(&c).bad_n, 0);
}

static void a_short_call_is_not_judged(void **state)
{
    (void)state;
    struct media_counts c = {.received_n = QUALITY_PACKETS_MIN - 2, .lost_n = 1, .sent_n = 9000};
    assert_int_equal(after(&c).judged_n, 0);
    assert_int_equal(after(&c).lost_n, 1); /* counted all the same */
    c.lost_n = 2;
    assert_int_equal(after(&c).judged_n, 1);
    c = (struct media_counts){.sent_n = QUALITY_PACKETS_MIN - 1, .has_peer = true};
    assert_int_equal(after(&c).judged_n, 0);
    c.sent_n++;
    assert_int_equal(after(&c).judged_n, 1);
}

static void a_peer_cannot_have_lost_more_than_was_sent(void **state)
{
    (void)state;
    const struct media_counts c = {.sent_n = 300, .peer_lost_n = UINT32_MAX, .has_peer = true};
    assert_int_equal(after(&c).peer_lost_n, 300);
    assert_int_equal(after(&c).bad_n, 1);
}

static void what_is_older_than_a_quarter_of_an_hour_is_not_recent(void **state)
{
    (void)state;
    struct phone_quality q = {.so_far.judged_n = 0};
    struct media_counts bad = good;
    ms_t at = EXCHANGE_BEGIN_AT / QUALITY_MINUTE_MS * QUALITY_MINUTE_MS;
    bad.lost_n = 200;
    for (unsigned i = 0; i < 40; i++)
        quality_add(&q, i % 2 ? &good : &bad, at + i * QUALITY_MINUTE_MS);
    struct phone_sound_counts look = quality_look(&q, at + 39 * QUALITY_MINUTE_MS);
    assert_int_equal(look.judged_n, 40);
    assert_int_equal(look.bad_n, 20);
    assert_int_equal(look.recent_judged_n, QUALITY_MINUTES);
    assert_int_equal(look.recent_bad_n, QUALITY_MINUTES / 2);
    look = quality_look(&q, at + 54 * QUALITY_MINUTE_MS);
    assert_int_equal(look.recent_judged_n, 1);
    look = quality_look(&q, at + 55 * QUALITY_MINUTE_MS);
    assert_int_equal(look.recent_judged_n, 0);
    look = quality_look(&q, at); /* a clock that went back */
    assert_int_equal(look.recent_judged_n, 0);
}

/* The engine says how a stream was when the leg has been forgotten. */
static void a_call_that_is_over_counts_for_its_access_and_is_told_on_the_tape(void **state)
{
    (void)state;
    static struct tape tape;
    static _Alignas(8) uint8_t memory[TAPE_BYTES_MIN], record[TAPE_RECORD_MAX];
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    const struct phone_trunk is = {.number = 7, .host = TEXT("op.example"), .is_unprobed = true};
    struct trace_head head = {.kind = TRACE_CAME};
    struct phone_trunk_look look;
    uint64_t place = 0;
    size_t n = 0;
    phone_trunks(x->phone, &is, 1);
    tape_open(&tape, memory, sizeof(memory));
    x->phone->trace = &tape;
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100 Trying");
    uint64_t id = x->reports[x->reports_n - 1].leg_id;
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200 OK");
    peer_ack(&p);
    const struct media_want want = x->streams[0].want;
    assert_int_equal(want.group, 7);
    peer_new(&p, "BYE", "");
    peer_expect(&p, "SIP/2.0 200 OK");
    pass(x, 130000);
    assert_int_equal(phone_totals(x->phone).legs_n, 0);
    x->due[x->due_n++] = (struct media_report){
        .kind = MEDIA_CLOSED, .user = want.user, .group = want.group, .counts = good};
    pass(x, 100);
    assert_true(phone_trunk_look(x->phone, 0, &look));
    assert_int_equal(look.sound.judged_n, 1);
    assert_int_equal(look.sound.received_n, 1000);
    while (head.kind != TRACE_SOUND) {
        n = tape_next(&tape, &place, record);
        assert_true(n > 0);
        memcpy(&head, record, sizeof(head));
    }
    assert_int_equal(head.leg_id, id);
    assert_int_equal(n, sizeof(head) + sizeof(good));
    assert_memory_equal(record + sizeof(head), &good, sizeof(good));
    peer_close(&p);
    exchange_drop(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_bad_when_either_side_hears_it_badly),
        cmocka_unit_test(a_short_call_is_not_judged),
        cmocka_unit_test(a_peer_cannot_have_lost_more_than_was_sent),
        cmocka_unit_test(what_is_older_than_a_quarter_of_an_hour_is_not_recent),
        cmocka_unit_test(a_call_that_is_over_counts_for_its_access_and_is_told_on_the_tape),
    };
    return cmocka_run_group_tests_name("phone/quality", tests, NULL, NULL);
}
