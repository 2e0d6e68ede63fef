/* lines_talk.c — what an agent does with a conversation: the telephone's hold, and the keys of
 * voice-script §11: consult a colleague, pass the caller on, three at once, back to the queue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/conversation.h"

/* ---- the telephone's own hold ---------------------------------------------------------------- */

static void who_is_put_on_hold_hears_words_and_music_and_then_the_agent_again(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    holds(t.r, t.agent, true);
    assert_true(hears(t.r, t.caller, PROMPT_HOLD_START));
    assert_true(is_on_hold(t.r, t.caller));
    pass(t.r, 59999);
    assert_true(hears(t.r, t.caller, PROMPT_HOLD_START));
    pass(t.r, 1);
    assert_true(hears(t.r, t.caller, PROMPT_HOLD_STILL));
    hears_all(t.r, t.caller);
    pass(t.r, 60000);
    assert_true(leg(t.r, t.caller)->is_playing);
    holds(t.r, t.agent, false);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    pass(t.r, 120000);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void keys_of_the_caller_and_of_no_code_change_nothing(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    press(t.r, t.caller, '*');
    press(t.r, t.caller, '4');
    keys(&t, "4*7*");
    pass(t.r, 10001); /* the star is forgotten */
    keys(&t, "4");
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_true(leg(t.r, t.agent)->sound.hides_keys);
    assert_false(leg(t.r, t.caller)->sound.hides_keys);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- back to the queue ------------------------------------------------------------------------
 */

static void a_caller_goes_back_to_the_head_with_the_place(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    uint64_t second = in_queue(t.r);
    keys(&t, "*4");
    assert_true(hears(t.r, t.caller, PROMPT_WAIT_REGAINED));
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_WRAP));
    assert_int_equal(last(t.r, EV_OFFER_ENDED).offer_ended.why, OFFER_END_WITHDRAWN);
    get_ready(t.r, 2);
    uint64_t colleague = rings_at(t.r, 2);
    up(t.r, colleague);
    assert_true(is_bridged(t.r, t.caller, colleague));
    ends(t.r, second, false);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- passed on without a word ------------------------------------------------------------------
 */

static void a_caller_goes_to_the_colleague_whose_number_is_typed(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    keys(&t, "*2102#");
    assert_true(hears(t.r, t.caller, PROMPT_XFER_START));
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_WRAP));
    uint64_t colleague = rings_at(t.r, 2);
    up(t.r, colleague);
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(last(t.r, EV_OFFER_MADE).offer_made.rule, RULE_PASSED);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void when_the_colleague_does_not_answer_the_place_is_kept(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    keys(&t, "*2102#");
    refuses(t.r, rings_at(t.r, 2), 486);
    assert_true(hears(t.r, t.caller, PROMPT_XFER_FAILED));
    assert_true(is_on_hold(t.r, t.caller));
    caller_leaves(&t, OUTCOME_ANSWERED); /* by the first one */
}

static void to_a_colleague_who_is_not_free_nothing_is_passed(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    sign_in(t.r, 2); /* on pause */
    keys(&t, "*2102#");
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_FAILED));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(events(t.r, EV_OFFER_ENDED), 0);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_colleague_with_an_ordinary_telephone_is_known_by_its_number(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 3);
    keys(&t, "*20144550003#");
    uint64_t colleague = rings_outside(t.r, "33144550003");
    assert_int_not_equal(colleague, 0);
    up(t.r, colleague); /* hears what it is about, and must press 1 */
    assert_true(hears(t.r, colleague, PROMPT_AGENT_WHISPER_SANTE));
    press(t.r, colleague, '1');
    assert_true(is_bridged(t.r, t.caller, colleague));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- consulted -------------------------------------------------------------------------- */

static void a_colleague_is_consulted_and_takes_the_caller(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    uint64_t other = in_queue(t.r); /* must not get the colleague */
    keys(&t, "*2");
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_true(hears(t.r, t.caller, PROMPT_CONNECT_NOW));
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_WRAP));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    ends(t.r, other, false);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void hanging_up_gives_the_caller_to_who_was_consulted(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    ends(t.r, t.agent, false);
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void hanging_up_while_it_rings_gives_the_place_back(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    keys(&t, "*1102#");
    uint64_t colleague = rings_at(t.r, 2);
    ends(t.r, t.agent, false);
    assert_true(leg(t.r, colleague)->was_hung_up);
    assert_true(hears(t.r, t.caller, PROMPT_XFER_FAILED));
    assert_int_not_equal(rings_at(t.r, 2), 0); /* is free again, and the next in line */
    up(t.r, rings_at(t.r, 2));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void the_agent_comes_back_to_the_caller_and_the_colleague_is_free(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    keys(&t, "*1");
    assert_true(leg(t.r, colleague)->was_hung_up);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_BACK));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_READY);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void the_colleague_hangs_up_and_the_agent_is_back(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    ends(t.r, colleague, false);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_BACK));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_READY);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void nobody_answers_and_the_agent_is_back(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    keys(&t, "*1102#");
    pass(t.r, 30000);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_FAILED));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_READY);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void the_caller_leaves_during_it_and_both_telephones_are_free(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    ends(t.r, t.caller, false);
    assert_true(leg(t.r, colleague)->was_hung_up);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_WRAP));
    pass(t.r, 1);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_READY);
    assert_int_equal(outcome(t.r), OUTCOME_ANSWERED);
    over(&t);
}

static void the_agents_telephone_dies_and_nobody_is_lost(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    report(t.r, (struct phone_report){.kind = PHONE_LOST, .leg_id = t.agent});
    assert_true(leg(t.r, colleague)->was_hung_up);
    assert_int_equal(last(t.r, EV_CONTACT_RETURNED).contact_returned.why, OFFER_END_AGENT_LOST);
    pass(t.r, 1);
    uint64_t again = rings_at(t.r, 2);
    assert_int_not_equal(again, 0);
    up(t.r, again);
    assert_true(is_bridged(t.r, t.caller, again));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_colleague_at_lunch_is_consulted_takes_the_caller_and_stays_at_lunch(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    sign_in(t.r, 2);
    keys(&t, "*1102#");
    uint64_t colleague = rings_at(t.r, 2);
    up(t.r, colleague);
    keys(&t, "*2");
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    ends(t.r, t.caller, false);
    assert_true(hears(t.r, colleague, PROMPT_AGENT_PAUSE_OK));
    pass(t.r, 30000);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_PAUSED);
    assert_int_equal(last(t.r, EV_AGENT_PAUSED).agent_paused.reason, PAUSE_SIGN_IN);
    assert_int_equal(outcome(t.r), OUTCOME_ANSWERED);
    over(&t);
}

/* No queue knows of it: the agent's part is over when they leave. */
static void a_colleague_who_is_not_at_work_is_somebody_outside(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*1102#");
    uint64_t colleague = rings_at(t.r, 2);
    up(t.r, colleague);
    keys(&t, "*2");
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_SIGNED_OUT);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    ends(t.r, colleague, false);
    assert_true(hears(t.r, t.caller, PROMPT_CLOSED_BYE));
    hears_all(t.r, t.caller);
    assert_int_equal(outcome(t.r), OUTCOME_ANSWERED);
    over(&t);
}

static void who_speaks_already_cannot_be_consulted(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    uint64_t other = in_queue(t.r), busy = rings_at(t.r, 2);
    up(t.r, busy);
    keys(&t, "*1102#");
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_FAILED));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_true(is_bridged(t.r, other, busy));
    keys(&t, "*1101#"); /* nor oneself */
    assert_true(is_bridged(t.r, t.caller, t.agent));
    ends(t.r, other, false);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void after_three_minutes_of_consulting_the_agent_hears_who_waits(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    for (unsigned i = 0; i < 2; i++) { /* each hold anew */
        pass(t.r, 179900);
        assert_false(hears(t.r, t.agent, PROMPT_AGENT_HOLD_LONG));
        pass(t.r, 200);
        assert_true(hears(t.r, t.agent, PROMPT_AGENT_HOLD_LONG));
        assert_true(is_bridged(t.r, t.agent, colleague)); /* behind the words */
        assert_false(leg(t.r, colleague)->is_playing);    /* for the agent alone */
        assert_true(hears(t.r, t.caller, PROMPT_HOLD_STILL));
        uint32_t list = leg(t.r, t.agent)->list;
        hears_all(t.r, t.agent);
        pass(t.r, 300000);
        assert_int_equal(leg(t.r, t.agent)->list, list); /* once */
        keys(&t, "*1");
        assert_true(is_bridged(t.r, t.agent, t.caller));
        if (i)
            break;
        keys(&t, "*1102#");
        colleague = rings_at(t.r, 2);
        up(t.r, colleague);
    }
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_telephone_that_holds_by_itself_hears_no_alarm(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    holds(t.r, t.agent, true);
    uint32_t list = leg(t.r, t.agent)->list;
    pass(t.r, 400000);
    assert_int_equal(leg(t.r, t.agent)->list, list);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_put_on_hold_hears_words_and_music_and_then_the_agent_again),
        cmocka_unit_test(keys_of_the_caller_and_of_no_code_change_nothing),
        cmocka_unit_test(a_caller_goes_back_to_the_head_with_the_place),
        cmocka_unit_test(a_caller_goes_to_the_colleague_whose_number_is_typed),
        cmocka_unit_test(when_the_colleague_does_not_answer_the_place_is_kept),
        cmocka_unit_test(to_a_colleague_who_is_not_free_nothing_is_passed),
        cmocka_unit_test(a_colleague_with_an_ordinary_telephone_is_known_by_its_number),
        cmocka_unit_test(a_colleague_is_consulted_and_takes_the_caller),
        cmocka_unit_test(hanging_up_gives_the_caller_to_who_was_consulted),
        cmocka_unit_test(hanging_up_while_it_rings_gives_the_place_back),
        cmocka_unit_test(the_agent_comes_back_to_the_caller_and_the_colleague_is_free),
        cmocka_unit_test(the_colleague_hangs_up_and_the_agent_is_back),
        cmocka_unit_test(nobody_answers_and_the_agent_is_back),
        cmocka_unit_test(the_caller_leaves_during_it_and_both_telephones_are_free),
        cmocka_unit_test(the_agents_telephone_dies_and_nobody_is_lost),
        cmocka_unit_test(a_colleague_at_lunch_is_consulted_takes_the_caller_and_stays_at_lunch),
        cmocka_unit_test(a_colleague_who_is_not_at_work_is_somebody_outside),
        cmocka_unit_test(who_speaks_already_cannot_be_consulted),
        cmocka_unit_test(after_three_minutes_of_consulting_the_agent_hears_who_waits),
        cmocka_unit_test(a_telephone_that_holds_by_itself_hears_no_alarm),
    };
    return cmocka_run_group_tests_name("app/lines_talk", tests, NULL, NULL);
}
