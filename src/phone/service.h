/* service.h — the telephone service as one value: its sockets, door, register, transactions, legs
 * and accesses; and the ways that messages come and go. Included by the files of phone/ only,
 * through leg.h. */
#ifndef PHONE_SERVICE_H
#define PHONE_SERVICE_H

#include "base/rows.h"
#include "os/pages.h"
#include "phone/secure.h"
#include "phone/tcp.h"
#include "phone/trunk.h"
#include "sip/reliable.h"

struct phone {
    struct phone_udp udp;
    struct phone_tcp tcp, tls;
    struct phone_secure secure;
    struct phone_door door;
    struct phone_register reg;
    struct sip_txs txs;
    struct phone_leg *legs;           /* borrowed from the arena */
    struct sip_reliable_heard *heard; /* of each leg: leg_heard() */
    uint32_t legs_max, used, free, n;
    struct map ids, tags, streams;
    struct heap timers, refreshes; /* legs: their watch; their session timer */
    struct media_port media;
    struct os_log *log;
    phone_report_fn *report;
    phone_knows_fn *knows;
    void *report_arg;
    struct media_ref (*stream)(void *arg, uint64_t leg_id); /* of legs of others; NULL: none */
    void *stream_arg;
    struct phone_watch *watch; /* borrowed; NULL: none */
    struct tape *trace;        /* borrowed; NULL: nothing is remembered */
    uint64_t next_id, branch_n, bindings_version;
    ms_t now_at;
    uint32_t request_tx;      /* of the request in course; SLOT_NONE: it gets no answer from us */
    struct text because;      /* in the place of the usual words of its answer; empty: those */
    bool has_more;            /* the media engine has more to say */
    struct address_pair seen; /* where others see us, and how that is written, over UDP and TCP */
    struct phone_name names[ADDRESS_FAMILIES];
    struct {
        uint32_t trunk_id, n;
    } shed[PHONE_TRUNKS_MAX + 1]; /* and of calls without a trunk */
    struct rows_due kept;         /* rows of the calls in course */
    struct trunk *trunks;         /* borrowed from the arena */
    uint32_t trunks_max, trunks_n;
    bool is_measuring;
    struct phone_totals totals;
    struct sip_read read; /* of the datagram in course */
    struct sip_peer from, reply_to;
    char bytes[PHONE_UDP_BYTES_MAX], out[2 * PHONE_UDP_BYTES_MAX];
    struct os_pages memory;
};

/* wire.c: messages come and go. */
int phone_wire_open(struct phone *p, const struct phone_args *args);
void phone_wire_drop(struct phone *p);
void phone_wire_turn(struct phone *p);
/* To a peer; over a new connection when its own has ended: it is noted there. What cannot be sent
 * is counted, and its transaction hears of it at the next turn. */
void phone_transmit(struct phone *p, struct sip_peer *to, struct text message);
/* Its connection is there; UDP needs none. */
bool phone_wire_has(const struct phone *p, const struct sip_peer *peer);
/* There is none, but one may be made: to an operator. */
bool phone_wire_may_connect(const struct phone *p, const struct sip_peer *peer);
/* phone.c: our names again, for the ports at which we listen now. 0 or EINVAL. */
MUST_CHECK int phone_introduce(struct phone *p);
/* A whole message, at the door. */
void phone_take(struct phone *p, const struct phone_datagram *datagram);
/* response.c: a question of ours that could not be sent. What ends a call waits for who was cut
 * off. */
void phone_tx_failed(struct phone *p, uint32_t tx);

#endif
