/* prng.c — xoshiro256** and variates by inverse distribution functions. Called by plan/ and sim/.
 * A logarithm and a power of two, each a table of 512 steps with linear interpolation, give the
 * exponential and the Weibull; a quantile table by octaves of the tail gives the normal, so the
 * lognormal. Octaves keep the relative error even far out in the tail (< 10^-4).
 * Cost: 2 ns a number, 10 ns a variate. Invariant: no floating point, no division by what varies.
 */
#include "base/prng.h"
#include "base/prng_tables.h"

#define Q24_ONE ((int64_t)1 << 24)
#define Q30_BITS 30
#define STEP_BITS 9                   /* PRNG_STEPS */
#define LN2_Q30 ((uint64_t)744261118) /* ln 2 in 2^-30 */
#define PPM_ONE 1000000
#define MILLI_ONE 1000
#define PART_BITS 5 /* PRNG_OCTAVE_PARTS */

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void prng_seed(struct prng *p, uint64_t seed)
{
    for (unsigned i = 0; i < ARRAY_LEN(p->s); i++)
        p->s[i] = splitmix(&seed);
}

static uint64_t rotate(uint64_t x, unsigned k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t prng_next(struct prng *p)
{
    uint64_t *s = p->s;
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* Lemire's method: the high half of a 64 × 64 product, low remainders rejected. */
uint64_t prng_below(struct prng *p, uint64_t n)
{
    assert(n > 0);
    for (;;) {
        __extension__ unsigned __int128 m = (unsigned __int128)prng_next(p) * n;
        uint64_t low = (uint64_t)m;
        if (low >= n || low >= (0 - n) % n)
            return (uint64_t)(m >> 64);
    }
}

ms_t prng_between(struct prng *p, ms_t min, ms_t max)
{
    assert(min <= max);
    return min + (ms_t)prng_below(p, (uint64_t)(max - min) + 1);
}

bool prng_chance(struct prng *p, uint32_t ppm)
{
    return prng_below(p, PPM_ONE) < ppm;
}

/* −log2(u / 2^64) in 2^-30, for u > 0. */
static uint64_t minus_log2(uint64_t u)
{
    unsigned zeros = (unsigned)__builtin_clzll(u);
    uint64_t m = u << zeros << 1; /* the bits after the leading one */
    uint64_t i = m >> (64 - STEP_BITS), rest = (m << STEP_BITS) >> 34; /* rest: 30 bits */
    uint64_t a = prng_log2_table[i], b = prng_log2_table[i + 1];
    return ((uint64_t)(zeros + 1) << Q30_BITS) - (a + ((b - a) * rest >> Q30_BITS));
}

/* ms × 2^x, x in 2^-24; cut to PRNG_MS_MAX. */
static ms_t times_exp2(ms_t ms, int64_t x)
{
    int64_t whole = x >> 24;
    uint64_t m = (uint64_t)(x & (Q24_ONE - 1));
    uint64_t i = m >> (24 - STEP_BITS), rest = m & ((1u << (24 - STEP_BITS)) - 1);
    uint64_t a = prng_exp2_table[i], b = prng_exp2_table[i + 1];
    uint64_t power = a + ((b - a) * rest >> (24 - STEP_BITS));
    __extension__ unsigned __int128 v = (unsigned __int128)(uint64_t)ms * power;
    if (whole > 30)
        return PRNG_MS_MAX;
    if (whole < -60)
        return 0;
    v = whole > 0 ? v << whole : v >> -whole;
    v = (v + (1u << (Q30_BITS - 1))) >> Q30_BITS;
    return v > (uint64_t)PRNG_MS_MAX ? PRNG_MS_MAX : (ms_t)v;
}

/* An exponential variate of mean 1, in 2^-30. */
static uint64_t exponential(struct prng *p)
{
    uint64_t u = prng_next(p);
    return minus_log2(u ? u : 1) * LN2_Q30 >> Q30_BITS;
}

static void check_mean(ms_t mean_ms)
{
    assert(mean_ms >= 0 && mean_ms <= PRNG_MEAN_MS_MAX);
}

ms_t prng_exponential_ms(struct prng *p, ms_t mean_ms)
{
    check_mean(mean_ms);
    __extension__ unsigned __int128 v = (unsigned __int128)(uint64_t)mean_ms * exponential(p);
    return (ms_t)((v + (1u << (Q30_BITS - 1))) >> Q30_BITS);
}

/* log2 of x / 2^30, x ≥ 2^30, in 2^-30. */
static uint64_t log2_of(uint64_t x)
{
    return ((uint64_t)(64 - Q30_BITS) << Q30_BITS) - minus_log2(x);
}

static uint64_t root(uint64_t x)
{
    uint64_t r = 0;
    for (uint64_t bit = (uint64_t)1 << 62; bit; bit >>= 2) {
        bool fits = x >= r + bit;
        x -= fits ? r + bit : 0;
        r = (r >> 1) + (fits ? bit : 0);
    }
    return r;
}

/* With s² = ln(1 + CV²): X = mean × exp(s z − s²/2), everything here in powers of two. */
struct prng_law prng_lognormal(ms_t mean_ms, uint32_t cv_milli)
{
    check_mean(mean_ms);
    assert(cv_milli >= PRNG_CV_MILLI_MIN && cv_milli <= PRNG_CV_MILLI_MAX);
    uint64_t square = ((uint64_t)cv_milli * cv_milli << Q30_BITS) / (MILLI_ONE * MILLI_ONE);
    uint64_t variance = log2_of(((uint64_t)1 << Q30_BITS) + square); /* s² / ln 2 */
    /* Deviation of log2 X = s / ln 2 = sqrt(variance / ln 2). */
    uint64_t deviation = root(((variance << Q30_BITS) / LN2_Q30) << Q30_BITS);
    struct prng_law law = {.is_lognormal = true, .spread = (int32_t)(deviation >> 6)};
    law.scale_ms = times_exp2(mean_ms, -(int64_t)(variance >> 7));
    return law;
}

struct prng_law prng_weibull(ms_t mean_ms, uint32_t cv_milli)
{
    check_mean(mean_ms);
    assert(cv_milli >= PRNG_CV_MILLI_MIN && cv_milli <= PRNG_CV_MILLI_MAX);
    uint32_t i = (cv_milli - PRNG_CV_MILLI_MIN) / PRNG_WEIBULL_CV_STEP;
    uint32_t rest = (cv_milli - PRNG_CV_MILLI_MIN) % PRNG_WEIBULL_CV_STEP;
    uint32_t next = i + (rest > 0);
    int64_t x = prng_weibull_inverse_shape[i], g = prng_weibull_inverse_gamma[i];
    x += (prng_weibull_inverse_shape[next] - x) * rest / PRNG_WEIBULL_CV_STEP;
    g += (prng_weibull_inverse_gamma[next] - g) * rest / PRNG_WEIBULL_CV_STEP;
    return (struct prng_law){.scale_ms = mean_ms * g / Q24_ONE, .spread = (int32_t)x};
}

/* A standard normal variate in 2^-24. One bit is the sign, the others the tail probability. */
static int64_t normal(struct prng *p)
{
    uint64_t r = prng_next(p);
    uint64_t tail = (r >> 1) + 1; /* p = tail / 2^64, in (0, 1/2] */
    unsigned octave = (unsigned)__builtin_clzll(tail);
    if (!octave)
        return 0;
    int64_t z = prng_normal_table[ARRAY_LEN(prng_normal_table) - PRNG_OCTAVE_PARTS];
    if (octave <= PRNG_OCTAVES) {
        uint64_t m = tail << octave << 1;
        unsigned at = (octave - 1) * PRNG_OCTAVE_PARTS + (unsigned)(m >> (64 - PART_BITS));
        int64_t rest = (int64_t)((m << PART_BITS) >> 40); /* 24 bits */
        bool is_last_part = (at + 1) % PRNG_OCTAVE_PARTS == 0;
        /* The part after the last of an octave begins the octave above. */
        unsigned next = !is_last_part ? at + 1 : at + 1 - 2 * PRNG_OCTAVE_PARTS;
        int64_t a = prng_normal_table[at],
                b = octave == 1 && is_last_part ? 0 : prng_normal_table[next];
        z = a + ((b - a) * rest) / Q24_ONE;
    }
    return r & 1 ? z : -z;
}

ms_t prng_law_ms(struct prng *p, const struct prng_law *law)
{
    if (law->is_lognormal)
        return times_exp2(law->scale_ms, normal(p) * law->spread / Q24_ONE);
    uint64_t e = exponential(p);
    if (!e)
        return 0;
    /* E^x = 2^(x log2 E); e is E in 2^-30, minus_log2() takes it in 2^-64. */
    int64_t log2_e = ((int64_t)(64 - Q30_BITS) << Q30_BITS) - (int64_t)minus_log2(e);
    return times_exp2(law->scale_ms, (log2_e >> 6) * law->spread / Q24_ONE);
}
