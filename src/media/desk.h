/* desk.h — the desired state of one stream on its way from main to its media thread: the latest
 * wins. Three copies: one main writes, one media reads, one lies on the desk; each side swaps its
 * own with the one on the desk in a single atomic exchange. Nothing waits, nothing overflows,
 * nothing tears. Called by media.c (main thread) and thread.c. */
#ifndef MEDIA_DESK_H
#define MEDIA_DESK_H

#include <stdatomic.h>

#include "port/media.h"

struct stream_order {
    struct media_want want;
    uint32_t gen;               /* 0: there was no stream yet */
    int fds[MEDIA_FAMILIES][2]; /* RTP, RTCP; of the other family only once it was needed; or -1 */
    uint8_t coder;              /* of its thread's coders, from 1; 0: it never needed one */
    uint32_t random[6];         /* fresh for each stream: SSRC, first numbers, CNAME */
    bool is_browser;            /* it has no sockets: the port of browsers is the thread's */
    bool is_closing;            /* from now on both sockets are media's to close */
};

struct stream_desk {
    struct stream_order orders[3];
    _Atomic uint8_t lying; /* index of the copy on the desk, with DESK_FRESH when not yet taken */
    uint8_t main_i;        /* main thread's copy */
    uint8_t media_i;       /* media thread's copy */
};

void desk_open(struct stream_desk *desk);

/* Main: puts a copy of the order on the desk. */
void desk_put(struct stream_desk *desk, const struct stream_order *order);

/* Media: the newest order, lent until the next take; NULL when nothing new lies there. */
const struct stream_order *desk_take(struct stream_desk *desk);

#endif
