/* leg_codecs.c — who speaks no law of G.711: answered in G.722 or Opus while a coder is free,
 * offered them after a refusal, and first of all what the other side of the bridge speaks. */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"
#define SDP_G722 HEAD "m=audio 30000 RTP/AVP 9 101\r\na=rtpmap:101 telephone-event/8000\r\n"
#define SDP_OPUS                                                                                   \
    HEAD "m=audio 30000 RTP/AVP 96 97\r\na=rtpmap:96 opus/48000/2\r\n"                             \
         "a=rtpmap:97 telephone-event/48000\r\n"

static struct exchange *open_with_coders(void)
{
    struct exchange *x = exchange_open(4);
    x->has_coders = true;
    return x;
}

/* A caller with this description is up. */
static uint64_t calls(struct peer *p, const char *sdp)
{
    peer_new(p, "INVITE", sdp);
    peer_expect(p, "SIP/2.0 100");
    uint64_t id = last(p->x)->leg_id;
    p->x->port.answer(p->x->port.arg, id);
    peer_expect(p, "SIP/2.0 200 OK");
    peer_ack(p);
    return id;
}

static void caller_leaves(struct peer *p, uint64_t id)
{
    p->x->port.hang_up(p->x->port.arg, id);
    peer_expect(p, "BYE");
    desk_answer(p, "200 OK", "");
    peer_end(p, ALL_TIMERS_MS);
}

static void a_caller_without_g711_is_answered_in_what_they_speak(void **state)
{
    (void)state;
    struct exchange *x = open_with_coders();
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = calls(&p, SDP_G722);
    assert_non_null(strstr(p.said, "RTP/AVP 9 101\r\na=rtpmap:9 G722/8000\r\n"));
    assert_int_equal(x->streams[0].want.codec, MEDIA_G722);
    assert_int_equal(x->streams[0].want.payload_type, 9);
    assert_false(x->streams[0].want.is_key_wide);
    caller_leaves(&p, id);
    x = open_with_coders();
    p = peer_open(x, AT_TRUNK);
    id = calls(&p, SDP_OPUS);
    assert_int_equal(x->streams[0].want.codec, MEDIA_OPUS);
    assert_int_equal(x->streams[0].want.payload_type, 96);
    assert_int_equal(x->streams[0].want.key_type, 97);
    assert_true(x->streams[0].want.is_key_wide);
    caller_leaves(&p, id);
}

static void without_a_coder_they_are_refused(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    peer_new(&p, "INVITE", SDP_G722);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 488");
    peer_ask(&p, "ACK", "", "");
    assert_int_equal(x->reports_n, 0);
    peer_end(&p, ALL_TIMERS_MS);
}

/* The law stands, and the call goes on as it was. */
static void a_change_that_finds_no_coder_changes_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = calls(&p, SDP);
    unsigned sets_n = x->streams[0].sets_n;
    peer_new(&p, "INVITE", SDP_OPUS);
    peer_expect(&p, "SIP/2.0 488");
    peer_ask(&p, "ACK", "", "");
    assert_int_equal(x->streams[0].sets_n, sets_n);
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    assert_int_equal(x->streams[0].want.codec, MEDIA_PCMA);
    assert_int_equal(x->streams[0].want.direction, MEDIA_RECVONLY);
    caller_leaves(&p, id);
}

/* So who has a law speaks it, also where they would like Opus best. */
static void a_telephone_that_refuses_g711_is_offered_the_others(void **state)
{
    (void)state;
    struct exchange *x = open_with_coders();
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    assert_non_null(strstr(p.said, "m=audio 20000 RTP/AVP 8 0 101\r\n"));
    desk_answer(&p, "488 Not Acceptable Here", "");
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE sip:101@");
    assert_non_null(strstr(p.said, "m=audio 20000 RTP/AVP 8 0 9 111 101 110\r\n"));
    assert_int_equal(reports(x, PHONE_REFUSED), 0);
    desk_answer(&p, "200 OK", SDP_OPUS);
    peer_expect(&p, "ACK");
    assert_int_equal(last(x)->kind, PHONE_UP);
    assert_int_equal(x->streams[0].want.codec, MEDIA_OPUS);
    assert_int_equal(x->streams[0].want.payload_type, 96); /* we offered 111 and 110 */
    assert_int_equal(x->streams[0].want.payload_in, 111);
    assert_int_equal(x->streams[0].want.key_type, 97);
    assert_int_equal(x->streams[0].want.key_in, 110);
    assert_true(x->streams[0].want.is_key_wide);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_second_refusal_is_one(void **state)
{
    (void)state;
    struct exchange *x = open_with_coders();
    struct peer p = desk_open(x);
    (void)desk_called(&p, 0);
    desk_answer(&p, "488 Not Acceptable Here", "");
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE sip:101@");
    desk_answer(&p, "488 Not Acceptable Here", "");
    peer_expect(&p, "ACK");
    peer_expect_silence(&p);
    assert_int_equal(last(x)->kind, PHONE_REFUSED);
    assert_int_equal(last(x)->status, 488);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void without_a_coder_a_refusal_is_one(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    (void)desk_called(&p, 0);
    desk_answer(&p, "488 Not Acceptable Here", "");
    peer_expect(&p, "ACK");
    peer_expect_silence(&p);
    assert_int_equal(last(x)->kind, PHONE_REFUSED);
    assert_int_equal(last(x)->status, 488);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* A pair that shares a codec passes it through, and nothing is decoded. */
static void a_telephone_is_asked_first_for_what_the_caller_speaks(void **state)
{
    (void)state;
    struct exchange *x = open_with_coders();
    struct peer caller = peer_open(x, AT_TRUNK), p = desk_open(x);
    uint64_t near = calls(&caller, SDP_G722), id = desk_called(&p, near);
    assert_non_null(strstr(p.said, "m=audio 20002 RTP/AVP 9 8 0 101\r\n"));
    desk_answer(&p, "200 OK", SDP_G722);
    peer_expect(&p, "ACK");
    assert_int_equal(x->streams[1].want.codec, MEDIA_G722);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    peer_close(&p);
    caller_leaves(&caller, near);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_without_g711_is_answered_in_what_they_speak),
        cmocka_unit_test(without_a_coder_they_are_refused),
        cmocka_unit_test(a_change_that_finds_no_coder_changes_nothing),
        cmocka_unit_test(a_telephone_that_refuses_g711_is_offered_the_others),
        cmocka_unit_test(a_second_refusal_is_one),
        cmocka_unit_test(without_a_coder_a_refusal_is_one),
        cmocka_unit_test(a_telephone_is_asked_first_for_what_the_caller_speaks),
    };
    return cmocka_run_group_tests_name("phone/leg_codecs", tests, NULL, NULL);
}
