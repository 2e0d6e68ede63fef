/* bridge.c — a packet of one leg leaves through the other, as it is.
 * Called by receive.c for each packet of a bridged stream, at its arrival: the sender's pacing and
 * packet size are kept, gaps and order too, so that the receiver's own jitter buffer decides. Only
 * SSRC, number, ticks and type are written anew; the law is changed by a table when the legs
 * differ. Cost: one send. Invariant: our numbers never go back and never run into those already
 * used. */
#include <stdlib.h>

#include "media/packet.h"

/* Both must want it, and the peer must be free to send. */
struct stream *bridge_target(const struct packet *p)
{
    const struct media_want *want = &p->s->order->want;
    if (want->then != MEDIA_BRIDGE || !(want->direction & MEDIA_RECVONLY))
        return NULL;
    struct stream *to = thread_find(p->t, want->peer);
    if (!to || !stream_may_send(to) || stream_is_busy(to))
        return NULL;
    const struct media_want *theirs = &to->order->want;
    bool is_mutual = theirs->then == MEDIA_BRIDGE && theirs->peer.slot == p->s->slot &&
                     theirs->peer.gen == p->s->gen;
    return is_mutual ? to : NULL;
}

/* Is this the stream that the map was made for, going on? A key's packets all carry the ticks of
 * its beginning, so their ticks say nothing. */
static bool goes_on(const struct bridge_map *map, const struct packet *p)
{
    if (!map->is_set || map->slot != p->s->slot || map->gen != p->s->gen ||
        map->ssrc != p->head.ssrc)
        return false;
    if (abs((int16_t)(p->head.seq - map->seq_max)) > STREAM_SEQ_JUMP_MAX)
        return false;
    int64_t passed = (p->t->at - map->seen_at) * RTP_TICKS_PER_MS;
    int64_t moved = (int32_t)(p->head.ticks - map->ticks);
    return p->verdict == PACKET_KEY || llabs(moved - passed) <= STREAM_TICKS_JUMP_MAX;
}

/* Sets the target's map: its next number and its present ticks are those of this packet. */
static void begin(struct stream *to, const struct packet *p)
{
    to->map = (struct bridge_map){
        .is_set = true,
        .slot = p->s->slot,
        .gen = p->s->gen,
        .ssrc = p->head.ssrc,
        .seq_delta = (uint16_t)(to->seq - p->head.seq),
        .seq_max = p->head.seq,
        .ticks_delta = stream_ticks(to, p->t->at) - p->head.ticks,
        .ticks = p->head.ticks,
        .seen_at = p->t->at,
    };
    to->is_marker_due = true;
}

/* Moves the map on. False: the packet is older than the map. */
static bool follow(struct stream *to, const struct packet *p)
{
    struct bridge_map *map = &to->map;
    int ahead = (int16_t)(p->head.seq - map->seq_max);
    if (ahead < 0)
        return -ahead <= map->since_n;
    map->seq_max = p->head.seq;
    unsigned since_n = map->since_n + (unsigned)ahead;
    map->since_n = (uint16_t)(since_n < STREAM_SEQ_JUMP_MAX ? since_n : STREAM_SEQ_JUMP_MAX);
    if (p->verdict != PACKET_KEY) {
        map->ticks = p->head.ticks;
        map->seen_at = p->t->at;
    }
    return true;
}

/* Sets the payload's law, or a key's clock. */
static void translate(const struct packet *p, const struct stream *to)
{
    enum media_codec from = p->codec;
    if (p->verdict == PACKET_KEY && p->s->order->want.is_key_wide != to->order->want.is_key_wide)
        dtmf_rescale(p->bytes + p->head.payload_i, to->order->want.is_key_wide);
    if (p->verdict != PACKET_SOUND || from == to->order->want.codec)
        return;
    uint8_t *payload = p->bytes + p->head.payload_i;
    for (size_t i = 0; i < p->head.payload_n; i++)
        payload[i] = p->t->law[from][payload[i]];
}

static uint32_t samples_n(const struct packet *p)
{
    return p->codec == MEDIA_OPUS
               ? coder_samples_n(p->codec, p->bytes + p->head.payload_i, p->head.payload_n)
               : p->head.payload_n;
}

/* Sets the header that leaves, and the target's next number and first free ticks. */
static void renumber(struct packet *p, struct stream *to)
{
    struct rtp_header *h = &p->head;
    const struct media_want *want = &to->order->want;
    bool is_sound = p->verdict == PACKET_SOUND;
    h->type = is_sound                   ? want->payload_type
              : p->verdict == PACKET_KEY ? want->key_type
                                         : want->noise_type;
    h->has_marker = h->has_marker || to->is_marker_due;
    to->is_marker_due = false;
    h->seq = (uint16_t)(h->seq + to->map.seq_delta);
    h->ticks += to->map.ticks_delta;
    h->ssrc = to->ssrc;
    if ((int16_t)(h->seq + 1 - to->seq) > 0)
        to->seq = (uint16_t)(h->seq + 1);
    uint32_t free = h->ticks + (is_sound ? samples_n(p) : 0u);
    if ((int32_t)(free - to->ticks_free) > 0)
        to->ticks_free = free;
    h->ticks *= to->scale;
    rtp_write(p->bytes + h->payload_i - RTP_HEADER_BYTES, h);
}

void bridge_forward(struct packet *p)
{
    struct stream *to = bridge_target(p);
    if (!to || (p->verdict == PACKET_KEY && to->order->want.key_type == 0) ||
        (p->verdict == PACKET_NOISE && to->order->want.noise_type == 0))
        return;
    bool is_next = (int16_t)(p->head.seq - to->map.seq_max) > 0;
    if (!goes_on(&to->map, p)) {
        begin(to, p);
        is_next = true;
    }
    if (!follow(to, p))
        return;
    if (!to->coder || p->verdict != PACKET_SOUND) {
        translate(p, to);
        bridge_send(p, to);
    } else if (p->codec == to->coder->codec) {
        to->coder->is_stale = true;
        bridge_send(p, to);
    } else if (is_next) { /* a coder cannot go back */
        coded_send(p, to);
    }
}

void bridge_send(struct packet *p, struct stream *to)
{
    renumber(p, to);
    uint8_t *bytes = p->bytes + p->head.payload_i - RTP_HEADER_BYTES;
    size_t n = RTP_HEADER_BYTES + (size_t)p->head.payload_n;
    if (to->secure)
        n = secure_out(p->t, to, bytes, n);
    if (!n || !socket_send(to->rtp_fd, bytes, n, to->is_connected ? NULL : &to->to)) {
        to->failed_n++;
        total_add(&p->t->totals.failed_n, 1);
        return;
    }
    to->sent_n++;
    to->sent_bytes_n += p->head.payload_n;
    total_add(&p->t->totals.sent_n, 1);
}
