/* udp.c — see udp.h. Cost: one system call a datagram each way.
 * Invariant: nothing is sent but to an address that was received from or configured. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include "os/endpoint.h"
#include "phone/udp.h"

static int open_one(int *fd, const struct address *self, uint16_t *port)
{
    struct sockaddr_storage local;
    struct address at = *self;
    int on = 1;
    at.port = *port;
    socklen_t n = os_endpoint_of(&local, &at);
    *fd = socket(local.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    if (at.family == 6)
        (void)setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(*fd, (struct sockaddr *)&local, n) || getsockname(*fd, (struct sockaddr *)&local, &n))
        return errno;
    *port = os_endpoint_read(&local).port;
    return 0;
}

static int open_all(struct phone_udp *udp, const struct address_pair *self, uint16_t port)
{
    int err = EINVAL;
    *udp = (struct phone_udp)PHONE_UDP_CLOSED;
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        if (self->of[i].family)
            err = open_one(&udp->fds[i], &self->of[i], &port);
        if (self->of[i].family && err)
            break;
    }
    udp->port = port;
    if (err)
        phone_udp_drop(udp);
    return err;
}

int phone_udp_open(struct phone_udp *udp, const struct address_pair *self, uint16_t port)
{
    int err = EADDRINUSE;
    for (unsigned i = 0; err == EADDRINUSE && i < (port ? 1 : OS_PORT_TRIES); i++)
        err = open_all(udp, self, port);
    return err;
}

void phone_udp_drop(struct phone_udp *udp)
{
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        if (udp->fds[i] >= 0)
            close(udp->fds[i]);
        udp->fds[i] = -1;
    }
}

static size_t receive_from(struct phone_udp *udp, int fd, char *bytes, struct sip_peer *from)
{
    struct sockaddr_storage source;
    struct iovec part = {bytes, PHONE_UDP_BYTES_MAX};
    for (unsigned i = 0; i < PHONE_UDP_BATCH; i++) {
        struct msghdr head = {
            .msg_name = &source, .msg_namelen = sizeof(source), .msg_iov = &part, .msg_iovlen = 1};
        ssize_t n = recvmsg(fd, &head, 0);
        if (n < 0)
            return 0;
        *from = (struct sip_peer){.at = os_endpoint_read(&source)};
        bool is_cut = head.msg_flags & MSG_TRUNC;
        udp->cut_n += is_cut;
        if (n > 0 && !is_cut && from->at.port)
            return (size_t)n;
    }
    return 0;
}

size_t phone_udp_receive(struct phone_udp *udp, char *bytes, struct sip_peer *from)
{
    size_t n = 0;
    udp->first = !udp->first; /* a flood of one family leaves half of a turn to the other */
    for (unsigned i = 0; !n && i < ADDRESS_FAMILIES; i++) {
        int fd = udp->fds[i ^ udp->first];
        n = fd >= 0 ? receive_from(udp, fd, bytes, from) : 0;
    }
    return n;
}

void phone_udp_send(struct phone_udp *udp, const struct sip_peer *to, struct text message)
{
    struct sockaddr_storage address;
    socklen_t n = os_endpoint_of(&address, &to->at);
    int fd = udp->fds[address_side(&to->at)];
    ssize_t sent = sendto(fd, message.p, message.n, 0, (struct sockaddr *)&address, n);
    udp->unsent_n += sent != (ssize_t)message.n;
}
