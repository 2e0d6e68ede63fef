/* exchange_desk.h — a telephone of the house: it proves its line by digest, registers, and answers
 * the calls that come to it as a test wants. */
#ifndef TEST_SUPPORT_EXCHANGE_DESK_H
#define TEST_SUPPORT_EXCHANGE_DESK_H

#include "phone/hash.h"
#include "test/support/exchange_peer.h"

/* The lines of the last request heard that an answer repeats. */
static inline size_t desk_copied(const struct peer *p, char *to, size_t max, const char *tag)
{
    static const char *const names[] = {"Via: ", "From: ", "To: ", "Call-ID: ", "CSeq: "};
    size_t n = 0;
    for (const char *line = p->request; line && *line; line = strchr(line, '\n') + 1) {
        size_t line_n = strcspn(line, "\r\n");
        if (!line_n)
            break;
        for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
            if (strncmp(line, names[i], strlen(names[i])) != 0)
                continue;
            bool adds_tag = i == 2 && *tag && !strstr(line, ";tag=theirs");
            n += (size_t)snprintf(to + n, max - n, "%.*s%s%s\r\n", (int)line_n, line,
                                  adds_tag ? ";tag=" : "", adds_tag ? tag : "");
        }
    }
    return n;
}

/* Answers the last request heard; to a To without tag this one is added. */
static inline void desk_answer_as(struct peer *p, const char *tag, const char *status,
                                  const char *body)
{
    char copied[2048];
    desk_copied(p, copied, sizeof(copied), tag);
    snprintf(p->sent, sizeof(p->sent),
             "SIP/2.0 %s\r\n%sContact: <sip:set@%s:%u>\r\n%sContent-Length: %zu\r\n\r\n%s", status,
             copied, p->ip, peer_port(p), *body ? "Content-Type: application/sdp\r\n" : "",
             strlen(body), body);
    peer_send(p, p->sent);
}

static inline void desk_answer(struct peer *p, const char *status, const char *body)
{
    desk_answer_as(p, "theirs", status, body);
}

/* An Authorization for the first challenge of p->said, to p->credentials. */
static inline void desk_credentials(struct peer *p, const char *username, const char *secret,
                                    const char *method)
{
    const char *at = strstr(p->said, "WWW-Authenticate: ");
    const struct sip_digest_hash hash = phone_hash();
    struct sip_digest_said challenge;
    assert_non_null(at);
    at += strlen("WWW-Authenticate: ");
    assert_true(sip_digest_read(&challenge, (struct text){at, strcspn(at, "\r")}));
    struct text_out out = {.p = p->credentials, .max = sizeof(p->credentials) - 1};
    const struct sip_digest_answer answer = {.challenge = &challenge,
                                             .username = text_of(username),
                                             .secret = text_of(secret),
                                             .method = text_of(method),
                                             .uri = TEXT("sip:h"),
                                             .cnonce = TEXT("abcdef"),
                                             .count = 1};
    assert_true(sip_digest_put_answer(&out, &answer, &hash));
    p->credentials[out.n] = '\0';
}

/* Registers the line of its user for so long; 0: signs off. */
static inline void desk_register(struct peer *p, const char *secret, unsigned seconds)
{
    char lines[1200];
    const char *called = p->called;
    p->called = p->user;
    peer_again(p);
    p->branch++;
    p->cseq++;
    snprintf(lines, sizeof(lines), "Expires: %u\r\n", seconds);
    peer_ask(p, "REGISTER", lines, "");
    peer_expect(p, "SIP/2.0 401");
    desk_credentials(p, p->user, secret, "REGISTER");
    p->our_tag[0] = '\0';
    p->branch++;
    p->cseq++;
    snprintf(lines, sizeof(lines), "Expires: %u\r\n%s", seconds, p->credentials);
    peer_ask(p, "REGISTER", lines, "");
    peer_expect(p, "SIP/2.0 200");
    p->called = called;
    peer_again(p);
}

/* Line 101, registered. */
static inline struct peer desk_open(struct exchange *x)
{
    struct peer p = peer_open(x, AT_DESK);
    p.user = "101";
    desk_register(&p, "s3cret", 300);
    return p;
}

/* The service calls it for a waiting caller; the leg. */
static inline uint64_t desk_called(struct peer *p, uint64_t near_id)
{
    const struct phone_call call = {.aor = 1,
                                    .near_id = near_id,
                                    .number = TEXT("0536491234"),
                                    .name = TEXT("Sant\xc3\xa9 \"1\"")};
    uint64_t id = p->x->port.call(p->x->port.arg, &call);
    assert_int_not_equal(id, 0);
    peer_expect(p, "INVITE sip:101@");
    return id;
}

/* The same, picked up. */
static inline uint64_t desk_talks(struct peer *p)
{
    uint64_t id = desk_called(p, 0);
    desk_answer(p, "200 OK", SDP);
    peer_expect(p, "ACK sip:set@");
    return id;
}

#endif
