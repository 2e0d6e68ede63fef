/* secure.h — encrypted streams: between srtp.h and the files that send and receive.
 * Included by media/ only. Everything here belongs to the thread of the stream. */
#ifndef MEDIA_SECURE_H
#define MEDIA_SECURE_H

#include "media/srtp.h"

struct media_thread;
struct stream;

/* Of one stream that is encrypted; lies beside the streams, so that plain ones touch none of it. */
struct srtp_pair {
    struct media_secret is; /* as applied */
    bool is_broken; /* no cipher: nothing is sent, nothing heard, least of all in the clear */
    struct srtp in, out;
    struct media_rolls told; /* to main, of in */
};

/* What the order says becomes so: another key begins anew, the same goes on. */
void secure_apply(struct media_thread *t, struct stream *s);
/* Its keys are wiped. */
void secure_end(struct media_thread *t, struct stream *s);

/* A packet of a stream that is encrypted, in place; room for SRTP_MORE_MAX behind what goes out.
 * Returns its new length; 0: it does not go, or proves nothing. */
size_t secure_out(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n);
size_t secure_out_control(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n);
size_t secure_in(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n);
size_t secure_in_control(struct media_thread *t, struct stream *s, uint8_t *bytes, size_t n);

#endif
