/* lines_back.c — an agent calls back: kept first, told whom, on the line while it rings, and says
 * by a key who has answered; what each fault makes of it. Over the real heart and gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_back.h"

static enum agent_state state_of(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look.state;
}

/* Promised; an agent is ready, picks up, hears whom: the leg to them, which rings. */
static uint64_t ringing(struct reception *r, uint64_t *agent)
{
    back_promised(r);
    get_ready(r, 1);
    *agent = rings_at(r, 1);
    assert_int_not_equal(*agent, 0);
    assert_int_equal(back_dials_n(r), 0);
    up(r, *agent);
    assert_true(hears(r, *agent, PROMPT_CB_WHISPER));
    assert_int_equal(back_dials_n(r), 0);
    hears_all(r, *agent);
    uint64_t far = back_dialled(r, BACK_CALLER);
    assert_int_not_equal(far, 0);
    return far;
}

static void the_agent_is_told_then_is_on_the_line_while_it_rings_and_speaks_first(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    assert_int_equal(leg(r, agent)->sound.loop_id, PROMPT_TONE_RING);
    up(r, far);
    assert_int_equal(leg(r, far)->sound.n, 0); /* no word of ours: a human speaks first */
    assert_int_equal(leg(r, far)->sound.then, MEDIA_BRIDGE);
    assert_int_equal(leg(r, agent)->sound.then, MEDIA_BRIDGE);
    assert_int_equal(events(r, EV_OFFER_JOINED), 0);
    heard(r, agent);
    heard(r, far);
    press(r, agent, '1');
    assert_int_equal(events(r, EV_OFFER_JOINED), 1);
    pass(r, 60000);
    ends(r, agent, false);
    assert_true(is_over(r, far));
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_HONOURED);
    assert_int_equal(last(r, EV_CONTACT_SETTLED).contact_settled.how, SETTLED_ANSWERED);
    reception_drop(r);
}

static void who_was_called_hangs_up_and_it_is_honoured(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    up(r, far);
    heard(r, agent);
    heard(r, far);
    press(r, agent, '1');
    pass(r, 30000);
    ends(r, far, false);
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_HONOURED);
    assert_true(hears(r, agent, PROMPT_AGENT_WRAP));
    assert_int_equal(state_of(r, 1), AGENT_STATE_WRAP_UP);
    reception_drop(r);
}

/* They spoke, and hung up before the key: the agent says so within ten seconds. */
static void who_has_gone_may_still_be_said_to_have_spoken(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    up(r, far);
    heard(r, far);
    heard(r, agent);
    pass(r, 60000);
    ends(r, far, false);
    assert_true(hears(r, agent, PROMPT_TONE_CONNECT));
    press(r, agent, '1');
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_HONOURED);
    reception_drop(r);
}

/* Whom nobody has heard nobody has spoken with, whatever the key says. */
static void silence_on_the_line_is_no_conversation(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    up(r, far);
    heard(r, agent);
    press(r, agent, '1');
    pass(r, 60000);
    ends(r, far, false);
    assert_int_equal(outcome(r), OUTCOME_NONE);
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_FAULT);
    reception_drop(r);
}

static void a_machine_is_no_answer_and_is_tried_again_after_the_gap(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    up(r, far);
    press(r, agent, '2');
    assert_true(is_over(r, far) && is_over(r, agent));
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_MACHINE);
    get_ready(r, 1);
    pass(r, BACK_GAP_MS - 1000);
    assert_int_equal(rings_at(r, 1), 0);
    pass(r, 1000);
    agent = rings_at(r, 1);
    assert_int_not_equal(agent, 0);
    up(r, agent);
    assert_true(hears(r, agent, PROMPT_CB_TRY_2));
    reception_drop(r);
}

static void nobody_picks_up_or_the_agent_says_so(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        struct reception *r = back_open();
        uint64_t agent, far = ringing(r, &agent);
        if (i == 0)
            press(r, agent, '3');
        else if (i == 1)
            pass(r, 40000);
        else if (i == 2)
            refuses(r, far, 486);
        else if (i == 3)
            refuses(r, far, 480);
        else
            up(r, far), ends(r, far, false), pass(r, 10000); /* silence: nobody said who */
        assert_true(is_over(r, far) && is_over(r, agent));
        assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_NOBODY);
        assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.attempts_n, 1);
        reception_drop(r);
    }
}

static void a_fault_of_the_way_there_is_no_attempt(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    refuses(r, far, 503);
    assert_true(is_over(r, agent));
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_FAULT);
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.attempts_n, 0);
    reception_drop(r);
}

/* Before the dial nothing was tried, and the gate has nothing counted. */
static void an_agent_who_does_not_take_it_leaves_the_place_and_the_next_one_is_rung(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct reception *r = back_open();
        struct gate_look look;
        back_promised(r);
        get_ready(r, 1);
        uint64_t agent = rings_at(r, 1);
        if (i == 0)
            refuses(r, agent, 486);
        else if (i == 1)
            pass(r, 15000);
        else
            up(r, agent), ends(r, agent, false);
        assert_int_equal(back_dials_n(r), 0);
        assert_int_equal(events(r, EV_CALLBACK_TRIED), i == 2); /* heard whom, and left */
        if (i == 2)
            assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.attempts_n, 0);
        else
            assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
        gate_look(r->gate, calendar_local(ZONE_EUROPE_PARIS, r->now_at + r->wall_ms).day, &look);
        assert_int_equal(look.calls_n[GATE_PURSE_CALLBACKS], 0);
        reception_do(r, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {1}});
        get_ready(r, 2);
        pass(r, i == 2 ? ACD_CALLBACK_AGAIN_MS : 0);
        assert_int_not_equal(rings_at(r, 2), 0);
        reception_drop(r);
    }
}

/* The words take their time: the telephone was picked up, and is not paused for them. */
static void the_words_before_the_dial_are_no_missed_call(void **state)
{
    (void)state;
    struct reception *r = back_open();
    back_promised(r);
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    pass(r, 14000);
    up(r, agent);
    pass(r, 10000); /* the offer's time is over meanwhile */
    hears_all(r, agent);
    assert_int_equal(back_dials_n(r), 1);
    assert_int_equal(events(r, EV_AGENT_PAUSED), 0);
    reception_drop(r);
}

static void an_agent_who_hangs_up_while_it_rings_ends_both(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    ends(r, agent, false);
    assert_true(is_over(r, far));
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_FAULT);
    reception_drop(r);
}

/* The attempt must be on disk first: a crash in between must not dial twice. */
static void nobody_is_dialled_before_the_attempt_is_on_disk(void **state)
{
    (void)state;
    struct reception *r = back_open();
    back_promised(r);
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    r->commits = false;
    up(r, agent);
    hears_all(r, agent);
    pass(r, 1000);
    assert_int_equal(back_dials_n(r), 0);
    r->commits = true;
    turn(r);
    assert_int_equal(back_dials_n(r), 1);
    reception_drop(r);
}

/* The gate has closed meanwhile: no agent is rung for nothing, and it is tried again. */
static void what_the_gate_refuses_rings_no_agent(void **state)
{
    (void)state;
    struct reception *r = back_open();
    back_promised(r);
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_NOWHERE;
    gate_follow(r->gate, &r->gate_rules, &r->prices);
    get_ready(r, 1);
    assert_int_equal(board_of(&r->board, 1) != NULL && rings_at(r, 1) != 0, 0);
    assert_int_equal(events(r, EV_CALLBACK_TRIED), 1);
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    gate_follow(r->gate, &r->gate_rules, &r->prices);
    pass(r, ACD_CALLBACK_AGAIN_MS);
    assert_int_not_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

/* No code of a conversation, and no transfer of the telephone, takes them from who called. */
static void whom_we_called_is_passed_on_to_nobody(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    up(r, far);
    heard(r, agent);
    heard(r, far);
    press(r, agent, '1');
    press_all(r, agent, "*4*1102#*2102#*3");
    refers(r, agent, "102", 0);
    assert_int_not_equal(leg(r, agent)->told_status, 200);
    pass(r, 30000);
    assert_int_equal(leg(r, far)->sound.then, MEDIA_BRIDGE);
    ends(r, far, false);
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_HONOURED);
    reception_drop(r);
}

/* A wish that is over may be followed by another one at the same number. */
static void a_wish_that_is_over_is_settled_at_the_gate(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, far = ringing(r, &agent);
    up(r, far);
    heard(r, agent);
    heard(r, far);
    press(r, agent, '1');
    pass(r, 30000);
    ends(r, far, false);
    reception_do(r, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {1}});
    turn(r);
    back_promised(r);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 2);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_before_the_dial_are_no_missed_call),
        cmocka_unit_test(whom_we_called_is_passed_on_to_nobody),
        cmocka_unit_test(silence_on_the_line_is_no_conversation),
        cmocka_unit_test(the_agent_is_told_then_is_on_the_line_while_it_rings_and_speaks_first),
        cmocka_unit_test(who_was_called_hangs_up_and_it_is_honoured),
        cmocka_unit_test(who_has_gone_may_still_be_said_to_have_spoken),
        cmocka_unit_test(a_machine_is_no_answer_and_is_tried_again_after_the_gap),
        cmocka_unit_test(nobody_picks_up_or_the_agent_says_so),
        cmocka_unit_test(a_fault_of_the_way_there_is_no_attempt),
        cmocka_unit_test(an_agent_who_does_not_take_it_leaves_the_place_and_the_next_one_is_rung),
        cmocka_unit_test(an_agent_who_hangs_up_while_it_rings_ends_both),
        cmocka_unit_test(nobody_is_dialled_before_the_attempt_is_on_disk),
        cmocka_unit_test(what_the_gate_refuses_rings_no_agent),
        cmocka_unit_test(a_wish_that_is_over_is_settled_at_the_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
