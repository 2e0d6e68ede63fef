/* steps.c — the steps beside sentences, menus and queues: entries of digits (voice-script §5),
 * branches, languages, values, messages with an end, transfers, what the call costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "directory/directory.h"
#include "ivr/flow_check.h"

enum { GREET = 1, MAIN, ENTER, WRONG_NUMBER, THANKS, NEWS, PRICE, AGAIN, NO_KEY, PERSON, BYE };
enum {
    AT_GREET,
    AT_NEWS,
    AT_WHO,
    AT_MENU,
    AT_ENTRY,
    AT_SAY,
    AT_QUEUE,
    AT_NAMED,
    AT_GENERAL,
    AT_CLOSED,
    STEPS
};
#define QUEUE_A 3
#define QUEUE_GENERAL 9
#define AGENT 77
#define NEWS_UNTIL ((ms_t)1000000)
#define PORTUGUESE 3

/* A greeting, news until an instant, known persons to the queue, a menu: 1 an entry that is said
 * again, 2 somebody by name. */
static struct ivr_flow flow_new(void)
{
    struct ivr_flow flow =
        {
            .steps =
                {
                    [AT_GREET] =
                        {.kind = IVR_PLAY, .prompts = {GREET}, .prompts_n = 1, .next = AT_NEWS},
                    [AT_NEWS] = {.kind = IVR_MESSAGE,
                                 .prompts = {NEWS},
                                 .prompts_n = 1,
                                 .until_at = NEWS_UNTIL,
                                 .next = AT_WHO},
                    [AT_WHO] = {.kind = IVR_BRANCH,
                                .cases = {{IVR_WHEN_KNOWN, AT_QUEUE, 1},
                                          {IVR_WHEN_OPEN, AT_MENU, 6},
                                          {IVR_WHEN_LANG, AT_MENU, PORTUGUESE},
                                          {IVR_WHEN_CALLED, AT_ENTRY, 33536490020}},
                                .cases_n = 4,
                                .other = AT_GENERAL},
                    [AT_MENU] = {.kind = IVR_MENU,
                                 .prompts = {MAIN},
                                 .prompts_n = 1,
                                 .choices = {{'1', AT_ENTRY}, {'2', AT_NAMED}},
                                 .choices_n = 2},
                    [AT_ENTRY] = {.kind = IVR_COLLECT,
                                  .prompts = {ENTER},
                                  .prompts_n = 1,
                                  .wrong = WRONG_NUMBER,
                                  .min = 8,
                                  .max = 8,
                                  .tries = 2,
                                  .is_reference = true,
                                  .other = IVR_NO_STEP,
                                  .next = AT_SAY},
                    [AT_SAY] = {.kind = IVR_SAY,
                                .value = {.kind = IVR_VALUE_TYPED},
                                .next = AT_QUEUE},
                    [AT_QUEUE] = {.kind = IVR_QUEUE, .queue_id = QUEUE_A},
                    [AT_NAMED] = {.kind = IVR_TRANSFER, .agent_id = AGENT, .other = AT_QUEUE},
                    [AT_GENERAL] = {.kind = IVR_QUEUE, .queue_id = QUEUE_GENERAL},
                    [AT_CLOSED] = {.kind = IVR_CLOSED, .prompts = {BYE}, .prompts_n = 1},
                },
            .steps_n = STEPS,
            .general = AT_GENERAL,
            .closed = AT_CLOSED,
            .max_repeat = 1,
            .say = {[IVR_SAY_AGAIN] = AGAIN, [IVR_SAY_NO_KEY] = NO_KEY, [IVR_SAY_PERSON] = PERSON},
            .greeting = GREET,
            .has_english = true,
            .weeks = 6,
            .languages = {{'6', PORTUGUESE}},
            .languages_n = 1,
        };
    struct ivr_finding found[IVR_FINDINGS_MAX];
    assert_int_equal(ivr_check(&flow, found), 0);
    return flow;
}

struct line {
    struct ivr_flow flow;
    struct ivr_call call;
    struct ivr_facts facts;
    struct ivr_ask ask;
};

static void happens(struct line *l, enum ivr_event_kind kind)
{
    const struct ivr_event event = {.kind = kind, .facts = l->facts};
    ivr_step(&l->flow, &l->call, &event, &l->ask);
}

static void press(struct line *l, const char *keys)
{
    for (; *keys; keys++) {
        const struct ivr_event event = {.kind = IVR_KEY, .key = *keys, .facts = l->facts};
        ivr_step(&l->flow, &l->call, &event, &l->ask);
    }
}

static void assert_plays(const struct line *l, ivr_prompt first, ivr_prompt second)
{
    assert_int_equal(l->ask.what, IVR_DO_PLAY);
    assert_int_equal(l->ask.prompts_n, second ? 2 : 1);
    assert_int_equal(l->ask.prompts[0], first);
    if (second)
        assert_int_equal(l->ask.prompts[1], second);
}

static void assert_queue(const struct line *l, uint32_t queue_id, uint32_t agent_id)
{
    assert_int_equal(l->ask.what, IVR_DO_QUEUE);
    assert_int_equal(l->ask.queue_id, queue_id);
    assert_int_equal(l->ask.agent_id, agent_id);
}

/* Answered, the news over, the hours open: at the menu's sentence. */
static struct line at_menu(void)
{
    struct line l = {.flow = flow_new(), .facts = {.wall_at = NEWS_UNTIL, .open_weeks = 2}};
    happens(&l, IVR_START);
    happens(&l, IVR_PLAYED);
    assert_plays(&l, MAIN, 0);
    return l;
}

static struct line at_entry(void)
{
    struct line l = at_menu();
    press(&l, "1");
    assert_plays(&l, ENTER, 0);
    return l;
}

/* ---- digits -------------------------------------------------------------------------------- */

static void a_reference_is_taken_at_its_last_digit_and_said_again(void **state)
{
    (void)state;
    struct line l = at_entry();
    press(&l, "4");
    assert_int_equal(l.ask.what, IVR_DO_WAIT);
    assert_int_equal(l.ask.wait_ms, IVR_DIGIT_MS);
    happens(&l, IVR_PLAYED); /* the prompt that the key cut short: no matter */
    assert_int_equal(l.ask.what, IVR_DO_NOTHING);
    press(&l, "7210864");
    assert_int_equal(l.ask.what, IVR_DO_SAY);
    assert_int_equal(l.ask.value.kind, IVR_VALUE_TYPED);
    assert_memory_equal(l.call.typed, "47210864", 8);
    happens(&l, IVR_PLAYED);
    assert_queue(&l, QUEUE_A, 0);
}

static void a_wrong_check_digit_is_told_then_somebody_helps(void **state)
{
    (void)state;
    struct line l = at_entry();
    press(&l, "47210865");
    assert_plays(&l, WRONG_NUMBER, ENTER);
    press(&l, "47210846");
    assert_plays(&l, NO_KEY, 0);
    happens(&l, IVR_PLAYED);
    assert_queue(&l, QUEUE_GENERAL, 0);
}

static void star_begins_the_entry_anew_and_twice_is_a_person(void **state)
{
    (void)state;
    struct line l = at_entry();
    press(&l, "472*");
    assert_plays(&l, ENTER, 0);
    press(&l, "47210864");
    assert_int_equal(l.ask.what, IVR_DO_SAY);
    l = at_entry();
    press(&l, "4*7*");
    assert_plays(&l, ENTER, 0);
    press(&l, "*");
    assert_plays(&l, PERSON, 0);
    assert_int_equal(l.call.typed_n, 0);
}

static void nought_is_a_digit_in_an_entry(void **state)
{
    (void)state;
    struct line l = at_entry();
    press(&l, "0");
    assert_int_equal(l.ask.what, IVR_DO_WAIT);
    assert_int_equal(l.call.typed[0], '0');
}

static void a_hash_too_early_is_wrong_and_letters_are_nothing(void **state)
{
    (void)state;
    struct line l = at_entry();
    press(&l, "12A");
    assert_int_equal(l.ask.what, IVR_DO_NOTHING);
    assert_int_equal(l.call.typed_n, 2);
    press(&l, "#");
    assert_plays(&l, WRONG_NUMBER, ENTER);
}

static void two_silences_are_a_person(void **state)
{
    (void)state;
    struct line l = at_entry();
    press(&l, "12");
    happens(&l, IVR_TIMER);
    assert_plays(&l, AGAIN, ENTER);
    assert_int_equal(l.call.typed_n, 0);
    happens(&l, IVR_PLAYED);
    assert_int_equal(l.ask.wait_ms, IVR_DIGIT_MS);
    happens(&l, IVR_TIMER);
    assert_plays(&l, NO_KEY, 0);
}

static void an_entry_may_say_where_who_cannot_type_goes(void **state)
{
    (void)state;
    struct line l = at_entry();
    l.flow.steps[AT_ENTRY].other = AT_QUEUE;
    press(&l, "**");
    assert_queue(&l, QUEUE_A, 0);
}

static void digits_of_no_fixed_number_end_with_hash_or_silence(void **state)
{
    (void)state;
    struct line l = at_entry();
    l.flow.steps[AT_ENTRY].min = 3;
    l.flow.steps[AT_ENTRY].max = IVR_TYPED_MAX;
    l.flow.steps[AT_ENTRY].is_reference = false;
    struct line other = l;
    press(&l, "123#");
    assert_int_equal(l.ask.what, IVR_DO_SAY);
    assert_int_equal(l.call.typed_n, 3);
    press(&other, "1234");
    happens(&other, IVR_TIMER);
    assert_int_equal(other.ask.what, IVR_DO_SAY);
    assert_int_equal(other.call.typed_n, 4);
    other = at_entry();
    other.flow = l.flow;
    press(&other, "1234567890123456");
    assert_int_equal(other.ask.what, IVR_DO_SAY);
    assert_int_equal(other.call.typed_n, IVR_TYPED_MAX);
}

static void who_knows_the_way_types_all_of_it_at_once(void **state)
{
    (void)state;
    struct line l = {.flow = flow_new(), .facts = {.open_weeks = 4}};
    happens(&l, IVR_START);
    press(&l, "147210864"); /* past the greeting and the news */
    assert_int_equal(l.ask.what, IVR_DO_SAY);
}

/* ---- branches ------------------------------------------------------------------------------ */

static uint8_t step_after_greeting(struct ivr_facts facts)
{
    struct line l = {.flow = flow_new(), .facts = facts};
    l.facts.wall_at = NEWS_UNTIL;
    happens(&l, IVR_START);
    happens(&l, IVR_PLAYED);
    return l.call.step;
}

static void the_first_case_that_is_true_leads_on(void **state)
{
    (void)state;
    assert_int_equal(step_after_greeting((struct ivr_facts){.is_known = true, .open_weeks = 6}),
                     AT_QUEUE);
    assert_int_equal(step_after_greeting((struct ivr_facts){.open_weeks = 4}), AT_MENU);
    assert_int_equal(step_after_greeting((struct ivr_facts){.open_weeks = 1}), AT_GENERAL);
    assert_int_equal(step_after_greeting((struct ivr_facts){.called = 33536490020}), AT_ENTRY);
    assert_int_equal(step_after_greeting((struct ivr_facts){.called = 33536490021}), AT_GENERAL);
}

static void a_new_person_is_a_case_too(void **state)
{
    (void)state;
    struct line l = {.flow = flow_new(), .facts = {.wall_at = NEWS_UNTIL}};
    l.flow.steps[AT_WHO].cases[0].value = 0;
    happens(&l, IVR_START);
    happens(&l, IVR_PLAYED);
    assert_int_equal(l.call.step, AT_QUEUE);
}

/* ---- languages ------------------------------------------------------------------------------ */

static void the_number_of_english_is_that_of_the_directory(void **state)
{
    (void)state;
    assert_int_equal(directory_language_bit("en") + 1, IVR_ENGLISH);
    assert_int_equal(directory_language_bit("pt") + 1, PORTUGUESE);
}

static void a_language_is_chosen_once_from_the_greeting_on(void **state)
{
    (void)state;
    struct line l = {.flow = flow_new(), .facts = {.wall_at = NEWS_UNTIL}};
    happens(&l, IVR_START);
    press(&l, "6");
    assert_int_equal(l.call.lang, PORTUGUESE);
    assert_plays(&l, MAIN, 0); /* the branch has seen it */
    press(&l, "8");
    assert_int_equal(l.call.lang, IVR_ENGLISH);
    assert_plays(&l, MAIN, 0);
    press(&l, "2");
    assert_int_equal(l.call.lang, IVR_ENGLISH);
}

static void a_step_sets_the_language_without_a_word(void **state)
{
    (void)state;
    struct line l = {.flow = flow_new(), .facts = {.wall_at = NEWS_UNTIL}};
    l.flow.steps[AT_NEWS] = (struct ivr_step){.kind = IVR_LANG, .lang = PORTUGUESE, .next = AT_WHO};
    happens(&l, IVR_START);
    happens(&l, IVR_PLAYED);
    assert_int_equal(l.call.lang, PORTUGUESE);
    assert_plays(&l, MAIN, 0);
}

/* ---- messages, prices, transfers --------------------------------------------------------------
 */

static void news_are_told_until_their_end(void **state)
{
    (void)state;
    struct line l = {.flow = flow_new(), .facts = {.wall_at = NEWS_UNTIL - 1, .open_weeks = 2}};
    happens(&l, IVR_START);
    happens(&l, IVR_PLAYED);
    assert_plays(&l, NEWS, 0);
    happens(&l, IVR_PLAYED);
    assert_plays(&l, MAIN, 0);
    at_menu(); /* at their end: not any more */
}

static void the_price_follows_the_greeting_once(void **state)
{
    (void)state;
    struct line l = {.flow = flow_new(), .facts = {.price = PRICE}};
    l.flow.steps[AT_NEWS].prompts[0] = GREET;
    happens(&l, IVR_START);
    assert_plays(&l, GREET, PRICE);
    happens(&l, IVR_PLAYED);
    assert_plays(&l, GREET, 0);
}

static void a_transfer_asks_for_its_agent_in_the_queue_that_takes_over(void **state)
{
    (void)state;
    struct line l = at_menu();
    press(&l, "2");
    assert_queue(&l, QUEUE_A, AGENT);
}

static void a_refusal_of_that_queue_is_told_as_any_other(void **state)
{
    (void)state;
    struct line l = at_menu();
    press(&l, "2");
    happens(&l, IVR_REFUSED);
    assert_plays(&l, BYE, 0);
}

/* The test of the sound: a sentence, oneself, how it went, and on. */
static struct line in_echo(void)
{
    struct line l = {
        .flow = {.steps = {{.kind = IVR_ECHO, .prompts = {GREET}, .prompts_n = 1, .next = 2},
                           {.kind = IVR_QUEUE, .queue_id = QUEUE_GENERAL},
                           {.kind = IVR_CLOSED, .prompts = {BYE}, .prompts_n = 1}},
                 .steps_n = 3,
                 .general = 1,
                 .closed = 2}};
    struct ivr_finding found[IVR_FINDINGS_MAX];
    assert_int_equal(ivr_check(&l.flow, found), 0);
    happens(&l, IVR_START);
    assert_plays(&l, GREET, 0);
    return l;
}

static void an_echo_ends_by_a_key_or_by_itself_and_says_how_it_went(void **state)
{
    (void)state;
    for (unsigned is_by_key = 0; is_by_key < 2; is_by_key++) {
        struct line l = in_echo();
        happens(&l, IVR_PLAYED);
        assert_int_equal(l.ask.what, IVR_DO_ECHO);
        assert_int_equal(l.ask.wait_ms, IVR_ECHO_MS);
        if (is_by_key)
            press(&l, "5");
        else
            happens(&l, IVR_TIMER);
        assert_int_equal(l.ask.what, IVR_DO_SAY);
        assert_int_equal(l.ask.value.kind, IVR_VALUE_ECHO);
        assert_true(l.ask.informs);
        happens(&l, IVR_PLAYED);
        assert_plays(&l, BYE, 0);
    }
}

static void a_key_in_its_sentence_begins_the_echo_and_one_in_its_result_goes_on(void **state)
{
    (void)state;
    struct line l = in_echo();
    press(&l, "1");
    assert_int_equal(l.ask.what, IVR_DO_ECHO);
    happens(&l, IVR_PLAYED); /* of the sentence that was cut: late */
    assert_int_equal(l.ask.what, IVR_DO_NOTHING);
    press(&l, "1");
    press(&l, "1");
    assert_plays(&l, BYE, 0);
    l.flow.steps[0].value.kind = IVR_VALUE_ECHO;
    l.flow.steps[0].kind = IVR_SAY;
    struct ivr_finding found[IVR_FINDINGS_MAX];
    assert_int_equal(ivr_check(&l.flow, found), 1); /* without a test there is nothing to say */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_is_taken_at_its_last_digit_and_said_again),
        cmocka_unit_test(a_wrong_check_digit_is_told_then_somebody_helps),
        cmocka_unit_test(star_begins_the_entry_anew_and_twice_is_a_person),
        cmocka_unit_test(nought_is_a_digit_in_an_entry),
        cmocka_unit_test(a_hash_too_early_is_wrong_and_letters_are_nothing),
        cmocka_unit_test(two_silences_are_a_person),
        cmocka_unit_test(an_entry_may_say_where_who_cannot_type_goes),
        cmocka_unit_test(digits_of_no_fixed_number_end_with_hash_or_silence),
        cmocka_unit_test(who_knows_the_way_types_all_of_it_at_once),
        cmocka_unit_test(the_first_case_that_is_true_leads_on),
        cmocka_unit_test(a_new_person_is_a_case_too),
        cmocka_unit_test(the_number_of_english_is_that_of_the_directory),
        cmocka_unit_test(a_language_is_chosen_once_from_the_greeting_on),
        cmocka_unit_test(a_step_sets_the_language_without_a_word),
        cmocka_unit_test(news_are_told_until_their_end),
        cmocka_unit_test(the_price_follows_the_greeting_once),
        cmocka_unit_test(a_transfer_asks_for_its_agent_in_the_queue_that_takes_over),
        cmocka_unit_test(a_refusal_of_that_queue_is_told_as_any_other),
        cmocka_unit_test(an_echo_ends_by_a_key_or_by_itself_and_says_how_it_went),
        cmocka_unit_test(a_key_in_its_sentence_begins_the_echo_and_one_in_its_result_goes_on),
    };
    return cmocka_run_group_tests_name("ivr/steps", tests, NULL, NULL);
}
