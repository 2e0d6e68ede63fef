/* pace.h — when each stream sends: a frame each 20 ms, the streams spread over 20 slots of 1 ms.
 * Pure. The place of a stream in the pool says its slot once and for all, so nothing is ever moved
 * or sorted: places are handed out in the slot that has fewest, and a slot is a run of the pool. */
#ifndef MEDIA_PACE_H
#define MEDIA_PACE_H

#include "base/types.h"

#define PACE_FRAME_MS 20
#define PACE_SLOTS 20

/* A thread that was kept from running for longer leaves frames out instead of sending them all
 * at once. */
#define PACE_CATCH_UP_MS 200

struct pace_span {
    ms_t first_at, last_at; /* the milliseconds to run, both included; none when first > last */
    ms_t left_out_ms;
};

/* What is to run now, when everything up to done_at has run. */
struct pace_span pace_span(ms_t done_at, ms_t now_at);

/* The slot of a millisecond. */
static inline unsigned pace_slot(ms_t at)
{
    return (unsigned)((uint64_t)at % PACE_SLOTS);
}

/* The frame number of a millisecond: grows by one each 20 ms. */
static inline uint64_t pace_frame(ms_t at)
{
    return (uint64_t)at / PACE_FRAME_MS;
}

/* The index of the least of n counts, the first of equals; n > 0. */
size_t pace_least(const uint32_t *counts, size_t n);

#endif
