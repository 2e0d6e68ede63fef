/* web.h — the HTTP server: TCP, with TLS or without, and a Unix socket, the same pages on each
 * (port/pages.h).
 * libmicrohttpd reads and writes HTTP; accepting, bounds and time limits are ours, so that whoever
 * is one too many hears it. No thread of its own: the reader thread waits for web_fd() and turns.
 * Called by cli/reader.c. Cost: ~33 KiB a connection at most, a copy of each answer.
 * Invariant: no stranger's byte can make it wait, or take more than the bounds below. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "os/log.h"
#include "port/pages.h"

#define WEB_CONNECTIONS_MAX 3072
#define WEB_PER_ADDRESS_MAX 1280 /* of these, from one TCP address: a proxy's, a site's */
#define WEB_STREAMS_MAX 1536     /* of these, streams of events */
#define WEB_TARGET_MAX 2048      /* bytes of path and query: 414 past it */
#define WEB_HEAD_MAX 8192        /* bytes of all header fields: 431 past it */
#define WEB_BODY_MAX 65536       /* bytes of a request's body: 413 past it */
#define WEB_LARGE_MAX 4          /* of requests whose path lets them be longer: 503 past it */
#define WEB_PENDING_BYTES_MAX                                                                      \
    ((size_t)64 * 1024 * 1024) /* of answers not yet taken: 503 past it                            \
                                */
#define WEB_ACCEPTS_PER_TURN 64

/* A request must be there, whole, so long after the connection or the last answer; an answer must
 * be taken within, and a stream not stand still for, WEB_SLOW_MS. */
#define WEB_REQUEST_MS 15000
#define WEB_SLOW_MS 30000
/* Who has closed, or half closed, between two requests goes soon after. */
#define WEB_LEFT_MS 200
/* A stream without news says so, so that both sides notice when the other is gone. */
#define WEB_BEAT_MS 15000

/* Who gives a token must give one that cannot be guessed. */
#define WEB_TOKEN_MIN 16
#define WEB_TOKEN_MAX 256

struct tls_context;
struct web;

struct web_args {
    const char *address;            /* IPv4 or IPv6, as digits; NULL or "": no TCP */
    uint16_t port;                  /* 0: a free one */
    const char *socket;             /* path of the Unix socket; NULL or "": none */
    const char *tls_address;        /* the same for TLS; borrowed for the server's life */
    uint16_t tls_port;              /* 0: a free one */
    struct tls_context *tls;        /* borrowed; NULL: no TLS until web_secure() */
    const char *token;              /* NULL or "": no token is good */
    const char *signature;          /* secret of who signs; NULL or "": nobody does */
    const struct pages_port *pages; /* borrowed */
    struct os_log *log;             /* borrowed; NULL: silent */
    bool is_shown; /* who is on this machine sees all: invented people, and nothing to change */
    /* 0: the bounds above */
    uint32_t connections_max, per_address_max, streams_max;
    ms_t request_ms_max, slow_ms_max;
    os_clock_fn *wall_at, *boot_ms;   /* NULL: the machine's */
    const struct os_clock_told *told; /* borrowed: in the place of wall_at; NULL: none */
};

/* 0, or errno, and a line in the log with the cure: EINVAL (address, token), EADDRINUSE,
 * EADDRNOTAVAIL, EACCES, EEXIST (a file that is no socket stands there), ENAMETOOLONG, ENOMEM… */
MUST_CHECK int web_open(struct web **web, const struct web_args *args);

/* Closes all connections, removes the file of the Unix socket. NULL is fine. */
void web_drop(struct web *web);

/* Another token from now on. False: it does not fit, the old one stays. */
MUST_CHECK bool web_token_follow(struct web *web, const char *token);

/* The same for the secret of who signs. */
MUST_CHECK bool web_secret_follow(struct web *web, const char *secret);

/* Pages over TLS with this certificate from now on: the first opens the port, NULL closes it; who
 * is connected stays so. 0, or errno and a line in the log. */
int web_secure(struct web *web, struct tls_context *context);

/* The TCP port that was taken; 0: none. The same of TLS. */
uint16_t web_port(const struct web *web);
uint16_t web_secure_port(const struct web *web);

/* Readable when there is something to do. */
int web_fd(const struct web *web);

/* Does it. Returns in how many ms it must be called again at the latest. */
int web_turn(struct web *web);

/* Streams may have more to say. */
void web_news(struct web *web);

#endif
