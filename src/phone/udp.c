/* udp.c — see udp.h. Cost: one system call a datagram each way.
 * Invariant: nothing is sent but to an address that was received from or configured. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "os/endpoint.h"
#include "phone/udp.h"

int phone_udp_open(struct phone_udp *udp, const char *address, uint16_t port)
{
    struct address self;
    struct sockaddr_storage local;
    *udp = (struct phone_udp){.fd = -1};
    if (!address_read_ip(&self, text_of(address)))
        return EINVAL;
    self.port = port;
    int family = self.family == 6 ? AF_INET6 : AF_INET;
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    socklen_t n = os_endpoint_of(&local, &self);
    if (bind(fd, (struct sockaddr *)&local, n) || getsockname(fd, (struct sockaddr *)&local, &n)) {
        int err = errno;
        close(fd);
        return err;
    }
    udp->fd = fd;
    udp->port = os_endpoint_read(&local).port;
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
        *from = (struct sip_peer){.at = os_endpoint_read(&source)};
        bool is_cut = head.msg_flags & MSG_TRUNC;
        udp->cut_n += is_cut;
        if (n > 0 && !is_cut && from->at.port)
            return (size_t)n;
    }
    return 0;
}

void phone_udp_send(struct phone_udp *udp, const struct sip_peer *to, struct text message)
{
    struct sockaddr_storage address;
    socklen_t n = os_endpoint_of(&address, &to->at);
    ssize_t sent = sendto(udp->fd, message.p, message.n, 0, (struct sockaddr *)&address, n);
    udp->unsent_n += sent != (ssize_t)message.n;
}
