/* division.h — quotients of instants, which may lie before 1970.
 * Called by civil, calendar, kpi, plan. */
#ifndef BASE_DIVISION_H
#define BASE_DIVISION_H

#include <stdint.h>

/* a / b rounded towards minus infinity; b > 0. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

#endif
