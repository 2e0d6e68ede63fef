/* leg_secure.c — encrypted sound and who may have it: what is agreed over TLS, what a re-INVITE
 * cannot take away, who is refused. Messages are handed over as if TLS had brought them; what would
 * go out is read from the tape. */
#include "test/support/exchange_secure.h"

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

static void our_offer_is_encrypted_and_in_the_clear_only_once_that_was_refused(void **state)
{
    (void)state;
    struct exchange *x = open_with(PHONE_SRTP_ALLOW, true);
    char first[TAPE_RECORD_MAX + 1];
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
    char first[TAPE_RECORD_MAX + 1];
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
    char first[TAPE_RECORD_MAX + 1], text[4096];
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
