/* lines_slots.c — half hours to be called in, over the real heart and gate: who comes while it is
 * closed, who waits and chooses a time, how many there are, and what a death leaves of it. The
 * house is open from 8 to 18; it is Monday, 2026-09-21. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_slots.h"

/* The pencil, the reference, the proof. */
static void goes_on(struct reception *r, uint64_t id)
{
    assert_true(hears(r, id, PROMPT_CB_NOTE));
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_REF));
    hears_all(r, id);
    hears_all(r, id);
}

static uint64_t chooses_first(struct reception *r)
{
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    press(r, id, '1');
    goes_on(r, id);
    return id;
}

static void who_comes_at_night_is_called_at_the_time_they_chose_under_their_reference(void **state)
{
    (void)state;
    struct reception *r = open_at_night(2);
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_CLOSED_TOMORROW));
    assert_true(hears(r, id, PROMPT_CLOSED_CALLBACK));
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_NUMBER));
    press(r, id, '1');
    assert_true(
        hears(r, id, PROMPT_SLOT_TOMORROW)); /* nothing today, and no « as soon as possible » */
    assert_false(hears(r, id, PROMPT_SLOT_TODAY));
    assert_true(hears(r, id, PROMPT_CB_SLOTS));
    press(r, id, '1');
    goes_on(r, id);
    assert_true(hears(r, id, PROMPT_CB_DONE_SLOT_TOMORROW));
    assert_true(hears(r, id, PROMPT_CB_DONE_FROM));
    ends(r, id, false);
    assert_int_equal(outcome(r), OUTCOME_OUT_OF_HOURS);
    const struct slot slot = *only_row();
    assert_int_equal(slot.from_at - (r->now_at + r->wall_ms), 13 * HOUR); /* 8 on Tuesday */
    assert_int_equal(acd_look_counts(r->acd).contacts_n, 0);
    pass(r, 13 * HOUR - 1);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 1);
    set_hours(r, HOURS_OPEN);
    get_ready(r, 1);
    assert_int_equal(rings_at(r, 1), 0);
    pass(r, 1);
    assert_int_equal(last(r, EV_CALL_ARRIVED).call_arrived.channel, CHANNEL_CALLBACK);
    assert_int_equal(last(r, EV_CONTACT_OPENED).contact_opened.reference, slot.reference);
    up(r, rings_at(r, 1));
    hears_all(r, board_of(&r->board, 1)->id);
    assert_int_equal(back_dials_n(r), 1);
    assert_int_not_equal(back_dialled(r, BACK_CALLER), 0);
    assert_int_equal(rows_n(), 0);
    reception_drop(r);
}

/* As for who calls: the language is insisted on for a while, not for ever. */
static void who_chose_english_is_called_though_nobody_speaks_it(void **state)
{
    (void)state;
    struct reception *r = open_at_night(2);
    uint64_t id = in_menu(r);
    press_all(r, id, "81");
    hears_all(r, id);
    press_all(r, id, "111");
    assert_true(hears(r, id, PROMPT_CB_NOTE + ENGLISH));
    press(r, id, '1');
    hears_all(r, id);
    hears_all(r, id);
    ends(r, id, false);
    assert_int_equal(rows_n(), 1);
    set_hours(r, HOURS_OPEN);
    get_ready(r, 1);
    pass(r, 13 * HOUR);
    assert_int_not_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

static void no_more_are_sold_of_a_half_hour_than_there_are(void **state)
{
    (void)state;
    struct reception *r = open_at_night(1);
    ends(r, chooses_first(r), false);
    ms_t first_at = only_row()->from_at;
    uint64_t id = arrive_as(r, 0, PUBLIC, "+33536491299");
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    press_all(r, id, "111");
    goes_on(r, id);
    ends(r, id, false);
    assert_int_equal(rows_n(), 2);
    assert_int_equal(rows.slots[1].from_at - first_at, SLOT_MS);
    reception_drop(r);
}

static void other_times_are_read_out_two_by_two_and_then_the_first_once_more(void **state)
{
    (void)state;
    struct reception *r = open_at_night(2);
    uint64_t id = in_queue(r);
    press_all(r, id, "11");
    const struct phone_sound first = leg(r, id)->sound;
    unsigned pages_n = 0;
    do {
        press(r, id, '3');
        assert_true(hears(r, id, PROMPT_CB_SLOTS));
        assert_true(++pages_n < 40);
    } while (memcmp(&first.ids, &leg(r, id)->sound.ids, sizeof(first.ids)) != 0);
    assert_int_equal(pages_n, 11); /* 8, 10, 12, 14, 16 of Tuesday; Wednesday, Thursday; Friday */
    press(r, id, '9');             /* means nothing */
    press(r, id, '2');
    goes_on(r, id);
    assert_true(hears(r, id, PROMPT_CB_DONE_SLOT_TOMORROW));
    reception_drop(r);
}

static void two_silences_at_night_end_in_a_goodbye(void **state)
{
    (void)state;
    struct reception *r = open_at_night(2);
    uint64_t id = in_queue(r);
    press_all(r, id, "11");
    for (unsigned i = 0; i < 2; i++) {
        assert_true(hears(r, id, PROMPT_CB_SLOTS));
        hears_all(r, id);
        pass(r, 8000);
    }
    assert_true(hears(r, id, PROMPT_CLOSED_BYE));
    hears_all(r, id);
    assert_true(is_over(r, id));
    assert_int_equal(outcome(r), OUTCOME_OUT_OF_HOURS);
    assert_int_equal(rows_n(), 0);
    reception_drop(r);
}

static void where_none_are_sold_nobody_hears_of_them(void **state)
{
    (void)state;
    struct reception *r = open_at_night(0);
    uint64_t id = in_queue(r);
    assert_false(hears(r, id, PROMPT_CLOSED_CALLBACK));
    press(r, id, '1');
    assert_false(hears(r, id, PROMPT_CB_NUMBER));
    reception_drop(r);
}

static void who_waits_chooses_between_soon_and_a_time_of_today(void **state)
{
    (void)state;
    struct reception *r = open_with(2);
    uint64_t id = in_queue(r);
    press_all(r, id, "11");
    assert_true(hears(r, id, PROMPT_CB_WHEN));
    press(r, id, '2');
    assert_true(hears(r, id, PROMPT_SLOT_TODAY));
    assert_true(hears(r, id, PROMPT_SLOT_TOMORROW));
    press(r, id, '1');
    goes_on(r, id);
    assert_true(hears(r, id, PROMPT_CB_DONE_SLOT_TODAY));
    ends(r, id, false);
    const struct slot slot = *only_row();
    assert_true(slot.is_promised);
    assert_int_equal(slot.from_at - r->now_at, SLOT_MS); /* 10:30: there is a quarter of an hour */
    get_ready(r, 1);
    pass(r, SLOT_MS - 1);
    assert_int_equal(rings_at(r, 1), 0);
    pass(r, 1);
    assert_int_not_equal(rings_at(r, 1), 0);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 1); /* the same call, and its place */
    pass(r, SLOT_MS);
    assert_int_equal(rows_n(), 0);
    reception_drop(r);
}

static uint64_t chooses_tomorrow(struct reception *r)
{
    uint64_t id = in_queue(r);
    press_all(r, id, "1122");
    goes_on(r, id);
    assert_true(hears(r, id, PROMPT_CB_DONE_SLOT_TOMORROW));
    return id;
}

static void a_time_of_tomorrow_is_a_row_until_then(void **state)
{
    (void)state;
    struct reception *r = open_with(2);
    uint64_t id = chooses_tomorrow(r);
    assert_true(only_row()->is_promised);
    ends(r, id, false);
    pass(r, 1000);
    assert_false(only_row()->is_promised);
    assert_int_equal(rows.wishes[0].contact_id, 0);
    assert_int_equal(events(r, EV_SLOT_SOLD), 1);
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_FAILED);
    assert_int_equal(acd_look_counts(r->acd).contacts_n, 0);
    get_ready(r, 1);
    pass(r, 22 * HOUR); /* 8 on Tuesday */
    assert_int_equal(last(r, EV_CALL_ARRIVED).call_arrived.channel, CHANNEL_CALLBACK);
    assert_int_not_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

static void what_cannot_be_noted_at_night_is_not_sold(void **state)
{
    (void)state;
    struct reception *r = open_at_night(2);
    uint64_t id = in_queue(r);
    press_all(r, id, "111");
    press(r, id, '1');
    hears_all(r, id);
    r->commits = false;
    hears_all(r, id);
    assert_int_equal(events(r, EV_SLOT_SOLD), 1);
    assert_false(hears(r, id, PROMPT_CB_DONE_SLOT_TOMORROW));
    pass(r, APP_PROMISE_MS + 1010);
    assert_true(hears(r, id, PROMPT_ERR_SYSTEM));
    r->commits = true;
    pass(r, 100);
    assert_int_equal(rows_n(), 0);
    assert_int_equal(last(r, EV_SLOT_CANCELLED).slot_cancelled.by, CANCELLED_BY_HOUSE);
    ends(r, id, false);
    ends(r, chooses_first(r), false); /* the gate has no open wish of theirs */
    assert_int_equal(rows_n(), 1);
    reception_drop(r);
}

static void annuler_gives_it_back(void **state)
{
    (void)state;
    struct reception *r = open_at_night(1);
    ends(r, chooses_first(r), false);
    assert_false(lines_cancel(33536491299, r->lines));
    assert_true(lines_cancel(33536491234, r->lines));
    turn(r);
    assert_int_equal(rows_n(), 0);
    assert_int_equal(last(r, EV_SLOT_CANCELLED).slot_cancelled.by, CANCELLED_BY_PERSON);
    ends(r, chooses_first(r), false); /* the wish is over for the gate, too */
    assert_int_equal(rows_n(), 1);
    reception_drop(r);
}

static void a_death_before_the_time_loses_none_and_one_after_it_calls_nobody_twice(void **state)
{
    (void)state;
    struct reception *r = open_at_night(2);
    ends(r, chooses_first(r), false);
    dies(r);
    assert_int_equal(rows_n(), 1);
    pass(r, 13 * HOUR);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 2);
    dies(r);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 2);
    pass(r, HOUR);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 2);
    reception_drop(r);
}

static void a_row_that_outlived_its_contact_calls_nobody_again(void **state)
{
    (void)state;
    struct reception *r = open_at_night(2);
    ends(r, chooses_first(r), false);
    const struct slot sold = *only_row();
    pass(r, 13 * HOUR);
    assert_int_equal(rows_n(), 0);
    rows.slots[0] = sold; /* the process died before the writer had the row that removes it */
    rows.wishes[0].contact_id = 0;
    dies(r);
    pass(r, HOUR);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 2);
    assert_int_equal(rows_n(), 0);
    assert_int_not_equal(rows.wishes[0].contact_id, 0); /* its number is where it is looked for */
    reception_drop(r);
}

static void a_promise_of_today_that_is_over_leaves_no_time_behind(void **state)
{
    (void)state;
    struct reception *r = open_with(2);
    uint64_t id = in_queue(r);
    press_all(r, id, "1121");
    goes_on(r, id);
    ends(r, id, false);
    struct slot kept = *only_row();
    assert_true(lines_cancel(33536491234, r->lines));
    turn(r);
    assert_int_equal(rows_n(), 0);
    rows.slots[0] = kept;
    dies(r);
    assert_int_equal(rows_n(), 0);
    pass(r, HOUR);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 1);
    reception_drop(r);
}

static void who_cannot_be_served_before_closing_is_called_at_the_opening(void **state)
{
    (void)state;
    struct reception *r = open_with(2);
    r->wall_ms = 7 * HOUR + HOUR / 2; /* 17:30 */
    sign_in(r, 1);
    uint64_t id = in_queue(r);
    ms_t closes_at = r->now_at + HOUR / 2;
    reception_do(r, (struct command){.kind = CMD_QUEUE_SET,
                                     .queue_set = {.queue_id = HEALTH,
                                                   .offer_ms = 15000,
                                                   .wrap_up_ms = 30000,
                                                   .handle_ms = HOUR,
                                                   .closing_lead_ms = HOUR / 4}});
    reception_do(
        r, (struct command){
               .kind = CMD_QUEUE_HOURS,
               .queue_hours = {.queue_id = HEALTH, .hours = HOURS_OPEN, .closes_at = closes_at}});
    pass(r, HOUR / 4); /* a conversation takes an hour */
    assert_true(hears(r, id, PROMPT_WAIT_CLOSING_CALLBACK));
    assert_false(hears(r, id, PROMPT_WAIT_CLOSING_CANNOT));
    press_all(r, id, "11");
    goes_on(r, id); /* no question about when: at the opening, in their order */
    assert_true(hears(r, id, PROMPT_CB_DONE_SLOT_TOMORROW));
    ends(r, id, false);
    assert_int_equal(last(r, EV_CALLBACK_PROMISED).callback_promised.not_before_at, 0);
    assert_int_equal(rows_n(), 0);
    reception_drop(r);
}

/* At night, where text messages go out. */
static struct reception *writing_house(void)
{
    static struct settings settings;
    settings_defaults(&settings);
    settings.sms.driver = SETTINGS_SMS_DRIVER_HTTP;
    settings.sms.answers = true;
    struct reception *r = reception_new(8);
    rows = (struct shelf){.texts_n = 0};
    r->book.see_row = keep_row;
    r->slots_max = 2;
    r->sms = &settings.sms;
    r->directory->is_demo = true;
    memcpy(r->directory->organisation.name, "Mairie", sizeof("Mairie"));
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    r->gate_rules.sms = SETTINGS_GATE_SMS_FRANCE;
    reception_fill(r);
    back_rules(r);
    r->wall_ms = 9 * HOUR;
    set_hours(r, HOURS_CLOSED_PUBLISHED);
    return r;
}

/* From the list of times on. */
static uint64_t takes_a_time(struct reception *r, const char *keys)
{
    uint64_t id = arrive_as(r, 0, PUBLIC, "0639981240");
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    press_all(r, id, keys);
    goes_on(r, id);
    assert_true(hears(r, id, PROMPT_CB_SMS));
    return id;
}

static void a_mobile_gets_the_time_in_writing_and_a_word_when_it_comes(void **state)
{
    (void)state;
    struct reception *r = writing_house();
    uint64_t id = takes_a_time(r, "111");
    assert_int_equal(rows.texts_n, 1);
    assert_int_equal(rows.texts[0], GSM_CALLBACK_SLOT);
    ends(r, id, false);
    pass(r, 13 * HOUR);
    assert_int_equal(rows.texts_n, 2);
    assert_int_equal(rows.texts[1], GSM_CALLBACK_SOON);
    reception_drop(r);
}

/* Discreet: of tomorrow (closed) and of today (open); nobody is told that we call now. */
static void a_line_of_many_people_gets_the_time_of_another_day_without_our_name(void **state)
{
    (void)state;
    static const struct {
        enum hours hours;
        const char *keys;
        enum gsm_kind kind;
    } cases[] = {{HOURS_CLOSED_PUBLISHED, "111", GSM_CALLBACK_PLAIN_DAY},
                 {HOURS_OPEN, "1121", GSM_CALLBACK_PLAIN}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct reception *r = writing_house();
        uint64_t shared = 33639981240, *files = r->directory->shared;
        r->directory->shared = &shared;
        r->directory->shared_n = 1;
        map_put(&r->directory->shared_of, shared, 0);
        if (cases[i].hours == HOURS_OPEN)
            r->wall_ms = 0;
        set_hours(r, cases[i].hours);
        uint64_t id = takes_a_time(r, cases[i].keys);
        assert_int_equal(rows.texts_n, 1);
        assert_int_equal(rows.texts[0], cases[i].kind);
        ends(r, id, false);
        pass(r, 13 * HOUR);
        assert_int_equal(rows.texts_n, 1);
        r->directory->shared = files;
        reception_drop(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_at_night_is_called_at_the_time_they_chose_under_their_reference),
        cmocka_unit_test(who_chose_english_is_called_though_nobody_speaks_it),
        cmocka_unit_test(no_more_are_sold_of_a_half_hour_than_there_are),
        cmocka_unit_test(other_times_are_read_out_two_by_two_and_then_the_first_once_more),
        cmocka_unit_test(two_silences_at_night_end_in_a_goodbye),
        cmocka_unit_test(where_none_are_sold_nobody_hears_of_them),
        cmocka_unit_test(who_waits_chooses_between_soon_and_a_time_of_today),
        cmocka_unit_test(a_time_of_tomorrow_is_a_row_until_then),
        cmocka_unit_test(what_cannot_be_noted_at_night_is_not_sold),
        cmocka_unit_test(annuler_gives_it_back),
        cmocka_unit_test(a_death_before_the_time_loses_none_and_one_after_it_calls_nobody_twice),
        cmocka_unit_test(a_row_that_outlived_its_contact_calls_nobody_again),
        cmocka_unit_test(a_promise_of_today_that_is_over_leaves_no_time_behind),
        cmocka_unit_test(a_mobile_gets_the_time_in_writing_and_a_word_when_it_comes),
        cmocka_unit_test(a_line_of_many_people_gets_the_time_of_another_day_without_our_name),
        cmocka_unit_test(who_cannot_be_served_before_closing_is_called_at_the_opening),
    };
    return cmocka_run_group_tests_name("app/lines_slots", tests, NULL, NULL);
}
