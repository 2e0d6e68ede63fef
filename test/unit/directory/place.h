/* place.h — a small directory for tests, filled by hand. */
#ifndef TEST_UNIT_DIRECTORY_PLACE_H
#define TEST_UNIT_DIRECTORY_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory/directory.h"

/* Kinds of hours of the test directory. */
enum { OFFICE, SPLIT, ALWAYS, NEVER, NIGHT, PLACE_WEEKS };
#define BIT(week) (UINT64_C(1) << (week))

static inline struct day_hours span(unsigned from_minute, unsigned to_minute)
{
    return (struct day_hours){.n = 1, .span = {{(uint16_t)from_minute, (uint16_t)to_minute}}};
}

/* In Paris, with its holidays. Office: Monday to Friday 08:30–18:00. Split: the same days
 * 09:00–12:30 and 13:30–17:30, Saturday 09:00–12:00. Night: every day 22:00–24:00 and 00:00–04:00.
 */
static inline struct directory *place_open(void)
{
    const struct directory_room room = {.weeks_n = PLACE_WEEKS,
                                        .exceptions_n = 8,
                                        .services_n = 2,
                                        .sites_n = 2,
                                        .agents_n = 3,
                                        .places_n = 2};
    void *memory = aligned_alloc(64, (directory_bytes(&room) + 63) / 64 * 64);
    assert_non_null(memory);
    struct directory *d = directory_open(memory, &room);
    d->organisation.zone = ZONE_EUROPE_PARIS;
    d->organisation.holidays = HOLIDAYS_METROPOLE;
    d->weeks_n = PLACE_WEEKS;
    for (unsigned day = 0; day < WEEK_DAYS; day++) {
        d->weeks[ALWAYS].day[day] = span(0, DAY_MINUTES);
        d->weeks[NIGHT].day[day] = span(0, 4 * 60);
        d->weeks[NIGHT].day[day].n = 2;
        d->weeks[NIGHT].day[day].span[1] = span(22 * 60, DAY_MINUTES).span[0];
    }
    for (unsigned day = 0; day < 5; day++) {
        d->weeks[OFFICE].day[day] = span(8 * 60 + 30, 18 * 60);
        d->weeks[SPLIT].day[day] = span(9 * 60, 12 * 60 + 30);
        d->weeks[SPLIT].day[day].n = 2;
        d->weeks[SPLIT].day[day].span[1] = span(13 * 60 + 30, 17 * 60 + 30).span[0];
    }
    d->weeks[SPLIT].day[5] = span(9 * 60, 12 * 60);
    d->weeks[ALWAYS].is_always = true;
    return d;
}

static inline calendar_day day_of(int32_t year, unsigned month, unsigned day)
{
    calendar_day n;
    assert_true(calendar_day_of(&n, year, month, day));
    return n;
}

/* What the wall of Paris shows: day and "hour:minute" as one number, 1830 for 18:30. */
static inline ms_t at_of(calendar_day day, unsigned hour_minute)
{
    return calendar_instant(ZONE_EUROPE_PARIS, day, hour_minute / 100 * 60 + hour_minute % 100);
}

#endif
