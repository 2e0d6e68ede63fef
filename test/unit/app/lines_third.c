/* lines_third.c — somebody outside whom an agent consults, joins or gives the caller; and a call
 * that a colleague picks up (voice-script §11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/conversation.h"

/* ---- somebody outside ------------------------------------------------------------------- */

static void somebody_outside_is_consulted_and_takes_the_caller(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*1" RELATIVE "#");
    uint64_t outside = rings_outside(t.r, "33144556677");
    up(t.r, outside);
    assert_true(is_bridged(t.r, t.agent, outside));
    keys(&t, "*2");
    assert_true(is_bridged(t.r, t.caller, outside));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    assert_int_equal(last(t.r, EV_OFFER_ENDED).offer_ended.why, OFFER_END_FINISHED);
    pass(t.r, 60000);
    assert_true(is_bridged(t.r, t.caller, outside));
    ends(t.r, t.caller, false);
    assert_true(leg(t.r, outside)->was_hung_up);
    assert_int_equal(outcome(t.r), OUTCOME_ANSWERED);
    over(&t);
}

static void passed_on_outside_the_agent_stays_until_somebody_answers(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*2" RELATIVE "#");
    uint64_t outside = rings_outside(t.r, "33144556677");
    assert_true(is_on_hold(t.r, t.caller));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_JOINED);
    up(t.r, outside);
    assert_true(is_bridged(t.r, t.caller, outside));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    ends(t.r, outside, false);
    assert_true(hears(t.r, t.caller, PROMPT_CLOSED_BYE));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void passed_on_too_soon_is_no_answer(void **state)
{
    (void)state;
    struct talk t = talking(5000);
    keys(&t, "*2" RELATIVE "#");
    up(t.r, rings_outside(t.r, "33144556677"));
    ends(t.r, t.caller, false);
    assert_int_equal(outcome(t.r), OUTCOME_NONE); /* pending: cut off, unless we call back */
    assert_int_equal(events(t.r, EV_CALL_PENDING), 1);
    over(&t);
}

/* On pause for the heart, at a call of their own: their telephone is not rung, nor the pause ended.
 */
static void a_colleague_who_speaks_outside_is_given_nobody(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    sign_in(t.r, 2);
    uint64_t near = arrive_as(t.r, 2, RELATIVE, "102");
    uint64_t far = rings_outside(t.r, "33144556677");
    up(t.r, far);
    up(t.r, near);
    assert_true(is_bridged(t.r, near, far));
    keys(&t, "*2102#");
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_FAILED));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_PAUSED);
    assert_int_equal(events(t.r, EV_OFFER_MADE), 1);
    ends(t.r, far, false);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void what_the_gate_refuses_is_said_and_the_conversation_goes_on(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*10899123456#");
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_REFUSED));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- three ------------------------------------------------------------------------------ */

static void the_interpreter_is_joined_in_two_keys(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    struct directory_interpreter ism = {.shown = INTERPRETER,
                                        .e164 = 33153264343,
                                        .languages = UINT64_C(1) << directory_language_bit("ar")};
    t.r->directory->interpreters = &ism;
    t.r->directory->interpreters_n = 1;
    keys(&t, "*3");
    pass(t.r, 2500);
    uint64_t interpreter = rings_outside(t.r, "33153264343");
    assert_int_not_equal(interpreter, 0);
    up(t.r, interpreter);
    assert_true(are_three(t.r, t.caller, t.agent, interpreter));
    assert_true(hears(t.r, t.caller, PROMPT_CONF_INTERPRETER));
    ends(t.r, interpreter, false);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void without_an_interpreter_in_the_directory_it_is_said(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*3#");
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_FAILED));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_relative_joins_and_the_agent_may_leave_them(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*3" RELATIVE "#");
    uint64_t relative = rings_outside(t.r, "33144556677");
    up(t.r, relative);
    assert_true(are_three(t.r, t.caller, t.agent, relative));
    assert_true(hears(t.r, t.caller, PROMPT_CONF_OTHER));
    keys(&t, "*1"); /* lets the relative go */
    assert_true(leg(t.r, relative)->was_hung_up);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    keys(&t, "*3" RELATIVE "#");
    relative = rings_outside(t.r, "33144556677");
    up(t.r, relative);
    ends(t.r, t.agent, false);
    assert_true(is_bridged(t.r, t.caller, relative));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_colleague_who_was_consulted_becomes_the_third(void **state)
{
    (void)state;
    uint64_t colleague;
    struct talk t = consulting(&colleague);
    keys(&t, "*3");
    assert_true(are_three(t.r, t.caller, t.agent, colleague));
    keys(&t, "*2"); /* and then has the caller alone */
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* The heart says later, and then no: the colleague is not at work. Until then, and after it, the
 * two who were called together hear each other, not a tone and not a silence. */
static void who_answers_while_the_journal_takes_nothing_is_not_left_in_silence(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*1102#");
    uint64_t colleague = rings_at(t.r, 2);
    assert_int_not_equal(colleague, 0);
    keys(&t, "*2");
    t.r->book.is_full = true;
    reception_do(t.r, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {3}});
    up(t.r, colleague);
    assert_true(is_bridged(t.r, t.agent, colleague));
    assert_true(is_on_hold(t.r, t.caller));
    t.r->book.is_full = false;
    turn(t.r);
    assert_int_equal(events(t.r, EV_OFFER_MADE), 1);
    assert_true(is_bridged(t.r, t.agent, colleague));
    keys(&t, "*2");
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void emergency_services_join_past_the_gate(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    t.r->gate_rules.agents = SETTINGS_GATE_AGENTS_NOWHERE;
    gate_follow(t.r->gate, &t.r->gate_rules, &t.r->prices);
    keys(&t, "*315#");
    uint64_t samu = rings_outside(t.r, "15");
    assert_int_not_equal(samu, 0);
    up(t.r, samu);
    assert_true(are_three(t.r, t.caller, t.agent, samu));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- a colleague's call is picked up -------------------------------------------------------- */

static void a_call_that_rings_at_a_colleague_is_picked_up(void **state)
{
    (void)state;
    struct talk t = {.r = open_house()};
    get_ready(t.r, 1);
    t.caller = in_queue(t.r);
    uint64_t rings = rings_at(t.r, 1);
    sign_in(t.r, 2); /* on pause, and back on it afterwards */
    uint64_t leg_id = arrive_as(t.r, 2, "*77", "102");
    up(t.r, leg_id);
    assert_true(leg(t.r, rings)->was_hung_up);
    assert_true(is_bridged(t.r, t.caller, leg_id));
    assert_int_equal(last(t.r, EV_OFFER_MADE).offer_made.rule, RULE_PICKED_UP);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_READY); /* has missed nothing */
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    heard(t.r, leg_id);
    heard(t.r, t.caller);
    pass(t.r, 30000);
    ends(t.r, t.caller, false);
    assert_int_equal(outcome(t.r), OUTCOME_ANSWERED);
    pass(t.r, 60000);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_PAUSED);
    over(&t);
}

static void with_nothing_that_rings_it_is_said_and_nothing_changes(void **state)
{
    (void)state;
    struct talk t = {.r = open_house()};
    get_ready(t.r, 2);
    uint64_t leg_id = arrive_as(t.r, 2, "*77", "102");
    up(t.r, leg_id);
    assert_true(hears(t.r, leg_id, PROMPT_AGENT_PICK_UP_NONE));
    hears_all(t.r, leg_id);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_READY);
    over(&t);
}

static void what_rings_for_others_far_away_is_not_picked_up(void **state)
{
    (void)state;
    struct talk t = {.r = open_house()};
    reception_do(t.r, (struct command){.kind = CMD_AGENT_SET,
                                       .agent_set = {.agent_id = 2,
                                                     .capacity = {1},
                                                     .capacity_n = 1,
                                                     .queue_ids = {FAMILY},
                                                     .queue_ids_n = 1}});
    get_ready(t.r, 1);
    t.caller = in_queue(t.r);
    sign_in(t.r, 2);
    uint64_t leg_id = arrive_as(t.r, 2, "*77", "102");
    up(t.r, leg_id);
    assert_true(hears(t.r, leg_id, PROMPT_AGENT_PICK_UP_NONE));
    assert_int_not_equal(rings_at(t.r, 1), 0);
    t.r->directory->agents[0].site = t.r->directory->agents[1].site = 0; /* the next room */
    hears_all(t.r, leg_id);
    leg_id = arrive_as(t.r, 2, "*77", "102");
    up(t.r, leg_id);
    assert_true(is_bridged(t.r, t.caller, leg_id));
    ends(t.r, t.caller, false);
    over(&t);
}

/* ---- another queue ---------------------------------------------------------------------- */

static struct talk coded(void)
{
    struct talk t = talking(30000);
    memcpy(t.r->directory->services[1].code, "52", 3); /* family */
    return t;
}

static void a_caller_goes_to_the_queue_of_the_code_with_the_place(void **state)
{
    (void)state;
    struct talk t = coded();
    ms_t place_at = last(t.r, EV_CONTACT_OPENED).contact_opened.place_at;
    keys(&t, "*252#");
    assert_int_equal(events(t.r, EV_CONTACT_MOVED), 1);
    assert_int_equal(last(t.r, EV_CONTACT_QUEUED).contact_queued.queue_id, FAMILY);
    assert_int_equal(last(t.r, EV_CONTACT_QUEUED).contact_queued.key_at, place_at);
    assert_true(hears(t.r, t.caller, PROMPT_XFER_START));
    assert_true(hears(t.r, t.caller, PROMPT_QUEUE_ENTER));
    assert_int_equal(leg(t.r, t.caller)->sound.ids[0], PROMPT_XFER_START);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_WRAP));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    get_ready(t.r, 2);
    uint64_t other = rings_at(t.r, 2);
    assert_string_equal(leg(t.r, other)->name, "famille");
    up(t.r, other);
    assert_true(is_bridged(t.r, t.caller, other));
    assert_false(hears(t.r, t.caller, PROMPT_XFER_FAILED));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_queue_that_is_closed_leaves_the_two_together(void **state)
{
    (void)state;
    struct talk t = coded();
    reception_do(t.r, (struct command){
                          .kind = CMD_QUEUE_HOURS,
                          .queue_hours = {.queue_id = FAMILY, .hours = HOURS_CLOSED_PUBLISHED}});
    keys(&t, "*252#");
    assert_int_equal(events(t.r, EV_CONTACT_MOVED), 0);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_FAILED));
    assert_true(is_bridged(t.r, t.agent, t.caller));
    assert_false(leg(t.r, t.caller)->is_playing);
    ends(t.r, t.agent, false); /* the conversation was as before in all: not passed on */
    assert_true(hears(t.r, t.caller, PROMPT_CLOSED_BYE));
    over(&t);
}

static void only_passing_on_means_a_queue(void **state)
{
    (void)state;
    struct talk t = coded();
    keys(&t, "*152#");
    assert_int_equal(events(t.r, EV_CONTACT_MOVED), 0);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_REFUSED) ||
                hears(t.r, t.agent, PROMPT_AGENT_OUT_FAILED));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void the_transfer_key_of_the_telephone_reaches_a_queue_too(void **state)
{
    (void)state;
    struct talk t = coded();
    refers(t.r, t.agent, "52", 0);
    assert_int_equal(leg(t.r, t.agent)->told_status, 200);
    assert_int_equal(last(t.r, EV_CONTACT_QUEUED).contact_queued.queue_id, FAMILY);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_outside_is_consulted_and_takes_the_caller),
        cmocka_unit_test(passed_on_outside_the_agent_stays_until_somebody_answers),
        cmocka_unit_test(passed_on_too_soon_is_no_answer),
        cmocka_unit_test(a_colleague_who_speaks_outside_is_given_nobody),
        cmocka_unit_test(what_the_gate_refuses_is_said_and_the_conversation_goes_on),
        cmocka_unit_test(the_interpreter_is_joined_in_two_keys),
        cmocka_unit_test(without_an_interpreter_in_the_directory_it_is_said),
        cmocka_unit_test(a_relative_joins_and_the_agent_may_leave_them),
        cmocka_unit_test(a_colleague_who_was_consulted_becomes_the_third),
        cmocka_unit_test(who_answers_while_the_journal_takes_nothing_is_not_left_in_silence),
        cmocka_unit_test(emergency_services_join_past_the_gate),
        cmocka_unit_test(a_call_that_rings_at_a_colleague_is_picked_up),
        cmocka_unit_test(with_nothing_that_rings_it_is_said_and_nothing_changes),
        cmocka_unit_test(what_rings_for_others_far_away_is_not_picked_up),
        cmocka_unit_test(a_caller_goes_to_the_queue_of_the_code_with_the_place),
        cmocka_unit_test(a_queue_that_is_closed_leaves_the_two_together),
        cmocka_unit_test(only_passing_on_means_a_queue),
        cmocka_unit_test(the_transfer_key_of_the_telephone_reaches_a_queue_too),
    };
    return cmocka_run_group_tests_name("app/lines_third", tests, NULL, NULL);
}
