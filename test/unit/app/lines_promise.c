/* lines_promise.c — a caller who waits arranges to be called back: the number, the pencil, the
 * reference, the proof, and what is said once it is on disk; over the real heart and gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_back.h"

static void flow_b_is_four_keys_and_everything_is_said_before_they_may_hang_up(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_CB_OFFER)); /* nobody is there */
    assert_false(hears(r, id, PROMPT_CLOSED_WAYS));
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_NUMBER));
    assert_true(hears(r, id, PROMPT_CB_NUMBER_OK));
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_NOTE));
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_REF));
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 0);
    hears_all(r, id);
    assert_true(hears(r, id, PROMPT_CB_PROOF));
    hears_all(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    assert_true(hears(r, id, PROMPT_CB_DONE_ASAP_TODAY));
    assert_true(hears(r, id, PROMPT_CB_DONE_FROM));
    hears_all(r, id);
    assert_false(is_over(r, id));
    pass(r, 10000);
    assert_true(is_over(r, id));
    assert_int_equal(events(r, EV_CALL_PENDING), 1);
    reception_drop(r);
}

static void an_agent_who_becomes_free_has_them_whatever_they_hear(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    get_ready(r, 1);
    up(r, rings_at(r, 1));
    assert_true(hears(r, id, PROMPT_CONNECT_NOW));
    pass(r, 60000);
    assert_int_equal(leg(r, id)->sound.then, MEDIA_BRIDGE);
    press(r, id, '1');
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 0);
    reception_drop(r);
}

static void another_number_is_keyed_in_and_a_wrong_one_is_refused_in_words(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0899123456", "0536", "3646#"};
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        press(r, id, '1');
        press(r, id, '2');
        assert_true(hears(r, id, PROMPT_CB_NUMBER_ENTER));
        press_all(r, id, wrong[i]);
        pass(r, i == 1 ? 12000 : 0);
        assert_true(hears(r, id, i ? PROMPT_CB_NUMBER_COUNT : PROMPT_CB_NUMBER_REFUSED));
        press_all(r, id, "**");
        assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    }
    press(r, id, '1');
    press(r, id, '2');
    press_all(r, id, "05364912*"); /* from the beginning */
    press_all(r, id, "0536491299");
    assert_true(hears(r, id, PROMPT_CB_NOTE));
    press(r, id, '1');
    hears_all(r, id);
    hears_all(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    ends(r, id, false);
    get_ready(r, 1);
    up(r, rings_at(r, 1));
    hears_all(r, rings_at(r, 1) ? rings_at(r, 1) : board_of(&r->board, 1)->id);
    assert_int_not_equal(back_dialled(r, "33536491299"), 0);
    reception_drop(r);
}

static void the_third_failure_says_that_it_does_not_matter(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '2');
    for (unsigned i = 0; i < 3; i++)
        press_all(r, id, "0899123456");
    assert_true(hears(r, id, PROMPT_CB_NUMBER_STUCK));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    assert_int_equal(back_dials_n(r), 0);
    reception_drop(r);
}

static void two_silences_lead_back_to_the_music(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    press(r, id, '1');
    hears_all(r, id);
    pass(r, 8000);
    assert_true(hears(r, id, PROMPT_CB_NUMBER));
    hears_all(r, id);
    pass(r, 8000);
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    ends(r, id, false);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 0);
    assert_int_equal(outcome(r), OUTCOME_TURNED_AWAY);
    reception_drop(r);
}

static void a_pencil_is_waited_for_a_minute_and_then_it_goes_on_by_itself(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    hears_all(r, id);
    for (unsigned i = 0; i < 4; i++) {
        pass(r, 15000);
        assert_true(hears(r, id, PROMPT_TONE_CONNECT));
        hears_all(r, id);
    }
    pass(r, 15000);
    assert_true(hears(r, id, PROMPT_CB_REF));
    press(r, id, '*');
    assert_true(hears(r, id, PROMPT_CB_REF));
    reception_drop(r);
}

static void who_withholds_the_number_keys_one_in(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = arrive_as(r, 0, PUBLIC, "");
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_NUMBER_HIDDEN));
    press_all(r, id, "0639981242");
    press(r, id, '1');
    hears_all(r, id);
    hears_all(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    reception_drop(r);
}

static void who_hangs_up_after_the_number_is_called_all_the_same(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    ends(r, id, false);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    assert_int_equal(outcome(r), OUTCOME_NONE);
    reception_drop(r);
}

/* The disk is full: nothing is said in the past tense, the place stays. */
static void what_cannot_be_noted_is_not_promised(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    press(r, id, '1');
    hears_all(r, id);
    r->commits = false;
    hears_all(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    pass(r, APP_PROMISE_MS + 10);
    assert_true(hears(r, id, PROMPT_ERR_NO_PROMISE));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    assert_int_equal(events(r, EV_CALLBACK_WITHDRAWN), 1);
    r->commits = true;
    pass(r, 100);
    assert_false(hears(r, id, PROMPT_CB_DONE_FROM));
    back_arranges(r, id); /* and may try again */
    assert_true(hears(r, id, PROMPT_CB_DONE_FROM));
    reception_drop(r);
}

/* The disk refuses between the number and the promise: the heart hears that within the command. */
static void what_the_disk_refuses_at_once_is_withdrawn_and_they_are_served(void **state)
{
    (void)state;
    struct reception *r = back_open();
    sign_in(r, 1);
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    press(r, id, '1');
    hears_all(r, id);
    r->book.health = JOURNAL_DOWN;
    hears_all(r, id);
    assert_true(hears(r, id, PROMPT_ERR_NO_PROMISE));
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), events(r, EV_CALLBACK_WITHDRAWN));
    r->book.health = JOURNAL_WELL;
    pass(r, 100);
    reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
    turn(r);
    assert_int_not_equal(rings_at(r, 1), 0); /* on the line, at their place */
    reception_drop(r);
}

static void a_second_wish_at_the_same_number_is_not_taken(void **state)
{
    (void)state;
    struct reception *r = back_open();
    back_promised(r);
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_OPEN));
    assert_true(hears(r, id, PROMPT_WAIT_ZERO));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_LOOP);
    reception_drop(r);
}

static void where_nobody_is_called_back_key_1_means_nothing(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = in_queue(r);
    uint32_t list = leg(r, id)->list;
    assert_false(hears(r, id, PROMPT_CB_OFFER));
    press(r, id, '1');
    assert_int_equal(leg(r, id)->list, list);
    reception_drop(r);
}

/* At most four times, four minutes apart; with a long wait the keys of the entry tell it. */
static void it_is_offered_when_the_wait_is_long_and_not_too_often(void **state)
{
    (void)state;
    struct reception *r = back_open();
    sign_in(r, 1); /* paused: may answer later */
    uint64_t id = in_queue(r);
    unsigned offers_n = 0;
    assert_false(hears(r, id, PROMPT_CB_OFFER));
    for (unsigned minute = 0; minute < 60; minute++) {
        uint32_t list = leg(r, id)->list;
        pass(r, 60000);
        if (leg(r, id)->list == list)
            continue;
        assert_true(!hears(r, id, PROMPT_CB_OFFER) || minute >= 8);
        offers_n += hears(r, id, PROMPT_CB_OFFER);
        hears_all(r, id);
    }
    assert_int_equal(offers_n, 4);
    reception_drop(r);
}

/* ---- text messages ------------------------------------------------------------------------ */

static struct settings_sms sms;

/* Where text messages are written; an agent at work, so that the wait is known. */
static struct reception *texting_open(void)
{
    struct settings settings;
    struct reception *r = reception_new(8);
    settings_defaults(&settings);
    sms = settings.sms;
    sms.driver = SETTINGS_SMS_DRIVER_HTTP;
    sms.answers = true;
    r->sms = &sms;
    r->directory->is_demo = true;
    memcpy(r->directory->organisation.name, "Mairie", sizeof("Mairie"));
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    r->gate_rules.sms = SETTINGS_GATE_SMS_FRANCE;
    reception_fill(r);
    back_rules(r);
    sign_in(r, 1);
    reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
    return r;
}

/* One speaks with the only agent; another one, of a mobile, waits and is promised a call. */
static uint64_t texted(struct reception *r)
{
    up(r, rings_at(r, (in_queue(r), 1)));
    uint64_t id = arrive_as(r, 0, PUBLIC, "0639981240");
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    back_arranges(r, id);
    return id;
}

static void a_mobile_gets_what_was_promised_in_writing_too(void **state)
{
    (void)state;
    struct reception *r = texting_open();
    uint64_t id = texted(r);
    assert_true(hears(r, id, PROMPT_CB_SMS));
    assert_int_equal(texts_totals(r->texts).queued_n, 1);
    reception_drop(r);
}

/* Nothing is written of what was not noted. */
static void no_text_goes_before_the_promise_is_on_disk(void **state)
{
    (void)state;
    struct reception *r = texting_open();
    up(r, rings_at(r, (in_queue(r), 1)));
    uint64_t id = arrive_as(r, 0, PUBLIC, "0639981240");
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    press_all(r, id, "111");
    hears_all(r, id);
    r->commits = false;
    hears_all(r, id);
    pass(r, APP_PROMISE_MS + 10);
    assert_int_equal(texts_totals(r->texts).queued_n, 0);
    assert_true(hears(r, id, PROMPT_ERR_NO_PROMISE));
    reception_drop(r);
}

static void annuler_takes_the_promise_back_and_a_new_one_may_be_made(void **state)
{
    (void)state;
    struct reception *r = texting_open();
    uint64_t id = texted(r);
    ends(r, id, false);
    assert_false(lines_cancel(33612345678, r->lines)); /* somebody else */
    assert_true(lines_cancel(33639981240, r->lines));
    turn(r);
    assert_int_equal(last(r, EV_CALLBACK_CANCELLED).callback_cancelled.by, CANCELLED_BY_PERSON);
    assert_int_equal(outcome(r), OUTCOME_ABANDONED);
    assert_false(lines_cancel(33639981240, r->lines)); /* nothing is left */
    id = arrive_as(r, 0, PUBLIC, "0639981240");
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    back_arranges(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 2);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mobile_gets_what_was_promised_in_writing_too),
        cmocka_unit_test(no_text_goes_before_the_promise_is_on_disk),
        cmocka_unit_test(annuler_takes_the_promise_back_and_a_new_one_may_be_made),
        cmocka_unit_test(flow_b_is_four_keys_and_everything_is_said_before_they_may_hang_up),
        cmocka_unit_test(an_agent_who_becomes_free_has_them_whatever_they_hear),
        cmocka_unit_test(another_number_is_keyed_in_and_a_wrong_one_is_refused_in_words),
        cmocka_unit_test(the_third_failure_says_that_it_does_not_matter),
        cmocka_unit_test(two_silences_lead_back_to_the_music),
        cmocka_unit_test(a_pencil_is_waited_for_a_minute_and_then_it_goes_on_by_itself),
        cmocka_unit_test(who_withholds_the_number_keys_one_in),
        cmocka_unit_test(who_hangs_up_after_the_number_is_called_all_the_same),
        cmocka_unit_test(what_cannot_be_noted_is_not_promised),
        cmocka_unit_test(what_the_disk_refuses_at_once_is_withdrawn_and_they_are_served),
        cmocka_unit_test(a_second_wish_at_the_same_number_is_not_taken),
        cmocka_unit_test(where_nobody_is_called_back_key_1_means_nothing),
        cmocka_unit_test(it_is_offered_when_the_wait_is_long_and_not_too_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
