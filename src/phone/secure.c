/* secure.c — TLS: the house's certificate for who comes, each operator's own rules for where we go.
 * Called by wire.c and phone.c. Cost: a walk over at most 32 trunks a connection. Invariant: to an
 * operator without a context nothing is sent; one that must prove itself is not heard before. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "os/endpoint.h"
#include "phone/leg.h"

#define TELL_EVERY_MS ((ms_t)10000)

struct text phone_self(const struct phone *p, const struct sip_peer *peer)
{
    if (peer->transport == SIP_OVER_TLS)
        return (struct text){p->secure.self, p->secure.self_n};
    return (struct text){p->self, p->self_n};
}

static struct tls_context *context_of(const struct phone *p, uint32_t number, bool *is_mutual)
{
    for (uint32_t i = 0; p->secure.book && i < p->secure.book->trunks_n; i++) {
        if (p->secure.book->trunks[i].number != number)
            continue;
        *is_mutual = p->secure.book->trunks[i].is_mutual;
        return p->secure.book->trunks[i].context;
    }
    return NULL;
}

static bool link_of(struct tls_link **link, const struct phone_tcp_securing *how, void *arg)
{
    *link = NULL;
    const struct phone *p = arg;
    bool is_mutual = false;
    uint32_t number = 0;
    if (how->of != PHONE_TCP_THEIRS) {
        struct tls_context *c = context_of(p, how->of, &is_mutual);
        *link = c ? tls_link_connect(c, how->fd) : NULL;
        return *link != NULL;
    }
    if (!p->secure.book || !tls_context_has_certificate(p->secure.book->house))
        return false;
    struct tls_context *of = phone_door_has(&p->door, how->peer, false, &number)
                                 ? context_of(p, number, &is_mutual)
                                 : NULL;
    *link = tls_link_accept(p->secure.book->house, how->fd, is_mutual ? of : NULL);
    return *link != NULL;
}

/* With port 0 it is known only once somebody listens. */
static void note_port(struct phone *p)
{
    struct sockaddr_storage self;
    socklen_t n = sizeof(self);
    if (p->tls.fd >= 0 && !getsockname(p->tls.fd, (struct sockaddr *)&self, &n))
        p->tls.self.port = os_endpoint_read(&self).port;
}

int phone_secure(struct phone *p, const struct tls_book *book)
{
    p->secure.book = book;
    bool may_open = p->tls.epoll_fd >= 0 && p->tls.fd < 0;
    if (!may_open || !book || !tls_context_has_certificate(book->house))
        return 0;
    int err = phone_tcp_listen(&p->tls);
    note_port(p);
    return err;
}

int phone_secure_open(struct phone *p, const struct phone_args *args)
{
    struct address self;
    if (!address_read_ip(&self, text_of(args->address)))
        return EINVAL;
    self.port = args->tls_port;
    p->tls.link = link_of;
    p->tls.link_arg = p;
    int other = p->tcp.epoll_fd >= 0 ? p->tcp.epoll_fd : p->udp.fd;
    int err = phone_tcp_open_secure(&p->tls, &self, other);
    return err ? err : phone_secure(p, args->book);
}

uint16_t phone_bound_secure(const struct phone *p)
{
    return p->tls.fd >= 0 ? p->tls.self.port : 0;
}

/* The last one, now and then: who tries again and again shall not fill the log. */
void phone_secure_tell(struct phone *p)
{
    char at[ADDRESS_TEXT_MAX];
    struct text_out out = {.p = at, .max = sizeof(at) - 1};
    if (p->tls.unproved_n == p->secure.told_n || p->now_at < p->secure.tell_at)
        return;
    address_put(&out, &p->tls.unproved_at);
    at[out.n] = '\0';
    os_log_line(p->log, OS_LOG_WARNING, "phone: %llu TLS handshakes failed, the last with %s: %s",
                (unsigned long long)(p->tls.unproved_n - p->secure.told_n), at,
                p->tls.unproved_why);
    p->secure.told_n = p->tls.unproved_n;
    p->secure.tell_at = p->now_at + TELL_EVERY_MS;
}
