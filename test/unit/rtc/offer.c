/* offer.c — tests of rtc/offer.h: each reason to refuse, bounds, who goes on, the answer's lines.
 * Offers of real browsers: test/golden/rtc.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rtc/offer.h"

#define PRINT                                                                                      \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:"   \
    "ee:ff"

static const char *const lines[] = {
    "v=0",
    "o=- 77 2 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126",
    "c=IN IP4 0.0.0.0",
    "a=ice-ufrag:iNOc",
    "a=ice-pwd:vZtWswKpbf+5+PLKf3Dy2BFD",
    "a=fingerprint:sha-256 " PRINT,
    "a=setup:actpass",
    "a=mid:0",
    "a=sendrecv",
    "a=rtcp-mux",
    "a=rtpmap:111 opus/48000/2",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:110 telephone-event/48000",
    "a=rtpmap:126 telephone-event/8000",
};

static const struct rtc_wish wish = {{SIP_CODEC_PCMA, SIP_CODEC_PCMU, SIP_CODEC_OPUS}, 3};

static char body[SIP_SDP_BODY_MAX + 64];

/* The offer, with the line that begins with old replaced: with none, left out. */
static struct text offer_with(const char *old, const char *fresh)
{
    size_t n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        const char *line = old && !strncmp(lines[i], old, strlen(old)) ? fresh : lines[i];
        if (line)
            n += (size_t)snprintf(body + n, sizeof(body) - n, "%s\r\n", line);
    }
    return (struct text){body, n};
}

static enum rtc_verdict read_with(const char *old, const char *fresh)
{
    struct rtc_offer o;
    return rtc_offer_read(&o, offer_with(old, fresh), &wish);
}

static void what_an_offer_says_is_kept(void **state)
{
    (void)state;
    struct rtc_offer o;
    assert_int_equal(rtc_offer_read(&o, offer_with(NULL, NULL), &wish), RTC_GOOD);
    assert_int_equal(o.session_id, 77);
    assert_int_equal(o.codec, SIP_CODEC_PCMA);
    assert_int_equal(o.payload, 8);
    assert_int_equal(o.digits, 126);
    assert_false(o.has_wide_digits);
    assert_int_equal(o.setup, RTC_ACTPASS);
    assert_true(o.is_bundled);
    assert_int_equal(o.fingerprint[1], 0x11);
    assert_int_equal(o.fingerprint[31], 0xff);
    assert_true(text_equal((struct text){o.ufrag, o.ufrag_n}, TEXT("iNOc")));
}

static void what_is_missing_is_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *old, *fresh;
        enum rtc_verdict wanted;
    } cases[] = {
        {"v=0", "hello", RTC_NOT_SDP},
        {"m=audio", "m=video 9 UDP/TLS/RTP/SAVPF 96", RTC_NO_SOUND},
        {"m=audio", "m=audio 9 RTP/AVP 8", RTC_NO_SOUND},
        {"m=audio", "m=audio 0 UDP/TLS/RTP/SAVPF 8", RTC_NO_SOUND},
        {"a=sendrecv", "a=recvonly", RTC_ONE_WAY},
        {"a=sendrecv", "a=inactive", RTC_ONE_WAY},
        {"a=rtcp-mux", NULL, RTC_NO_MUX},
        {"a=mid", NULL, RTC_NO_MID},
        {"a=mid", "a=mid:a b", RTC_NO_MID},
        {"a=ice-ufrag", NULL, RTC_NO_ICE},
        {"a=ice-ufrag", "a=ice-ufrag:abc", RTC_NO_ICE},
        {"a=ice-ufrag", "a=ice-ufrag:ab\tcd", RTC_NO_ICE},
        {"a=ice-pwd", "a=ice-pwd:short", RTC_NO_ICE},
        {"a=fingerprint", NULL, RTC_NO_FINGERPRINT},
        {"a=fingerprint", "a=fingerprint:sha-1 00:11", RTC_NO_FINGERPRINT},
        {"a=fingerprint", "a=fingerprint:sha-256 " PRINT ":00", RTC_NO_FINGERPRINT},
        {"a=fingerprint", "a=fingerprint:sha-256 G" PRINT, RTC_NO_FINGERPRINT},
        {"a=setup", NULL, RTC_NO_SETUP},
        {"a=setup", "a=setup:holdconn", RTC_NO_SETUP},
        {"m=audio", "m=audio 9 UDP/TLS/RTP/SAVPF 18", RTC_NO_CODEC},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        enum rtc_verdict v = read_with(cases[i].old, cases[i].fresh);
        assert_int_equal(v, cases[i].wanted);
        assert_true(strlen(rtc_why(v)) > 20);
    }
    assert_string_equal(rtc_why(RTC_GOOD), "");
}

static void words_of_the_session_hold_where_the_media_says_nothing(void **state)
{
    (void)state;
    struct rtc_offer o;
    char session[] = "s=-\r\na=setup:active\r\na=fingerprint:sha-256 " PRINT;
    offer_with("s=-", session);
    struct text whole = offer_with("a=setup", NULL);
    assert_int_equal(rtc_offer_read(&o, whole, &wish), RTC_NO_SETUP);
    assert_int_equal(rtc_offer_read(&o, offer_with("s=-", session), &wish), RTC_GOOD);
    assert_int_equal(o.setup, RTC_ACTPASS); /* the media's own */
    offer_with("a=setup", NULL);
    char moved[] = "t=0 0\r\na=setup:passive";
    size_t n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++)
        if (strncmp(lines[i], "a=setup", 7))
            n += (size_t)snprintf(body + n, sizeof(body) - n, "%s\r\n",
                                  strncmp(lines[i], "t=", 2) ? lines[i] : moved);
    assert_int_equal(rtc_offer_read(&o, (struct text){body, n}, &wish), RTC_GOOD);
    assert_int_equal(o.setup, RTC_PASSIVE);
}

static const char *repeated(const char *head, char c, size_t n)
{
    static char line[1024];
    size_t head_n = strlen(head);
    memcpy(line, head, head_n);
    memset(line + head_n, c, n);
    line[head_n + n] = '\0';
    return line;
}

static void words_may_be_as_long_as_their_bound_and_no_longer(void **state)
{
    (void)state;
    assert_int_equal(read_with("a=mid", repeated("a=mid:", 'm', RTC_MID_MAX)), RTC_GOOD);
    assert_int_equal(read_with("a=mid", repeated("a=mid:", 'm', RTC_MID_MAX + 1)), RTC_NO_MID);
    assert_int_equal(read_with("a=ice-ufrag", repeated("a=ice-ufrag:", 'u', RTC_UFRAG_MAX)),
                     RTC_GOOD);
    assert_int_equal(read_with("a=ice-ufrag", repeated("a=ice-ufrag:", 'u', RTC_UFRAG_MAX + 1)),
                     RTC_NO_ICE);
    assert_int_equal(read_with("a=ice-pwd", repeated("a=ice-pwd:", 'p', RTC_PASSWORD_MIN)),
                     RTC_GOOD);
    assert_int_equal(read_with("a=ice-pwd", repeated("a=ice-pwd:", 'p', RTC_PASSWORD_MIN - 1)),
                     RTC_NO_ICE);
    assert_int_equal(read_with("a=ice-pwd", repeated("a=ice-pwd:", 'p', RTC_UFRAG_MAX + 1)),
                     RTC_NO_ICE);
}

static void an_offer_that_is_too_long_is_refused(void **state)
{
    (void)state;
    struct rtc_offer o;
    struct text t = offer_with(NULL, NULL);
    memset(body + t.n, '\n', sizeof(body) - t.n);
    assert_int_equal(rtc_offer_read(&o, (struct text){body, SIP_SDP_BODY_MAX}, &wish), RTC_GOOD);
    assert_int_equal(rtc_offer_read(&o, (struct text){body, SIP_SDP_BODY_MAX + 1}, &wish),
                     RTC_TOO_LONG);
}

static struct text with_more_lines(unsigned more_n)
{
    struct text t = offer_with(NULL, NULL);
    size_t n = t.n;
    for (unsigned i = 0; i < more_n; i++)
        n += (size_t)snprintf(body + n, sizeof(body) - n, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n");
    return (struct text){body, n};
}

static void other_lines_are_refused_in_the_answer_up_to_the_bound(void **state)
{
    (void)state;
    struct rtc_offer o;
    assert_int_equal(rtc_offer_read(&o, with_more_lines(SIP_SDP_MEDIA_MAX - 1), &wish), RTC_GOOD);
    assert_int_equal(o.lines_n, SIP_SDP_MEDIA_MAX);
    assert_int_equal(rtc_offer_read(&o, with_more_lines(SIP_SDP_MEDIA_MAX), &wish),
                     RTC_TOO_MANY_LINES);
}

static void the_longest_answer_fits_its_bound(void **state)
{
    (void)state;
    struct rtc_offer o;
    char out[RTC_ANSWER_MAX];
    struct address_pair self;
    static const struct rtc_wish opus = {{SIP_CODEC_OPUS}, 1};
    assert_true(
        address_pair_read(&self, TEXT("192.168.100.200, 2001:db8:1111:2222:3333:4444:5555:6666")));
    struct rtc_answer a = {.self = &self,
                           .port = 65535,
                           .session_id = UINT64_MAX,
                           .version = UINT64_MAX,
                           .is_active = true};
    memset(a.ufrag, 'u', sizeof(a.ufrag));
    memset(a.password, 'p', sizeof(a.password));
    offer_with("a=mid", repeated("a=mid:", 'm', RTC_MID_MAX));
    size_t n = strlen(body);
    for (unsigned i = 1; i < SIP_SDP_MEDIA_MAX; i++)
        n += (size_t)snprintf(
            body + n, sizeof(body) - n,
            "m=applicationxxxxx 9 UDP/TLS/RTP/SAVPFxxxxxxx abcdefghijklmnopqrstuvwx\r\n");
    assert_int_equal(rtc_offer_read(&o, (struct text){body, n}, &opus), RTC_GOOD);
    struct text_out written = {.p = out, .max = sizeof(out)};
    assert_true(rtc_answer_write(&written, &o, &a));
    written = (struct text_out){.p = out, .max = written.n - 1};
    assert_false(rtc_answer_write(&written, &o, &a));
}

static void codecs_are_chosen_in_our_order_with_their_keys(void **state)
{
    (void)state;
    struct rtc_offer o;
    static const struct rtc_wish opus = {{SIP_CODEC_G722, SIP_CODEC_OPUS, SIP_CODEC_PCMA}, 3};
    assert_int_equal(rtc_offer_read(&o, offer_with(NULL, NULL), &opus), RTC_GOOD);
    assert_int_equal(o.codec, SIP_CODEC_OPUS);
    assert_int_equal(o.payload, 111);
    assert_int_equal(o.digits, 110);
    assert_true(o.has_wide_digits);
    assert_int_equal(rtc_offer_read(&o, offer_with("a=rtpmap:1", NULL), &opus), RTC_GOOD);
    assert_int_equal(o.codec, SIP_CODEC_PCMA);
    assert_int_equal(o.digits, RTC_NO_PAYLOAD);
}

static void only_the_same_connection_with_the_same_certificate_goes_on(void **state)
{
    (void)state;
    struct rtc_offer o, before;
    assert_int_equal(rtc_offer_read(&before, offer_with(NULL, NULL), &wish), RTC_GOOD);
    assert_int_equal(rtc_offer_read(&o, offer_with("a=ice-ufrag", "a=ice-ufrag:other"), &wish),
                     RTC_GOOD);
    assert_true(rtc_offer_goes_on(&o, &before));
    assert_int_equal(rtc_offer_read(&o, offer_with("o=", "o=- 78 2 IN IP4 127.0.0.1"), &wish),
                     RTC_GOOD);
    assert_false(rtc_offer_goes_on(&o, &before));
    o = before;
    o.fingerprint[31] ^= 1;
    assert_false(rtc_offer_goes_on(&o, &before));
    o = before;
    o.session_id = before.session_id = 0; /* not said: no way to know */
    assert_false(rtc_offer_goes_on(&o, &before));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_offer_says_is_kept),
        cmocka_unit_test(what_is_missing_is_refused_in_words),
        cmocka_unit_test(words_of_the_session_hold_where_the_media_says_nothing),
        cmocka_unit_test(words_may_be_as_long_as_their_bound_and_no_longer),
        cmocka_unit_test(an_offer_that_is_too_long_is_refused),
        cmocka_unit_test(other_lines_are_refused_in_the_answer_up_to_the_bound),
        cmocka_unit_test(the_longest_answer_fits_its_bound),
        cmocka_unit_test(codecs_are_chosen_in_our_order_with_their_keys),
        cmocka_unit_test(only_the_same_connection_with_the_same_certificate_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
