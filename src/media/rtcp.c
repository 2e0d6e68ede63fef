/* rtcp.c — compound RTCP packets, read and written.
 * Called once in some seconds for each stream. Invariant: what does not hold together to its last
 * byte says nothing at all (RFC 3550 A.2). */
#include <string.h>

#include "media/rtcp.h"
#include "media/rtp.h"

enum { SR = 200, RR = 201, SDES = 202, BYE = 203 };

#define VERSION 2
#define PADDING 0x20
#define COUNT_MASK 0x1f
#define HEAD_BYTES 8 /* common header and the sender's SSRC */
#define SENDER_BYTES 20
#define BLOCK_BYTES 24
#define ITEM_CNAME 1
#define LOST_MAX 0x7fffff

/* ---- reading ---- */

/* Sets block and has_block when this one is about us. */
static void read_block(struct rtcp_news *news, const uint8_t *b, uint32_t our_ssrc)
{
    if (net_u32(b) != our_ssrc)
        return;
    uint32_t lost = net_u32(b + 4) & 0xffffff;
    news->has_block = true;
    news->block = (struct rtcp_block){
        .lost_n = lost > LOST_MAX ? 0 : lost, /* negative: duplicates */
        .jitter_ticks = net_u32(b + 12),
        .last_sr = net_u32(b + 16),
        .since_sr = net_u32(b + 20),
    };
}

/* Sets ssrc, has_sr, sr_middle and the block. False: its count does not fit its length. */
static bool read_report(struct rtcp_news *news, const uint8_t *b, size_t n, uint32_t our_ssrc)
{
    bool is_sr = b[1] == SR;
    size_t at = HEAD_BYTES + (is_sr ? SENDER_BYTES : 0), blocks_n = b[0] & COUNT_MASK;
    if (at + blocks_n * BLOCK_BYTES > n)
        return false;
    news->ssrc = net_u32(b + 4);
    if (is_sr) {
        news->has_sr = true;
        news->sr_middle = net_u32(b + 10);
    }
    for (size_t i = 0; i < blocks_n; i++)
        read_block(news, b + at + i * BLOCK_BYTES, our_ssrc);
    return true;
}

/* The length of the packet that begins here; 0 when it does not hold together. */
static size_t packet_bytes(const uint8_t *b, size_t n)
{
    if (n < 4 || b[0] >> 6 != VERSION)
        return 0;
    size_t own = 4 * ((size_t)net_u16(b + 2) + 1);
    bool is_last = own == n;
    if (own > n || ((b[0] & PADDING) && !is_last))
        return 0;
    return own;
}

enum rtcp_verdict rtcp_read(struct rtcp_news *news, const struct rtcp_bytes *in)
{
    const uint8_t *b = in->bytes;
    size_t n = in->n;
    memset(news, 0, sizeof(*news));
    if (n < HEAD_BYTES || b[0] >> 6 != VERSION || (b[1] != SR && b[1] != RR) || (b[0] & PADDING))
        return RTCP_FOREIGN;
    while (n > 0) {
        size_t own = packet_bytes(b, n);
        if (own == 0)
            return RTCP_DAMAGED;
        bool is_report = b[1] == SR || b[1] == RR;
        if (is_report && (own < HEAD_BYTES || !read_report(news, b, own, in->our_ssrc)))
            return RTCP_DAMAGED;
        if (b[1] == BYE)
            news->has_bye = true;
        b += own;
        n -= own;
    }
    return RTCP_GOOD;
}

/* ---- writing ---- */

static size_t put_head(uint8_t *to, unsigned type, unsigned count, size_t n)
{
    to[0] = (uint8_t)(VERSION << 6 | count);
    to[1] = (uint8_t)type;
    net_put_u16(to + 2, (uint32_t)(n / 4 - 1));
    return n;
}

static void put_block(uint8_t *to, const struct rtcp_say *say)
{
    uint32_t lost = say->block.lost_n < LOST_MAX ? say->block.lost_n : LOST_MAX;
    net_put_u32(to, say->about_ssrc);
    net_put_u32(to + 4, (uint32_t)say->lost_share << 24 | lost);
    net_put_u32(to + 8, say->seq_max);
    net_put_u32(to + 12, say->block.jitter_ticks);
    net_put_u32(to + 16, say->block.last_sr);
    net_put_u32(to + 20, say->block.since_sr);
}

static size_t put_report(uint8_t *to, const struct rtcp_say *say)
{
    size_t at = HEAD_BYTES + (say->is_sender ? SENDER_BYTES : 0);
    net_put_u32(to + 4, say->ssrc);
    if (say->is_sender) {
        net_put_u32(to + 8, (uint32_t)(say->ntp >> 32));
        net_put_u32(to + 12, (uint32_t)say->ntp);
        net_put_u32(to + 16, say->ticks);
        net_put_u32(to + 20, say->packets_n);
        net_put_u32(to + 24, say->bytes_n);
    }
    if (say->has_block)
        put_block(to + at, say);
    return put_head(to, say->is_sender ? SR : RR, say->has_block,
                    at + (say->has_block ? BLOCK_BYTES : 0));
}

/* The items end with at least one zero byte, up to a multiple of four. */
static size_t put_name(uint8_t *to, const struct rtcp_say *say)
{
    size_t n = (HEAD_BYTES + 2 + RTCP_NAME_BYTES + 1 + 3) & ~(size_t)3;
    memset(to, 0, n);
    net_put_u32(to + 4, say->ssrc);
    to[HEAD_BYTES] = ITEM_CNAME;
    to[HEAD_BYTES + 1] = RTCP_NAME_BYTES;
    memcpy(to + HEAD_BYTES + 2, say->name, RTCP_NAME_BYTES);
    return put_head(to, SDES, 1, n);
}

size_t rtcp_write(uint8_t to[RTCP_BYTES_MAX], const struct rtcp_say *say)
{
    size_t n = put_report(to, say);
    n += put_name(to + n, say);
    if (say->is_bye) {
        net_put_u32(to + n + 4, say->ssrc);
        n += put_head(to + n, BYE, 1, HEAD_BYTES);
    }
    assert(n <= RTCP_BYTES_MAX);
    return n;
}
