/* key.c — which messages meet in one transaction, and which must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "phone/inbound.h"

static const struct phone_secret secret = {{1, 2}, {3, 4}};
static struct sip_read r;
static char bytes[2048];

static void read_request(const char *method, const char *branch, const char *host)
{
    snprintf(bytes, sizeof(bytes),
             "%s sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s\r\nFrom: <sip:a@h>;tag=1\r\n"
             "To: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 %s\r\n\r\n",
             method, host, branch, method);
    assert_int_equal(sip_read(&r, bytes, strlen(bytes)), SIP_READ_OK);
}

static struct sip_tx_key key_of(const char *method, const char *branch, const char *host)
{
    read_request(method, branch, host);
    enum sip_method as = r.in.method == SIP_METHOD_ACK ? SIP_METHOD_INVITE : r.in.method;
    return phone_key_request(&secret, &r, as);
}

static bool meet(struct sip_tx_key a, struct sip_tx_key b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

static void an_ack_meets_its_invite_and_nothing_else_does(void **state)
{
    (void)state;
    struct sip_tx_key invite = key_of("INVITE", "z9hG4bK1", "h:5060");
    assert_true(meet(invite, key_of("INVITE", "z9hG4bK1", "h:5060")));
    assert_true(meet(invite, key_of("ACK", "z9hG4bK1", "h:5060")));
    assert_false(meet(invite, key_of("CANCEL", "z9hG4bK1", "h:5060")));
    assert_false(meet(invite, key_of("INVITE", "z9hG4bK2", "h:5060")));
    assert_false(meet(invite, key_of("INVITE", "z9hG4bK1", "i:5060")));
    assert_false(meet(invite, key_of("INVITE", "z9hG4bK1", "h:5061")));
}

static void a_cancel_finds_the_invite_that_it_cancels(void **state)
{
    (void)state;
    struct sip_tx_key invite = key_of("INVITE", "z9hG4bK1", "h");
    read_request("CANCEL", "z9hG4bK1", "h");
    assert_true(meet(invite, phone_key_request(&secret, &r, SIP_METHOD_INVITE)));
}

static void without_the_cookie_the_rules_of_rfc_2543_hold(void **state)
{
    (void)state;
    struct sip_tx_key invite = key_of("INVITE", "1", "h");
    assert_true(meet(invite, key_of("ACK", "1", "h")));
    assert_false(meet(invite, key_of("INVITE", "2", "h")));
    read_request("INVITE", "z9hG4bK", "h"); /* the cookie alone is none (RFC 4475 §3.2.1) */
    r.in.call_id = TEXT("other");
    struct sip_tx_key other = phone_key_request(&secret, &r, SIP_METHOD_INVITE);
    assert_false(meet(other, key_of("INVITE", "z9hG4bK", "h")));
}

static void another_secret_gives_other_keys_and_tags(void **state)
{
    (void)state;
    static const struct phone_secret second = {{1, 2}, {3, 5}};
    struct sip_tx_key mine = key_of("INVITE", "z9hG4bK1", "h");
    struct sip_tx_key theirs = phone_key_request(&second, &r, SIP_METHOD_INVITE);
    assert_int_not_equal(mine.lo, theirs.lo);
    char a[PHONE_TAG_N], b[PHONE_TAG_N];
    assert_true(text_equal(phone_key_tag(&secret, &r, a), phone_key_tag(&secret, &r, b)));
}

static enum phone_verdict take(struct phone_door *door, const char *text, char *answer, size_t max)
{
    struct phone_answer a = {.out = {.p = answer, .max = max - 1}};
    size_t n = strlen(text);
    memcpy(bytes, text, n);
    const struct phone_datagram d = {
        bytes, n, {.at = {.ip = {192, 0, 2, 7}, .family = 4, .port = 9}}};
    enum phone_verdict v = phone_door_take(door, &d, &r, &a);
    answer[a.out.n] = 0;
    if (v == PHONE_ANSWERED)
        assert_int_equal(a.reply_to.at.ip[3], 7); /* always to where it came from */
    return v;
}

#define OPTIONS                                                                                    \
    "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1:77;branch=z9hG4bKx;rport\r\n"          \
    "From: <sip:a@h>;tag=1\r\nTo: <sip:h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"

static void strangers_get_silence_or_403_as_settings_say(void **state)
{
    (void)state;
    struct phone_door door = {.secret = secret};
    char answer[2048];
    assert_int_equal(take(&door, OPTIONS "\r\n", answer, sizeof(answer)), PHONE_SILENT);
    door.tells_strangers = true;
    assert_int_equal(take(&door, OPTIONS "\r\n", answer, sizeof(answer)), PHONE_ANSWERED);
    assert_non_null(strstr(answer, "SIP/2.0 403 "));
    assert_int_equal(door.strangers_n, 2);
}

static void a_known_source_gets_its_answer_where_it_came_from(void **state)
{
    (void)state;
    struct phone_door door = {.secret = secret,
                              .sources = {{.net = {{.ip = {192, 0, 2, 7}, .family = 4}, 32}}},
                              .sources_n = 1};
    char answer[2048];
    assert_int_equal(take(&door, OPTIONS "\r\n", answer, sizeof(answer)), PHONE_ANSWERED);
    assert_non_null(strstr(answer, "SIP/2.0 200 OK\r\n"));
    assert_non_null(strstr(answer, ";received=192.0.2.7;rport=9\r\n"));
    assert_int_equal(
        take(&door, OPTIONS "Require: a, b\r\nRequire: c\r\n\r\n", answer, sizeof(answer)),
        PHONE_ANSWERED);
    assert_non_null(strstr(answer, "SIP/2.0 420 "));
    assert_non_null(strstr(answer, "Unsupported: a, b, c\r\n"));
    assert_int_equal(take(&door, OPTIONS "Require: a, Timer\r\n\r\n", answer, sizeof(answer)),
                     PHONE_ANSWERED);
    assert_non_null(strstr(answer, "Unsupported: a\r\n"));
    assert_int_equal(take(&door, OPTIONS "Require: timer\r\n\r\n", answer, sizeof(answer)),
                     PHONE_ANSWERED);
    assert_non_null(strstr(answer, "SIP/2.0 200 OK\r\n"));
    assert_non_null(strstr(answer, "Supported: timer, 100rel, replaces\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ack_meets_its_invite_and_nothing_else_does),
        cmocka_unit_test(a_cancel_finds_the_invite_that_it_cancels),
        cmocka_unit_test(without_the_cookie_the_rules_of_rfc_2543_hold),
        cmocka_unit_test(another_secret_gives_other_keys_and_tags),
        cmocka_unit_test(strangers_get_silence_or_403_as_settings_say),
        cmocka_unit_test(a_known_source_gets_its_answer_where_it_came_from),
    };
    return cmocka_run_group_tests_name("phone/key", tests, NULL, NULL);
}
