/* lines_menu.c — a caller in a flow of more than menus and queues: entries that nobody keeps, who
 * has called before, hours, languages, somebody by name, prices; keys in a hurry and too late; over
 * the real heart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

static struct ivr_step *step_of(struct reception *r, unsigned i)
{
    return &r->flow.steps[i];
}

/* Key 3 of the menu leads to this step in the place of what informs. */
static struct reception *open_with(struct ivr_step step)
{
    struct reception *r = reception_open(4);
    r->flow.steps[4] = step;
    return r;
}

static uint64_t at_third(struct reception *r)
{
    uint64_t id = in_menu(r);
    press(r, id, '3');
    return id;
}

/* ---- entries ------------------------------------------------------------------------------- */

static struct reception *open_with_entry(void)
{
    struct reception *r = open_with((struct ivr_step){.kind = IVR_COLLECT,
                                                      .prompts = {PROMPT_CLOSED_URGENT},
                                                      .prompts_n = 1,
                                                      .min = 8,
                                                      .max = 8,
                                                      .tries = 2,
                                                      .is_reference = true,
                                                      .other = IVR_NO_STEP,
                                                      .next = 6});
    r->flow.steps[6] =
        (struct ivr_step){.kind = IVR_SAY, .value = {.kind = IVR_VALUE_TYPED}, .next = 3};
    r->flow.steps_n = 7;
    return r;
}

/* The bytes of every event, as they would be stored, hold no trace of it. */
static bool is_in_the_journal(struct reception *r, uint32_t number)
{
    const uint8_t wanted[] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 24)};
    for (size_t i = 0; i < r->book.n; i++) {
        const uint8_t *bytes = (const uint8_t *)&r->book.events[i];
        for (size_t k = 0; k + sizeof(wanted) <= sizeof(r->book.events[i]); k++)
            if (!memcmp(bytes + k, wanted, sizeof(wanted)) || !memcmp(bytes + k, "4721", 4))
                return true;
    }
    return false;
}

static void what_is_typed_is_said_again_and_stands_in_no_event(void **state)
{
    (void)state;
    struct reception *r = open_with_entry();
    uint64_t id = at_third(r);
    assert_true(hears(r, id, PROMPT_CLOSED_URGENT));
    press_all(r, id, "47210864");
    assert_int_equal(leg(r, id)->sound.n, 5); /* four pairs and a rest */
    assert_int_equal(leg(r, id)->sound.ids[0], PROMPT_PAIR_47_M);
    assert_int_equal(leg(r, id)->sound.ids[4], PROMPT_PAIR_64_F);
    hears_all(r, id);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.queue_id, FAMILY);
    assert_false(is_in_the_journal(r, 47210864));
    reception_drop(r);
}

static void twelve_seconds_pass_between_digits_twice_then_somebody_helps(void **state)
{
    (void)state;
    struct reception *r = open_with_entry();
    uint64_t id = at_third(r);
    press(r, id, '4');
    pass(r, IVR_DIGIT_MS - 1);
    assert_false(hears(r, id, PROMPT_MENU_AGAIN));
    pass(r, 1);
    assert_true(hears(r, id, PROMPT_MENU_AGAIN));
    hears_all(r, id);
    pass(r, IVR_DIGIT_MS);
    assert_true(hears(r, id, PROMPT_MENU_NO_KEY));
    hears_all(r, id);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    reception_drop(r);
}

/* ---- values ---------------------------------------------------------------------------------- */

static uint64_t hears_value(struct reception *r, struct ivr_value value)
{
    *step_of(r, 4) = (struct ivr_step){.kind = IVR_SAY, .value = value, .next = 3};
    return at_third(r);
}

static void values_are_said_in_words(void **state)
{
    (void)state;
    static const struct {
        struct ivr_value value;
        unsigned n;
        uint16_t ids[6];
    } rows[] = {
        {{.kind = IVR_VALUE_NUMBER, .number = 33536490010},
         6,
         {PROMPT_PAIR_05_M, PROMPT_PAIR_36_M, PROMPT_PAUSE_350, PROMPT_PAIR_49_M, PROMPT_PAIR_00_M,
          PROMPT_PAIR_10_F}},
        {{.kind = IVR_VALUE_HOUR, .minute = 510}, 2, {PROMPT_AT_08_M, PROMPT_MINUTE_30_F}},
        {{.kind = IVR_VALUE_DAY, .number = 6}, 1, {PROMPT_DAY_7_M}},
        {{.kind = IVR_VALUE_DATE, .day = 20769},
         3, /* 2026-11-12, a Thursday */
         {PROMPT_WEEKDAY_4_M, PROMPT_DATE_12_M, PROMPT_MONTH_11_M}},
        {{.kind = IVR_VALUE_OPENING, .number = NEVER}, 0, {0}},
        {{.kind = IVR_VALUE_OPENING, .number = ALWAYS}, 0, {0}},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct reception *r = reception_open(4);
        uint64_t id = hears_value(r, rows[i].value);
        if (!rows[i].n) /* nothing to be said: the way goes on */
            assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
        else
            assert_int_equal(leg(r, id)->sound.n, rows[i].n);
        for (unsigned k = 0; k < rows[i].n; k++)
            assert_int_equal(leg(r, id)->sound.ids[k], rows[i].ids[k]);
        reception_drop(r);
    }
}

static void when_it_opens_again_is_said_while_it_is_closed(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->wall_ms = 9 * 3600000; /* 19:00 on a Monday */
    uint64_t id = hears_value(r, (struct ivr_value){.kind = IVR_VALUE_OPENING, .number = OFFICE});
    assert_true(hears(r, id, PROMPT_CLOSED_TOMORROW));
    reception_drop(r);
}

static void the_wait_of_a_queue_is_told_before_it_is_chosen(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    const struct ivr_value wait = {.kind = IVR_VALUE_WAIT, .number = FAMILY};
    assert_true(hears(r, hears_value(r, wait), PROMPT_WAIT_UNKNOWN)); /* nobody is signed in */
    get_ready(r, 1);
    assert_true(hears(r, hears_value(r, wait), PROMPT_WAIT_BAND_0_2));
    reception_drop(r);
}

/* ---- branches ------------------------------------------------------------------------------ */

static void hours_are_those_of_the_instant(void **state)
{
    (void)state;
    const struct ivr_step tri = {.kind = IVR_BRANCH,
                                 .cases = {{IVR_WHEN_OPEN, 3, UINT64_C(1) << OFFICE}},
                                 .cases_n = 1,
                                 .other = 2};
    static const ms_t walls[] = {0, 9 * 3600000};
    for (unsigned i = 0; i < ARRAY_LEN(walls); i++) {
        struct reception *r = open_with(tri);
        r->flow.weeks = UINT64_C(1) << OFFICE;
        r->wall_ms = walls[i];
        uint64_t id = at_third(r);
        hears_all(r, id);
        assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.queue_id, i ? HEALTH : FAMILY);
        reception_drop(r);
    }
}

struct clerk {
    struct person_port port;
    struct person_answer answer;
    bool has_answer;
};

static void clerk_ask(void *arg, uint64_t leg_id, uint64_t e164)
{
    struct clerk *c = arg;
    (void)e164;
    c->answer.leg_id = leg_id;
    c->has_answer = true;
}

static bool clerk_next(void *arg, struct person_answer *answer)
{
    struct clerk *c = arg;
    bool has = c->has_answer;
    *answer = c->answer;
    c->has_answer = false;
    return has;
}

static void who_has_called_before_is_known(void **state)
{
    (void)state;
    for (unsigned is_new = 0; is_new < 2; is_new++) {
        struct clerk c = {.answer = {.person_id = 7, .is_new = is_new, .row = {.person_id = 7}}};
        c.port = (struct person_port){.arg = &c, .ask = clerk_ask, .next = clerk_next};
        struct reception *r = reception_open(4);
        r->flow.steps[4] = (struct ivr_step){
            .kind = IVR_BRANCH, .cases = {{IVR_WHEN_KNOWN, 3, 1}}, .cases_n = 1, .other = 2};
        r->persons = &c.port;
        notebook_crash(&r->book);
        reception_start(r);
        open_queue(r, HEALTH);
        open_queue(r, FAMILY);
        uint64_t id = at_third(r);
        if (is_new)
            hears_all(r, id);
        assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.queue_id,
                         is_new ? HEALTH : FAMILY);
        reception_drop(r);
    }
}

/* ---- languages ------------------------------------------------------------------------------ */

static void speaks(struct reception *r, uint32_t agent, uint64_t skills)
{
    reception_do(r, (struct command){.kind = CMD_AGENT_SET,
                                     .agent_set = {.agent_id = agent,
                                                   .skills = skills,
                                                   .capacity = {1},
                                                   .capacity_n = 1,
                                                   .queue_ids = {HEALTH, FAMILY},
                                                   .queue_ids_n = 2}});
}

static void eight_asks_for_who_speaks_english(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    speaks(r, 2, 1);
    get_ready(r, 1);
    pass(r, 1000);
    get_ready(r, 2);
    uint64_t id = in_menu(r);
    press_all(r, id, "82");
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.needs, 1);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.agent_id, 2);
    assert_true(hears(r, id, PROMPT_QUEUE_DIRECT + ENGLISH));
    reception_drop(r);
}

static void eight_reaches_somebody_though_nobody_speaks_english(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    get_ready(r, 1);
    uint64_t id = in_menu(r);
    press_all(r, id, "82");
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.agent_id, 1);
    reception_drop(r);
}

static void who_speaks_english_is_busy_then_anyone_answers_in_time(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    speaks(r, 2, 1);
    sign_in(r, 2); /* paused */
    get_ready(r, 1);
    uint64_t id = in_menu(r);
    press_all(r, id, "82");
    pass(r, r->language_ms - 1);
    assert_int_equal(events(r, EV_OFFER_MADE), 0);
    pass(r, 1001); /* the heart counts in seconds */
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.agent_id, 1);
    assert_int_equal(last(r, EV_NEEDS_LIFTED).needs_lifted.why, RING_WHY_TIME);
    assert_true(leg(r, id)->state == BOARD_UP);
    reception_drop(r);
}

static void another_language_keeps_the_french_voice_and_wants_its_speaker(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    speaks(r, 3, 4); /* Portuguese: bit 2 */
    sign_in(r, 3);
    r->flow.languages[0].key = '6';
    r->flow.languages[0].lang = 3;
    r->flow.languages_n = 1;
    uint64_t id = in_menu(r);
    press(r, id, '6');
    assert_true(hears(r, id, PROMPT_MENU_MAIN));
    press(r, id, '2');
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.needs, 4);
    reception_drop(r);
}

/* ---- somebody by name ------------------------------------------------------------------------ */

static struct reception *open_with_direct(void)
{
    struct reception *r =
        open_with((struct ivr_step){.kind = IVR_TRANSFER, .agent_id = 5, .other = 3});
    reception_do(r, (struct command){.kind = CMD_AGENT_SET,
                                     .agent_set = {.agent_id = 5,
                                                   .portfolio_id = 5,
                                                   .capacity = {1},
                                                   .capacity_n = 1,
                                                   .queue_ids = {FAMILY},
                                                   .queue_ids_n = 1}});
    get_ready(r, 1);
    pass(r, 1000);
    return r;
}

static void somebody_by_name_is_rung_first(void **state)
{
    (void)state;
    struct reception *r = open_with_direct();
    get_ready(r, 5);
    at_third(r);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.agent_id, 5);
    assert_int_not_equal(rings_at(r, 5), 0);
    reception_drop(r);
}

static void somebody_who_is_not_there_is_replaced_at_once(void **state)
{
    (void)state;
    struct reception *r = open_with_direct();
    at_third(r);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.agent_id, 1);
    reception_drop(r);
}

/* ---- what the call costs --------------------------------------------------------------------- */

static void a_free_call_is_said_to_be_free_after_who_we_are(void **state)
{
    (void)state;
    static const struct {
        enum directory_tariff tariff;
        bool says_normal;
        unsigned prompt;
    } rows[] = {{TARIFF_FREE, false, PROMPT_GREET_PRICE_FREE},
                {TARIFF_NORMAL, false, PROMPT_NONE},
                {TARIFF_NORMAL, true, PROMPT_GREET_PRICE_NORMAL},
                {TARIFF_SURCHARGED, true, PROMPT_NONE}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct reception *r = reception_open(4);
        r->flow.greeting = PROMPT_GREET_ORG;
        r->flow.says_normal_price = rows[i].says_normal;
        r->directory->numbers[0].tariff = rows[i].tariff;
        uint64_t id = in_menu(r);
        assert_int_equal(leg(r, id)->sound.ids[0], PROMPT_GREET_ORG);
        assert_int_equal(leg(r, id)->sound.n, rows[i].prompt ? 2 : 1);
        if (rows[i].prompt)
            assert_int_equal(leg(r, id)->sound.ids[1], rows[i].prompt);
        reception_drop(r);
    }
}

/* ---- keys in a hurry, and too late ------------------------------------------------------------
 */

/* The second menu has not even begun to be heard. */
static void two_keys_at_once_choose_in_both_menus(void **state)
{
    (void)state;
    struct reception *r = open_with((struct ivr_step){.kind = IVR_MENU,
                                                      .prompts = {PROMPT_MENU_HEALTH},
                                                      .prompts_n = 1,
                                                      .choices = {{'1', 3}},
                                                      .choices_n = 1});
    uint64_t id = in_menu(r);
    report(r, (struct phone_report){.kind = PHONE_KEY, .leg_id = id, .key = '3'});
    report(r, (struct phone_report){.kind = PHONE_KEY, .leg_id = id, .key = '1'});
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.queue_id, FAMILY);
    reception_drop(r);
}

static void a_key_after_the_end_is_nobodys(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_menu(r);
    ends(r, id, false);
    size_t n = r->book.n;
    report(r, (struct phone_report){.kind = PHONE_KEY, .leg_id = id, .key = '1'});
    report(r, (struct phone_report){.kind = PHONE_PLAYED, .leg_id = id, .list = {1, true}});
    assert_int_equal(r->book.n, n);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* ---- an echo test --------------------------------------------------------------------------- */

static void counts(struct reception *r, uint64_t id, struct media_counts counts)
{
    report(r, (struct phone_report){.kind = PHONE_COUNTS, .leg_id = id, .counts = counts});
}

static uint64_t in_echo(struct reception *r)
{
    uint64_t id = at_third(r);
    assert_true(hears(r, id, PROMPT_ECHO_INTRO));
    press(r, id, '1');
    assert_int_equal(leg(r, id)->sound.then, MEDIA_ECHO);
    assert_int_equal(leg(r, id)->sound.n, 0);
    return id;
}

static struct reception *open_with_echo(void)
{
    return open_with((struct ivr_step){
        .kind = IVR_ECHO, .prompts = {PROMPT_ECHO_INTRO}, .prompts_n = 1, .next = 3});
}

static void an_echo_test_tells_only_what_came_during_it(void **state)
{
    (void)state;
    struct reception *r = open_with_echo();
    uint64_t id = in_echo(r);
    counts(r, id, (struct media_counts){.received_n = 500, .lost_n = 40, .jitter_ms = 3});
    counts(r, id, (struct media_counts){.received_n = 598, .lost_n = 42, .jitter_ms = 12});
    press(r, id, '1');
    const uint16_t want[] = {PROMPT_ECHO_LOSS, PROMPT_PERCENT_2_F, PROMPT_ECHO_JITTER,
                             PROMPT_COUNT_12_M};
    assert_int_equal(leg(r, id)->sound.n, ARRAY_LEN(want));
    assert_memory_equal(leg(r, id)->sound.ids, want, sizeof(want));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_SILENCE);
    hears_all(r, id);
    assert_int_equal(events(r, EV_CALL_INFORMED), 1);
    reception_drop(r);
}

static void an_echo_test_in_which_nothing_came_ends_by_itself_and_says_so(void **state)
{
    (void)state;
    struct reception *r = open_with_echo();
    uint64_t id = in_echo(r);
    pass(r, IVR_ECHO_MS - 1000);
    assert_int_equal(leg(r, id)->sound.then, MEDIA_ECHO);
    pass(r, 1000);
    assert_true(hears(r, id, PROMPT_ECHO_NOTHING));
    reception_drop(r);
}

static void what_the_keys_chose_is_noted_before_somebody_is_asked_for(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    r->flow.number = 77;
    for (unsigned i = 0; i < r->flow.steps_n; i++)
        r->flow.steps[i].number = 100 + i;
    uint64_t id = in_menu(r);
    press(r, id, '1');
    assert_int_equal(events(r, EV_MENU_LEFT), 0); /* may go back yet */
    hears_all(r, id);
    struct event left = last(r, EV_MENU_LEFT);
    const struct ivr_step *menu = &r->flow.steps[0];
    while (menu->kind != IVR_MENU)
        menu++;
    assert_int_equal(events(r, EV_MENU_LEFT), 1);
    assert_int_equal(left.menu_left.flow_id, 77);
    assert_int_equal(left.menu_left.steps_n, 1);
    assert_int_equal(left.menu_left.steps[0], 100u + menu->choices[0].step);
    assert_int_equal(left.menu_left.how, MENU_LEFT_HOW_CHOSEN);
    struct event queued = last(r, EV_CONTACT_QUEUED);
    assert_true(left.menu_left.contact_id == queued.contact_queued.contact_id);
    reception_drop(r);
}

static void no_key_and_key_0_are_told_apart(void **state)
{
    (void)state;
    struct reception *r = reception_open(4);
    uint64_t id = in_menu(r);
    press(r, id, '0');
    hears_all(r, id);
    assert_int_equal(last(r, EV_MENU_LEFT).menu_left.how, MENU_LEFT_HOW_PERSON);
    assert_int_equal(last(r, EV_MENU_LEFT).menu_left.steps_n, 0);
    reception_drop(r);
    r = reception_open(4);
    id = in_menu(r);
    for (unsigned i = 0; i < 4 && !events(r, EV_CONTACT_QUEUED); i++) {
        hears_all(r, id);
        pass(r, IVR_KEY_AGAIN_MS);
    }
    assert_int_equal(events(r, EV_MENU_LEFT), 1);
    assert_int_equal(last(r, EV_MENU_LEFT).menu_left.how, MENU_LEFT_HOW_NO_KEY);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_is_said_again_and_stands_in_no_event),
        cmocka_unit_test(twelve_seconds_pass_between_digits_twice_then_somebody_helps),
        cmocka_unit_test(values_are_said_in_words),
        cmocka_unit_test(when_it_opens_again_is_said_while_it_is_closed),
        cmocka_unit_test(the_wait_of_a_queue_is_told_before_it_is_chosen),
        cmocka_unit_test(hours_are_those_of_the_instant),
        cmocka_unit_test(who_has_called_before_is_known),
        cmocka_unit_test(eight_asks_for_who_speaks_english),
        cmocka_unit_test(eight_reaches_somebody_though_nobody_speaks_english),
        cmocka_unit_test(who_speaks_english_is_busy_then_anyone_answers_in_time),
        cmocka_unit_test(another_language_keeps_the_french_voice_and_wants_its_speaker),
        cmocka_unit_test(somebody_by_name_is_rung_first),
        cmocka_unit_test(somebody_who_is_not_there_is_replaced_at_once),
        cmocka_unit_test(a_free_call_is_said_to_be_free_after_who_we_are),
        cmocka_unit_test(two_keys_at_once_choose_in_both_menus),
        cmocka_unit_test(a_key_after_the_end_is_nobodys),
        cmocka_unit_test(an_echo_test_tells_only_what_came_during_it),
        cmocka_unit_test(an_echo_test_in_which_nothing_came_ends_by_itself_and_says_so),
        cmocka_unit_test(what_the_keys_chose_is_noted_before_somebody_is_asked_for),
        cmocka_unit_test(no_key_and_key_0_are_told_apart),
    };
    return cmocka_run_group_tests_name("app/lines_menu", tests, NULL, NULL);
}
