/* voice.h — telephones that speak any codec: they sing in samples, and hear samples. */
#ifndef TEST_SUPPORT_VOICE_H
#define TEST_SUPPORT_VOICE_H

#include "media/coder.h"
#include "test/support/song.h"

#define VOICE_HEARD_MAX ((size_t)8 * 20000)
#define WIDE_KEY_TYPE 110

struct voice {
    struct telephone phone;
    struct coder coder; /* its own: both ways */
    void *memory;       /* owned */
    int16_t *heard;     /* owned */
    size_t heard_n;
    unsigned taken_n;  /* packets of the telephone that were heard */
    uint32_t sung_n;   /* samples */
    size_t frame_n;    /* in a packet */
    uint32_t clock_hz; /* of its RTP */
};

static inline void voice_open(struct voice *v, struct studio *s, enum media_codec codec)
{
    static const uint8_t types[] = {8, 0, 9, 111};
    telephone_open(&v->phone, s);
    v->phone.codec = v->phone.want.codec = codec;
    v->phone.want.payload_type = types[codec];
    v->phone.want.is_key_wide = codec == MEDIA_OPUS;
    v->memory = malloc(coder_memory_bytes());
    v->heard = calloc(VOICE_HEARD_MAX, sizeof(*v->heard));
    assert_true(v->memory && v->heard);
    if (coder_is_for(codec))
        coder_begin(&v->coder, codec, v->memory);
    v->heard_n = v->taken_n = v->sung_n = 0;
    v->clock_hz = 8000 * coder_scale(codec);
    v->frame_n = STUDIO_FRAME;
    telephone_set(&v->phone, s);
}

static inline void voice_close(struct voice *v)
{
    telephone_close(&v->phone);
    free(v->memory);
    free(v->heard);
}

/* What is sent at once, later, or never. */
struct voice_packet {
    struct rtp_header head;
    uint8_t payload[CODER_SAMPLES_MAX];
    size_t n;
};

/* The next frame_n samples of a sine, as a packet that is not sent yet. Opus: 160. */
static inline void voice_make(struct voice *v, struct voice_packet *packet, double hz, double peak)
{
    struct telephone *p = &v->phone;
    size_t n = v->frame_n;
    int16_t samples[CODER_SAMPLES_MAX];
    packet->head = (struct rtp_header){
        .type = p->want.payload_type, .seq = p->seq++, .ticks = p->ticks, .ssrc = p->ssrc};
    for (size_t i = 0; i < n; i++)
        samples[i] =
            (int16_t)lrint(peak * sin(TURN * fmod(hz * (v->sung_n + (double)i) / RATE, 1)));
    v->sung_n += (uint32_t)n;
    p->ticks += (uint32_t)n * (v->clock_hz / 8000);
    packet->n = n;
    if (p->codec == MEDIA_OPUS)
        packet->n = coder_encode(&v->coder, packet->payload, samples);
    else if (p->codec == MEDIA_G722)
        coder_encode_all(&v->coder, packet->payload, samples, n);
    for (size_t i = 0; !coder_is_for(p->codec) && i < n; i++)
        packet->payload[i] = g711_encode(p->codec, samples[i]);
}

static inline void voice_sing(struct voice *v, double hz, double peak, size_t n)
{
    struct voice_packet packet;
    v->frame_n = n;
    voice_make(v, &packet, hz, peak);
    telephone_send(&v->phone, &packet.head, packet.payload, packet.n);
}

/* Hears the packets that have come since, in their order; keys are none. */
static inline void voice_listen(struct voice *v, ms_t at)
{
    telephone_listen(&v->phone, at);
    for (; v->taken_n < v->phone.takes_n; v->taken_n++) {
        const struct take *t = &v->phone.takes[v->taken_n];
        int16_t *to = v->heard + v->heard_n;
        if (t->head.type != v->phone.want.payload_type)
            continue;
        assert_true(v->heard_n + CODER_SAMPLES_MAX <= VOICE_HEARD_MAX);
        if (coder_is_for(v->phone.codec))
            v->heard_n += coder_decode(&v->coder, to, t->payload, t->head.payload_n);
        else
            for (size_t i = 0; i < t->head.payload_n; i++, v->heard_n++)
                to[i] = g711_decode(v->phone.codec, t->payload[i]);
    }
}

/* From the sample `from` on: how loud in dB below full scale; and how much of it is this tone. */
static inline double voice_level(const struct voice *v, size_t from)
{
    double power = 0;
    assert_true(v->heard_n > from);
    for (size_t i = from; i < v->heard_n; i++)
        power += (double)v->heard[i] * v->heard[i];
    return 10 * log10(power / (double)(v->heard_n - from) / (32768.0 * 32768.0) + 1e-12);
}

static inline double voice_peak(const struct voice *v, size_t from, double hz)
{
    double c = 2 * cos(TURN * hz / RATE), s1 = 0, s2 = 0;
    size_t n = (v->heard_n - from) / 400 * 400; /* whole periods of multiples of 20 Hz */
    assert_true(v->heard_n > from + 400);
    for (size_t i = from; i < from + n; i++) {
        double s0 = v->heard[i] + c * s1 - s2;
        s2 = s1;
        s1 = s0;
    }
    return 2 * sqrt(s1 * s1 + s2 * s2 - c * s1 * s2) / (double)n;
}

static inline double voice_db(double a, double b)
{
    return 20 * log10(a / b);
}

#endif
