/* trunk.c — an access to an operator: registered, renewed, refused, briefer, silent; probed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sip/trunk.h"

#define NOW_AT ((ms_t)1790000000000)

struct access {
    struct sip_trunk t;
    ms_t now_at;
};

static struct access open_one(bool registers)
{
    struct access a = {.now_at = NOW_AT};
    unsigned actions;
    sip_trunk_open(&a.t, (struct sip_trunk_wish){.registers = registers}, NOW_AT);
    if (registers) {
        assert_true(sip_trunk_due(&a.t, NOW_AT, &actions));
        assert_int_equal(actions, SIP_TRUNK_SEND_REGISTER);
    }
    assert_true(sip_trunk_due(&a.t, NOW_AT, &actions));
    assert_int_equal(actions, SIP_TRUNK_SEND_PROBE);
    assert_false(sip_trunk_due(&a.t, NOW_AT, &actions));
    if (registers)
        sip_trunk_probe(&a.t, SIP_TRUNK_PROBE_ANSWERED, NOW_AT);
    return a;
}

static unsigned got(struct access *a, enum sip_trunk_register_event event, uint32_t value)
{
    return sip_trunk_register(&a->t, event, value, a->now_at);
}

/* Only registration: probes are answered as they come. Time until the next REGISTER. */
static ms_t until_register(struct access *a)
{
    ms_t from_at = a->now_at;
    for (unsigned i = 0; i < 100000; i++) {
        unsigned actions = 0;
        a->now_at = sip_trunk_next_at(&a->t) > a->now_at ? sip_trunk_next_at(&a->t) : a->now_at;
        assert_true(sip_trunk_due(&a->t, a->now_at, &actions));
        if (actions & SIP_TRUNK_SEND_PROBE)
            sip_trunk_probe(&a->t, SIP_TRUNK_PROBE_ANSWERED, a->now_at);
        if (actions & SIP_TRUNK_SEND_REGISTER)
            return a->now_at - from_at;
    }
    fail_msg("it never registers again");
    return 0;
}

static void a_registration_is_renewed_before_it_is_over(void **state)
{
    (void)state;
    struct access a = open_one(true);
    assert_false(sip_trunk_is_usable(&a.t, a.now_at));
    assert_int_equal(got(&a, SIP_TRUNK_GOT_CHALLENGE, 0), SIP_TRUNK_SEND_PROOF);
    assert_int_equal(got(&a, SIP_TRUNK_GOT_OK, 120), SIP_TRUNK_TELL_BOUND);
    assert_true(sip_trunk_is_usable(&a.t, a.now_at));
    assert_int_equal(until_register(&a), 90000);
    assert_true(sip_trunk_is_bound(&a.t, a.now_at)); /* meanwhile it still holds */
    assert_int_equal(got(&a, SIP_TRUNK_GOT_OK, 120), 0);
    assert_true(sip_trunk_is_bound(&a.t, a.now_at + 119999));
    assert_false(sip_trunk_is_bound(&a.t, a.now_at + 120000));
}

static void
what_is_granted_without_a_word_is_what_was_asked_and_never_longer_than_a_day(void **state)
{
    (void)state;
    struct access a = open_one(true);
    got(&a, SIP_TRUNK_GOT_OK, 0);
    assert_int_equal(until_register(&a), (ms_t)SIP_TRUNK_EXPIRES_S * 750);
    got(&a, SIP_TRUNK_GOT_OK, UINT32_MAX);
    assert_int_equal(until_register(&a), (ms_t)SIP_TRUNK_EXPIRES_S_MAX * 750);
}

static void a_wrong_secret_is_not_said_again_and_again(void **state)
{
    (void)state;
    struct access a = open_one(true);
    assert_int_equal(got(&a, SIP_TRUNK_GOT_CHALLENGE, 0), SIP_TRUNK_SEND_PROOF);
    assert_int_equal(got(&a, SIP_TRUNK_GOT_CHALLENGE, 0), SIP_TRUNK_TELL_REFUSED);
    assert_int_equal(until_register(&a), SIP_TRUNK_REFUSED_MS);
    got(&a, SIP_TRUNK_GOT_CHALLENGE, 0);
    got(&a, SIP_TRUNK_GOT_CHALLENGE, 0);
    assert_int_equal(until_register(&a), 2 * SIP_TRUNK_REFUSED_MS);
}

static void stale_nonces_are_answered_twice_at_most(void **state)
{
    (void)state;
    struct access a = open_one(true);
    for (unsigned i = 0; i < SIP_TRUNK_PROOFS_MAX; i++)
        assert_int_equal(got(&a, SIP_TRUNK_GOT_STALE, 0), SIP_TRUNK_SEND_PROOF);
    assert_int_equal(got(&a, SIP_TRUNK_GOT_STALE, 0), SIP_TRUNK_TELL_FAILED);
    assert_int_equal(until_register(&a), SIP_TRUNK_AGAIN_MS);
}

static void too_brief_asks_for_longer_but_not_for_ever(void **state)
{
    (void)state;
    struct access a = open_one(true);
    assert_int_equal(got(&a, SIP_TRUNK_GOT_BRIEF, 3600), SIP_TRUNK_SEND_REGISTER);
    assert_int_equal(a.t.expires_s, 3600);
    assert_int_equal(got(&a, SIP_TRUNK_GOT_BRIEF, UINT32_MAX), SIP_TRUNK_SEND_REGISTER);
    assert_int_equal(a.t.expires_s, 3600); /* a year is no answer */
    assert_int_equal(got(&a, SIP_TRUNK_GOT_BRIEF, 7200), SIP_TRUNK_TELL_FAILED);
}

static void failures_wait_longer_each_time_and_a_trunk_that_is_back_is_asked_at_once(void **state)
{
    (void)state;
    struct access a = open_one(true);
    ms_t wait_ms = SIP_TRUNK_AGAIN_MS;
    for (unsigned i = 0; i < 12; i++) {
        assert_int_equal(got(&a, i % 2 ? SIP_TRUNK_GOT_FAILURE : SIP_TRUNK_GOT_NOTHING, 0),
                         SIP_TRUNK_TELL_FAILED);
        assert_int_equal(until_register(&a), wait_ms);
        wait_ms = 2 * wait_ms < SIP_TRUNK_AGAIN_MS_MAX ? 2 * wait_ms : SIP_TRUNK_AGAIN_MS_MAX;
    }
    got(&a, SIP_TRUNK_GOT_OK, 60);
    until_register(&a);
    got(&a, SIP_TRUNK_GOT_NOTHING, 0); /* the wait is short again */
    assert_int_equal(until_register(&a), SIP_TRUNK_AGAIN_MS);
}

static void an_answer_that_nobody_awaits_changes_nothing(void **state)
{
    (void)state;
    struct access a = open_one(true);
    got(&a, SIP_TRUNK_GOT_OK, 60);
    const struct sip_trunk before = a.t;
    for (unsigned e = SIP_TRUNK_GOT_OK; e < SIP_TRUNK_REGISTER_EVENTS; e++)
        assert_int_equal(got(&a, (enum sip_trunk_register_event)e, 5), 0);
    assert_memory_equal(&before, &a.t, sizeof(before));
}

static void a_silent_trunk_is_down_after_two_seconds_and_up_with_its_first_answer(void **state)
{
    (void)state;
    struct access a = open_one(false);
    unsigned actions;
    assert_true(sip_trunk_is_usable(&a.t, a.now_at)); /* not known yet: may be tried */
    assert_int_equal(sip_trunk_next_at(&a.t), NOW_AT + SIP_TRUNK_ANSWER_MS);
    a.now_at += SIP_TRUNK_ANSWER_MS;
    assert_true(sip_trunk_due(&a.t, a.now_at, &actions));
    assert_int_equal(actions, SIP_TRUNK_TELL_DOWN);
    assert_false(sip_trunk_is_usable(&a.t, a.now_at));
    a.now_at += SIP_TRUNK_PROBE_DOWN_MS;
    assert_true(sip_trunk_due(&a.t, a.now_at, &actions));
    assert_int_equal(actions, SIP_TRUNK_SEND_PROBE);
    assert_int_equal(sip_trunk_probe(&a.t, SIP_TRUNK_PROBE_ANSWERED, a.now_at), SIP_TRUNK_TELL_UP);
    assert_int_equal(sip_trunk_next_at(&a.t), a.now_at + SIP_TRUNK_PROBE_MS);
    a.now_at += SIP_TRUNK_PROBE_MS; /* and it dies again */
    assert_true(sip_trunk_due(&a.t, a.now_at, &actions));
    assert_int_equal(actions, SIP_TRUNK_SEND_PROBE);
    a.now_at += SIP_TRUNK_ANSWER_MS;
    assert_true(sip_trunk_due(&a.t, a.now_at, &actions));
    assert_int_equal(actions, SIP_TRUNK_TELL_DOWN);
    assert_false(sip_trunk_is_usable(&a.t, a.now_at));
}

static void a_call_that_found_nobody_makes_it_suspect_at_once(void **state)
{
    (void)state;
    struct access a = open_one(false);
    unsigned actions;
    sip_trunk_probe(&a.t, SIP_TRUNK_PROBE_ANSWERED, a.now_at);
    assert_int_equal(sip_trunk_probe(&a.t, SIP_TRUNK_SUSPECT, a.now_at), SIP_TRUNK_TELL_DOWN);
    assert_true(sip_trunk_due(&a.t, a.now_at, &actions));
    assert_int_equal(actions, SIP_TRUNK_SEND_PROBE);
    assert_int_equal(sip_trunk_probe(&a.t, SIP_TRUNK_SUSPECT, a.now_at), 0);
    assert_false(sip_trunk_due(&a.t, a.now_at, &actions)); /* one probe is out */
}

static void one_that_is_not_to_be_probed_is_never_down(void **state)
{
    (void)state;
    struct sip_trunk t;
    sip_trunk_open(&t, (struct sip_trunk_wish){.is_unprobed = true}, NOW_AT);
    assert_true(sip_trunk_next_at(&t) == MS_NEVER);
    assert_int_equal(sip_trunk_probe(&t, SIP_TRUNK_SUSPECT, NOW_AT), 0);
    assert_true(sip_trunk_is_usable(&t, NOW_AT));
    assert_true(sip_trunk_next_at(&t) == MS_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registration_is_renewed_before_it_is_over),
        cmocka_unit_test(
            what_is_granted_without_a_word_is_what_was_asked_and_never_longer_than_a_day),
        cmocka_unit_test(a_wrong_secret_is_not_said_again_and_again),
        cmocka_unit_test(stale_nonces_are_answered_twice_at_most),
        cmocka_unit_test(too_brief_asks_for_longer_but_not_for_ever),
        cmocka_unit_test(failures_wait_longer_each_time_and_a_trunk_that_is_back_is_asked_at_once),
        cmocka_unit_test(an_answer_that_nobody_awaits_changes_nothing),
        cmocka_unit_test(a_silent_trunk_is_down_after_two_seconds_and_up_with_its_first_answer),
        cmocka_unit_test(one_that_is_not_to_be_probed_is_never_down),
        cmocka_unit_test(a_call_that_found_nobody_makes_it_suspect_at_once),
    };
    return cmocka_run_group_tests_name("sip/trunk", tests, NULL, NULL);
}
