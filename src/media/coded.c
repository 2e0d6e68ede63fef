/* coded.c — packets of a stream that speaks neither law of G.711, and those that go to one.
 * Called by receive.c, bridge.c and stream.c. Two who share a codec get each other's packets as
 * they are, and nothing is decoded unless a recorder or a mix wants to hear them. Else a packet is
 * turned into one of A-law, and goes the way of all others; towards such a stream the reverse.
 * Cost: coder.h. Invariant: a coder sees the packets of a sender in their order, each once; a late
 * one is lost. */
#include <string.h>

#include "media/packet.h"

/* ---- the stream --------------------------------------------------------------------------- */

void coded_apply(struct media_thread *t, struct stream *s)
{
    enum media_codec codec = s->order->want.codec;
    s->scale = (uint8_t)coder_scale(codec);
    if (!coder_is_for(codec)) {
        s->coder = NULL;
        return;
    }
    unsigned i = s->order->coder - 1u;
    assert(i < CODER_MAX); /* media.c gave it with the order */
    if (s->coder != &t->coders[i] || s->coder->codec != codec)
        coder_begin(&t->coders[i], codec, t->coder_memory + i * coder_memory_bytes());
    s->coder = &t->coders[i];
}

/* Differences are divided, downwards, so that a turn of their 32 bits is none of ours; what is left
 * over stays with the next packet. */
void coded_ticks(struct packet *p)
{
    struct stream *s = p->s;
    int32_t theirs = (int32_t)(p->head.ticks - s->ticks_theirs);
    int32_t moved = theirs / s->scale - (theirs % s->scale < 0);
    s->ticks_theirs += (uint32_t)(moved * s->scale);
    s->ticks_ours += (uint32_t)moved;
    p->head.ticks = s->ticks_ours;
}

/* ---- what comes --------------------------------------------------------------------------- */

/* Room for a packet of our own making, with what encryption adds. */
struct room {
    uint8_t bytes[RTP_HEADER_BYTES + CODER_SAMPLES_MAX + SRTP_MORE_MAX];
};

/* Sets the payload: samples in A-law, in a packet like theirs. */
static void write_law(struct packet *p, struct room *room, const int16_t *samples, uint32_t n)
{
    p->bytes = room->bytes;
    p->codec = MEDIA_PCMA;
    p->head.payload_i = RTP_HEADER_BYTES;
    p->head.payload_n = (uint16_t)n;
    for (uint32_t i = 0; i < n; i++)
        room->bytes[RTP_HEADER_BYTES + i] = g711_encode(MEDIA_PCMA, samples[i]);
}

/* Is this a packet that follows the last one? A late one is not; another sender begins anew. */
static bool follows(struct coder *c, const struct packet *p)
{
    int ahead = (int16_t)(p->head.seq - c->next_seq);
    bool is_new = !c->has_heard || c->ssrc != p->head.ssrc || ahead > STREAM_SEQ_JUMP_MAX ||
                  ahead < -STREAM_SEQ_JUMP_MAX;
    if (is_new) {
        c->ssrc = p->head.ssrc;
        c->next_seq = p->head.seq;
        c->last_n = 0;
        c->has_heard = true;
    }
    return is_new || ahead >= 0;
}

/* A few that were lost just before this one, by their numbers and by the time that is missing. */
static void make_up(const struct packet *p, bool is_alike, packet_fn *hear)
{
    struct coder *c = p->s->coder;
    const struct coder_packet next = {p->bytes + p->head.payload_i, p->head.payload_n};
    uint32_t lost_n = (uint16_t)(p->head.seq - c->next_seq), n = c->last_n;
    if (!lost_n || lost_n > CODER_MADE_MAX || p->head.ticks - c->next_ticks != lost_n * n)
        return;
    for (uint32_t i = 0; i < lost_n; i++) {
        int16_t samples[CODER_SAMPLES_MAX];
        struct room room;
        struct packet made = *p;
        coder_make_up(c, samples, n, i + 1 == lost_n ? &next : NULL);
        write_law(&made, &room, samples, n);
        made.head.seq = (uint16_t)(c->next_seq + i);
        made.head.ticks = c->next_ticks + i * n;
        made.is_made_up = true;
        made.onward = is_alike ? NULL : &made;
        hear(&made);
    }
}

static void decode(struct packet *p, bool is_alike, packet_fn *hear)
{
    struct coder *c = p->s->coder;
    int16_t samples[CODER_SAMPLES_MAX];
    struct room room;
    struct packet heard = *p;
    if (!follows(c, p))
        return;
    make_up(p, is_alike, hear);
    uint32_t n = coder_decode(c, samples, p->bytes + p->head.payload_i, p->head.payload_n);
    c->next_seq = (uint16_t)(p->head.seq + 1);
    c->next_ticks = p->head.ticks + n;
    c->last_n = n;
    if (!n)
        return; /* no packet of this codec */
    write_law(&heard, &room, samples, n);
    heard.onward = is_alike ? p : &heard;
    hear(&heard);
}

/* Keys and noise have numbers too: they are not lost sound. */
static void pass_over(struct coder *c, const struct packet *p)
{
    if (c->has_heard && (uint16_t)(p->head.seq - c->next_seq) < STREAM_SEQ_JUMP_MAX)
        c->next_seq = (uint16_t)(p->head.seq + 1);
}

void coded_take(struct packet *p, packet_fn *hear)
{
    const struct stream *s = p->s, *to = bridge_target(p);
    bool is_alike = to && to->order->want.codec == p->codec;
    bool is_listened = s->order->want.tap.recording || s->mix_i || s->echo_i || s->measure.is_on;
    if (p->verdict != PACKET_SOUND) {
        pass_over(s->coder, p);
        hear(p);
    } else if (is_listened || (to && !is_alike)) {
        decode(p, is_alike, hear);
    } else {
        hear(p); /* as it is, or to nobody */
    }
}

/* ---- what goes ---------------------------------------------------------------------------- */

static void send_g722(const struct packet *p, struct stream *to, const int16_t *samples)
{
    struct room room;
    struct packet coded = *p;
    coded.bytes = room.bytes;
    coded.codec = MEDIA_G722;
    coded.head.payload_i = RTP_HEADER_BYTES;
    coder_encode_all(to->coder, room.bytes + RTP_HEADER_BYTES, samples, p->head.payload_n);
    bridge_send(&coded, to);
}

/* Sets waiting from the samples that go on from it; how many of them found room. */
static uint32_t fill_up(struct coder *c, const int16_t *samples, uint32_t n, uint32_t ticks)
{
    coder_freshen(c);
    if (ticks != c->waiting_ticks + c->waiting_n)
        c->waiting_n = 0;
    if (!c->waiting_n)
        c->waiting_ticks = ticks;
    uint32_t room_n = CODER_FRAME - c->waiting_n;
    room_n = n < room_n ? n : room_n;
    memcpy(c->waiting + c->waiting_n, samples, room_n * sizeof(*samples));
    c->waiting_n = (uint16_t)(c->waiting_n + room_n);
    return room_n;
}

/* Their packets have any size, a frame of Opus has 20 ms: what is left waits for the next packet.
 * The numbers that leave follow each other all the same. */
static void send_opus(const struct packet *p, struct stream *to, const int16_t *samples)
{
    struct coder *c = to->coder;
    unsigned made_n = 0;
    for (uint32_t i = 0; i < p->head.payload_n;) {
        struct room room;
        struct packet coded = *p;
        i += fill_up(c, samples + i, p->head.payload_n - i, p->head.ticks + i);
        if (c->waiting_n < CODER_FRAME)
            break;
        c->waiting_n = 0;
        coded.bytes = room.bytes;
        coded.codec = MEDIA_OPUS;
        coded.head.ticks = c->waiting_ticks;
        coded.head.payload_i = RTP_HEADER_BYTES;
        coded.head.payload_n = (uint16_t)coder_encode(c, room.bytes + RTP_HEADER_BYTES, c->waiting);
        if (made_n++)
            to->map.seq_delta++;
        bridge_send(&coded, to);
    }
    if (!made_n)
        to->map.seq_delta--;
}

void coded_send(const struct packet *p, struct stream *to)
{
    int16_t samples[CODER_SAMPLES_MAX];
    const uint8_t *codes = p->bytes + p->head.payload_i;
    if (p->head.payload_n > CODER_SAMPLES_MAX)
        return;
    for (uint32_t i = 0; i < p->head.payload_n; i++)
        samples[i] = p->t->linear[p->codec][codes[i]];
    if (to->coder->codec == MEDIA_G722)
        send_g722(p, to, samples);
    else
        send_opus(p, to, samples);
}
