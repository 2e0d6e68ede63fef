/* mix.c — see mix.h. Called by stream.c, receive.c and frame.c of one thread.
 * Invariant: nobody is heard whose own state does not say MEDIA_MIX under the same number, and
 * nobody hears themselves. */
#include <string.h>

#include "media/g711.h"
#include "media/mix.h"
#include "media/packet.h"

/* What a law can say, and from where on it is bent. */
#define TOP 32000
#define STRAIGHT 20000

void mix_leave(struct media_thread *t, struct stream *s)
{
    if (s->mix_i)
        t->mixes[s->mix_i - 1].is_used = false;
    s->mix_i = 0;
}

void mix_apply(struct media_thread *t, struct stream *s)
{
    if (s->order->want.then != MEDIA_MIX) {
        mix_leave(t, s);
        return;
    }
    for (uint16_t i = 0; !s->mix_i && i < MIX_MAX; i++) {
        if (t->mixes[i].is_used)
            continue;
        jitter_begin(&t->mixes[i].jitter);
        t->mixes[i].is_used = true;
        s->mix_i = (uint16_t)(i + 1);
    }
}

void mix_take(const struct packet *p)
{
    int16_t samples[RECEIVE_BYTES];
    const struct media_thread *t = p->t;
    enum media_codec law = p->codec;
    const uint8_t *codes = p->bytes + p->head.payload_i;
    for (uint32_t i = 0; i < p->head.payload_n; i++)
        samples[i] = t->linear[law][codes[i]];
    const struct jitter_packet sound = {.ssrc = p->head.ssrc,
                                        .ticks = p->head.ticks,
                                        .samples = samples,
                                        .n = p->head.payload_n,
                                        .is_spare = p->is_made_up,
                                        .at = t->at};
    jitter_take(&p->t->mixes[p->s->mix_i - 1].jitter, &sound);
}

/* Whom this one may hear: NULL when the other does not want it. */
static struct jitter *heard(struct media_thread *t, const struct stream *s, struct media_ref ref)
{
    const struct stream *other = thread_find(t, ref);
    const struct media_want *want = &s->order->want;
    if (!other || other == s || !other->mix_i)
        return NULL;
    const struct media_want *theirs = &other->order->want;
    bool is_mutual = theirs->then == MEDIA_MIX && theirs->mix_number == want->mix_number;
    return is_mutual && (theirs->direction & MEDIA_RECVONLY) ? &t->mixes[other->mix_i - 1].jitter
                                                             : NULL;
}

/* Never louder than what a law can say, and without a step: straight up to a bound, then bent. */
static int16_t bend(int32_t sum)
{
    int32_t size = sum < 0 ? -sum : sum, room = TOP - STRAIGHT;
    if (size > STRAIGHT)
        size = TOP - (int32_t)((int64_t)room * room / (room + size - STRAIGHT));
    return (int16_t)(sum < 0 ? -size : size);
}

bool mix_give(struct media_thread *t, const struct stream *s, uint8_t to[PROMPT_FRAME_BYTES])
{
    int32_t sum[PROMPT_FRAME_BYTES] = {0};
    const struct media_want *want = &s->order->want;
    const enum media_codec law = stream_law(s);
    bool is_sound = false;
    for (unsigned i = 0; i < MEDIA_HEARS_MAX; i++) {
        struct jitter *j = heard(t, s, want->hears[i]);
        is_sound |= j && jitter_give(j, t->at, sum, PROMPT_FRAME_BYTES);
    }
    for (unsigned i = 0; is_sound && i < PROMPT_FRAME_BYTES; i++)
        to[i] = g711_encode(law, bend(sum[i]));
    return is_sound;
}
