/* week.h — openings of the days of a week, in minutes of the local day.
 * Included by config, plan, and later directory. No cost, no state. */
#ifndef BASE_WEEK_H
#define BASE_WEEK_H

#include "base/types.h"

#define WEEK_DAYS 7 /* 0 is Monday */
#define DAY_MINUTES (24 * 60)
#define DAY_SPANS_MAX 4

/* [from, to); to may be 24:00. */
struct day_span {
    uint16_t from_minute, to_minute;
};

/* The openings of one day, in order, not touching. n = 0: closed. */
struct day_hours {
    uint8_t n;
    struct day_span span[DAY_SPANS_MAX];
};

#endif
