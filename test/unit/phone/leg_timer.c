/* leg_timer.c — session timers (RFC 4028) over a socket: what is agreed in calls that come in and
 * in calls of ours, and the end of a call that the other side does not refresh. Our refreshes:
 * leg_refresh.c; UPDATE that comes in: leg_update.c. */
#include "test/support/exchange_timer.h"

/* ---- what is agreed -------------------------------------------------------------------------- */

static void a_call_without_a_timer_stands_for_hours(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "Supported: timer\r\n"};
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        uint64_t id = timer_talks(&p, lines[i]);
        peer_missed(&p, "Session-Expires");
        peer_missed(&p, "Require");
        peer_heard(&p, "Supported: timer\r\n");
        peer_heard(&p, "INFO, UPDATE, PRACK, REFER\r\n");
        pass(x, 4 * 3600000);
        peer_expect_silence(&p);
        timer_hang_up(&p, id);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void too_short_is_refused_with_what_would_do(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *status;
    } rows[] = {{"Supported: timer\r\nSession-Expires: 89\r\n", "SIP/2.0 422 Session Interval Too"},
                {"k: timer\r\nx: 0;refresher=uac\r\n", "SIP/2.0 422"},
                {"Supported: timer\r\nSession-Expires: soon\r\n", "SIP/2.0 400"}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        timer_asks(&p, "INVITE", rows[i].lines, SDP);
        peer_expect(&p, rows[i].status);
        assert_int_equal(strstr(p.said, "\r\nMin-SE: 90\r\n") != NULL, i < 2);
        assert_int_equal(x->reports_n, 0);
        assert_int_equal(phone_totals(x->phone).legs_n, 0);
        peer_ask(&p, "ACK", "", "");
        p.our_tag[0] = '\0';
        timer_hang_up(&p, timer_talks(&p, "Supported: timer\r\nSession-Expires: 90\r\n"));
        timer_asks(&p, "INVITE", "", SDP);
        peer_ignore(&p);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void the_200_says_who_refreshes(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *said;
        bool requires;
    } rows[] = {
        {THEY_REFRESH, "Session-Expires: 90;refresher=uac\r\n", true},
        {WE_REFRESH, "Session-Expires: 90;refresher=uas\r\n", false},
        {"Require: timer\r\nx: 3600\r\n", "Session-Expires: 3600;refresher=uac\r\n", true},
        {"Session-Expires: 600\r\n", "Session-Expires: 600;refresher=uas\r\n", false},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        uint64_t id = timer_talks(&p, rows[i].lines);
        peer_heard(&p, rows[i].said);
        assert_int_equal(strstr(p.said, "Require: timer\r\n") != NULL, rows[i].requires);
        timer_hang_up(&p, id);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

/* ---- they refresh ---------------------------------------------------------------------------- */

static void who_does_not_refresh_is_gone(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    timer_talks(&p, THEY_REFRESH);
    pass(x, 59999);
    peer_expect_silence(&p);
    pass(x, 1);
    timer_is_over(&p);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_refresh_begins_the_interval_anew(void **state)
{
    (void)state;
    static const char *const methods[] = {"INVITE", "UPDATE"};
    for (unsigned i = 0; i < ARRAY_LEN(methods); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        timer_talks(&p, THEY_REFRESH);
        struct media_want before = x->streams[0].want;
        for (unsigned n = 0; n < 3; n++) {
            pass(x, 59000);
            timer_asks(&p, methods[i], THEY_REFRESH, i ? "" : SDP);
            if (!i)
                peer_expect(&p, "SIP/2.0 100");
            peer_expect(&p, "SIP/2.0 200");
            peer_heard(&p, "Session-Expires: 90;refresher=uac\r\nRequire: timer\r\n");
            peer_heard(&p, "Contact: <sip:decroche@127.0.0.1:");
            if (!i)
                peer_ack(&p);
        }
        assert_memory_equal(&before, &x->streams[0].want, sizeof(before));
        pass(x, 59999);
        peer_expect_silence(&p);
        pass(x, 1);
        timer_is_over(&p);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void a_refresh_that_is_refused_refreshes_nothing(void **state)
{
    (void)state;
    static const char *const methods[] = {"INVITE", "UPDATE"};
    for (unsigned i = 0; i < ARRAY_LEN(methods); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        timer_talks(&p, THEY_REFRESH);
        pass(x, 30000);
        timer_asks(&p, methods[i], "Supported: timer\r\nSession-Expires: 60\r\n", SDP);
        peer_expect(&p, "SIP/2.0 422");
        peer_heard(&p, "Min-SE: 90\r\n");
        timer_asks(&p, methods[i], "Session-Expires: x\r\n", SDP);
        peer_expect(&p, "SIP/2.0 400");
        timer_asks(&p, methods[i], THEY_REFRESH, SDP_USELESS);
        peer_expect(&p, "SIP/2.0 488");
        pass(x, 29999);
        peer_ignore(&p);
        assert_int_equal(last(x)->kind, PHONE_UP);
        pass(x, 1);
        timer_is_over(&p);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void a_refresh_without_a_timer_ends_it(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = timer_talks(&p, THEY_REFRESH);
    timer_asks(&p, "UPDATE", "Supported: timer\r\n", ""); /* supports it: what stands goes on */
    peer_expect(&p, "SIP/2.0 200");
    peer_heard(&p, "Session-Expires: 90;refresher=uac\r\n");
    timer_asks(&p, "UPDATE", "", "");
    peer_expect(&p, "SIP/2.0 200");
    peer_missed(&p, "Session-Expires");
    pass(x, 3600000);
    peer_expect_silence(&p);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* ---- calls of ours --------------------------------------------------------------------------- */

static void our_invite_wishes_for_a_timer_and_takes_what_it_gets(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    peer_heard(&p, "\r\nSupported: timer\r\nSession-Expires: 1800\r\nMin-SE: 90\r\n");
    peer_heard(&p, "INFO, UPDATE, PRACK, REFER\r\n");
    desk_answer(&p, "200 OK", SDP);
    peer_expect(&p, "ACK");
    pass(x, 7200000);
    peer_expect_silence(&p);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_telephone_of_ours_is_refreshed_by_whom_it_says(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "200 OK\r\n" ALLOW_UPDATE "Session-Expires: 1800;refresher=uac", SDP);
    peer_expect(&p, "ACK");
    pass(x, 200000);
    peer_repeat(&p);
    peer_ignore(&p);
    pass(x, 699999);
    peer_expect_silence(&p);
    pass(x, 1);
    peer_expect(&p, "UPDATE sip:set@127.0.0.3:");
    desk_answer(&p, "200 OK\r\nSession-Expires: 600;refresher=uas", "");
    timer_joins(&p);
    pass(x, 560000);
    timer_asks(&p, "UPDATE", "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n", "");
    peer_expect(&p, "SIP/2.0 200");
    pass(x, 567999);
    peer_expect_silence(&p);
    unsigned n = x->reports_n;
    pass(x, 1);
    assert_int_equal(x->reports_n, n + 1); /* and told once */
    assert_int_equal(last(x)->kind, PHONE_LOST);
    pass(x, 600000);
    assert_int_equal(x->reports[n].kind, PHONE_LOST);
    timer_hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_telephone_whose_minimum_is_larger_is_called_once_more(void **state)
{
    (void)state;
    static const struct {
        const char *min;
        bool is_followed;
    } rows[] = {{"Min-SE: 1801", true},
                {"Min-SE: 86400", true},
                {"Min-SE: 86401", false},
                {"Min-SE: 1800", false},
                {"X: y", false}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = desk_open(x);
        char answer[128];
        desk_called(&p, 0);
        snprintf(answer, sizeof(answer), "422 Session Interval Too Small\r\n%s", rows[i].min);
        desk_answer(&p, answer, "");
        peer_expect(&p, "ACK sip:101@");
        if (rows[i].is_followed) {
            assert_int_equal(x->reports_n, 0);
            peer_expect(&p, "INVITE sip:101@");
            snprintf(answer, sizeof(answer), "Session-Expires: %s\r\n%s\r\n",
                     rows[i].min + strlen("Min-SE: "), rows[i].min);
            peer_heard(&p, answer);
            desk_answer(&p, "422 Session Interval Too Small\r\nMin-SE: 86400", "");
            peer_expect(&p, "ACK");
        }
        peer_expect_silence(&p);
        assert_int_equal(last(x)->kind, PHONE_REFUSED);
        assert_int_equal(last(x)->status, 422);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

/* The operator at AT_TRUNK, which wants credentials now and then. */
static void with_operator(struct exchange *x, const struct peer *p)
{
    struct phone_trunk t = {.number = 7,
                            .at_n = 1,
                            .host = TEXT("op.example"),
                            .user = TEXT("ours"),
                            .secret = TEXT("s3cret"),
                            .is_unprobed = true,
                            .priority = 1};
    assert_true(address_read_ip(&t.at[0], text_of(p->ip)));
    t.at[0].port = peer_port(p);
    phone_trunks(x->phone, &t, 1);
    turn(x);
}

static void an_operator_raises_the_interval_and_asks_who_refreshes(void **state)
{
    (void)state;
    static const char challenge[] =
        "407 Proxy Authentication Required\r\nProxy-Authenticate: Digest realm=\"op\", "
        "nonce=\"n1\", qop=\"auth\", algorithm=MD5";
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    with_operator(x, &p);
    const struct phone_dial dial = {.number = TEXT("33123456789")};
    uint64_t id = x->port.dial(x->port.arg, &dial);
    peer_expect(&p, "INVITE sip:+33123456789@op.example");
    desk_answer(&p, "422 Session Interval Too Small\r\nMin-SE: 3600", "");
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE");
    peer_heard(&p, "Session-Expires: 3600\r\nMin-SE: 3600\r\n");
    desk_answer(&p, "200 OK\r\nSession-Expires: 3600;refresher=uac", SDP);
    peer_expect(&p, "ACK");
    pass(x, 1800000);
    peer_expect(&p, "INVITE sip:set@");
    for (unsigned i = 0; i < 2; i++) {
        desk_answer(&p, challenge, "");
        peer_expect(&p, "ACK");
        peer_expect(&p, "INVITE sip:set@");
        peer_heard(&p, "Proxy-Authorization: Digest ");
    }
    desk_answer(&p, challenge, ""); /* that is enough of it, for a while */
    peer_expect(&p, "ACK");
    peer_expect_silence(&p);
    assert_int_equal(last(x)->kind, PHONE_UP);
    pass(x, 10000);
    peer_expect(&p, "INVITE sip:set@");
    desk_answer(&p, "200 OK", SDP);
    peer_expect(&p, "ACK");
    timer_hang_up(&p, id);
    phone_trunks(x->phone, NULL, 0);
    peer_end(&p, ALL_BINDINGS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_without_a_timer_stands_for_hours),
        cmocka_unit_test(too_short_is_refused_with_what_would_do),
        cmocka_unit_test(the_200_says_who_refreshes),
        cmocka_unit_test(who_does_not_refresh_is_gone),
        cmocka_unit_test(a_refresh_begins_the_interval_anew),
        cmocka_unit_test(a_refresh_that_is_refused_refreshes_nothing),
        cmocka_unit_test(a_refresh_without_a_timer_ends_it),
        cmocka_unit_test(our_invite_wishes_for_a_timer_and_takes_what_it_gets),
        cmocka_unit_test(a_telephone_of_ours_is_refreshed_by_whom_it_says),
        cmocka_unit_test(a_telephone_whose_minimum_is_larger_is_called_once_more),
        cmocka_unit_test(an_operator_raises_the_interval_and_asks_who_refreshes),
    };
    return cmocka_run_group_tests_name("phone/leg_timer", tests, NULL, NULL);
}
