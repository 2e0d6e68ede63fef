/* rtcp.h — reports about a stream (RFC 3550 §6), read from strangers and written by us.
 * Pure. Called by receive.c and report.c, once in some seconds for each stream. */
#ifndef MEDIA_RTCP_H
#define MEDIA_RTCP_H

#include "base/types.h"

#define RTCP_NAME_BYTES 16
/* SR with one block, SDES with a CNAME, BYE. */
#define RTCP_BYTES_MAX 128

enum rtcp_verdict {
    RTCP_GOOD,
    RTCP_FOREIGN, /* does not begin as RTCP does */
    RTCP_DAMAGED, /* lengths that contradict each other */
};

/* What the sender says about our stream. */
struct rtcp_block {
    uint32_t lost_n; /* cumulative, never below 0 here */
    uint32_t jitter_ticks;
    uint32_t last_sr;  /* middle 32 bits of the instant in our last SR; 0: none heard */
    uint32_t since_sr; /* since then, in 1/65536 s */
};

/* output of rtcp_read() */
struct rtcp_news {
    uint32_t ssrc; /* the sender */
    bool has_sr, has_block, has_bye;
    uint32_t sr_middle;      /* middle 32 bits of the sender's instant */
    struct rtcp_block block; /* about our SSRC */
};

struct rtcp_bytes {
    const uint8_t *bytes;
    size_t n;
    uint32_t our_ssrc;
};

enum rtcp_verdict rtcp_read(struct rtcp_news *news, const struct rtcp_bytes *in);

/* What we say. */
struct rtcp_say {
    uint32_t ssrc;
    bool is_sender; /* SR; else RR */
    bool has_block; /* about_ssrc was heard */
    bool is_bye;
    uint64_t ntp; /* seconds since 1900 in the upper half (RFC 3550 §4) */
    uint32_t ticks, packets_n, bytes_n;
    uint32_t about_ssrc;
    uint8_t lost_share; /* of 256, since the last report */
    uint32_t seq_max;   /* with its cycles */
    struct rtcp_block block;
    char name[RTCP_NAME_BYTES]; /* CNAME, all bytes of it */
};

/* Returns how many bytes. */
size_t rtcp_write(uint8_t to[RTCP_BYTES_MAX], const struct rtcp_say *say);

#endif
