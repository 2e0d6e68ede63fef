/* echo.c — see echo.h. Called by receive.c (take) and frame.c (give), by one thread.
 * Invariant: a sample is sent back ECHO_DELAY_MS after the instant at which it would have come
 * without jitter, or never; nothing is sent back twice. */
#include <string.h>

#include "media/echo.h"

void echo_begin(struct echo *e, enum media_codec codec)
{
    memset(e, 0, sizeof(*e));
    e->is_used = true;
    e->silence = codec == MEDIA_PCMU ? G711_U_SILENCE : G711_A_SILENCE;
    memset(e->codes, e->silence, sizeof(e->codes));
}

/* Samples since the first that should be sent back by now; negative during the first delay. */
static int64_t due_n(const struct echo *e, ms_t at)
{
    return (at - e->first_at - ECHO_DELAY_MS) * RTP_TICKS_PER_MS;
}

static void start(struct echo *e, const struct echo_packet *p)
{
    memset(e->codes, e->silence, sizeof(e->codes));
    e->has_begun = true;
    e->ssrc = p->ssrc;
    e->first_ticks = p->ticks;
    e->first_at = p->at;
    e->played_n = 0;
}

/* Where this packet belongs, in samples from the first; the difference of two ticks is signed. */
static int64_t place_of(const struct echo *e, const struct echo_packet *p)
{
    int64_t now_n = (p->at - e->first_at) * RTP_TICKS_PER_MS;
    uint32_t now_ticks = e->first_ticks + (uint32_t)now_n;
    return now_n + (int32_t)(p->ticks - now_ticks);
}

static bool goes_on(const struct echo *e, const struct echo_packet *p)
{
    int64_t off = e->has_begun ? place_of(e, p) - (p->at - e->first_at) * RTP_TICKS_PER_MS : 0;
    return e->has_begun && e->ssrc == p->ssrc && off <= ECHO_JUMP && off >= -ECHO_JUMP;
}

void echo_take(struct echo *e, const struct echo_packet *p)
{
    if (!goes_on(e, p))
        start(e, p);
    int64_t place = place_of(e, p);
    bool is_late = place<e->played_n, is_far = place + p->n> e->played_n + ECHO_BYTES;
    if (is_late || is_far)
        return;
    for (uint32_t i = 0; i < p->n; i++)
        e->codes[(uint64_t)(place + i) % ECHO_BYTES] = p->codes[i];
}

/* One sample, which leaves silence behind. */
static uint8_t take_out(struct echo *e)
{
    uint8_t *at = &e->codes[(uint64_t)e->played_n++ % ECHO_BYTES];
    uint8_t code = *at;
    *at = e->silence;
    return code;
}

void echo_give(struct echo *e, ms_t at, uint8_t *to, uint32_t n)
{
    int64_t due = due_n(e, at);
    memset(to, e->silence, n);
    if (!e->has_begun)
        return;
    for (uint32_t i = 0; e->played_n < due && i < ECHO_BYTES; i++)
        (void)take_out(e); /* frames that were left out */
    if (e->played_n < due)
        e->played_n = due; /* and more than the whole ring: nothing of it is due */
    for (uint32_t i = 0; i < n; i++)
        if (due + i >= 0 && due + i >= e->played_n)
            to[i] = take_out(e);
}
