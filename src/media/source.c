/* source.c — whose packets count.
 * Called on each packet. Invariant: a packet that is not trusted leaves everything as it was, but
 * for the candidate; once locked, only source_begin() changes the peer. */
#include <string.h>

#include "media/source.h"

bool media_address_same_ip(const struct media_address *a, const struct media_address *b)
{
    return a->ip_n == b->ip_n && !memcmp(a->ip, b->ip, a->ip_n);
}

bool media_address_same(const struct media_address *a, const struct media_address *b)
{
    return a->port == b->port && media_address_same_ip(a, b);
}

void source_begin(struct source *s, const struct media_address *negotiated, bool is_nat)
{
    memset(s, 0, sizeof(*s));
    s->negotiated = s->peer = *negotiated;
    s->is_nat = is_nat;
}

void source_close(struct source *s)
{
    s->is_locked = true;
}

/* Counts packets of one sender that follow each other; any other one begins anew. */
static enum source_verdict prove(struct source *s, const struct media_address *from,
                                 const struct rtp_header *h)
{
    bool follows = s->candidate_n > 0 && media_address_same(from, &s->candidate) &&
                   h->ssrc == s->candidate_ssrc && h->seq == (uint16_t)(s->candidate_seq + 1);
    s->candidate = *from;
    s->candidate_ssrc = h->ssrc;
    s->candidate_seq = h->seq;
    s->candidate_n = (uint8_t)(follows ? s->candidate_n + 1 : 1);
    if (s->candidate_n < SOURCE_PROOF_N)
        return SOURCE_PROVING;
    s->peer = *from;
    s->is_locked = true;
    return SOURCE_LATCHED;
}

enum source_verdict source_judge(struct source *s, const struct media_address *from,
                                 const struct rtp_header *h)
{
    if (s->negotiated.ip_n == 0)
        return SOURCE_REFUSED;
    if (media_address_same(from, &s->peer)) {
        s->is_locked = true;
        return SOURCE_TRUSTED;
    }
    if (s->is_locked || s->elsewhere_n >= SOURCE_FIRST_N)
        return SOURCE_REFUSED;
    s->elsewhere_n++;
    if (!s->is_nat && !media_address_same_ip(from, &s->negotiated))
        return SOURCE_REFUSED;
    return prove(s, from, h);
}

bool source_is_peer_ip(const struct source *s, const struct media_address *from)
{
    return s->negotiated.ip_n > 0 && media_address_same_ip(from, &s->peer);
}
