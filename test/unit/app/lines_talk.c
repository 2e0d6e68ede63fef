/* lines_talk.c — what an agent does with a conversation: the telephone's hold, and the keys of
 * voice-script §11: consult a colleague, pass the caller on, three at once, back to the queue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

#define RELATIVE "0144556677"
#define INTERPRETER "+33153264343"

struct talk {
    struct reception *r;
    uint64_t caller, agent; /* legs */
};

/* Agents 1 and 2 have lines 101 and 102; agent 3 an ordinary telephone. */
static struct reception *open_house(void)
{
    struct reception *r = reception_new(16);
    struct directory *d = r->directory;
    static const char *const phones[] = {"sip:101", "sip:102", "+33144550003"};
    for (uint32_t i = 0; i < 3; i++)
        memcpy(d->agents[i].phone, phones[i], strlen(phones[i]) + 1);
    map_put(&d->line_of, directory_number_of("101"), 0);
    map_put(&d->line_of, directory_number_of("102"), 1);
    r->gate.agents = SETTINGS_GATE_AGENTS_FRANCE;
    r->gate.day_max = r->gate.day_max_agent = 10;
    reception_fill(r);
    return r;
}

/* Agent 1 has spoken with a caller for so long. */
static struct talk talking(ms_t for_ms)
{
    struct talk t = {.r = open_house()};
    get_ready(t.r, 1);
    t.caller = in_queue(t.r);
    t.agent = rings_at(t.r, 1);
    up(t.r, t.agent);
    heard(t.r, t.agent);
    heard(t.r, t.caller);
    pass(t.r, for_ms);
    return t;
}

static void keys(struct talk *t, const char *keys)
{
    for (; *keys; keys++)
        press(t->r, t->agent, *keys);
}

static bool is_bridged(struct reception *r, uint64_t a, uint64_t b)
{
    return leg(r, a)->sound.then == MEDIA_BRIDGE && leg(r, a)->sound.peer_id == b &&
           leg(r, b)->sound.then == MEDIA_BRIDGE && leg(r, b)->sound.peer_id == a;
}

static bool hears_leg(struct reception *r, uint64_t who, uint64_t whom)
{
    const struct phone_sound *s = &leg(r, who)->sound;
    bool is_in = false;
    for (unsigned i = 0; i < MEDIA_HEARS_MAX; i++)
        is_in |= s->hears_ids[i] == whom;
    return s->then == MEDIA_MIX && is_in;
}

static bool are_three(struct reception *r, uint64_t a, uint64_t b, uint64_t c)
{
    return hears_leg(r, a, b) && hears_leg(r, a, c) && hears_leg(r, b, a) && hears_leg(r, b, c) &&
           hears_leg(r, c, a) && hears_leg(r, c, b) &&
           leg(r, a)->sound.mix == leg(r, b)->sound.mix &&
           leg(r, b)->sound.mix == leg(r, c)->sound.mix;
}

static bool is_on_hold(struct reception *r, uint64_t id)
{
    return leg(r, id)->sound.then == MEDIA_LOOP &&
           leg(r, id)->sound.loop_id == r->sounds.ids[PROMPT_FR][PROMPT_MUSIC_WAIT];
}

/* The leg that rings outside; 0: none. */
static uint64_t rings_outside(struct reception *r, const char *number)
{
    for (size_t i = 0; i < r->board.n; i++)
        if (r->board.legs[i].state == BOARD_CALLED && !strcmp(r->board.legs[i].number, number))
            return r->board.legs[i].id;
    return 0;
}

static enum agent_state state_of(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look.state;
}

static void over(struct talk *t)
{
    struct reception *r = t->r;
    pass(r, 120000);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* The caller hangs up and is counted so; nobody is left on a line. */
static void caller_leaves(struct talk *t, enum outcome as)
{
    ends(t->r, t->caller, false);
    turn(t->r);
    assert_int_equal(outcome(t->r), as);
    over(t);
}

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

/* ---- consulted
 * ----------------------------------------------------------------------------------- */

/* Agent 1 speaks with agent 2 about the caller, who is on hold. */
static struct talk consulting(uint64_t *colleague)
{
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    keys(&t, "*1102#");
    *colleague = rings_at(t.r, 2);
    assert_int_not_equal(*colleague, 0);
    assert_true(hears(t.r, t.caller, PROMPT_HOLD_START));
    assert_int_equal(leg(t.r, t.agent)->sound.loop_id,
                     t.r->sounds.ids[PROMPT_FR][PROMPT_TONE_RING]);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_PAUSED);
    up(t.r, *colleague);
    assert_true(is_bridged(t.r, t.agent, *colleague));
    assert_true(is_on_hold(t.r, t.caller));
    return t;
}

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

/* ---- somebody outside
 * ------------------------------------------------------------------------------- */

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

static void what_the_gate_refuses_is_said_and_the_conversation_goes_on(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    keys(&t, "*10899123456#");
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_OUT_REFUSED));
    assert_true(is_bridged(t.r, t.caller, t.agent));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- three
 * ------------------------------------------------------------------------------------------- */

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

static void emergency_services_join_past_the_gate(void **state)
{
    (void)state;
    struct talk t = talking(30000);
    t.r->gate.agents = SETTINGS_GATE_AGENTS_NOWHERE;
    keys(&t, "*315#");
    uint64_t samu = rings_outside(t.r, "15");
    assert_int_not_equal(samu, 0);
    up(t.r, samu);
    assert_true(are_three(t.r, t.caller, t.agent, samu));
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
        cmocka_unit_test(somebody_outside_is_consulted_and_takes_the_caller),
        cmocka_unit_test(passed_on_outside_the_agent_stays_until_somebody_answers),
        cmocka_unit_test(passed_on_too_soon_is_no_answer),
        cmocka_unit_test(what_the_gate_refuses_is_said_and_the_conversation_goes_on),
        cmocka_unit_test(the_interpreter_is_joined_in_two_keys),
        cmocka_unit_test(without_an_interpreter_in_the_directory_it_is_said),
        cmocka_unit_test(a_relative_joins_and_the_agent_may_leave_them),
        cmocka_unit_test(a_colleague_who_was_consulted_becomes_the_third),
        cmocka_unit_test(emergency_services_join_past_the_gate),
    };
    return cmocka_run_group_tests_name("app/lines_talk", tests, NULL, NULL);
}
