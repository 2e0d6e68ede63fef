/* lines_refer.c — the transfer key of an agent's telephone: to a number, or to whom another of its
 * calls is with; and calls from one agent's telephone to another's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/conversation.h"

/* The agent holds the caller and calls that number by another line: its own leg, and the far one.
 */
static uint64_t calls(struct talk *t, const char *number, uint64_t *far)
{
    holds(t->r, t->agent, true);
    uint64_t near = arrive_as(t->r, 1, number, "101");
    *far = rings_outside(t->r, number[0] == '0' ? "33144556677" : "101");
    assert_int_not_equal(*far, 0);
    up(t->r, *far);
    up(t->r, near);
    assert_true(is_bridged(t->r, near, *far));
    assert_true(is_on_hold(t->r, t->caller));
    return near;
}

static void a_caller_is_sent_to_a_colleague(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    refers(t.r, t.agent, "102", 0);
    assert_int_equal(leg(t.r, t.agent)->told_status, 200);
    assert_true(hears(t.r, t.caller, PROMPT_XFER_START));
    ends(t.r, t.agent, false); /* as telephones do then */
    up(t.r, rings_at(t.r, 2));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_caller_is_sent_outside_once_somebody_answers_there(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    refers(t.r, t.agent, RELATIVE, 0);
    uint64_t outside = rings_outside(t.r, "33144556677");
    assert_true(leg(t.r, t.agent)->is_referred); /* not told yet */
    assert_true(is_on_hold(t.r, t.caller));
    up(t.r, outside);
    assert_int_equal(leg(t.r, t.agent)->told_status, 200);
    assert_true(is_bridged(t.r, t.caller, outside));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void what_cannot_be_done_is_said_and_the_conversation_goes_on(void **state)
{
    (void)state;
    static const char *const numbers[] = {"102", "0899123456", "", "12345678901234567", "x"};
    struct talk t = talking(30000);
    sign_in(t.r, 2); /* on pause: is not given a caller without a word */
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++) {
        refers(t.r, t.agent, numbers[i], 0);
        assert_true(leg(t.r, t.agent)->told_status >= 400);
        assert_true(is_bridged(t.r, t.caller, t.agent));
    }
    refers(t.r, t.agent, RELATIVE, 0);
    refuses(t.r, rings_outside(t.r, "33144556677"), 486);
    assert_int_equal(leg(t.r, t.agent)->told_status, 503);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(events(t.r, EV_OFFER_ENDED), 0);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_colleague_who_was_asked_by_another_line_takes_the_caller(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    uint64_t colleague;
    get_ready(t.r, 2);
    uint64_t near = calls(&t, "102", &colleague);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_PAUSED);
    refers(t.r, t.agent, "102", near);
    assert_int_equal(leg(t.r, t.agent)->told_status, 200);
    assert_true(leg(t.r, near)->was_hung_up);
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    assert_int_equal(last(t.r, EV_OFFER_MADE).offer_made.rule, RULE_PASSED);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void either_of_the_two_calls_may_be_the_one_that_is_sent(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    uint64_t outside;
    uint64_t near = calls(&t, RELATIVE, &outside);
    refers(t.r, near, "x", t.agent);
    assert_true(is_bridged(t.r, t.caller, outside));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void nobody_is_sent_to_a_call_that_only_rings(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    holds(t.r, t.agent, true);
    uint64_t near = arrive_as(t.r, 1, "102", "101");
    refers(t.r, t.agent, "102", near);
    assert_int_equal(leg(t.r, t.agent)->told_status, 481);
    ends(t.r, near, false);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_READY);
    holds(t.r, t.agent, false);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void who_speaks_with_no_caller_sends_nobody(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    uint64_t far;
    uint64_t near = calls(&t, RELATIVE, &far);
    refers(t.r, near, "102", 0);
    assert_int_equal(leg(t.r, near)->told_status, 603);
    assert_true(is_bridged(t.r, near, far));
    ends(t.r, near, false);
    assert_true(leg(t.r, far)->was_hung_up);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- from telephone to telephone ------------------------------------------------------------- */

static void agents_call_each_other_and_take_no_callers_meanwhile(void **state)
{
    (void)state;
    struct talk t = {.r = open_house()};
    get_ready(t.r, 1);
    get_ready(t.r, 2);
    uint64_t near = arrive_as(t.r, 1, "102", "101"), far = rings_at(t.r, 2);
    assert_string_equal(leg(t.r, far)->number, "101");
    up(t.r, far);
    up(t.r, near);
    assert_true(is_bridged(t.r, near, far));
    t.caller = in_queue(t.r);
    assert_true(is_on_hold(t.r, t.caller)); /* waits */
    ends(t.r, far, false);
    assert_true(leg(t.r, near)->was_hung_up);
    assert_true(rings_at(t.r, 1) || rings_at(t.r, 2));
    ends(t.r, t.caller, false);
    pass(t.r, 1);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_READY);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_READY);
    over(&t);
}

static void who_is_busy_or_away_is_not_rung(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    uint64_t near = arrive_as(t.r, 2, "101", "102"); /* speaks with a caller */
    up(t.r, near);
    assert_true(hears(t.r, near, PROMPT_AGENT_OUT_FAILED));
    hears_all(t.r, near);
    assert_true(leg(t.r, near)->was_hung_up);
    t.r->board.away = 1u << 1;
    near = arrive_as(t.r, 3, "102", "103");
    up(t.r, near);
    assert_true(hears(t.r, near, PROMPT_AGENT_OUT_FAILED));
    hears_all(t.r, near);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_is_sent_to_a_colleague),
        cmocka_unit_test(a_caller_is_sent_outside_once_somebody_answers_there),
        cmocka_unit_test(what_cannot_be_done_is_said_and_the_conversation_goes_on),
        cmocka_unit_test(a_colleague_who_was_asked_by_another_line_takes_the_caller),
        cmocka_unit_test(either_of_the_two_calls_may_be_the_one_that_is_sent),
        cmocka_unit_test(nobody_is_sent_to_a_call_that_only_rings),
        cmocka_unit_test(who_speaks_with_no_caller_sends_nobody),
        cmocka_unit_test(agents_call_each_other_and_take_no_callers_meanwhile),
        cmocka_unit_test(who_is_busy_or_away_is_not_rung),
    };
    return cmocka_run_group_tests_name("app/lines_refer", tests, NULL, NULL);
}
