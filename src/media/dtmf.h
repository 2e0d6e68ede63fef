/* dtmf.h — keys as telephone events (RFC 4733), both ways.
 * Pure. Called by receive.c for each event packet and frame.c while keys are pressed. A press is
 * many packets with the same ticks (its beginning) and a growing duration; each may be lost. */
#ifndef MEDIA_DTMF_H
#define MEDIA_DTMF_H

#include "base/types.h"
#include "port/media.h"

#define DTMF_PAYLOAD_BYTES 4

/* A press of which nothing more came for so long has ended: all its last packets were lost. */
#define DTMF_LOST_END_MS 200

/* ---- in ---- */

struct dtmf_in {
    uint32_t began_ticks; /* of the present press, or of the last one */
    uint16_t ticks_n;     /* how long so far */
    char key;
    bool has_begun; /* there was a press in this stream */
    bool is_down;
    uint16_t base_ms; /* of the segments before, when it lasts longer than 65535 ticks */
    ms_t seen_at;
};

struct dtmf_packet {
    uint32_t ticks; /* of the RTP header */
    const uint8_t *payload;
    size_t n;
    ms_t now_at;
    bool is_wide; /* durations by a clock of 48 kHz */
};

/* Up to three things in order; a key of 0 is none. */
struct dtmf_news {
    char ended_before; /* the press before: its end was lost */
    uint16_t before_ms;
    char begun;
    char ended;
    uint16_t ended_ms;
};

/* Takes a packet. False: it is no event that a telephone key makes, or it is damaged. */
bool dtmf_in_take(struct dtmf_in *in, const struct dtmf_packet *p, struct dtmf_news *news);

/* Called now and then: ends a press whose end was lost. */
void dtmf_in_wait(struct dtmf_in *in, ms_t now_at, struct dtmf_news *news);

/* The peer began a new stream: its ticks have no more to do with the ones before. */
void dtmf_in_restart(struct dtmf_in *in, struct dtmf_news *news);

/* ---- out ---- */

struct dtmf_out {
    char keys[MEDIA_KEYS_MAX];
    uint8_t n, i;         /* keys; the present one */
    uint8_t frame_i;      /* of the present key: pressed, then its end three times, then a pause */
    uint32_t began_ticks; /* of the present key */
};

/* output: a payload for this frame of 20 ms */
struct dtmf_frame {
    bool has_packet, is_first; /* of a key: with the marker */
    uint32_t ticks;
    uint8_t payload[DTMF_PAYLOAD_BYTES];
};

/* A duration by the other clock: of 48 kHz, or of 8 again. One that passes its 16 bits is the
 * longest. */
void dtmf_rescale(uint8_t payload[DTMF_PAYLOAD_BYTES], bool is_wide);

/* Is this a key? */
bool dtmf_is_key(char key);

void dtmf_out_begin(struct dtmf_out *out, const struct media_keys *keys);

/* The next frame, whose own ticks are given. False: all keys are out. */
bool dtmf_out_next(struct dtmf_out *out, uint32_t ticks, struct dtmf_frame *frame);

#endif
