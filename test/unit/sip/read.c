/* read.c — what the reader of messages takes, refuses and drops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/read.h"

#define HEAD                                                                                       \
    "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa;rport\r\n"                                    \
    "From: \"A, B\" <sip:a@example.com>;tag=f1\r\nTo: <sip:b@example.com>\r\nCall-ID: c1\r\n"
#define INVITE "INVITE sip:b@example.com SIP/2.0\r\n" HEAD "CSeq: 7 INVITE\r\n"

static char bytes[SIP_MESSAGE_MAX + 1];
static struct sip_read r;

static enum sip_read_verdict read_text(const char *text)
{
    size_t n = strlen(text);
    assert_true(n <= SIP_MESSAGE_MAX);
    memcpy(bytes, text, n);
    return sip_read(&r, bytes, n);
}

static void assert_text(struct text t, const char *want)
{
    assert_int_equal(t.n, strlen(want));
    assert_memory_equal(t.p, want, t.n);
}

static void a_request_is_read_into_its_parts(void **state)
{
    (void)state;
    assert_int_equal(read_text(INVITE "Contact: <sip:a@192.0.2.1>;x=1\r\n"
                                      "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\n"
                                      "Content-Type: application/sdp\r\n"
                                      "Content-Length: 3\r\n\r\nv=0"),
                     SIP_READ_OK);
    assert_int_equal(r.in.method, SIP_METHOD_INVITE);
    assert_text(r.in.request_uri, "sip:b@example.com");
    assert_text(r.in.from_tag, "f1");
    assert_int_equal(r.in.to_tag.n, 0);
    assert_text(r.in.contact_uri, "sip:a@192.0.2.1");
    assert_text(r.in.body, "v=0");
    assert_int_equal(r.in.cseq, 7);
    assert_int_equal(r.in.routes_n, 2);
    assert_text(r.in.routes[1], "<sip:p2;lr>");
    assert_text(r.via.branch, "z9hG4bKa");
    assert_int_equal(r.via.port, 5062);
    assert_true(r.via.has_rport);
    assert_int_equal(r.max_forwards, 70);
}

static void a_response_is_read_with_the_method_of_its_cseq(void **state)
{
    (void)state;
    assert_int_equal(read_text("SIP/2.0 180 Ringing\r\n" HEAD "CSeq: 7 BYE\r\n\r\n"), SIP_READ_OK);
    assert_false(r.in.is_request);
    assert_int_equal(r.in.status, 180);
    assert_int_equal(r.in.method, SIP_METHOD_BYE);
}

static void folded_lines_and_short_names_are_understood(void **state)
{
    (void)state;
    assert_int_equal(read_text("BYE sip:b@example.com SIP/2.0\r\nv: SIP / 2.0\r\n /UDP h ;\r\n\t"
                               "branch = z9hG4bKb\r\nf:sip:a@h;tag=1\r\nt:sip:b@h ; tag = 2\r\n"
                               "i:\r\n c2\r\nCSEQ:  1\r\n BYE\r\nl:0\r\n\r\n"),
                     SIP_READ_OK);
    assert_text(r.via.branch, "z9hG4bKb");
    assert_text(r.in.to_tag, "2");
    assert_text(r.in.call_id, "c2");
}

struct wrong {
    const char *text;
    uint16_t status; /* 0: dropped */
};

static void each_fault_has_its_status(void **state)
{
    (void)state;
    static const struct wrong list[] = {
        {"INVITE  sip:b@h SIP/2.0\r\n" HEAD "CSeq: 1 INVITE\r\n\r\n", 400},
        {"INVITE sip:b@h SIP/2.0 \r\n" HEAD "CSeq: 1 INVITE\r\n\r\n", 400},
        {"INVITE <sip:b@h> SIP/2.0\r\n" HEAD "CSeq: 1 INVITE\r\n\r\n", 400},
        {"INVITE sip:b@h:0 SIP/2.0\r\n" HEAD "CSeq: 1 INVITE\r\n\r\n", 400},
        {"INVITE sip:b@h:65536 SIP/2.0\r\n" HEAD "CSeq: 1 INVITE\r\n\r\n", 400},
        {"INVITE sip:b@h SIP/3.0\r\n" HEAD "CSeq: 1 INVITE\r\n\r\n", 505},
        {"INVITE soap:b SIP/2.0\r\n" HEAD "CSeq: 1 INVITE\r\n\r\n", 416},
        {"INVITE sip:b@h SIP/2.0\r\n" HEAD "CSeq: 1 BYE\r\n\r\n", 400},
        {"INVITE sip:b@h SIP/2.0\r\n" HEAD "CSeq: 2147483648 INVITE\r\n\r\n", 400},
        {INVITE "Max-Forwards: 256\r\n\r\n", 400},
        {INVITE "Content-Length: 33\r\n\r\n", 400}, /* SIP_LENGTH_SLACK and one */
        {INVITE "Content-Length: -1\r\n\r\n", 400},
        {INVITE "Content-Length: 0\r\nContent-Length: 1\r\n\r\n1", 400},
        {INVITE "Call-ID: c2\r\n\r\n", 400},
        {INVITE "no colon here\r\n\r\n", 400},
        {INVITE "Contact: sip:a@h?b=c\r\n\r\n", 400},
        {INVITE "Contact: <sip:a@h\r\n\r\n", 400},
        {"INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\r\n", 400},
        {"INVITE sip:b@h SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n", 0}, /* nobody to answer */
        {"ACK sip:b@h SIP/3.0\r\n" HEAD "CSeq: 1 ACK\r\n\r\n", 0},
        {"SIP/2.0 099 Low\r\n" HEAD "CSeq: 1 BYE\r\n\r\n", 0},
        {"SIP/2.0 700 High\r\n" HEAD "CSeq: 1 BYE\r\n\r\n", 0},
        {"SIP/2.0 4294967301 Big\r\n" HEAD "CSeq: 1 BYE\r\n\r\n", 0},
        {"\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", 0},
        {"no line end", 0},
    };
    for (unsigned i = 0; i < ARRAY_LEN(list); i++) {
        enum sip_read_verdict v = read_text(list[i].text);
        assert_int_equal(v, list[i].status ? SIP_READ_REFUSED : SIP_READ_DROPPED);
        if (list[i].status)
            assert_int_equal(r.refusal, list[i].status);
    }
}

static void a_body_a_little_short_is_taken_as_it_is(void **state)
{
    (void)state;
    assert_int_equal(read_text(INVITE "Content-Length: 32\r\n\r\n"), SIP_READ_OK);
    assert_int_equal(r.in.body.n, 0);
    assert_int_equal(read_text(INVITE "Content-Length: 1\r\n\r\nab"), SIP_READ_OK);
    assert_text(r.in.body, "a");
}

/* How many lines of this kind a request may have; the last is the first too many. */
static void at_the_bound(const char *line, unsigned bound)
{
    char *text = malloc(SIP_MESSAGE_MAX);
    assert_non_null(text);
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t n = (size_t)snprintf(text, SIP_MESSAGE_MAX, "%s", INVITE);
        for (unsigned i = 0; i < bound + extra; i++)
            n += (size_t)snprintf(text + n, SIP_MESSAGE_MAX - n, "%s\r\n", line);
        snprintf(text + n, SIP_MESSAGE_MAX - n, "\r\n");
        assert_int_equal(read_text(text), extra ? SIP_READ_REFUSED : SIP_READ_OK);
    }
    free(text);
}

static void too_many_headers_vias_or_routes_are_refused(void **state)
{
    (void)state;
    at_the_bound("X: y", SIP_HEADERS_MAX - 5);
    at_the_bound("Via: SIP/2.0/UDP h", SIP_VIAS_MAX - 1);
    at_the_bound("Record-Route: <sip:h>", SIP_ROUTES_MAX);
}

static void a_message_too_long_is_dropped(void **state)
{
    (void)state;
    memset(bytes, '\n', sizeof(bytes));
    bytes[0] = 'x';
    assert_int_equal(sip_read(&r, bytes, sizeof(bytes)), SIP_READ_DROPPED);
}

static void values_are_taken_apart(void **state)
{
    (void)state;
    struct sip_address a;
    struct sip_uri_parts u;
    bool has;
    assert_true(sip_value_address(TEXT("\"a <b>; \\\" c\" <sip:x@h;p=1>;tag=9"), &a));
    assert_text(a.uri, "sip:x@h;p=1");
    assert_text(sip_value_param(a.params, TEXT("TAG"), &has), "9");
    assert_true(sip_value_uri(TEXT("sip:user;p=x?y@[2001:db8::1]:5070;transport=tcp"), &u));
    assert_text(u.user, "user;p=x?y");
    assert_text(u.host, "2001:db8::1");
    assert_int_equal(u.port, 5070);
    assert_true(u.is_ipv6);
    assert_false(sip_value_uri(TEXT("sip:[2001:db8::1"), &u));
    assert_false(sip_value_address(TEXT("\"open <sip:x@h>"), &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_read_into_its_parts),
        cmocka_unit_test(a_response_is_read_with_the_method_of_its_cseq),
        cmocka_unit_test(folded_lines_and_short_names_are_understood),
        cmocka_unit_test(each_fault_has_its_status),
        cmocka_unit_test(a_body_a_little_short_is_taken_as_it_is),
        cmocka_unit_test(too_many_headers_vias_or_routes_are_refused),
        cmocka_unit_test(a_message_too_long_is_dropped),
        cmocka_unit_test(values_are_taken_apart),
    };
    return cmocka_run_group_tests_name("sip/read", tests, NULL, NULL);
}
