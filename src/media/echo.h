/* echo.h — what a peer says, sent back to it a moment later: the echo test.
 * Included by media/ only. A packet is put where its own ticks say, so that what was lost is heard
 * as a hole and what was late, within the delay, is not. Bounded: a few echoes a thread, each of
 * ECHO_BYTES of sound; pure but for the pool. Cost: a copy of 160 bytes a packet and a frame. */
#ifndef MEDIA_ECHO_H
#define MEDIA_ECHO_H

#include "media/g711.h"
#include "media/rtp.h"
#include "port/media.h"

/* At once in one thread; a further one hears silence. */
#define ECHO_MAX 8
#define ECHO_DELAY_MS 300
/* How the test goes is told every so many frames. */
#define ECHO_TELL_FRAMES 10
/* One second of G.711: the delay, and what a sender may be ahead of its own clock. */
#define ECHO_BYTES 8192u
/* Ticks so far from where they should be are another stream of theirs. */
#define ECHO_JUMP 4000

static_assert((ECHO_DELAY_MS * RTP_TICKS_PER_MS) < ECHO_BYTES, "the delay fits");

struct echo {
    bool is_used, has_begun;
    uint8_t silence; /* of the law that is spoken */
    uint32_t ssrc, first_ticks;
    ms_t first_at;
    int64_t played_n; /* samples from the first on, that have been sent back or passed over */
    uint8_t codes[ECHO_BYTES];
};

/* A packet of sound that has just come. */
struct echo_packet {
    uint32_t ssrc, ticks;
    const uint8_t *codes;
    uint32_t n;
    ms_t at;
};

void echo_begin(struct echo *e, enum media_codec codec);
/* What is too late, or too far ahead, is left out. */
void echo_take(struct echo *e, const struct echo_packet *p);
/* The n samples that are due at this instant, n <= ECHO_BYTES. */
void echo_give(struct echo *e, ms_t at, uint8_t *to, uint32_t n);

#endif
