/* check.c — what makes a flow unsound, each fault by a flow that has it alone; bounds of the
 * interpreter's tables at them and past them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ivr/flow_check.h"

enum { GREET, MAIN, HEALTH, PENSION, TAX, GENERAL, CLOSED, STEPS };
#define A_QUEUE 3

/* A greeting, two menus, three queues, a closing. */
static const struct ivr_flow sound = {
    .steps =
        {
            [GREET] = {.kind = IVR_PLAY, .prompts = {1}, .prompts_n = 1, .next = MAIN},
            [MAIN] = {.kind = IVR_MENU,
                      .prompts = {1},
                      .prompts_n = 1,
                      .choices = {{'1', HEALTH}, {'4', TAX}},
                      .choices_n = 2},
            [HEALTH] = {.kind = IVR_MENU,
                        .prompts = {1},
                        .prompts_n = 1,
                        .choices = {{'2', PENSION}},
                        .choices_n = 1},
            [PENSION] = {.kind = IVR_QUEUE, .queue_id = A_QUEUE},
            [TAX] = {.kind = IVR_QUEUE, .queue_id = A_QUEUE},
            [GENERAL] = {.kind = IVR_QUEUE, .queue_id = A_QUEUE},
            [CLOSED] = {.kind = IVR_CLOSED, .prompts = {1}, .prompts_n = 1},
        },
    .steps_n = STEPS,
    .general = GENERAL,
    .closed = CLOSED,
    .max_repeat = 1,
};

static struct ivr_finding found[IVR_FINDINGS_MAX];

static void assert_sound(const struct ivr_flow *flow)
{
    assert_int_equal(ivr_check(flow, found), 0);
}

/* This one thing is found, there. */
static void assert_finds(const struct ivr_flow *flow, enum ivr_fault fault, uint8_t step)
{
    assert_int_equal(ivr_check(flow, found), 1);
    assert_int_equal(found[0].fault, fault);
    assert_int_equal(found[0].step, step);
}

/* The sound flow with another step in one place. */
static struct ivr_flow with(struct ivr_step step, unsigned at)
{
    struct ivr_flow flow = sound;
    flow.steps[at] = step;
    return flow;
}

static void a_sound_flow_passes(void **state)
{
    (void)state;
    assert_sound(&sound);
}

static void a_key_has_one_meaning(void **state)
{
    (void)state;
    static const char taken[] = {'8', '0', '*', '#', 'A', '4', '\0'};
    for (unsigned i = 0; i < sizeof(taken); i++) {
        struct ivr_step s = sound.steps[MAIN];
        s.choices[0].key = taken[i]; /* '4' is the other choice */
        struct ivr_flow flow = with(s, MAIN);
        assert_finds(&flow, IVR_FLOW_KEY, MAIN);
    }
    struct ivr_flow flow = sound;
    flow.languages_n = 1;
    flow.languages[0].key = '4';
    flow.languages[0].lang = 3;
    assert_finds(&flow, IVR_FLOW_KEY, MAIN);
    flow.languages[0].key = '6';
    assert_sound(&flow);
    flow.languages[0].key = '8';
    assert_finds(&flow, IVR_FLOW_KEY, IVR_NO_STEP);
}

static void every_step_leads_somewhere(void **state)
{
    (void)state;
    struct ivr_step s = sound.steps[MAIN];
    s.choices[1].step = STEPS;
    struct ivr_flow flow = with(s, MAIN);
    assert_finds(&flow, IVR_FLOW_TARGET, MAIN);
    s = sound.steps[GREET];
    s.next = IVR_NO_STEP;
    flow = with(s, GREET);
    assert_finds(&flow, IVR_FLOW_TARGET, GREET);
}

static void choices_at_their_bound_and_past_it(void **state)
{
    (void)state;
    struct ivr_step s = sound.steps[MAIN];
    for (unsigned i = 0; i < IVR_CHOICES_MAX; i++)
        s.choices[i] = (struct ivr_choice){(char)('1' + i), i ? TAX : HEALTH};
    s.choices_n = IVR_CHOICES_MAX;
    struct ivr_flow flow = with(s, MAIN);
    assert_sound(&flow);
    flow.steps[MAIN].choices_n = IVR_CHOICES_MAX + 1;
    assert_finds(&flow, IVR_FLOW_CHOICES, MAIN);
    flow.steps[MAIN].choices_n = 0;
    assert_finds(&flow, IVR_FLOW_CHOICES, MAIN);
}

/* Sentences between them change nothing: it is the third question in a row. */
static void three_menus_in_a_row_are_too_many(void **state)
{
    (void)state;
    struct ivr_step menu = sound.steps[HEALTH];
    menu.choices[0].step = TAX;
    struct ivr_flow flow = with(menu, PENSION);
    assert_finds(&flow, IVR_FLOW_LEVELS, HEALTH);
    flow.steps[STEPS] = sound.steps[GREET];
    flow.steps[STEPS].next = PENSION;
    flow.steps[HEALTH].choices[0].step = STEPS;
    flow.steps_n = STEPS + 1;
    assert_finds(&flow, IVR_FLOW_LEVELS, HEALTH);
}

static void a_menu_that_leads_back_is_one_too_many(void **state)
{
    (void)state;
    struct ivr_flow flow = sound;
    flow.steps[HEALTH].choices[0].step = MAIN;
    flow.steps[MAIN].choices[1].step = PENSION;
    flow.steps[PENSION] = sound.steps[TAX];
    flow.steps[TAX] = sound.steps[GREET];
    flow.steps[TAX].next = MAIN;
    flow.steps[GREET].next = TAX;
    assert_true(ivr_check(&flow, found) > 0);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(found[i].fault, IVR_FLOW_LEVELS);
}

static void what_goes_round_without_a_menu_is_found_wherever_it_is(void **state)
{
    (void)state;
    struct ivr_step s = sound.steps[GREET];
    s.next = GREET;
    struct ivr_flow flow = with(s, GREET);
    assert_int_equal(ivr_check(&flow, found), 1 + STEPS - 3);
    assert_int_equal(found[0].fault, IVR_FLOW_LOOP);
    assert_int_equal(found[1].fault, IVR_FLOW_UNREACHED);
    flow = sound; /* PENSION and TAX, behind the menu */
    flow.steps[PENSION] = flow.steps[TAX] = sound.steps[GREET];
    flow.steps[PENSION].next = TAX;
    flow.steps[TAX].next = PENSION;
    assert_int_equal(ivr_check(&flow, found), 2);
    assert_true(found[0].fault == IVR_FLOW_LOOP && found[0].step == PENSION);
    assert_true(found[1].fault == IVR_FLOW_LOOP && found[1].step == TAX);
}

/* Digits are keys, but an entry that leads to itself never ends. */
static void entries_and_branches_do_not_go_round_either(void **state)
{
    (void)state;
    struct ivr_flow flow = with((struct ivr_step){.kind = IVR_COLLECT,
                                                  .prompts = {1},
                                                  .prompts_n = 1,
                                                  .min = 1,
                                                  .max = 1,
                                                  .tries = 1,
                                                  .other = IVR_NO_STEP,
                                                  .next = TAX},
                                TAX);
    assert_finds(&flow, IVR_FLOW_LOOP, TAX);
    flow = with((struct ivr_step){.kind = IVR_BRANCH,
                                  .cases = {{IVR_WHEN_KNOWN, PENSION, 1}},
                                  .cases_n = 1,
                                  .other = TAX},
                TAX);
    assert_finds(&flow, IVR_FLOW_LOOP, TAX);
}

static void a_step_that_nobody_reaches_is_found(void **state)
{
    (void)state;
    struct ivr_flow flow = sound;
    flow.steps[MAIN].choices_n = 1;
    assert_finds(&flow, IVR_FLOW_UNREACHED, TAX);
}

static void general_is_a_queue_and_closed_a_closing(void **state)
{
    (void)state;
    struct ivr_flow flow = sound;
    flow.general = MAIN;
    assert_finds(&flow, IVR_FLOW_QUEUE, MAIN);
    flow.general = STEPS;
    assert_finds(&flow, IVR_FLOW_QUEUE, STEPS);
    flow = sound;
    flow.closed = TAX;
    assert_finds(&flow, IVR_FLOW_QUEUE, TAX);
    flow = with((struct ivr_step){.kind = IVR_QUEUE}, TAX);
    assert_finds(&flow, IVR_FLOW_QUEUE, TAX);
}

static void something_is_said_where_something_must_be(void **state)
{
    (void)state;
    struct ivr_step s = sound.steps[GREET];
    s.prompts_n = 0;
    struct ivr_flow flow = with(s, GREET);
    assert_finds(&flow, IVR_FLOW_PROMPT, GREET);
    s.prompts_n = IVR_PROMPTS_MAX + 1;
    flow = with(s, GREET);
    assert_finds(&flow, IVR_FLOW_PROMPT, GREET);
    for (unsigned i = 0; i < IVR_PROMPTS_MAX; i++)
        s.prompts[i] = 1;
    s.prompts_n = IVR_PROMPTS_MAX;
    flow = with(s, GREET);
    assert_sound(&flow);
    flow.steps[GREET].prompts[2] = 0;
    assert_finds(&flow, IVR_FLOW_PROMPT, GREET);
}

static struct ivr_flow entry_of(unsigned min, unsigned max, unsigned tries)
{
    return with((struct ivr_step){.kind = IVR_COLLECT,
                                  .prompts = {1},
                                  .prompts_n = 1,
                                  .min = (uint8_t)min,
                                  .max = (uint8_t)max,
                                  .tries = (uint8_t)tries,
                                  .other = IVR_NO_STEP,
                                  .next = GENERAL},
                TAX);
}

static void entries_at_their_bounds_and_past_them(void **state)
{
    (void)state;
    static const struct {
        unsigned min, max, tries;
        bool is_sound;
    } rows[] = {{1, 1, 1, true},
                {1, IVR_TYPED_MAX, IVR_TRIES_MAX, true},
                {0, 1, 1, false},
                {2, 1, 1, false},
                {1, IVR_TYPED_MAX + 1, 1, false},
                {1, 1, 0, false},
                {1, 1, IVR_TRIES_MAX + 1, false}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct ivr_flow flow = entry_of(rows[i].min, rows[i].max, rows[i].tries);
        if (rows[i].is_sound)
            assert_sound(&flow);
        else
            assert_finds(&flow, IVR_FLOW_DIGITS, TAX);
    }
    struct ivr_flow flow = entry_of(8, 8, 1);
    flow.steps[TAX].is_reference = true;
    assert_sound(&flow);
    flow.steps[TAX].min = 7;
    assert_finds(&flow, IVR_FLOW_DIGITS, TAX);
    flow = entry_of(1, 1, 1);
    flow.steps[TAX].other = STEPS;
    assert_finds(&flow, IVR_FLOW_TARGET, TAX);
}

static void branches_at_their_bounds_and_past_them(void **state)
{
    (void)state;
    struct ivr_step s = {.kind = IVR_BRANCH, .cases_n = IVR_CASES_MAX, .other = GENERAL};
    for (unsigned i = 0; i < IVR_CASES_MAX; i++)
        s.cases[i] = (struct ivr_case){IVR_WHEN_CALLED, PENSION, i};
    struct ivr_flow flow = with(s, TAX);
    assert_sound(&flow);
    flow.steps[TAX].cases_n++;
    assert_finds(&flow, IVR_FLOW_CASES, TAX);
    flow.steps[TAX].cases_n = 0;
    assert_finds(&flow, IVR_FLOW_CASES, TAX);
    s.cases[3] = (struct ivr_case){IVR_WHEN_OPEN, PENSION, 4};
    flow = with(s, TAX);
    assert_finds(&flow, IVR_FLOW_CASES, TAX); /* hours that the flow does not name */
    flow.weeks = 6;
    assert_sound(&flow);
    flow.steps[TAX].cases[3].step = STEPS;
    assert_finds(&flow, IVR_FLOW_TARGET, TAX);
    flow.steps[TAX].cases[3].step = PENSION;
    flow.steps[TAX].other = IVR_NO_STEP;
    assert_finds(&flow, IVR_FLOW_TARGET, TAX);
}

static void a_transfer_has_an_agent_and_a_queue_that_takes_over(void **state)
{
    (void)state;
    struct ivr_flow flow =
        with((struct ivr_step){.kind = IVR_TRANSFER, .agent_id = 7, .other = GENERAL}, TAX);
    assert_sound(&flow);
    flow.steps[TAX].other = MAIN;
    assert_finds(&flow, IVR_FLOW_QUEUE, TAX);
    flow.steps[TAX].other = GENERAL;
    flow.steps[TAX].agent_id = 0;
    assert_finds(&flow, IVR_FLOW_QUEUE, TAX);
    flow.steps[TAX].other = IVR_NO_STEP;
    assert_finds(&flow, IVR_FLOW_TARGET, TAX);
}

static void values_that_cannot_be_said_are_found(void **state)
{
    (void)state;
    static const struct {
        struct ivr_value value;
        bool is_sound;
    } rows[] = {{{.kind = IVR_VALUE_NUMBER, .number = 33536490010}, true},
                {{.kind = IVR_VALUE_NUMBER}, false},
                {{.kind = IVR_VALUE_HOUR, .minute = 1439}, true},
                {{.kind = IVR_VALUE_HOUR, .minute = 1440}, false},
                {{.kind = IVR_VALUE_DAY, .number = 6}, true},
                {{.kind = IVR_VALUE_DAY, .number = 7}, false},
                {{.kind = IVR_VALUE_WAIT}, false},
                {{.kind = IVR_VALUE_OPENING}, true},
                {{.kind = IVR_VALUES}, false}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct ivr_flow flow =
            with((struct ivr_step){.kind = IVR_SAY, .value = rows[i].value, .next = GENERAL}, TAX);
        if (rows[i].is_sound)
            assert_sound(&flow);
        else
            assert_finds(&flow, IVR_FLOW_VALUE, TAX);
    }
}

static void all_faults_are_told_at_once(void **state)
{
    (void)state;
    struct ivr_flow flow = sound;
    flow.steps[GREET].prompts_n = 0;
    flow.steps[MAIN].choices_n = 0;
    flow.steps[TAX].queue_id = 0;
    flow.general = CLOSED;
    assert_int_equal(ivr_check(&flow, found), 4);
    assert_int_equal(found[0].fault, IVR_FLOW_QUEUE);
    assert_true(found[1].step == GREET && found[2].step == MAIN && found[3].step == TAX);
}

static void steps_at_the_bound_and_past_it(void **state)
{
    (void)state;
    struct ivr_flow flow = sound;
    flow.steps[GREET].next = STEPS;
    for (unsigned i = STEPS; i < IVR_STEPS_MAX; i++) {
        flow.steps[i] = sound.steps[GREET];
        flow.steps[i].next = i + 1 < IVR_STEPS_MAX ? (uint8_t)(i + 1) : MAIN;
    }
    flow.steps_n = IVR_STEPS_MAX;
    assert_sound(&flow);
    flow.steps_n = IVR_STEPS_MAX + 1;
    assert_finds(&flow, IVR_FLOW_STEPS, IVR_NO_STEP);
    flow.steps_n = 0;
    assert_finds(&flow, IVR_FLOW_STEPS, IVR_NO_STEP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_flow_passes),
        cmocka_unit_test(a_key_has_one_meaning),
        cmocka_unit_test(every_step_leads_somewhere),
        cmocka_unit_test(choices_at_their_bound_and_past_it),
        cmocka_unit_test(three_menus_in_a_row_are_too_many),
        cmocka_unit_test(a_menu_that_leads_back_is_one_too_many),
        cmocka_unit_test(what_goes_round_without_a_menu_is_found_wherever_it_is),
        cmocka_unit_test(entries_and_branches_do_not_go_round_either),
        cmocka_unit_test(a_step_that_nobody_reaches_is_found),
        cmocka_unit_test(general_is_a_queue_and_closed_a_closing),
        cmocka_unit_test(something_is_said_where_something_must_be),
        cmocka_unit_test(entries_at_their_bounds_and_past_them),
        cmocka_unit_test(branches_at_their_bounds_and_past_them),
        cmocka_unit_test(a_transfer_has_an_agent_and_a_queue_that_takes_over),
        cmocka_unit_test(values_that_cannot_be_said_are_found),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(steps_at_the_bound_and_past_it),
    };
    return cmocka_run_group_tests_name("ivr/check", tests, NULL, NULL);
}
