/* mix.h — streams that hear several others: a conversation of three, a supervisor who listens.
 * Included by media/ only. Each stream that is heard mixed has a line of its sound (jitter.h); each
 * listener adds up those that its state names, in its own slot. Bounded: MIX_MAX streams a thread;
 * a further one is not heard. Cost: 0.1 µs a sender and listener in each frame. */
#ifndef MEDIA_MIX_H
#define MEDIA_MIX_H

#include "media/jitter.h"
#include "media/prompt.h"

/* Streams heard mixed at once in one thread: eighty conversations of three. */
#define MIX_MAX 256

struct mix {
    bool is_used;
    struct jitter jitter;
};

struct media_thread;
struct stream;
struct packet;

/* The order has come: a line for this stream, or none any more. */
void mix_apply(struct media_thread *t, struct stream *s);
void mix_leave(struct media_thread *t, struct stream *s);
/* receive.c: sound of a stream that is heard mixed. */
void mix_take(const struct packet *p);
/* frame.c: the next frame for this listener, in its law. False: it is silence. */
bool mix_give(struct media_thread *t, const struct stream *s, uint8_t to[PROMPT_FRAME_BYTES]);

#endif
