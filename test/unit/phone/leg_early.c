/* leg_early.c — sound before an answer: 183 with a description, repeated; then a refusal, an answer
 * or a CANCEL; and who is not spoken to so. */
#include "test/support/exchange_look.h"

/* The operator at AT_TRUNK, who carries early media or does not. */
static struct exchange *open_operator(bool is_early)
{
    struct exchange *x = exchange_open(4);
    struct phone_trunk t = {.number = 7,
                            .at_n = 1,
                            .host = TEXT("operator"),
                            .priority = 1,
                            .channels = 2,
                            .is_unprobed = true,
                            .is_early = is_early};
    assert_true(address_read_ip(&t.at[0], TEXT(AT_TRUNK)));
    t.at[0].port = 5060;
    phone_trunks(x->phone, &t, 1);
    return x;
}

static uint64_t invited(struct peer *p, const char *sdp)
{
    peer_new(p, "INVITE", sdp);
    peer_expect(p, "SIP/2.0 100 Trying");
    return last(p->x)->leg_id;
}

/* A call that hears us, and was not answered. */
static uint64_t early(struct peer *p)
{
    struct exchange *x = p->x;
    uint64_t id = invited(p, SDP);
    assert_true(x->port.early(x->port.arg, id));
    peer_expect(p, "SIP/2.0 183 Session Progress");
    assert_int_equal(reports(x, PHONE_UP), 0); /* not before it has returned */
    turn(x);
    assert_int_equal(reports(x, PHONE_UP), 1);
    return id;
}

static void end(struct peer *p)
{
    struct phone_trunk_look look;
    pass(p->x, ALL_TIMERS_MS);
    assert_true(phone_trunk_look(p->x->phone, 0, &look));
    assert_int_equal(look.calls_in_n, 0);
    peer_end(p, 0);
}

static void a_message_is_heard_and_the_call_refused_without_an_answer(void **state)
{
    (void)state;
    struct exchange *x = open_operator(true);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = early(&p);
    assert_non_null(strstr(p.said, "m=audio 20000 RTP/AVP 8 101"));
    assert_non_null(strstr(p.said, "Contact: <sip:decroche@127.0.0.1:"));
    assert_int_equal(x->streams[0].want.rtp.port, 30000);
    assert_int_equal(x->streams[0].want.direction, MEDIA_SENDRECV);
    const struct phone_sound sound = {.n = 1};
    assert_int_not_equal(x->port.sound(x->port.arg, id, &sound), 0);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 480");
    peer_ask(&p, "ACK", "", "");
    assert_int_equal(x->streams_n, 0);
    assert_int_equal(peer_count(&p, "SIP/2.0 183"), 0);
    end(&p);
}

static void a_183_is_repeated_at_first_and_each_minute(void **state)
{
    (void)state;
    struct exchange *x = open_operator(true);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = early(&p);
    char first[sizeof(p.said)];
    memcpy(first, p.said, sizeof(first));
    pass(x, 499);
    assert_int_equal(peer_count(&p, "SIP/2.0 183"), 0);
    pass(x, 5000);
    assert_int_equal(peer_count(&p, "SIP/2.0 183"), 3);
    assert_string_equal(p.said, first); /* the very same description */
    pass(x, 60000);
    assert_int_equal(peer_count(&p, "SIP/2.0 183"), 1);
    assert_int_equal(reports(x, PHONE_UP), 1);
    x->port.hang_up(x->port.arg, id);
    pass(x, 130000);
    assert_int_equal(peer_count(&p, "SIP/2.0 183"), 0);
    end(&p);
}

static void it_can_be_answered_after_all(void **state)
{
    (void)state;
    struct exchange *x = open_operator(true);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = early(&p);
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200 OK");
    peer_ack(&p);
    assert_int_equal(reports(x, PHONE_UP), 2);
    pass(x, 70000);
    assert_int_equal(peer_count(&p, "SIP/2.0 183"), 0);
    peer_new(&p, "BYE", "");
    peer_expect(&p, "SIP/2.0 200 OK");
    assert_int_equal(reports(x, PHONE_ENDED), 1);
    end(&p);
}

static void a_cancel_ends_it(void **state)
{
    (void)state;
    struct exchange *x = open_operator(true);
    struct peer p = peer_open(x, AT_TRUNK);
    early(&p);
    peer_ask(&p, "CANCEL", "", "");
    peer_expect(&p, "SIP/2.0 200 OK");
    peer_expect(&p, "SIP/2.0 487");
    peer_ask(&p, "ACK", "", "");
    assert_int_equal(reports(x, PHONE_ENDED), 1);
    end(&p);
}

static void is_not_carried(bool by_operator, const char *sdp)
{
    struct exchange *x = open_operator(by_operator);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p, sdp);
    assert_false(x->port.early(x->port.arg, id));
    turn(x);
    assert_false(peer_hears(&p));
    assert_int_equal(reports(x, PHONE_UP), 0);
    x->port.refuse(x->port.arg, id, 480);
    end(&p);
}

static void nothing_is_said_where_it_is_not_carried_or_nothing_was_offered(void **state)
{
    (void)state;
    is_not_carried(false, SDP);
    is_not_carried(true, "");
}

static void it_is_begun_once_and_never_after_the_answer(void **state)
{
    (void)state;
    struct exchange *x = open_operator(true);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = early(&p);
    assert_false(x->port.early(x->port.arg, id));
    x->port.answer(x->port.arg, id);
    assert_false(x->port.early(x->port.arg, id));
    x->port.hang_up(x->port.arg, id);
    assert_false(x->port.early(x->port.arg, id));
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_heard_and_the_call_refused_without_an_answer),
        cmocka_unit_test(a_183_is_repeated_at_first_and_each_minute),
        cmocka_unit_test(it_can_be_answered_after_all),
        cmocka_unit_test(a_cancel_ends_it),
        cmocka_unit_test(nothing_is_said_where_it_is_not_carried_or_nothing_was_offered),
        cmocka_unit_test(it_is_begun_once_and_never_after_the_answer),
    };
    return cmocka_run_group_tests_name("phone/leg_early", tests, NULL, NULL);
}
