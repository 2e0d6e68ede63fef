/* histogram.h — how often which value: in a fixed table, so that a million values cost what ten do.
 * Called by media/ (spacing of packets) and robot/ (set-up time, first sound). Pure. Values up to
 * 255 are exact, larger ones within one part in 128; a share is told as the upper end of its
 * bucket, never too well. Cost: a few instructions a value; 13 KiB. */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include "base/types.h"

#define HISTOGRAM_EXACT 256u
#define HISTOGRAM_PER_OCTAVE 128u
#define HISTOGRAM_VALUE_MAX UINT32_MAX /* larger ones count as this one */
#define HISTOGRAM_BUCKETS (HISTOGRAM_EXACT + 24 * HISTOGRAM_PER_OCTAVE)

struct histogram {
    uint64_t n, max;
    uint32_t counts[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t v);
/* Adds the values of another. */
void histogram_join(struct histogram *h, const struct histogram *other);
/* Takes the values of an earlier copy of it away: what came since. max is that of its bucket. */
void histogram_since(struct histogram *h, const struct histogram *earlier);
/* What share_ppm / 1,000,000 of the values do not pass; 0: there is none. */
uint64_t histogram_share(const struct histogram *h, uint32_t share_ppm);

/* For tables that another thread reads: the bucket of a value, and its largest value. */
uint32_t histogram_bucket(uint64_t v);
uint64_t histogram_bucket_max(uint32_t bucket);

#endif
