/* source.h — whose packets count: the negotiated peer's, and nobody else's.
 * Pure. Called by receive.c on each packet. A peer behind an address translation may send from
 * another port than it wrote in its SDP (with is_nat: from another address); it is believed only
 * while nothing was heard from the written one, among the first packets, and after a few that
 * follow each other. */
#ifndef MEDIA_SOURCE_H
#define MEDIA_SOURCE_H

#include "media/rtp.h"
#include "port/media.h"

/* Packets of the same sender, in order, before it is believed (RFC 3550 A.1). */
#define SOURCE_PROOF_N 3

/* After so many packets from elsewhere the question is closed. */
#define SOURCE_FIRST_N 50

/* Without is_nat, a peer that is silent for so long gets no more choice of its port. */
#define SOURCE_OPEN_MS 10000

enum source_verdict {
    SOURCE_TRUSTED,
    SOURCE_LATCHED, /* trusted from now on, at this address */
    SOURCE_PROVING, /* perhaps; changes nothing yet */
    SOURCE_REFUSED,
};

struct source {
    struct media_address negotiated, peer; /* peer: where it sends from, once locked */
    struct media_address candidate;
    uint32_t candidate_ssrc;
    uint16_t candidate_seq;
    uint8_t candidate_n, elsewhere_n;
    bool is_nat, is_locked;
};

bool media_address_same(const struct media_address *a, const struct media_address *b);
bool media_address_same_ip(const struct media_address *a, const struct media_address *b);

/* A new negotiated address: everything begins again. */
void source_begin(struct source *s, const struct media_address *negotiated, bool is_nat);

/* No other address than the negotiated one from now on. */
void source_close(struct source *s);

enum source_verdict source_judge(struct source *s, const struct media_address *from,
                                 const struct rtp_header *h);

/* RTCP proves nothing: its address must be that of the peer, whatever its port. */
bool source_is_peer_ip(const struct source *s, const struct media_address *from);

#endif
