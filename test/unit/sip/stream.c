/* stream.c — tests of sip/stream.h: messages and pings cut out of a stream, wherever it is torn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sip/stream.h"

#define FIRST "OPTIONS sip:a SIP/2.0\r\nContent-Length: 3\r\nTo: <sip:a>\r\n\r\nabc"
#define SECOND "SIP/2.0 200 OK\r\nl : 0\r\n\r\n"
#define THIRD "BYE sip:a SIP/2.0\r\n\r\n"
#define MAX 128

static enum sip_stream_verdict cut(const char *bytes, size_t *n)
{
    return sip_stream_cut(text_of(bytes), MAX, n);
}

static void messages_and_pings_come_out_one_by_one(void **state)
{
    (void)state;
    const char *at = "\r\n\r\n" FIRST "\r\n" SECOND THIRD;
    const enum sip_stream_verdict wanted[] = {SIP_STREAM_PING, SIP_STREAM_MESSAGE, SIP_STREAM_BLANK,
                                              SIP_STREAM_MESSAGE, SIP_STREAM_MESSAGE};
    const size_t lengths[] = {4, sizeof(FIRST) - 1, 2, sizeof(SECOND) - 1, sizeof(THIRD) - 1};
    for (unsigned i = 0; i < ARRAY_LEN(wanted); i++) {
        size_t n;
        assert_int_equal(cut(at, &n), wanted[i]);
        assert_int_equal(n, lengths[i]);
        at += n;
    }
    assert_string_equal(at, "");
}

static void a_message_torn_anywhere_waits_for_the_rest(void **state)
{
    (void)state;
    size_t n;
    for (size_t i = 0; i < sizeof(FIRST) - 1; i++)
        assert_int_equal(sip_stream_cut((struct text){FIRST, i}, MAX, &n), SIP_STREAM_MORE);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(sip_stream_cut((struct text){"\r\n\r\n", i}, MAX, &n), SIP_STREAM_MORE);
}

static void a_length_that_cannot_be_believed_breaks_the_stream(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "A b SIP/2.0\r\nContent-Length: x\r\n\r\n",
        "A b SIP/2.0\r\nContent-Length: -1\r\n\r\n",
        "A b SIP/2.0\r\nContent-Length:\r\n\r\n",
        "A b SIP/2.0\r\nl: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "A b SIP/2.0\r\nl: 99999999999999999999\r\n\r\n",
    };
    size_t n;
    for (unsigned i = 0; i < ARRAY_LEN(broken); i++)
        assert_int_equal(cut(broken[i], &n), SIP_STREAM_BROKEN);
    assert_int_equal(cut("A b SIP/2.0\r\nl: 1\r\nCONTENT-LENGTH: 1\r\n\r\nx", &n),
                     SIP_STREAM_MESSAGE);
}

static void another_protocol_breaks_the_stream(void **state)
{
    (void)state;
    static const char *const others[] = {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\1\2\3\r\n\r\n",
                                         "SIP\r\nVia: SIP/2.0/TCP a\r\n\r\n", " \r\n\r\n",
                                         "IP/2.0 200 OK\r\n\r\n"};
    static const char *const ours[] = {"A b sip/7.0\r\n\r\n", "SIP/3 1\r\n\r\n", "xSIP/\r\n\r\n"};
    size_t n;
    for (unsigned i = 0; i < ARRAY_LEN(others); i++)
        assert_int_equal(cut(others[i], &n), SIP_STREAM_BROKEN);
    for (unsigned i = 0; i < ARRAY_LEN(ours); i++)
        assert_int_equal(cut(ours[i], &n), SIP_STREAM_MESSAGE);
}

static void a_message_at_the_bound_is_whole_and_one_past_it_breaks(void **state)
{
    (void)state;
    char bytes[MAX + 2];
    size_t n;
    static const char head[] = "A b SIP/2.0\r\nl: 100\r\n\r\n";
    static_assert(sizeof(head) - 1 + 100 <= MAX, "the body brings it to the bound");
    memset(bytes, 'x', sizeof(bytes));
    memcpy(bytes, head, sizeof(head) - 1);
    size_t max = sizeof(head) - 1 + 100;
    assert_int_equal(sip_stream_cut((struct text){bytes, max}, max, &n), SIP_STREAM_MESSAGE);
    assert_int_equal(n, max);
    assert_int_equal(sip_stream_cut((struct text){bytes, max}, max - 1, &n), SIP_STREAM_BROKEN);
    memset(bytes, 'x', sizeof(bytes)); /* a head without end */
    assert_int_equal(sip_stream_cut((struct text){bytes, MAX - 1}, MAX, &n), SIP_STREAM_MORE);
    assert_int_equal(sip_stream_cut((struct text){bytes, MAX}, MAX, &n), SIP_STREAM_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_and_pings_come_out_one_by_one),
        cmocka_unit_test(a_message_torn_anywhere_waits_for_the_rest),
        cmocka_unit_test(a_length_that_cannot_be_believed_breaks_the_stream),
        cmocka_unit_test(another_protocol_breaks_the_stream),
        cmocka_unit_test(a_message_at_the_bound_is_whole_and_one_past_it_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
