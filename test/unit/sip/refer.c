/* refer.c — REFER (RFC 3515): whom it names, which call it replaces, and what it may not say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/refer.h"

static struct sip_refer refer;

static bool read_lines(const char *lines)
{
    static struct sip_read read;
    static char bytes[4096];
    int n = snprintf(bytes, sizeof(bytes),
                     "REFER sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                     "From: <sip:c@d>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\n"
                     "CSeq: 1 REFER\r\n%s\r\n",
                     lines);
    assert_int_equal(sip_read(&read, bytes, (size_t)n), SIP_READ_OK);
    assert_int_equal(read.in.method, SIP_METHOD_REFER);
    return sip_refer_read(&refer, &read);
}

static void assert_user(const char *user)
{
    assert_true(text_equal((struct text){refer.user, refer.user_n}, text_of(user)));
}

static void a_number_is_named_in_each_form(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Refer-To: <sip:102@h>\r\n",
        "r: sip:102@h\r\n",
        "Refer-To: \"Bureau\" <sip:102@h:5060;transport=tcp?X=y>;method=INVITE\r\n",
        "Refer-To: <sips:%3102@h>\r\n",
    };
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        assert_true(read_lines(lines[i]));
        assert_user("102");
        assert_false(refer.has_replaces);
    }
    assert_false(refer.wants_no_news);
    assert_true(read_lines("Refer-To: <sip:102@h>\r\nRefer-Sub: false\r\n"));
    assert_true(refer.wants_no_news);
}

static void a_call_that_is_replaced_is_unescaped(void **state)
{
    (void)state;
    assert_true(
        read_lines("Refer-To: <sip:102@h?Replaces=12%40x%3bto-tag%3D77%3Bfrom-tag%3Da-b>\r\n"));
    assert_true(refer.has_replaces);
    assert_true(text_equal(refer.replaces.call_id, TEXT("12@x")));
    assert_true(text_equal(refer.replaces.to_tag, TEXT("77")));
    assert_true(text_equal(refer.replaces.from_tag, TEXT("a-b")));
    assert_true(
        read_lines("Refer-To: "
                   "<sip:102@h?Require=replaces&replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3>\r\n"));
    assert_true(text_equal(refer.replaces.call_id, TEXT("1")));
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "Refer-To: \r\n",
        "Refer-To: <sip:102@h>\r\nRefer-To: <sip:103@h>\r\n",
        "Refer-To: <sip:1%02@h>\r\n",
        "Refer-To: <sip:1%0a2@h>\r\n",
        "Refer-To: <sip:1%7f@h>\r\n",
        "Refer-To: <sip:1%g0@h>\r\n",
        "Refer-To: <sip:1%4@h>\r\n",
        "Refer-To: <mailto:a@b>\r\n",
        "Refer-To: <sip:102@h?Replaces=12%40x>\r\n",
        "Refer-To: <sip:102@h?Replaces=1%3Bto-tag%3D2%0d%0aX:%3Bfrom-tag%3D3>\r\n",
    };
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++)
        if (read_lines(lines[i]))
            fail_msg("taken: %s", lines[i]);
}

/* At the bound, and past it. */
static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    char lines[2048], many[1024];
    memset(many, '7', sizeof(many));
    snprintf(lines, sizeof(lines), "Refer-To: <sip:%.*s@h>\r\n", SIP_REFER_USER_MAX, many);
    assert_true(read_lines(lines));
    assert_int_equal(refer.user_n, SIP_REFER_USER_MAX);
    snprintf(lines, sizeof(lines), "Refer-To: <sip:%.*s@h>\r\n", SIP_REFER_USER_MAX + 1, many);
    assert_false(read_lines(lines));
    int room = (int)sizeof(refer.bytes) - (int)strlen(";to-tag=2;from-tag=3");
    snprintf(lines, sizeof(lines), "Refer-To: <sip:1@h?Replaces=%.*s;to-tag=2;from-tag=3>\r\n",
             room, many);
    assert_true(read_lines(lines));
    snprintf(lines, sizeof(lines), "Refer-To: <sip:1@h?Replaces=%.*s;to-tag=2;from-tag=3>\r\n",
             room + 1, many);
    assert_false(read_lines(lines));
}

static void what_came_of_it_is_said_as_a_fragment(void **state)
{
    (void)state;
    char lines[SIP_REFER_LINES_MAX], body[64];
    struct text_out out = {.p = lines, .max = sizeof(lines)}, in = {.p = body, .max = sizeof(body)};
    sip_refer_put_lines(&out, 100);
    sip_refer_put_body(&in, 100);
    assert_true(text_equal((struct text){out.p, out.n},
                           TEXT("Event: refer\r\nSubscription-State: active;expires=60\r\n")));
    assert_true(text_equal((struct text){in.p, in.n}, TEXT("SIP/2.0 100 Trying\r\n")));
    out.n = in.n = 0;
    sip_refer_put_lines(&out, 503);
    sip_refer_put_body(&in, 503);
    assert_true(text_equal((struct text){in.p, in.n}, TEXT("SIP/2.0 503 Service Unavailable\r\n")));
    assert_int_equal(strncmp(lines + strlen("Event: refer\r\n"),
                             "Subscription-State: terminated;reason=noresource\r\n", 49),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_named_in_each_form),
        cmocka_unit_test(a_call_that_is_replaced_is_unescaped),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(what_came_of_it_is_said_as_a_fragment),
    };
    return cmocka_run_group_tests_name("sip/refer", tests, NULL, NULL);
}
