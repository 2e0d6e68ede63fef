/* socket.c — the sockets of streams.
 * Called by media.c and the media threads. Invariant: nothing here waits. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "media/socket.h"

#define IP4_BYTES 4
#define IP6_BYTES 16
#define VOICE_TOS 0xb8 /* DSCP 46 */

void socket_address_of(struct socket_address *to, const struct media_address *from)
{
    memset(to, 0, sizeof(*to));
    if (from->ip_n == IP4_BYTES) {
        to->n = sizeof(to->v4);
        to->v4.sin_family = AF_INET;
        to->v4.sin_port = htons(from->port);
        memcpy(&to->v4.sin_addr, from->ip, IP4_BYTES);
    } else if (from->ip_n == IP6_BYTES) {
        to->n = sizeof(to->v6);
        to->v6.sin6_family = AF_INET6;
        to->v6.sin6_port = htons(from->port);
        memcpy(&to->v6.sin6_addr, from->ip, IP6_BYTES);
    }
}

void socket_address_read(struct media_address *to, const struct socket_address *from)
{
    memset(to, 0, sizeof(*to));
    if (from->any.sa_family == AF_INET) {
        to->ip_n = IP4_BYTES;
        to->port = ntohs(from->v4.sin_port);
        memcpy(to->ip, &from->v4.sin_addr, IP4_BYTES);
    } else if (from->any.sa_family == AF_INET6) {
        to->ip_n = IP6_BYTES;
        to->port = ntohs(from->v6.sin6_port);
        memcpy(to->ip, &from->v6.sin6_addr, IP6_BYTES);
    }
}

/* Networks that look at it send voice first (RFC 4594 §2.3: EF); the others do not mind. */
static void mark_voice(int fd, int family)
{
    int is_v6 = family == AF_INET6, tos = VOICE_TOS;
    (void)setsockopt(fd, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP, is_v6 ? IPV6_TCLASS : IP_TOS, &tos,
                     sizeof(tos));
}

int socket_open(int *fd, const struct media_address *bind_to, uint16_t port)
{
    struct media_address here = *bind_to;
    struct socket_address address;
    here.port = port;
    socket_address_of(&address, &here);
    *fd = socket(address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    mark_voice(*fd, address.any.sa_family);
    return bind(*fd, &address.any, address.n) ? errno : 0;
}

int socket_pair_open(int fds[2], const struct media_address *bind, uint16_t port)
{
    fds[0] = fds[1] = -1;
    int err = socket_open(&fds[0], bind, port);
    if (!err)
        err = socket_open(&fds[1], bind, (uint16_t)(port + 1));
    if (err)
        socket_pair_drop(fds);
    return err;
}

void socket_pair_drop(int fds[2])
{
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = -1;
    }
}

bool socket_connect(int fd, const struct socket_address *to)
{
    return !connect(fd, &to->any, to->n);
}

void socket_disconnect(int fd)
{
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    int err = connect(fd, &nobody, sizeof(nobody));
    (void)err; /* it was not connected */
}

static ssize_t send_once(int fd, const void *bytes, size_t n, const struct socket_address *to)
{
    if (to)
        return sendto(fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL, &to->any, to->n);
    return send(fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* An earlier packet that found nobody (ICMP) is told instead of sending this one: so once more. */
bool socket_send(int fd, const void *bytes, size_t n, const struct socket_address *to)
{
    ssize_t sent = send_once(fd, bytes, n, to);
    if (sent < 0 && errno == ECONNREFUSED)
        sent = send_once(fd, bytes, n, to);
    return sent >= 0;
}
