/* histogram.c — see histogram.h. Called by media/ and robot/.
 * Idea: an octave of values has PER_OCTAVE buckets, each twice as wide as in the octave before.
 * Cost: O(1) a value, O(buckets) a share. Invariant: n is the sum of counts. */
#include "base/histogram.h"

#define EXACT_BITS 8 /* of HISTOGRAM_EXACT */
#define PPM UINT64_C(1000000)

uint32_t histogram_bucket(uint64_t v)
{
    if (v > HISTOGRAM_VALUE_MAX)
        v = HISTOGRAM_VALUE_MAX;
    if (v < HISTOGRAM_EXACT)
        return (uint32_t)v;
    unsigned octave = 63u - (unsigned)__builtin_clzll(v) - EXACT_BITS; /* 0: 256 … 511 */
    return HISTOGRAM_EXACT + octave * HISTOGRAM_PER_OCTAVE +
           ((uint32_t)(v >> (octave + 1)) - HISTOGRAM_PER_OCTAVE);
}

uint64_t histogram_bucket_max(uint32_t bucket)
{
    if (bucket < HISTOGRAM_EXACT)
        return bucket;
    uint32_t octave = (bucket - HISTOGRAM_EXACT) / HISTOGRAM_PER_OCTAVE;
    uint64_t step = (bucket - HISTOGRAM_EXACT) % HISTOGRAM_PER_OCTAVE + HISTOGRAM_PER_OCTAVE;
    return ((step + 1) << (octave + 1)) - 1;
}

void histogram_add(struct histogram *h, uint64_t v)
{
    h->counts[histogram_bucket(v)]++;
    h->n++;
    h->max = v > h->max ? v : h->max;
}

void histogram_join(struct histogram *h, const struct histogram *other)
{
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        h->counts[i] += other->counts[i];
    h->n += other->n;
    h->max = other->max > h->max ? other->max : h->max;
}

void histogram_since(struct histogram *h, const struct histogram *earlier)
{
    uint64_t most = 0;
    h->n = 0;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        h->counts[i] -= earlier->counts[i];
        h->n += h->counts[i];
        most = h->counts[i] ? histogram_bucket_max(i) : most;
    }
    h->max = most < h->max ? most : h->max;
}

uint64_t histogram_share(const struct histogram *h, uint32_t share_ppm)
{
    uint64_t wanted = (h->n * share_ppm + PPM - 1) / PPM, seen = 0;
    for (uint32_t i = 0; h->n && i < HISTOGRAM_BUCKETS; i++) {
        seen += h->counts[i];
        uint64_t most = histogram_bucket_max(i);
        if (seen >= wanted && seen)
            return most < h->max ? most : h->max;
    }
    return h->max;
}
