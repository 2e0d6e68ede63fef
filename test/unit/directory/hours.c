/* hours.c — open or closed, and until when, on days of 2026 that anybody can look up. */
#include "directory/hours.h"
#include "test/unit/directory/place.h"

static void check(const struct directory *d, uint64_t weeks, ms_t at, struct directory_opening want)
{
    struct directory_opening o = directory_opening_at(d, weeks, at);
    assert_int_equal(o.hours, want.hours);
    assert_int_equal(o.until_at, want.until_at);
    assert_int_equal(directory_hours_at(d, weeks, at), want.hours);
}

/* Monday 16 November 2026. */
static void a_monday_opens_and_closes_at_its_minutes(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day monday = day_of(2026, 11, 16);
    ms_t opens_at = at_of(monday, 830), closes_at = at_of(monday, 1800);
    check(d, BIT(OFFICE), opens_at - 1,
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, opens_at});
    check(d, BIT(OFFICE), opens_at, (struct directory_opening){HOURS_OPEN, closes_at});
    check(d, BIT(OFFICE), closes_at - 1, (struct directory_opening){HOURS_OPEN, closes_at});
    check(d, BIT(OFFICE), closes_at,
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(monday + 1, 830)});
    free(d);
}

static void noon_is_closed_and_a_week_end_is_long(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day friday = day_of(2026, 11, 20);
    check(d, BIT(SPLIT), at_of(friday, 1230),
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(friday, 1330)});
    check(d, BIT(SPLIT), at_of(friday + 1, 1200),
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(friday + 3, 900)});
    assert_int_equal(directory_opens_at(d, BIT(OFFICE), at_of(friday, 1800)),
                     at_of(friday + 3, 830));
    assert_int_equal(directory_opens_at(d, BIT(OFFICE), at_of(friday, 900)), at_of(friday, 900));
    free(d);
}

/* Wednesday 11 November: Armistice. */
static void a_holiday_closes_all_but_what_is_always_open(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day day = day_of(2026, 11, 11);
    check(d, BIT(OFFICE), at_of(day - 1, 1900),
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(day + 1, 830)});
    check(d, BIT(ALWAYS), at_of(day, 1000), (struct directory_opening){HOURS_OPEN, MS_NEVER});
    d->organisation.holidays = HOLIDAYS_NONE;
    assert_int_equal(directory_hours_at(d, BIT(OFFICE), at_of(day, 1000)), HOURS_OPEN);
    free(d);
}

/* Christmas Eve closes at 16:00: said three weeks before, it is hours; said the same day, it is us.
 */
static void a_closing_said_before_the_day_is_hours_and_later_is_ours(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day eve = day_of(2026, 12, 24);
    d->exceptions_n = 1;
    d->exceptions[0] = (struct directory_exception){.day = eve,
                                                    .until_day = eve,
                                                    .week = OFFICE,
                                                    .site = DIRECTORY_NONE,
                                                    .close_minute = 16 * 60,
                                                    .is_published = true};
    check(d, BIT(OFFICE), at_of(eve, 1000),
          (struct directory_opening){HOURS_OPEN, at_of(eve, 1600)});
    check(d, BIT(OFFICE), at_of(eve, 1600),
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(eve + 4, 830)});
    d->exceptions[0].is_published = false;
    check(d, BIT(OFFICE), at_of(eve, 1600),
          (struct directory_opening){HOURS_CLOSED_BY_PERSON, at_of(eve, 1800)});
    check(d, BIT(OFFICE), at_of(eve, 1800),
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(eve + 4, 830)});
    assert_int_equal(directory_opens_at(d, BIT(OFFICE), at_of(eve, 1600)), at_of(eve + 4, 830));
    assert_int_equal(directory_hours_at(d, BIT(SPLIT), at_of(eve, 1630)), HOURS_OPEN);
    free(d);
}

static void a_day_closed_by_a_person_is_closed_from_its_first_minute(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day day = day_of(2026, 11, 17);
    d->exceptions_n = 1;
    d->exceptions[0] = (struct directory_exception){
        .day = day, .until_day = day, .week = OFFICE, .site = DIRECTORY_NONE};
    check(d, BIT(OFFICE), at_of(day, 700),
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(day, 830)});
    check(d, BIT(OFFICE), at_of(day, 830),
          (struct directory_opening){HOURS_CLOSED_BY_PERSON, at_of(day, 1800)});
    free(d);
}

static void several_hours_together_are_open_when_any_is(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day friday = day_of(2026, 11, 20);
    uint64_t both = BIT(OFFICE) | BIT(SPLIT);
    check(d, both, at_of(friday, 1230),
          (struct directory_opening){HOURS_OPEN, at_of(friday, 1800)});
    check(d, both, at_of(friday, 1800),
          (struct directory_opening){HOURS_CLOSED_PUBLISHED, at_of(friday + 1, 900)});
    free(d);
}

static void hours_that_meet_at_midnight_are_one_opening(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day day = day_of(2026, 11, 16);
    check(d, BIT(NIGHT), at_of(day, 2300),
          (struct directory_opening){HOURS_OPEN, at_of(day + 1, 400)});
    free(d);
}

/* The nights of 29 March (02:00 is 03:00) and 25 October 2026 (03:00 is 02:00 again). */
static void the_changes_of_the_hour_move_no_minute_on_the_wall(void **state)
{
    (void)state;
    struct directory *d = place_open();
    calendar_day spring = day_of(2026, 3, 29), autumn = day_of(2026, 10, 25);
    ms_t spring_closes_at = at_of(spring, 400), autumn_closes_at = at_of(autumn, 400);
    assert_int_equal(spring_closes_at - at_of(spring, 0), 3 * 3600000);
    assert_int_equal(autumn_closes_at - at_of(autumn, 0), 5 * 3600000);
    check(d, BIT(NIGHT), at_of(spring, 100),
          (struct directory_opening){HOURS_OPEN, spring_closes_at});
    check(d, BIT(NIGHT), at_of(autumn, 100),
          (struct directory_opening){HOURS_OPEN, autumn_closes_at});
    check(d, BIT(NIGHT), at_of(autumn, 230) + 3600000,
          (struct directory_opening){HOURS_OPEN, autumn_closes_at});
    /* a Monday of summer opens at 06:30 UTC, one of winter at 07:30 */
    assert_int_equal(at_of(day_of(2026, 3, 30), 830) % 86400000, (6 * 60 + 30) * 60000);
    assert_int_equal(at_of(day_of(2026, 10, 26), 830) % 86400000, (7 * 60 + 30) * 60000);
    free(d);
}

static void what_never_opens_is_not_looked_for_for_ever(void **state)
{
    (void)state;
    struct directory *d = place_open();
    ms_t now_at = at_of(day_of(2026, 11, 16), 1000);
    check(d, BIT(NEVER), now_at, (struct directory_opening){HOURS_CLOSED_PUBLISHED, MS_NEVER});
    check(d, 0, now_at, (struct directory_opening){HOURS_CLOSED_PUBLISHED, MS_NEVER});
    assert_int_equal(directory_opens_at(d, BIT(NEVER), now_at), MS_NEVER);
    free(d);
}

/* Until_at is the first instant that differs: minute by minute through two years. */
static void the_next_change_is_the_first(void **state)
{
    (void)state;
    struct directory *d = place_open();
    ms_t from_at = at_of(day_of(2026, 1, 1), 0), to_at = at_of(day_of(2027, 1, 1), 0);
    for (ms_t at = from_at; at < to_at;) {
        struct directory_opening o = directory_opening_at(d, BIT(SPLIT), at);
        assert_true(o.until_at > at && o.until_at < at + (ms_t)9 * 86400000);
        for (ms_t t = at; t < o.until_at; t += 30 * 60000)
            assert_int_equal(directory_hours_at(d, BIT(SPLIT), t), o.hours);
        assert_int_equal(directory_hours_at(d, BIT(SPLIT), o.until_at - 1), o.hours);
        assert_int_not_equal(directory_hours_at(d, BIT(SPLIT), o.until_at), o.hours);
        at = o.until_at;
    }
    free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_monday_opens_and_closes_at_its_minutes),
        cmocka_unit_test(noon_is_closed_and_a_week_end_is_long),
        cmocka_unit_test(a_holiday_closes_all_but_what_is_always_open),
        cmocka_unit_test(a_closing_said_before_the_day_is_hours_and_later_is_ours),
        cmocka_unit_test(a_day_closed_by_a_person_is_closed_from_its_first_minute),
        cmocka_unit_test(several_hours_together_are_open_when_any_is),
        cmocka_unit_test(hours_that_meet_at_midnight_are_one_opening),
        cmocka_unit_test(the_changes_of_the_hour_move_no_minute_on_the_wall),
        cmocka_unit_test(what_never_opens_is_not_looked_for_for_ever),
        cmocka_unit_test(the_next_change_is_the_first),
    };
    return cmocka_run_group_tests_name("directory/hours", tests, NULL, NULL);
}
