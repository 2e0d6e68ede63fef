/* leg_out.c — calls to telephones of the house: rung, picked up, refused, cancelled, forked; held;
 * and whether a silent one still lives (design §3.4). */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

static void hang_up(struct exchange *x, uint64_t id)
{
    x->port.hang_up(x->port.arg, id);
}

static void say(struct exchange *x, enum media_kind kind)
{
    struct media_ref ref = {0, x->streams[0].gen};
    x->due[x->due_n++] = (struct media_report){.ref = ref, .kind = kind};
    turn(x);
}

/* ---- ringing -------------------------------------------------------------------------------- */

static void a_telephone_is_rung_picked_up_and_hung_up(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    assert_true(x->port.is_there(x->port.arg, 1));
    uint64_t id = desk_called(&p, 0);
    assert_non_null(strstr(p.said, "From: \"Sant\xc3\xa9 1\" <sip:0536491234@127.0.0.1:"));
    assert_non_null(strstr(p.said, "m=audio 20000 RTP/AVP 8 0 101"));
    desk_answer(&p, "100 Trying", "");
    desk_answer(&p, "180 Ringing", "");
    desk_answer(&p, "180 Ringing", "");
    assert_int_equal(last(x)->kind, PHONE_RINGS);
    desk_answer(&p, "200 OK", SDP);
    peer_expect(&p, "ACK sip:set@127.0.0.3:");
    assert_int_equal(last(x)->kind, PHONE_UP);
    assert_int_equal(x->streams[0].want.rtp.port, 30000);
    peer_repeat(&p); /* the 200 once more: acknowledged once more */
    peer_expect(&p, "ACK");
    assert_int_equal(reports(x, PHONE_UP), 1);
    hang_up(x, id);
    peer_expect(&p, "BYE sip:set@127.0.0.3:");
    desk_answer(&p, "200 OK", "");
    assert_int_equal(phone_totals(x->phone).calls_out_n, 1);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void who_is_not_registered_is_not_rung(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    const struct phone_call call = {.aor = 2};
    assert_int_equal(x->port.call(x->port.arg, &call), 0);
    assert_false(x->port.is_there(x->port.arg, 2));
    peer_expect_silence(&p);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void without_a_leg_or_a_stream_nobody_is_rung(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(1);
    struct peer p = desk_open(x);
    const struct phone_call call = {.aor = 1};
    x->has_no_stream = true;
    assert_int_equal(x->port.call(x->port.arg, &call), 0);
    x->has_no_stream = false;
    uint64_t id = desk_called(&p, 0);
    assert_int_equal(x->port.call(x->port.arg, &call), 0);
    hang_up(x, id);
    assert_int_equal(x->streams_n, 0);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_refusal_is_told_with_its_status_and_acknowledged(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        uint16_t status;
    } cases[] = {{"486 Busy Here", 486},
                 {"302 Moved Temporarily", 302},
                 {"603 Decline", 603},
                 {"401 Unauthorized", 401},
                 {"407 Proxy Authentication Required", 407}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = desk_open(x);
        desk_called(&p, 0);
        desk_answer(&p, cases[i].said, "");
        peer_expect(&p, "ACK sip:101@");
        assert_int_equal(last(x)->kind, PHONE_REFUSED);
        assert_int_equal(last(x)->status, cases[i].status);
        peer_repeat(&p);
        peer_expect(&p, "ACK");
        assert_int_equal(reports(x, PHONE_REFUSED), 1);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void nobody_answers_and_the_call_ends_by_itself(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    desk_called(&p, 0);
    pass(x, 31999);
    assert_int_equal(reports(x, PHONE_REFUSED), 0);
    pass(x, 1);
    assert_int_equal(last(x)->kind, PHONE_REFUSED);
    assert_int_equal(last(x)->status, 408);
    unsigned n = 0;
    while (peer_hears(&p))
        n += strncmp(p.said, "INVITE", 6) == 0;
    assert_int_equal(n, 6); /* after 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s */
    peer_end(&p, ALL_BINDINGS_MS);
}

/* ---- cancelled ------------------------------------------------------------------------------- */

static void a_cancel_waits_until_something_was_heard(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    hang_up(x, desk_called(&p, 0));
    peer_expect_silence(&p);
    desk_answer(&p, "100 Trying", "");
    char invite[sizeof(p.request)];
    memcpy(invite, p.request, sizeof(invite));
    peer_expect(&p, "CANCEL sip:101@");
    desk_answer(&p, "200 OK", "");
    memcpy(p.request, invite, sizeof(invite));
    desk_answer(&p, "487 Request Terminated", "");
    peer_expect(&p, "ACK");
    assert_int_equal(x->reports_n, 0);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_200_that_crosses_our_cancel_is_acknowledged_and_ended(void **state)
{
    (void)state;
    for (unsigned heard = 0; heard < 2; heard++) {
        struct exchange *x = exchange_open(4);
        struct peer p = desk_open(x);
        uint64_t id = desk_called(&p, 0);
        char invite[sizeof(p.request)];
        memcpy(invite, p.request, sizeof(invite));
        if (heard)
            desk_answer(&p, "180 Ringing", "");
        hang_up(x, id);
        if (heard)
            peer_expect(&p, "CANCEL");
        memcpy(p.request, invite, sizeof(invite));
        desk_answer(&p, "200 OK", SDP);
        peer_expect(&p, "ACK");
        peer_expect(&p, "BYE");
        assert_int_equal(reports(x, PHONE_UP), 0);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void a_cancel_that_nobody_answers_does_not_hold_the_leg(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "180 Ringing", "");
    hang_up(x, id);
    pass(x, 70000);
    assert_int_equal(phone_totals(x->phone).legs_n, 0);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* ---- odd answers ------------------------------------------------------------------------------
 */

static void a_second_200_of_another_branch_is_acknowledged_and_ended(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "200 OK", SDP);
    char invite[sizeof(p.request)];
    memcpy(invite, p.request, sizeof(invite));
    peer_expect(&p, "ACK");
    memcpy(p.request, invite, sizeof(invite));
    desk_answer_as(&p, "another", "200 OK", SDP);
    peer_expect(&p, "ACK");
    assert_non_null(strstr(p.said, "tag=another"));
    peer_expect(&p, "BYE");
    assert_non_null(strstr(p.said, "tag=another"));
    assert_int_equal(reports(x, PHONE_UP), 1);
    hang_up(x, id);
    peer_expect(&p, "BYE");
    assert_non_null(strstr(p.said, "tag=theirs"));
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_useless_answer_is_acknowledged_ended_and_told_as_488(void **state)
{
    (void)state;
    static const char *const bodies[] = {SDP_USELESS, "nonsense", ""};
    for (unsigned i = 0; i < ARRAY_LEN(bodies); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = desk_open(x);
        desk_called(&p, 0);
        desk_answer(&p, "200 OK", bodies[i]);
        peer_expect(&p, "ACK");
        peer_expect(&p, "BYE");
        assert_int_equal(last(x)->kind, PHONE_REFUSED);
        assert_int_equal(last(x)->status, 488);
        assert_int_equal(reports(x, PHONE_UP), 0);
        peer_end(&p, ALL_BINDINGS_MS);
    }
}

static void an_early_answer_is_settled_by_a_200_without_a_body(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "183 Session Progress", SDP);
    desk_answer(&p, "200 OK", "");
    peer_expect(&p, "ACK");
    assert_int_equal(last(x)->kind, PHONE_UP);
    assert_int_equal(x->streams[0].want.rtp.port, 30000);
    hang_up(x, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void the_telephone_hangs_up(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    desk_talks(&p);
    char bye[2048];
    const char *call_id = strstr(p.request, "Call-ID: ") + 9,
               *from = strstr(p.request, "From: ") + 6;
    snprintf(bye, sizeof(bye),
             "BYE sip:x@h SIP/2.0\r\nVia: SIP/2.0/UDP %s:%u;branch=z9hG4bKbye;rport\r\n"
             "From: <sip:101@h>;tag=theirs\r\nTo: %.*s\r\nCall-ID: %.*s\r\nCSeq: 1 BYE\r\n\r\n",
             p.ip, peer_port(&p), (int)strcspn(from, "\r"), from, (int)strcspn(call_id, "\r"),
             call_id);
    peer_send(&p, bye);
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_false(last(x)->is_fault);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void the_codec_of_the_waiting_side_is_offered_first(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), trunk = peer_open(x, AT_TRUNK);
    peer_new(&trunk, "INVITE",
             "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"
             "m=audio 30000 RTP/AVP 0\r\n");
    uint64_t near = last(x)->leg_id, id = desk_called(&p, near);
    assert_non_null(strstr(p.said, "RTP/AVP 0 8 101"));
    assert_int_equal(x->streams[1].near.gen, x->streams[0].gen);
    hang_up(x, id);
    hang_up(x, near);
    peer_close(&trunk);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* ---- registration ------------------------------------------------------------------------------
 */

static void who_signs_off_or_whose_time_is_over_is_away(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    assert_int_equal(reports(x, PHONE_AWAY), 0);
    desk_register(&p, "s3cret", 0);
    assert_int_equal(last(x)->kind, PHONE_AWAY);
    assert_int_equal(last(x)->aor, 1);
    desk_register(&p, "s3cret", 60);
    pass(x, 59000);
    assert_int_equal(reports(x, PHONE_AWAY), 1);
    pass(x, 2000);
    assert_int_equal(reports(x, PHONE_AWAY), 2);
    assert_false(x->port.is_there(x->port.arg, 1));
    peer_end(&p, ALL_BINDINGS_MS);
}

/* ---- does it live? ------------------------------------------------------------------------------
 */

static void a_silent_telephone_that_answers_is_not_lost(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_talks(&p);
    for (unsigned i = 0; i < 5; i++) {
        say(x, i ? MEDIA_LOST : MEDIA_QUIET);
        if (i == 0 || i == 2)
            peer_expect(&p, "OPTIONS sip:set@");
        if (i == 0 || i == 2)
            desk_answer(&p, "200 OK", "");
        if (i == 1)
            pass(x, PHONE_PROBE_EVERY_MS);
    }
    pass(x, 1000);
    assert_int_equal(reports(x, PHONE_LOST), 0);
    say(x, MEDIA_BACK);
    hang_up(x, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_telephone_that_answers_481_is_lost_at_once(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_talks(&p);
    say(x, MEDIA_QUIET);
    peer_expect(&p, "OPTIONS");
    desk_answer(&p, "481 Call/Transaction Does Not Exist", "");
    assert_int_equal(last(x)->kind, PHONE_LOST);
    hang_up(x, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_dead_telephone_is_lost_within_five_seconds(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_talks(&p);
    say(x, MEDIA_QUIET); /* after two seconds of silence */
    pass(x, MEDIA_LOST_MS - MEDIA_QUIET_MS - 10);
    assert_int_equal(reports(x, PHONE_LOST), 0);
    say(x, MEDIA_LOST);
    pass(x, 20);
    assert_int_equal(last(x)->kind, PHONE_LOST);
    hang_up(x, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_telephone_on_hold_is_not_judged_by_its_silence(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "200 OK", SDP_HOLD);
    peer_expect(&p, "ACK");
    say(x, MEDIA_QUIET);
    say(x, MEDIA_LOST);
    pass(x, 20000);
    peer_expect_silence(&p);
    pass(x, 11000); /* asked after thirty seconds, and given the time of a transaction */
    peer_expect(&p, "OPTIONS");
    pass(x, 30000);
    assert_int_equal(reports(x, PHONE_LOST), 0);
    pass(x, 3000);
    assert_int_equal(reports(x, PHONE_LOST), 1);
    hang_up(x, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_telephone_that_is_heard_again_is_not_lost_by_an_old_question(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_talks(&p);
    say(x, MEDIA_QUIET); /* the question is lost on the way, the sound comes back */
    pass(x, 1000);
    say(x, MEDIA_BACK);
    pass(x, 40000);
    assert_int_equal(reports(x, PHONE_LOST), 0);
    say(x, MEDIA_QUIET);
    pass(x, 1900);
    say(x, MEDIA_BACK);
    pass(x, 29000);
    peer_ignore(&p);
    say(x, MEDIA_QUIET); /* a new question; the one before runs out now */
    peer_expect(&p, "OPTIONS");
    desk_answer(&p, "200 OK", "");
    pass(x, 1500);
    assert_int_equal(reports(x, PHONE_LOST), 0);
    hang_up(x, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_caller_who_is_gone_is_found_out_slowly(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), trunk = peer_open(x, AT_TRUNK);
    peer_invite(&trunk);
    peer_expect(&trunk, "SIP/2.0 100");
    x->port.answer(x->port.arg, last(x)->leg_id);
    peer_expect(&trunk, "SIP/2.0 200");
    peer_ack(&trunk);
    say(x, MEDIA_QUIET);
    say(x, MEDIA_LOST);
    pass(x, 29000);
    peer_expect_silence(&trunk); /* deaf people text, relays are quiet: patience */
    pass(x, 2000);
    peer_expect(&trunk, "OPTIONS");
    pass(x, 33000);
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_true(last(x)->is_fault);
    peer_close(&trunk);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_silence_that_began_on_hold_is_asked_about_when_the_call_is_resumed(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), trunk = peer_open(x, AT_TRUNK);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "200 OK", SDP_HOLD);
    peer_expect(&p, "ACK");
    say(x, MEDIA_QUIET);
    say(x, MEDIA_LOST);
    const char *call_id = strstr(p.request, "Call-ID: ") + 9,
               *from = strstr(p.request, "From: ") + 6;
    char again[2048];
    snprintf(again, sizeof(again),
             "INVITE sip:x@h SIP/2.0\r\nVia: SIP/2.0/UDP %s:%u;branch=z9hG4bKagain;rport\r\n"
             "From: <sip:101@h>;tag=theirs\r\nTo: %.*s\r\nCall-ID: %.*s\r\nCSeq: 1 INVITE\r\n"
             "Contact: <sip:set@%s:%u>\r\nContent-Type: application/sdp\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             p.ip, peer_port(&p), (int)strcspn(from, "\r"), from, (int)strcspn(call_id, "\r"),
             call_id, p.ip, peer_port(&p), strlen(SDP), SDP);
    peer_send(&p, again);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_expect(&p, "OPTIONS");
    pass(x, PHONE_PROBE_ANSWER_MS);
    assert_int_equal(last(x)->kind, PHONE_LOST);
    hang_up(x, id);
    peer_close(&trunk);
    peer_end(&p, ALL_BINDINGS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_telephone_is_rung_picked_up_and_hung_up),
        cmocka_unit_test(who_is_not_registered_is_not_rung),
        cmocka_unit_test(without_a_leg_or_a_stream_nobody_is_rung),
        cmocka_unit_test(a_refusal_is_told_with_its_status_and_acknowledged),
        cmocka_unit_test(nobody_answers_and_the_call_ends_by_itself),
        cmocka_unit_test(a_cancel_waits_until_something_was_heard),
        cmocka_unit_test(a_200_that_crosses_our_cancel_is_acknowledged_and_ended),
        cmocka_unit_test(a_cancel_that_nobody_answers_does_not_hold_the_leg),
        cmocka_unit_test(a_second_200_of_another_branch_is_acknowledged_and_ended),
        cmocka_unit_test(a_useless_answer_is_acknowledged_ended_and_told_as_488),
        cmocka_unit_test(an_early_answer_is_settled_by_a_200_without_a_body),
        cmocka_unit_test(the_telephone_hangs_up),
        cmocka_unit_test(the_codec_of_the_waiting_side_is_offered_first),
        cmocka_unit_test(who_signs_off_or_whose_time_is_over_is_away),
        cmocka_unit_test(a_silent_telephone_that_answers_is_not_lost),
        cmocka_unit_test(a_telephone_that_answers_481_is_lost_at_once),
        cmocka_unit_test(a_dead_telephone_is_lost_within_five_seconds),
        cmocka_unit_test(a_telephone_on_hold_is_not_judged_by_its_silence),
        cmocka_unit_test(a_telephone_that_is_heard_again_is_not_lost_by_an_old_question),
        cmocka_unit_test(a_caller_who_is_gone_is_found_out_slowly),
        cmocka_unit_test(a_silence_that_began_on_hold_is_asked_about_when_the_call_is_resumed),
    };
    return cmocka_run_group_tests_name("phone/leg_out", tests, NULL, NULL);
}
