/* packet.h — a received packet on its way through receive.c and bridge.c.
 * Included by these two only. */
#ifndef MEDIA_PACKET_H
#define MEDIA_PACKET_H

#include "media/thread.h"

enum packet_verdict {
    PACKET_SOUND,
    PACKET_KEY,
    PACKET_QUIET,   /* comfort noise and formats that we did not ask for: a sign of life, no more */
    PACKET_CONTROL, /* RTCP on the same port */
    PACKET_UNPROVED,
    PACKET_REFUSED,
};

struct packet {
    /* input */
    struct media_thread *t;
    struct stream *s;
    uint8_t *bytes;
    size_t n;
    struct media_address from;
    /* verdict */
    enum packet_verdict verdict;
    /* output */
    struct rtp_header head;
};

/* bridge.c: sends it on through the peer's stream, when both sides want that. Overwrites the
 * packet. Output: a packet sent, and the peer's stream moved on. */
void bridge_forward(struct packet *p);

#endif
