/* ring.c — tests of base/ring.h on one thread; two threads: test/threads/ring.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ring.h"

#define N 8u

struct fixture {
    struct ring_buffer ring;
    uint32_t memory[N];
};

static void fill(struct fixture *f, uint32_t n)
{
    ring_open(&f->ring, f->memory, N, sizeof(uint32_t));
    for (uint32_t i = 0; i < n; i++)
        assert_true(ring_push(&f->ring, &i, 1));
}

static uint32_t item(const struct fixture *f, uint32_t i)
{
    const uint32_t *v = ring_item(&f->ring, i);
    return *v;
}

static void a_new_ring_is_empty_and_has_all_its_room(void **state)
{
    (void)state;
    struct fixture f;
    fill(&f, 0);
    assert_int_equal(ring_waiting_n(&f.ring), 0);
    assert_int_equal(ring_room_n(&f.ring), N);
    assert_int_equal(ring_bytes(N, sizeof(uint32_t)), sizeof(f.memory));
}

static void items_come_out_in_the_order_in_which_they_went_in(void **state)
{
    (void)state;
    struct fixture f;
    fill(&f, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(item(&f, 0), i);
        ring_release(&f.ring, 1);
    }
    assert_int_equal(ring_waiting_n(&f.ring), 0);
}

static void a_full_ring_takes_nothing_and_loses_nothing(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t one_more = 99;
    fill(&f, N);
    assert_int_equal(ring_room_n(&f.ring), 0);
    assert_false(ring_push(&f.ring, &one_more, 1));
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(item(&f, i), i);
}

static void a_push_that_does_not_fit_whole_is_refused_whole(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t three[] = {7, 8, 9};
    fill(&f, N - 2);
    assert_false(ring_push(&f.ring, three, 3));
    assert_int_equal(ring_waiting_n(&f.ring), N - 2);
    assert_true(ring_push(&f.ring, three, 2));
    assert_int_equal(item(&f, N - 1), 8);
}

static void slots_are_seen_only_after_they_are_published(void **state)
{
    (void)state;
    struct fixture f;
    fill(&f, 1);
    *(uint32_t *)ring_slot(&f.ring, 0) = 10;
    *(uint32_t *)ring_slot(&f.ring, 1) = 11;
    assert_int_equal(ring_waiting_n(&f.ring), 1);
    ring_publish(&f.ring, 2);
    assert_int_equal(item(&f, 1), 10);
    assert_int_equal(item(&f, 2), 11);
}

static void the_counters_may_wrap(void **state)
{
    (void)state;
    struct fixture f;
    fill(&f, 0);
    atomic_store(&f.ring.head, UINT32_MAX - 2);
    atomic_store(&f.ring.tail, UINT32_MAX - 2);
    for (uint32_t i = 0; i < 3 * N; i++) {
        assert_true(ring_push(&f.ring, &i, 1));
        assert_int_equal(item(&f, 0), i);
        ring_release(&f.ring, 1);
    }
    for (uint32_t i = 0; i < N; i++)
        assert_true(ring_push(&f.ring, &i, 1));
    assert_int_equal(ring_room_n(&f.ring), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_ring_is_empty_and_has_all_its_room),
        cmocka_unit_test(items_come_out_in_the_order_in_which_they_went_in),
        cmocka_unit_test(a_full_ring_takes_nothing_and_loses_nothing),
        cmocka_unit_test(a_push_that_does_not_fit_whole_is_refused_whole),
        cmocka_unit_test(slots_are_seen_only_after_they_are_published),
        cmocka_unit_test(the_counters_may_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
