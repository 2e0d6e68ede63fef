/* leg_secure.c — encrypted sound and who may have it: what is agreed over TLS, what a re-INVITE
 * cannot take away, who is refused. Messages are handed over as if TLS had brought them; what would
 * go out is read from the tape. */
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

static struct exchange *open_with(uint8_t srtp, bool is_tls)
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
static void hand_over(struct exchange *x, const char *text, enum sip_transport transport)
{
    static char bytes[PHONE_UDP_BYTES_MAX];
    size_t n = strlen(text);
    struct phone_datagram d = {bytes, n, {.transport = (uint8_t)transport, .connection = 1}};
    memcpy(bytes, text, n);
    assert_true(address_read(&d.from.at, TEXT(AT_TRUNK ":5061")));
    phone_take(x->phone, &d);
}

static const char *scheme = "sip";

static void ask_by(struct exchange *x, enum sip_transport transport, const char *method,
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

static void ask(struct exchange *x, const char *method, const char *body)
{
    ask_by(x, SIP_OVER_TLS, method, body);
}

/* What would have gone out next begins so; it stays in record, and its tag is noted. */
static const char *expect(const char *begin)
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

static void expect_silence(void)
{
    struct trace_head head = {.kind = TRACE_CAME};
    while (head.kind != TRACE_WENT && tape_next(&tape, &place, record))
        memcpy(&head, record, sizeof(head));
    assert_int_not_equal(head.kind, TRACE_WENT);
}

static uint64_t last_leg(const struct exchange *x)
{
    return x->reports[x->reports_n - 1].leg_id;
}

static uint64_t talking(struct exchange *x)
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

/* ---- */

static void what_is_agreed_is_what_the_engine_does(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    talking(x);
    assert_int_equal(phone_totals(x->phone).legs_tls_n, 1);
    assert_int_equal(phone_totals(x->phone).legs_srtp_n, 1);
    const struct media_secret *secret = &x->streams[0].want.secret;
    struct sip_crypto said;
    const char *line = strstr((char *)record + sizeof(struct trace_head), "a=crypto:");
    assert_non_null(line);
    line += strlen("a=crypto:");
    assert_true(sip_crypto_read(&said, (struct text){line, strcspn(line, "\r")}));
    assert_int_equal(secret->suite, MEDIA_CM_80);
    assert_memory_equal(secret->ours, said.key, sizeof(said.key));
    for (unsigned i = 0; i < 30; i++)
        assert_int_equal(secret->theirs[i], 2);
    exchange_drop(x);
}

static void a_reinvite_or_update_cannot_take_the_encryption_away(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    talking(x);
    const struct media_want before = x->streams[0].want;
    ask(x, "INVITE", PLAIN);
    expect("SIP/2.0 488");
    ask(x, "ACK", "");
    ask(x, "UPDATE", PLAIN);
    expect("SIP/2.0 488");
    assert_memory_equal(&x->streams[0].want, &before, sizeof(before));
    ask(x, "INVITE", SECURE_HOLD); /* it lives, and may be held */
    expect("SIP/2.0 100");
    expect("SIP/2.0 200");
    ask(x, "ACK", "");
    assert_int_equal(x->streams[0].want.direction, MEDIA_RECVONLY);
    assert_memory_equal(&x->streams[0].want.secret, &before.secret, sizeof(before.secret));
    ask(x, "UPDATE", SECURE_ANEW); /* another key of theirs: another one of ours */
    expect("SIP/2.0 200");
    assert_int_equal(x->streams[0].want.secret.theirs[0], 4);
    assert_memory_not_equal(x->streams[0].want.secret.ours, before.secret.ours, 30);
    exchange_drop(x);
}

static void where_it_is_required_nothing_else_is_taken(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_REQUIRE, true);
    ask(x, "INVITE", PLAIN);
    expect("SIP/2.0 100");
    expect("SIP/2.0 488");
    ask(x, "ACK", "");
    our_tag[0] = '\0';
    ask_by(x, SIP_OVER_UDP, "INVITE", SECURE);
    expect("SIP/2.0 403 TLS Required");
    ask_by(x, SIP_OVER_TCP, "INVITE", PLAIN);
    expect("SIP/2.0 403 TLS Required");
    assert_int_equal(x->reports_n, 0);
    exchange_drop(x);
}

static void keys_that_came_in_the_clear_are_not_taken(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, false);
    ask_by(x, SIP_OVER_UDP, "INVITE", SECURE);
    expect("SIP/2.0 100");
    expect("SIP/2.0 488");
    exchange_drop(x);
}

static void where_it_is_refused_it_is_not_taken_even_over_tls(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_REFUSE, true);
    ask(x, "INVITE", SECURE);
    expect("SIP/2.0 100");
    expect("SIP/2.0 488");
    exchange_drop(x);
}

static void two_accesses_at_one_address_are_told_apart_by_their_way(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_REFUSE, false);
    struct phone_source both[] = {exchange_source(AT_TRUNK, false),
                                  exchange_source(AT_TRUNK, false)};
    struct phone_trunk t[] = {x->phone->trunks[0].is, x->phone->trunks[0].is};
    both[1].is_tls = t[1].is_tls = true;
    both[1].trunk_id = t[1].number = 8;
    t[1].host = TEXT("sip.operateur.example");
    t[1].srtp = PHONE_SRTP_REQUIRE;
    phone_trunks(x->phone, t, 2);
    phone_sources(x->phone, both, 2);
    ask(x, "INVITE", SECURE);
    expect("SIP/2.0 100");
    assert_int_equal(x->reports[0].arrived.trunk_id, 8);
    exchange_drop(x);
    x = open_with(PHONE_SRTP_REFUSE, false);
    phone_sources(x->phone, both, 2);
    ask_by(x, SIP_OVER_UDP, "INVITE", PLAIN);
    expect("SIP/2.0 100");
    assert_int_equal(x->reports[0].arrived.trunk_id, 7);
    exchange_drop(x);
}

static void a_call_over_tls_is_not_touched_by_another_way(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    talking(x);
    unsigned reports_n = x->reports_n;
    ask_by(x, SIP_OVER_UDP, "BYE", "");
    expect("SIP/2.0 403 TLS Required");
    ask_by(x, SIP_OVER_TCP, "INVITE", SECURE_ANEW);
    expect("SIP/2.0 403 TLS Required");
    assert_int_equal(x->reports_n, reports_n);
    assert_int_equal(x->streams[0].want.secret.theirs[0], 2);
    ask(x, "BYE", "");
    expect("SIP/2.0 200");
    assert_int_equal(x->reports[x->reports_n - 1].kind, PHONE_ENDED);
    exchange_drop(x);
}

static void who_asks_by_a_sips_uri_is_answered_with_one(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    scheme = "sips";
    ask(x, "INVITE", SECURE);
    scheme = "sip";
    expect("SIP/2.0 100");
    x->port.answer(x->port.arg, last_leg(x));
    const char *said = expect("SIP/2.0 200");
    assert_non_null(strstr(said, "\r\nContact: <sips:decroche@"));
    exchange_drop(x);
}

static void a_telephone_in_the_clear_hears_why_it_is_refused(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    struct peer desk = peer_open(x, AT_DESK);
    x->phone->secure.srtp = PHONE_SRTP_REQUIRE;
    peer_new(&desk, "REGISTER", "");
    peer_expect(&desk, "SIP/2.0 403 TLS Required");
    peer_again(&desk);
    peer_invite(&desk);
    peer_expect(&desk, "SIP/2.0 403 TLS Required");
    x->phone->secure.srtp = PHONE_SRTP_ALLOW;
    peer_again(&desk);
    peer_new(&desk, "REGISTER", "");
    peer_expect(&desk, "SIP/2.0 401");
    peer_close(&desk);
    exchange_drop(x);
}

static void one_line_may_be_heard_over_tls_alone(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    struct peer desk = peer_open(x, AT_DESK);
    x->phone->secure.srtp = PHONE_SRTP_ALLOW;
    desk.user = desk.called = "101";
    desk_register(&desk, "s3cret", 300);
    assert_true(x->port.is_there(x->port.arg, 1));
    phone_line_encrypt(x->phone, TEXT("101"));
    const struct phone_call call = {.aor = 1, .number = TEXT("0536491234")};
    assert_int_equal(x->port.call(x->port.arg, &call), 0); /* bound before, in the clear */
    peer_new(&desk, "REGISTER", "");
    peer_expect(&desk, "SIP/2.0 401");
    desk_credentials(&desk, "101", "s3cret", "REGISTER");
    desk.our_tag[0] = '\0';
    desk.branch++;
    desk.cseq++;
    peer_ask(&desk, "REGISTER", desk.credentials, "");
    peer_expect(&desk, "SIP/2.0 403 TLS Required");
    desk.user = desk.called = "102"; /* another one is not asked for it */
    desk_register(&desk, "other", 300);
    peer_close(&desk);
    exchange_drop(x);
}

/* ---- ours ---------------------------------------------------------------------------------- */

static uint64_t dial(struct exchange *x)
{
    return x->port.dial(x->port.arg, &(struct phone_dial){.number = TEXT("33536490000")});
}

/* The line of a request that begins so. */
static const char *line_of(const char *request, const char *name)
{
    static char lines[8][512];
    static unsigned next;
    char *to = lines[next++ % 8];
    const char *at = strstr(request, name);
    assert_non_null(at);
    snprintf(to, sizeof(lines[0]), "%.*s", (int)strcspn(at + 2, "\r"), at + 2);
    return to;
}

static void answer(struct exchange *x, const char *request, const char *status, const char *body)
{
    char text[4096];
    snprintf(text, sizeof(text),
             "SIP/2.0 %s\r\n%s\r\n%s\r\n%s;tag=t\r\n%s\r\n%s\r\nContact: <sip:a@127.0.0.2>\r\n"
             "%sContent-Length: %zu\r\n\r\n%s",
             status, line_of(request, "\r\nVia: "), line_of(request, "\r\nFrom: "),
             line_of(request, "\r\nTo: "), line_of(request, "\r\nCall-ID: "),
             line_of(request, "\r\nCSeq: "), *body ? "Content-Type: application/sdp\r\n" : "",
             strlen(body), body);
    hand_over(x, text, SIP_OVER_TLS);
}

static void our_offer_is_encrypted_and_in_the_clear_only_once_that_was_refused(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    char first[4096];
    assert_int_not_equal(dial(x), 0);
    snprintf(first, sizeof(first), "%s", expect("INVITE "));
    assert_non_null(strstr(first, "RTP/SAVP 8 0"));
    assert_non_null(strstr(first, "a=crypto:1 AEAD_AES_128_GCM inline:"));
    assert_non_null(strstr(first, "Via: SIP/2.0/TLS "));
    answer(x, first, "488 Not Acceptable Here", "");
    expect("ACK ");
    snprintf(first, sizeof(first), "%s", expect("INVITE "));
    assert_non_null(strstr(first, "RTP/AVP 8 0"));
    assert_null(strstr(first, "crypto"));
    answer(x, first, "200 OK", PLAIN);
    expect("ACK ");
    assert_int_equal(x->streams[0].want.secret.suite, MEDIA_PLAIN);
    assert_int_equal(x->reports[x->reports_n - 1].kind, PHONE_UP);
    exchange_drop(x);
}

static void where_it_is_required_nothing_is_offered_in_the_clear(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_REQUIRE, true);
    char first[4096];
    dial(x);
    snprintf(first, sizeof(first), "%s", expect("INVITE "));
    answer(x, first, "488 Not Acceptable Here", "");
    expect("ACK ");
    expect_silence();
    assert_int_equal(x->reports[x->reports_n - 1].kind, PHONE_REFUSED);
    dial(x);
    snprintf(first, sizeof(first), "%s", expect("INVITE "));
    answer(x, first, "200 OK", PLAIN); /* as if it had not read what was offered */
    expect("ACK ");
    expect("BYE ");
    assert_int_equal(x->reports[x->reports_n - 1].kind, PHONE_REFUSED);
    exchange_drop(x);
}

static void an_answer_by_another_way_is_none(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    char first[4096], text[4096];
    dial(x);
    snprintf(first, sizeof(first), "%s", expect("INVITE "));
    snprintf(text, sizeof(text),
             "SIP/2.0 486 Busy Here\r\n%s\r\n%s\r\n%s;tag=t\r\n%s\r\n%s\r\n"
             "Content-Length: 0\r\n\r\n",
             line_of(first, "\r\nVia: "), line_of(first, "\r\nFrom: "), line_of(first, "\r\nTo: "),
             line_of(first, "\r\nCall-ID: "), line_of(first, "\r\nCSeq: "));
    hand_over(x, text, SIP_OVER_UDP);
    expect_silence();
    assert_int_equal(x->reports_n, 0);
    hand_over(x, text, SIP_OVER_TLS);
    expect("ACK ");
    assert_int_equal(x->reports[x->reports_n - 1].kind, PHONE_REFUSED);
    exchange_drop(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_agreed_is_what_the_engine_does),
        cmocka_unit_test(a_reinvite_or_update_cannot_take_the_encryption_away),
        cmocka_unit_test(where_it_is_required_nothing_else_is_taken),
        cmocka_unit_test(keys_that_came_in_the_clear_are_not_taken),
        cmocka_unit_test(where_it_is_refused_it_is_not_taken_even_over_tls),
        cmocka_unit_test(two_accesses_at_one_address_are_told_apart_by_their_way),
        cmocka_unit_test(a_call_over_tls_is_not_touched_by_another_way),
        cmocka_unit_test(who_asks_by_a_sips_uri_is_answered_with_one),
        cmocka_unit_test(a_telephone_in_the_clear_hears_why_it_is_refused),
        cmocka_unit_test(one_line_may_be_heard_over_tls_alone),
        cmocka_unit_test(our_offer_is_encrypted_and_in_the_clear_only_once_that_was_refused),
        cmocka_unit_test(where_it_is_required_nothing_is_offered_in_the_clear),
        cmocka_unit_test(an_answer_by_another_way_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
