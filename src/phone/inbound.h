/* inbound.h — the door: what may come in, and what is answered there without keeping anything.
 * Called by the loop for each datagram. What passes is a sound request or response from a source
 * that we know; everything else gets its answer, or none, here. */
#ifndef PHONE_INBOUND_H
#define PHONE_INBOUND_H

#include "phone/key.h"
#include "phone/udp.h"

/* Networks of telephones, and four addresses of each access to an operator. */
#define PHONE_SOURCES_MAX 160

/* A network that may talk to us. */
struct phone_source {
    struct address_net net;
    bool is_phones;    /* our own telephones; else a trunk */
    bool is_tls;       /* a trunk that is spoken with over TLS */
    uint32_t trunk_id; /* of a trunk */
};

struct phone_door {
    struct phone_secret secret;
    struct phone_source sources[PHONE_SOURCES_MAX]; /* trunks and networks of our phones */
    uint32_t sources_n;
    struct address watch; /* the house's own robot; family 0: none */
    bool tells_strangers; /* 403 to unknown sources; else silence */
    /* Counted, for /metrics. */
    uint64_t strangers_n, dropped_n, refused_n, passed_n;
    struct address stranger_at; /* the last one, for the log */
};

/* A telephone's network, an operator, or the robot of the house. */
bool phone_door_knows(const struct phone_door *door, const struct sip_peer *from);
/* Is this a source of that kind? trunk_id: of the first trunk there that is spoken with that way,
 * else of the first; NULL: not wanted. */
bool phone_door_has(const struct phone_door *door, const struct sip_peer *from, bool is_phones,
                    uint32_t *trunk_id);

enum phone_verdict {
    PHONE_PASS,     /* to transactions and dialogs: a request of known method, or a response */
    PHONE_ANSWERED, /* the answer is in out, to go to reply_to */
    PHONE_SILENT,   /* nothing is sent */
};

/* Where an answer to this request goes: always to the address that it came from, never to one that
 * it names; to the port it came from when it asks so, else to that of its Via (RFC 3261 §18.2.2,
 * RFC 3581 §4). Also sets in.via_suffix, written to suffix. */
#define PHONE_SUFFIX_MAX 96
struct sip_peer phone_reply_to(struct sip_read *read, const struct sip_peer *from,
                               char suffix[PHONE_SUFFIX_MAX]);

struct phone_answer {
    struct text_out out; /* the caller's memory */
    struct sip_peer reply_to;
};

/* A datagram of n bytes, which are changed (folding); read and its slices live as long as they. */
struct phone_datagram {
    char *bytes;
    size_t n;
    struct sip_peer from;
};
enum phone_verdict phone_door_take(struct phone_door *door, const struct phone_datagram *datagram,
                                   struct sip_read *read, struct phone_answer *answer);

#endif
