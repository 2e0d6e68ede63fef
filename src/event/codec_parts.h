/* codec_parts.h — what the generated codec and its frame share. Nobody else includes it.
 * Integers are LEB128, signed ones zigzag first. */
#ifndef EVENT_CODEC_PARTS_H
#define EVENT_CODEC_PARTS_H

#include "event/event.h"

struct codec_in {
    const uint8_t *p, *end; /* at end: fields of a later version read as 0 */
    bool bad;
};

struct codec_row {
    uint8_t *(*put)(uint8_t *p, const struct event *ev);
    void (*get)(struct codec_in *in, struct event *ev);
};

extern const struct codec_row codec_rows[EVENT_KIND_MAX + 1];

static inline uint64_t codec_zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static inline uint8_t *codec_put(uint8_t *p, uint64_t v)
{
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    return p;
}

uint64_t codec_get(struct codec_in *in);
uint64_t codec_get_max(struct codec_in *in, uint64_t max);
void codec_get_ms(struct codec_in *in, ms_t *v);

#endif
