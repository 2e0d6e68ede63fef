/* exchange_peer.h — a telephone or trunk with a socket of its own, that says what a test wants, and
 * the service's turns. One call at a time: a peer keeps its Call-ID, tags and numbers. */
#ifndef TEST_SUPPORT_EXCHANGE_PEER_H
#define TEST_SUPPORT_EXCHANGE_PEER_H

#include "test/support/exchange_socket.h"

#define SDP                                                                                        \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"                    \
    "m=audio 30000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
#define SDP_HOLD SDP "a=sendonly\r\n"
#define SDP_USELESS                                                                                \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"                    \
    "m=audio 30000 RTP/AVP 97\r\na=rtpmap:97 opus/48000\r\n"

static inline void peer_send(struct peer *p, const char *text)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(phone_bound(p->x->phone))};
    if (p->is_tcp) {
        assert_true(send(p->fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text));
        turn(p->x);
        turn(p->x);
        return;
    }
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
             "%s sip:%s@h SIP/2.0\r\nVia: SIP/2.0/%s %s:%u;branch=z9hG4bK-%s-%u;rport\r\n%s"
             "From: <sip:%s@h>;tag=theirs\r\nTo: <sip:%s@h>%s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n"
             "Contact: <sip:%s@%s:%u>\r\n%s%sContent-Length: %zu\r\n\r\n%s",
             method, p->called, p->is_tcp ? "TCP" : "UDP", p->ip, peer_port(p), p->call_id,
             p->branch, p->routes, p->user, p->called, tag, p->call_id, p->cseq, method,
             p->contact ? p->contact : p->user, p->ip,
             p->contact_port ? p->contact_port : peer_port(p), lines,
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

/* The first whole message of what its connection has brought. */
static inline ssize_t peer_cut(struct peer *p)
{
    ssize_t n = recv(p->fd, p->in + p->in_n, sizeof(p->in) - 1 - p->in_n, MSG_DONTWAIT);
    p->in_n += n > 0 ? (size_t)n : 0;
    p->in[p->in_n] = '\0';
    const char *end = strstr(p->in, "\r\n\r\n"), *length = strstr(p->in, "Content-Length: ");
    if (!end || !length)
        return 0;
    size_t whole_n = (size_t)(end + 4 - p->in) + strtoul(length + 16, NULL, 10);
    if (whole_n > p->in_n)
        return 0;
    memcpy(p->said, p->in, whole_n);
    p->in_n -= whole_n;
    memmove(p->in, p->in + whole_n, p->in_n + 1);
    return (ssize_t)whole_n;
}

static inline bool peer_hears(struct peer *p)
{
    ssize_t n = p->is_tcp ? peer_cut(p) : recv(p->fd, p->said, sizeof(p->said) - 1, 0);
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
