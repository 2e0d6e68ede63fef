/* exchange_secure.h — calls over TLS without TLS: messages are handed over as if it had brought
 * them, what would go out is read from the tape. */
#ifndef TEST_SUPPORT_EXCHANGE_SECURE_H
#define TEST_SUPPORT_EXCHANGE_SECURE_H

#include "phone/leg.h"
#include "port/trace.h"
#include "test/support/exchange_desk.h"

#define KEY "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC"
#define OTHER_KEY "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"
#define PLAIN HEAD "m=audio 30000 RTP/AVP 8\r\n"
#define CRYPTO "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"
#define SECURE HEAD "m=audio 30000 RTP/SAVP 8\r\n" CRYPTO KEY "\r\n"
#define SECURE_HOLD SECURE "a=sendonly\r\n"
#define SECURE_ANEW HEAD "m=audio 30000 RTP/SAVP 8\r\n" CRYPTO OTHER_KEY "\r\n"

static _Alignas(8) uint8_t memory[TAPE_BYTES_MIN], record[TAPE_RECORD_MAX + 1];
static struct tape tape;
static uint64_t place;
static char our_tag[32];
static unsigned cseq;

static inline struct exchange *open_with(uint8_t srtp, bool is_tls)
{
    struct exchange *x = exchange_open(8);
    struct phone_trunk t = {.number = 7,
                            .at_n = 1,
                            .host = TEXT(AT_TRUNK),
                            .is_tls = is_tls,
                            .is_unprobed = true,
                            .priority = 1,
                            .srtp = srtp};
    assert_true(address_read(&t.at[0], TEXT(AT_TRUNK ":5061")));
    phone_trunks(x->phone, &t, 1);
    tape_open(&tape, memory, sizeof(memory));
    x->phone->trace = &tape;
    place = 0;
    cseq = 1;
    our_tag[0] = '\0';
    phone_run(x->phone, x->now_at);
    return x;
}

/* A message by this way, from the trunk. */
static inline void hand_over(struct exchange *x, const char *text, enum sip_transport transport)
{
    static char bytes[PHONE_UDP_BYTES_MAX];
    size_t n = strlen(text);
    struct phone_datagram d = {bytes, n, {.transport = (uint8_t)transport, .connection = 1}};
    memcpy(bytes, text, n);
    assert_true(address_read(&d.from.at, TEXT(AT_TRUNK ":5061")));
    phone_take(x->phone, &d);
}

static const char *scheme = "sip";

static inline void ask_by(struct exchange *x, enum sip_transport transport, const char *method,
                          const char *body)
{
    char text[4096];
    bool is_ack = !strcmp(method, "ACK");
    cseq += !is_ack;
    snprintf(text, sizeof(text),
             "%s %s:0536490010@h SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.2;branch=z9hG4bK%u%s\r\n"
             "From: <sip:0536491234@h>;tag=theirs\r\nTo: <sip:0536490010@h>%s%s\r\n"
             "Call-ID: one@h\r\nCSeq: %u %s\r\nContact: <sip:a@127.0.0.2;transport=tls>\r\n"
             "%sContent-Length: %zu\r\n\r\n%s",
             method, scheme, cseq, is_ack ? "a" : "", our_tag[0] ? ";tag=" : "", our_tag, cseq,
             method, *body ? "Content-Type: application/sdp\r\n" : "", strlen(body), body);
    hand_over(x, text, transport);
}

static inline void ask(struct exchange *x, const char *method, const char *body)
{
    ask_by(x, SIP_OVER_TLS, method, body);
}

/* What would have gone out next begins so; it stays in record, and its tag is noted. */
static inline const char *expect(const char *begin)
{
    struct trace_head head;
    const char *said = (char *)record + sizeof(head);
    do {
        size_t n = tape_next(&tape, &place, record);
        if (!n)
            fail_msg("nothing went, expected: %s", begin);
        memcpy(&head, record, sizeof(head));
        record[n] = '\0';
    } while (head.kind != TRACE_WENT);
    if (strncmp(said, begin, strlen(begin)) != 0)
        fail_msg("expected %s, went: %.60s", begin, said);
    const char *to = strstr(said, "\r\nTo: "), *tag = to ? strstr(to, ";tag=") : NULL;
    if (tag && !strncmp(said, "SIP/2.0", 7) && strncmp(begin, "SIP/2.0 4", 9) != 0)
        snprintf(our_tag, sizeof(our_tag), "%.16s", tag + 5);
    return said;
}

static inline void expect_silence(void)
{
    struct trace_head head = {.kind = TRACE_CAME};
    while (head.kind != TRACE_WENT && tape_next(&tape, &place, record))
        memcpy(&head, record, sizeof(head));
    assert_int_not_equal(head.kind, TRACE_WENT);
}

static inline uint64_t last_leg(const struct exchange *x)
{
    return x->reports[x->reports_n - 1].leg_id;
}

static inline uint64_t talking(struct exchange *x)
{
    ask(x, "INVITE", SECURE);
    expect("SIP/2.0 100");
    uint64_t id = last_leg(x);
    x->port.answer(x->port.arg, id);
    const char *said = expect("SIP/2.0 200");
    assert_non_null(strstr(said, "RTP/SAVP 8"));
    assert_non_null(strstr(said, CRYPTO));
    assert_non_null(strstr(said, ";transport=tls>"));
    ask(x, "ACK", "");
    assert_int_equal(x->reports[x->reports_n - 1].kind, PHONE_UP);
    return id;
}

/* The line of a request that begins so. */
static inline const char *line_of(const char *request, const char *name)
{
    static char lines[8][512];
    static unsigned next;
    char *to = lines[next++ % 8];
    const char *at = strstr(request, name);
    assert_non_null(at);
    snprintf(to, sizeof(lines[0]), "%.*s", (int)strcspn(at + 2, "\r"), at + 2);
    return to;
}

/* Of the other side; to a To without tag one is added. */
static inline void answer(struct exchange *x, const char *request, const char *status,
                          const char *body)
{
    char text[4096];
    const char *to = line_of(request, "\r\nTo: ");
    snprintf(text, sizeof(text),
             "SIP/2.0 %s\r\n%s\r\n%s\r\n%s%s\r\n%s\r\n%s\r\nContact: <sip:a@127.0.0.2>\r\n"
             "%sContent-Length: %zu\r\n\r\n%s",
             status, line_of(request, "\r\nVia: "), line_of(request, "\r\nFrom: "), to,
             strstr(to, ";tag=") ? "" : ";tag=t", line_of(request, "\r\nCall-ID: "),
             line_of(request, "\r\nCSeq: "), *body ? "Content-Type: application/sdp\r\n" : "",
             strlen(body), body);
    hand_over(x, text, SIP_OVER_TLS);
}

#endif
