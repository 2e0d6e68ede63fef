/* socket.h — the sockets of streams: a pair of ports each, non-blocking.
 * Called by media.c (main thread: open), and by the media threads for everything else. */
#ifndef MEDIA_SOCKET_H
#define MEDIA_SOCKET_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "port/media.h"

/* An address as the kernel wants it; n 0: none. */
struct socket_address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    socklen_t n;
};

void socket_address_of(struct socket_address *to, const struct media_address *from);
void socket_address_read(struct media_address *to, const struct socket_address *from);

/* Binds port (RTP) and port + 1 (RTCP). EADDRINUSE: one of them is taken; EMFILE and others. */
MUST_CHECK int socket_pair_open(int fds[2], const struct media_address *bind, uint16_t port);
void socket_pair_drop(int fds[2]);
/* One socket, of the family of bind, at this port; 0: a free one. */
MUST_CHECK int socket_open(int *fd, const struct media_address *bind, uint16_t port);

/* From now on the kernel takes packets from there only, and knows the way. False: it cannot. */
bool socket_connect(int fd, const struct socket_address *to);
void socket_disconnect(int fd);

/* to NULL: a connected socket. False: the kernel did not take it. */
bool socket_send(int fd, const void *bytes, size_t n, const struct socket_address *to);

#endif
