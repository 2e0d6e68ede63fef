/* trunk.c — accesses to operators: they are registered with and probed; calls go out by the first
 * that takes them, and channels are counted. */
#include "test/support/exchange_operators.h"

/* The answer has headers of its own: status line and header lines in one. */
static void answer_register(struct operators *o, const char *status, const char *lines)
{
    char first[512];
    snprintf(first, sizeof(first), "%s%s%s", status, *lines ? "\r\n" : "", lines);
    desk_answer(&o->one, first, "");
}

/* ---- registering ---------------------------------------------------------------------------- */

static void an_operator_who_asks_for_it_is_registered_with_and_again_in_time(void **state)
{
    (void)state;
    struct operators o = operators_open(true);
    peer_expect(&o.one, "REGISTER sip:op.example SIP/2.0");
    assert_non_null(strstr(o.one.said, "To: <sip:ours@op.example>\r\n"));
    assert_non_null(strstr(o.one.said, "Expires: 600\r\n"));
    assert_non_null(strstr(o.one.said, "Contact: <sip:decroche@127.0.0.1:"));
    assert_null(strstr(o.one.said, "Authorization"));
    answer_register(&o, challenge, "");
    peer_seek(&o.one, "REGISTER");
    assert_non_null(strstr(o.one.said, "Authorization: Digest username=\"ours\", realm=\"op\""));
    assert_false(look_at(&o, 0).is_bound);
    answer_register(&o, "200 OK", "Expires: 100");
    assert_true(look_at(&o, 0).is_bound);
    peer_ignore(&o.one);
    pass(o.x, 74999);
    peer_ignore(&o.one);
    pass(o.x, 1);
    peer_seek(&o.one, "REGISTER");
    operators_close(&o);
}

static void a_secret_that_is_refused_is_given_once_a_minute(void **state)
{
    (void)state;
    struct operators o = operators_open(true);
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, challenge, "");
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, challenge, "");
    unsigned asked_n = 0;
    for (unsigned s = 0; s < 59; s++) {
        pass(o.x, 1000);
        while (peer_hears(&o.one))
            asked_n += strncmp(o.one.said, "REGISTER", 8) == 0;
    }
    assert_int_equal(asked_n, 0);
    assert_false(look_at(&o, 0).is_bound);
    pass(o.x, 1000);
    peer_seek(&o.one, "REGISTER");
    operators_close(&o);
}

static void a_secret_that_is_put_right_is_tried_at_once(void **state)
{
    (void)state;
    struct operators o = operators_open(true);
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, challenge, "");
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, challenge, "");
    assert_false(look_at(&o, 0).is_bound);
    o.trunks[0].secret = TEXT("right");
    say_trunks(&o); /* the files were read again */
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, challenge, "");
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, "200 OK", "");
    assert_true(look_at(&o, 0).is_bound);
    peer_ignore(&o.one);
    o.trunks[0].secret = TEXT("another");
    say_trunks(&o); /* one that is registered stays so until it must be said again */
    assert_true(look_at(&o, 0).is_bound);
    operators_close(&o);
}

static void another_port_of_the_same_operator_is_registered_with_at_once(void **state)
{
    (void)state;
    struct operators o = operators_open(true);
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, "200 OK", "");
    o.trunks[0].at[0] = o.trunks[1].at[0]; /* the name of its host is the same */
    say_trunks(&o);
    assert_false(look_at(&o, 0).is_bound);
    peer_seek(&o.two, "REGISTER");
    operators_close(&o);
}

static void too_brief_a_time_is_asked_for_longer(void **state)
{
    (void)state;
    struct operators o = operators_open(true);
    peer_seek(&o.one, "REGISTER");
    answer_register(&o, "423 Interval Too Brief", "Min-Expires: 1800");
    peer_seek(&o.one, "REGISTER");
    assert_non_null(strstr(o.one.said, "Expires: 1800\r\n"));
    operators_close(&o);
}

static void a_trunk_without_an_address_yet_asks_nobody_and_begins_with_its_first(void **state)
{
    (void)state;
    struct operators o = {.x = exchange_open(4)};
    o.one = peer_open(o.x, AT_TRUNK);
    o.two = peer_open(o.x, AT_SECOND);
    o.trunks[0] = trunk_at(&o.one, 1);
    o.trunks[1] = trunk_at(&o.two, 2);
    o.trunks[0].at_n = 0;
    o.trunks[0].registers = true;
    say_trunks(&o);
    pass(o.x, 20000);
    peer_expect_silence(&o.one);
    peer_ignore(&o.two);
    o.trunks[0].at_n = 1;
    say_trunks(&o);
    peer_seek(&o.one, "REGISTER"); /* at once */
    operators_close(&o);
}

/* ---- calling -------------------------------------------------------------------------------- */

static void a_call_goes_out_by_the_first_operator(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    uint64_t id = dial(&o);
    assert_int_not_equal(id, 0);
    peer_expect(&o.one, "INVITE sip:+33410000041@op.example SIP/2.0");
    assert_non_null(strstr(o.one.said, "From: \"Mairie\" <sip:+33536490010@op.example>;tag="));
    assert_non_null(strstr(o.one.said, "P-Asserted-Identity: <sip:+33536490010@op.example>\r\n"));
    assert_int_equal(look_at(&o, 0).calls_out_n, 1);
    desk_answer(&o.one, "180 Ringing", "");
    assert_int_equal(last(o.x)->kind, PHONE_RINGS);
    desk_answer(&o.one, "200 OK", SDP);
    peer_expect(&o.one, "ACK");
    assert_int_equal(last(o.x)->kind, PHONE_UP);
    o.x->port.hang_up(o.x->port.arg, id);
    peer_expect(&o.one, "BYE");
    desk_answer(&o.one, "200 OK", "");
    peer_expect_silence(&o.two);
    operators_close(&o);
}

static void one_that_is_silent_is_left_for_the_next_within_two_seconds(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    uint64_t id = dial(&o);
    peer_expect(&o.one, "INVITE");
    pass(o.x, PHONE_TRUNK_SILENT_MS - 1);
    peer_expect_silence(&o.two);
    pass(o.x, 1);
    peer_expect(&o.two, "INVITE sip:+33410000041@op.example");
    assert_true(look_at(&o, 0).is_down);
    assert_int_equal(look_at(&o, 0).calls_out_n, 0);
    desk_answer(&o.two, "200 OK", SDP);
    peer_expect(&o.two, "ACK");
    assert_int_equal(last(o.x)->kind, PHONE_UP);
    assert_true(last(o.x)->leg_id == id);
    peer_seek(&o.one, "INVITE"); /* a repetition: it wakes up too late */
    desk_answer(&o.one, "180 Ringing", "");
    peer_seek(&o.one, "CANCEL");
    desk_answer(&o.one, "200 OK", "");
    assert_int_equal(last(o.x)->kind, PHONE_UP); /* the app hears nothing of it */
    o.x->port.hang_up(o.x->port.arg, id);
    peer_seek(&o.two, "BYE");
    desk_answer(&o.two, "200 OK", "");
    operators_close(&o);
}

static void one_that_answers_too_late_is_hung_up(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    uint64_t id = dial(&o);
    peer_expect(&o.one, "INVITE");
    pass(o.x, PHONE_TRUNK_SILENT_MS);
    peer_seek(&o.two, "INVITE");
    peer_seek(&o.one, "INVITE");
    desk_answer(&o.one, "200 OK", SDP);
    peer_seek(&o.one, "ACK");
    peer_seek(&o.one, "BYE");
    desk_answer(&o.one, "200 OK", "");
    desk_answer(&o.two, "486 Busy Here", "");
    assert_int_equal(last(o.x)->kind, PHONE_REFUSED);
    assert_int_equal(last(o.x)->status, 486);
    assert_true(last(o.x)->leg_id == id);
    operators_close(&o);
}

static void one_that_cannot_is_left_at_once_and_busy_is_the_answer(void **state)
{
    (void)state;
    static const char *const cannot[] = {"503 Service Unavailable", "500 Error", "403 Forbidden",
                                         "408 Request Timeout"};
    for (unsigned i = 0; i < ARRAY_LEN(cannot); i++) {
        struct operators o = operators_open(false);
        dial(&o);
        peer_expect(&o.one, "INVITE");
        desk_answer(&o.one, "100 Trying", "");
        desk_answer(&o.one, cannot[i], "");
        peer_seek(&o.one, "ACK");
        peer_expect(&o.two, "INVITE");
        desk_answer(&o.two, "486 Busy Here", "");
        peer_seek(&o.two, "ACK");
        assert_int_equal(last(o.x)->kind, PHONE_REFUSED);
        assert_int_equal(last(o.x)->status, 486);
        operators_close(&o);
    }
}

/* Its least session interval is followed once, each operator's on its own (RFC 4028 §7.3). */
static void one_whose_interval_is_too_large_is_left_for_the_next(void **state)
{
    (void)state;
    static const char *const minimum[] = {"3600", "86401"};
    for (unsigned i = 0; i < ARRAY_LEN(minimum); i++) {
        struct operators o = operators_open(false);
        char refusal[80];
        snprintf(refusal, sizeof(refusal), "422 Session Interval Too Small\r\nMin-SE: %s",
                 minimum[i]);
        dial(&o);
        for (unsigned n = 0; n < 2 - i; n++) {
            peer_seek(&o.one, "INVITE");
            assert_non_null(strstr(o.one.said, n ? "Expires: 3600\r\n" : "Expires: 1800\r\n"));
            desk_answer(&o.one, refusal, "");
            peer_seek(&o.one, "ACK");
        }
        peer_expect_silence(&o.one);
        peer_seek(&o.two, "INVITE");
        assert_non_null(strstr(o.two.said, "Session-Expires: 1800\r\nMin-SE: 90\r\n"));
        desk_answer(&o.two, "422 Session Interval Too Small\r\nMin-SE: 1801", "");
        peer_seek(&o.two, "ACK");
        peer_seek(&o.two, "INVITE");
        desk_answer(&o.two, "200 OK", SDP);
        peer_expect(&o.two, "ACK");
        assert_int_equal(last(o.x)->kind, PHONE_UP);
        o.x->port.hang_up(o.x->port.arg, last(o.x)->leg_id);
        operators_close(&o);
    }
}

/* The number in the CSeq of what was heard last. */
static unsigned long cseq_of(const struct peer *p)
{
    const char *at = strstr(p->said, "CSeq: ");
    assert_non_null(at);
    return strtoul(at + 6, NULL, 10);
}

/* Two accesses often lead to one machine: the same numbers would be a loop to it (§8.2.2.2). */
static void the_next_operator_gets_an_invite_that_is_no_repetition(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    dial(&o);
    peer_seek(&o.one, "INVITE");
    unsigned long first = cseq_of(&o.one);
    desk_answer(&o.one, "503 Service Unavailable", "");
    peer_seek(&o.two, "INVITE");
    assert_true(cseq_of(&o.two) > first);
    desk_answer(&o.two, "486 Busy Here", "");
    operators_close(&o);
}

static void when_none_can_the_last_word_is_told(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    dial(&o);
    peer_expect(&o.one, "INVITE");
    desk_answer(&o.one, "503 Service Unavailable", "");
    peer_seek(&o.two, "INVITE");
    desk_answer(&o.two, "503 Service Unavailable", "");
    assert_int_equal(last(o.x)->kind, PHONE_REFUSED);
    assert_int_equal(last(o.x)->status, 503);
    operators_close(&o);
}

static void a_black_hole_ends_the_call_after_each_was_tried(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    dial(&o);
    pass(o.x, 2 * PHONE_TRUNK_SILENT_MS - 1);
    assert_int_equal(o.x->reports_n, 0);
    pass(o.x, 1);
    assert_int_equal(last(o.x)->kind, PHONE_REFUSED);
    assert_int_equal(last(o.x)->status, 408);
    operators_close(&o);
}

static void a_challenge_is_answered_twice_at_most(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    dial(&o);
    peer_expect(&o.one, "INVITE");
    for (unsigned i = 0; i < 2; i++) {
        desk_answer(&o.one, challenge, "");
        peer_seek(&o.one, "ACK");
        peer_seek(&o.one, "INVITE sip:+33410000041@op.example");
        assert_non_null(strstr(o.one.said, "Authorization: Digest username=\"ours\""));
        assert_non_null(strstr(o.one.said, "uri=\"sip:+33410000041@op.example\""));
    }
    peer_expect_silence(&o.two);
    desk_answer(&o.one, challenge, "");
    peer_seek(&o.two, "INVITE"); /* the next operator */
    desk_answer(&o.two, "200 OK", SDP);
    peer_seek(&o.two, "ACK");
    assert_int_equal(last(o.x)->kind, PHONE_UP);
    o.x->port.hang_up(o.x->port.arg, last(o.x)->leg_id);
    operators_close(&o);
}

static void hanging_up_while_it_rings_cancels_it(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    uint64_t id = dial(&o);
    peer_expect(&o.one, "INVITE");
    desk_answer(&o.one, "180 Ringing", "");
    o.x->port.hang_up(o.x->port.arg, id);
    peer_seek(&o.one, "CANCEL");
    assert_int_equal(look_at(&o, 0).calls_out_n, 1); /* the channel is in use until it is over */
    operators_close(&o);
}

static void wrong_numbers_and_no_operator_dial_nobody(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    const struct phone_dial none = {.number = TEXT_NONE},
                            longest = {.number = TEXT("123456789012345")},
                            longer = {.number = TEXT("1234567890123456")};
    assert_int_equal(o.x->port.dial(o.x->port.arg, &none), 0);
    assert_int_equal(o.x->port.dial(o.x->port.arg, &longer), 0);
    uint64_t id = o.x->port.dial(o.x->port.arg, &longest);
    assert_int_not_equal(id, 0);
    peer_seek(&o.one, "INVITE");
    assert_non_null(strstr(o.one.said, "From: <sip:anonymous@op.example>"));
    o.x->port.hang_up(o.x->port.arg, id);
    phone_trunks(o.x->phone, NULL, 0);
    assert_int_equal(o.x->port.first_trunk(o.x->port.arg), 0);
    assert_int_equal(dial(&o), 0);
    operators_close(&o);
}

/* ---- channels ------------------------------------------------------------------------------- */

static void channels_are_counted_and_some_are_kept_for_calls_out(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    struct phone_source sources[] = {exchange_source(AT_TRUNK, false),
                                     exchange_source(AT_SECOND, false)};
    o.trunks[0].channels = 3;
    o.trunks[0].outbound = 1;
    say_trunks(&o);
    sources[0].trunk_id = 1;
    phone_sources(o.x->phone, sources, 2);
    for (unsigned i = 0; i < 2; i++) {
        peer_invite(&o.one);
        peer_expect(&o.one, "SIP/2.0 100");
        peer_again(&o.one);
    }
    assert_int_equal(look_at(&o, 0).calls_in_n, 2);
    peer_invite(&o.one);
    peer_seek(&o.one, "SIP/2.0 503");
    assert_int_equal(phone_totals(o.x->phone).shed_n, 1);
    assert_int_equal(o.x->port.first_trunk(o.x->port.arg), look_at(&o, 0).number);
    assert_int_not_equal(dial(&o), 0);
    peer_seek(&o.one, "INVITE");
    assert_int_equal(o.x->port.first_trunk(o.x->port.arg), look_at(&o, 1).number);
    assert_int_not_equal(dial(&o), 0); /* the first is full: by the second */
    peer_seek(&o.two, "INVITE");
    for (unsigned i = 0; i < o.x->reports_n; i++)
        o.x->port.hang_up(o.x->port.arg, o.x->reports[i].leg_id);
    assert_int_equal(look_at(&o, 0).calls_in_n, 0);
    operators_close(&o);
}

static void a_channel_is_free_when_its_call_is_over(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    o.trunks[0].channels = 1;
    say_trunks(&o);
    dial(&o);
    peer_seek(&o.one, "INVITE");
    desk_answer(&o.one, "486 Busy Here", "");
    peer_seek(&o.one, "ACK");
    assert_int_equal(look_at(&o, 0).calls_out_n, 0);
    uint64_t id = dial(&o);
    peer_seek(&o.one, "INVITE");
    desk_answer(&o.one, "200 OK", SDP);
    peer_seek(&o.one, "ACK");
    assert_int_equal(look_at(&o, 0).calls_out_n, 1);
    o.x->port.hang_up(o.x->port.arg, id);
    peer_seek(&o.one, "BYE");
    desk_answer(&o.one, "200 OK", "");
    assert_int_equal(look_at(&o, 0).calls_out_n, 0);
    assert_int_not_equal(dial(&o), 0);
    peer_seek(&o.one, "INVITE");
    operators_close(&o);
}

static void other_operators_take_the_places_of_those_that_leave(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    struct phone_trunk many[PHONE_TRUNKS_MAX];
    struct phone_trunk_look look;
    for (uint32_t i = 0; i < PHONE_TRUNKS_MAX; i++) {
        many[i] = trunk_at(&o.one, 100 + i);
        many[i].is_unprobed = true;
    }
    phone_trunks(o.x->phone, many, PHONE_TRUNKS_MAX); /* two leave by the same reading */
    uint32_t there_n = 0;
    for (uint32_t i = 0; phone_trunk_look(o.x->phone, i, &look); i++)
        there_n += look.number >= 100;
    assert_int_equal(there_n, PHONE_TRUNKS_MAX);
    operators_close(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operator_who_asks_for_it_is_registered_with_and_again_in_time),
        cmocka_unit_test(a_secret_that_is_refused_is_given_once_a_minute),
        cmocka_unit_test(too_brief_a_time_is_asked_for_longer),
        cmocka_unit_test(a_trunk_without_an_address_yet_asks_nobody_and_begins_with_its_first),
        cmocka_unit_test(a_call_goes_out_by_the_first_operator),
        cmocka_unit_test(one_that_is_silent_is_left_for_the_next_within_two_seconds),
        cmocka_unit_test(one_that_answers_too_late_is_hung_up),
        cmocka_unit_test(one_that_cannot_is_left_at_once_and_busy_is_the_answer),
        cmocka_unit_test(one_whose_interval_is_too_large_is_left_for_the_next),
        cmocka_unit_test(when_none_can_the_last_word_is_told),
        cmocka_unit_test(a_black_hole_ends_the_call_after_each_was_tried),
        cmocka_unit_test(a_challenge_is_answered_twice_at_most),
        cmocka_unit_test(hanging_up_while_it_rings_cancels_it),
        cmocka_unit_test(wrong_numbers_and_no_operator_dial_nobody),
        cmocka_unit_test(channels_are_counted_and_some_are_kept_for_calls_out),
        cmocka_unit_test(a_secret_that_is_put_right_is_tried_at_once),
        cmocka_unit_test(another_port_of_the_same_operator_is_registered_with_at_once),
        cmocka_unit_test(the_next_operator_gets_an_invite_that_is_no_repetition),
        cmocka_unit_test(a_channel_is_free_when_its_call_is_over),
        cmocka_unit_test(other_operators_take_the_places_of_those_that_leave),
    };
    return cmocka_run_group_tests_name("phone/trunk", tests, NULL, NULL);
}
