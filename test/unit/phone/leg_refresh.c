/* leg_refresh.c — sessions that we refresh (RFC 4028): by UPDATE or by the same description, and
 * what follows when that is refused, unanswered or crossed by theirs. */
#include "test/support/exchange_timer.h"

/* ---- we refresh ------------------------------------------------------------------------------ */

static void we_refresh_by_update_at_half_time(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
    unsigned sets_n = x->streams[0].sets_n;
    for (unsigned n = 0; n < 4; n++) {
        pass(x, 44999);
        peer_expect_silence(&p);
        pass(x, 1);
        peer_expect(&p, n ? "UPDATE sip:set@127.0.0.2:" : "UPDATE sip:0536491234@127.0.0.2:");
        peer_heard(&p, "Session-Expires: 90;refresher=uac\r\nMin-SE: 90\r\n");
        peer_heard(&p, "Contact: <sip:decroche@127.0.0.1:");
        peer_heard(&p, "Content-Length: 0\r\n");
        desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", "");
    }
    assert_int_equal(x->streams[0].sets_n, sets_n);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void without_update_a_reinvite_says_the_same_again(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, WE_REFRESH "Allow: INVITE, ACK, BYE\r\n");
    char sdp[1024];
    snprintf(sdp, sizeof(sdp), "%s", strstr(p.said, "v=0"));
    struct media_want before = x->streams[0].want;
    for (unsigned n = 0; n < 3; n++) {
        pass(x, 45000);
        peer_expect(&p, n ? "INVITE sip:set@127.0.0.2:" : "INVITE sip:0536491234@127.0.0.2:");
        assert_string_equal(strstr(p.said, "v=0"), sdp);
        peer_heard(&p, ";refresher=uac\r\n");
        desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", SDP);
        peer_expect(&p, "ACK");
        peer_repeat(&p); /* the 200 once more */
        peer_expect(&p, "ACK");
    }
    assert_memory_equal(&before, &x->streams[0].want, sizeof(before));
    assert_int_equal(last(x)->kind, PHONE_UP);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_call_on_hold_is_refreshed_on_hold(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, "");
    timer_asks(&p, "INVITE", WE_REFRESH, SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    char sdp[1024];
    snprintf(sdp, sizeof(sdp), "%s", strstr(p.said, "v=0"));
    peer_ack(&p);
    timer_asks(&p, "INVITE", WE_REFRESH, SDP_USELESS); /* changes nothing of what is said */
    peer_expect(&p, "SIP/2.0 488");
    peer_ask(&p, "ACK", "", "");
    pass(x, 45000);
    peer_expect(&p, "INVITE");
    peer_heard(&p, "a=recvonly");
    assert_string_equal(strstr(p.said, "v=0"), sdp);
    desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", SDP_HOLD);
    peer_expect(&p, "ACK");
    assert_int_equal(x->streams[0].want.direction, MEDIA_RECVONLY);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void what_the_2xx_says_holds_from_then_on(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
    pass(x, 45000);
    peer_expect(&p, "UPDATE");
    desk_answer(&p, "200 OK\r\nSession-Expires: 300;refresher=uas", "");
    pass(x, 267999); /* they refresh now: 300 s less 32 */
    peer_expect_silence(&p);
    pass(x, 1);
    timer_is_over(&p);
    peer_end(&p, ALL_BINDINGS_MS);
    x = exchange_open(4);
    p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
    pass(x, 45000);
    peer_expect(&p, "UPDATE");
    desk_answer(&p, "200 OK", ""); /* no timer any more */
    pass(x, 3600000);
    peer_expect_silence(&p);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* ---- refused, unanswered, crossed ------------------------------------------------------------ */

static void a_dialog_that_is_gone_ends_the_call_at_once(void **state)
{
    (void)state;
    static const char *const statuses[] = {"481 Call Does Not Exist", "408 Request Timeout"};
    for (unsigned i = 0; i < 4; i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        timer_talks(&p, i < 2 ? WE_REFRESH ALLOW_UPDATE : WE_REFRESH);
        pass(x, 45000);
        peer_expect(&p, i < 2 ? "UPDATE" : "INVITE");
        desk_answer(&p, statuses[i % 2], "");
        if (i >= 2)
            peer_expect(&p, "ACK");
        timer_is_over(&p);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void silence_ends_the_call(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    timer_talks(&p, "Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n" ALLOW_UPDATE);
    pass(x, 900000 + 31999);
    peer_ignore(&p);
    assert_int_equal(last(x)->kind, PHONE_UP);
    pass(x, 1);
    timer_is_over(&p);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_reinvite_that_only_rings_ends_with_the_interval(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    timer_talks(&p, WE_REFRESH);
    pass(x, 45000);
    peer_expect(&p, "INVITE");
    desk_answer(&p, "100 Trying", "");
    pass(x, 14999);
    peer_expect_silence(&p);
    assert_int_equal(last(x)->kind, PHONE_UP);
    pass(x, 1);
    timer_is_over(&p);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void another_refusal_is_tried_again_until_the_end(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
    pass(x, 45000);
    peer_expect(&p, "UPDATE");
    desk_answer(&p, "500 Server Internal Error", "");
    pass(x, 9999);
    peer_expect_silence(&p);
    pass(x, 1);
    peer_expect(&p, "UPDATE");
    desk_answer(&p, "503 Service Unavailable", "");
    pass(x, 4999);
    peer_expect_silence(&p);
    pass(x, 1);
    timer_is_over(&p);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* How long it waits after a 491 before it asks again, ms. */
static ms_t waits(struct peer *p)
{
    ms_t n = 0;
    while (!peer_hears(p) && n++ < 10000)
        pass(p->x, 1);
    return n;
}

static void after_a_glare_it_waits_by_whose_the_call_id_is(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        bool is_ours = i;
        struct exchange *x = exchange_open(4);
        struct peer p = is_ours ? desk_open(x) : peer_open(x, AT_TRUNK);
        uint64_t id = is_ours ? desk_called(&p, 0) : timer_talks(&p, WE_REFRESH);
        if (is_ours) {
            desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", SDP);
            peer_expect(&p, "ACK");
        }
        ms_t least = 10000, most = 0;
        pass(x, 45000);
        for (unsigned n = 0; n < 40; n++) {
            if (n)
                desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", SDP);
            peer_ignore(&p);
            if (n)
                pass(x, 45000);
            peer_ignore(&p);
            desk_answer(&p, "491 Request Pending", "");
            peer_expect(&p, "ACK");
            ms_t wait_ms = waits(&p);
            assert_true(wait_ms >= (is_ours ? 2100 : 0) && wait_ms <= (is_ours ? 4000 : 2000));
            least = wait_ms < least ? wait_ms : least;
            most = wait_ms > most ? wait_ms : most;
        }
        assert_true(most - least > 1000); /* by chance */
        desk_answer(&p, "200 OK", SDP);
        peer_expect(&p, "ACK");
        timer_hang_up(&p, id);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void theirs_that_crosses_ours_is_told_so(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, WE_REFRESH);
    pass(x, 45000);
    peer_expect(&p, "INVITE");
    timer_asks(&p, "INVITE", "", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 491");
    peer_ask(&p, "ACK", "", "");
    timer_asks(&p, "INVITE", "", "");
    peer_expect(&p, "SIP/2.0 491");
    peer_ask(&p, "ACK", "", "");
    timer_asks(&p, "UPDATE", "", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 491");
    desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", SDP);
    peer_expect(&p, "ACK");
    timer_asks(&p, "INVITE", WE_REFRESH, SDP_HOLD); /* and now it is heard */
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    assert_int_equal(x->streams[0].want.direction, MEDIA_RECVONLY);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* An UPDATE of ours crosses a re-INVITE of theirs, and turns out to be none that they take. */
static void while_theirs_is_in_course_ours_waits(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
    pass(x, 45000);
    peer_expect(&p, "UPDATE");
    timer_asks(&p, "INVITE", WE_REFRESH, SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    desk_answer(&p, "405 Method Not Allowed", "");
    peer_expect_silence(&p);
    pass(x, 400);
    peer_expect_silence(&p);
    peer_ack(&p);
    pass(x, 599);
    peer_expect_silence(&p);
    pass(x, 1);
    peer_expect(&p, "INVITE");
    peer_heard(&p, "a=recvonly");
    desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", SDP_HOLD);
    peer_expect(&p, "ACK");
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_422_is_followed_once(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
    pass(x, 45000);
    peer_expect(&p, "UPDATE");
    desk_answer(&p, "422 Session Interval Too Small\r\nMin-SE: 120", "");
    peer_expect(&p, "UPDATE");
    peer_heard(&p, "Session-Expires: 120;refresher=uac\r\nMin-SE: 120\r\n");
    desk_answer(&p, "422 Session Interval Too Small\r\nMin-SE: 180", "");
    peer_expect_silence(&p);
    pass(x, 10000);
    peer_expect(&p, "UPDATE");
    peer_heard(&p, "Session-Expires: 120;");
    desk_answer(&p, "200 OK\r\nSession-Expires: 120;refresher=uac", "");
    pass(x, 59999);
    peer_expect_silence(&p);
    pass(x, 1);
    peer_expect(&p, "UPDATE");
    desk_answer(&p, "422 Session Interval Too Small\r\nMin-SE: 180", ""); /* another refresh */
    peer_expect(&p, "UPDATE");
    peer_heard(&p, "Session-Expires: 180;");
    desk_answer(&p, "481 Call Does Not Exist", "");
    timer_is_over(&p);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void who_does_not_take_update_gets_a_reinvite_at_once(void **state)
{
    (void)state;
    static const char *const statuses[] = {"405 Method Not Allowed", "501 Not Implemented"};
    for (unsigned i = 0; i < ARRAY_LEN(statuses); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        uint64_t id = timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
        pass(x, 45000);
        peer_expect(&p, "UPDATE");
        desk_answer(&p, statuses[i], "");
        peer_expect(&p, "INVITE");
        desk_answer(&p, "200 OK\r\nSession-Expires: 90;refresher=uac", SDP);
        peer_expect(&p, "ACK");
        pass(x, 45000);
        peer_expect(&p, "INVITE");
        desk_answer(&p, "200 OK", SDP);
        peer_expect(&p, "ACK");
        timer_hang_up(&p, id);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void hung_up_while_a_refresh_is_out_nothing_is_left(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        uint64_t id = timer_talks(&p, i ? WE_REFRESH : WE_REFRESH ALLOW_UPDATE);
        pass(x, 45000);
        peer_expect(&p, i ? "INVITE" : "UPDATE");
        if (i == 2)
            desk_answer(&p, "100 Trying", "");
        if (i == 1) {
            timer_asks(&p, "BYE", "", "");
            peer_expect(&p, "SIP/2.0 200");
        } else {
            timer_hang_up(&p, id);
        }
        assert_int_equal(phone_totals(x->phone).legs_n, 0);
        pass(x, 60000);
        peer_expect_silence(&p);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void who_is_dead_says_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, WE_REFRESH ALLOW_UPDATE);
    x->port.die(x->port.arg, id);
    pass(x, 200000);
    peer_expect_silence(&p);
    x->port.hang_up(x->port.arg, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(we_refresh_by_update_at_half_time),
        cmocka_unit_test(without_update_a_reinvite_says_the_same_again),
        cmocka_unit_test(a_call_on_hold_is_refreshed_on_hold),
        cmocka_unit_test(what_the_2xx_says_holds_from_then_on),
        cmocka_unit_test(a_dialog_that_is_gone_ends_the_call_at_once),
        cmocka_unit_test(silence_ends_the_call),
        cmocka_unit_test(a_reinvite_that_only_rings_ends_with_the_interval),
        cmocka_unit_test(another_refusal_is_tried_again_until_the_end),
        cmocka_unit_test(after_a_glare_it_waits_by_whose_the_call_id_is),
        cmocka_unit_test(theirs_that_crosses_ours_is_told_so),
        cmocka_unit_test(while_theirs_is_in_course_ours_waits),
        cmocka_unit_test(a_422_is_followed_once),
        cmocka_unit_test(who_does_not_take_update_gets_a_reinvite_at_once),
        cmocka_unit_test(hung_up_while_a_refresh_is_out_nothing_is_left),
        cmocka_unit_test(who_is_dead_says_nothing),
    };
    return cmocka_run_group_tests_name("phone/leg_refresh", tests, NULL, NULL);
}
