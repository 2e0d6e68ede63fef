/* coder.h — what one stream needs that speaks neither law of G.711: G.722, or Opus (RFC 6716).
 * Included by media/ only. On this side everything is a sample of 8 kHz, whatever the codec: the
 * lower sub-band of G.722 (g722.h), what libopus makes of its own 48 kHz. The memory of libopus is
 * given at the start; nothing here allocates. Cost (bench/coder.c): G.722 5 µs a frame, either way;
 * Opus 110 to encode, 7 to decode. */
#ifndef MEDIA_CODER_H
#define MEDIA_CODER_H

#include "media/conceal.h"
#include "media/g722.h"
#include "port/media.h"

/* In one thread, at once: half of a core when all of them are Opus. */
#define CODER_MAX 64
#define CODER_FRAME 160 /* samples of 20 ms */
/* The longest packet that decodes: 120 ms of Opus (RFC 6716 §2.1.4), or more of G.722. */
#define CODER_SAMPLES_MAX 1536
/* Opus at a constant rate, so that the frames of a prompt are an array: 24 kbit/s. */
#define CODER_OPUS_BYTES 60
#define CODER_BYTES_MAX CODER_FRAME
/* Lost packets that are made up before one that came; more are left as a hole. */
#define CODER_MADE_MAX 3

struct OpusEncoder;
struct OpusDecoder;

struct coder {
    enum media_codec codec;
    struct OpusEncoder *opus_out; /* borrowed from the memory given to coder_begin() */
    struct OpusDecoder *opus_in;
    struct g722 g722_out, g722_in;
    struct conceal conceal; /* of G.722; libopus has its own */

    /* what is heard */
    bool has_heard;
    uint32_t ssrc;
    uint16_t next_seq;   /* of a packet that follows the last one, whatever it carries */
    uint32_t next_ticks; /* behind the last sound */
    uint32_t last_n;     /* samples of the last packet */

    /* what is sent */
    bool is_stale;       /* somebody else's frames were sent since the last of ours */
    uint8_t lead_n;      /* frames still to be coded before those of a form may go */
    const uint8_t *next; /* the frame of a form that would follow; NULL: none */
    uint16_t waiting_n;  /* samples that wait to be a frame of Opus */
    uint32_t waiting_ticks;
    int16_t waiting[CODER_FRAME];
};

/* A packet as it came. */
struct coder_packet {
    const uint8_t *bytes;
    size_t n;
};

/* Does a stream of this codec need one? */
static inline bool coder_is_for(enum media_codec codec)
{
    return codec >= MEDIA_G722;
}

/* Ticks of RTP in one of ours: the clock of G.722 is 8 kHz (RFC 3551 §4.5.2), of Opus 48
 * (RFC 7587 §4.1). */
static inline uint32_t coder_scale(enum media_codec codec)
{
    return codec == MEDIA_OPUS ? 6 : 1;
}

/* Bytes of memory that coder_begin() wants. */
size_t coder_memory_bytes(void);
void coder_begin(struct coder *c, enum media_codec codec, void *memory);
/* For frames that are made once: slower, and as good as it gets. */
void coder_take_care(struct coder *c);

/* What the other side heard meanwhile was not of this encoder, if it is stale: it begins anew. */
void coder_freshen(struct coder *c);
/* One frame: CODER_FRAME samples into at most CODER_BYTES_MAX bytes; how many. */
size_t coder_encode(struct coder *c, uint8_t *to, const int16_t *samples);
/* The same for as many samples as there are, of G.722 alone: as many bytes. */
void coder_encode_all(struct coder *c, uint8_t *to, const int16_t *samples, size_t n);

/* A packet into at most CODER_SAMPLES_MAX samples; 0: it is no packet of this codec. */
uint32_t coder_decode(struct coder *c, int16_t *to, const uint8_t *bytes, size_t n);
/* n samples of a packet that never came. next: the packet behind it, which may tell (Opus carries a
 * coarse copy); NULL: it tells nothing. */
void coder_make_up(struct coder *c, int16_t *to, uint32_t n, const struct coder_packet *next);
/* How many samples are in a packet, without decoding it; 0: it is none. */
uint32_t coder_samples_n(enum media_codec codec, const uint8_t *bytes, size_t n);

#endif
