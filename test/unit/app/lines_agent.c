/* lines_agent.c — an agent's telephone: it rings for a caller, is picked up or not, bridged, and
 * hung up from either side; wrap-up by a key; telephones that are busy, away, lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

struct talk {
    struct reception *r;
    uint64_t caller, agent; /* legs */
};

static enum agent_state state_of(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look.state;
}

static enum pause pause_of(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look.state == AGENT_STATE_PAUSED ? look.pause : PAUSE_NONE;
}

/* Agent 1 is ready, a caller waits, the telephone rings. */
static struct talk ringing(void)
{
    struct talk t = {.r = reception_open(8)};
    get_ready(t.r, 1);
    t.caller = in_queue(t.r);
    t.agent = rings_at(t.r, 1);
    assert_int_not_equal(t.agent, 0);
    return t;
}

static struct talk talking(ms_t for_ms)
{
    struct talk t = ringing();
    up(t.r, t.agent);
    heard(t.r, t.agent);
    heard(t.r, t.caller);
    pass(t.r, for_ms);
    return t;
}

static enum offer_end why(struct reception *r)
{
    return last(r, EV_OFFER_ENDED).offer_ended.why;
}

static bool is_bridged(struct reception *r, uint64_t a, uint64_t b)
{
    return leg(r, a)->sound.then == MEDIA_BRIDGE && leg(r, a)->sound.peer_id == b &&
           leg(r, b)->sound.then == MEDIA_BRIDGE && leg(r, b)->sound.peer_id == a;
}

/* ---- ringing -------------------------------------------------------------------------------- */

static void a_ready_agent_rings_and_sees_who_calls_about_what(void **state)
{
    (void)state;
    struct talk t = ringing();
    assert_true(hears(t.r, t.caller, PROMPT_QUEUE_DIRECT));
    assert_string_equal(leg(t.r, t.agent)->number, "0536491234");
    assert_string_equal(leg(t.r, t.agent)->name, "sante");
    assert_int_equal(leg(t.r, t.agent)->near_id, t.caller);
    assert_int_equal(leg(t.r, t.caller)->sound.then, MEDIA_LOOP);
    reception_drop(t.r);
}

static void picked_up_both_hear_a_word_and_then_each_other(void **state)
{
    (void)state;
    struct talk t = ringing();
    up(t.r, t.agent);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    assert_true(hears(t.r, t.caller, PROMPT_CONNECT_NOW));
    assert_true(hears(t.r, t.agent, PROMPT_MENU_CHOSEN_SANTE));
    assert_true(hears(t.r, t.agent, PROMPT_TONE_CONNECT));
    assert_false(leg(t.r, t.caller)->sound.stops_on_key);
    heard(t.r, t.agent);
    heard(t.r, t.agent);
    assert_int_equal(events(t.r, EV_OFFER_MEDIA), 1);
    heard(t.r, t.caller);
    assert_int_equal(last(t.r, EV_OFFER_MEDIA).offer_media.side, SIDE_CALLER);
    assert_int_equal(events(t.r, EV_OFFER_MEDIA), 2);
    reception_drop(t.r);
}

/* The telephone of an agent rings for a service that the table does not name. */
static uint64_t rings_for_another_service(struct reception *r)
{
    memcpy(r->directory->services[0].id, "autre", 6);
    get_ready(r, 1);
    in_queue(r);
    return rings_at(r, 1);
}

static void a_service_that_the_table_does_not_know_is_announced_by_its_own_name(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t agent = rings_for_another_service(r);
    up(r, agent);
    assert_int_equal(leg(r, agent)->sound.n, 2);
    assert_true(hears(r, agent, PROMPT_MENU_CHOSEN_SITE_01));
    assert_true(hears(r, agent, PROMPT_TONE_CONNECT));
    reception_drop(r);
}

static void a_service_without_a_word_of_its_own_is_announced_by_the_tone_alone(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    for (unsigned lang = 0; lang < PROMPT_LANGS; lang++)
        r->sounds.ids[lang][PROMPT_MENU_CHOSEN_SITE_01] = MEDIA_PROMPT_NONE;
    uint64_t agent = rings_for_another_service(r);
    up(r, agent);
    assert_int_equal(leg(r, agent)->sound.n, 1);
    assert_true(hears(r, agent, PROMPT_TONE_CONNECT));
    reception_drop(r);
}

static void not_picked_up_in_time_the_caller_is_offered_to_another(void **state)
{
    (void)state;
    struct talk t = ringing();
    get_ready(t.r, 2);
    pass(t.r, 15000);
    assert_true(leg(t.r, t.agent)->was_hung_up);
    assert_int_equal(pause_of(t.r, 1), PAUSE_NO_ANSWER);
    assert_int_not_equal(rings_at(t.r, 2), 0);
    reception_drop(t.r);
}

static void busy_and_not_now_are_the_agents_answer_the_rest_is_the_lines(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        enum offer_end why;
        enum pause pause;
    } cases[] = {
        {486, OFFER_END_DECLINED, PAUSE_NO_ANSWER}, {600, OFFER_END_DECLINED, PAUSE_NO_ANSWER},
        {603, OFFER_END_DECLINED, PAUSE_NO_ANSWER}, {408, OFFER_END_FAILED, PAUSE_LINE_LOST},
        {488, OFFER_END_FAILED, PAUSE_LINE_LOST},   {500, OFFER_END_FAILED, PAUSE_LINE_LOST},
        {480, OFFER_END_FAILED, PAUSE_LINE_LOST}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct talk t = ringing();
        refuses(t.r, t.agent, cases[i].status);
        assert_int_equal(why(t.r), cases[i].why);
        assert_int_equal(pause_of(t.r, 1), cases[i].pause);
        assert_int_equal(leg(t.r, t.caller)->sound.then, MEDIA_LOOP);
        assert_int_equal(lines_n(t.r->lines), 1);
        reception_drop(t.r);
    }
}

static void a_telephone_that_is_not_registered_is_said_to_the_heart_at_once(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    r->board.away = 1;
    get_ready(r, 1);
    get_ready(r, 2);
    in_queue(r);
    assert_int_equal(why(r), OFFER_END_FAILED);
    assert_int_equal(pause_of(r, 1), PAUSE_LINE_LOST);
    assert_int_not_equal(rings_at(r, 2), 0);
    reception_drop(r);
}

static void without_a_free_line_the_telephone_is_not_left_ringing(void **state)
{
    (void)state;
    struct reception *r = reception_open(1);
    get_ready(r, 1);
    in_queue(r);
    assert_int_equal(why(r), OFFER_END_FAILED);
    assert_true(r->board.legs[r->board.n - 1].was_hung_up);
    assert_int_equal(lines_n(r->lines), 1);
    reception_drop(r);
}

static void the_caller_leaves_while_it_rings(void **state)
{
    (void)state;
    struct talk t = ringing();
    ends(t.r, t.caller, false);
    assert_true(leg(t.r, t.agent)->was_hung_up);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_READY);
    assert_int_equal(lines_n(t.r->lines), 0);
    reception_drop(t.r);
}

static void the_caller_leaves_before_the_telephone_was_even_rung(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    get_ready(r, 1);
    uint64_t id = in_menu(r);
    press(r, id, '1');
    r->commits = false;
    hears_all(r, id); /* offered; the ringing waits for the commit */
    ends(r, id, false);
    r->commits = true;
    turn(r);
    assert_int_equal(rings_at(r, 1), 0);
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

static void picked_up_too_late_the_line_ends(void **state)
{
    (void)state;
    struct talk t = ringing();
    leg(t.r, t.caller)->state = BOARD_OVER;
    reception_do(
        t.r,
        (struct command){.kind = CMD_CALL_ENDED,
                         .call_ended = {.call_id = last(t.r, EV_CALL_ARRIVED).id,
                                        .by = ENDED_BY_CALLER}}); /* the app knows, we do not yet */
    assert_true(leg(t.r, t.agent)->was_hung_up);
    report(t.r, (struct phone_report){.kind = PHONE_UP, .leg_id = t.agent});
    report(t.r, (struct phone_report){.kind = PHONE_ENDED, .leg_id = t.caller});
    assert_int_equal(lines_n(t.r->lines), 0);
    reception_drop(t.r);
}

static void however_many_telephones_fail_within_one_turn_the_house_stands(void **state)
{
    (void)state;
    struct reception *r = reception_open(1);
    uint64_t id = in_queue(r);
    for (uint32_t a = 1; a <= PREMISES_AGENTS; a++)
        sign_in(r, a);
    r->board.away = ~UINT64_C(0);
    r->book.is_full = true;
    press(r, id, '2'); /* decided, and stuck: what follows is done at once, later */
    for (unsigned i = 0; i < 10 * PREMISES_AGENTS; i++) {
        uint32_t a = 1 + i % PREMISES_AGENTS;
        reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {a}});
        reception_do(r, (struct command){.kind = CMD_AGENT_PAUSE, .agent_pause = {a, PAUSE_REST}});
    }
    r->book.is_full = false;
    pass(r, 60000);
    assert_true(events(r, EV_OFFER_MADE) >= 10 * PREMISES_AGENTS);
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    assert_int_equal(lines_n(r->lines), 1);
    reception_drop(r);
}

/* ---- talking -------------------------------------------------------------------------------- */

static void the_caller_hangs_up_and_the_agent_hears_how_to_resume(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    ends(t.r, t.caller, false);
    assert_int_equal(why(t.r), OFFER_END_CALLER_LEFT);
    assert_int_equal(outcome(t.r), OUTCOME_ANSWERED);
    assert_int_equal(leg(t.r, t.agent)->state, BOARD_UP);
    assert_true(hears(t.r, t.agent, PROMPT_AGENT_WRAP));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    reception_drop(t.r);
}

static void one_after_the_talk_ends_the_wrap_up_and_frees_the_telephone_first(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    uint64_t next = in_queue(t.r);
    ends(t.r, t.caller, false);
    press(t.r, t.agent, '5'); /* means nothing */
    assert_int_equal(leg(t.r, t.agent)->state, BOARD_UP);
    press(t.r, t.agent, '1');
    assert_true(leg(t.r, t.agent)->was_hung_up);
    uint64_t again = rings_at(t.r, 1);
    assert_int_not_equal(again, 0);
    up(t.r, again);
    assert_true(is_bridged(t.r, again, next));
    reception_drop(t.r);
}

static void without_a_key_the_line_ends_and_the_wrap_up_goes_on(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    ends(t.r, t.caller, false);
    pass(t.r, 12000);
    assert_true(leg(t.r, t.agent)->was_hung_up);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    pass(t.r, 20000);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_READY);
    assert_int_equal(lines_n(t.r->lines), 0);
    reception_drop(t.r);
}

static void a_wrap_up_that_ends_by_itself_frees_the_telephone(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    in_queue(t.r);
    ends(t.r, t.caller, false);
    reception_do(t.r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
    turn(t.r);
    assert_true(leg(t.r, t.agent)->was_hung_up);
    assert_int_not_equal(rings_at(t.r, 1), 0);
    reception_drop(t.r);
}

static void the_agent_hangs_up_in_the_wrap_up(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    ends(t.r, t.caller, false);
    ends(t.r, t.agent, false);
    assert_int_equal(lines_n(t.r->lines), 0);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    reception_drop(t.r);
}

static void a_telephone_that_dies_in_the_wrap_up_is_lost(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    ends(t.r, t.caller, false);
    report(t.r, (struct phone_report){.kind = PHONE_LOST, .leg_id = t.agent});
    assert_true(leg(t.r, t.agent)->was_hung_up);
    assert_int_equal(pause_of(t.r, 1), PAUSE_LINE_LOST);
    assert_int_equal(lines_n(t.r->lines), 0);
    reception_drop(t.r);
}

static void the_agent_hangs_up_after_a_talk_and_the_caller_hears_goodbye(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    ends(t.r, t.agent, false);
    assert_int_equal(why(t.r), OFFER_END_FINISHED);
    assert_true(hears(t.r, t.caller, PROMPT_CLOSED_BYE));
    hears_all(t.r, t.caller);
    assert_true(leg(t.r, t.caller)->was_hung_up);
    assert_int_equal(outcome(t.r), OUTCOME_ANSWERED);
    assert_int_equal(last(t.r, EV_CALL_ENDED).call_ended.by, ENDED_BY_AGENT);
    assert_int_equal(lines_n(t.r->lines), 0);
    reception_drop(t.r);
}

static void the_agent_hangs_up_within_ten_seconds_and_that_is_our_cut(void **state)
{
    (void)state;
    struct talk t = talking(5000);
    ends(t.r, t.agent, false);
    hears_all(t.r, t.caller);
    assert_int_equal(events(t.r, EV_CALL_OUTCOME), 0); /* pending until the day closes */
    reception_do(t.r, (struct command){.kind = CMD_DAY_CLOSE});
    turn(t.r);
    assert_int_equal(outcome(t.r), OUTCOME_CUT_OFF);
    reception_drop(t.r);
}

static void a_lost_agent_gives_the_caller_back_told_so_and_first(void **state)
{
    (void)state;
    for (unsigned by_fault = 0; by_fault < 2; by_fault++) {
        struct talk t = talking(20000);
        in_queue(t.r);
        if (by_fault)
            ends(t.r, t.agent, true);
        else
            report(t.r, (struct phone_report){.kind = PHONE_LOST, .leg_id = t.agent});
        assert_int_equal(why(t.r), OFFER_END_AGENT_LOST);
        assert_int_equal(pause_of(t.r, 1), PAUSE_LINE_LOST);
        assert_true(hears(t.r, t.caller, PROMPT_WAIT_AGENT_LOST));
        assert_int_equal(leg(t.r, t.caller)->sound.then, MEDIA_LOOP);
        get_ready(t.r, 2);
        up(t.r, rings_at(t.r, 2));
        assert_true(is_bridged(t.r, t.caller, board_of(&t.r->board, 2)->id));
        reception_drop(t.r);
    }
}

static void keys_during_the_talk_do_nothing(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    uint32_t before = leg(t.r, t.caller)->list;
    press_all(t.r, t.caller, "0123456789*#");
    press_all(t.r, t.agent, "0123456789*#");
    assert_int_equal(leg(t.r, t.caller)->list, before);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    reception_drop(t.r);
}

static void picked_up_and_hung_up_while_the_journal_takes_nothing_the_caller_waits_on(void **state)
{
    (void)state;
    struct talk t = ringing();
    uint64_t other = in_queue(t.r);
    t.r->book.is_full = true;
    press(t.r, other, '2');
    up(t.r, t.agent); /* the confirmation waits */
    ends(t.r, t.agent, false);
    t.r->book.is_full = false;
    pass(t.r, 1000);
    assert_int_not_equal(state_of(t.r, 1), AGENT_STATE_JOINED);
    get_ready(t.r, 2);
    up(t.r, rings_at(t.r, 2));
    assert_true(is_bridged(t.r, t.caller, board_of(&t.r->board, 2)->id));
    reception_drop(t.r);
}

/* ---- registration, and the end of the service ------------------------------------------------ */

static void a_ready_agent_whose_telephone_signs_off_takes_no_more_calls(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    get_ready(r, 1);
    sign_in(r, 2);
    away(r, 1);
    away(r, 2);
    away(r, 4); /* not signed in: nothing to say */
    assert_int_equal(pause_of(r, 1), PAUSE_LINE_LOST);
    assert_int_equal(pause_of(r, 2), PAUSE_SIGN_IN);
    reception_drop(r);
}

static void a_telephone_that_signs_off_during_a_talk_does_not_end_it(void **state)
{
    (void)state;
    struct talk t = talking(1000);
    away(t.r, 1);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_JOINED);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    reception_drop(t.r);
}

static void at_the_end_of_the_service_who_speaks_may_finish_without_a_wrap_up(void **state)
{
    (void)state;
    struct talk t = talking(20000);
    lines_drain(t.r->lines);
    assert_true(is_bridged(t.r, t.agent, t.caller));
    ends(t.r, t.caller, false);
    assert_true(leg(t.r, t.agent)->was_hung_up);
    assert_int_equal(lines_n(t.r->lines), 0);
    reception_drop(t.r);
}

static void at_the_end_of_the_service_what_rings_is_stopped_with_its_caller(void **state)
{
    (void)state;
    struct talk t = ringing();
    lines_drain(t.r->lines);
    turn(t.r);
    hears_all(t.r, t.caller);
    assert_true(leg(t.r, t.agent)->was_hung_up);
    assert_int_equal(lines_n(t.r->lines), 0);
    reception_drop(t.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ready_agent_rings_and_sees_who_calls_about_what),
        cmocka_unit_test(picked_up_both_hear_a_word_and_then_each_other),
        cmocka_unit_test(a_service_that_the_table_does_not_know_is_announced_by_its_own_name),
        cmocka_unit_test(a_service_without_a_word_of_its_own_is_announced_by_the_tone_alone),
        cmocka_unit_test(not_picked_up_in_time_the_caller_is_offered_to_another),
        cmocka_unit_test(busy_and_not_now_are_the_agents_answer_the_rest_is_the_lines),
        cmocka_unit_test(a_telephone_that_is_not_registered_is_said_to_the_heart_at_once),
        cmocka_unit_test(without_a_free_line_the_telephone_is_not_left_ringing),
        cmocka_unit_test(the_caller_leaves_while_it_rings),
        cmocka_unit_test(the_caller_leaves_before_the_telephone_was_even_rung),
        cmocka_unit_test(picked_up_too_late_the_line_ends),
        cmocka_unit_test(however_many_telephones_fail_within_one_turn_the_house_stands),
        cmocka_unit_test(the_caller_hangs_up_and_the_agent_hears_how_to_resume),
        cmocka_unit_test(one_after_the_talk_ends_the_wrap_up_and_frees_the_telephone_first),
        cmocka_unit_test(without_a_key_the_line_ends_and_the_wrap_up_goes_on),
        cmocka_unit_test(a_wrap_up_that_ends_by_itself_frees_the_telephone),
        cmocka_unit_test(the_agent_hangs_up_in_the_wrap_up),
        cmocka_unit_test(a_telephone_that_dies_in_the_wrap_up_is_lost),
        cmocka_unit_test(the_agent_hangs_up_after_a_talk_and_the_caller_hears_goodbye),
        cmocka_unit_test(the_agent_hangs_up_within_ten_seconds_and_that_is_our_cut),
        cmocka_unit_test(a_lost_agent_gives_the_caller_back_told_so_and_first),
        cmocka_unit_test(keys_during_the_talk_do_nothing),
        cmocka_unit_test(picked_up_and_hung_up_while_the_journal_takes_nothing_the_caller_waits_on),
        cmocka_unit_test(a_ready_agent_whose_telephone_signs_off_takes_no_more_calls),
        cmocka_unit_test(a_telephone_that_signs_off_during_a_talk_does_not_end_it),
        cmocka_unit_test(at_the_end_of_the_service_who_speaks_may_finish_without_a_wrap_up),
        cmocka_unit_test(at_the_end_of_the_service_what_rings_is_stopped_with_its_caller),
    };
    return cmocka_run_group_tests_name("app/lines_agent", tests, NULL, NULL);
}
