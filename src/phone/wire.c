/* wire.c — the ways that messages come and go, UDP, TCP and TLS as one. Called by phone/ only.
 * Cost: a system call a message; a walk over transactions and bindings when a connection has ended.
 * Invariant: a lost connection is made anew to an address of the files alone, never to one that a
 * message named (design §9, rule 5): a telephone comes back by itself. */
#include <errno.h>

#include "os/endpoint.h"
#include "phone/leg.h"
#include "phone/trace.h"

static int open_plain(struct phone *p, const struct phone_args *args,
                      const struct address_pair *self)
{
    int err = phone_udp_open(&p->udp, self, args->port);
    if (err)
        return err;
    const struct phone_tcp_args tcp = {.transport = SIP_OVER_TCP,
                                       .self = *self,
                                       .port = p->udp.port,
                                       .others = {p->udp.fds[0], p->udp.fds[1]}};
    err = phone_tcp_open(&p->tcp, &tcp);
    err = err || !args->has_tcp ? err : phone_tcp_listen(&p->tcp);
    if (err) {
        phone_tcp_drop(&p->tcp);
        phone_udp_drop(&p->udp);
    }
    return err;
}

int phone_wire_open(struct phone *p, const struct phone_args *args)
{
    struct address_pair self;
    int err = EADDRINUSE;
    if (!address_pair_read(&self, text_of(args->address)))
        return EINVAL;
    for (unsigned i = 0; err == EADDRINUSE && i < (args->port ? 1 : OS_PORT_TRIES); i++)
        err = open_plain(p, args, &self);
    return err || !args->has_tls ? err : phone_secure_open(p, args, &self);
}

void phone_wire_drop(struct phone *p)
{
    phone_tcp_drop(&p->tls);
    phone_tcp_drop(&p->tcp);
    phone_udp_drop(&p->udp);
}

/* TLS watches TCP, which watches UDP. */
int phone_fd(const struct phone *p)
{
    if (p->tls.epoll_fd >= 0)
        return p->tls.epoll_fd;
    return p->tcp.epoll_fd;
}

static const struct phone_tcp *way_of(const struct phone *p, uint8_t transport)
{
    return transport == SIP_OVER_TLS ? &p->tls : &p->tcp;
}

bool phone_wire_has(const struct phone *p, const struct sip_peer *peer)
{
    return peer->transport == SIP_OVER_UDP ||
           phone_tcp_has(way_of(p, peer->transport), peer->connection);
}

/* Where a connection to this peer may be made: to where we were told to send, or to the operator
 * whose machine it is. */
static bool way_to(const struct phone *p, const struct sip_peer *peer, struct address *at,
                   uint32_t *number)
{
    if (!phone_door_has(&p->door, peer, false, number))
        return false;
    uint32_t place = trunk_place(p, *number);
    if (place == SLOT_NONE || !p->trunks[place].is.at_n)
        return false;
    const struct trunk *t = &p->trunks[place];
    *at = t->is.at[t->at_i];
    for (uint32_t i = 0; i < t->is.at_n; i++)
        if (address_equal(&t->is.at[i], &peer->at))
            *at = peer->at;
    return true;
}

bool phone_wire_may_connect(const struct phone *p, const struct sip_peer *peer)
{
    struct address at;
    uint32_t number;
    return way_to(p, peer, &at, &number);
}

static void send_over_tcp(struct phone *p, struct sip_peer *to, struct text message)
{
    struct phone_tcp *way = to->transport == SIP_OVER_TLS ? &p->tls : &p->tcp;
    struct address at;
    uint32_t number = 0;
    if (!phone_tcp_has(way, to->connection)) {
        bool has_way = way_to(p, to, &at, &number);
        uint32_t of = to->transport == SIP_OVER_TLS ? number : 0;
        to->connection = has_way ? phone_tcp_to(way, &at, of) : 0;
    }
    if (phone_tcp_send(way, to->connection, message))
        return;
    p->udp.unsent_n++;
    way->has_gone = true; /* who waits for an answer is told at the next turn */
}

void phone_transmit_unseen(struct phone *p, struct sip_peer *to, struct text message)
{
    if (to->transport == SIP_OVER_UDP)
        phone_udp_send(&p->udp, to, message);
    else
        send_over_tcp(p, to, message);
}

void phone_transmit(struct phone *p, struct sip_peer *to, struct text message)
{
    phone_trace_went(p, to, message);
    phone_transmit_unseen(p, to, message);
}

/* ---- what comes --------------------------------------------------------------------------- */

static bool is_let_in(const struct sip_peer *from, void *arg)
{
    struct phone *p = arg;
    bool is_known = phone_door_knows(&p->door, from);
    p->door.strangers_n += !is_known;
    if (!is_known)
        p->door.stranger_at = from->at;
    return is_known;
}

static void take(char *bytes, size_t n, const struct sip_peer *from, void *arg)
{
    phone_take(arg, &(struct phone_datagram){bytes, n, *from});
}

/* Telephones whose connection has ended are not there until they register again (RFC 5626 §4.2.2
 * has them do so at once). */
static void forget_bindings(struct phone *p)
{
    struct sip_registrar *r = &p->reg.registrar;
    for (uint32_t i = 0; i < r->used; i++) {
        const struct sip_binding *b = &r->bindings[i];
        if (b->is_used && !phone_wire_has(p, &b->source))
            sip_registrar_cut(r, i, p->now_at);
    }
}

/* Questions whose connection has ended before anything was answered get none (RFC 3261 §17.1.4).
 * What rings on is left alone: its answer comes over a new connection (§18.2.2). */
static void fail_questions(struct phone *p)
{
    for (uint32_t i = 0; i < p->txs.used; i++) {
        const struct sip_tx *t = &p->txs.tx[i];
        bool is_ours = t->kind == SIP_TX_INVITE_CLIENT || t->kind == SIP_TX_OTHER_CLIENT;
        if (t->state == SIP_TX_TRYING && is_ours && !phone_wire_has(p, &t->peer))
            phone_tx_failed(p, i);
    }
}

void phone_wire_turn(struct phone *p)
{
    const struct phone_tcp_hears hears = {is_let_in, take, p};
    struct sip_peer from;
    bool has_come = phone_tcp_turn(&p->tls, &hears, p->now_at);
    p->tcp.now_at = p->now_at;
    if (has_come || p->now_at >= phone_tcp_next_at(&p->tcp))
        has_come = phone_tcp_turn(&p->tcp, &hears, p->now_at);
    for (unsigned i = 0; has_come && i < PHONE_UDP_BATCH; i++) {
        size_t n = phone_udp_receive(&p->udp, p->bytes, &from);
        if (!n)
            break;
        phone_take(p, &(struct phone_datagram){p->bytes, n, from});
    }
    phone_secure_tell(p);
    if (!p->tcp.has_gone && !p->tls.has_gone)
        return;
    p->tcp.has_gone = p->tls.has_gone = false;
    forget_bindings(p);
    fail_questions(p);
}
