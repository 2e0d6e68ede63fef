/* frame.c — the frame of an encoded event: kind, id, instant, length of the body, body.
 * Called by journal and replay through codec.h. Cost: ~20 ns an event (bench/acd.c).
 * Invariant: total on any bytes; never reads past n (fuzz/event.c). */
#include <string.h>

#include "event/codec.h"
#include "event/codec_parts.h"

#define BODY_LENGTH_BYTES 2

uint64_t codec_get(struct codec_in *in)
{
    uint64_t v = 0;
    for (unsigned shift = 0; in->p < in->end && shift < 64; shift += 7) {
        uint8_t b = *in->p++;
        uint64_t part = b & 0x7f;
        if (shift == 63 && part > 1)
            break;
        v |= part << shift;
        if (!(b & 0x80)) {
            if (!b && shift)
                break; /* one value, one encoding: a padded number is damage */
            return v;
        }
    }
    in->bad = true;
    return 0;
}

uint64_t codec_get_max(struct codec_in *in, uint64_t max)
{
    if (in->p == in->end)
        return 0;
    uint64_t v = codec_get(in);
    if (v <= max)
        return v;
    in->bad = true;
    return 0;
}

void codec_get_ms(struct codec_in *in, ms_t *v)
{
    uint64_t z = in->p == in->end ? 0 : codec_get(in);
    *v = (ms_t)(z >> 1) ^ -(ms_t)(z & 1);
}

size_t event_encode(uint8_t *p, const struct event *ev)
{
    assert((unsigned)ev->kind <= EVENT_KIND_MAX && codec_rows[ev->kind].put);
    uint8_t *q = codec_put(p, (uint64_t)ev->kind);
    q = codec_put(q, ev->id);
    q = codec_put(q, codec_zigzag(ev->at));
    uint8_t *body = q + BODY_LENGTH_BYTES;
    uint8_t *end = codec_rows[ev->kind].put(body, ev);
    size_t n = (size_t)(end - body);
    q[0] = (uint8_t)(n & 0xff);
    q[1] = (uint8_t)(n >> 8);
    return (size_t)(end - p);
}

enum codec_verdict event_decode(struct event *ev, const uint8_t *p, size_t n, size_t *used)
{
    struct codec_in in = {.p = p, .end = p + n};
    memset(ev, 0, sizeof(*ev));
    uint64_t kind = codec_get(&in);
    ev->id = codec_get(&in);
    codec_get_ms(&in, &ev->at);
    if (in.bad || in.end - in.p < BODY_LENGTH_BYTES)
        return CODEC_SHORT;
    size_t body_n = (size_t)in.p[0] | (size_t)in.p[1] << 8;
    in.p += BODY_LENGTH_BYTES;
    if ((size_t)(in.end - in.p) < body_n)
        return CODEC_SHORT;
    if (kind > EVENT_KIND_MAX || !codec_rows[kind].get)
        return CODEC_UNKNOWN;
    ev->kind = (enum event_kind)kind;
    in.end = in.p + body_n;
    codec_rows[kind].get(&in, ev);
    if (in.bad)
        return CODEC_BAD;
    *used = (size_t)(in.end - p);
    return CODEC_OK;
}
