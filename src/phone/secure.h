/* secure.h — encryption, as leg.h holds it: TLS of the house, and what is told of it.
 * Included by service.h only. */
#ifndef PHONE_SECURE_H
#define PHONE_SECURE_H

#include "phone/phone.h"
#include "sip/offer.h"
#include "sip/transaction.h"

/* How others write us: "192.0.2.1:5060", "[2001:db8::1]:5060"; empty: not in this family. */
struct phone_name {
    char text[ADDRESS_TEXT_MAX];
    uint16_t n;
};

struct phone_secure {
    const struct tls_book *book; /* borrowed; NULL: none */
    uint64_t told_n;             /* handshakes that failed, as the log has it */
    ms_t tell_at;
    struct phone_name names[ADDRESS_FAMILIES]; /* over TLS */
    uint8_t srtp;                              /* enum phone_srtp, of our own telephones */
};

/* Of a leg. */
struct leg_secure {
    uint8_t srtp;             /* enum phone_srtp: of its access, or of our telephones */
    bool is_plain;            /* our encrypted offer was refused, where that is allowed */
    bool is_sips;             /* they are asked, or ask, by a sips URI, over TLS */
    bool goes_on;             /* an earlier process heard their encrypted sound */
    struct media_rolls rolls; /* of it, by the key that is agreed */
};

struct phone_leg;

/* secure.c */
int phone_secure_open(struct phone *p, const struct phone_args *args,
                      const struct address_pair *self);
/* Who we are on this way: the address of Via and Contact. */
struct text phone_self(const struct phone *p, const struct sip_peer *peer);
void phone_secure_tell(struct phone *p);
/* Why a request of this source may not be heard over its way; empty: it may. trunk_id: 0 of a
 * telephone. */
struct text phone_secure_refuses(const struct phone *p, const struct sip_peer *from,
                                 uint32_t trunk_id);
/* enum phone_srtp of our telephone with this aor. */
uint8_t phone_secure_of(const struct phone *p, uint64_t aor);
/* A leg over TLS hears and says nothing over another way. */
bool leg_is_elsewhere(const struct phone_leg *leg, const struct sip_peer *from);
/* Over this way, to this URI. */
bool leg_is_sips(const struct sip_peer *peer, struct text uri);
/* What an offer or answer may be, and fresh keys for it. */
void leg_secure_wish(const struct phone_leg *leg, struct sip_offer_wish *wish);
/* A final answer to our INVITE: true when it goes on in the clear. */
bool leg_gives_way(struct phone *p, struct phone_leg *leg, uint16_t status);
/* The keys that were agreed, for the media engine. */
void leg_secure_media(struct phone_leg *leg);

#endif
