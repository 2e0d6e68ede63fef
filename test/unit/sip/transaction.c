/* transaction.c — the timers and moves of RFC 3261 §17 and RFC 6026, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/transaction.h"

#define MAX 4

struct fixture {
    struct sip_txs txs;
    void *memory;
    ms_t now_at;
};

static struct fixture *fixture_open(void)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct arena arena = {0};
    assert_non_null(f);
    sip_tx_open(&f->txs, &arena, MAX);
    arena = (struct arena){.base = aligned_alloc(ARENA_ALIGN, arena.used), .size = arena.used};
    f->memory = arena.base;
    sip_tx_open(&f->txs, &arena, MAX);
    f->now_at = 1000000;
    return f;
}

static void fixture_drop(struct fixture *f)
{
    free(f->memory);
    free(f);
}

static uint32_t begin(struct fixture *f, enum sip_tx_kind kind, bool is_reliable)
{
    const struct sip_tx_args args = {
        .kind = kind,
        .key = {1, 1 + f->txs.n},
        .user = 77,
        .peer = {.transport = is_reliable ? SIP_OVER_TCP : SIP_OVER_UDP}};
    uint32_t slot = sip_tx_begin(&f->txs, &args, f->now_at);
    assert_int_not_equal(slot, SLOT_NONE);
    assert_true(sip_tx_set_message(&f->txs, slot, (const uint8_t *)"m", 1));
    return slot;
}

static unsigned happens(struct fixture *f, uint32_t slot, enum sip_tx_event event)
{
    return sip_tx_happens(&f->txs, slot, event, f->now_at).actions;
}

/* Lets time pass; counts the sends on the way and gathers the other actions. */
static unsigned wait(struct fixture *f, ms_t ms, unsigned *actions)
{
    ms_t until_at = f->now_at + ms;
    unsigned sends = 0;
    struct sip_tx_verdict v;
    while (sip_tx_next_at(&f->txs) <= until_at) {
        f->now_at = sip_tx_next_at(&f->txs);
        assert_true(sip_tx_due(&f->txs, f->now_at, &v));
        sends += (v.actions & SIP_TX_DO_SEND) != 0;
        if (actions)
            *actions |= v.actions;
    }
    f->now_at = until_at;
    return sends;
}

static void an_invite_is_repeated_doubling_and_times_out_after_32_seconds(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    unsigned actions = 0;
    begin(f, SIP_TX_INVITE_CLIENT, false);
    assert_int_equal(wait(f, 499, NULL), 0);
    assert_int_equal(wait(f, 1, NULL), 1);
    assert_int_equal(wait(f, 31499, &actions), 5); /* at 0.5 1.5 3.5 7.5 15.5 31.5 s: six in all */
    assert_false(actions & SIP_TX_DO_TIMEOUT);
    wait(f, 1, &actions);
    assert_true(actions & SIP_TX_DO_TIMEOUT);
    assert_int_equal(f->txs.n, 0);
    fixture_drop(f);
}

static void a_request_is_repeated_up_to_every_four_seconds(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    unsigned actions = 0;
    begin(f, SIP_TX_OTHER_CLIENT, false);
    /* 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5 (§17.1.2.2: ten repetitions) */
    assert_int_equal(wait(f, SIP_TX_TIMEOUT_MS, &actions), 10);
    assert_true(actions & SIP_TX_DO_TIMEOUT);
    fixture_drop(f);
}

static void a_provisional_answer_stops_the_repetition_of_an_invite(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_INVITE_CLIENT, false);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_1XX), SIP_TX_DO_TELL);
    assert_int_equal(wait(f, 180000, NULL), 0);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_2XX), SIP_TX_DO_TELL);
    fixture_drop(f);
}

static void a_failure_is_acknowledged_and_its_repetition_too(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_INVITE_CLIENT, false);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_FAILURE), SIP_TX_DO_ACK | SIP_TX_DO_TELL);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_FAILURE), SIP_TX_DO_SEND);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_2XX), 0);
    wait(f, SIP_TX_D_MS, NULL);
    assert_int_equal(f->txs.n, 0);
    fixture_drop(f);
}

static void a_second_2xx_is_told_again_for_it_may_be_a_fork(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_INVITE_CLIENT, false);
    happens(f, slot, SIP_TX_GOT_2XX);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_2XX), SIP_TX_DO_TELL);
    wait(f, SIP_TX_TIMEOUT_MS - 1, NULL);
    assert_int_equal(f->txs.n, 1);
    wait(f, 1, NULL);
    assert_int_equal(f->txs.n, 0);
    fixture_drop(f);
}

static void a_2xx_is_repeated_until_its_ack_and_told_once(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_INVITE_SERVER, false);
    assert_int_equal(happens(f, slot, SIP_TX_SAY_2XX), SIP_TX_DO_SEND);
    assert_int_equal(wait(f, 3500, NULL), 3);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_REQUEST), 0); /* absorbed, RFC 6026 */
    assert_int_equal(happens(f, slot, SIP_TX_GOT_ACK), SIP_TX_DO_TELL);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_ACK), 0);
    unsigned actions = 0;
    assert_int_equal(wait(f, SIP_TX_TIMEOUT_MS, &actions), 0);
    assert_int_equal(actions, 0);
    assert_int_equal(f->txs.n, 0);
    fixture_drop(f);
}

static void a_2xx_without_ack_times_out(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    unsigned actions = 0;
    uint32_t slot = begin(f, SIP_TX_INVITE_SERVER, false);
    happens(f, slot, SIP_TX_SAY_2XX);
    wait(f, SIP_TX_TIMEOUT_MS, &actions);
    assert_true(actions & SIP_TX_DO_TIMEOUT);
    fixture_drop(f);
}

static void a_refusal_is_repeated_until_its_ack_then_absorbs(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_INVITE_SERVER, false);
    happens(f, slot, SIP_TX_SAY_FAILURE);
    assert_int_equal(wait(f, 1500, NULL), 2);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_REQUEST), SIP_TX_DO_SEND);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_ACK), 0);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_REQUEST), 0);
    assert_int_equal(wait(f, SIP_TX_T4_MS, NULL), 0);
    assert_int_equal(f->txs.n, 0);
    fixture_drop(f);
}

static void a_repeated_request_gets_the_same_answer(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_OTHER_SERVER, false);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_REQUEST), 0);
    assert_int_equal(happens(f, slot, SIP_TX_SAY_2XX), SIP_TX_DO_SEND);
    assert_int_equal(happens(f, slot, SIP_TX_GOT_REQUEST), SIP_TX_DO_SEND);
    assert_int_equal(happens(f, slot, SIP_TX_SAY_FAILURE), 0); /* one final answer */
    fixture_drop(f);
}

static void on_a_reliable_transport_nothing_is_repeated_and_little_lingers(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_OTHER_CLIENT, true);
    assert_int_equal(wait(f, 20000, NULL), 0);
    happens(f, slot, SIP_TX_GOT_2XX);
    wait(f, 0, NULL);
    assert_int_equal(f->txs.n, 0);
    fixture_drop(f);
}

static void at_the_bound_one_more_is_refused_and_a_message_too_long_too(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint8_t long_message[SIP_TX_MESSAGE_MAX + 1] = {0};
    uint32_t slot = SLOT_NONE;
    for (int i = 0; i < MAX; i++)
        slot = begin(f, SIP_TX_OTHER_SERVER, false);
    const struct sip_tx_args args = {.kind = SIP_TX_OTHER_SERVER, .key = {9, 9}};
    assert_int_equal(sip_tx_begin(&f->txs, &args, f->now_at), SLOT_NONE);
    assert_true(sip_tx_set_message(&f->txs, slot, long_message, SIP_TX_MESSAGE_MAX));
    assert_false(sip_tx_set_message(&f->txs, slot, long_message, SIP_TX_MESSAGE_MAX + 1));
    sip_tx_drop(&f->txs, slot);
    assert_int_not_equal(sip_tx_begin(&f->txs, &args, f->now_at), SLOT_NONE);
    fixture_drop(f);
}

static void a_key_finds_its_transaction_only(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_OTHER_SERVER, false);
    struct sip_tx_key key = f->txs.tx[slot].key, other = {key.hi + 1, key.lo};
    assert_int_equal(sip_tx_find(&f->txs, &key), slot);
    assert_int_equal(sip_tx_find(&f->txs, &other), SLOT_NONE);
    const struct sip_tx_args again = {.kind = SIP_TX_OTHER_SERVER, .key = key};
    assert_int_equal(sip_tx_begin(&f->txs, &again, f->now_at), SLOT_NONE);
    fixture_drop(f);
}

static void a_2xx_is_repeated_on_a_reliable_transport_too_and_a_refusal_is_not(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_INVITE_SERVER, true);
    happens(f, slot, SIP_TX_SAY_2XX); /* other hops may be UDP (§13.3.1.4) */
    assert_int_equal(wait(f, 3500, NULL), 3);
    slot = begin(f, SIP_TX_INVITE_SERVER, true);
    happens(f, slot, SIP_TX_SAY_FAILURE);
    sip_tx_drop(&f->txs, 0);
    unsigned actions = 0;
    assert_int_equal(wait(f, SIP_TX_TIMEOUT_MS, &actions), 0);
    assert_true(actions & SIP_TX_DO_TIMEOUT); /* timer H runs there too */
    fixture_drop(f);
}

static void a_cancelled_invite_waits_64_t1_for_its_end(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    unsigned actions = 0;
    uint32_t slot = begin(f, SIP_TX_INVITE_CLIENT, false);
    happens(f, slot, SIP_TX_GOT_1XX);
    wait(f, 60000, NULL);
    assert_int_equal(happens(f, slot, SIP_TX_SAID_CANCEL), 0);
    wait(f, 1000, NULL);
    happens(f, slot, SIP_TX_GOT_1XX); /* one that was on its way changes nothing */
    assert_int_equal(wait(f, SIP_TX_TIMEOUT_MS - 1001, &actions), 0);
    assert_int_equal(f->txs.n, 1);
    wait(f, 1, &actions);
    assert_true(actions & SIP_TX_DO_TIMEOUT);
    assert_int_equal(f->txs.n, 0);
    fixture_drop(f);
}

static void after_a_1xx_a_request_is_repeated_every_four_seconds(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_OTHER_CLIENT, false);
    wait(f, 600, NULL);
    happens(f, slot, SIP_TX_GOT_1XX);
    assert_int_equal(wait(f, 899, NULL), 0);
    assert_int_equal(wait(f, 1, NULL), 1);    /* at 1.5 s, as was set */
    assert_int_equal(wait(f, 8000, NULL), 2); /* then at 5.5 and 9.5 s */
    fixture_drop(f);
}

static void what_cannot_be_sent_ends_a_client_and_not_a_2xx(void **state)
{
    (void)state;
    struct fixture *f = fixture_open();
    uint32_t slot = begin(f, SIP_TX_OTHER_CLIENT, true);
    assert_int_equal(happens(f, slot, SIP_TX_UNSENDABLE), SIP_TX_DO_TIMEOUT);
    assert_int_equal(f->txs.n, 0);
    slot = begin(f, SIP_TX_INVITE_SERVER, true);
    happens(f, slot, SIP_TX_SAY_2XX);
    assert_int_equal(happens(f, slot, SIP_TX_UNSENDABLE), 0); /* RFC 6026 §8.7 */
    assert_int_equal(f->txs.n, 1);
    fixture_drop(f);
}

/* The states that a kind can be in, found by walking its table. */
static void walk(enum sip_tx_kind kind, bool is_reached[SIP_TX_STATES])
{
    enum sip_tx_state next;
    is_reached[kind == SIP_TX_INVITE_SERVER ? SIP_TX_PROCEEDING : SIP_TX_TRYING] = true;
    for (unsigned pass = 0; pass < SIP_TX_STATES; pass++)
        for (unsigned i = 0; i < SIP_TX_STATES * SIP_TX_EVENTS; i++) {
            enum sip_tx_state s = (enum sip_tx_state)(i / SIP_TX_EVENTS);
            if (is_reached[s] &&
                sip_tx_allows(kind, s, (enum sip_tx_event)(i % SIP_TX_EVENTS), &next))
                is_reached[next] = true;
        }
}

static void every_state_of_every_kind_has_an_end_and_nothing_leads_out_of_it(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < SIP_TX_KINDS; kind++) {
        bool is_reached[SIP_TX_STATES] = {false};
        enum sip_tx_state next;
        walk((enum sip_tx_kind)kind, is_reached);
        for (unsigned s = SIP_TX_FREE + 1; s < SIP_TX_STATES; s++) {
            bool ends =
                sip_tx_allows((enum sip_tx_kind)kind, (enum sip_tx_state)s, SIP_TX_END, &next);
            assert_int_equal(ends, is_reached[s]); /* and no row that nobody reaches */
            assert_int_equal(next, SIP_TX_FREE);
        }
        for (unsigned e = 0; e < SIP_TX_EVENTS; e++)
            assert_false(
                sip_tx_allows((enum sip_tx_kind)kind, SIP_TX_FREE, (enum sip_tx_event)e, &next));
    }
}

/* Every cell: an event that a state has no use for changes nothing; after any, an end is set. */
static void in_every_cell_a_transaction_keeps_an_end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SIP_TX_KINDS * SIP_TX_EVENTS * SIP_TX_EVENTS; i++) {
        struct fixture *f = fixture_open();
        enum sip_tx_kind kind = (enum sip_tx_kind)(i / SIP_TX_EVENTS / SIP_TX_EVENTS);
        uint32_t slot = begin(f, kind, i % 2);
        enum sip_tx_state next;
        happens(f, slot, (enum sip_tx_event)(i / SIP_TX_EVENTS % SIP_TX_EVENTS));
        enum sip_tx_state before = (enum sip_tx_state)f->txs.tx[slot].state;
        enum sip_tx_event event = (enum sip_tx_event)(i % SIP_TX_EVENTS);
        bool is_allowed = sip_tx_allows(kind, before, event, &next);
        if (f->txs.n)
            happens(f, slot, event);
        assert_int_equal(f->txs.tx[slot].state, is_allowed ? next : before);
        assert_true((sip_tx_next_at(&f->txs) == MS_NEVER) == !f->txs.n);
        fixture_drop(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invite_is_repeated_doubling_and_times_out_after_32_seconds),
        cmocka_unit_test(a_request_is_repeated_up_to_every_four_seconds),
        cmocka_unit_test(a_provisional_answer_stops_the_repetition_of_an_invite),
        cmocka_unit_test(a_failure_is_acknowledged_and_its_repetition_too),
        cmocka_unit_test(a_second_2xx_is_told_again_for_it_may_be_a_fork),
        cmocka_unit_test(a_2xx_is_repeated_until_its_ack_and_told_once),
        cmocka_unit_test(a_2xx_without_ack_times_out),
        cmocka_unit_test(a_refusal_is_repeated_until_its_ack_then_absorbs),
        cmocka_unit_test(a_repeated_request_gets_the_same_answer),
        cmocka_unit_test(on_a_reliable_transport_nothing_is_repeated_and_little_lingers),
        cmocka_unit_test(at_the_bound_one_more_is_refused_and_a_message_too_long_too),
        cmocka_unit_test(a_key_finds_its_transaction_only),
        cmocka_unit_test(a_2xx_is_repeated_on_a_reliable_transport_too_and_a_refusal_is_not),
        cmocka_unit_test(a_cancelled_invite_waits_64_t1_for_its_end),
        cmocka_unit_test(after_a_1xx_a_request_is_repeated_every_four_seconds),
        cmocka_unit_test(what_cannot_be_sent_ends_a_client_and_not_a_2xx),
        cmocka_unit_test(every_state_of_every_kind_has_an_end_and_nothing_leads_out_of_it),
        cmocka_unit_test(in_every_cell_a_transaction_keeps_an_end),
    };
    return cmocka_run_group_tests_name("sip/transaction", tests, NULL, NULL);
}
