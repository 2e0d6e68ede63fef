/* pace.c — tests of the schedule: slots, places, ports, lateness. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "media/pool.h"
#include "media/ports.h"

static void each_millisecond_is_run_once_whatever_the_delays(void **state)
{
    (void)state;
    ms_t done_at = 1000, run_n = 0;
    for (ms_t now_at = 1000; now_at < 3000; now_at += now_at % 37) {
        struct pace_span span = pace_span(done_at, now_at);
        assert_int_equal(span.first_at, done_at + 1);
        assert_int_equal(span.left_out_ms, 0);
        run_n += span.last_at - span.first_at + 1;
        done_at = now_at;
        if (now_at % 37 == 0)
            now_at++;
    }
    assert_int_equal(run_n, done_at - 1000);
}

static void more_than_the_bound_is_left_out(void **state)
{
    (void)state;
    struct pace_span at_bound = pace_span(1000, 1000 + PACE_CATCH_UP_MS);
    struct pace_span past = pace_span(1000, 1000 + PACE_CATCH_UP_MS + 1);
    struct pace_span far = pace_span(1000, 1000 + 10 * PACE_CATCH_UP_MS);
    assert_true(at_bound.first_at == 1001 && at_bound.left_out_ms == 0);
    assert_true(past.first_at == 1002 && past.left_out_ms == 1);
    assert_int_equal(far.last_at - far.first_at + 1, PACE_CATCH_UP_MS);
}

static void places_are_handed_out_evenly_over_threads_and_slots(void **state)
{
    (void)state;
    struct pool p;
    assert_int_equal(pool_open(&p, 3, 600), 0);
    for (uint32_t n = 1; n <= 600; n++) {
        assert_int_not_equal(pool_take(&p, SLOT_NONE), SLOT_NONE);
        for (uint32_t row = 0; row < 3 * PACE_SLOTS; row++)
            assert_in_range(p.slot_n[row], n / 60, n / 60 + 1);
    }
    assert_int_equal(pool_take(&p, SLOT_NONE), SLOT_NONE);
    pool_drop(&p);
}

static void a_place_near_another_is_in_its_thread_or_there_is_none(void **state)
{
    (void)state;
    struct pool p;
    assert_int_equal(pool_open(&p, 4, 80), 0);
    uint32_t first = pool_take(&p, SLOT_NONE);
    for (unsigned i = 1; i < 20; i++) {
        uint32_t near = pool_take(&p, first);
        assert_int_equal(pool_thread_of(&p, near), pool_thread_of(&p, first));
    }
    assert_int_equal(pool_take(&p, first), SLOT_NONE);
    assert_int_not_equal(pool_take(&p, SLOT_NONE), SLOT_NONE);
    pool_drop(&p);
}

static void a_reference_of_an_earlier_stream_finds_nothing(void **state)
{
    (void)state;
    struct pool p;
    assert_int_equal(pool_open(&p, 1, 1), 0);
    for (unsigned i = 0; i < 5; i++) {
        uint32_t slot = pool_take(&p, SLOT_NONE);
        struct media_ref ref = {slot, p.seats[slot].order.gen}, before = {slot, ref.gen - 1};
        assert_non_null(pool_find(&p, ref));
        assert_null(pool_find(&p, before));
        pool_give(&p, slot);
        assert_null(pool_find(&p, ref));
    }
    p.seats[0].order.gen = UINT32_MAX;
    assert_int_equal(p.seats[pool_take(&p, SLOT_NONE)].order.gen, 1); /* never 0 */
    struct media_ref outside = {1000000, 1};
    assert_null(pool_find(&p, outside));
    pool_drop(&p);
}

static void ports_go_round_and_stay_even(void **state)
{
    (void)state;
    struct ports p;
    assert_int_equal(ports_open(&p, 20001, 20007), 0); /* 20002, 20004, 20006 */
    assert_int_equal(ports_take(&p), 20002);
    ports_give(&p, 20002);
    assert_int_equal(ports_take(&p), 20004);
    assert_int_equal(ports_take(&p), 20006);
    assert_int_equal(ports_take(&p), 20002);
    assert_int_equal(ports_take(&p), 0);
    ports_drop(&p);
    assert_int_equal(ports_open(&p, 20001, 20002), EINVAL);
    assert_int_equal(ports_open(&p, 65535, 65535), EINVAL);
    assert_int_equal(ports_open(&p, 30, 20), EINVAL);
    assert_int_equal(ports_open(&p, 65534, 65535), 0);
    assert_int_equal(ports_take(&p), 65534);
    ports_drop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_millisecond_is_run_once_whatever_the_delays),
        cmocka_unit_test(more_than_the_bound_is_left_out),
        cmocka_unit_test(places_are_handed_out_evenly_over_threads_and_slots),
        cmocka_unit_test(a_place_near_another_is_in_its_thread_or_there_is_none),
        cmocka_unit_test(a_reference_of_an_earlier_stream_finds_nothing),
        cmocka_unit_test(ports_go_round_and_stay_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
