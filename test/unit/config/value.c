/* value.c — each form of a scalar, at its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "config/table.h"

static void durations_are_read_with_their_units_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ms_t ms;
    } good[] = {
        {"0", 0},
        {"300s", 300000},
        {"5min", 300000},
        {"1h30", 5400000},
        {"1h 30min", 5400000},
        {"5min30", 330000},
        {"250ms", 250},
        {"2 h", 7200000},
        {"3j", 259200000},
        {"1j12h", 129600000},
        {"1h30min20", 5420000},
        {"90 jours", 7776000000},
        {"1\u00a0"
         "000s",
         1000000},
    };
    static const char *const bad[] = {"",    "5",     "h",    "5 m",       "30min1h",
                                      "-5s", "1h30h", "1.5h", "12 months", "99999999999999999999s",
                                      "1h\n"};
    ms_t ms;
    for (unsigned i = 0; i < ARRAY_LEN(good); i++) {
        ms = -1;
        if (!config_duration(&ms, good[i].text) || ms != good[i].ms)
            fail_msg("%s: %lld", good[i].text, (long long)ms);
    }
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        ms = -1;
        if (config_duration(&ms, bad[i]) || ms != -1)
            fail_msg("%s was read as %lld", bad[i], (long long)ms);
    }
}

static void shares_are_read_as_per_cent_or_fraction(void **state)
{
    (void)state;
    uint32_t ppm;
    assert_true(config_ppm(&ppm, "12 %") && ppm == 120000);
    assert_true(config_ppm(&ppm, "12,5\u202f%") && ppm == 125000);
    assert_true(config_ppm(&ppm, "0.6") && ppm == 600000);
    assert_true(config_ppm(&ppm, "1") && ppm == 1000000);
    assert_true(config_ppm(&ppm, "100%") && ppm == 1000000);
    assert_true(config_ppm(&ppm, "0.0001%") && ppm == 1);
    assert_false(config_ppm(&ppm, "100.001%"));
    assert_false(config_ppm(&ppm, "1.1"));
    assert_false(config_ppm(&ppm, "-1"));
    assert_false(config_ppm(&ppm, "12 %%"));
    assert_false(config_ppm(&ppm, ".5"));
}

static void integers_keep_their_bounds(void **state)
{
    (void)state;
    int64_t v;
    assert_true(config_integer(&v, "10 000") && v == 10000);
    assert_true(config_integer(&v, "10_000") && v == 10000);
    assert_true(config_integer(&v, "-3") && v == -3);
    assert_true(config_integer(&v, "08") && v == 8);
    assert_false(config_integer(&v, "99999999999999999999"));
    assert_false(config_integer(&v, "1 "));
    assert_false(config_integer(&v, "0x10"));
    assert_false(config_integer(&v, ""));
    assert_false(config_integer(&v, "--1"));
}

static void hours_are_in_order_within_the_day(void **state)
{
    (void)state;
    struct day_hours h;
    assert_true(config_hours(&h, "08:30-18:00") && h.n == 1 && h.span[0].to_minute == 1080);
    assert_true(config_hours(&h, "09:00-12:30 13:30-17:30") && h.n == 2);
    assert_true(config_hours(&h, "9h-12h30") && h.span[0].from_minute == 540);
    assert_true(config_hours(&h, "00:00-24:00") && h.span[0].to_minute == 1440);
    assert_true(config_hours(&h, "closed") && h.n == 0);
    assert_true(config_hours(&h, "fermé") && h.n == 0);
    assert_false(config_hours(&h, ""));
    assert_false(config_hours(&h, "24:01-24:02"));
    assert_false(config_hours(&h, "08:60-09:00"));
    assert_false(config_hours(&h, "18:00-08:00"));
    assert_false(config_hours(&h, "08:00-12:00 12:00-13:00"));
    assert_false(config_hours(&h, "08:00-12:00 "));
    assert_false(config_hours(&h, "01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00"));
}

static void two_days_are_a_range_and_three_a_list(void **state)
{
    (void)state;
    uint8_t mask;
    assert_true(config_days(&mask, "lun") && mask == 1);
    assert_true(config_days(&mask, "lun-ven") && mask == 0x1f);
    assert_true(config_days(&mask, "lun-dim") && mask == 0x7f);
    assert_true(config_days(&mask, "mar-mer-ven") && mask == 0x16);
    assert_false(config_days(&mask, "ven-lun"));
    assert_false(config_days(&mask, "lun-lun"));
    assert_false(config_days(&mask, "lundi"));
    assert_false(config_days(&mask, ""));
    assert_false(config_days(&mask, "lun-"));
}

static void the_nearest_word_is_near(void **state)
{
    (void)state;
    static const char *const words[] = {"arrivals", "agents", "services"};
    assert_string_equal(config_nearest("arivals", words, 3), "arrivals");
    assert_string_equal(config_nearest("agnets", words, 3), "agents");
    assert_string_equal(config_nearest("service", words, 3), "services");
    assert_null(config_nearest("horaires", words, 3));
    assert_null(config_nearest("", words, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_with_their_units_and_nothing_else),
        cmocka_unit_test(shares_are_read_as_per_cent_or_fraction),
        cmocka_unit_test(integers_keep_their_bounds),
        cmocka_unit_test(hours_are_in_order_within_the_day),
        cmocka_unit_test(two_days_are_a_range_and_three_a_list),
        cmocka_unit_test(the_nearest_word_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
