/* address.h — an IP address with its port, and networks of them: read, written, compared.
 * Called by sip, settings, config, phone, web. Names of machines are no addresses: nobody is looked
 * up here. Pure; a value without pointers. */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include "base/text.h"

/* Longest address as text, "[…]:65535", with a NUL. */
#define ADDRESS_TEXT_MAX 48
#define ADDRESS_NETS_MAX 32

struct address {
    uint8_t ip[16]; /* the first four for family 4, the others 0 */
    uint8_t family; /* 4, 6; 0: none */
    uint16_t port;  /* 0: not said */
};

/* All addresses whose first bits are those of at. */
struct address_net {
    struct address at;
    uint8_t bits;
};

struct address_nets {
    struct address_net list[ADDRESS_NETS_MAX];
    uint32_t n;
};

/* Where a machine is: one address of each family, or of one alone. */
#define ADDRESS_FAMILIES 2
struct address_pair {
    struct address of[ADDRESS_FAMILIES]; /* IPv4, IPv6; family 0: none */
};

/* "192.0.2.1", "192.0.2.1:5060", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:5060"; a port is
 * 1 … 65535. False, and family 0: something else. */
MUST_CHECK bool address_read(struct address *address, struct text t);
/* The same without brackets and port: dotted four, or RFC 4291 §2.2 without a zone. */
MUST_CHECK bool address_read_ip(struct address *address, struct text t);
/* As RFC 5952 wants it; nothing for family 0. The port when there is one. */
void address_put(struct text_out *out, const struct address *address);

/* Family, bytes and port. */
bool address_equal(const struct address *a, const struct address *b);
/* 0.0.0.0 or ::, whatever the port. */
bool address_is_any(const struct address *address);
/* For who is on the same machine: who listens everywhere is at loopback too. */
struct address address_to_reach(const struct address *address);
/* 127.0.0.0/8 or ::1: this machine only. */
bool address_is_loopback(const struct address *address);
/* HTTP in clear that never leaves this machine: http://127.0.0.1, localhost or [::1], whatever the
 * port and path. */
bool address_url_is_near(struct text url);

/* "192.0.2.0/24", "2001:db8::/32"; without a length that address alone. Bits behind the length are
 * put to 0. */
MUST_CHECK bool address_net_read(struct address_net *net, struct text t);
/* Is it one of them, whatever the port? Never across families. */
bool address_net_has(const struct address_net *net, const struct address *address);

/* "127.0.0.1/32, 10.0.0.0/8": at least one, at most ADDRESS_NETS_MAX. */
MUST_CHECK bool address_nets_read(struct address_nets *nets, struct text list);
bool address_nets_have(const struct address_nets *nets, const struct address *address);

/* Which of a pair: 0 for IPv4, 1 for IPv6. */
static inline unsigned address_side(const struct address *address)
{
    return address->family == 6;
}
/* "192.0.2.1", "2001:db8::1", "192.0.2.1, 2001:db8::1" in any order; no ports. */
MUST_CHECK bool address_pair_read(struct address_pair *pair, struct text list);
/* That of the same family as address; NULL: the pair has none. */
const struct address *address_pair_near(const struct address_pair *pair,
                                        const struct address *address);
/* IPv4 when there is one. */
const struct address *address_pair_first(const struct address_pair *pair);

#endif
