/* rtp.h — the RTP header (RFC 3550 §5.1), read from strangers and written by us.
 * Pure. Called by receive.c and frame.c on each packet. `ticks` is the media clock of the header:
 * 8 a millisecond. */
#ifndef MEDIA_RTP_H
#define MEDIA_RTP_H

#include "base/types.h"

#define RTP_HEADER_BYTES 12
#define RTP_TICKS_PER_MS 8
#define RTP_TYPE_CN 13 /* comfort noise, RFC 3389 */
#define RTP_TYPE_MAX 127

enum rtp_verdict {
    RTP_GOOD,
    RTP_SHORT,   /* no room for a header */
    RTP_FOREIGN, /* not version 2: STUN, DTLS, anything */
    RTP_DAMAGED, /* its lengths contradict each other */
};

struct rtp_header {
    bool has_marker;
    uint8_t type;
    uint16_t seq;
    uint32_t ticks, ssrc;
    uint16_t payload_i, payload_n; /* where the payload stands: behind CSRCs and extension */
};

enum rtp_verdict rtp_read(struct rtp_header *h, const uint8_t *bytes, size_t n);

/* RTCP on the RTP port (RFC 5761 §4): by its second byte. */
bool rtp_is_rtcp(const uint8_t *bytes, size_t n);

/* Writes RTP_HEADER_BYTES; payload_i and payload_n do not matter. */
void rtp_write(uint8_t *to, const struct rtp_header *h);

/* Network order, for the parsers of media/. */
static inline uint16_t net_u16(const uint8_t *b)
{
    return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t net_u32(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline void net_put_u16(uint8_t *b, uint32_t v)
{
    b[0] = (uint8_t)(v >> 8);
    b[1] = (uint8_t)v;
}

static inline void net_put_u32(uint8_t *b, uint32_t v)
{
    net_put_u16(b, v >> 16);
    net_put_u16(b + 2, v);
}

#endif
