/* week.h — opening hours as the directory keeps them: weeks, places of what travels, exceptions.
 * Included by directory.h. No cost, no state. */
#ifndef DIRECTORY_WEEK_H
#define DIRECTORY_WEEK_H

#include "base/calendar.h"

#define DIRECTORY_ID_BYTES 32            /* with its NUL */
#define DIRECTORY_WEEKS_MAX 4096         /* kinds of opening hours */
#define DIRECTORY_PHONE_WEEKS_MAX 64     /* the first of them: a set of these is a word of bits */
#define DIRECTORY_EXCEPTIONS_MAX 4096    /* of the file: one for each site or hours it names */
#define DIRECTORY_EXCEPTION_DAYS_MAX 366 /* of one exception */
#define DIRECTORY_PLACES_MAX 16384       /* stops of what travels */

#define DIRECTORY_NONE UINT32_MAX

/* The clock and the calendar of a place; all zeros: those of the organisation. */
struct directory_clock {
    bool is_own;
    enum zone zone;
    enum holidays holidays;
};

/* Where each span of a day is held, for what travels: 0, or 1 + an index of directory.places. */
struct directory_stops {
    uint16_t place[DAY_SPANS_MAX];
};

/* One kind of opening hours. Those that a number, a service or the accessible telephone names come
 * first: at most DIRECTORY_PHONE_WEEKS_MAX. */
struct directory_week {
    char id[DIRECTORY_ID_BYTES];
    struct day_hours day[WEEK_DAYS];
    struct directory_stops stops[WEEK_DAYS];
    struct directory_clock clock; /* of the sites that keep these hours */
    bool is_always;               /* round the clock: no holiday closes it */
};

/* Days unlike the others: for the hours of one week, for one site alone, or, both absent, for all
 * that is not open round the clock. Kept in the order of sites (those of none first), then of first
 * days, then of the file. */
struct directory_exception {
    calendar_day day, until_day; /* both included */
    uint32_t week, site;         /* indexes; at most one is not DIRECTORY_NONE */
    uint16_t close_minute;       /* closed from then on; 0: all day */
    bool is_opening;             /* open as said here, and only so, whatever the week says */
    struct day_hours open;
    struct directory_stops stops;
    bool is_published; /* before the day began; else a refusal is our doing */
    uint16_t order;    /* in the file */
};

#endif
