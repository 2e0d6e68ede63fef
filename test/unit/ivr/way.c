/* way.c — the choices that led through the menus: what is heard again is chosen again, what is left
 * is left, and past the bound the last ones stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ivr/flow.h"

static void must_be(const struct ivr_way *way, const uint8_t *steps, unsigned n)
{
    assert_int_equal(way->n, n);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(way->choices[i].step, steps[i]);
}

static void a_menu_that_is_heard_again_is_chosen_from_again(void **state)
{
    (void)state;
    struct ivr_way way = {.n = 0};
    ivr_way_choose(&way, 1, 10);
    ivr_way_choose(&way, 10, 20);
    must_be(&way, (const uint8_t[]){10, 20}, 2);
    ivr_way_choose(&way, 10, 21);
    must_be(&way, (const uint8_t[]){10, 21}, 2);
    ivr_way_choose(&way, 1, 11);
    must_be(&way, (const uint8_t[]){11}, 1);
    assert_int_equal(way.left, IVR_LEFT_CHOSEN);
}

static void a_menu_that_is_left_for_anybody_chose_nothing(void **state)
{
    (void)state;
    struct ivr_way way = {.n = 0};
    ivr_way_leave(&way, 1, IVR_LEFT_NO_KEY);
    must_be(&way, NULL, 0);
    assert_int_equal(way.left, IVR_LEFT_NO_KEY);
    ivr_way_choose(&way, 1, 10);
    ivr_way_choose(&way, 10, 20);
    ivr_way_leave(&way, 10, IVR_LEFT_PERSON);
    must_be(&way, (const uint8_t[]){10}, 1);
    assert_int_equal(way.left, IVR_LEFT_PERSON);
}

static void past_the_bound_the_last_choices_stay(void **state)
{
    (void)state;
    struct ivr_way way = {.n = 0};
    for (uint8_t i = 0; i < IVR_WAY_MAX; i++)
        ivr_way_choose(&way, i, (uint8_t)(i + 1));
    must_be(&way, (const uint8_t[]){1, 2, 3, 4}, IVR_WAY_MAX);
    ivr_way_choose(&way, IVR_WAY_MAX, 5);
    must_be(&way, (const uint8_t[]){2, 3, 4, 5}, IVR_WAY_MAX);
}

/* A call in a flow of two menus. */
static const struct ivr_flow flow = {
    .steps =
        {{.kind = IVR_MENU,
          .prompts_n = 1,
          .prompts = {7},
          .choices_n = 2,
          .choices = {{'1', 1}, {'2', 2}}},
         {.kind = IVR_MENU, .prompts_n = 1, .prompts = {8}, .choices_n = 1, .choices = {{'1', 2}}},
         {.kind = IVR_QUEUE, .queue_id = 5},
         {.kind = IVR_CLOSED, .prompts_n = 1, .prompts = {9}}},
    .steps_n = 4,
    .general = 2,
    .closed = 3,
    .max_repeat = 0,
};

static enum ivr_do happens(struct ivr_call *call, enum ivr_event_kind kind, char key)
{
    struct ivr_ask ask;
    const struct ivr_event event = {.kind = kind, .key = key};
    ivr_step(&flow, call, &event, &ask);
    return ask.what;
}

static void a_call_knows_its_way_when_it_asks_for_somebody(void **state)
{
    (void)state;
    struct ivr_call call;
    happens(&call, IVR_START, 0);
    assert_int_equal(call.way.left, IVR_LEFT_NOTHING);
    happens(&call, IVR_KEY, '1');
    assert_int_equal(happens(&call, IVR_KEY, '1'), IVR_DO_QUEUE);
    must_be(&call.way, (const uint8_t[]){1, 2}, 2);
    assert_int_equal(call.way.left, IVR_LEFT_CHOSEN);
    happens(&call, IVR_START, 0); /* nothing of another call */
    must_be(&call.way, NULL, 0);
    happens(&call, IVR_KEY, '1');
    happens(&call, IVR_PLAYED, 0);
    assert_int_equal(happens(&call, IVR_TIMER, 0), IVR_DO_QUEUE);
    must_be(&call.way, (const uint8_t[]){1}, 1);
    assert_int_equal(call.way.left, IVR_LEFT_NO_KEY);
    happens(&call, IVR_START, 0);
    assert_int_equal(happens(&call, IVR_KEY, '0'), IVR_DO_QUEUE);
    assert_int_equal(call.way.left, IVR_LEFT_PERSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_menu_that_is_heard_again_is_chosen_from_again),
        cmocka_unit_test(a_menu_that_is_left_for_anybody_chose_nothing),
        cmocka_unit_test(past_the_bound_the_last_choices_stay),
        cmocka_unit_test(a_call_knows_its_way_when_it_asks_for_somebody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
