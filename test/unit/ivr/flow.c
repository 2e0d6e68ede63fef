/* flow.c — the menu as a caller lives it (voice-script §2, §14 flow C). What check refuses is in
 * check.c, the other steps in steps.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ivr/flow.h"

/* Prompts by number, as the test knows them. */
enum {
    GREET = 1,
    MAIN,
    MAIN_SLOW,
    HEALTH,
    CHOSEN,
    AGAIN,
    NO_KEY,
    WRONG,
    PERSON,
    DATA,
    CLOSED,
    BYE
};
enum { STEP_GREET, STEP_MAIN, STEP_HEALTH, STEP_PENSION, STEP_TAX, STEP_GENERAL, STEP_CLOSED };
#define QUEUE_PENSION 3
#define QUEUE_TAX 4
#define QUEUE_GENERAL 9

static const struct ivr_flow demo = {
    .steps =
        {
            [STEP_GREET] =
                {.kind = IVR_PLAY, .prompts = {GREET}, .prompts_n = 1, .next = STEP_MAIN},
            [STEP_MAIN] = {.kind = IVR_MENU,
                           .prompts = {MAIN},
                           .prompts_n = 1,
                           .slow = MAIN_SLOW,
                           .choices = {{'1', STEP_HEALTH}, {'4', STEP_TAX}},
                           .choices_n = 2},
            [STEP_HEALTH] = {.kind = IVR_MENU,
                             .prompts = {HEALTH},
                             .prompts_n = 1,
                             .choices = {{'2', STEP_PENSION}},
                             .choices_n = 1},
            [STEP_PENSION] =
                {.kind = IVR_QUEUE, .prompts = {CHOSEN}, .prompts_n = 1, .queue_id = QUEUE_PENSION},
            [STEP_TAX] = {.kind = IVR_QUEUE, .queue_id = QUEUE_TAX},
            [STEP_GENERAL] = {.kind = IVR_QUEUE, .queue_id = QUEUE_GENERAL},
            [STEP_CLOSED] = {.kind = IVR_CLOSED, .prompts = {BYE}, .prompts_n = 1},
        },
    .steps_n = 7,
    .general = STEP_GENERAL,
    .closed = STEP_CLOSED,
    .max_repeat = 1,
    .say = {AGAIN, NO_KEY, WRONG, PERSON, DATA},
    .has_english = true,
};

struct line {
    struct ivr_call call;
    struct ivr_ask ask;
};

static void happens(struct line *l, enum ivr_event_kind kind)
{
    ivr_step(&demo, &l->call, &(struct ivr_event){.kind = kind}, &l->ask);
}

static void presses(struct line *l, char key)
{
    ivr_step(&demo, &l->call, &(struct ivr_event){.kind = IVR_KEY, .key = key}, &l->ask);
}

static void assert_plays(const struct line *l, ivr_prompt first, ivr_prompt second)
{
    assert_int_equal(l->ask.what, IVR_DO_PLAY);
    assert_int_equal(l->ask.prompts_n, second ? 2 : 1);
    assert_int_equal(l->ask.prompts[0], first);
    if (second)
        assert_int_equal(l->ask.prompts[1], second);
}

static void assert_queue(const struct line *l, uint32_t queue_id)
{
    assert_int_equal(l->ask.what, IVR_DO_QUEUE);
    assert_int_equal(l->ask.queue_id, queue_id);
}

/* A caller in front of the first menu, its sentence heard. */
static struct line at_menu(void)
{
    struct line l = {0};
    happens(&l, IVR_START);
    assert_plays(&l, GREET, 0);
    happens(&l, IVR_PLAYED);
    assert_plays(&l, MAIN, 0);
    happens(&l, IVR_PLAYED);
    assert_int_equal(l.ask.what, IVR_DO_WAIT);
    assert_int_equal(l.ask.wait_ms, IVR_KEY_MS);
    return l;
}

static void two_keys_lead_to_the_queue_of_the_choice(void **state)
{
    (void)state;
    struct line l = at_menu();
    presses(&l, '1');
    assert_plays(&l, HEALTH, 0);
    presses(&l, '2'); /* during the sentence */
    assert_plays(&l, CHOSEN, 0);
    happens(&l, IVR_PLAYED);
    assert_queue(&l, QUEUE_PENSION);
}

static void no_key_at_all_leads_to_a_person(void **state)
{
    (void)state;
    struct line l = at_menu();
    happens(&l, IVR_TIMER);
    assert_plays(&l, AGAIN, MAIN_SLOW);
    happens(&l, IVR_PLAYED);
    assert_int_equal(l.ask.wait_ms, IVR_KEY_AGAIN_MS);
    happens(&l, IVR_TIMER);
    assert_plays(&l, NO_KEY, 0);
    happens(&l, IVR_PLAYED);
    assert_queue(&l, QUEUE_GENERAL);
}

static void two_wrong_keys_lead_to_a_person(void **state)
{
    (void)state;
    struct line l = at_menu();
    presses(&l, '9');
    assert_plays(&l, WRONG, MAIN);
    presses(&l, '7');
    assert_plays(&l, NO_KEY, 0);
    happens(&l, IVR_PLAYED);
    assert_queue(&l, QUEUE_GENERAL);
}

static void zero_is_a_person_from_every_menu(void **state)
{
    (void)state;
    struct line l = at_menu();
    presses(&l, '1');
    presses(&l, '0');
    assert_plays(&l, PERSON, 0);
    happens(&l, IVR_PLAYED);
    assert_queue(&l, QUEUE_GENERAL);
}

static void star_repeats_and_goes_back_from_a_choice(void **state)
{
    (void)state;
    struct line l = at_menu();
    presses(&l, '*');
    assert_plays(&l, MAIN, 0);
    presses(&l, '1');
    presses(&l, '2');
    assert_plays(&l, CHOSEN, 0);
    presses(&l, '*');
    assert_plays(&l, HEALTH, 0);
}

static void hash_says_what_becomes_of_the_data_then_the_menu(void **state)
{
    (void)state;
    struct line l = at_menu();
    presses(&l, '#');
    assert_plays(&l, DATA, MAIN);
}

static void eight_changes_the_language_and_repeats(void **state)
{
    (void)state;
    struct line l = at_menu();
    presses(&l, '8');
    assert_plays(&l, MAIN, 0);
    assert_int_equal(l.call.lang, 1);
}

static void who_knows_the_menu_chooses_during_the_greeting(void **state)
{
    (void)state;
    struct line l = {0};
    happens(&l, IVR_START);
    presses(&l, '4');
    assert_queue(&l, QUEUE_TAX);
}

static void a_mandatory_sentence_is_not_cut(void **state)
{
    (void)state;
    struct ivr_flow flow = demo;
    struct ivr_call call;
    struct ivr_ask ask;
    flow.steps[STEP_GREET].is_mandatory = true;
    ivr_step(&flow, &call, &(struct ivr_event){.kind = IVR_START}, &ask);
    assert_true(ask.is_mandatory);
    ivr_step(&flow, &call, &(struct ivr_event){.kind = IVR_KEY, .key = '4'}, &ask);
    assert_int_equal(ask.what, IVR_DO_NOTHING);
}

static void a_refusal_says_why_then_waits_then_ends(void **state)
{
    (void)state;
    struct line l = at_menu();
    presses(&l, '4');
    const struct ivr_event refused = {.kind = IVR_REFUSED, .prompts = {CLOSED}, .prompts_n = 1};
    ivr_step(&demo, &l.call, &refused, &l.ask);
    assert_plays(&l, CLOSED, BYE);
    happens(&l, IVR_PLAYED);
    assert_int_equal(l.ask.wait_ms, IVR_OPEN_MS);
    presses(&l, '#');
    assert_plays(&l, DATA, 0);
    happens(&l, IVR_PLAYED);
    happens(&l, IVR_TIMER);
    assert_int_equal(l.ask.what, IVR_DO_END);
}

static void silence_alone_ends_with_a_person_from_every_state(void **state)
{
    (void)state;
    static const char keys[] = "0123456789*#";
    uint64_t prng = 1;
    for (unsigned life = 0; life < 2000; life++) {
        struct line l = {0};
        happens(&l, IVR_START);
        for (unsigned i = 0; i < life % 9 && l.ask.what != IVR_DO_QUEUE; i++) {
            prng = prng * UINT64_C(6364136223846793005) + 1442695040888963407;
            presses(&l, keys[(prng >> 33) % 12]);
        }
        unsigned turns = 0;
        while (l.ask.what != IVR_DO_QUEUE) {
            happens(&l, l.ask.what == IVR_DO_WAIT ? IVR_TIMER : IVR_PLAYED);
            assert_true(++turns < 20);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_keys_lead_to_the_queue_of_the_choice),
        cmocka_unit_test(no_key_at_all_leads_to_a_person),
        cmocka_unit_test(two_wrong_keys_lead_to_a_person),
        cmocka_unit_test(zero_is_a_person_from_every_menu),
        cmocka_unit_test(star_repeats_and_goes_back_from_a_choice),
        cmocka_unit_test(hash_says_what_becomes_of_the_data_then_the_menu),
        cmocka_unit_test(eight_changes_the_language_and_repeats),
        cmocka_unit_test(who_knows_the_menu_chooses_during_the_greeting),
        cmocka_unit_test(a_mandatory_sentence_is_not_cut),
        cmocka_unit_test(a_refusal_says_why_then_waits_then_ends),
        cmocka_unit_test(silence_alone_ends_with_a_person_from_every_state),
    };
    return cmocka_run_group_tests_name("ivr/flow", tests, NULL, NULL);
}
