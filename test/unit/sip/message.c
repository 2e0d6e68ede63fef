/* message.c — the exact bytes of what we send (RFC 3261 §7, §8.1.1, §8.2.6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/message.h"

#define T(s)                                                                                       \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }

static const struct sip_in invite = {
    .is_request = true,
    .method = SIP_METHOD_INVITE,
    .method_name = T("INVITE"),
    .vias = {T("SIP/2.0/UDP 192.0.2.1:5070;rport;branch=z9hG4bK1"),
             T("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK0")},
    .vias_n = 2,
    .via_suffix = T(";received=198.51.100.1;rport=1024"),
    .routes = {T("<sip:p2;lr>"), T("<sip:p1;lr>")},
    .routes_n = 2,
    .from = T("\"Zo\303\251\" <sip:zoe@192.0.2.9>;tag=f1"),
    .to = T("<sip:3949@198.51.100.5>"),
    .from_tag = T("f1"),
    .call_id = T("c1@192.0.2.9"),
    .cseq = 17,
};

static void assert_written(const struct text_out *out, const char *expected)
{
    assert_int_equal(out->n, strlen(expected));
    assert_memory_equal(out->p, expected, out->n);
}

static void an_answer_that_makes_a_dialog_carries_the_route_and_our_tag(void **state)
{
    (void)state;
    char room[2048];
    struct text_out out = {.p = room, .max = sizeof(room)};
    const struct sip_answer answer = {.status = 200,
                                      .to_tag = TEXT("t1"),
                                      .contact = TEXT("sip:us@198.51.100.5:5060"),
                                      .headers = TEXT("Allow: INVITE, ACK, BYE\r\n"),
                                      .content_type = TEXT("application/sdp"),
                                      .body = TEXT("v=0\r\n")};
    assert_true(sip_write_answer(&out, &invite, &answer));
    assert_written(&out, "SIP/2.0 200 OK\r\n"
                         "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1"
                         ";received=198.51.100.1;rport=1024\r\n"
                         "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK0\r\n"
                         "Record-Route: <sip:p2;lr>\r\n"
                         "Record-Route: <sip:p1;lr>\r\n"
                         "From: \"Zo\303\251\" <sip:zoe@192.0.2.9>;tag=f1\r\n"
                         "To: <sip:3949@198.51.100.5>;tag=t1\r\n"
                         "Call-ID: c1@192.0.2.9\r\n"
                         "CSeq: 17 INVITE\r\n"
                         "Contact: <sip:us@198.51.100.5:5060>\r\n"
                         "Allow: INVITE, ACK, BYE\r\n"
                         "Content-Type: application/sdp\r\n"
                         "Content-Length: 5\r\n\r\nv=0\r\n");
}

static void a_refusal_carries_no_route_and_a_tag_that_was_there_is_left_alone(void **state)
{
    (void)state;
    char room[2048];
    struct text_out out = {.p = room, .max = sizeof(room)};
    struct sip_in in = invite;
    in.vias_n = 1;
    in.via_suffix = TEXT_NONE;
    in.to = TEXT("<sip:3949@198.51.100.5>;tag=t0");
    in.to_tag = TEXT("t0");
    const struct sip_answer answer = {.status = 481, .reason = TEXT("Gone"), .to_tag = TEXT("t1")};
    assert_true(sip_write_answer(&out, &in, &answer));
    assert_written(&out, "SIP/2.0 481 Gone\r\n"
                         "Via: SIP/2.0/UDP 192.0.2.1:5070;rport;branch=z9hG4bK1\r\n"
                         "From: \"Zo\303\251\" <sip:zoe@192.0.2.9>;tag=f1\r\n"
                         "To: <sip:3949@198.51.100.5>;tag=t0\r\n"
                         "Call-ID: c1@192.0.2.9\r\n"
                         "CSeq: 17 INVITE\r\n"
                         "Content-Length: 0\r\n\r\n");
}

static void a_request_is_written_in_full(void **state)
{
    (void)state;
    char room[2048];
    struct text_out out = {.p = room, .max = sizeof(room)};
    const struct sip_ask ask = {.method = SIP_METHOD_INVITE,
                                .request_uri = TEXT("sip:agent7@203.0.113.7:5062"),
                                .via = TEXT("SIP/2.0/UDP 198.51.100.5;branch=z9hG4bKx;rport"),
                                .routes = TEXT("<sip:proxy;lr>"),
                                .from = TEXT("<sip:3949@198.51.100.5>;tag=l"),
                                .to = TEXT("<sip:agent7@198.51.100.5>"),
                                .call_id = TEXT("id"),
                                .contact = TEXT("sip:198.51.100.5"),
                                .content_type = TEXT("application/sdp"),
                                .body = TEXT("v=0\r\n"),
                                .cseq = 1};
    assert_true(sip_write_ask(&out, &ask));
    assert_written(&out, "INVITE sip:agent7@203.0.113.7:5062 SIP/2.0\r\n"
                         "Via: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bKx;rport\r\n"
                         "Route: <sip:proxy;lr>\r\n"
                         "Max-Forwards: 70\r\n"
                         "From: <sip:3949@198.51.100.5>;tag=l\r\n"
                         "To: <sip:agent7@198.51.100.5>\r\n"
                         "Call-ID: id\r\n"
                         "CSeq: 1 INVITE\r\n"
                         "Contact: <sip:198.51.100.5>\r\n"
                         "Content-Type: application/sdp\r\n"
                         "Content-Length: 5\r\n\r\nv=0\r\n");
}

static void a_message_one_byte_too_long_is_not_written(void **state)
{
    (void)state;
    char room[2048];
    struct text_out out = {.p = room, .max = sizeof(room)};
    const struct sip_answer answer = {.status = 100};
    assert_true(sip_write_answer(&out, &invite, &answer));
    size_t n = out.n;
    out = (struct text_out){.p = room, .max = n};
    assert_true(sip_write_answer(&out, &invite, &answer));
    out = (struct text_out){.p = room, .max = n - 1};
    assert_false(sip_write_answer(&out, &invite, &answer));
}

static void only_an_empty_rport_gives_way(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"SIP/2.0/UDP h;RPORT", "Via: SIP/2.0/UDP h;r=1\r\n"},
        {"SIP/2.0/UDP h;rport=9", "Via: SIP/2.0/UDP h;rport=9;r=1\r\n"},
        {"SIP/2.0/UDP h;rports", "Via: SIP/2.0/UDP h;rports;r=1\r\n"},
        {"SIP/2.0/UDP h;rport ;b=1", "Via: SIP/2.0/UDP h ;b=1;r=1\r\n"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(pairs); i++) {
        char room[512];
        struct text_out out = {.p = room, .max = sizeof(room) - 1};
        struct sip_in in = invite;
        const struct sip_answer answer = {.status = 100};
        in.vias_n = 1;
        in.vias[0] = text_of(pairs[i][0]);
        in.via_suffix = TEXT(";r=1");
        assert_true(sip_write_answer(&out, &in, &answer));
        room[out.n] = 0;
        assert_non_null(strstr(room, pairs[i][1]));
    }
}

static void methods_have_names_and_others_are_not_asked(void **state)
{
    (void)state;
    char room[256];
    struct text_out out = {.p = room, .max = sizeof(room)};
    for (unsigned m = SIP_METHOD_OTHER + 1; m < SIP_METHODS; m++)
        assert_int_equal(sip_method_of(sip_method_name((enum sip_method)m)), m);
    assert_int_equal(sip_method_of(TEXT("invite")), SIP_METHOD_OTHER); /* case counts, §7.1 */
    const struct sip_ask ask = {.method = SIP_METHOD_OTHER};
    assert_false(sip_write_ask(&out, &ask));
    assert_true(text_equal(sip_reason(486), TEXT("Busy Here")));
    assert_true(text_equal(sip_reason(299), TEXT("Unknown")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_makes_a_dialog_carries_the_route_and_our_tag),
        cmocka_unit_test(a_refusal_carries_no_route_and_a_tag_that_was_there_is_left_alone),
        cmocka_unit_test(a_request_is_written_in_full),
        cmocka_unit_test(a_message_one_byte_too_long_is_not_written),
        cmocka_unit_test(only_an_empty_rport_gives_way),
        cmocka_unit_test(methods_have_names_and_others_are_not_asked),
    };
    return cmocka_run_group_tests_name("sip/message", tests, NULL, NULL);
}
