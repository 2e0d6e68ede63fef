/* civil.c — tests of base/civil.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/civil.h"

#define DAY_MS ((ms_t)86400000)

static void known_instants_have_their_dates(void **state)
{
    (void)state;
    static const struct {
        ms_t at;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {1709251199999, "2024-02-29T23:59:59.999Z"},
        {1709251200000, "2024-03-01T00:00:00.000Z"},
        {1738318500123, "2025-01-31T10:15:00.123Z"},
        {4107542400000, "2100-03-01T00:00:00.000Z"},
        {-62135596800000, "0001-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[CIVIL_TEXT_BYTES];
        civil_text(text, rows[i].at);
        assert_string_equal(text, rows[i].text);
    }
}

static void each_day_of_eight_centuries_follows_the_one_before(void **state)
{
    (void)state;
    struct civil before = civil_of(-DAY_MS);
    for (ms_t day = 0; day < 146097 * 2; day++) {
        struct civil c = civil_of(day * DAY_MS);
        if (c.day == 1)
            assert_true(c.month == before.month + 1 || (c.month == 1 && before.month == 12));
        else
            assert_int_equal(c.day, before.day + 1);
        assert_in_range(c.month, 1, 12);
        assert_in_range(c.day, 1, 31);
        before = c;
    }
    assert_int_equal(before.year, 1970 + 800 - 1);
}

static void months_are_numbers_that_people_can_read(void **state)
{
    (void)state;
    assert_int_equal(civil_month(1738318500123), 202501);
    assert_int_equal(civil_month(1738367999999), 202501);
    assert_int_equal(civil_month(1738368000000), 202502);
}

static void stamps_fit_into_names_of_files(void **state)
{
    (void)state;
    char stamp[CIVIL_STAMP_BYTES];
    civil_stamp(stamp, 1738318500123);
    assert_string_equal(stamp, "20250131T101500Z");
}

static void any_instant_has_some_date(void **state)
{
    (void)state;
    char text[CIVIL_TEXT_BYTES];
    civil_text(text, INT64_MAX);
    assert_memory_equal(text, "9999-", 5);
    civil_text(text, INT64_MIN);
    assert_memory_equal(text, "9999-", 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_instants_have_their_dates),
        cmocka_unit_test(each_day_of_eight_centuries_follows_the_one_before),
        cmocka_unit_test(months_are_numbers_that_people_can_read),
        cmocka_unit_test(stamps_fit_into_names_of_files),
        cmocka_unit_test(any_instant_has_some_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
