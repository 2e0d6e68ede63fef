/* multipart.c — a description among other parts is found, in each form that operators write; what
 * is broken is left as it came; each bound and past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/multipart.h"

#define SDP "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\n"
#define ISUP "Content-Type: application/isup;version=itu-t92+\r\n\r\n\x01\x00--b\xff\n\r\n"

static struct sip_read read;

/* What is read of a body of this type. */
static struct text opened(const char *type, const char *body, size_t n)
{
    static char bytes[8192];
    int head_n = snprintf(bytes, sizeof(bytes),
                          "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                          "From: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\n"
                          "CSeq: 1 INVITE\r\nContent-Type: %s\r\n\r\n",
                          type);
    assert_true((size_t)head_n + n <= sizeof(bytes));
    memcpy(bytes + head_n, body, n);
    assert_int_equal(sip_read(&read, bytes, (size_t)head_n + n), SIP_READ_OK);
    sip_multipart_open(&read);
    return read.in.body;
}

#define OPENED(type, body) opened(type, "" body, sizeof(body) - 1)

static void is_found(struct text body)
{
    assert_true(text_equal(read.in.content_type, TEXT("application/sdp")));
    /* Its last line end belongs to the delimiter, or to it: a description is read either way. */
    assert_true(text_starts_fold(body, TEXT("v=0\r\no=- 1 1 IN IP4 127.0.0.2")));
    assert_true(body.n <= sizeof(SDP "\r\n") - 1);
}

static void is_left(struct text body, size_t n)
{
    assert_false(text_equal(read.in.content_type, TEXT("application/sdp")));
    assert_int_equal(body.n, n);
}

static void a_description_is_found_among_other_parts(void **state)
{
    (void)state;
    is_found(OPENED("multipart/mixed;boundary=b",
                    "--b\r\nContent-Type: application/sdp\r\n\r\n" SDP "\r\n--b--\r\n"));
    is_found(OPENED("multipart/mixed;boundary=\"b\"",
                    "preamble\r\n--b\r\n" ISUP "--b\r\nc: Application/SDP;x=y\r\n\r\n" SDP
                    "\r\n--b--\r\nepilogue"));
    is_found(OPENED("Multipart/Alternative; charset=x; boundary=unique-1",
                    "\r\n--unique-1\nContent-Disposition: session\nContent-Type: application/sdp\n"
                    "Content-Transfer-Encoding: 8bit\n\n" SDP "\n--unique-1 \n\nx\n--unique-1--"));
    is_found(OPENED("multipart/mixed;boundary=b",
                    "--b\r\n\r\nno head at all\r\n--b\r\nContent-Type: application/sdp\r\n\r\n" SDP
                    "--b--"));
}

static void what_is_no_multipart_is_left_as_it_came(void **state)
{
    (void)state;
    struct text body = OPENED("application/sdp", SDP);
    assert_int_equal(body.n, sizeof(SDP) - 1);
    is_left(
        OPENED("text/plain;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--"),
        48);
}

static void what_is_broken_is_left_as_it_came(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
    } cases[] = {
        {"multipart/mixed", "--b\r\nContent-Type: application/sdp\r\n\r\n" SDP "\r\n--b--\r\n"},
        {"multipart/mixed;boundary=", "--\r\nContent-Type: application/sdp\r\n\r\n" SDP "--\r\n"},
        {"multipart/mixed;boundary=\"\"", "--\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--"},
        {"multipart/mixed;boundary=b", ""},
        {"multipart/mixed;boundary=b", "--b"},
        {"multipart/mixed;boundary=b", "--b\r\n"},
        {"multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\n" SDP},
        {"multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n" SDP "--b--"},
        {"multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\n--b--\r\n"},
        {"multipart/mixed;boundary=b", "--c\r\nContent-Type: application/sdp\r\n\r\n" SDP "--c--"},
        {"multipart/mixed;boundary=b", "--bc\r\nContent-Type: application/sdp\r\n\r\n" SDP "--b--"},
        {"multipart/mixed;boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--"},
        {"multipart/mixed;boundary=b",
         "--b\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\n"
         "dj0wDQo=\r\n--b--"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
        is_left(opened(cases[i].type, cases[i].body, strlen(cases[i].body)), strlen(cases[i].body));
}

static void of_many_parts_so_many_are_looked_at(void **state)
{
    (void)state;
    for (unsigned before_n = SIP_MULTIPART_PARTS_MAX - 1; before_n <= SIP_MULTIPART_PARTS_MAX;
         before_n++) {
        char body[2048];
        size_t n = 0;
        for (unsigned i = 0; i < before_n; i++)
            n += (size_t)snprintf(body + n, sizeof(body) - n, "--b\r\n\r\nx\r\n");
        n += (size_t)snprintf(body + n, sizeof(body) - n,
                              "--b\r\nContent-Type: application/sdp\r\n\r\n" SDP "\r\n--b--\r\n");
        struct text part = opened("multipart/mixed;boundary=b", body, n);
        if (before_n < SIP_MULTIPART_PARTS_MAX)
            is_found(part);
        else
            is_left(part, n);
    }
}

static void a_boundary_has_a_bound(void **state)
{
    (void)state;
    for (unsigned long_n = SIP_MULTIPART_BOUNDARY_MAX; long_n <= SIP_MULTIPART_BOUNDARY_MAX + 1;
         long_n++) {
        char boundary[128], type[256], body[1024];
        memset(boundary, 'b', long_n);
        boundary[long_n] = '\0';
        snprintf(type, sizeof(type), "multipart/mixed;boundary=%s", boundary);
        int n = snprintf(body, sizeof(body),
                         "--%s\r\nContent-Type: application/sdp\r\n\r\n" SDP "\r\n--%s--\r\n",
                         boundary, boundary);
        struct text part = opened(type, body, (size_t)n);
        if (long_n == SIP_MULTIPART_BOUNDARY_MAX)
            is_found(part);
        else
            is_left(part, (size_t)n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_description_is_found_among_other_parts),
        cmocka_unit_test(what_is_no_multipart_is_left_as_it_came),
        cmocka_unit_test(what_is_broken_is_left_as_it_came),
        cmocka_unit_test(of_many_parts_so_many_are_looked_at),
        cmocka_unit_test(a_boundary_has_a_bound),
    };
    return cmocka_run_group_tests_name("sip/multipart", tests, NULL, NULL);
}
