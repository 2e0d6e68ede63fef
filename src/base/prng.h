/* prng.h — chance: the same seed gives the same bytes on every CPU. Integers only.
 * Called by plan/ and sim/, by tests; never by the core, where chance comes in commands.
 * xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64. Not for secrets. */
#ifndef BASE_PRNG_H
#define BASE_PRNG_H

#include "base/types.h"

struct prng {
    uint64_t s[4];
};

/* Any seed is good, 0 too. Streams of different seeds are independent for our purposes. */
void prng_seed(struct prng *p, uint64_t seed);
uint64_t prng_next(struct prng *p);

/* Uniform on [0, n), unbiased. n > 0. */
uint64_t prng_below(struct prng *p, uint64_t n);

/* Uniform on [min, max]. */
ms_t prng_between(struct prng *p, ms_t min, ms_t max);

/* True with probability ppm / 1,000,000. */
bool prng_chance(struct prng *p, uint32_t ppm);

/* Means above are our mistake (assert); variates above PRNG_MS_MAX are cut to it. */
#define PRNG_MEAN_MS_MAX ((ms_t)1 << 34)
#define PRNG_MS_MAX ((ms_t)1 << 40)
#define PRNG_CV_MILLI_MIN 200 /* coefficient of variation, thousandths */
#define PRNG_CV_MILLI_MAX 2500

ms_t prng_exponential_ms(struct prng *p, ms_t mean_ms);

/* A law worked out once, drawn from often. */
struct prng_law {
    ms_t scale_ms;
    int32_t spread; /* 2^-24; lognormal: deviation of log2; Weibull: 1/shape */
    bool is_lognormal;
};

/* Both by mean and coefficient of variation (thousandths within the bounds above); CV 1 of
 * Weibull is the exponential. The moments hold within 0.5 % (test/unit/base/prng.c). */
struct prng_law prng_lognormal(ms_t mean_ms, uint32_t cv_milli);
struct prng_law prng_weibull(ms_t mean_ms, uint32_t cv_milli);
ms_t prng_law_ms(struct prng *p, const struct prng_law *law);

#endif
