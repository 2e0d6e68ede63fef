/* shape.c — see shape.h.
 * A windowed sinc brings any rate to 8 kHz and lets pass what a telephone carries; what lies below
 * 120 Hz is taken away, so that the level is that of what is heard. Level and peaks depend on each
 * other: three turns are enough.
 * Invariant: no sample passes the peak. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/level.h"
#include "speech/shape.h"

#define PASS_HZ 3650.0
#define TAPS_MS 3 /* half the width of the filter */
#define TAPS_HALF(rate_hz) ((rate_hz)*TAPS_MS / 1000 + 1)
#define HIGH_PASS_HZ 120.0
#define FRAME 40 /* 5 ms */
#define SOUND_CDB (-5800)
#define MARGIN_FRAMES 2 /* kept around what is sound */
#define TURNS 3
#define LIMIT_HALF 80 /* 10 ms around a peak */
#define FIRST_PEAK_CDB (-1000)

struct source {
    const int16_t *x;
    size_t n;
    uint32_t rate_hz;
};

struct take {
    double *x;
    size_t n;
};

/* ---- rate ---- */

static double tap(double distance, double half, double cut)
{
    double window = 0.54 + 0.46 * cos(M_PI * distance / half);
    double angle = 2 * M_PI * cut * distance;
    return window * (fabs(angle) < 1e-9 ? 2 * cut : 2 * cut * sin(angle) / angle);
}

/* The weights around an instant that lies `part` of a sample behind one: w[i] is that of the sample
 * i - TAPS_HALF(rate) behind it. Their sum is 1. */
static void make_taps(double *w, uint32_t rate_hz, double part)
{
    long half_n = TAPS_HALF(rate_hz);
    double half = TAPS_MS * rate_hz / 1000.0, sum = 0;
    for (long i = -half_n; i <= half_n; i++) {
        double distance = (double)i - part;
        double one = fabs(distance) > half ? 0 : tap(distance, half, PASS_HZ / rate_hz);
        w[i + half_n] = one;
        sum += one;
    }
    for (long i = 0; i <= 2 * half_n; i++)
        w[i] /= sum;
}

static double value_at(const struct source *s, size_t at, const double *w)
{
    size_t half_n = TAPS_HALF(s->rate_hz), first = at > half_n ? at - half_n : 0;
    size_t last = at + half_n < s->n ? at + half_n : s->n - 1;
    double sum = 0;
    for (size_t i = first; i <= last; i++)
        sum += w[i + half_n - at] * s->x[i];
    return sum;
}

/* Instants that lie alike between two samples come back after so many: they share their taps. */
static size_t turn_of(uint32_t rate_hz)
{
    uint32_t a = rate_hz, b = WAV_RATE_HZ;
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return WAV_RATE_HZ / a;
}

static void resample(struct take *t, const struct source *s)
{
    double w[2 * TAPS_HALF(SPEECH_RATE_MAX_HZ) + 1];
    size_t turn = turn_of(s->rate_hz);
    for (size_t first = 0; first < turn && first < t->n; first++) {
        uint64_t at = (uint64_t)first * s->rate_hz;
        make_taps(w, s->rate_hz, (double)(at % WAV_RATE_HZ) / WAV_RATE_HZ);
        for (size_t i = first; i < t->n; i += turn)
            t->x[i] = value_at(s, (size_t)((uint64_t)i * s->rate_hz / WAV_RATE_HZ), w);
    }
}

static int take(struct take *t, const struct wav *wav)
{
    int16_t *x = malloc((wav->frames_n + 1) * sizeof(*x));
    struct source source = {x, wav->frames_n, wav->rate_hz};
    if (!x)
        return ENOMEM;
    wav_samples(x, wav);
    if (wav->rate_hz == WAV_RATE_HZ)
        for (size_t i = 0; i < t->n; i++)
            t->x[i] = x[i];
    else
        resample(t, &source);
    free(x);
    return 0;
}

static void high_pass(struct take *t)
{
    double keep = exp(-2 * M_PI * HIGH_PASS_HZ / WAV_RATE_HZ), low = 0;
    for (size_t i = 0; i < t->n; i++) {
        low = keep * low + (1 - keep) * t->x[i];
        t->x[i] -= low;
    }
}

/* ---- level ---- */

static void round_into(int16_t *to, const struct take *t)
{
    for (size_t i = 0; i < t->n; i++) {
        double v = t->x[i] > 32767 ? 32767 : t->x[i] < -32768 ? -32768 : t->x[i];
        to[i] = (int16_t)lrint(v);
    }
}

static void gain(struct take *t, int32_t by_cdb)
{
    double factor = pow(10, by_cdb / 2000.0);
    for (size_t i = 0; i < t->n; i++)
        t->x[i] *= factor;
}

/* Turns down 10 ms around each peak; `soft` holds the factor of each sample. */
static void limit(struct take *t, double *soft)
{
    double most = 32768 * pow(10, SPEECH_PEAK_CDB / 2000.0);
    for (size_t i = 0; i < t->n; i++)
        soft[i] = 1;
    for (size_t i = 0; i < t->n; i++) {
        double size = fabs(t->x[i]);
        size_t first = i > LIMIT_HALF ? i - LIMIT_HALF : 0;
        for (size_t k = first; size > most && k < t->n && k <= i + LIMIT_HALF; k++) {
            double far = fabs((double)k - (double)i) / (LIMIT_HALF + 1);
            double factor = 1 - (1 - most / size) * (0.5 + 0.5 * cos(M_PI * far));
            soft[k] = factor < soft[k] ? factor : soft[k];
        }
    }
    for (size_t i = 0; i < t->n; i++)
        t->x[i] *= soft[i];
}

static bool is_sound(const int16_t *at)
{
    return level_power(at, FRAME) > SOUND_CDB;
}

/* Leaves silence before and after away. False: there is no sound. */
static bool trim(struct take *t, int16_t *rounded)
{
    size_t frames_n = t->n / FRAME, first = 0, last = frames_n;
    round_into(rounded, t);
    while (first < frames_n && !is_sound(rounded + first * FRAME))
        first++;
    while (last > first && !is_sound(rounded + (last - 1) * FRAME))
        last--;
    if (first == last)
        return false;
    first = first > MARGIN_FRAMES ? first - MARGIN_FRAMES : 0;
    last = last + MARGIN_FRAMES < frames_n ? last + MARGIN_FRAMES : frames_n;
    t->n = (last - first) * FRAME;
    memmove(t->x, t->x + first * FRAME, t->n * sizeof(*t->x));
    return true;
}

static void fade(struct take *t)
{
    for (size_t i = 0; i < FRAME && i < t->n / 2; i++) {
        double factor = 0.5 - 0.5 * cos(M_PI * ((double)i + 0.5) / FRAME);
        t->x[i] *= factor;
        t->x[t->n - 1 - i] *= factor;
    }
}

/* room: as many doubles as the take has; used for factors and for rounded samples in turn. */
static int bring_to_level(struct take *t, double *room)
{
    int16_t *rounded = (int16_t *)(void *)room;
    round_into(rounded, t);
    int32_t peak = level_peak(rounded, t->n);
    if (peak == LEVEL_SILENT_CDB)
        return ENODATA;
    gain(t,
         FIRST_PEAK_CDB - peak); /* a quiet program is made louder before silence is looked for */
    for (unsigned i = 0; i < TURNS; i++) {
        if (!trim(t, rounded))
            return ENODATA;
        round_into(rounded, t);
        gain(t, SPEECH_LEVEL_CDB - level_speech(rounded, t->n));
        limit(t, room);
    }
    fade(t);
    return 0;
}

/* ---- all ---- */

static int put_silences(int16_t **samples, size_t *n, const struct take *t,
                        const struct speech_shape *shape)
{
    size_t before_n = shape->before_ms * (size_t)WAV_RATE_HZ / 1000;
    *n = before_n + t->n + shape->after_ms * (size_t)WAV_RATE_HZ / 1000;
    *samples = calloc(*n, sizeof(**samples));
    if (!*samples)
        return ENOMEM;
    round_into(*samples + before_n, t);
    return 0;
}

int speech_shape(int16_t **samples, size_t *n, const struct wav *wav,
                 const struct speech_shape *shape)
{
    bool is_read = wav_is_linear(wav) && wav->rate_hz >= SPEECH_RATE_MIN_HZ &&
                   wav->rate_hz <= SPEECH_RATE_MAX_HZ &&
                   wav->frames_n / wav->rate_hz < SPEECH_SECONDS_MAX;
    if (!is_read)
        return EINVAL;
    struct take t = {.n = (size_t)((uint64_t)wav->frames_n * WAV_RATE_HZ / wav->rate_hz)};
    double *room = malloc((t.n + 1) * sizeof(*room));
    t.x = malloc((t.n + 1) * sizeof(*t.x));
    int err = room && t.x ? take(&t, wav) : ENOMEM;
    if (!err) {
        high_pass(&t);
        err = bring_to_level(&t, room);
    }
    if (!err)
        err = put_silences(samples, n, &t, shape);
    free(room);
    free(t.x);
    return err;
}
