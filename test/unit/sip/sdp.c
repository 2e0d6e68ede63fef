/* sdp.c — session descriptions at and past their bounds, addresses in and out. What phones send is
 * in test/golden/sdp. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/offer.h"

static char room[SIP_SDP_BODY_MAX + 64];

/* "v=0", then n times a line, with an end of line of the caller's liking. */
static struct text body(const char *line, unsigned n, const char *end)
{
    struct text_out out = {.p = room, .max = sizeof(room)};
    text_put(&out, TEXT("v=0"));
    text_put(&out, text_of(end));
    for (unsigned i = 0; i < n; i++) {
        text_put(&out, text_of(line));
        text_put(&out, text_of(end));
    }
    assert_false(out.is_cut);
    return (struct text){room, out.n};
}

static void lines_may_end_with_lf_cr_or_both(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r", "\r\n", "\r\n\r\n", "\n\n"};
    for (unsigned i = 0; i < ARRAY_LEN(ends); i++) {
        struct sip_sdp sdp;
        assert_int_equal(sip_sdp_read(&sdp, body("m=audio 9 RTP/AVP 8", 2, ends[i])), SIP_SDP_OK);
        assert_int_equal(sdp.media_n, 2);
        assert_int_equal(sdp.media[1].formats[0].clock_hz, 8000);
    }
}

static void more_media_than_we_keep_are_counted_and_their_words_passed_over(void **state)
{
    (void)state;
    struct sip_sdp sdp;
    const char *line = "m=audio 9 RTP/AVP 96\na=rtpmap:96 PCMA/8000\nc=IN IP4 1.2.3.4\na=inactive";
    assert_int_equal(sip_sdp_read(&sdp, body(line, SIP_SDP_MEDIA_MAX, "\n")), SIP_SDP_OK);
    assert_int_equal(sdp.media_n, SIP_SDP_MEDIA_MAX);
    assert_int_equal(sdp.media_left_out_n, 0);
    assert_int_equal(sip_sdp_read(&sdp, body(line, SIP_SDP_MEDIA_MAX * 10, "\n")), SIP_SDP_OK);
    assert_int_equal(sdp.media_n, SIP_SDP_MEDIA_MAX);
    assert_int_equal(sdp.media_left_out_n, SIP_SDP_MEDIA_MAX * 9);
    assert_int_equal(sdp.direction, SIP_SDP_UNSAID);
}

static void more_formats_than_we_keep_are_counted(void **state)
{
    (void)state;
    struct sip_sdp sdp;
    char line[1024] = "m=audio 9 RTP/AVP 8 8"; /* said twice: counted once */
    for (unsigned i = 0; i < SIP_SDP_FORMATS_MAX; i++)
        memcpy(line + strlen(line),
               (char[]){' ', '1', '0' + (char)(i / 10), '0' + (char)(i % 10), 0}, 5);
    assert_int_equal(sip_sdp_read(&sdp, body(line, 1, "\n")), SIP_SDP_OK);
    assert_int_equal(sdp.media[0].formats_n, SIP_SDP_FORMATS_MAX);
    assert_int_equal(sdp.media[0].formats_left_out_n, 1);
}

static void a_body_or_its_lines_past_the_bound_are_refused(void **state)
{
    (void)state;
    struct sip_sdp sdp;
    struct text t = body("a=x", SIP_SDP_LINES_MAX - 1, "\n");
    assert_int_equal(sip_sdp_read(&sdp, t), SIP_SDP_OK);
    t = body("a=x", SIP_SDP_LINES_MAX, "\n");
    assert_int_equal(sip_sdp_read(&sdp, t), SIP_SDP_TOO_LONG);
    memset(room, '\n', sizeof(room));
    memcpy(room, "v=0", 3);
    assert_int_equal(sip_sdp_read(&sdp, (struct text){room, SIP_SDP_BODY_MAX}), SIP_SDP_OK);
    t.n = SIP_SDP_BODY_MAX + 1;
    assert_int_equal(sip_sdp_read(&sdp, t), SIP_SDP_TOO_LONG);
    assert_int_equal(sip_sdp_read(&sdp, TEXT_NONE), SIP_SDP_NOT_SDP);
}

static void a_line_that_begins_a_media_must_be_whole(void **state)
{
    (void)state;
    static const char *const bad[] = {"m=",
                                      "m=audio",
                                      "m=audio 9",
                                      "m=audio 9 RTP/AVP",
                                      "m=audio 65536 RTP/AVP 8",
                                      "m=audio -1 RTP/AVP 8",
                                      "m=audio-visual-and-more 9 RTP/AVP 8",
                                      "m=audio 9 RTP/AVP/AND/MUCH/MORE/OF/IT 8",
                                      "m=audio 9 udp a-word-that-is-much-too-long"};
    struct sip_sdp sdp;
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(sip_sdp_read(&sdp, body(bad[i], 1, "\n")), SIP_SDP_NOT_SDP);
    assert_int_equal(sip_sdp_read(&sdp, body("m=audio 65535 RTP/AVP 8", 1, "\n")), SIP_SDP_OK);
}

static void names_and_parameters_past_their_bound_are_left_out(void **state)
{
    (void)state;
    char line[512] = "m=audio 9 RTP/AVP 96\na=rtpmap:96 ";
    size_t n = strlen(line);
    struct sip_sdp sdp;
    memset(line + n, 'x', SIP_SDP_NAME_MAX);
    memcpy(line + n + SIP_SDP_NAME_MAX, "/8000/2", 8);
    assert_int_equal(sip_sdp_read(&sdp, body(line, 1, "\n")), SIP_SDP_OK);
    assert_int_equal(sdp.media[0].formats[0].name_n, SIP_SDP_NAME_MAX);
    assert_int_equal(sdp.media[0].formats[0].channels, 2);
    memset(line + n, 'x', SIP_SDP_NAME_MAX + 1);
    memcpy(line + n + SIP_SDP_NAME_MAX + 1, "/8000", 6);
    assert_int_equal(sip_sdp_read(&sdp, body(line, 1, "\n")), SIP_SDP_OK);
    assert_int_equal(sdp.media[0].formats[0].name_n, 0);
    memcpy(line + n - 10, "fmtp:96 ", 8);
    memset(line + n - 2, 'y', SIP_SDP_FMTP_MAX + 1);
    line[n - 2 + SIP_SDP_FMTP_MAX + 1] = 0;
    assert_int_equal(sip_sdp_read(&sdp, body(line, 1, "\n")), SIP_SDP_OK);
    assert_int_equal(sdp.media[0].formats[0].fmtp_n, 0);
    line[n - 2 + SIP_SDP_FMTP_MAX] = 0;
    assert_int_equal(sip_sdp_read(&sdp, body(line, 1, "\n")), SIP_SDP_OK);
    assert_int_equal(sdp.media[0].formats[0].fmtp_n, SIP_SDP_FMTP_MAX);
}

static struct sip_offer_wish wish(void)
{
    return (struct sip_offer_wish){.self = {.of = {{.ip = {203, 0, 113, 5}, .family = 4}}},
                                   .port = 20000,
                                   .codecs = {SIP_CODEC_PCMA, SIP_CODEC_PCMU},
                                   .codecs_n = 2,
                                   .direction = SIP_SDP_SENDRECV,
                                   .has_digits = true};
}

#define OFFER                                                                                      \
    "v=0\nc=IN IP4 192.0.2.1\nm=audio 9 RTP/AVP 8 101\na=rtpmap:101 telephone-event/8000\n"

static void an_answer_without_room_changes_nothing(void **state)
{
    (void)state;
    struct sip_offer o, before;
    const struct sip_offer_wish w = wish();
    struct text_out out = {.p = room, .max = SIP_OFFER_ANSWER_MAX};
    sip_offer_begin(&o);
    before = o;
    assert_int_equal(sip_offer_take(&o, TEXT(OFFER), &w, &out), SIP_OFFER_CHANGED);
    size_t n = out.n;
    for (size_t max = 0; max < n; max++) {
        o = before;
        out = (struct text_out){.p = room, .max = max};
        assert_int_equal(sip_offer_take(&o, TEXT(OFFER), &w, &out), SIP_OFFER_NO_ROOM);
        assert_false(o.is_agreed);
        assert_int_equal(o.our_version, 0);
        out = (struct text_out){.p = room, .max = max};
        assert_int_equal(sip_offer_make(&o, &w, &out), SIP_OFFER_NO_ROOM);
        assert_int_equal(o.state, SIP_OFFER_IDLE);
    }
}

static void the_longest_answer_fits_its_room(void **state)
{
    (void)state;
    struct sip_offer o;
    struct sip_offer_wish w = wish();
    struct text_out out = {.p = room, .max = SIP_OFFER_ANSWER_MAX};
    static const char refused[] = "m=a-type-of-16-byt 65535 a/protocol/of/24/letters "
                                  "a-format-of-24-letters.. more\n";
    char offer[1024] = "v=0\nc=IN IP6 ::1\n";
    for (unsigned i = 0; i < SIP_SDP_MEDIA_MAX - 1; i++)
        memcpy(offer + strlen(offer), refused, sizeof(refused));
    static const char taken[] = "m=audio 9 RTP/AVPF 127 126\na=rtpmap:127 PCMA/8000\na=rtcp-mux\n"
                                "a=rtpmap:126 telephone-event/8000\n";
    memcpy(offer + strlen(offer), taken, sizeof(taken));
    w.origin_id = UINT64_MAX;
    w.has_rtcp_mux = true;
    memset(&w.self.of[1], 0xfe, sizeof(w.self.of[1]));
    w.self.of[1].family = 6;
    w.origin_side = 1;
    sip_offer_begin(&o);
    o.our_version = UINT64_MAX - 1;
    assert_int_equal(sip_offer_take(&o, text_of(offer), &w, &out), SIP_OFFER_CHANGED);
    assert_true(out.n > 500);
}

static void a_final_response_without_a_body_settles_what_the_early_one_said(void **state)
{
    (void)state;
    struct sip_offer o;
    const struct sip_offer_wish w = wish();
    struct text_out out = {.p = room, .max = SIP_OFFER_ANSWER_MAX};
    sip_offer_begin(&o);
    assert_int_equal(sip_offer_make(&o, &w, &out), SIP_OFFER_CHANGED);
    assert_int_equal(sip_offer_take_answer(&o, TEXT_NONE, false), SIP_OFFER_UNASKED);
    assert_int_equal(sip_offer_take_answer(&o, TEXT(OFFER), false), SIP_OFFER_CHANGED);
    assert_int_equal(sip_offer_take_answer(&o, TEXT(OFFER), false), SIP_OFFER_SAME);
    assert_int_equal(sip_offer_take_answer(&o, TEXT("x"), false), SIP_OFFER_UNREADABLE);
    assert_int_equal(sip_offer_take_answer(&o, TEXT_NONE, true), SIP_OFFER_SAME);
    assert_int_equal(o.state, SIP_OFFER_IDLE);
    assert_true(o.is_agreed);
    assert_int_equal(sip_offer_make(&o, &w, &out), SIP_OFFER_CHANGED);
    assert_int_equal(sip_offer_take_answer(&o, TEXT_NONE, true), SIP_OFFER_UNREADABLE);
    assert_int_equal(o.state, SIP_OFFER_IDLE);
    assert_int_equal(sip_offer_status(SIP_OFFER_NOTHING_IN_COMMON), 488);
}

static void our_packets_are_of_the_size_that_they_wish_for_and_bear(void **state)
{
    (void)state;
    static const struct {
        uint16_t ptime_ms, maxptime_ms;
        unsigned packet_ms;
    } cases[] = {{0, 0, 20},  {20, 0, 20},  {10, 0, 10},    {30, 150, 30}, {60, 0, 60},
                 {61, 0, 60}, {200, 0, 60}, {65535, 0, 60}, {5, 0, 10},    {1, 0, 10},
                 {35, 0, 30}, {0, 10, 10},  {40, 20, 20},   {60, 30, 30},  {20, 15, 10},
                 {20, 5, 10}, {0, 60, 20}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        const struct sip_offer_agreed a = {.ptime_ms = cases[i].ptime_ms,
                                           .maxptime_ms = cases[i].maxptime_ms};
        assert_int_equal(sip_offer_packet_ms(&a), cases[i].packet_ms);
    }
}

static void theirs_is_answered_in_its_own_family(void **state)
{
    (void)state;
    static const char six[] = "v=0\nc=IN IP6 2001:db8::9\nm=audio 9 RTP/AVP 8\n";
    char ours[SIP_OFFER_ANSWER_MAX + 1];
    struct text_out out = {.p = ours, .max = SIP_OFFER_ANSWER_MAX};
    struct sip_offer_wish w = wish();
    struct sip_offer o;
    sip_offer_begin(&o);
    assert_int_equal(sip_offer_take(&o, text_of(six), &w, &out), SIP_OFFER_NOTHING_IN_COMMON);
    assert_true(address_pair_read(&w.self, TEXT("203.0.113.5, 2001:db8::5")));
    assert_int_equal(sip_offer_take(&o, text_of(six), &w, &out), SIP_OFFER_CHANGED);
    ours[out.n] = 0;
    assert_non_null(strstr(ours, "\r\nc=IN IP6 2001:db8::5\r\n"));
    assert_int_equal(sip_offer_make(&o, &w, &out), SIP_OFFER_CHANGED); /* ours in IPv4 */
    assert_int_equal(sip_offer_take_answer(&o, text_of(six), true), SIP_OFFER_NOTHING_IN_COMMON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_may_end_with_lf_cr_or_both),
        cmocka_unit_test(more_media_than_we_keep_are_counted_and_their_words_passed_over),
        cmocka_unit_test(more_formats_than_we_keep_are_counted),
        cmocka_unit_test(a_body_or_its_lines_past_the_bound_are_refused),
        cmocka_unit_test(a_line_that_begins_a_media_must_be_whole),
        cmocka_unit_test(names_and_parameters_past_their_bound_are_left_out),
        cmocka_unit_test(an_answer_without_room_changes_nothing),
        cmocka_unit_test(the_longest_answer_fits_its_room),
        cmocka_unit_test(our_packets_are_of_the_size_that_they_wish_for_and_bear),
        cmocka_unit_test(a_final_response_without_a_body_settles_what_the_early_one_said),
        cmocka_unit_test(theirs_is_answered_in_its_own_family),
    };
    return cmocka_run_group_tests_name("sip/sdp", tests, NULL, NULL);
}
