/* tcp.h — signalling over TCP (RFC 3261 §18): a listener and its connections, those that we make
 * among them; over TLS, when it is told how. Whole messages come out, whole messages go in. Called
 * by the main thread; nothing here waits. Who is not known at the door is closed at once, so that
 * strangers hold nothing. */
#ifndef PHONE_TCP_H
#define PHONE_TCP_H

#include "base/arena.h"
#include "sip/transaction.h"
#include "tls/link.h"

/* Connections at once, and from one address (a house behind one router). */
#define PHONE_TCP_MAX 1024u
#define PHONE_TCP_SOURCE_MAX 256u
/* A longer message ends its connection: where the next one begins cannot be known. */
#define PHONE_TCP_BYTES_MAX 16384u
/* What a connection takes for a reader that is slow; past it the reader is not there any more. */
#define PHONE_TCP_OUT_MAX 65536u
/* A message must be whole, a connection of ours made, and something heard, within these. Longer
 * than a registration lives: a telephone that is there has spoken. */
#define PHONE_TCP_SLOW_MS ((ms_t)10000)
#define PHONE_TCP_CONNECT_MS ((ms_t)4000)
#define PHONE_TCP_IDLE_MS ((ms_t)4000000)
/* TLS: a handshake must be done within this; so many at once from one address are not done yet, and
 * so many begin in one turn, for each costs up to a millisecond of the loop. */
#define PHONE_TCP_SHAKE_MS ((ms_t)5000)
#define PHONE_TCP_SHAKES_SOURCE_MAX 32u
#define PHONE_TCP_SHAKES_TURN_MAX 8u
/* A listener that may not open another file rests so long. */
#define PHONE_TCP_REST_MS ((ms_t)1000)

struct phone_tcp_connection {
    uint32_t id; /* 0: free */
    int fd;
    struct address at;
    uint32_t of;           /* ours over TLS: for whom it was proved; else 0 */
    struct tls_link *link; /* owned; NULL: plain */
    bool is_connecting, is_ours, waits_to_write;
    bool is_shaking; /* the handshake is not done */
    ms_t heard_at,
        since_at; /* last bytes; of the message that is not whole, the connecting, the handshake */
    uint32_t in_n, out_n;
    char *in, *out; /* borrowed from the arena */
};

/* TLS for a connection whose socket is fd; false: it cannot be. of: as phone_tcp_to() was told;
 * PHONE_TCP_THEIRS: the other side has made it. */
#define PHONE_TCP_THEIRS UINT32_MAX
struct phone_tcp_securing {
    int fd;
    uint32_t of;
    const struct sip_peer *peer;
};
typedef bool phone_tcp_link_fn(struct tls_link **link, const struct phone_tcp_securing *how,
                               void *arg);

struct phone_tcp {
    int fds[ADDRESS_FAMILIES]; /* owned; -1: nobody comes here */
    int epoll_fd;              /* owned; -1: not open */
    phone_tcp_link_fn *link;   /* NULL: plain */
    void *link_arg;
    uint8_t transport;                 /* enum sip_transport */
    struct address_pair self;          /* with the port of the listeners */
    struct phone_tcp_connection *list; /* borrowed from the arena; NULL: no connections are made */
    uint32_t used, n, serial;
    ms_t now_at; /* of the turn in course */
    ms_t rest_until_at, sweep_at;
    bool has_gone; /* some connection has ended since this was last put to false */
    uint64_t strangers_n, refused_n, broken_n; /* closed: at the door, past a bound, as no SIP */
    uint64_t unproved_n;                       /* handshakes that failed */
    struct address unproved_at;                /* the last of these, and why */
    char unproved_why[96];
};

#define PHONE_TCP_CLOSED                                                                           \
    {                                                                                              \
        .fds = {-1, -1}, .epoll_fd = -1                                                            \
    }

/* May a connection come from there? */
typedef bool phone_tcp_door_fn(const struct sip_peer *from, void *arg);
/* One whole message; bytes may be changed. Anything may be sent meanwhile. */
typedef void phone_tcp_message_fn(char *bytes, size_t n, const struct sip_peer *from, void *arg);
struct phone_tcp_hears {
    phone_tcp_door_fn *door;
    phone_tcp_message_fn *message;
    void *arg;
};

/* Memory for the connections. */
void phone_tcp_lay_out(struct phone_tcp *tcp, struct arena *arena);
/* self: where we are, and the port of the listeners, 0: any. others: files that the same epoll
 * watches, -1 for none. Nobody is let in before it listens; for TLS, link and link_arg are to be
 * set. 0 or errno. */
struct phone_tcp_args {
    uint8_t transport; /* enum sip_transport */
    struct address_pair self;
    uint16_t port;
    int others[ADDRESS_FAMILIES];
};
MUST_CHECK int phone_tcp_open(struct phone_tcp *tcp, const struct phone_tcp_args *args);
MUST_CHECK int phone_tcp_listen(struct phone_tcp *tcp);
bool phone_tcp_listens(const struct phone_tcp *tcp);
uint16_t phone_tcp_port(const struct phone_tcp *tcp);
void phone_tcp_drop(struct phone_tcp *tcp);

/* Takes what has come in, sends what waits, closes what is over. True: one of the others is
 * readable, or nothing is open that could say so. */
bool phone_tcp_turn(struct phone_tcp *tcp, const struct phone_tcp_hears *hears, ms_t now_at);
ms_t phone_tcp_next_at(const struct phone_tcp *tcp);

/* The connection is there. */
bool phone_tcp_has(const struct phone_tcp *tcp, uint32_t connection);
/* A connection to this address: one of ours that there is already, or a new one, to be made while
 * its messages wait. of: whom the other side must prove to be, 0: plain. Its id, 0: no room, or the
 * system refuses. */
uint32_t phone_tcp_to(struct phone_tcp *tcp, const struct address *at, uint32_t of);
/* False: it is not there (any more). */
bool phone_tcp_send(struct phone_tcp *tcp, uint32_t connection, struct text message);

#endif
