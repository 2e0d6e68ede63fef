/* cover.c — the accessible telephone must be open whenever voice is (décret 2017-875): to the
 * minute, on holidays, on exceptional days, and across time zones. */
#include "directory/hours.h"
#include "test/unit/directory/place.h"

/* NIGHT becomes the accessible hours: Monday to Friday, all of office hours. */
static struct directory *cover_open(void)
{
    struct directory *d = place_open();
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        d->weeks[NIGHT].day[day] = (struct day_hours){0};
    for (unsigned day = 0; day < 5; day++)
        d->weeks[NIGHT].day[day] = span(8 * 60 + 30, 18 * 60);
    return d;
}

static bool covers(const struct directory *d, uint64_t voice, struct directory_gap *gap)
{
    *gap = (struct directory_gap){0};
    return directory_hours_cover(gap, d, voice, BIT(NIGHT));
}

static void equal_or_larger_hours_cover(void **state)
{
    (void)state;
    struct directory *d = cover_open();
    struct directory_gap gap;
    assert_true(covers(d, BIT(OFFICE), &gap));
    assert_true(covers(d, BIT(NIGHT), &gap)); /* themselves */
    assert_true(covers(d, BIT(NEVER), &gap));
    assert_true(covers(d, 0, &gap));
    d->weeks[NIGHT].day[2] = span(0, DAY_MINUTES);
    assert_true(covers(d, BIT(OFFICE), &gap));
    d->weeks[NIGHT].day[2] = (struct day_hours){.n = 2, .span = {{0, 720}, {720, 1440}}};
    assert_true(covers(d, BIT(OFFICE), &gap)); /* two that meet are one */
    free(d);
}

static void one_minute_less_is_a_gap(void **state)
{
    (void)state;
    struct directory *d = cover_open();
    struct directory_gap gap;
    d->weeks[NIGHT].day[3] = span(8 * 60 + 30, 18 * 60 - 1);
    assert_false(covers(d, BIT(OFFICE), &gap));
    assert_true(gap.is_weekly);
    assert_int_equal(calendar_weekday(gap.day), 3);
    assert_int_equal(gap.from_minute, 18 * 60 - 1);
    assert_int_equal(gap.to_minute, 18 * 60);
    assert_int_equal(gap.week, OFFICE);
    d->weeks[NIGHT].day[3] = span(8 * 60 + 30, 18 * 60);
    assert_false(covers(d, BIT(SPLIT), &gap)); /* Saturday */
    assert_int_equal(calendar_weekday(gap.day), 5);
    assert_int_equal(gap.to_minute, 12 * 60);
    assert_false(covers(d, BIT(ALWAYS), &gap));
    assert_int_equal(gap.from_minute, 0);
    free(d);
}

static void several_accessible_hours_cover_together(void **state)
{
    (void)state;
    struct directory *d = cover_open();
    struct directory_gap gap;
    d->weeks[NEVER].day[5] = span(9 * 60, 12 * 60);
    assert_true(directory_hours_cover(&gap, d, BIT(SPLIT), BIT(NIGHT) | BIT(NEVER)));
    assert_false(directory_hours_cover(&gap, d, BIT(SPLIT), BIT(NIGHT)));
    free(d);
}

/* Round the clock is closed by no holiday; hours of every day of the week are. */
static void a_holiday_of_the_accessible_hours_alone_is_a_gap(void **state)
{
    (void)state;
    struct directory *d = cover_open();
    struct directory_gap gap;
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        d->weeks[NIGHT].day[day] = span(0, DAY_MINUTES);
    assert_false(covers(d, BIT(ALWAYS), &gap));
    assert_false(gap.is_weekly);
    assert_true(calendar_is_holiday(HOLIDAYS_METROPOLE, gap.day));
    d->weeks[NIGHT].is_always = true;
    assert_true(covers(d, BIT(ALWAYS), &gap));
    d->weeks[NIGHT] = d->weeks[OFFICE];
    d->weeks[NIGHT].clock = (struct directory_clock){true, ZONE_EUROPE_PARIS, HOLIDAYS_REUNION};
    assert_false(covers(d, BIT(OFFICE), &gap)); /* a 20 December that is a working day */
    assert_int_equal(calendar_date(gap.day).month * 100 + calendar_date(gap.day).day, 1220);
    free(d);
}

static void an_exception_of_the_accessible_hours_alone_is_a_gap(void **state)
{
    (void)state;
    struct directory *d = cover_open();
    struct directory_gap gap;
    calendar_day eve = day_of(2029, 12, 24);
    struct directory_exception *x = &d->exceptions[0];
    d->exceptions_n = 1;
    *x = (struct directory_exception){.day = eve - 6,
                                      .until_day = eve,
                                      .week = NIGHT,
                                      .site = DIRECTORY_NONE,
                                      .close_minute = 16 * 60};
    assert_false(covers(d, BIT(OFFICE), &gap));
    assert_int_equal(gap.day, eve - 6);
    assert_int_equal(gap.from_minute, 16 * 60);
    x->week = DIRECTORY_NONE; /* both close */
    assert_true(covers(d, BIT(OFFICE), &gap));
    *x = (struct directory_exception){.day = eve - 1, /* a Sunday on which voice alone opens */
                                      .until_day = eve - 1,
                                      .week = OFFICE,
                                      .site = DIRECTORY_NONE,
                                      .is_opening = true,
                                      .open = span(600, 660)};
    assert_false(covers(d, BIT(OFFICE), &gap));
    assert_int_equal(gap.day, eve - 1);
    free(d);
}

/* Voice in La Réunion, text in Paris: two hours apart in summer, three in winter. */
static void hours_of_two_clocks_are_compared_as_instants(void **state)
{
    (void)state;
    struct directory *d = cover_open();
    struct directory_gap gap;
    d->weeks[OFFICE].clock = (struct directory_clock){true, ZONE_INDIAN_REUNION, HOLIDAYS_NONE};
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        d->weeks[NIGHT].day[day] = span(5 * 60 + 30, 16 * 60);
    d->organisation.holidays = HOLIDAYS_NONE;
    assert_true(covers(d, BIT(OFFICE), &gap));
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        d->weeks[NIGHT].day[day] = span(5 * 60 + 30, 15 * 60); /* enough in winter only */
    assert_false(covers(d, BIT(OFFICE), &gap));
    assert_true(calendar_date(gap.day).month >= 3 && calendar_date(gap.day).month <= 10);
    assert_int_equal(gap.from_minute, 17 * 60); /* on the wall of La Réunion */
    free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_or_larger_hours_cover),
        cmocka_unit_test(one_minute_less_is_a_gap),
        cmocka_unit_test(several_accessible_hours_cover_together),
        cmocka_unit_test(a_holiday_of_the_accessible_hours_alone_is_a_gap),
        cmocka_unit_test(an_exception_of_the_accessible_hours_alone_is_a_gap),
        cmocka_unit_test(hours_of_two_clocks_are_compared_as_instants),
    };
    return cmocka_run_group_tests_name("directory/cover", tests, NULL, NULL);
}
