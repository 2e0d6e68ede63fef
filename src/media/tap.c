/* tap.c — a packet of a leg that is recorded, copied for the recorder (port/tap.h).
 * Called by receive.c for each packet of sound of such a leg, before it is sent on. Cost: one copy
 * of 160 bytes, and a look-up a byte where the leg speaks µ-law. Invariant: never waits; what finds
 * no room is counted, and the packet goes on to its listener all the same. */
#include <stdatomic.h>
#include <string.h>

#include "media/packet.h"

static void put(const struct packet *p, struct tap_frame *f, unsigned from)
{
    const struct media_want *want = &p->s->order->want;
    const uint8_t *codes = p->bytes + p->head.payload_i + from;
    unsigned left = p->head.payload_n - from;
    f->at = p->t->at;
    f->recording = want->tap.recording;
    f->side = (uint8_t)want->tap.side;
    f->ssrc = p->head.ssrc;
    f->ticks = p->head.ticks + from;
    f->n = (uint8_t)(left < TAP_CODES ? left : TAP_CODES);
    memcpy(f->codes, codes, f->n);
    for (unsigned i = 0; p->codec == MEDIA_PCMU && i < f->n; i++)
        f->codes[i] = p->t->law[MEDIA_PCMU][f->codes[i]];
}

void tap_take(const struct packet *p)
{
    struct tap_ring *tap = p->t->tap;
    if (!tap || !p->s->order->want.tap.recording)
        return;
    unsigned n = (p->head.payload_n + TAP_CODES - 1u) / TAP_CODES;
    if (ring_room_n(&tap->ring) < n) {
        total_add(&tap->left_out_n, n);
        return;
    }
    for (unsigned i = 0; i < n; i++)
        put(p, ring_slot(&tap->ring, i), i * TAP_CODES);
    ring_publish(&tap->ring, n);
}
