/* conceal.c — see conceal.h. Called by coder.c, by one thread.
 * Invariant: what is made up is never louder than what was heard, and is silent after
 * JITTER_FADED_MS. */
#include <string.h>

#include "media/conceal.h"

/* What came comes in as what was made up goes out. */
#define SEAM 40
#define WHOLE_N (JITTER_WHOLE_MS * RTP_TICKS_PER_MS)
#define FADED_N (JITTER_FADED_MS * RTP_TICKS_PER_MS)

void conceal_begin(struct conceal *c)
{
    memset(c, 0, sizeof(*c));
}

/* The sample at n of the hole. */
static int32_t made_up(const struct conceal *c, uint32_t n)
{
    if (!c->lag_n || n >= FADED_N)
        return 0;
    int32_t sample = c->past[PITCH_PAST - c->lag_n + n % c->lag_n];
    return n < WHOLE_N ? sample : sample * (int32_t)(FADED_N - n) / (FADED_N - WHOLE_N);
}

void conceal_make(struct conceal *c, int16_t *to, uint32_t n)
{
    if (!c->made_n)
        c->lag_n = pitch_lag(c->past);
    for (uint32_t i = 0; i < n; i++)
        to[i] = (int16_t)made_up(c, c->made_n + i);
    c->made_n += n;
}

static void remember(struct conceal *c, const int16_t *samples, uint32_t n)
{
    uint32_t kept_n = n < PITCH_PAST ? PITCH_PAST - n : 0;
    memmove(c->past, c->past + (PITCH_PAST - kept_n), kept_n * sizeof(c->past[0]));
    memcpy(c->past + kept_n, samples + (n - (PITCH_PAST - kept_n)),
           (PITCH_PAST - kept_n) * sizeof(c->past[0]));
}

void conceal_hear(struct conceal *c, int16_t *samples, uint32_t n)
{
    for (uint32_t i = 0; c->made_n && i < SEAM && i < n; i++) {
        int32_t out = made_up(c, c->made_n + i) * (int32_t)(SEAM - i);
        samples[i] = (int16_t)((out + samples[i] * (int32_t)i) / SEAM);
    }
    c->made_n = 0;
    remember(c, samples, n);
}
