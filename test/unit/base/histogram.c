/* histogram.c — buckets of a histogram: exact where small, near where large, none between two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/histogram.h"

static void each_value_lies_in_its_bucket(void **state)
{
    (void)state;
    for (uint32_t b = 1; b < HISTOGRAM_BUCKETS; b++) {
        uint64_t first = histogram_bucket_max(b - 1) + 1, last = histogram_bucket_max(b);
        assert_int_equal(histogram_bucket(first), b);
        assert_int_equal(histogram_bucket(last), b);
        assert_true((last - first) * HISTOGRAM_PER_OCTAVE <= first);
    }
    assert_int_equal(histogram_bucket_max(HISTOGRAM_BUCKETS - 1), HISTOGRAM_VALUE_MAX);
    assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
}

static void shares_are_those_of_the_values(void **state)
{
    struct histogram h = {0};
    (void)state;
    assert_int_equal(histogram_share(&h, 500000), 0);
    for (uint64_t v = 1; v <= 200; v++)
        histogram_add(&h, v);
    assert_int_equal(histogram_share(&h, 500000), 100);
    assert_int_equal(histogram_share(&h, 990000), 198);
    assert_int_equal(histogram_share(&h, 1000000), 200);
    assert_int_equal(histogram_share(&h, 1), 1);
    assert_int_equal(h.max, 200);
}

static void a_share_is_never_told_too_well(void **state)
{
    struct histogram h = {0};
    (void)state;
    for (uint64_t v = 1; v <= 100000; v++)
        histogram_add(&h, v * 7);
    uint64_t p99 = histogram_share(&h, 990000);
    assert_true(p99 >= 693000 && p99 <= 693000 + 693000 / 100);
}

static void two_are_joined(void **state)
{
    struct histogram a = {0}, b = {0};
    (void)state;
    histogram_add(&a, 10);
    histogram_add(&b, 1000);
    histogram_add(&b, 5);
    histogram_join(&a, &b);
    assert_int_equal(a.n, 3);
    assert_int_equal(a.max, 1000);
    assert_int_equal(histogram_share(&a, 500000), 10);
}

static void what_came_since_an_earlier_copy_is_told_alone(void **state)
{
    struct histogram h = {0}, before;
    (void)state;
    histogram_add(&h, 90000);
    histogram_add(&h, 20);
    before = h;
    for (uint64_t v = 1; v <= 100; v++)
        histogram_add(&h, v);
    histogram_since(&h, &before);
    assert_int_equal(h.n, 100);
    assert_int_equal(h.max, 100);
    assert_int_equal(histogram_share(&h, 990000), 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_lies_in_its_bucket),
        cmocka_unit_test(shares_are_those_of_the_values),
        cmocka_unit_test(a_share_is_never_told_too_well),
        cmocka_unit_test(two_are_joined),
        cmocka_unit_test(what_came_since_an_earlier_copy_is_told_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
