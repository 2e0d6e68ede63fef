/* wait.h — how long will it be? An honest interval or nothing (design §3.9). Reads the state only.
 * Included by the files of acd/. */
#ifndef ACD_WAIT_H
#define ACD_WAIT_H

#include "acd/state.h"

struct wait_estimate {
    uint32_t before_n; /* people before this one in the queue */
    uint32_t line_n;   /* … in all queues that have agents in common with it */
    bool is_known;
    ms_t lo_ms, mean_ms, hi_ms; /* from now */
};

/* For a waiting contact. */
struct wait_estimate wait_estimate(const struct acd *a, const struct contact *c, ms_t now_at);
/* For somebody who would come now, without special needs, behind all who wait. */
struct wait_estimate wait_estimate_last(const struct acd *a, const struct queue *q, ms_t now_at);
/* The band to be spoken: BAND_SILENT when none fits, BAND_UNKNOWN when nobody can say. */
enum band wait_band(const struct wait_estimate *e);
/* Upper bound of a band, in ms; 0 when it has none. */
ms_t wait_band_ms(enum band band);
/* How many of the queue's waiting can be served until at; UINT32_MAX when that cannot be told. */
uint32_t wait_served_until(const struct acd *a, const struct queue *q, ms_t now_at, ms_t at);
/* People of its queue before this one. */
uint32_t wait_before(const struct acd *a, const struct contact *c);

#endif
