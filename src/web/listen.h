/* listen.h — the sockets where clients come in, and who they are.
 * Called by web/. Opening may wait for the file system; accepting never waits. */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "base/address.h"
#include "os/log.h"

struct sockaddr_storage;

#define WEB_BACKLOG 128
#define WEB_SOCKET_PATH_MAX 108

/* Who came. */
struct web_peer {
    bool is_unix;
    bool is_tls;       /* with us, not with a proxy in front */
    struct address at; /* TCP: without its port */
};

struct web_listen {
    int tcp_fd, unix_fd, tls_fd; /* owned; −1: none */
    uint16_t port, tls_port;
    char path[WEB_SOCKET_PATH_MAX]; /* "": none */
};

struct web_listen_args {
    const char *address, *socket;
    uint16_t port;
    struct os_log *log;
};

MUST_CHECK int web_listen_open(struct web_listen *l, const struct web_listen_args *args);
/* Another TCP socket, for who speaks TLS: address and port of args. Nothing when it is open. */
MUST_CHECK int web_listen_open_tls(struct web_listen *l, const struct web_listen_args *args);
void web_listen_close_tls(struct web_listen *l);
void web_listen_drop(struct web_listen *l);

/* The next client of that listener. 0 and *fd, non-blocking; or EAGAIN, EMFILE…; EACCES: a client
 * of the Unix socket that is neither this user nor root, *fd is to be turned away. */
struct web_arrival {
    int fd;
    struct web_peer peer;
    struct sockaddr_storage *address; /* the caller's memory */
    unsigned address_n;
};
MUST_CHECK int web_listen_accept(int listener, struct web_arrival *arrival);

/* Answers without reading, and closes. */
struct web_refusal {
    const char *status, *error, *cure; /* "503 Service Unavailable" */
};
void web_listen_refuse(int fd, const struct web_refusal *refusal);

#endif
