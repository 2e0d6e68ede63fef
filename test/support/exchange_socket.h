/* exchange_socket.h — the socket of a peer of an exchange, over UDP or by one connection of TCP,
 * and the service's turns. Included by exchange_peer.h. */
#ifndef TEST_SUPPORT_EXCHANGE_SOCKET_H
#define TEST_SUPPORT_EXCHANGE_SOCKET_H

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/exchange.h"

struct peer {
    struct exchange *x;
    int fd;
    const char *ip, *user, *called; /* who calls whom */
    const char *contact;            /* user of its Contact; NULL: the same */
    uint16_t contact_port;          /* 0: where it is */
    char call_id[32], our_tag[80];  /* our_tag: the service's, once it was heard */
    char routes[512];               /* header lines of its INVITEs */
    unsigned cseq, branch, call_n;
    char said[4096], request[4096]; /* heard last; the last request heard */
    char sent[8192], credentials[1024];
    bool is_tcp;
    char in[8192]; /* of its connection: what is not heard yet */
    size_t in_n;
};

static inline void turn(struct exchange *x)
{
    phone_run(x->phone, x->now_at);
}

/* Time goes on; each timer at its instant. */
static inline void pass(struct exchange *x, ms_t by_ms)
{
    ms_t until_at = x->now_at + by_ms;
    for (turn(x); phone_next_at(x->phone) <= until_at; turn(x))
        if (phone_next_at(x->phone) > x->now_at)
            x->now_at = phone_next_at(x->phone);
    x->now_at = until_at;
    turn(x);
}

static inline struct peer peer_open(struct exchange *x, const char *ip)
{
    struct peer p = {.x = x, .ip = ip, .user = "0536491234", .called = "0536490010", .cseq = 1};
    struct sockaddr_in at = {.sin_family = AF_INET};
    p.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(inet_pton(AF_INET, ip, &at.sin_addr), 1);
    assert_int_equal(bind(p.fd, (struct sockaddr *)&at, sizeof(at)), 0);
    snprintf(p.call_id, sizeof(p.call_id), "call0@%s", ip);
    return p;
}

/* By another connection than before; the old one ends. */
static inline void peer_connect(struct peer *p)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(phone_bound(p->x->phone))};
    assert_int_equal(inet_pton(AF_INET, p->ip, &at.sin_addr), 1);
    assert_int_equal(inet_pton(AF_INET, AT_HOME, &to.sin_addr), 1);
    close(p->fd);
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(p->fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(connect(p->fd, (struct sockaddr *)&to, sizeof(to)), 0);
    p->is_tcp = true;
    p->in_n = 0;
    turn(p->x);
}

static inline struct peer peer_open_tcp(struct exchange *x, const char *ip)
{
    struct peer p = peer_open(x, ip);
    peer_connect(&p);
    return p;
}

static inline void peer_close(struct peer *p)
{
    close(p->fd);
}

/* Another call of the same peer. */
static inline void peer_again(struct peer *p)
{
    snprintf(p->call_id, sizeof(p->call_id), "call%u@%s", ++p->call_n, p->ip);
    p->our_tag[0] = '\0';
    p->cseq = 1;
}

static inline uint16_t peer_port(const struct peer *p)
{
    struct sockaddr_in at;
    socklen_t n = sizeof(at);
    assert_int_equal(getsockname(p->fd, (struct sockaddr *)&at, &n), 0);
    return ntohs(at.sin_port);
}

#endif
