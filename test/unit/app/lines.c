/* lines.c — a caller's line: arriving, the menu, refusals; over the real heart.
 * Waiting is in lines_waiting.c, agents in lines_agent.c, short codes in lines_keys.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

static const ms_t hour_ms = 3600000;

/* ---- arriving ------------------------------------------------------------------------------ */

static void a_number_of_the_directory_is_answered_once_it_is_in_the_journal(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->commits = false;
    uint64_t id = arrive(r, "0536490010");
    assert_int_equal(leg(r, id)->state, BOARD_ARRIVED);
    r->commits = true;
    turn(r);
    assert_int_equal(leg(r, id)->state, BOARD_ANSWERED);
    struct event ev = last(r, EV_CALL_ARRIVED);
    assert_int_equal(ev.call_arrived.leg_id, id);
    assert_int_equal(ev.call_arrived.entry_id, directory_number_of("05 36 49 00 10"));
    reception_drop(r);
}

static void with_a_slow_disk_the_caller_is_answered_after_a_tenth_of_a_second(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->commits = false;
    uint64_t id = arrive(r, PUBLIC);
    pass(r, APP_ORDERED_MS - 1);
    assert_int_equal(leg(r, id)->state, BOARD_ARRIVED);
    pass(r, 1);
    assert_int_equal(leg(r, id)->state, BOARD_ANSWERED);
    reception_drop(r);
}

static void nobody_is_at_an_unknown_number_and_that_is_no_call(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = arrive(r, "0536499999");
    assert_int_equal(leg(r, id)->status, 404);
    assert_int_equal(leg(r, arrive(r, ""))->status, 404);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 0);
    assert_int_equal(lines_totals(r->lines).unknown_n, 2);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

static void a_flow_is_reached_by_its_name_in_a_demonstration_only(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    assert_false(lines_knows(TEXT("ligne-directe"), 0, r->lines));
    assert_int_equal(leg(r, arrive(r, "ligne-directe"))->status, 404);
    r->directory->is_demo = true;
    assert_true(lines_knows(TEXT("ligne-directe"), 0, r->lines));
    uint64_t id = arrive(r, "ligne-directe");
    up(r, id);
    assert_true(hears(r, id, PROMPT_GREET_ORG));
    assert_int_equal(last(r, EV_CALL_ARRIVED).call_arrived.entry_id, 0);
    reception_drop(r);
}

static void a_withheld_number_is_nobody_and_others_are_new_persons(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    arrive_as(r, 0, PUBLIC, "");
    assert_int_equal(last(r, EV_CONTACT_OPENED).contact_opened.person_id, 0);
    arrive_as(r, 0, PUBLIC, "0536491234");
    uint64_t first = last(r, EV_CONTACT_OPENED).contact_opened.person_id;
    arrive_as(r, 0, PUBLIC, "0536491234");
    assert_int_not_equal(first, 0);
    assert_int_not_equal(last(r, EV_CONTACT_OPENED).contact_opened.person_id, first);
    reception_drop(r);
}

/* ---- who calls ----------------------------------------------------------------------------- */

/* Answers when the test says. */
struct clerk {
    struct person_port port;
    struct person_answer answers[8];
    unsigned asked_n, answers_n;
    uint64_t e164, leg_id;
};

static void clerk_ask(void *arg, uint64_t leg_id, uint64_t e164)
{
    struct clerk *c = arg;
    c->asked_n++;
    c->leg_id = leg_id;
    c->e164 = e164;
}

static bool clerk_next(void *arg, struct person_answer *answer)
{
    struct clerk *c = arg;
    if (!c->answers_n)
        return false;
    *answer = c->answers[--c->answers_n];
    return true;
}

static struct reception *open_with(struct clerk *c)
{
    *c = (struct clerk){.port = {.arg = c, .ask = clerk_ask, .next = clerk_next}};
    struct reception *r = reception_open(4);
    r->persons = &c->port;
    notebook_crash(&r->book);
    reception_start(r);
    return r;
}

static void a_known_number_is_the_person_that_the_store_knows(void **state)
{
    (void)state;
    struct clerk c;
    struct reception *r = open_with(&c);
    uint64_t id = arrive(r, PUBLIC);
    assert_int_equal(c.e164, 33536491234);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 0);
    c.answers[c.answers_n++] = (struct person_answer){.leg_id = id, .person_id = 77};
    turn(r);
    assert_int_equal(last(r, EV_CONTACT_OPENED).contact_opened.person_id, 77);
    assert_int_equal(r->book.rows_n, 0);
    c.answers[c.answers_n++] = (struct person_answer){.leg_id = id, .person_id = 78};
    turn(r); /* twice: passed over */
    assert_int_equal(events(r, EV_CALL_ARRIVED), 1);
    reception_drop(r);
}

static void a_person_met_for_the_first_time_is_stored_with_the_call(void **state)
{
    (void)state;
    struct clerk c;
    struct reception *r = open_with(&c);
    uint64_t id = arrive(r, PUBLIC);
    c.answers[c.answers_n++] = (struct person_answer){
        .leg_id = id, .person_id = 79, .is_new = true, .row = {.person_id = 79}};
    turn(r);
    assert_int_equal(r->book.rows_n, 1);
    assert_int_equal(r->book.last_person, 79);
    reception_drop(r);
}

static void a_store_that_does_not_answer_is_not_waited_for(void **state)
{
    (void)state;
    struct clerk c;
    struct reception *r = open_with(&c);
    uint64_t id = arrive(r, PUBLIC);
    pass(r, LINES_PERSON_MS - 1);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 0);
    pass(r, 1);
    assert_int_equal(leg(r, id)->state, BOARD_ANSWERED);
    assert_int_not_equal(last(r, EV_CONTACT_OPENED).contact_opened.person_id, 0);
    c.answers[c.answers_n++] = (struct person_answer){.leg_id = id, .person_id = 80};
    turn(r);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 1);
    reception_drop(r);
}

static void who_leaves_while_the_store_is_asked_is_counted_all_the_same(void **state)
{
    (void)state;
    struct clerk c;
    struct reception *r = open_with(&c);
    ends(r, arrive(r, PUBLIC), false);
    pass(r, 1000);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 1);
    assert_int_equal(outcome(r), OUTCOME_IVR_ABANDONED);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* ---- the menu ------------------------------------------------------------------------------ */

static void keys_lead_to_the_service_that_was_chosen(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_menu(r);
    assert_true(hears(r, id, PROMPT_GREET_ORG));
    hears_all(r, id);
    assert_true(hears(r, id, PROMPT_MENU_MAIN));
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_MENU_CHOSEN_SANTE));
    hears_all(r, id);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.queue_id, HEALTH);
    uint64_t other = in_menu(r);
    press(r, other, '2');
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.queue_id, FAMILY);
    reception_drop(r);
}

static void no_key_at_all_leads_to_a_person(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_menu(r);
    hears_all(r, id);
    hears_all(r, id);
    pass(r, IVR_KEY_MS);
    assert_true(hears(r, id, PROMPT_MENU_AGAIN));
    hears_all(r, id);
    pass(r, IVR_KEY_AGAIN_MS);
    assert_true(hears(r, id, PROMPT_MENU_NO_KEY));
    hears_all(r, id);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.queue_id, HEALTH);
    reception_drop(r);
}

static void a_key_that_means_nothing_does_not_hold_a_sentence_up_for_ever(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_menu(r);
    press(r, id, '0');
    assert_true(hears(r, id, PROMPT_MENU_PERSON));
    press(r, id, '5'); /* stops the sentence; the way goes on */
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    reception_drop(r);
}

static void english_is_spoken_from_key_eight_on_where_it_exists(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_menu(r);
    hears_all(r, id);
    r->sounds.ids[PROMPT_EN][PROMPT_MENU_CHOSEN_SANTE] = MEDIA_PROMPT_NONE;
    press(r, id, '8');
    assert_true(hears(r, id, PROMPT_MENU_MAIN + ENGLISH));
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_MENU_CHOSEN_SANTE)); /* better than silence */
    reception_drop(r);
}

static void a_menu_without_any_sound_still_leads_to_a_person(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    memset(r->sounds.ids, 0xff, sizeof(r->sounds.ids));
    uint64_t id = in_menu(r);
    pass(r, IVR_KEY_MS + IVR_KEY_AGAIN_MS);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    assert_int_equal(leg(r, id)->sound.then, MEDIA_SILENCE); /* no music either */
    reception_drop(r);
}

static void an_answer_heard_to_its_end_counts_and_one_cut_short_does_not(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_menu(r);
    press(r, id, '3');
    press(r, id, '4'); /* stops it */
    ends(r, id, false);
    assert_int_equal(outcome(r), OUTCOME_IVR_ABANDONED);
    id = in_menu(r);
    press(r, id, '3');
    hears_all(r, id);
    assert_int_equal(events(r, EV_CALL_INFORMED), 1);
    ends(r, id, false);
    assert_int_equal(outcome(r), OUTCOME_IVR_RESOLVED);
    reception_drop(r);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static struct reception *open_closed(ms_t wall_ms)
{
    struct reception *r = reception_open(4);
    r->directory->numbers[0].week = OFFICE;
    r->directory->number_weeks = UINT64_C(1) << OFFICE;
    r->wall_ms = wall_ms;
    return r;
}

static void a_closed_number_says_so_before_any_menu_then_lets_go(void **state)
{
    (void)state;
    struct reception *r = open_closed(9 * hour_ms); /* 19:00 on a Monday */
    uint64_t id = in_menu(r);
    assert_true(hears(r, id, PROMPT_GREET_ORG));
    assert_true(hears(r, id, PROMPT_CLOSED_TOMORROW));
    assert_true(hears(r, id, PROMPT_CLOSED_WAYS));
    assert_false(hears(r, id, PROMPT_MENU_MAIN));
    hears_all(r, id);
    pass(r, IVR_OPEN_MS);
    assert_true(leg(r, id)->was_hung_up);
    assert_int_equal(outcome(r), OUTCOME_OUT_OF_HOURS);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

static void any_key_in_the_closed_message_leaves_the_moment_after_it(void **state)
{
    (void)state;
    struct reception *r = open_closed(9 * hour_ms);
    uint64_t id = in_menu(r);
    press(r, id, '5');
    pass(r, IVR_OPEN_MS);
    assert_true(leg(r, id)->was_hung_up);
    reception_drop(r);
}

static void a_closed_call_costs_nothing_where_the_operator_carries_sound(void **state)
{
    (void)state;
    struct reception *r = open_closed(9 * hour_ms);
    r->board.carries_early = true;
    uint64_t id = in_menu(r);
    assert_true(leg(r, id)->is_early);
    assert_true(hears(r, id, PROMPT_CLOSED_TOMORROW));
    hears_all(r, id);
    pass(r, IVR_OPEN_MS);
    assert_true(leg(r, id)->was_hung_up);
    assert_true(leg(r, id)->is_early);
    assert_int_equal(outcome(r), OUTCOME_OUT_OF_HOURS);
    reception_drop(r);
}

static void a_key_in_it_is_answered(void **state)
{
    (void)state;
    struct reception *r = open_closed(9 * hour_ms);
    r->board.carries_early = true;
    uint64_t id = in_menu(r);
    press(r, id, '5');
    assert_false(leg(r, id)->is_early);
    pass(r, IVR_OPEN_MS);
    assert_true(leg(r, id)->was_hung_up);
    reception_drop(r);
}

static void an_open_call_is_answered_as_ever(void **state)
{
    (void)state;
    struct reception *r = open_closed(0);
    r->board.carries_early = true;
    uint64_t id = in_menu(r);
    assert_false(leg(r, id)->is_early);
    assert_true(hears(r, id, PROMPT_MENU_MAIN) || hears(r, id, PROMPT_GREET_ORG));
    reception_drop(r);
}

/* A flow without a menu, whose queue was closed. */
static void a_direct_line_to_a_closed_queue_costs_nothing_either(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->board.carries_early = true;
    r->flow.steps[0].next = 2; /* the queue, at once */
    uint64_t id = in_menu(r);
    assert_false(leg(r, id)->is_early);
    ends(r, id, false);
    reception_do(
        r, (struct command){.kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = HEALTH, .hours = HOURS_CLOSED_PUBLISHED}});
    id = in_menu(r);
    assert_true(leg(r, id)->is_early);
    reception_drop(r);
}

static void when_it_opens_is_said_by_its_day(void **state)
{
    (void)state;
    static const struct {
        ms_t wall_ms;
        unsigned prompt;
    } cases[] = {{-3 * 3600000, PROMPT_CLOSED_TODAY},                 /* 7:00 */
                 {(4 * 24 + 9) * 3600000, PROMPT_CLOSED_DAY},         /* Friday 19:00 */
                 {(51 * 24) * (ms_t)3600000, PROMPT_CLOSED_HOLIDAY}}; /* 11 November */
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct reception *r = open_closed(cases[i].wall_ms);
        uint64_t id = in_menu(r);
        assert_true(hears(r, id, cases[i].prompt));
        reception_drop(r);
    }
}

static void hours_of_overseas_are_said_by_the_clock_of_their_place(void **state)
{
    (void)state;
    struct reception *r = open_closed(-3 * hour_ms); /* 7:00 in Paris, 9:00 on the island */
    r->directory->weeks[OFFICE].clock = (struct directory_clock){
        .is_own = true, .zone = ZONE_INDIAN_REUNION, .holidays = HOLIDAYS_REUNION};
    uint64_t id = in_menu(r);
    assert_false(hears(r, id, PROMPT_CLOSED_TODAY)); /* open there */
    reception_drop(r);
    r = open_closed(5 * 24 * hour_ms); /* a Saturday */
    r->directory->weeks[OFFICE].clock = (struct directory_clock){
        .is_own = true, .zone = ZONE_INDIAN_REUNION, .holidays = HOLIDAYS_REUNION};
    id = in_menu(r);
    assert_true(hears(r, id, PROMPT_CLOSED_DAY));
    assert_true(hears(r, id, PROMPT_AT_08_F)); /* eight there, not six of Paris */
    reception_drop(r);
}

static void a_number_that_never_opens_says_only_that_it_is_closed(void **state)
{
    (void)state;
    struct reception *r = open_closed(0);
    r->directory->numbers[0].week = NEVER;
    uint64_t id = in_menu(r);
    assert_true(hears(r, id, PROMPT_CLOSED_EXCEPTIONAL));
    reception_drop(r);
}

static void a_demonstration_says_what_it_is_first(void **state)
{
    (void)state;
    struct reception *r = open_closed(9 * hour_ms);
    r->directory->is_demo = true;
    uint64_t id = in_menu(r);
    assert_int_equal(leg(r, id)->sound.ids[0], PROMPT_GREET_DEMO);
    assert_int_equal(leg(r, id)->sound.ids[1], PROMPT_GREET_ORG);
    reception_drop(r);
}

static void a_queue_that_was_closed_by_a_person_is_an_exception(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    reception_do(
        r, (struct command){.kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = HEALTH, .hours = HOURS_CLOSED_BY_PERSON}});
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_CLOSED_EXCEPTIONAL));
    assert_true(hears(r, id, PROMPT_CLOSED_BYE));
    hears_all(r, id);
    pass(r, IVR_OPEN_MS);
    assert_int_equal(outcome(r), OUTCOME_TURNED_AWAY);
    reception_drop(r);
}

static void a_queue_that_does_not_exist_is_our_mistake(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->flow.steps[2].queue_id = 12345;
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_ERR_SYSTEM));
    hears_all(r, id);
    pass(r, IVR_OPEN_MS);
    assert_true(leg(r, id)->was_hung_up);
    reception_drop(r);
}

static void a_call_that_the_journal_has_no_room_for_is_told_so_and_counted(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->book.is_half_full = true;
    uint64_t id = arrive(r, PUBLIC);
    assert_int_equal(leg(r, id)->state, BOARD_ANSWERED);
    up(r, id);
    assert_true(hears(r, id, PROMPT_OVERLOAD));
    hears_all(r, id);
    assert_true(leg(r, id)->was_hung_up);
    uint64_t other = arrive(r, PUBLIC);
    ends(r, other, false);
    r->book.is_half_full = false;
    turn(r);
    assert_int_equal(last(r, EV_GAP).gap.n, 2);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 0);
    reception_drop(r);
}

static void a_call_that_comes_while_the_journal_takes_nothing_at_all_is_answered_too(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t waiting = in_queue(r);
    r->book.is_full = true;
    press(r, waiting, '2'); /* decided, and stuck */
    uint64_t id = arrive(r, PUBLIC);
    assert_int_equal(leg(r, id)->state, BOARD_ANSWERED);
    up(r, id);
    assert_true(hears(r, id, PROMPT_OVERLOAD));
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_of_the_directory_is_answered_once_it_is_in_the_journal),
        cmocka_unit_test(with_a_slow_disk_the_caller_is_answered_after_a_tenth_of_a_second),
        cmocka_unit_test(nobody_is_at_an_unknown_number_and_that_is_no_call),
        cmocka_unit_test(a_flow_is_reached_by_its_name_in_a_demonstration_only),
        cmocka_unit_test(a_withheld_number_is_nobody_and_others_are_new_persons),
        cmocka_unit_test(a_known_number_is_the_person_that_the_store_knows),
        cmocka_unit_test(a_person_met_for_the_first_time_is_stored_with_the_call),
        cmocka_unit_test(a_store_that_does_not_answer_is_not_waited_for),
        cmocka_unit_test(who_leaves_while_the_store_is_asked_is_counted_all_the_same),
        cmocka_unit_test(keys_lead_to_the_service_that_was_chosen),
        cmocka_unit_test(no_key_at_all_leads_to_a_person),
        cmocka_unit_test(a_key_that_means_nothing_does_not_hold_a_sentence_up_for_ever),
        cmocka_unit_test(english_is_spoken_from_key_eight_on_where_it_exists),
        cmocka_unit_test(a_menu_without_any_sound_still_leads_to_a_person),
        cmocka_unit_test(an_answer_heard_to_its_end_counts_and_one_cut_short_does_not),
        cmocka_unit_test(a_closed_number_says_so_before_any_menu_then_lets_go),
        cmocka_unit_test(any_key_in_the_closed_message_leaves_the_moment_after_it),
        cmocka_unit_test(a_closed_call_costs_nothing_where_the_operator_carries_sound),
        cmocka_unit_test(a_key_in_it_is_answered),
        cmocka_unit_test(an_open_call_is_answered_as_ever),
        cmocka_unit_test(a_direct_line_to_a_closed_queue_costs_nothing_either),
        cmocka_unit_test(when_it_opens_is_said_by_its_day),
        cmocka_unit_test(hours_of_overseas_are_said_by_the_clock_of_their_place),
        cmocka_unit_test(a_number_that_never_opens_says_only_that_it_is_closed),
        cmocka_unit_test(a_demonstration_says_what_it_is_first),
        cmocka_unit_test(a_queue_that_was_closed_by_a_person_is_an_exception),
        cmocka_unit_test(a_queue_that_does_not_exist_is_our_mistake),
        cmocka_unit_test(a_call_that_the_journal_has_no_room_for_is_told_so_and_counted),
        cmocka_unit_test(a_call_that_comes_while_the_journal_takes_nothing_at_all_is_answered_too),
    };
    return cmocka_run_group_tests_name("app/lines", tests, NULL, NULL);
}
