/* window.h — two seconds of a conversation, both sides side by side: packets go in as they come,
 * pairs of codes come out in the order of time. Pure. Called by record.c. Cost: a copy.
 * Invariant: a pair that was given is never changed; what was lost, came too late or was not to be
 * kept is silence, so that both sides stay at their instants. */
#ifndef RECORD_WINDOW_H
#define RECORD_WINDOW_H

#include "port/record.h"
#include "port/tap.h"

#define WINDOW_CODES_PER_MS 8
#define WINDOW_N 16384 /* pairs: 2.048 s; a power of two */
/* A packet may come so late, and an order about what was said so lately. */
#define WINDOW_LATE_MS ((ms_t)600)
/* Numbers that differ so much from the clock have lost their way: the clock counts. */
#define WINDOW_SLIP_MS ((ms_t)250)
/* A key's first sound may stand before its event. */
#define WINDOW_BEFORE_KEY_MS ((ms_t)300)
#define WINDOW_SILENCE 0xd5 /* A-law */

struct window {
    ms_t begin_at;
    uint64_t given_n; /* pairs so far */
    struct window_side {
        bool has_begun;
        uint32_t ssrc, ticks;
        int64_t place; /* of these ticks */
    } sides[TAP_SIDES];
    ms_t mute_from, mute_until; /* instants that are not kept; until MS_NEVER: paused */
    ms_t key_until;
    uint8_t codes[WINDOW_N][TAP_SIDES];
};

void window_open(struct window *w, ms_t begin_at);
/* False: too late, or too far ahead. What was said before the beginning is nobody's to keep. */
bool window_put(struct window *w, const struct tap_frame *f);
void window_pause(struct window *w, ms_t at, bool is_paused);
void window_key(struct window *w, ms_t at);
/* The next pairs before that instant, at most max. Returns how many. */
size_t window_take(struct window *w, ms_t until_at, uint8_t (*to)[TAP_SIDES], size_t max);

#endif
