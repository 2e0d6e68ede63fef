/* srtp.h — SRTP and SRTCP of one direction of a stream (RFC 3711, RFC 7714), as plain data.
 * Called by secure.c. A packet that is not proved, or that came before, changes nothing at all. */
#ifndef MEDIA_SRTP_H
#define MEDIA_SRTP_H

#include "media/seal.h"

/* What a packet grows by: a tag, and the index of RTCP. */
#define SRTP_MORE_MAX 20
/* Packets behind the newest that may still come, once each. */
#define SRTP_WINDOW 64
/* Senders of one key that are told apart; past them the one that was heard first is forgotten. */
#define SRTP_SENDERS_MAX 4

/* Which numbers were used; seen: bit i is max - i. */
struct srtp_window {
    bool has_begun;
    uint64_t max, seen;
};

struct srtp_sender {
    bool is_known;
    uint32_t ssrc;
    struct srtp_window rtp, rtcp; /* 48 bits, the roll-over counter above; 31 bits */
};

struct srtp {
    enum media_suite suite;
    struct seal_keys rtp, rtcp;
    struct srtp_sender senders[SRTP_SENDERS_MAX];
    uint8_t next_i; /* where the next unknown sender goes */
};

/* From the master key and salt of an a=crypto line. Everything begins anew. */
bool srtp_begin(struct srtp *s, struct seal_box *box, enum media_suite suite,
                const uint8_t *master);

/* In place; bytes has room for SRTP_MORE_MAX more. Returns the new length; 0: it cannot be sent,
 * for its number was used already. */
size_t srtp_protect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);
size_t srtcp_protect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);
/* In place. Returns the new length; 0: refused. */
size_t srtp_unprotect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);
size_t srtcp_unprotect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);

#endif
