/* srtp.h — SRTP and SRTCP of one direction of a stream (RFC 3711, RFC 7714), as plain data.
 * Called by secure.c. A packet that is not proved, or that came before, changes nothing at all. */
#ifndef MEDIA_SRTP_H
#define MEDIA_SRTP_H

#include "media/seal.h"

/* What a packet grows by: a tag, and the index of RTCP. */
#define SRTP_MORE_MAX 20
/* Packets behind the newest that may still come, once each. */
#define SRTP_WINDOW 64
/* A longer packet is opened by the first guess or not at all. */
#define SRTP_DOUBT_MAX 2048
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
    uint8_t next_i;                /* where the next unknown sender goes */
    bool goes_on;                  /* in is how far an earlier process had counted */
    struct media_rolls in, rolled; /* rolled: of whom this last changed; n 0: of nobody yet */
};

/* From the master key and salt of an a=crypto line. Everything begins anew. */
bool srtp_begin(struct srtp *s, struct seal_box *box, enum media_suite suite,
                const uint8_t *master);

/* The same of their direction, in the middle of it: they had rolled over so often, or once more. */
void srtp_go_on(struct srtp *s, const struct media_rolls *rolls);

/* In place; bytes has room for SRTP_MORE_MAX more. Returns the new length; 0: it cannot be sent,
 * for its number was used already. */
size_t srtp_protect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);
size_t srtcp_protect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);
/* In place. Returns the new length; 0: refused. */
size_t srtp_unprotect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);
size_t srtcp_unprotect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n);

#endif
