/* lines_again.c — who calls again: the place is given back at once, or asked about by a key, or not
 * theirs to take; what is said, and when; over the real heart and gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_again.h"

#define SELAM "0639981241"
#define OTHER "0639981240"

static void one_plain_drop_is_given_back_at_once(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = again_dropped(r, SELAM, false);
    ms_t place_at = last(r, EV_CONTACT_OPENED).contact_opened.place_at;
    again_calls(r, OTHER); /* came between */
    pass(r, 60000);
    uint64_t id = again_calls(r, SELAM);
    assert_true(again_is(r, contact_id));
    assert_true(hears(r, id, PROMPT_WAIT_REGAINED));
    assert_false(hears(r, id, PROMPT_QUEUE_ENTER));
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.key_at, place_at);
    get_ready(r, 1);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.contact_id, contact_id);
    reception_drop(r);
}

static void a_cut_of_ours_is_apologised_for(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = again_dropped(r, SELAM, true);
    uint64_t id = again_calls(r, SELAM);
    assert_true(again_is(r, contact_id));
    assert_true(hears(r, id, PROMPT_WAIT_REGAINED_OURS));
    assert_false(hears(r, id, PROMPT_WAIT_REGAINED));
    reception_drop(r);
}

/* Whoever is free takes them at once: both are said. */
static void who_is_answered_at_once_hears_of_the_place_too(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    again_dropped(r, SELAM, false);
    get_ready(r, 1);
    uint64_t id = again_calls(r, SELAM);
    assert_true(hears(r, id, PROMPT_WAIT_REGAINED) && hears(r, id, PROMPT_QUEUE_DIRECT));
    reception_drop(r);
}

static void at_the_end_of_the_window_it_is_a_new_wish(void **state)
{
    (void)state;
    for (unsigned is_past = 0; is_past < 2; is_past++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        uint64_t contact_id = again_dropped(r, SELAM, false);
        pass(r, AGAIN_WINDOW_MS - 1 + is_past);
        again_calls(r, SELAM);
        assert_int_equal(again_is(r, contact_id), !is_past);
        reception_drop(r);
    }
}

static void a_fourth_return_is_a_new_wish(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = again_dropped(r, SELAM, false);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t id = again_calls(r, SELAM);
        assert_true(again_is(r, contact_id));
        ends(r, id, false);
    }
    again_calls(r, SELAM);
    assert_false(again_is(r, contact_id));
    assert_int_equal(events(r, EV_PLACE_REGAINED), 3);
    reception_drop(r);
}

/* Two who share a number, or one who began anew: nobody knows which, so the key says it; and not
 * that a call is promised, for none is. */
static void several_drops_are_asked_about_by_a_key(void **state)
{
    (void)state;
    static const char keys[] = {'1', '2', '0', 0};
    for (unsigned i = 0; i < ARRAY_LEN(keys); i++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        uint64_t one = again_calls(r, SELAM), two = again_calls(r, SELAM);
        ends(r, one, false);
        pass(r, 1000);
        ends(r, two, false);
        unsigned queued_n = events(r, EV_CONTACT_QUEUED);
        uint64_t newest = last(r, EV_CONTACT_QUEUED).contact_queued.contact_id;
        uint64_t id = again_calls(r, SELAM);
        assert_true(hears(r, id, PROMPT_CB_AGAIN));
        assert_false(hears(r, id, PROMPT_CB_EXISTS));
        assert_int_equal(events(r, EV_CONTACT_QUEUED), queued_n);
        press(r, id, '*');
        press(r, id, '7'); /* means nothing */
        assert_true(hears(r, id, PROMPT_CB_AGAIN));
        hears_all(r, id);
        if (keys[i])
            press(r, id, keys[i]);
        else
            pass(r, 8000);
        assert_int_equal(events(r, EV_CONTACT_QUEUED), queued_n + 1);
        assert_int_equal(again_is(r, newest), keys[i] == '1');
        assert_int_equal(hears(r, id, PROMPT_WAIT_REGAINED), keys[i] == '1');
        assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
        reception_drop(r);
    }
}

static void nobody_is_asked_on_a_line_that_is_shared(void **state)
{
    (void)state;
    static const uint32_t seen[] = {0, 5, 3, 2};
    static const bool is_listed[] = {true, false, false, false};
    for (unsigned i = 0; i < ARRAY_LEN(seen); i++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        uint64_t shared = 33639981241, *files = r->directory->shared;
        if (is_listed[i]) {
            r->directory->shared = &shared;
            r->directory->shared_n = 1;
            map_put(&r->directory->shared_of, shared, 0);
        }
        c.references_n = seen[i];
        uint64_t contact_id = again_dropped(r, SELAM, false);
        uint64_t id = again_calls(r, SELAM);
        bool is_shared = is_listed[i] || seen[i] >= 3;
        assert_int_equal(again_is(r, contact_id), !is_shared);
        assert_int_equal(hears(r, id, PROMPT_WAIT_REGAINED), !is_shared);
        r->directory->shared = files;
        reception_drop(r);
    }
}

static void without_a_number_or_without_knowing_it_nothing_is_taken_back(void **state)
{
    (void)state;
    for (unsigned is_slow = 0; is_slow < 2; is_slow++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        const char *number = is_slow ? SELAM : "";
        uint64_t contact_id = again_dropped(r, number, false);
        c.is_slow = is_slow;
        uint64_t id = arrive_as(r, 0, PUBLIC, number);
        pass(r, LINES_PERSON_MS);
        up(r, id);
        press(r, id, '1');
        hears_all(r, id);
        assert_false(again_is(r, contact_id));
        assert_true(hears(r, id, PROMPT_NOBODY_UNKNOWN));
        assert_int_equal(events(r, EV_PLACE_REGAINED), 0);
        reception_drop(r);
    }
}

/* ---- what keeps the place is said once it is on disk ---------------------------------------- */

static void who_enters_hears_how_long_the_place_is_kept(void **state)
{
    (void)state;
    static const struct {
        ms_t window_ms;
        unsigned word;
    } rows[] = {{300000, PROMPT_QUEUE_ENTER_KEPT_5},  {600000, PROMPT_QUEUE_ENTER_KEPT_10},
                {900000, PROMPT_QUEUE_ENTER_KEPT_15}, {1800000, PROMPT_QUEUE_ENTER_KEPT_30},
                {599999, PROMPT_QUEUE_ENTER},         {0, PROMPT_QUEUE_ENTER},
                {3600000, PROMPT_QUEUE_ENTER}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        sign_in(r, 1); /* somebody is at work, on a pause */
        again_window(r, rows[i].window_ms);
        uint64_t id = again_calls(r, SELAM);
        assert_true(hears(r, id, rows[i].word));
        assert_int_equal(r->book.reference_rows_n, 1);
        reception_drop(r);
    }
}

static void who_could_not_be_recognised_hears_no_promise(void **state)
{
    (void)state;
    static const char *const numbers[] = {"", SELAM, SELAM};
    static const uint32_t seen[] = {0, 2, 1}; /* with this one: 3, 2 */
    for (unsigned i = 0; i < ARRAY_LEN(seen); i++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        sign_in(r, 1);
        c.references_n = seen[i];
        uint64_t id = again_calls(r, numbers[i]);
        assert_int_equal(hears(r, id, PROMPT_QUEUE_ENTER_KEPT_10), i == 2);
        assert_int_equal(hears(r, id, PROMPT_QUEUE_ENTER), i != 2);
        reception_drop(r);
    }
}

static void nothing_that_keeps_the_place_is_said_before_it_is_on_disk(void **state)
{
    (void)state;
    for (unsigned comes = 0; comes < 2; comes++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        sign_in(r, 1);
        uint64_t id = arrive_as(r, 0, PUBLIC, SELAM);
        turn(r);
        up(r, id);
        r->commits = false;
        press(r, id, '1');
        hears_all(r, id);
        pass(r, APP_PROMISE_MS - 1);
        assert_false(hears(r, id, PROMPT_QUEUE_ENTER_KEPT_10) || hears(r, id, PROMPT_QUEUE_ENTER));
        assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP); /* music meanwhile */
        r->commits = comes;
        pass(r, comes ? 0 : 1);
        assert_int_equal(hears(r, id, PROMPT_QUEUE_ENTER_KEPT_10), comes);
        assert_int_equal(hears(r, id, PROMPT_QUEUE_ENTER), !comes);
        r->commits = true;
        pass(r, 1);
        assert_false(hears(r, id, PROMPT_ERR_NO_PROMISE));
        reception_drop(r);
    }
}

/* ---- a call is promised to this number ------------------------------------------------------ */

static uint64_t promised(struct reception *r)
{
    back_rules(r);
    uint64_t id = again_calls(r, SELAM);
    uint64_t contact_id = last(r, EV_CONTACT_QUEUED).contact_queued.contact_id;
    back_arranges(r, id);
    assert(hears(r, id, PROMPT_CB_DONE_FROM));
    ends(r, id, false);
    return contact_id;
}

static void who_is_to_be_called_is_asked_and_waits_on_the_line_instead(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = promised(r);
    pass(r, 1200000); /* no window: the promise stands */
    uint64_t id = again_calls(r, SELAM);
    assert_true(hears(r, id, PROMPT_CB_EXISTS));
    press(r, id, '1');
    assert_true(again_is(r, contact_id));
    assert_true(hears(r, id, PROMPT_WAIT_REGAINED));
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    up(r, agent);
    heard(r, agent);
    heard(r, id);
    pass(r, 60000);
    ends(r, id, false);
    assert_int_equal(outcome(r), OUTCOME_ANSWERED);
    get_ready(r, 2);
    pass(r, 7200000);
    assert_int_equal(back_dials_n(r), 0); /* answered once, and never dialled */
    uint64_t next = again_calls(r, SELAM);
    press(r, next, '1'); /* the gate knows of no open wish: another may be made */
    assert_false(hears(r, next, PROMPT_CB_EXISTS));
    reception_drop(r);
}

static void who_has_another_wish_keeps_both(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = promised(r);
    uint64_t id = again_calls(r, SELAM);
    press(r, id, '2');
    assert_false(again_is(r, contact_id));
    struct acd_look_callback look;
    assert_true(acd_look_callback_of(r->acd, contact_id, &look));
    reception_drop(r);
}

/* Between the question and the key an agent has begun to call them. */
static void who_is_called_meanwhile_is_a_new_wish(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = promised(r);
    uint64_t id = again_calls(r, SELAM);
    get_ready(r, 1);
    assert_int_not_equal(rings_at(r, 1), 0);
    press(r, id, '1');
    assert_false(again_is(r, contact_id));
    assert_false(hears(r, id, PROMPT_WAIT_REGAINED));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    reception_drop(r);
}

static void who_hangs_up_at_the_question_changes_nothing(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = promised(r);
    uint64_t id = again_calls(r, SELAM);
    ends(r, id, false);
    assert_int_equal(outcome(r), OUTCOME_IVR_ABANDONED);
    struct acd_look_callback look;
    assert_true(acd_look_callback_of(r->acd, contact_id, &look));
    reception_drop(r);
}

/* The line was dead, and nobody knew it yet: on the line again, they are not called as well. */
static void who_is_here_already_is_not_called_by_the_house(void **state)
{
    (void)state;
    static const char *const second[] = {SELAM, OTHER};
    for (unsigned i = 0; i < ARRAY_LEN(second); i++) {
        struct again_clerk c;
        struct reception *r = again_open(&c);
        back_rules(r);
        uint64_t dead = again_calls(r, SELAM), id = again_calls(r, second[i]);
        ends(r, dead, true);
        assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
        assert_int_equal(events(r, EV_CALLBACK_CANCELLED), !i);
        assert_false(is_over(r, id));
        if (!i) {
            get_ready(r, 1);
            assert_int_equal(last(r, EV_OFFER_MADE).offer_made.phase, OFFER_PHASE_OFFERED);
        }
        reception_drop(r);
    }
}

/* ---- after a crash -------------------------------------------------------------------------- */

static void starts_again(struct reception *r)
{
    struct lines_wish wish;
    notebook_crash(&r->book);
    for (size_t i = 0; i < r->board.n; i++)
        r->board.legs[i].state = BOARD_OVER;
    reception_start(r);
    for (uint32_t i = 0; lines_next_unknown(r->lines, &i, &wish);) {
        wish.e164 = 33639981241;
        lines_wish(r->lines, &wish);
    }
    lines_places(r->lines);
    turn(r);
}

static void who_was_cut_by_a_crash_is_recognised_and_not_called(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    back_rules(r);
    again_calls(r, SELAM);
    uint64_t contact_id = last(r, EV_CONTACT_QUEUED).contact_queued.contact_id;
    pass(r, 60000);
    starts_again(r);
    assert_true(last(r, EV_CALLBACK_PROMISED).callback_promised.by_house);
    uint64_t id = again_calls(r, SELAM);
    assert_true(again_is(r, contact_id));
    assert_true(hears(r, id, PROMPT_WAIT_REGAINED_OURS));
    get_ready(r, 1);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.phase, OFFER_PHASE_OFFERED);
    assert_int_equal(back_dials_n(r), 0);
    reception_drop(r);
}

static void a_drop_of_the_life_before_is_remembered(void **state)
{
    (void)state;
    struct again_clerk c;
    struct reception *r = again_open(&c);
    uint64_t contact_id = again_dropped(r, SELAM, false);
    pass(r, 1000);
    starts_again(r);
    uint64_t id = again_calls(r, SELAM);
    assert_true(again_is(r, contact_id));
    assert_true(hears(r, id, PROMPT_WAIT_REGAINED));
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_plain_drop_is_given_back_at_once),
        cmocka_unit_test(a_cut_of_ours_is_apologised_for),
        cmocka_unit_test(who_is_answered_at_once_hears_of_the_place_too),
        cmocka_unit_test(at_the_end_of_the_window_it_is_a_new_wish),
        cmocka_unit_test(a_fourth_return_is_a_new_wish),
        cmocka_unit_test(several_drops_are_asked_about_by_a_key),
        cmocka_unit_test(nobody_is_asked_on_a_line_that_is_shared),
        cmocka_unit_test(without_a_number_or_without_knowing_it_nothing_is_taken_back),
        cmocka_unit_test(who_enters_hears_how_long_the_place_is_kept),
        cmocka_unit_test(who_could_not_be_recognised_hears_no_promise),
        cmocka_unit_test(nothing_that_keeps_the_place_is_said_before_it_is_on_disk),
        cmocka_unit_test(who_is_to_be_called_is_asked_and_waits_on_the_line_instead),
        cmocka_unit_test(who_has_another_wish_keeps_both),
        cmocka_unit_test(who_is_called_meanwhile_is_a_new_wish),
        cmocka_unit_test(who_hangs_up_at_the_question_changes_nothing),
        cmocka_unit_test(who_is_here_already_is_not_called_by_the_house),
        cmocka_unit_test(who_was_cut_by_a_crash_is_recognised_and_not_called),
        cmocka_unit_test(a_drop_of_the_life_before_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
