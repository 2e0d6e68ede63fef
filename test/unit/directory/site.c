/* site.c — the doors of sites: by their own clock, their own exceptions, where what travels is. */
#include "directory/hours.h"
#include "test/unit/directory/place.h"

/* Site 0 keeps office hours in La Réunion; site 1 travels: Tuesdays in two places. */
static struct directory *sites_open(void)
{
    struct directory *d = place_open();
    d->sites_n = 2;
    d->sites[0].week = OFFICE;
    d->sites[0].clock = (struct directory_clock){true, ZONE_INDIAN_REUNION, HOLIDAYS_REUNION};
    d->sites[1].week = NEVER;
    d->weeks[NEVER].day[1] = (struct day_hours){.n = 2, .span = {{570, 720}, {840, 1020}}};
    d->weeks[NEVER].stops[1] = (struct directory_stops){{1, 2}};
    d->places_n = 2;
    memcpy(d->places[0], "Rochemarne", 11);
    memcpy(d->places[1], "Courvelles", 11);
    return d;
}

/* Half past eight in La Réunion is half past five in a winter's Paris, half past six in summer's.
 */
static void a_site_opens_by_its_own_clock(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day monday = day_of(2026, 11, 16), summer = day_of(2026, 7, 20);
    struct directory_opening o = directory_site_opening_at(d, 0, at_of(monday, 529));
    assert_int_equal(o.hours, HOURS_CLOSED_PUBLISHED);
    assert_int_equal(o.until_at, at_of(monday, 530));
    o = directory_site_opening_at(d, 0, at_of(monday, 530));
    assert_int_equal(o.hours, HOURS_OPEN);
    assert_int_equal(o.until_at, at_of(monday, 1500));
    assert_int_equal(directory_site_opens_at(d, 0, at_of(summer, 100)), at_of(summer, 630));
    assert_int_equal(directory_hours_at(d, BIT(OFFICE), at_of(monday, 530)),
                     HOURS_CLOSED_PUBLISHED); /* the week itself is the organisation's */
    free(d);
}

/* 20 December 2027 is a Monday: closed in La Réunion alone. */
static void a_site_has_the_holidays_of_its_territory(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day day = day_of(2027, 12, 20);
    assert_int_equal(directory_site_opens_at(d, 0, at_of(day, 0)), at_of(day + 1, 530));
    assert_int_equal(directory_opens_at(d, BIT(OFFICE), at_of(day, 0)), at_of(day, 830));
    free(d);
}

static void hours_of_several_clocks_are_open_when_any_is(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day monday = day_of(2026, 11, 16);
    d->weeks[OFFICE].clock = d->sites[0].clock;
    uint64_t both = BIT(OFFICE) | BIT(SPLIT); /* 05:30 to 15:00, and Paris to 17:30 */
    struct directory_opening o = directory_opening_at(d, both, at_of(monday, 600));
    assert_int_equal(o.hours, HOURS_OPEN);
    assert_int_equal(o.until_at, at_of(monday, 1730));
    o = directory_opening_at(d, both, at_of(monday, 1730));
    assert_int_equal(o.hours, HOURS_CLOSED_PUBLISHED);
    assert_int_equal(o.until_at, at_of(monday + 1, 530));
    free(d);
}

static void an_exception_of_a_site_closes_no_other(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day monday = day_of(2026, 11, 16);
    d->sites[1].week = OFFICE;
    d->exceptions_n = 1;
    d->exceptions[0] = (struct directory_exception){.day = monday,
                                                    .until_day = monday + 1,
                                                    .week = DIRECTORY_NONE,
                                                    .site = 1,
                                                    .is_published = true};
    assert_int_equal(directory_site_opens_at(d, 1, at_of(monday, 0)), at_of(monday + 2, 830));
    assert_int_equal(directory_site_opens_at(d, 0, at_of(monday, 0)), at_of(monday, 530));
    assert_int_equal(directory_opens_at(d, BIT(OFFICE), at_of(monday, 0)), at_of(monday, 830));
    free(d);
}

/* Exceptions of many sites lie between: each finds its own, and those of nobody. */
static void a_site_finds_its_exceptions_among_others(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day monday = day_of(2026, 11, 16);
    static const uint32_t sites[] = {DIRECTORY_NONE, DIRECTORY_NONE, 0, 0, 1, 1, 7};
    d->sites[0].clock.is_own = false;
    d->sites[1].week = OFFICE;
    d->exceptions_n = ARRAY_LEN(sites);
    for (unsigned i = 0; i < ARRAY_LEN(sites); i++)
        d->exceptions[i] = (struct directory_exception){.day = monday + (int)i,
                                                        .until_day = monday + (int)i,
                                                        .week = DIRECTORY_NONE,
                                                        .site = sites[i],
                                                        .is_published = true};
    for (int i = 0; i < 5; i++) { /* Monday to Friday: of all, of all, of 0, of 0, of 1 */
        ms_t noon_at = at_of(monday + i, 1200);
        assert_int_equal(directory_site_opening_at(d, 0, noon_at).hours,
                         i < 4 ? HOURS_CLOSED_PUBLISHED : HOURS_OPEN);
        assert_int_equal(directory_site_opening_at(d, 1, noon_at).hours,
                         i < 2 || i == 4 ? HOURS_CLOSED_PUBLISHED : HOURS_OPEN);
        assert_int_equal(directory_hours_at(d, BIT(OFFICE), noon_at),
                         i < 2 ? HOURS_CLOSED_PUBLISHED : HOURS_OPEN);
    }
    free(d);
}

static void a_day_may_open_that_is_usually_closed(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day sunday = day_of(2026, 11, 15);
    d->exceptions_n = 1;
    d->exceptions[0] = (struct directory_exception){.day = sunday,
                                                    .until_day = sunday,
                                                    .week = DIRECTORY_NONE,
                                                    .site = 1,
                                                    .is_opening = true,
                                                    .open = span(600, 660),
                                                    .stops = {{2}},
                                                    .is_published = true};
    struct directory_stop stops[DAY_SPANS_MAX];
    assert_int_equal(directory_site_stops(stops, d, 1, sunday), 1);
    assert_string_equal(stops[0].place, "Courvelles");
    assert_int_equal(stops[0].from_at, at_of(sunday, 1000));
    d->exceptions[0].is_published = false; /* a gift: open all the same */
    assert_int_equal(directory_site_opening_at(d, 1, at_of(sunday, 1030)).hours, HOURS_OPEN);
    assert_int_equal(directory_site_opening_at(d, 1, at_of(sunday, 1130)).hours,
                     HOURS_CLOSED_PUBLISHED);
    free(d);
}

static void one_knows_where_the_bus_is(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day tuesday = day_of(2026, 11, 17);
    struct directory_stop stops[DAY_SPANS_MAX], next;
    assert_int_equal(directory_site_stops(stops, d, 1, tuesday), 2);
    assert_string_equal(stops[0].place, "Rochemarne");
    assert_string_equal(stops[1].place, "Courvelles");
    assert_int_equal(stops[1].to_at, at_of(tuesday, 1700));
    assert_int_equal(directory_site_stops(stops, d, 1, tuesday + 1), 0);
    assert_true(directory_site_next_stop(&next, d, 1, at_of(tuesday, 1000))); /* it is there */
    assert_string_equal(next.place, "Rochemarne");
    assert_true(directory_site_next_stop(&next, d, 1, at_of(tuesday, 1200)));
    assert_string_equal(next.place, "Courvelles");
    assert_true(directory_site_next_stop(&next, d, 1, at_of(tuesday, 1700)));
    assert_string_equal(next.place, "Rochemarne");
    assert_int_equal(next.from_at, at_of(tuesday + 7, 930));
    free(d);
}

/* 17 of 11 November at 23:00 in Paris is the 18th in La Réunion. */
static void today_is_where_the_site_is(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    calendar_day tuesday = day_of(2026, 11, 17);
    assert_int_equal(directory_site_day(d, 1, at_of(tuesday, 2300)), tuesday);
    assert_int_equal(directory_site_day(d, 0, at_of(tuesday, 2300)), tuesday + 1);
    free(d);
}

static void a_site_without_hours_is_never_open(void **state)
{
    (void)state;
    struct directory *d = sites_open();
    struct directory_stop stops[DAY_SPANS_MAX];
    d->sites[1].week = DIRECTORY_NONE;
    ms_t at = at_of(day_of(2026, 11, 17), 1000);
    assert_int_equal(directory_site_opening_at(d, 1, at).hours, HOURS_CLOSED_PUBLISHED);
    assert_int_equal(directory_site_opens_at(d, 1, at), MS_NEVER);
    assert_int_equal(directory_site_stops(stops, d, 1, day_of(2026, 11, 17)), 0);
    assert_false(directory_site_next_stop(stops, d, 1, at));
    free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_opens_by_its_own_clock),
        cmocka_unit_test(a_site_has_the_holidays_of_its_territory),
        cmocka_unit_test(hours_of_several_clocks_are_open_when_any_is),
        cmocka_unit_test(an_exception_of_a_site_closes_no_other),
        cmocka_unit_test(a_site_finds_its_exceptions_among_others),
        cmocka_unit_test(a_day_may_open_that_is_usually_closed),
        cmocka_unit_test(one_knows_where_the_bus_is),
        cmocka_unit_test(today_is_where_the_site_is),
        cmocka_unit_test(a_site_without_hours_is_never_open),
    };
    return cmocka_run_group_tests_name("directory/site", tests, NULL, NULL);
}
