/* window.c — see window.h. A packet's place is that of the first one of its SSRC, by the clock, and
 * from there by its ticks: jitter moves nothing. */
#include <string.h>

#include "record/window.h"

static uint8_t *pair_at(struct window *w, uint64_t place)
{
    return w->codes[place % WINDOW_N];
}

void window_open(struct window *w, ms_t begin_at)
{
    memset(w, 0, sizeof(*w));
    memset(w->codes, WINDOW_SILENCE, sizeof(w->codes));
    w->begin_at = begin_at;
}

static int64_t place_of(struct window *w, const struct tap_frame *f)
{
    struct window_side *s = &w->sides[f->side % TAP_SIDES];
    int64_t by_clock = (f->at - w->begin_at) * WINDOW_CODES_PER_MS - f->n;
    int64_t place = s->place + (int32_t)(f->ticks - s->ticks);
    int64_t slip = place - by_clock;
    bool is_lost =
        slip > WINDOW_SLIP_MS * WINDOW_CODES_PER_MS || slip < -WINDOW_SLIP_MS * WINDOW_CODES_PER_MS;
    if (!s->has_begun || s->ssrc != f->ssrc || is_lost)
        place = by_clock;
    *s = (struct window_side){true, f->ssrc, f->ticks, place};
    return place;
}

bool window_put(struct window *w, const struct tap_frame *f)
{
    int64_t place = place_of(w, f);
    if (place < 0)
        return true; /* was said before the beginning */
    if (place < (int64_t)w->given_n || place + f->n > (int64_t)(w->given_n + WINDOW_N))
        return false;
    for (unsigned i = 0; i < f->n; i++)
        pair_at(w, (uint64_t)place + i)[f->side % TAP_SIDES] = f->codes[i];
    return true;
}

/* What is not kept goes on, or begins anew once it was given. Where in doubt: not kept. */
static void mute(struct window *w, ms_t from, ms_t until)
{
    ms_t given_at = w->begin_at + (ms_t)(w->given_n / WINDOW_CODES_PER_MS);
    if (w->mute_until < given_at)
        w->mute_from = from;
    else if (from < w->mute_from)
        w->mute_from = from;
    w->mute_until = until > w->mute_until ? until : w->mute_until;
}

void window_pause(struct window *w, ms_t at, bool is_paused)
{
    if (is_paused)
        mute(w, at, MS_NEVER);
    else if (w->mute_until == MS_NEVER)
        w->mute_until = at > w->key_until ? at : w->key_until;
}

void window_key(struct window *w, ms_t at)
{
    w->key_until = at + RECORD_KEY_MS;
    mute(w, at - WINDOW_BEFORE_KEY_MS, w->key_until);
}

static bool is_mute(const struct window *w, uint64_t place)
{
    ms_t at = w->begin_at + (ms_t)(place / WINDOW_CODES_PER_MS);
    return at >= w->mute_from && at < w->mute_until;
}

size_t window_take(struct window *w, ms_t until_at, uint8_t (*to)[TAP_SIDES], size_t max)
{
    int64_t until = (until_at - w->begin_at) * WINDOW_CODES_PER_MS;
    size_t n = 0;
    for (; n < max && (int64_t)w->given_n < until; n++, w->given_n++) {
        uint8_t *pair = pair_at(w, w->given_n);
        if (is_mute(w, w->given_n))
            memset(to[n], WINDOW_SILENCE, TAP_SIDES);
        else
            memcpy(to[n], pair, TAP_SIDES);
        memset(pair, WINDOW_SILENCE, TAP_SIDES);
    }
    return n;
}
