/* slots.c — tests of app/slots.h: how many of a half hour, which first, and the bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/slots.h"

#define QUEUE 1
#define AT (1000 * SLOT_MS)

struct fixture {
    struct slots slots;
    void *memory;
};

static int set_up(void **state)
{
    static struct fixture f;
    struct arena probe = {0};
    slots_open(&f.slots, &probe);
    size_t n = (probe.used + 63) / 64 * 64;
    f.memory = memset(aligned_alloc(64, n), 0, n);
    struct arena arena = {.base = f.memory, .size = n, .is_zeroed = true};
    slots_open(&f.slots, &arena);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    free(((struct fixture *)*state)->memory);
    return 0;
}

static bool put(struct slots *s, uint64_t contact_id, uint32_t queue_id, ms_t from_at)
{
    const struct slot slot = {.contact_id = contact_id,
                              .e164 = 33536491234,
                              .queue_id = queue_id,
                              .from_at = from_at,
                              .until_at = from_at + SLOT_MS};
    return slots_put(s, &slot);
}

static void each_half_hour_of_each_queue_is_counted_alone(void **state)
{
    struct slots *s = &((struct fixture *)*state)->slots;
    assert_true(put(s, 1, QUEUE, AT) && put(s, 2, QUEUE, AT));
    assert_true(put(s, 3, QUEUE, AT + SLOT_MS) && put(s, 4, QUEUE + 1, AT));
    assert_false(put(s, 1, QUEUE, AT + 2 * SLOT_MS)); /* it has one */
    assert_int_equal(slots_sold_n(s, QUEUE, AT), 2);
    assert_int_equal(slots_sold_n(s, QUEUE, AT + SLOT_MS), 1);
    assert_int_equal(slots_sold_n(s, QUEUE + 1, AT), 1);
    slots_remove(s, 1);
    slots_remove(s, 1);
    slots_remove(s, 2);
    assert_int_equal(slots_sold_n(s, QUEUE, AT), 0);
    assert_null(slots_find(s, 1));
    assert_int_equal(slots_find(s, 4)->queue_id, QUEUE + 1);
}

static void the_soonest_is_looked_at_first(void **state)
{
    struct slots *s = &((struct fixture *)*state)->slots;
    ms_t at;
    assert_null(slots_first(s, &at));
    assert_true(at == MS_NEVER);
    put(s, 1, QUEUE, AT + SLOT_MS);
    put(s, 2, QUEUE, AT);
    assert_int_equal(slots_first(s, &at)->contact_id, 2);
    assert_true(at == AT);
    slots_look_at(s, slots_find(s, 2), AT + 5 * SLOT_MS);
    assert_int_equal(slots_first(s, &at)->contact_id, 1);
    slots_remove(s, 1);
    assert_int_equal(slots_first(s, &at)->contact_id, 2);
}

static void past_the_bound_none_is_taken_and_a_number_does_not_stay(void **state)
{
    struct slots *s = &((struct fixture *)*state)->slots;
    for (uint64_t i = 1; i <= SLOTS_MAX; i++)
        assert_true(put(s, i, QUEUE, AT + (ms_t)(i % 8) * SLOT_MS));
    assert_false(put(s, SLOTS_MAX + 1, QUEUE, AT));
    struct slot *gone = slots_find(s, 77);
    slots_remove(s, 77);
    assert_true(gone->e164 == 0);
    assert_true(put(s, SLOTS_MAX + 1, QUEUE, AT));
    assert_int_equal(s->n, SLOTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_half_hour_of_each_queue_is_counted_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_soonest_is_looked_at_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(past_the_bound_none_is_taken_and_a_number_does_not_stay,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests_name("app/slots", tests, NULL, NULL);
}
