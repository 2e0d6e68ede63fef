/* calendar.c — known dates: weekdays, the changes of the hour and the holidays of 2024 to 2030. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/calendar.h"

static calendar_day day(int32_t year, unsigned month, unsigned d)
{
    calendar_day n;
    assert_true(calendar_day_of(&n, year, month, d));
    return n;
}

static void days_and_dates_are_two_ways_of_saying_one_thing(void **state)
{
    (void)state;
    assert_int_equal(day(1970, 1, 1), 0);
    assert_int_equal(day(2026, 11, 16), 20773);
    for (calendar_day n = day(1899, 12, 31); n < day(2101, 1, 2); n++) {
        struct civil c = calendar_date(n);
        assert_int_equal(day(c.year, c.month, c.day), n);
    }
}

static void days_that_are_not_are_refused(void **state)
{
    (void)state;
    static const struct {
        int32_t year;
        unsigned month, day;
    } none[] = {{2025, 2, 29}, {2100, 2, 29}, {2024, 4, 31}, {2024, 13, 1}, {2024, 0, 1},
                {2024, 1, 0},  {2024, 1, 32}, {0, 1, 1},     {10000, 1, 1}};
    calendar_day n = 7;
    for (unsigned i = 0; i < ARRAY_LEN(none); i++)
        assert_false(calendar_day_of(&n, none[i].year, none[i].month, none[i].day));
    assert_int_equal(n, 7);
    assert_true(calendar_day_of(&n, 2024, 2, 29));
    assert_true(calendar_day_of(&n, 9999, 12, 31));
}

static void weekdays_are_those_of_the_calendar(void **state)
{
    (void)state;
    assert_int_equal(calendar_weekday(day(2026, 11, 16)), 0); /* the worked Monday */
    assert_int_equal(calendar_weekday(day(2024, 2, 29)), 3);
    assert_int_equal(calendar_weekday(day(1969, 12, 31)), 2);
    assert_int_equal(calendar_weekday(day(2000, 1, 1)), 5);
    assert_int_equal(calendar_weekday(day(2030, 12, 29)), 6);
}

/* Last Sundays of March and October. */
static const struct {
    int32_t year;
    uint8_t march, october;
} changes[] = {{2024, 31, 27}, {2025, 30, 26}, {2026, 29, 25}, {2027, 28, 31},
               {2028, 26, 29}, {2029, 25, 28}, {2030, 31, 27}};

static void paris_changes_its_hour_on_the_last_sundays(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(changes); i++) {
        ms_t spring_at = (ms_t)day(changes[i].year, 3, changes[i].march) * 86400000 + 3600000;
        ms_t autumn_at = (ms_t)day(changes[i].year, 10, changes[i].october) * 86400000 + 3600000;
        assert_int_equal(calendar_offset_ms(ZONE_EUROPE_PARIS, spring_at - 1), 3600000);
        assert_int_equal(calendar_offset_ms(ZONE_EUROPE_PARIS, spring_at), 7200000);
        assert_int_equal(calendar_offset_ms(ZONE_EUROPE_PARIS, autumn_at - 1), 7200000);
        assert_int_equal(calendar_offset_ms(ZONE_EUROPE_PARIS, autumn_at), 3600000);
        assert_int_equal(calendar_local(ZONE_EUROPE_PARIS, spring_at).minute, 3 * 60);
        assert_int_equal(calendar_local(ZONE_EUROPE_PARIS, autumn_at).minute, 2 * 60);
    }
}

static void a_skipped_minute_is_the_change_and_a_doubled_one_the_first(void **state)
{
    (void)state;
    calendar_day spring = day(2026, 3, 29), autumn = day(2026, 10, 25);
    ms_t change_at = (ms_t)spring * 86400000 + 3600000;
    assert_int_equal(calendar_instant(ZONE_EUROPE_PARIS, spring, 2 * 60), change_at);
    assert_int_equal(calendar_instant(ZONE_EUROPE_PARIS, spring, 2 * 60 + 30), change_at);
    assert_int_equal(calendar_instant(ZONE_EUROPE_PARIS, spring, 3 * 60), change_at);
    ms_t first_at = (ms_t)autumn * 86400000 + 30 * 60000;
    assert_int_equal(calendar_instant(ZONE_EUROPE_PARIS, autumn, 2 * 60 + 30), first_at);
}

static void walls_and_instants_agree_in_every_zone(void **state)
{
    (void)state;
    for (enum zone z = 0; z < ZONE_N; z++)
        for (calendar_day n = day(2024, 1, 1); n < day(2031, 1, 1); n++)
            for (unsigned minute = 4 * 60; minute < DAY_MINUTES; minute += 317) {
                struct calendar_local l = calendar_local(z, calendar_instant(z, n, minute));
                assert_int_equal(l.day, n);
                assert_int_equal(l.minute, minute);
            }
    assert_int_equal(calendar_instant(ZONE_EUROPE_PARIS, 20773, DAY_MINUTES),
                     calendar_instant(ZONE_EUROPE_PARIS, 20774, 0));
    assert_int_equal(calendar_offset_ms(ZONE_INDIAN_REUNION, 0), 4 * 3600000);
    assert_string_equal(calendar_zone_name(ZONE_EUROPE_PARIS), "Europe/Paris");
}

/* Easter Sunday, month and day; then Ascension and Whit Monday as published each year. */
static const struct {
    int32_t year;
    uint16_t easter, ascension, whit_monday;
} years[] = {{2024, 331, 509, 520}, {2025, 420, 529, 609}, {2026, 405, 514, 525},
             {2027, 328, 506, 517}, {2028, 416, 525, 605}, {2029, 401, 510, 521},
             {2030, 421, 530, 610}};

static void the_moving_holidays_of_2024_to_2030_are_those_published(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(years); i++) {
        int32_t y = years[i].year;
        calendar_day easter = day(y, years[i].easter / 100, years[i].easter % 100);
        assert_int_equal(calendar_easter(y), easter);
        assert_true(calendar_is_holiday(HOLIDAYS_METROPOLE, easter + 1));
        assert_true(calendar_is_holiday(
            HOLIDAYS_METROPOLE, day(y, years[i].ascension / 100, years[i].ascension % 100)));
        assert_true(calendar_is_holiday(
            HOLIDAYS_METROPOLE, day(y, years[i].whit_monday / 100, years[i].whit_monday % 100)));
        unsigned n = 0, alsace_n = 0;
        for (calendar_day d = day(y, 1, 1); d < day(y + 1, 1, 1); d++) {
            n += calendar_is_holiday(HOLIDAYS_METROPOLE, d);
            alsace_n += calendar_is_holiday(HOLIDAYS_ALSACE_MOSELLE, d);
            assert_false(calendar_is_holiday(HOLIDAYS_NONE, d));
        }
        assert_int_equal(n, 11);
        assert_int_equal(alsace_n, 13);
    }
    assert_true(calendar_is_holiday(HOLIDAYS_METROPOLE, day(2026, 11, 11)));
    assert_false(calendar_is_holiday(HOLIDAYS_METROPOLE, day(2026, 4, 3))); /* Good Friday */
    assert_true(calendar_is_holiday(HOLIDAYS_ALSACE_MOSELLE, day(2026, 4, 3)));
}

/* 2026 in each territory: what it adds to the eleven days of the metropole, by month and day. */
static void each_territory_has_its_own_days(void **state)
{
    (void)state;
    static const struct {
        enum holidays holidays;
        uint16_t more[4];
    } rows[] = {{HOLIDAYS_METROPOLE, {0}},
                {HOLIDAYS_ALSACE_MOSELLE, {403, 1226}},
                {HOLIDAYS_ALSACE_MOSELLE_WITHOUT_TEMPLE, {1226}},
                {HOLIDAYS_GUADELOUPE, {527}},
                {HOLIDAYS_MARTINIQUE, {522}},
                {HOLIDAYS_GUYANE, {610}},
                {HOLIDAYS_REUNION, {1220}},
                {HOLIDAYS_MAYOTTE, {427}},
                {HOLIDAYS_SAINT_MARTIN, {528}},
                {HOLIDAYS_SAINT_BARTHELEMY, {1009}},
                {HOLIDAYS_NOUVELLE_CALEDONIE, {924}},
                {HOLIDAYS_POLYNESIE, {305, 403, 1120}},
                {HOLIDAYS_WALLIS_ET_FUTUNA, {428, 729}}};
    assert_int_equal(ARRAY_LEN(rows), HOLIDAYS_N - 1);
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        for (calendar_day d = day(2026, 1, 1); d < day(2027, 1, 1); d++) {
            struct civil c = calendar_date(d);
            bool is_more = false;
            for (unsigned k = 0; k < ARRAY_LEN(rows[i].more); k++)
                is_more = is_more || rows[i].more[k] == c.month * 100u + c.day;
            assert_int_equal(calendar_is_holiday(rows[i].holidays, d),
                             is_more || calendar_is_holiday(HOLIDAYS_METROPOLE, d));
            if (is_more)
                assert_true(calendar_is_holiday_anywhere(d));
        }
    assert_false(calendar_is_holiday_anywhere(day(2026, 11, 12)));
}

/* The autonomy of Polynesia gave its day to Matāri’i i ni’a in 2025. */
static void a_day_may_give_way_to_another(void **state)
{
    (void)state;
    assert_true(calendar_is_holiday(HOLIDAYS_POLYNESIE, day(2024, 6, 29)));
    assert_false(calendar_is_holiday(HOLIDAYS_POLYNESIE, day(2024, 11, 20)));
    assert_false(calendar_is_holiday(HOLIDAYS_POLYNESIE, day(2025, 6, 29)));
    assert_true(calendar_is_holiday(HOLIDAYS_POLYNESIE, day(2025, 11, 20)));
}

static void a_clock_has_the_holidays_of_those_who_live_by_it(void **state)
{
    (void)state;
    assert_int_equal(calendar_zone_holidays(ZONE_EUROPE_PARIS), HOLIDAYS_METROPOLE);
    assert_int_equal(calendar_zone_holidays(ZONE_INDIAN_REUNION), HOLIDAYS_REUNION);
    assert_int_equal(calendar_zone_holidays(ZONE_PACIFIC_GAMBIER), HOLIDAYS_POLYNESIE);
    for (enum zone z = 0; z < ZONE_N; z++) /* each has been thought of: none is "no holidays" */
        assert_int_not_equal(calendar_zone_holidays(z), HOLIDAYS_NONE);
}

/* 2026: 8 March and 1 November, at 02:00 on the wall. */
static void miquelon_changes_its_hour_with_its_neighbours(void **state)
{
    (void)state;
    ms_t spring_at = (ms_t)day(2026, 3, 8) * 86400000 + 5 * 3600000;
    ms_t autumn_at = (ms_t)day(2026, 11, 1) * 86400000 + 4 * 3600000;
    assert_int_equal(calendar_offset_ms(ZONE_AMERICA_MIQUELON, spring_at - 1), -3 * 3600000);
    assert_int_equal(calendar_offset_ms(ZONE_AMERICA_MIQUELON, spring_at), -2 * 3600000);
    assert_int_equal(calendar_offset_ms(ZONE_AMERICA_MIQUELON, autumn_at - 1), -2 * 3600000);
    assert_int_equal(calendar_offset_ms(ZONE_AMERICA_MIQUELON, autumn_at), -3 * 3600000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_are_two_ways_of_saying_one_thing),
        cmocka_unit_test(days_that_are_not_are_refused),
        cmocka_unit_test(weekdays_are_those_of_the_calendar),
        cmocka_unit_test(paris_changes_its_hour_on_the_last_sundays),
        cmocka_unit_test(a_skipped_minute_is_the_change_and_a_doubled_one_the_first),
        cmocka_unit_test(walls_and_instants_agree_in_every_zone),
        cmocka_unit_test(the_moving_holidays_of_2024_to_2030_are_those_published),
        cmocka_unit_test(each_territory_has_its_own_days),
        cmocka_unit_test(a_day_may_give_way_to_another),
        cmocka_unit_test(a_clock_has_the_holidays_of_those_who_live_by_it),
        cmocka_unit_test(miquelon_changes_its_hour_with_its_neighbours),
    };
    return cmocka_run_group_tests_name("base/calendar", tests, NULL, NULL);
}
