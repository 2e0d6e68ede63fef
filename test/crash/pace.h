/* pace.h — how much of a life is cut: all of it; under DECROCHE_TEST=quick one operation in a few.
 * A sanitized program does the same four times as slowly: there the quick pace is enough. Included
 * by test/crash. */
#ifndef TEST_CRASH_PACE_H
#define TEST_CRASH_PACE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* No divisor of the operations of one commit: each kind of them is met. */
#define QUICK_STEP 5

static inline bool is_quick(void)
{
    const char *how = getenv("DECROCHE_TEST");
    return how && !strcmp(how, "quick");
}

static inline unsigned ops_step(void)
{
    return is_quick() ? QUICK_STEP : 1;
}

#endif
