/* webport.h — the one port of all browsers (ADR 36): STUN is answered here, DTLS goes up to main,
 * SRTP to the stream whose browser has proved the pair that it came from.
 * Included by media/ only. Belongs to the thread, but for the ring of datagrams and for sending
 * them. Cost: a table by address for each packet; nothing where there is no port. */
#ifndef MEDIA_WEBPORT_H
#define MEDIA_WEBPORT_H

#include "base/map.h"
#include "base/ring.h"
#include "base/siphash.h"
#include "media/seal.h"
#include "media/socket.h"
#include "rtc/ice.h"

/* Of the thread's epoll, beside the numbers of streams. */
#define WEBPORT_EVENT UINT32_MAX
/* Packets taken in one turn of the thread, of each family; more wait in the kernel. */
#define WEBPORT_TURN_MAX 256
/* Errors that we answer with in a second: whoever asks with another's address as sender gets us to
 * send no more than this. */
#define WEBPORT_ERRORS_MAX 20
/* Datagrams for main, from all browsers at once; from one of them in a second. */
#define WEBPORT_DATAGRAMS_N 128u
#define WEBPORT_DATAGRAMS_EACH_MAX 64

struct media_args;
struct media_thread;
struct stream;

/* What is allowed so often a second. */
struct allowance {
    ms_t second_at;
    uint32_t n;
};

/* A way to a browser: a name, and what was proved under it. */
struct webport_way {
    struct ice ice;
    struct media_browser is; /* as applied */
    struct seal_keys key;    /* of its password */
};

/* One stream's browser; lies beside the streams. */
struct webport_browser {
    struct webport_way now, before; /* before: until now has a chosen pair */
    struct allowance datagrams;
};

struct webport {
    int fds[MEDIA_FAMILIES]; /* or -1 */
    uint16_t number;
    struct webport_browser *browsers; /* owned: one for each stream */
    void *tables;                     /* owned */
    struct map by_name, by_address;   /* of the stream in the thread */
    struct siphash_key secret;        /* of by_address */
    struct ring_buffer datagrams;
    struct allowance errors;
    _Atomic uint64_t left_out_n; /* datagrams that found no room, or too many of one browser */
};

MUST_CHECK int webport_open(struct media_thread *t, const struct media_args *args);
void webport_drop(struct media_thread *t);

/* Any thread: what stays as it was opened. 0: there is none. */
uint16_t webport_number(const struct media_thread *t);
/* Main: what came, and what shall go. */
bool webport_next(struct media_thread *t, struct media_datagram *out);
void webport_send(const struct media_thread *t, const struct media_datagram *datagram);

/* A stream of a browser begins, is told what to do, is looked after, ends. */
void webport_join(struct media_thread *t, struct stream *s);
void webport_apply(struct media_thread *t, struct stream *s);
void webport_tend(struct media_thread *t, struct stream *s);
void webport_leave(struct media_thread *t, struct stream *s);

/* Reads what has come. */
void webport_receive(struct media_thread *t);

/* webport_stun.c: a packet that is STUN. */
struct packet;
void webport_stun(struct packet *p);
/* The browser has chosen another pair, or lost its consent; or has keys now. */
void webport_steer(struct media_thread *t, struct stream *s);
void webport_know(struct webport *w, const struct address *a, uint32_t stream_i);
/* Nothing, where another stream's browser has proved the same address since. */
void webport_forget(struct webport *w, const struct address *a, uint32_t stream_i);
/* The way before is not needed any more. */
void webport_settle(struct media_thread *t, struct stream *s);
/* False: it was too often in this second. */
bool webport_allow(struct allowance *a, uint32_t max, ms_t at);

struct address webport_address_of(const struct media_address *from);

#endif
