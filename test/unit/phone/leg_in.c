/* leg_in.c — calls that come in, over a socket: answered, refused, cancelled, hung up; messages
 * that are repeated, cross each other or never come; hold and resume; bounds. */
#include "test/support/exchange_look.h"

/* An INVITE has come: its leg. */
static uint64_t invited(struct peer *p)
{
    peer_invite(p);
    peer_expect(p, "SIP/2.0 100 Trying");
    assert_int_equal(last(p->x)->kind, PHONE_ARRIVED);
    return last(p->x)->leg_id;
}

static void answer(struct exchange *x, uint64_t id)
{
    x->port.answer(x->port.arg, id);
}

static void hang_up(struct exchange *x, uint64_t id)
{
    x->port.hang_up(x->port.arg, id);
}

static uint64_t talking(struct peer *p)
{
    uint64_t id = invited(p);
    answer(p->x, id);
    peer_expect(p, "SIP/2.0 200 OK");
    peer_ack(p);
    assert_int_equal(last(p->x)->kind, PHONE_UP);
    return id;
}

static struct exchange_stream *stream_of(struct exchange *x)
{
    for (unsigned i = 0; i < EXCHANGE_STREAMS; i++)
        if (x->streams[i].is_open)
            return &x->streams[i];
    fail_msg("no stream is open");
    return NULL;
}

/* ---- the whole way ----------------------------------------------------------------------------
 */

static void a_call_is_answered_confirmed_and_hung_up(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p);
    assert_non_null(strstr(p.said, ";tag=")); /* 100 has our tag, as all that follows */
    assert_string_equal(x->called, "0536490010");
    assert_string_equal(x->caller, "0536491234");
    assert_int_equal(last(x)->arrived.trunk_id, 7);
    char tag[sizeof(p.our_tag)];
    memcpy(tag, p.our_tag, sizeof(tag));
    answer(x, id);
    peer_expect(&p, "SIP/2.0 200 OK");
    assert_string_equal(tag, p.our_tag);
    assert_non_null(strstr(p.said, "m=audio 20000 RTP/AVP 8 101"));
    assert_non_null(strstr(p.said, "Contact: <sip:decroche@127.0.0.1:"));
    assert_int_equal(reports(x, PHONE_UP), 0);
    peer_ack(&p);
    assert_int_equal(reports(x, PHONE_UP), 1);
    assert_int_equal(stream_of(x)->want.rtp.port, 30000);
    assert_int_equal(stream_of(x)->want.direction, MEDIA_SENDRECV);
    assert_int_equal(stream_of(x)->want.key_type, 101);
    peer_repeat(&p); /* the ACK once more */
    assert_int_equal(reports(x, PHONE_UP), 1);
    peer_new(&p, "BYE", "");
    peer_expect(&p, "SIP/2.0 200 OK");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_false(last(x)->is_fault);
    peer_repeat(&p); /* the BYE */
    peer_expect(&p, "SIP/2.0 200 OK");
    assert_int_equal(x->streams_n, 0);
    peer_end(&p, ALL_TIMERS_MS);
}

static void we_hang_up_and_nothing_more_is_reported(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talking(&p);
    hang_up(x, id);
    peer_expect(&p, "BYE sip:0536491234@127.0.0.2:");
    unsigned n = x->reports_n;
    hang_up(x, id); /* gone: nothing */
    answer(x, id);
    x->port.refuse(x->port.arg, id, 486);
    const struct phone_sound sound = {.n = 1};
    assert_int_equal(x->port.sound(x->port.arg, id, &sound), 0);
    pass(x, 500);
    peer_expect(&p, "BYE"); /* unanswered: repeated */
    peer_end(&p, ALL_TIMERS_MS);
    (void)n;
}

static void nothing_is_reported_after_hang_up(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talking(&p);
    struct media_ref ref = {0, x->streams[0].gen};
    hang_up(x, id);
    unsigned n = x->reports_n;
    x->due[x->due_n++] =
        (struct media_report){.ref = ref, .kind = MEDIA_KEY_BEGUN, .key = {'1', 0}};
    peer_expect(&p, "BYE");
    peer_new(&p, "BYE", ""); /* both at once */
    peer_expect(&p, "SIP/2.0 200");
    pass(x, 40000);
    assert_int_equal(x->reports_n, n);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_repeated_invite_is_answered_as_before(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p);
    peer_repeat(&p);
    peer_expect(&p, "SIP/2.0 100");
    assert_int_equal(reports(x, PHONE_ARRIVED), 1);
    answer(x, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_repeat(&p); /* absorbed: the 200 repeats itself (RFC 6026 §7.1) */
    peer_expect_silence(&p);
    pass(x, 500);
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    pass(x, 5000);
    peer_expect_silence(&p);
    hang_up(x, id);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_lost_ack_ends_the_call_as_a_fault(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    answer(x, invited(&p));
    unsigned n = 0;
    while (x->now_at < EXCHANGE_BEGIN_AT + 31900) {
        while (peer_hears(&p))
            n += strncmp(p.said, "SIP/2.0 200", 11) == 0;
        pass(x, 100);
    }
    assert_true(n >= 10 && n <= 12);
    assert_int_equal(reports(x, PHONE_ENDED), 0);
    pass(x, 200);
    assert_int_equal(reports(x, PHONE_UP), 0);
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_true(last(x)->is_fault);
    peer_expect(&p, "BYE");
    peer_end(&p, ALL_TIMERS_MS);
}

static void who_speaks_first_may_be_us_a_delayed_offer(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    peer_new(&p, "INVITE", "");
    peer_expect(&p, "SIP/2.0 100");
    uint64_t id = last(x)->leg_id;
    answer(x, id);
    peer_expect(&p, "SIP/2.0 200");
    assert_non_null(strstr(p.said, "m=audio 20000"));
    p.branch++;
    peer_ask(&p, "ACK", "", SDP);
    assert_int_equal(last(x)->kind, PHONE_UP);
    assert_int_equal(stream_of(x)->want.rtp.port, 30000);
    hang_up(x, id);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_delayed_offer_without_an_answer_ends_the_call(void **state)
{
    (void)state;
    static const char *const bodies[] = {"", SDP_USELESS, "nonsense"};
    for (unsigned i = 0; i < ARRAY_LEN(bodies); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        peer_new(&p, "INVITE", "");
        peer_expect(&p, "SIP/2.0 100");
        answer(x, last(x)->leg_id);
        peer_expect(&p, "SIP/2.0 200");
        p.branch++;
        peer_ask(&p, "ACK", "", bodies[i]);
        assert_int_equal(reports(x, PHONE_UP), 0);
        assert_int_equal(last(x)->kind, PHONE_ENDED);
        assert_true(last(x)->is_fault);
        peer_expect(&p, "BYE");
        peer_end(&p, ALL_TIMERS_MS);
    }
}

/* ---- cancelled, refused ------------------------------------------------------------------------
 */

static void a_cancel_before_the_answer_ends_the_call(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p);
    peer_ask(&p, "CANCEL", "", "");
    peer_expect(&p, "SIP/2.0 200");
    peer_expect(&p, "SIP/2.0 487");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_false(last(x)->is_fault);
    peer_repeat(&p);
    peer_expect(&p, "SIP/2.0 200");
    answer(x, id); /* too late */
    peer_ask(&p, "ACK", "", "");
    pass(x, 5000);
    peer_expect_silence(&p);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_cancel_that_crosses_our_200_changes_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p);
    answer(x, id);
    peer_ask(&p, "CANCEL", "", "");
    peer_expect(&p, "SIP/2.0 200");
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    assert_int_equal(last(x)->kind, PHONE_UP);
    p.branch--;
    peer_ask(&p, "CANCEL", "", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(last(x)->kind, PHONE_UP);
    hang_up(x, id);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_cancel_of_nothing_is_told_so(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    peer_ask(&p, "CANCEL", "", "");
    peer_expect(&p, "SIP/2.0 481");
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_bye_before_the_ack_ends_the_call_and_the_repetition(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    answer(x, invited(&p));
    peer_expect(&p, "SIP/2.0 200");
    peer_new(&p, "BYE", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    pass(x, 20000);
    peer_expect_silence(&p);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_bye_before_the_answer_refuses_the_invite(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    invited(&p);
    peer_new(&p, "BYE", "");
    peer_expect(&p, "SIP/2.0 200");
    peer_expect(&p, "SIP/2.0 487");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    peer_end(&p, ALL_TIMERS_MS);
}

static void we_hang_up_before_the_ack_and_the_bye_waits_for_it(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p);
    answer(x, id);
    peer_expect(&p, "SIP/2.0 200");
    hang_up(x, id);
    assert_int_equal(x->streams_n, 0);
    peer_expect_silence(&p);
    peer_ack(&p);
    peer_expect(&p, "BYE");
    assert_int_equal(reports(x, PHONE_UP), 0);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_refusal_has_the_status_that_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        const char *begin;
    } cases[] = {{404, "SIP/2.0 404"}, {486, "SIP/2.0 486"}, {503, "SIP/2.0 503"}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        x->port.refuse(x->port.arg, invited(&p), cases[i].status);
        peer_expect(&p, cases[i].begin);
        assert_int_equal(strstr(p.said, "Retry-After: 5") != NULL, cases[i].status == 503);
        pass(x, 500);
        peer_expect(&p, cases[i].begin); /* until its ACK */
        peer_ask(&p, "ACK", "", "");
        pass(x, 5000);
        peer_expect_silence(&p);
        assert_int_equal(reports(x, PHONE_ENDED), 0);
        peer_end(&p, ALL_TIMERS_MS);
    }
}

/* ---- hold and resume -------------------------------------------------------------------- */

static void a_call_is_held_and_resumed(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talking(&p);
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    assert_non_null(strstr(p.said, "a=recvonly"));
    peer_ack(&p);
    assert_int_equal(stream_of(x)->want.direction, MEDIA_RECVONLY);
    assert_int_equal(last(x)->kind, PHONE_HOLDS);
    assert_true(last(x)->holds);
    peer_new(&p, "INVITE", ""); /* without a body: we offer */
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    p.branch++;
    peer_ask(&p, "ACK", "", SDP);
    assert_int_equal(stream_of(x)->want.direction, MEDIA_SENDRECV);
    assert_false(last(x)->holds);
    assert_int_equal(reports(x, PHONE_HOLDS), 2);
    assert_int_equal(reports(x, PHONE_UP), 1);
    hang_up(x, id);
    peer_expect(&p, "BYE");
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_second_invite_waits_until_the_first_is_acknowledged(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p);
    answer(x, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_new(&p, "INVITE", SDP_HOLD); /* before the ACK of the first */
    peer_expect(&p, "SIP/2.0 500");
    assert_non_null(strstr(p.said, "Retry-After: "));
    peer_ask(&p, "ACK", "", "");
    p.cseq--;
    peer_ack(&p);
    assert_int_equal(last(x)->kind, PHONE_UP);
    p.cseq++;
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_new(&p, "INVITE", SDP);
    peer_expect(&p, "SIP/2.0 500");
    peer_ask(&p, "ACK", "", "");
    p.cseq--;
    peer_ack(&p);
    hang_up(x, id);
    peer_expect(&p, "BYE");
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_repeated_reinvite_is_one_change(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talking(&p);
    unsigned sets_n = stream_of(x)->sets_n;
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_repeat(&p);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_expect_silence(&p);
    assert_int_equal(stream_of(x)->sets_n, sets_n + 1);
    peer_ack(&p);
    hang_up(x, id);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_reinvite_that_nobody_acknowledges_ends_the_call_as_a_fault(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    talking(&p);
    peer_new(&p, "INVITE", SDP_HOLD);
    pass(x, 33000);
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_true(last(x)->is_fault);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_useless_reinvite_leaves_the_call_as_it_was(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talking(&p);
    peer_new(&p, "INVITE", SDP_USELESS);
    peer_expect(&p, "SIP/2.0 488");
    peer_ask(&p, "ACK", "", "");
    assert_int_equal(stream_of(x)->want.direction, MEDIA_SENDRECV);
    peer_new(&p, "INVITE", SDP_HOLD); /* and the next one is heard */
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    assert_int_equal(stream_of(x)->want.direction, MEDIA_RECVONLY);
    hang_up(x, id);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_refused_reinvite_whose_ack_is_lost_does_not_end_the_call(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talking(&p);
    peer_new(&p, "INVITE", SDP_USELESS);
    pass(x, 40000);
    assert_int_equal(last(x)->kind, PHONE_UP);
    hang_up(x, id);
    peer_end(&p, ALL_TIMERS_MS);
}

static void hung_up_while_a_reinvite_waits_for_its_ack_the_200_is_not_repeated(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    talking(&p);
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_new(&p, "BYE", "");
    peer_ignore(&p);
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    pass(x, 20000);
    peer_expect_silence(&p);
    peer_end(&p, ALL_TIMERS_MS);
}

/* ---- within a dialog, and out of it ----------------------------------------------------- */

static void requests_within_the_dialog_get_their_answers(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talking(&p);
    peer_new(&p, "OPTIONS", "");
    peer_expect(&p, "SIP/2.0 200");
    peer_new(&p, "SUBSCRIBE", "");
    peer_expect(&p, "SIP/2.0 405");
    assert_non_null(strstr(p.said, "INFO, UPDATE, PRACK, REFER\r\n"));
    p.cseq -= 2; /* late on the way */
    peer_new(&p, "OPTIONS", "");
    peer_expect(&p, "SIP/2.0 500");
    hang_up(x, id);
    peer_ignore(&p);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_dialog_that_nobody_knows_is_told_so_and_costs_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(1);
    struct peer p = peer_open(x, AT_TRUNK);
    memcpy(p.our_tag, "0123456789abcdef", 17);
    for (unsigned i = 0; i < PHONE_TX_MIN + 10; i++) {
        peer_new(&p, i % 2 ? "BYE" : "INVITE", "");
        peer_expect(&p, "SIP/2.0 481");
    }
    peer_ack(&p);
    assert_int_equal(phone_totals(x->phone).transactions_n, 0);
    peer_again(&p);
    invited(&p);
    hang_up(x, last(x)->leg_id);
    peer_end(&p, ALL_TIMERS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_answered_confirmed_and_hung_up),
        cmocka_unit_test(we_hang_up_and_nothing_more_is_reported),
        cmocka_unit_test(nothing_is_reported_after_hang_up),
        cmocka_unit_test(a_repeated_invite_is_answered_as_before),
        cmocka_unit_test(a_lost_ack_ends_the_call_as_a_fault),
        cmocka_unit_test(who_speaks_first_may_be_us_a_delayed_offer),
        cmocka_unit_test(a_delayed_offer_without_an_answer_ends_the_call),
        cmocka_unit_test(a_cancel_before_the_answer_ends_the_call),
        cmocka_unit_test(a_cancel_that_crosses_our_200_changes_nothing),
        cmocka_unit_test(a_cancel_of_nothing_is_told_so),
        cmocka_unit_test(a_bye_before_the_ack_ends_the_call_and_the_repetition),
        cmocka_unit_test(a_bye_before_the_answer_refuses_the_invite),
        cmocka_unit_test(we_hang_up_before_the_ack_and_the_bye_waits_for_it),
        cmocka_unit_test(a_refusal_has_the_status_that_was_asked_for),
        cmocka_unit_test(a_call_is_held_and_resumed),
        cmocka_unit_test(a_second_invite_waits_until_the_first_is_acknowledged),
        cmocka_unit_test(a_repeated_reinvite_is_one_change),
        cmocka_unit_test(a_reinvite_that_nobody_acknowledges_ends_the_call_as_a_fault),
        cmocka_unit_test(a_useless_reinvite_leaves_the_call_as_it_was),
        cmocka_unit_test(a_refused_reinvite_whose_ack_is_lost_does_not_end_the_call),
        cmocka_unit_test(hung_up_while_a_reinvite_waits_for_its_ack_the_200_is_not_repeated),
        cmocka_unit_test(requests_within_the_dialog_get_their_answers),
        cmocka_unit_test(a_dialog_that_nobody_knows_is_told_so_and_costs_nothing),
    };
    return cmocka_run_group_tests_name("phone/leg_in", tests, NULL, NULL);
}
