/* level.c — see level.h.
 * P.56 §8: the rectified signal is smoothed twice (30 ms); for each of 16 thresholds, a power of
 * two each, the time is counted in which the envelope stands above it or did so 200 ms before. The
 * power over that time is a candidate for the active level; the right one lies 15.9 dB above its
 * threshold. Because thresholds are powers of two, the highest bit of the envelope says which of
 * them it passes, and since it moves slowly, runs of one bit are counted instead of samples.
 * Invariant: no sum overflows up to LEVEL_SAMPLES_MAX samples. */
#include "base/level.h"

#define THRESHOLDS 16
#define HANG_SAMPLES (LEVEL_RATE_HZ / 5)
#define MARGIN_CDB 1590
#define ENVELOPE_BITS 20              /* fraction of the envelope */
#define SMOOTH_BITS 32                /* fraction of its constant */
#define SMOOTH_NEW UINT64_C(17858466) /* 1 - exp(-1 / (8000 Hz x 30 ms)), in 1 / 2^32 */
#define LOG_BITS 16
#define CDB_PER_OCTAVE_X100 30103 /* 10 log10(2) = 3.0103 dB */
#define FULL_SCALE_CDB 9031       /* 20 log10(32768) */

/* ---- logarithms of whole numbers ---- */

/* log2(v) with LOG_BITS bits of fraction: each squaring of the mantissa gives one. */
static int64_t log2_of(uint64_t v)
{
    int whole = 63 - __builtin_clzll(v);
    uint64_t m = whole > 31 ? v >> (whole - 31) : v << (31 - whole); /* 1 <= m / 2^31 < 2 */
    int64_t log = whole;
    for (int i = 0; i < LOG_BITS; i++) {
        m = m * m >> 31;
        log = log * 2 + (int64_t)(m >> 32);
        m >>= m >> 32;
    }
    return log;
}

/* 10 log10(v) in hundredths. */
static int32_t cdb_of(uint64_t v)
{
    return (int32_t)((log2_of(v) * CDB_PER_OCTAVE_X100 / 100) >> LOG_BITS);
}

static uint64_t square_sum(const int16_t *samples, size_t n)
{
    uint64_t sum = 0;
    assert(n <= LEVEL_SAMPLES_MAX);
    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)((int32_t)samples[i] * samples[i]);
    return sum;
}

/* The power `square` spread over n samples, in dBov. */
static int32_t level_of(uint64_t square, uint64_t n)
{
    return cdb_of(square) - cdb_of(n) - FULL_SCALE_CDB;
}

int32_t level_power(const int16_t *samples, size_t n)
{
    uint64_t square = square_sum(samples, n);
    return square ? level_of(square, n) : LEVEL_SILENT_CDB;
}

int32_t level_peak(const int16_t *samples, size_t n)
{
    int32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t size = samples[i] < 0 ? -(int32_t)samples[i] : samples[i];
        most = size > most ? size : most;
    }
    return most ? 2 * cdb_of((uint64_t)most) - FULL_SCALE_CDB : LEVEL_SILENT_CDB;
}

/* ---- the active level ---- */

struct activity {
    uint64_t active_n[THRESHOLDS]; /* samples during which there was speech, by this threshold */
    uint64_t until[THRESHOLDS];    /* the end of what was counted */
    uint64_t n;
};

/* From start to end the envelope had so many bits: thresholds 0 … bits-1 were passed. */
static void count_run(struct activity *a, unsigned bits, uint64_t start, uint64_t end)
{
    uint64_t last = end + HANG_SAMPLES < a->n ? end + HANG_SAMPLES : a->n;
    for (unsigned j = 0; j < bits && j < THRESHOLDS; j++) {
        a->active_n[j] += last - (start > a->until[j] ? start : a->until[j]);
        a->until[j] = last;
    }
}

static unsigned bits_of(uint64_t envelope)
{
    uint64_t whole = envelope >> ENVELOPE_BITS;
    return whole ? 64 - (unsigned)__builtin_clzll(whole) : 0;
}

static uint64_t smooth(uint64_t mean, uint64_t new)
{
    if (new >= mean)
        return mean + ((new - mean) * SMOOTH_NEW >> SMOOTH_BITS);
    return mean - ((mean - new) * SMOOTH_NEW >> SMOOTH_BITS);
}

static void count_activity(struct activity *a, const int16_t *samples)
{
    uint64_t once = 0, twice = 0, start = 0;
    unsigned before = 0;
    for (uint64_t i = 0; i < a->n; i++) {
        uint64_t size = (uint64_t)(samples[i] < 0 ? -(int32_t)samples[i] : samples[i]);
        once = smooth(once, size << ENVELOPE_BITS);
        twice = smooth(twice, once);
        unsigned bits = bits_of(twice);
        if (bits == before)
            continue;
        count_run(a, before, start, i);
        before = bits;
        start = i;
    }
    count_run(a, before, start, a->n);
}

/* The straight line between two candidates, where it lies MARGIN_CDB above its threshold. */
static int32_t between(const int32_t level[2], const int32_t above[2])
{
    int32_t span = above[0] - above[1];
    return span ? level[0] + (above[0] - MARGIN_CDB) * (level[1] - level[0]) / span : level[0];
}

int32_t level_speech(const int16_t *samples, size_t n)
{
    struct activity a = {.n = n};
    int32_t level[2] = {0, 0}, above[2] = {0, 0};
    uint64_t square = square_sum(samples, n);
    if (!square)
        return LEVEL_SILENT_CDB;
    count_activity(&a, samples);
    int32_t first = level_of(square, n);
    for (unsigned j = 0; j < THRESHOLDS && a.active_n[j]; j++) {
        level[1] = level_of(square, a.active_n[j]);
        above[1] = level[1] - (2 * cdb_of(UINT64_C(1) << j) - FULL_SCALE_CDB);
        if (j == 0)
            first = level[1];
        else if (above[0] >= MARGIN_CDB && above[1] <= MARGIN_CDB)
            return between(level, above);
        level[0] = level[1];
        above[0] = above[1];
    }
    return above[0] > MARGIN_CDB ? level[0] : first;
}

/* ---- gain ---- */

uint64_t level_factor(int32_t by_cdb)
{
    /* 2^(1/2), 2^(1/4) … in 1 / 2^32: a bit of the exponent each */
    static const uint64_t roots[] = {
        UINT64_C(6074001000), UINT64_C(5107605667), UINT64_C(4683695048), UINT64_C(4485121744),
        UINT64_C(4389014833), UINT64_C(4341736423), UINT64_C(4318288544), UINT64_C(4306612134),
        UINT64_C(4300785774), UINT64_C(4297875550), UINT64_C(4296421177), UINT64_C(4295694175),
        UINT64_C(4295330720), UINT64_C(4295149004), UINT64_C(4295058149), UINT64_C(4295012722)};
    assert(by_cdb >= -8000 && by_cdb <= 8000);
    const int64_t octave = 2 * CDB_PER_OCTAVE_X100; /* of amplitude, in 1/100 of a hundredth */
    int64_t exponent = (int64_t)by_cdb * 100 * LEVEL_ONE / octave;
    int64_t whole = exponent >> LOG_BITS;
    uint64_t fraction = (uint64_t)exponent & (LEVEL_ONE - 1), factor = UINT64_C(1) << 32;
    for (unsigned i = 0; i < ARRAY_LEN(roots); i++)
        if (fraction >> (LOG_BITS - 1 - i) & 1)
            factor = factor * (roots[i] >> 2) >> 30;
    factor >>= 32 - LOG_BITS;
    return whole >= 0 ? factor << whole : factor >> -whole;
}
