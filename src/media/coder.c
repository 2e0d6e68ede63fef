/* coder.c — see coder.h. Called by coded.c and bake.c, by one thread for each coder.
 * Invariant: nothing is allocated; a packet of strangers changes nothing but the sound. */
#include <string.h>

#include <opus/opus.h>

#include "media/coder.h"

#define RATE_HZ 8000
#define CHANNELS 1
#define COMPLEXITY 4 /* of 10: 144 µs a frame; 0: 56, 10: 310, and no better on a telephone */
#define COMPLEXITY_ONCE 8
#define LOSS_PERCENT 5 /* expected: from here on a copy of each frame goes with the next one */
#define ALIGNED 16

static size_t aligned(int bytes)
{
    return ((size_t)bytes + ALIGNED - 1) / ALIGNED * ALIGNED;
}

size_t coder_memory_bytes(void)
{
    return aligned(opus_encoder_get_size(CHANNELS)) + aligned(opus_decoder_get_size(CHANNELS));
}

static void begin_opus(struct coder *c, uint8_t *memory)
{
    c->opus_out = (struct OpusEncoder *)(void *)memory;
    c->opus_in = (struct OpusDecoder *)(void *)(memory + aligned(opus_encoder_get_size(CHANNELS)));
    int err = opus_encoder_init(c->opus_out, RATE_HZ, CHANNELS, OPUS_APPLICATION_VOIP);
    if (!err)
        err = opus_decoder_init(c->opus_in, RATE_HZ, CHANNELS);
    if (!err)
        err = opus_encoder_ctl(c->opus_out,
                               OPUS_SET_BITRATE(CODER_OPUS_BYTES * 8 * RATE_HZ / CODER_FRAME));
    if (!err)
        err = opus_encoder_ctl(c->opus_out, OPUS_SET_VBR(0));
    if (!err)
        err = opus_encoder_ctl(c->opus_out, OPUS_SET_INBAND_FEC(1));
    if (!err)
        err = opus_encoder_ctl(c->opus_out, OPUS_SET_PACKET_LOSS_PERC(LOSS_PERCENT));
    if (!err)
        err = opus_encoder_ctl(c->opus_out, OPUS_SET_COMPLEXITY(COMPLEXITY));
    assert(!err); /* only bad values can fail */
}

void coder_begin(struct coder *c, enum media_codec codec, void *memory)
{
    memset(c, 0, sizeof(*c));
    c->codec = codec;
    if (codec == MEDIA_OPUS)
        begin_opus(c, memory);
    g722_begin(&c->g722_out);
    g722_begin(&c->g722_in);
    conceal_begin(&c->conceal);
}

void coder_take_care(struct coder *c)
{
    if (c->codec != MEDIA_OPUS)
        return;
    int err = opus_encoder_ctl(c->opus_out, OPUS_SET_COMPLEXITY(COMPLEXITY_ONCE));
    assert(!err);
}

/* ---- out ---------------------------------------------------------------------------------- */

void coder_freshen(struct coder *c)
{
    if (!c->is_stale)
        return;
    c->is_stale = false;
    c->waiting_n = 0;
    g722_begin_after(&c->g722_out);
    int err = c->codec == MEDIA_OPUS ? opus_encoder_ctl(c->opus_out, OPUS_RESET_STATE) : 0;
    assert(!err);
}

void coder_encode_all(struct coder *c, uint8_t *to, const int16_t *samples, size_t n)
{
    coder_freshen(c);
    for (size_t i = 0; i < n; i++)
        to[i] = g722_encode(&c->g722_out, samples[i]);
}

size_t coder_encode(struct coder *c, uint8_t *to, const int16_t *samples)
{
    if (c->codec != MEDIA_OPUS) {
        coder_encode_all(c, to, samples, CODER_FRAME);
        return CODER_FRAME;
    }
    coder_freshen(c);
    int n = opus_encode(c->opus_out, samples, CODER_FRAME, to, CODER_OPUS_BYTES);
    assert(n > 0 && n <= CODER_OPUS_BYTES); /* its arguments are constants */
    return (size_t)n;
}

/* ---- in ----------------------------------------------------------------------------------- */

uint32_t coder_samples_n(enum media_codec codec, const uint8_t *bytes, size_t n)
{
    if (codec != MEDIA_OPUS)
        return (uint32_t)n;
    int samples_n = opus_packet_get_nb_samples(bytes, (opus_int32)n, RATE_HZ);
    return samples_n > 0 ? (uint32_t)samples_n : 0;
}

uint32_t coder_decode(struct coder *c, int16_t *to, const uint8_t *bytes, size_t n)
{
    if (c->codec == MEDIA_OPUS) {
        int got = opus_decode(c->opus_in, bytes, (opus_int32)n, to, CODER_SAMPLES_MAX, 0);
        return got > 0 ? (uint32_t)got : 0;
    }
    if (n > CODER_SAMPLES_MAX)
        return 0;
    for (size_t i = 0; i < n; i++)
        to[i] = g722_decode(&c->g722_in, bytes[i]);
    conceal_hear(&c->conceal, to, (uint32_t)n);
    return (uint32_t)n;
}

void coder_make_up(struct coder *c, int16_t *to, uint32_t n, const struct coder_packet *next)
{
    assert(n <= CODER_SAMPLES_MAX);
    if (c->codec != MEDIA_OPUS) {
        conceal_make(&c->conceal, to, n);
        return;
    }
    int got = opus_decode(c->opus_in, next ? next->bytes : NULL, next ? (opus_int32)next->n : 0, to,
                          (int)n, next ? 1 : 0);
    if (got != (int)n)
        memset(to, 0, n * sizeof(*to));
}
