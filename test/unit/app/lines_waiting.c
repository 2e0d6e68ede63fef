/* lines_waiting.c — a caller who waits: what is said when, the keys, the end of the service, and
 * the bounds of lines; over the real heart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

/* ---- waiting -------------------------------------------------------------------------------- */

static void who_enters_with_nobody_signed_in_hears_the_truth_and_may_stay(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_NOBODY_UNKNOWN));
    assert_true(hears(r, id, PROMPT_CLOSED_WAYS));
    assert_false(hears(r, id, PROMPT_QUEUE_ENTER));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    assert_int_equal(leg(r, id)->sound.loop_id, PROMPT_MUSIC_WAIT);
    pass(r, 60000);
    assert_true(hears(r, id, PROMPT_NOBODY_UNKNOWN));
    ends(r, id, false);
    assert_int_equal(outcome(r), OUTCOME_TURNED_AWAY);
    reception_drop(r);
}

static void who_enters_behind_others_hears_the_place_and_once_the_keys(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    sign_in(r, 1); /* paused: may answer later */
    in_queue(r);
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_QUEUE_ENTER));
    assert_true(hears(r, id, PROMPT_WAIT_BEFORE_1));
    assert_true(hears(r, id, PROMPT_WAIT_KEYS_FIRST));
    press(r, id, '2');
    assert_true(hears(r, id, PROMPT_WAIT_BEFORE_1));
    assert_false(hears(r, id, PROMPT_WAIT_KEYS_FIRST));
    reception_drop(r);
}

static void in_the_rhythm_something_true_is_said_and_the_third_time_about_data(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    sign_in(r, 1);
    in_queue(r); /* behind somebody: what is foretold holds for longer than the test */
    uint64_t id = in_queue(r);
    for (unsigned i = 1; i <= 3; i++) {
        uint32_t list = leg(r, id)->list;
        pass(r, i == 1 ? 60000 : 120000);
        assert_int_equal(leg(r, id)->list, list + 1);
        assert_int_not_equal(leg(r, id)->sound.n, 0);
        assert_int_equal(hears(r, id, PROMPT_NOTICE_DATA_HINT), i == 3);
        if (i < 3)
            hears_all(r, id);
    }
    reception_drop(r);
}

static void after_five_minutes_the_reference_follows_the_rhythm_unasked_and_once(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    sign_in(r, 1);
    in_queue(r); /* behind somebody: what is foretold holds for longer than the test */
    uint64_t id = in_queue(r);
    pass(r, 299000);
    hears_all(r, id);
    assert_int_equal(events(r, EV_REFERENCE_TOLD), 0);
    pass(r, 1000);
    assert_false(hears(r, id, PROMPT_WAIT_REF)); /* what is being said is not cut off by it */
    hears_all(r, id);
    assert_true(hears(r, id, PROMPT_WAIT_REF));
    pass(r, 300000);
    hears_all(r, id);
    assert_int_equal(events(r, EV_REFERENCE_TOLD), 1);
    reception_drop(r);
}

static void closing_is_told_to_who_waits(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    sign_in(r, 1);
    uint64_t id = in_queue(r);
    reception_do(r, (struct command){.kind = CMD_QUEUE_HOURS,
                                     .queue_hours = {.queue_id = HEALTH,
                                                     .hours = HOURS_OPEN,
                                                     .closes_at = r->now_at + 30000}});
    pass(r, 30000);
    reception_do(
        r, (struct command){.kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = HEALTH, .hours = HOURS_CLOSED_PUBLISHED}});
    turn(r);
    assert_true(hears(r, id, PROMPT_WAIT_CLOSING_KEPT) || hears(r, id, PROMPT_WAIT_CLOSING_CANNOT));
    reception_drop(r);
}

static void who_is_let_go_because_the_last_agent_left_is_told_so_first(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    sign_in(r, 1);
    uint64_t id = in_queue(r);
    reception_do(
        r, (struct command){.kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = HEALTH, .hours = HOURS_CLOSED_PUBLISHED}});
    reception_do(r, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {1}});
    turn(r);
    assert_int_equal(outcome(r), OUTCOME_CUT_OFF);
    assert_false(leg(r, id)->was_hung_up);
    assert_true(hears(r, id, PROMPT_WAIT_CLOSING_CANNOT));
    hears_all(r, id);
    assert_true(leg(r, id)->was_hung_up);
    assert_int_equal(events(r, EV_CALL_ENDED), 1);
    reception_drop(r);
}

static void five_stops_the_music_and_brings_it_back(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_queue(r);
    press(r, id, '5');
    assert_true(hears(r, id, PROMPT_WAIT_MUSIC_OFF));
    assert_int_equal(leg(r, id)->sound.loop_id, BEEP);
    press(r, id, '5');
    assert_true(hears(r, id, PROMPT_WAIT_MUSIC_ON));
    assert_int_equal(leg(r, id)->sound.loop_id, PROMPT_MUSIC_WAIT);
    reception_drop(r);
}

static void zero_reassures_hash_tells_of_data_and_other_keys_do_nothing(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_queue(r);
    press(r, id, '0');
    assert_true(hears(r, id, PROMPT_WAIT_ZERO));
    press(r, id, '#');
    assert_true(hears(r, id, PROMPT_NOTICE_DATA));
    uint32_t list = leg(r, id)->list;
    press_all(r, id, "146789*AD");
    assert_int_equal(leg(r, id)->list, list);
    assert_int_equal(lines_n(r->lines), 1);
    reception_drop(r);
}

static void the_reference_is_spoken_after_the_commit_only(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_queue(r);
    r->commits = false;
    press(r, id, '3');
    assert_false(hears(r, id, PROMPT_WAIT_REF));
    r->commits = true;
    turn(r);
    assert_true(hears(r, id, PROMPT_WAIT_REF));
    assert_int_equal(leg(r, id)->sound.n, MEDIA_LIST_MAX); /* all of it, twice: just so */
    reception_drop(r);
}

static void with_the_disk_down_no_reference_is_promised(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_queue(r);
    r->book.health = JOURNAL_DOWN;
    press(r, id, '3');
    assert_true(hears(r, id, PROMPT_ERR_NO_PROMISE));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    reception_drop(r);
}

static void a_long_list_is_cut_to_what_the_engine_takes(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->flow.steps[5].prompts_n = IVR_PROMPTS_MAX;
    for (unsigned i = 0; i < IVR_PROMPTS_MAX; i++)
        r->flow.steps[5].prompts[i] = PROMPT_CLOSED_WAYS;
    r->directory->is_demo = true;
    r->directory->numbers[0].week = OFFICE;
    r->directory->number_weeks = UINT64_C(1) << OFFICE;
    r->wall_ms = (4 * 24 + 9) * (ms_t)3600000;
    uint64_t id = in_menu(r);
    assert_true(leg(r, id)->sound.n > IVR_PROMPTS_MAX);
    assert_true(leg(r, id)->sound.n <= MEDIA_LIST_MAX);
    reception_drop(r);
}

/* ---- bounds and the end ---------------------------------------------------------------------- */

static void past_the_last_line_a_call_is_refused_and_a_free_one_is_used_again(void **state)
{
    (void)state;
    struct reception *r = reception_open(2);
    uint64_t id = in_menu(r);
    in_menu(r);
    assert_int_equal(leg(r, arrive(r, PUBLIC))->status, 503);
    ends(r, id, false);
    assert_int_equal(leg(r, arrive(r, PUBLIC))->state, BOARD_ANSWERED);
    for (unsigned i = 0; i < 20; i++) /* ten times as many */
        assert_int_equal(leg(r, arrive(r, PUBLIC))->status, 503);
    assert_int_equal(lines_n(r->lines), 2);
    reception_drop(r);
}

static void callers_who_come_and_go_within_one_commit_are_all_counted(void **state)
{
    (void)state;
    struct reception *r = reception_open(2);
    unsigned refused_n = 0;
    r->commits = false;
    for (unsigned i = 0; i < 50; i++) {
        uint64_t id = arrive(r, PUBLIC);
        if (leg(r, id)->status)
            refused_n++;
        else
            ends(r, id, false);
    }
    r->commits = true;
    turn(r);
    assert_int_equal(events(r, EV_CALL_ARRIVED) + refused_n, 50);
    assert_int_equal(events(r, EV_CALL_OUTCOME), events(r, EV_CALL_ARRIVED));
    assert_int_equal(outcome(r), OUTCOME_IVR_ABANDONED);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

static void the_end_of_a_call_is_told_again_when_the_app_could_not_even_keep_it(void **state)
{
    (void)state;
    struct reception *r = reception_open(2);
    uint64_t id = in_queue(r);
    r->book.is_full = true;
    for (unsigned i = 0; i < APP_BACKLOG_MAX + 1; i++)
        press(r, id, '2');
    ends(r, id, false);
    r->book.is_full = false;
    pass(r, 1000);
    assert_int_equal(events(r, EV_CALL_ENDED), 1);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

static void at_the_end_of_the_service_nobody_new_comes_and_who_waits_is_told(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t waits = in_queue(r), answered = arrive(r, PUBLIC);
    r->commits = false;
    uint64_t rings = arrive(r, PUBLIC);
    lines_drain(r->lines);
    assert_true(hears(r, waits, PROMPT_ERR_SYSTEM));
    assert_true(leg(r, answered)->was_hung_up);
    assert_true(leg(r, rings)->was_hung_up);
    assert_int_equal(leg(r, arrive(r, PUBLIC))->status, 503);
    assert_int_equal(leg(r, arrive_as(r, 1, "*71", "101"))->status, 503);
    r->commits = true;
    hears_all(r, waits);
    assert_true(leg(r, waits)->was_hung_up);
    assert_int_equal(lines_n(r->lines), 0);
    assert_int_equal(events(r, EV_CALL_OUTCOME), 3);
    for (size_t i = 0; i < r->book.n; i++)
        if (r->book.events[i].kind == EV_CALL_ENDED)
            assert_int_equal(r->book.events[i].call_ended.by, ENDED_BY_SYSTEM);
    reception_drop(r);
}

static void a_last_sentence_that_never_ends_holds_no_line(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_queue(r);
    lines_drain(r->lines);
    pass(r, 60000);
    assert_true(leg(r, id)->was_hung_up);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

static void a_caller_whom_the_heart_knows_not_is_let_go_alone(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t other = in_queue(r), id = in_menu(r);
    /* Somebody else ended this call: it asks for a queue and is unknown. */
    reception_do(r, (struct command){.kind = CMD_CALL_ENDED,
                                     .call_ended = {.call_id = last(r, EV_CALL_ARRIVED).id,
                                                    .by = ENDED_BY_CALLER}});
    press(r, id, '1');
    hears_all(r, id);
    assert_true(hears(r, id, PROMPT_ERR_SYSTEM));
    assert_int_equal(lines_totals(r->lines).broken_n, 1);
    hears_all(r, id);
    assert_true(leg(r, id)->was_hung_up);
    assert_int_equal(leg(r, other)->state, BOARD_UP);
    assert_int_equal(lines_n(r->lines), 1);
    reception_drop(r);
}

static void what_comes_late_for_a_leg_that_is_over_harms_nobody(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_queue(r);
    ends(r, id, false);
    report(r, (struct phone_report){.kind = PHONE_KEY, .leg_id = id, .key = '2'});
    report(r, (struct phone_report){.kind = PHONE_HEARD, .leg_id = id});
    report(r, (struct phone_report){.kind = PHONE_ENDED, .leg_id = id});
    report(r, (struct phone_report){.kind = PHONE_RINGS, .leg_id = id + 100});
    assert_int_equal(events(r, EV_CALL_ENDED), 1);
    reception_drop(r);
}

/* ---- the house's own robot ------------------------------------------------------------------ */

static void a_test_hears_music_at_the_door_of_the_queue_and_rings_nobody(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    get_ready(r, 1);
    uint64_t id = arrive_test(r, PUBLIC);
    assert_true(last(r, EV_CALL_ARRIVED).call_arrived.is_test);
    assert_int_equal(last(r, EV_CONTACT_OPENED).contact_opened.person_id, 0);
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    assert_int_equal(leg(r, id)->sound.loop_id, PROMPT_MUSIC_WAIT);
    assert_int_equal(rings_at(r, 1), 0);
    pass(r, 600000);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 0);
    assert_int_equal(events(r, EV_OFFER_MADE), 0);
    ends(r, id, false);
    assert_int_equal(outcome(r), OUTCOME_TEST);
    uint64_t caller = in_queue(r); /* and a caller is served as ever */
    assert_int_not_equal(rings_at(r, 1), 0);
    ends(r, caller, false);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_hears_music_at_the_door_of_the_queue_and_rings_nobody),
        cmocka_unit_test(who_enters_with_nobody_signed_in_hears_the_truth_and_may_stay),
        cmocka_unit_test(who_enters_behind_others_hears_the_place_and_once_the_keys),
        cmocka_unit_test(in_the_rhythm_something_true_is_said_and_the_third_time_about_data),
        cmocka_unit_test(after_five_minutes_the_reference_follows_the_rhythm_unasked_and_once),
        cmocka_unit_test(closing_is_told_to_who_waits),
        cmocka_unit_test(who_is_let_go_because_the_last_agent_left_is_told_so_first),
        cmocka_unit_test(five_stops_the_music_and_brings_it_back),
        cmocka_unit_test(zero_reassures_hash_tells_of_data_and_other_keys_do_nothing),
        cmocka_unit_test(the_reference_is_spoken_after_the_commit_only),
        cmocka_unit_test(with_the_disk_down_no_reference_is_promised),
        cmocka_unit_test(a_long_list_is_cut_to_what_the_engine_takes),
        cmocka_unit_test(past_the_last_line_a_call_is_refused_and_a_free_one_is_used_again),
        cmocka_unit_test(callers_who_come_and_go_within_one_commit_are_all_counted),
        cmocka_unit_test(the_end_of_a_call_is_told_again_when_the_app_could_not_even_keep_it),
        cmocka_unit_test(at_the_end_of_the_service_nobody_new_comes_and_who_waits_is_told),
        cmocka_unit_test(a_last_sentence_that_never_ends_holds_no_line),
        cmocka_unit_test(a_caller_whom_the_heart_knows_not_is_let_go_alone),
        cmocka_unit_test(what_comes_late_for_a_leg_that_is_over_harms_nobody),
    };
    return cmocka_run_group_tests_name("app/lines_waiting", tests, NULL, NULL);
}
