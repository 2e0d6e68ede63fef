/* day.h — one day of one kind of opening hours: what people could know of it, and what is.
 * Included by hours.c, site.c and cover.c of this folder. Pure. */
#ifndef DIRECTORY_DAY_H
#define DIRECTORY_DAY_H

#include "directory/directory.h"

/* Whose hours: those of a week, and, when site is one, of that site alone. */
struct opening_source {
    const struct directory *d;
    const struct directory_week *week;
    uint32_t week_i, site_i; /* site_i: or DIRECTORY_NONE */
    enum zone zone;
    enum holidays holidays;
};

/* A clock of its own, or the organisation's. */
struct directory_clock opening_clock(const struct directory *d,
                                     const struct directory_clock *clock);

struct opening_source opening_of_week(const struct directory *d, uint32_t week);
/* The site keeps hours. */
struct opening_source opening_of_site(const struct directory *d, uint32_t site);

/* known: weekday, holidays and what was published before the day; real: all exceptions too. */
struct opening_day {
    struct day_hours known, real;
    struct directory_stops stops; /* of real */
};

struct opening_day opening_day(const struct opening_source *source, calendar_day day);

/* Does this exception change the hours of this source? */
bool opening_is_touched(const struct opening_source *source, const struct directory_exception *x);

#endif
