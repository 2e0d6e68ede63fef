/* jitter.c — see jitter.h. Called by mix.c, by one thread.
 * Invariant: a sample that was given once is never changed; two listeners at one instant hear the
 * same. */
#include <stdlib.h>
#include <string.h>

#include "media/jitter.h"
#include "media/pitch.h"

/* The seam between what was made up and what came, and where a step of the delay is taken out. */
#define SEAM 40
/* A frame whose samples are all below is quiet: about -45 dBov. */
#define QUIET 180

static_assert(PITCH_PAST < JITTER_SAMPLES / 4, "the past is there");
static_assert(JITTER_STEP_MS * RTP_TICKS_PER_MS >= SEAM, "a step has room for its seam");

void jitter_begin(struct jitter *j)
{
    memset(j, 0, sizeof(*j));
}

static size_t at_ring(int64_t n)
{
    return (size_t)((uint64_t)n % JITTER_SAMPLES);
}

/* The first sample that may not be given yet at this instant. */
static int64_t due_n(const struct jitter *j, ms_t at)
{
    return (at - j->first_at) * RTP_TICKS_PER_MS;
}

/* ---- what comes --------------------------------------------------------------------------- */

static int64_t place_of(const struct jitter *j, const struct jitter_packet *p)
{
    int64_t now_n = due_n(j, p->at);
    uint32_t now_ticks = j->first_ticks + (uint32_t)now_n;
    return now_n + (int32_t)(p->ticks - now_ticks) + j->delay_n;
}

static bool goes_on(const struct jitter *j, const struct jitter_packet *p)
{
    if (!j->has_begun || j->ssrc != p->ssrc)
        return false;
    int64_t off = place_of(j, p) - j->delay_n - due_n(j, p->at);
    return llabs(off) <= JITTER_JUMP_MS * RTP_TICKS_PER_MS;
}

/* Another stream, in the same line: what was heard before is its past. */
static void start(struct jitter *j, const struct jitter_packet *p)
{
    if (!j->has_begun) {
        jitter_begin(j);
        j->has_begun = true;
        j->first_at = p->at;
        j->first_ticks = p->ticks;
    } else {
        j->first_ticks = p->ticks - (uint32_t)due_n(j, p->at);
    }
    j->ssrc = p->ssrc;
    j->delay_n = JITTER_MARGIN_MS * RTP_TICKS_PER_MS;
    j->too_late_n = 0;
    j->calm_at = p->at;
    j->calm_n = INT32_MAX;
}

/* Too late by so much: from now on all of it comes later, and a little more. False: by more than
 * the delay may be; it is left out, and when several are, they begin anew. */
static bool grow(struct jitter *j, int64_t margin_n, const struct jitter_packet *p)
{
    int64_t wanted_n = j->delay_n - margin_n + JITTER_STEP_MS * RTP_TICKS_PER_MS;
    j->late_n++;
    if (wanted_n > JITTER_MARGIN_MS_MAX * RTP_TICKS_PER_MS) {
        if (++j->too_late_n < JITTER_TOO_LATE_N)
            return false;
        start(j, p);
        return true;
    }
    j->delay_n = wanted_n;
    j->calm_at = p->at;
    j->calm_n = INT32_MAX;
    return true;
}

static bool is_quiet(const struct jitter_packet *p)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (p->samples[i] > QUIET || p->samples[i] < -QUIET)
            return false;
    return true;
}

/* All came earlier than needed for a while: half of that less where nobody hears it; in a talk
 * without pauses a step. */
static void shrink(struct jitter *j, const struct jitter_packet *p)
{
    ms_t calm_ms = p->at - j->calm_at;
    const int32_t step_n = JITTER_STEP_MS * RTP_TICKS_PER_MS;
    int32_t spare_n = j->calm_n - JITTER_MARGIN_MS * RTP_TICKS_PER_MS;
    bool quiet = calm_ms >= JITTER_CALM_MS && is_quiet(p);
    if (!quiet && calm_ms < JITTER_LOUD_MS)
        return;
    if (spare_n >= step_n)
        j->delay_n -= quiet && spare_n / 2 > step_n ? spare_n / 2 : step_n;
    j->calm_at = p->at;
    j->calm_n = INT32_MAX;
}

/* Of two samples at one place the later one comes in as the earlier one goes out. */
static int16_t seam(int32_t out, int32_t in, uint32_t i)
{
    return (int16_t)((out * (int32_t)(SEAM - i) + in * (int32_t)i) / SEAM);
}

static void put(struct jitter *j, int64_t place, const struct jitter_packet *p)
{
    uint32_t overlap_n = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        size_t k = at_ring(place + i);
        if (place + i < j->filled_n)
            continue;
        bool is_over = j->has[k] && place + i < j->written_n && overlap_n < SEAM;
        j->samples[k] = is_over ? seam(j->samples[k], p->samples[i], overlap_n++) : p->samples[i];
        j->has[k] = 1;
    }
    if (place + p->n > j->written_n)
        j->written_n = place + p->n;
}

void jitter_take(struct jitter *j, const struct jitter_packet *p)
{
    if (!p->n || p->n > JITTER_SAMPLES / 4)
        return;
    if (!goes_on(j, p))
        start(j, p);
    int64_t place = place_of(j, p), margin_n = place - due_n(j, p->at);
    if (margin_n < 0) {
        if (p->is_spare || !grow(j, margin_n, p))
            return;
        place = place_of(j, p);
    } else if (place + p->n > j->written_n) {
        j->calm_n = margin_n < j->calm_n ? (int32_t)margin_n : j->calm_n;
        j->too_late_n = 0;
        shrink(j, p);
    }
    if (place + p->n <= j->filled_n + (int64_t)JITTER_SAMPLES / 2)
        put(j, place, p);
}

/* ---- what is taken out -------------------------------------------------------------------- */

static int32_t before(const struct jitter *j, int64_t n)
{
    return j->samples[at_ring(n)];
}

/* 0: nothing was heard so far that could go on. */
static uint32_t find_lag(const struct jitter *j)
{
    int16_t past[PITCH_PAST];
    if (j->filled_n < PITCH_PAST)
        return 0;
    for (uint32_t i = 0; i < PITCH_PAST; i++)
        past[i] = j->samples[at_ring(j->filled_n - PITCH_PAST + i)];
    return pitch_lag(past);
}

/* The sample at n of a hole: the last period again and again, softer and softer. */
static int16_t made_up(const struct jitter *j, int64_t n)
{
    const int64_t whole = JITTER_WHOLE_MS * RTP_TICKS_PER_MS,
                  faded = JITTER_FADED_MS * RTP_TICKS_PER_MS;
    int64_t in_hole = n - j->hole_n;
    if (!j->lag_n || in_hole >= faded)
        return 0;
    int32_t sample = before(j, j->hole_n - j->lag_n + in_hole % j->lag_n);
    return (int16_t)(in_hole < whole ? sample : sample * (faded - in_hole) / (faded - whole));
}

static void conceal(struct jitter *j)
{
    size_t k = at_ring(j->filled_n);
    if (!j->is_hole) {
        j->hole_n = j->filled_n;
        j->lag_n = find_lag(j);
        j->is_hole = true;
    }
    j->samples[k] = made_up(j, j->filled_n);
    j->concealed_n += j->lag_n && j->filled_n - j->hole_n < JITTER_FADED_MS * RTP_TICKS_PER_MS;
}

/* What comes behind a hole is joined to what was made up. */
static void join(struct jitter *j)
{
    int64_t end = j->filled_n;
    for (uint32_t i = 0; i < SEAM && j->has[at_ring(end + i)] && end + i < j->written_n; i++) {
        int16_t *sample = &j->samples[at_ring(end + i)];
        *sample = seam(made_up(j, end + i), *sample, i);
    }
    j->is_hole = false;
}

/* Everything before `end` is final. */
static void fill(struct jitter *j, int64_t end)
{
    if (end - j->filled_n > (int64_t)JITTER_SAMPLES) { /* nobody listened: nothing of it is heard */
        memset(j->has, 0, sizeof(j->has));
        memset(j->samples, 0, sizeof(j->samples));
        j->filled_n = end;
    }
    for (; j->filled_n < end; j->filled_n++) {
        size_t k = at_ring(j->filled_n);
        if (!j->has[k])
            conceal(j);
        else if (j->is_hole)
            join(j);
        j->has[k] = 0; /* its place in the ring is free for what comes a round later */
    }
}

bool jitter_give(struct jitter *j, ms_t at, int32_t *sum, uint32_t n)
{
    int64_t end = due_n(j, at);
    bool is_sound = false;
    if (!j->has_begun || end <= 0)
        return false;
    fill(j, end);
    for (uint32_t i = 0; i < n; i++) {
        int64_t from = end - n + i;
        int32_t sample = from < 0 ? 0 : before(j, from);
        is_sound |= sample != 0;
        sum[i] += sample;
    }
    return is_sound;
}

ms_t jitter_delay_ms(const struct jitter *j)
{
    return j->delay_n / RTP_TICKS_PER_MS;
}
