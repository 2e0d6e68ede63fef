/* band.h — what a spoken band of the wait means, in minutes (voice-script §3).
 * Included by kpi, plan and app. */
#ifndef EVENT_BAND_H
#define EVENT_BAND_H

#include "event/enums.h"

/* until 0: nothing is said; BAND_B60 has no upper end, and BAND_MINUTES_MORE stands for it. */
#define BAND_MINUTES_MORE 255
struct band_minutes {
    uint8_t from, until;
};

static inline struct band_minutes band_minutes(enum band band)
{
    static const struct band_minutes minutes[BAND_N] = {
        [BAND_B0_2] = {0, 2},     [BAND_B2_5] = {2, 5},
        [BAND_B5_10] = {5, 10},   [BAND_B10_15] = {10, 15},
        [BAND_B10_20] = {10, 20}, [BAND_B15_30] = {15, 30},
        [BAND_B30_60] = {30, 60}, [BAND_B60] = {60, BAND_MINUTES_MORE},
    };
    return minutes[band];
}

#endif
