/* exchange_peer.h — a telephone or trunk with a socket of its own, that says what a test wants, and
 * the service's turns. One call at a time: a peer keeps its Call-ID, tags and numbers. */
#ifndef TEST_SUPPORT_EXCHANGE_PEER_H
#define TEST_SUPPORT_EXCHANGE_PEER_H

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/exchange.h"

#define SDP                                                                                        \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"                    \
    "m=audio 30000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
#define SDP_HOLD SDP "a=sendonly\r\n"
#define SDP_USELESS                                                                                \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"                    \
    "m=audio 30000 RTP/AVP 97\r\na=rtpmap:97 opus/48000\r\n"

struct peer {
    struct exchange *x;
    int fd;
    const char *ip, *user, *called; /* who calls whom */
    const char *contact;            /* user of its Contact; NULL: the same */
    char call_id[32], our_tag[80];  /* our_tag: the service's, once it was heard */
    char routes[512];               /* header lines of its INVITEs */
    unsigned cseq, branch, call_n;
    char said[4096], request[4096]; /* heard last; the last request heard */
    char sent[8192], credentials[1024];
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

static inline void peer_send(struct peer *p, const char *text)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(phone_bound(p->x->phone))};
    assert_int_equal(inet_pton(AF_INET, AT_HOME, &to.sin_addr), 1);
    assert_true(sendto(p->fd, text, strlen(text), 0, (struct sockaddr *)&to, sizeof(to)) > 0);
    turn(p->x);
}

/* The same bytes once more. */
static inline void peer_repeat(struct peer *p)
{
    peer_send(p, p->sent);
}

/* A request of the call; lines: further headers. A CANCEL and the ACK of a refusal keep the branch.
 */
static inline void peer_ask(struct peer *p, const char *method, const char *lines, const char *body)
{
    char tag[96] = "";
    if (p->our_tag[0] && strcmp(method, "CANCEL") != 0)
        snprintf(tag, sizeof(tag), ";tag=%s", p->our_tag);
    snprintf(p->sent, sizeof(p->sent),
             "%s sip:%s@h SIP/2.0\r\nVia: SIP/2.0/UDP %s:%u;branch=z9hG4bK-%s-%u;rport\r\n%s"
             "From: <sip:%s@h>;tag=theirs\r\nTo: <sip:%s@h>%s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n"
             "Contact: <sip:%s@%s:%u>\r\n%s%sContent-Length: %zu\r\n\r\n%s",
             method, p->called, p->ip, peer_port(p), p->call_id, p->branch, p->routes, p->user,
             p->called, tag, p->call_id, p->cseq, method, p->contact ? p->contact : p->user, p->ip,
             peer_port(p), lines,
             *body && !strstr(lines, "Content-Type") ? "Content-Type: application/sdp\r\n" : "",
             strlen(body), body);
    peer_send(p, p->sent);
}

/* A new request: its own branch and number. */
static inline void peer_new(struct peer *p, const char *method, const char *body)
{
    p->branch++;
    p->cseq++;
    peer_ask(p, method, "", body);
}

static inline void peer_invite(struct peer *p)
{
    peer_new(p, "INVITE", SDP);
}

/* Of a 200: a branch of its own, the number of the INVITE. */
static inline void peer_ack(struct peer *p)
{
    p->branch++;
    peer_ask(p, "ACK", "", "");
}

/* ---- what it hears ----------------------------------------------------------------------------
 */

static inline bool peer_hears(struct peer *p)
{
    ssize_t n = recv(p->fd, p->said, sizeof(p->said) - 1, 0);
    if (n <= 0)
        return false;
    p->said[n] = '\0';
    const char *to = strstr(p->said, "\r\nTo: "), *tag = to ? strstr(to, ";tag=") : NULL;
    size_t line_n = to ? strcspn(to + 2, "\r") : 0;
    if (strncmp(p->said, "SIP/2.0", 7) != 0) {
        memcpy(p->request, p->said, sizeof(p->request));
    } else if (tag && tag < to + 2 + line_n) {
        tag += strlen(";tag=");
        size_t tag_n = strcspn(tag, ";\r>");
        memcpy(p->our_tag, tag, tag_n);
        p->our_tag[tag_n] = '\0';
    }
    return true;
}

/* The next thing it hears begins like this: "SIP/2.0 200", "BYE". */
static inline void peer_expect(struct peer *p, const char *begin)
{
    if (!peer_hears(p))
        fail_msg("nothing came, expected: %s", begin);
    if (strncmp(p->said, begin, strlen(begin)) != 0)
        fail_msg("expected %s, heard: %.60s", begin, p->said);
}

static inline void peer_expect_silence(struct peer *p)
{
    if (peer_hears(p))
        fail_msg("expected silence, heard: %.60s", p->said);
}

/* Whatever it hears is passed over. */
static inline void peer_ignore(struct peer *p)
{
    while (peer_hears(p))
        ;
}

#endif
