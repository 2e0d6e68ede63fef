/* lines_listen.c — a supervisor listens to a conversation, speaks to its agent alone, or to both;
 * who may, who was told, what is noted; and the alert of an agent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "acd/look.h"
#include "test/support/conversation.h"

#define SUPERVISOR 5
#define OTHER_SUPERVISOR 6

static struct talks_board board; /* what pages would show */

/* Agents 1 and 2 with lines 101 and 102; 5 and 6 are supervisors with 105 and 106, at work. Health
 * may be listened to. */
static struct reception *open_listened(void)
{
    memset(&board, 0, sizeof(board));
    struct reception *r = open_house_shown(&board);
    struct directory *d = r->directory;
    static const char *const lines[] = {"sip:105", "sip:106"};
    for (uint32_t i = 0; i < 2; i++) {
        struct directory_agent *g = &d->agents[SUPERVISOR - 1 + i];
        memcpy(g->phone, lines[i], strlen(lines[i]) + 1);
        g->role = ROLE_SUPERVISOR;
        map_put(&d->line_of, directory_number_of(lines[i] + 4), SUPERVISOR - 1 + i);
        reception_do(
            r, (struct command){
                   .kind = CMD_AGENT_SET,
                   .agent_set = {.agent_id = SUPERVISOR + i, .capacity = {1}, .capacity_n = 1}});
    }
    d->services[0].is_listened = true;
    get_ready(r, 1);
    return r;
}

static struct talk talk_in(struct reception *r, bool refuses)
{
    struct talk t = {.r = r, .caller = in_queue(r)};
    assert_true(hears(r, t.caller, PROMPT_NOTICE_LISTEN));
    if (refuses)
        press(r, t.caller, '7');
    hears_all(r, t.caller);
    pass(r, 3000);
    t.agent = rings_at(r, 1);
    up(r, t.agent);
    heard(r, t.agent);
    heard(r, t.caller);
    hears_all(r, t.agent);
    hears_all(r, t.caller);
    return t;
}

/* The supervisor dials; what is said. The leg of that call. */
static uint64_t dials(struct reception *r, uint64_t who, const char *code)
{
    uint64_t id = arrive_as(r, who, code, "x");
    up(r, id);
    return id;
}

static void hears_no(struct reception *r, uint64_t who, const char *code, enum prompt_id word)
{
    uint64_t id = dials(r, who, code);
    assert_true(hears(r, id, word));
    hears_all(r, id);
    assert_int_equal(leg(r, id)->state, BOARD_OVER);
    assert_int_equal(rings_at(r, who), 0);
}

static uint64_t rung(struct talk *t)
{
    uint64_t id = dials(t->r, SUPERVISOR, "*78101");
    assert_true(hears(t->r, id, PROMPT_LISTEN_RING));
    hears_all(t->r, id);
    uint64_t rings = rings_at(t->r, SUPERVISOR);
    assert_int_not_equal(rings, 0);
    assert_int_equal(leg(t->r, rings)->near_id, t->caller);
    return rings;
}

static uint64_t listening(struct talk *t)
{
    uint64_t id = rung(t);
    up(t->r, id);
    return id;
}

static enum listening noted(struct reception *r)
{
    return last(r, EV_CALL_LISTENED).call_listened.mode;
}

/* Who hears whom: rows caller, agent, supervisor. */
static void check_hearing(struct talk *t, uint64_t by, const char *rows)
{
    const uint64_t ids[] = {t->caller, t->agent, by};
    for (unsigned who = 0; who < 3; who++)
        for (unsigned whom = 0; whom < 3; whom++)
            if (who != whom &&
                hears_leg(t->r, ids[who], ids[whom]) != (rows[4 * who + whom] == 'x'))
                fail_msg("%u hears %u, or does not, in %s", who, whom, rows);
}

static struct talk begun(uint64_t *by)
{
    struct talk t = talk_in(open_listened(), false);
    get_ready(t.r, SUPERVISOR);
    *by = listening(&t);
    return t;
}

/* ---- being told ----------------------------------------------------------------------------- */

static void a_caller_is_told_before_the_queue_and_only_where_it_may_be(void **state)
{
    (void)state;
    struct reception *r = open_listened();
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_NOTICE_LISTEN));
    assert_false(hears(r, id, PROMPT_NOTICE_RECORD));
    assert_false(leg(r, id)->sound.stops_on_key);
    hears_all(r, id);
    pass(r, 2999);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 0);
    pass(r, 1);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    uint64_t other = in_menu(r);
    press(r, other, '2'); /* family */
    hears_all(r, other);
    assert_false(hears(r, other, PROMPT_NOTICE_LISTEN));
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 2);
    reception_drop(r);
}

static void who_was_not_told_is_not_listened_to(void **state)
{
    (void)state;
    struct reception *r = open_listened();
    r->directory->services[0].is_listened = false;
    struct talk t = {.r = r, .caller = in_queue(r)};
    t.agent = rings_at(r, 1);
    up(r, t.agent);
    r->directory->services[0].is_listened = true; /* since the call came */
    sign_in(r, SUPERVISOR);
    hears_no(r, SUPERVISOR, "*78101", PROMPT_LISTEN_REFUSED);
    assert_int_equal(events(r, EV_CALL_LISTENED), 0);
    reception_drop(r);
}

static void who_pressed_seven_is_not_listened_to(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), true);
    assert_int_equal(events(t.r, EV_RECORDING_REFUSED), 1);
    sign_in(t.r, SUPERVISOR);
    hears_no(t.r, SUPERVISOR, "*78101", PROMPT_LISTEN_REFUSED);
    assert_int_equal(events(t.r, EV_CALL_LISTENED), 0);
    reception_drop(t.r);
}

/* ---- listening ------------------------------------------------------------------------------ */

static void a_supervisor_hears_both_and_the_agent_knows(void **state)
{
    (void)state;
    uint64_t by;
    struct talk t = begun(&by);
    check_hearing(&t, by, "-x- x-- xx-");
    assert_true(hears(t.r, by, PROMPT_LISTEN_KEYS));
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_LISTENED));
    assert_false(leg(t.r, t.caller)->is_playing);
    struct event ev = last(t.r, EV_CALL_LISTENED);
    assert_int_equal(ev.call_listened.call_id, last(t.r, EV_CALL_ARRIVED).id);
    assert_int_equal(ev.call_listened.listener_id, SUPERVISOR);
    assert_int_equal(ev.call_listened.mode, LISTENING_LISTEN);
    assert_false(ev.call_listened.by_alert);
    assert_int_equal(state_of(t.r, SUPERVISOR), AGENT_STATE_PAUSED);
    ends(t.r, by, false);
    assert_int_equal(noted(t.r), LISTENING_NONE);
    assert_int_equal(events(t.r, EV_CALL_LISTENED), 2);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_UNLISTENED));
    assert_int_equal(state_of(t.r, SUPERVISOR), AGENT_STATE_READY);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void nothing_is_heard_before_the_supervisor_picks_up(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false);
    sign_in(t.r, SUPERVISOR);
    uint64_t by = rung(&t);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    assert_int_equal(events(t.r, EV_CALL_LISTENED), 0);
    pass(t.r, 20000);
    assert_int_equal(leg(t.r, by)->state, BOARD_OVER);
    assert_int_equal(events(t.r, EV_CALL_LISTENED), 0);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void keys_say_who_hears_the_supervisor(void **state)
{
    (void)state;
    uint64_t by;
    struct talk t = begun(&by);
    hears_all(t.r, t.agent);
    press(t.r, by, '2');
    check_hearing(&t, by, "-x- x-x xx-");
    assert_int_equal(noted(t.r), LISTENING_WHISPER);
    assert_true(hears(t.r, by, PROMPT_LISTEN_WHISPER));
    assert_false(leg(t.r, t.caller)->is_playing);
    press(t.r, by, '3');
    check_hearing(&t, by, "-xx x-x xx-");
    assert_int_equal(noted(t.r), LISTENING_JOIN);
    assert_true(hears(t.r, t.caller, PROMPT_CONF_OTHER) && hears(t.r, t.agent, PROMPT_CONF_OTHER));
    press(t.r, by, '1');
    check_hearing(&t, by, "-x- x-- xx-");
    assert_int_equal(noted(t.r), LISTENING_LISTEN);
    unsigned n = events(t.r, EV_CALL_LISTENED);
    press_all(t.r, by, "1456789*0#");
    assert_int_equal(events(t.r, EV_CALL_LISTENED), n);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void the_end_of_the_conversation_is_noted_before_that_of_the_call(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        uint64_t by;
        struct talk t = begun(&by);
        pass(t.r, 20000);
        if (i == 0)
            ends(t.r, t.caller, false);
        else if (i == 1)
            ends(t.r, t.agent, false);
        else
            keys(&t, "*4");
        assert_int_equal(noted(t.r), LISTENING_NONE);
        assert_int_equal(events(t.r, EV_CALL_LISTENED), 2);
        assert_true(!events(t.r, EV_CALL_ENDED) ||
                    last(t.r, EV_CALL_LISTENED).id < last(t.r, EV_CALL_ENDED).id);
        assert_true(hears(t.r, by, PROMPT_LISTEN_OVER));
        hears_all(t.r, by);
        assert_int_equal(leg(t.r, by)->state, BOARD_OVER);
        assert_int_equal(state_of(t.r, SUPERVISOR), AGENT_STATE_READY);
        if (leg(t.r, t.caller)->state != BOARD_OVER)
            ends(t.r, t.caller, false);
        over(&t);
    }
}

static void who_may_not_hears_so(void **state)
{
    (void)state;
    struct reception *r = open_listened();
    sign_in(r, SUPERVISOR);
    sign_in(r, 2);
    hears_no(r, SUPERVISOR, "*78101", PROMPT_LISTEN_NONE);
    hears_no(r, SUPERVISOR, "*78", PROMPT_LISTEN_NONE);
    hears_no(r, SUPERVISOR, "*78199", PROMPT_LISTEN_NONE);
    struct talk t = talk_in(r, false);
    hears_no(r, 2, "*78101", PROMPT_LISTEN_NOT);
    uint64_t by = listening(&t);
    sign_in(r, OTHER_SUPERVISOR);
    hears_no(r, OTHER_SUPERVISOR, "*78101", PROMPT_LISTEN_REFUSED); /* one at a time */
    ends(r, by, false);
    r->directory->services[0].is_listened = false;
    hears_no(r, SUPERVISOR, "*78101", PROMPT_LISTEN_REFUSED);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void what_cannot_be_noted_is_not_heard(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false);
    sign_in(t.r, SUPERVISOR);
    uint64_t by = rung(&t);
    t.r->book.is_full = true;
    press(t.r, t.caller, '1');
    reception_do(t.r, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {2}});
    up(t.r, by);
    assert_true(hears(t.r, by, PROMPT_LISTEN_REFUSED));
    assert_true(is_bridged(t.r, t.agent, t.caller));
    t.r->book.is_full = false;
    hears_all(t.r, by);
    pass(t.r, 1000);
    assert_int_equal(noted(t.r), LISTENING_NONE);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void on_hold_and_aside_nothing_is_heard(void **state)
{
    (void)state;
    uint64_t by;
    struct talk t = begun(&by);
    get_ready(t.r, 2);
    keys(&t, "*1102#");
    uint64_t colleague = rings_at(t.r, 2);
    up(t.r, colleague);
    assert_true(is_bridged(t.r, t.agent, colleague));
    assert_true(is_on_hold(t.r, t.caller));
    press(t.r, by, '2'); /* heard once they speak again */
    assert_true(is_bridged(t.r, t.agent, colleague));
    keys(&t, "*3");
    assert_true(are_three(t.r, t.caller, t.agent, colleague));
    assert_true(hears_leg(t.r, t.agent, by) && hears_leg(t.r, by, t.caller));
    assert_false(hears_leg(t.r, t.caller, by) || hears_leg(t.r, colleague, by));
    ends(t.r, colleague, false);
    check_hearing(&t, by, "-x- x-x xx-");
    holds(t.r, t.agent, true);
    assert_true(is_on_hold(t.r, t.caller));
    holds(t.r, t.agent, false);
    check_hearing(&t, by, "-x- x-x xx-");
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- the alert ------------------------------------------------------------------------------ */

static void an_alert_brings_a_supervisor_without_a_word_to_the_caller(void **state)
{
    (void)state;
    for (unsigned refuses = 0; refuses < 2; refuses++) { /* a threat is no matter of consent */
        struct talk t = talk_in(open_listened(), refuses);
        sign_in(t.r, SUPERVISOR);
        keys(&t, "*9");
        assert_int_equal(last(t.r, EV_CALL_ALERTED).call_alerted.agent_id, 1);
        uint64_t by = rings_at(t.r, SUPERVISOR);
        assert_int_not_equal(by, 0);
        keys(&t, "*9"); /* comes already */
        assert_int_equal(events(t.r, EV_CALL_ALERTED), 1);
        up(t.r, by);
        check_hearing(&t, by, "-xx x-x xx-");
        assert_false(leg(t.r, t.caller)->is_playing);
        assert_true(hears(t.r, by, PROMPT_ALERT_CALL));
        assert_true(hears(t.r, t.agent, PROMPT_AGENT_LISTENED));
        assert_int_equal(noted(t.r), LISTENING_JOIN);
        assert_true(last(t.r, EV_CALL_LISTENED).call_listened.by_alert);
        ends(t.r, by, false);
        assert_int_equal(noted(t.r), LISTENING_NONE);
        assert_true(is_bridged(t.r, t.agent, t.caller));
        caller_leaves(&t, OUTCOME_ANSWERED);
    }
}

static void an_alert_goes_on_to_the_next_one_and_the_agent_hears_when_nobody_is_left(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false);
    sign_in(t.r, SUPERVISOR);
    sign_in(t.r, OTHER_SUPERVISOR);
    keys(&t, "*9");
    refuses(t.r, rings_at(t.r, SUPERVISOR), 486);
    uint64_t by = rings_at(t.r, OTHER_SUPERVISOR);
    assert_int_not_equal(by, 0);
    assert_false(leg(t.r, t.agent)->is_playing);
    pass(t.r, 20000);
    assert_int_equal(leg(t.r, by)->state, BOARD_OVER);
    assert_true(hears(t.r, t.agent, PROMPT_ALERT_NONE));
    assert_false(leg(t.r, t.caller)->is_playing);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    assert_int_equal(events(t.r, EV_CALL_ALERTED), 1);
    assert_int_equal(events(t.r, EV_CALL_LISTENED), 0);
    keys(&t, "*9"); /* once more: from the beginning */
    assert_int_equal(events(t.r, EV_CALL_ALERTED), 2);
    assert_int_not_equal(rings_at(t.r, SUPERVISOR), 0);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void an_alert_that_nobody_can_hear_is_noted_all_the_same(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false); /* nobody is signed in */
    keys(&t, "*9");
    assert_int_equal(events(t.r, EV_CALL_ALERTED), 1);
    assert_true(hears(t.r, t.agent, PROMPT_ALERT_NONE));
    assert_int_equal(rings_at(t.r, SUPERVISOR), 0);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void who_listens_already_speaks_at_an_alert(void **state)
{
    (void)state;
    uint64_t by;
    struct talk t = begun(&by);
    keys(&t, "*9");
    check_hearing(&t, by, "-xx x-x xx-");
    assert_true(last(t.r, EV_CALL_LISTENED).call_listened.by_alert);
    assert_false(leg(t.r, t.caller)->is_playing);
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void who_rings_to_listen_comes_to_an_alert(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false);
    sign_in(t.r, SUPERVISOR);
    uint64_t by = rung(&t);
    keys(&t, "*9");
    keys(&t, "*9");
    assert_int_equal(events(t.r, EV_CALL_ALERTED), 1);
    up(t.r, by);
    check_hearing(&t, by, "-xx x-x xx-");
    assert_true(last(t.r, EV_CALL_LISTENED).call_listened.by_alert);
    assert_true(hears(t.r, by, PROMPT_ALERT_CALL));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

/* ---- from the supervisor's page ------------------------------------------------------------- */

static struct acd_look_call call_of(struct talk *t)
{
    struct acd_look_call call = {.call_id = 0};
    for (uint32_t i = 0; i < acd_look_calls_n(t->r->acd); i++)
        if (acd_look_call(t->r->acd, i, &call) && call.leg_id == t->caller)
            return call;
    return (struct acd_look_call){.call_id = 0};
}

static enum order_talked orders(struct talk *t, uint32_t who, enum order_talk_deed deed)
{
    const struct order_talk talk = {
        .deed = deed, .agent_id = who, .whom_id = 1, .contact_id = call_of(t).contact_id};
    enum gate_verdict why;
    enum order_talked talked = lines_talk(t->r->lines, &talk, &why);
    turn(t->r);
    return talked;
}

static bool page_says_it_rings(struct talk *t)
{
    struct talk_third shown = talks_look(&board, SUPERVISOR, call_of(t).offer_id);
    return shown.shown == TALK_SHOWN_LISTEN && shown.agent_id == 1;
}

static void a_page_does_what_the_code_and_its_keys_do(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false);
    get_ready(t.r, SUPERVISOR);
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_LISTEN), ORDER_TALKED);
    assert_true(page_says_it_rings(&t));
    assert_int_equal(events(t.r, EV_CALL_LISTENED), 0);
    uint64_t by = rings_at(t.r, SUPERVISOR);
    up(t.r, by);
    assert_false(page_says_it_rings(&t));
    assert_int_equal(noted(t.r), LISTENING_LISTEN);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_LISTENED));
    check_hearing(&t, by, "-x- x-- xx-");
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_WHISPER), ORDER_TALKED);
    assert_int_equal(noted(t.r), LISTENING_WHISPER);
    check_hearing(&t, by, "-x- x-x xx-");
    assert_false(leg(t.r, t.caller)->is_playing);
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_JOIN), ORDER_TALKED);
    assert_true(hears(t.r, t.caller, PROMPT_CONF_OTHER));
    check_hearing(&t, by, "-xx x-x xx-");
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_UNLISTEN), ORDER_TALKED);
    assert_int_equal(noted(t.r), LISTENING_NONE);
    assert_true(leg(t.r, by)->was_hung_up);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_UNLISTENED));
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_page_may_begin_by_speaking_to_the_agent_alone(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false);
    get_ready(t.r, SUPERVISOR);
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_LISTEN), ORDER_TALKED);
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_WHISPER), ORDER_TALKED); /* still rings */
    uint64_t by = rings_at(t.r, SUPERVISOR);
    up(t.r, by);
    assert_int_equal(events(t.r, EV_CALL_LISTENED), 1);
    assert_int_equal(noted(t.r), LISTENING_WHISPER);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_LISTENED));
    assert_true(hears(t.r, by, PROMPT_LISTEN_WHISPER));
    assert_false(leg(t.r, t.caller)->is_playing);
    check_hearing(&t, by, "-x- x-x xx-");
    caller_leaves(&t, OUTCOME_ANSWERED);
}

static void a_page_is_refused_what_the_code_is_refused(void **state)
{
    (void)state;
    struct talk t = talk_in(open_listened(), false);
    assert_int_equal(orders(&t, 2, ORDER_TALK_LISTEN), ORDER_TALKED_NOT_YOURS);
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_LISTEN), ORDER_TALKED_AWAY);
    get_ready(t.r, SUPERVISOR);
    get_ready(t.r, OTHER_SUPERVISOR);
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_UNLISTEN), ORDER_TALKED_NOT_NOW);
    assert_int_equal(orders(&t, SUPERVISOR, ORDER_TALK_LISTEN), ORDER_TALKED);
    assert_int_equal(orders(&t, OTHER_SUPERVISOR, ORDER_TALK_JOIN), ORDER_TALKED_UNTOLD);
    assert_int_equal(orders(&t, OTHER_SUPERVISOR, ORDER_TALK_UNLISTEN), ORDER_TALKED_NOT_NOW);
    struct order_talk other = {.deed = ORDER_TALK_LISTEN,
                               .agent_id = SUPERVISOR,
                               .whom_id = 2,
                               .contact_id = call_of(&t).contact_id};
    enum gate_verdict why;
    assert_int_equal(lines_talk(t.r->lines, &other, &why), ORDER_TALKED_ALONE);
    caller_leaves(&t, OUTCOME_ANSWERED);
    struct talk refusing = talk_in(open_listened(), true);
    get_ready(refusing.r, SUPERVISOR);
    assert_int_equal(orders(&refusing, SUPERVISOR, ORDER_TALK_WHISPER), ORDER_TALKED_UNTOLD);
    assert_int_equal(rings_at(refusing.r, SUPERVISOR), 0);
    caller_leaves(&refusing, OUTCOME_ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_is_told_before_the_queue_and_only_where_it_may_be),
        cmocka_unit_test(who_was_not_told_is_not_listened_to),
        cmocka_unit_test(who_pressed_seven_is_not_listened_to),
        cmocka_unit_test(a_supervisor_hears_both_and_the_agent_knows),
        cmocka_unit_test(nothing_is_heard_before_the_supervisor_picks_up),
        cmocka_unit_test(keys_say_who_hears_the_supervisor),
        cmocka_unit_test(the_end_of_the_conversation_is_noted_before_that_of_the_call),
        cmocka_unit_test(who_may_not_hears_so),
        cmocka_unit_test(what_cannot_be_noted_is_not_heard),
        cmocka_unit_test(on_hold_and_aside_nothing_is_heard),
        cmocka_unit_test(an_alert_brings_a_supervisor_without_a_word_to_the_caller),
        cmocka_unit_test(an_alert_goes_on_to_the_next_one_and_the_agent_hears_when_nobody_is_left),
        cmocka_unit_test(an_alert_that_nobody_can_hear_is_noted_all_the_same),
        cmocka_unit_test(who_listens_already_speaks_at_an_alert),
        cmocka_unit_test(who_rings_to_listen_comes_to_an_alert),
        cmocka_unit_test(a_page_does_what_the_code_and_its_keys_do),
        cmocka_unit_test(a_page_may_begin_by_speaking_to_the_agent_alone),
        cmocka_unit_test(a_page_is_refused_what_the_code_is_refused),
    };
    return cmocka_run_group_tests_name("app/lines_listen", tests, NULL, NULL);
}
