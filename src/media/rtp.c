/* rtp.c — the RTP header, read and written.
 * Called on each packet. Invariant: payload_i + payload_n never passes the bytes given. */
#include "media/rtp.h"

#define VERSION 2
#define PADDING 0x20
#define EXTENSION 0x10
#define CSRC_MASK 0x0f
#define MARKER 0x80
#define RTCP_TYPE_MIN 192
#define RTCP_TYPE_MAX 223

/* Where the payload begins; more than n when the packet contradicts itself. */
static size_t head_bytes(const uint8_t *bytes, size_t n)
{
    size_t head = RTP_HEADER_BYTES + 4u * (bytes[0] & CSRC_MASK);
    if (!(bytes[0] & EXTENSION))
        return head;
    if (head + 4 > n)
        return n + 1;
    return head + 4 + 4u * net_u16(bytes + head + 2);
}

enum rtp_verdict rtp_read(struct rtp_header *h, const uint8_t *bytes, size_t n)
{
    if (n > 0 && bytes[0] >> 6 != VERSION)
        return RTP_FOREIGN;
    if (n < RTP_HEADER_BYTES)
        return RTP_SHORT;
    if (n > UINT16_MAX)
        return RTP_DAMAGED;
    size_t head = head_bytes(bytes, n);
    if (head > n)
        return RTP_DAMAGED;
    size_t padding = 0;
    if (bytes[0] & PADDING) {
        padding = head < n ? bytes[n - 1] : 0;
        if (padding == 0 || padding > n - head)
            return RTP_DAMAGED;
    }
    h->has_marker = (bytes[1] & MARKER) != 0;
    h->type = bytes[1] & (MARKER - 1);
    h->seq = net_u16(bytes + 2);
    h->ticks = net_u32(bytes + 4);
    h->ssrc = net_u32(bytes + 8);
    h->payload_i = (uint16_t)head;
    h->payload_n = (uint16_t)(n - head - padding);
    return RTP_GOOD;
}

bool rtp_is_rtcp(const uint8_t *bytes, size_t n)
{
    return n >= 8 && bytes[0] >> 6 == VERSION && bytes[1] >= RTCP_TYPE_MIN &&
           bytes[1] <= RTCP_TYPE_MAX;
}

void rtp_write(uint8_t *to, const struct rtp_header *h)
{
    to[0] = VERSION << 6;
    to[1] = (uint8_t)((h->has_marker ? MARKER : 0) | h->type);
    net_put_u16(to + 2, h->seq);
    net_put_u32(to + 4, h->ticks);
    net_put_u32(to + 8, h->ssrc);
}
