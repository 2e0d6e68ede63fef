/* udp.h — signalling over UDP, at one port of each family that we have: datagrams in batches, each
 * with where it came from.
 * Called by the main thread. Never waits. */
#ifndef PHONE_UDP_H
#define PHONE_UDP_H

#include <sys/socket.h>

#include "base/address.h"
#include "sip/read.h"
#include "sip/transaction.h"

/* Datagrams of one turn: the loop must come back to its timers. */
#define PHONE_UDP_BATCH 64
/* Longer datagrams are dropped and counted: no honest request over UDP comes near (§18.1.1). */
#define PHONE_UDP_BYTES_MAX 16384

struct phone_udp {
    int fds[ADDRESS_FAMILIES]; /* owned; for epoll; -1: not that family */
    uint16_t port;
    unsigned first;           /* whose turn it is to be read first */
    uint64_t cut_n, unsent_n; /* too long to be read whole; not taken by the kernel */
};

#define PHONE_UDP_CLOSED                                                                           \
    {                                                                                              \
        .fds = { -1, -1 }                                                                          \
    }

/* Binds these addresses and this port; 0 chooses one. 0 or errno. */
MUST_CHECK int phone_udp_open(struct phone_udp *udp, const struct address_pair *self,
                              uint16_t port);
void phone_udp_drop(struct phone_udp *udp);

/* Reads one datagram into bytes (PHONE_UDP_BYTES_MAX); its length, 0 when there is none now. */
size_t phone_udp_receive(struct phone_udp *udp, char *bytes, struct sip_peer *from);

/* Sends to where from told. What the kernel does not take is lost like any datagram, and counted.
 */
void phone_udp_send(struct phone_udp *udp, const struct sip_peer *to, struct text message);

#endif
