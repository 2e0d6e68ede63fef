/* ways.c — what the keys chose stands under its contact, moves with who calls again, goes with the
 * wish; bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/ways.h"
#include "base/arena.h"

static void *memory;

static struct ways open_ways(void)
{
    struct ways w = {.next = 0};
    struct arena arena = {0};
    ways_open(&w, &arena);
    size_t n = (arena.used + 63) / 64 * 64;
    memory = memset(aligned_alloc(64, n), 0, n);
    arena = (struct arena){.base = memory, .size = n};
    ways_open(&w, &arena);
    return w;
}

static void chooses(struct ways *w, uint64_t contact_id, uint32_t step)
{
    ways_fold(w, &(struct event){.kind = EV_MENU_LEFT,
                                 .menu_left = {.contact_id = contact_id,
                                               .flow_id = 3,
                                               .steps = {step},
                                               .steps_n = 1,
                                               .how = MENU_LEFT_HOW_CHOSEN}});
}

static void a_contact_has_the_way_that_it_took_last(void **state)
{
    (void)state;
    struct ways w = open_ways();
    assert_false(ways_of(&w, 5).is_known);
    assert_false(ways_of(&w, 0).is_known);
    chooses(&w, 5, 70);
    chooses(&w, 6, 80);
    chooses(&w, 5, 71);
    struct view_way way = ways_of(&w, 5);
    assert_true(way.is_known && way.flow == 3 && way.steps_n == 1 && way.steps[0] == 71);
    assert_int_equal(ways_of(&w, 6).steps[0], 80);
    ways_fold(&w,
              &(struct event){.kind = EV_CONTACT_SETTLED, .contact_settled = {.contact_id = 5}});
    assert_false(ways_of(&w, 5).is_known);
    free(memory);
}

static void who_takes_a_place_back_brings_the_new_way_along(void **state)
{
    (void)state;
    struct ways w = open_ways();
    chooses(&w, 5, 70);
    chooses(&w, 9, 71);
    const struct event rejoins = {.kind = EV_CALL_REJOINS,
                                  .call_rejoins = {.contact_id = 9, .to_id = 5}};
    ways_fold(&w, &rejoins);
    assert_int_equal(ways_of(&w, 5).steps[0], 71);
    assert_false(ways_of(&w, 9).is_known);
    ways_fold(&w, &rejoins); /* without a menu the old way stays */
    assert_int_equal(ways_of(&w, 5).steps[0], 71);
    free(memory);
}

static void past_its_bound_the_oldest_way_is_forgotten(void **state)
{
    (void)state;
    struct ways w = open_ways();
    for (uint64_t i = 1; i <= WAYS_MAX; i++)
        chooses(&w, i, (uint32_t)i);
    assert_true(ways_of(&w, 1).is_known);
    chooses(&w, WAYS_MAX + 1, 7);
    assert_false(ways_of(&w, 1).is_known);
    assert_int_equal(ways_of(&w, 2).steps[0], 2);
    assert_int_equal(ways_of(&w, WAYS_MAX + 1).steps[0], 7);
    for (unsigned i = 0; i < 3 * WAYS_MAX; i++) /* the same again and again takes no room */
        chooses(&w, 2 + i % 2, i);
    assert_true(ways_of(&w, 3).is_known);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_contact_has_the_way_that_it_took_last),
        cmocka_unit_test(who_takes_a_place_back_brings_the_new_way_along),
        cmocka_unit_test(past_its_bound_the_oldest_way_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
