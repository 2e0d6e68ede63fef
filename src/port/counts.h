/* counts.h — how the sound of one stream came and went, so far or at its end: told by the media
 * engine (port/media.h), kept on the tape of messages (port/trace.h). */
#ifndef PORT_COUNTS_H
#define PORT_COUNTS_H

#include "base/types.h"

struct media_counts {
    uint64_t sent_n, received_n; /* RTP packets */
    uint32_t lost_n;             /* of theirs, by their numbers (RFC 3550 A.3) */
    uint32_t peer_lost_n;        /* of ours, as they report */
    uint32_t refused_n;          /* packets from somebody else, or damaged */
    uint32_t round_trip_ms;      /* 0: not known */
    uint32_t jitter_ms;          /* of theirs, while bridged, mixed, sent back or measured */
    uint32_t peer_jitter_ms;     /* of ours, as they report */
    bool has_jitter, has_peer;   /* any of theirs was measured; they reported about ours */
};

#endif
