/* udp.c — see udp.h. Cost: one system call a datagram each way.
 * Invariant: nothing is sent but to an address that was received from or configured. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "phone/udp.h"

static socklen_t address_of(const struct sip_peer *peer, struct sockaddr_storage *to)
{
    memset(to, 0, sizeof(*to));
    if (peer->family == 6) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(peer->port);
        memcpy(&v6->sin6_addr, peer->address, 16);
        return sizeof(*v6);
    }
    struct sockaddr_in *v4 = (struct sockaddr_in *)to;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(peer->port);
    memcpy(&v4->sin_addr, peer->address, 4);
    return sizeof(*v4);
}

static void peer_of(const struct sockaddr_storage *from, struct sip_peer *peer)
{
    *peer = (struct sip_peer){.family = 4};
    if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
        peer->family = 6;
        peer->port = ntohs(v6->sin6_port);
        memcpy(peer->address, &v6->sin6_addr, 16);
        return;
    }
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
    peer->port = ntohs(v4->sin_port);
    memcpy(peer->address, &v4->sin_addr, 4);
}

void phone_peer_text(const struct sip_peer *peer, char to[PHONE_ADDRESS_TEXT])
{
    if (!inet_ntop(peer->family == 6 ? AF_INET6 : AF_INET, peer->address, to, PHONE_ADDRESS_TEXT))
        to[0] = 0;
}

int phone_udp_open(struct phone_udp *udp, const char *address, uint16_t port)
{
    struct sip_peer self = {.family = 4, .port = port};
    struct sockaddr_storage local;
    *udp = (struct phone_udp){.fd = -1};
    if (inet_pton(AF_INET, address, self.address) != 1) {
        self.family = 6;
        if (inet_pton(AF_INET6, address, self.address) != 1)
            return EINVAL;
    }
    int family = self.family == 6 ? AF_INET6 : AF_INET;
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    socklen_t n = address_of(&self, &local);
    if (bind(fd, (struct sockaddr *)&local, n) || getsockname(fd, (struct sockaddr *)&local, &n)) {
        int err = errno;
        close(fd);
        return err;
    }
    peer_of(&local, &self);
    udp->fd = fd;
    udp->port = self.port;
    return 0;
}

void phone_udp_drop(struct phone_udp *udp)
{
    if (udp && udp->fd >= 0)
        close(udp->fd);
    if (udp)
        udp->fd = -1;
}

size_t phone_udp_receive(struct phone_udp *udp, char *bytes, struct sip_peer *from)
{
    struct sockaddr_storage source;
    struct iovec part = {bytes, PHONE_UDP_BYTES_MAX};
    for (unsigned i = 0; i < PHONE_UDP_BATCH; i++) {
        struct msghdr head = {
            .msg_name = &source, .msg_namelen = sizeof(source), .msg_iov = &part, .msg_iovlen = 1};
        ssize_t n = recvmsg(udp->fd, &head, 0);
        if (n < 0)
            return 0;
        peer_of(&source, from);
        bool is_cut = head.msg_flags & MSG_TRUNC;
        udp->cut_n += is_cut;
        if (n > 0 && !is_cut && from->port)
            return (size_t)n;
    }
    return 0;
}

void phone_udp_send(struct phone_udp *udp, const struct sip_peer *to, struct text message)
{
    struct sockaddr_storage address;
    socklen_t n = address_of(to, &address);
    ssize_t sent = sendto(udp->fd, message.p, message.n, 0, (struct sockaddr *)&address, n);
    udp->unsent_n += sent != (ssize_t)message.n;
}
