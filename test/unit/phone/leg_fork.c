/* leg_fork.c — a line with several telephones: all ring, one has the call, the others fall silent;
 * what they refuse is one answer. The app sees one leg. */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

/* Two telephones of line 101, both ringing; `first` is the one that rang first, and thus the one
 * whose dialog the leg has at the beginning. */
struct pair {
    struct exchange *x;
    struct peer first, second;
    char invites[2][4096];
    uint64_t id;
};

static void open_pair(struct pair *pair, uint32_t legs_max)
{
    struct exchange *x = exchange_open(legs_max);
    pair->x = x;
    pair->second = desk_open(x);
    pair->first = desk_open(x); /* the newest */
}

static void rung_pair(struct pair *pair)
{
    open_pair(pair, 8);
    pair->id = desk_called(&pair->first, 0);
    peer_expect(&pair->second, "INVITE sip:101@");
    memcpy(pair->invites[0], pair->first.request, sizeof(pair->invites[0]));
    memcpy(pair->invites[1], pair->second.request, sizeof(pair->invites[1]));
}

static struct peer *one_of(struct pair *pair, unsigned i)
{
    return i ? &pair->second : &pair->first;
}

/* Answers its INVITE, whatever it has heard since. */
static void answer(struct pair *pair, unsigned i, const char *status, const char *body)
{
    struct peer *p = one_of(pair, i);
    memcpy(p->request, pair->invites[i], sizeof(p->request));
    desk_answer(p, status, body);
}

static void is_cancelled(struct pair *pair, unsigned i, const char *reason)
{
    struct peer *p = one_of(pair, i);
    peer_expect(p, "CANCEL sip:101@");
    if (reason)
        peer_heard(p, reason);
    else
        peer_missed(p, "Reason:");
    desk_answer(p, "200 OK", "");
    answer(pair, i, "487 Request Terminated", "");
    peer_expect(p, "ACK");
}

static void end_pair(struct pair *pair)
{
    peer_close(&pair->second);
    peer_end(&pair->first, ALL_BINDINGS_MS);
}

#define ELSEWHERE "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"

static void all_telephones_ring_and_the_first_that_answers_has_the_call(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        assert_int_equal(pair.x->streams_n, 1);
        answer(&pair, 0, "180 Ringing", "");
        answer(&pair, 1, "180 Ringing", "");
        answer(&pair, i, "200 OK", SDP);
        peer_expect(one_of(&pair, i), "ACK sip:set@127.0.0.3:");
        is_cancelled(&pair, !i, ELSEWHERE);
        assert_int_equal(reports(pair.x, PHONE_UP), 1);
        assert_int_equal(last(pair.x)->leg_id, pair.id);
        assert_int_equal(pair.x->streams[0].want.rtp.port, 30000);
        assert_int_equal(phone_totals(pair.x->phone).calls_out_n, 1);
        peer_repeat(one_of(&pair, !i)); /* the 487 once more */
        peer_ignore(one_of(&pair, !i));
        pair.x->port.hang_up(pair.x->port.arg, pair.id);
        peer_expect(one_of(&pair, i), "BYE sip:set@127.0.0.3:");
        desk_answer(one_of(&pair, i), "200 OK", "");
        peer_expect_silence(one_of(&pair, !i));
        end_pair(&pair);
    }
}

static void it_rings_when_any_of_them_rings(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, i, "180 Ringing", "");
        assert_int_equal(last(pair.x)->kind, PHONE_RINGS);
        assert_int_equal(last(pair.x)->leg_id, pair.id);
        pair.x->port.hang_up(pair.x->port.arg, pair.id);
        end_pair(&pair);
    }
}

static void an_answer_that_comes_too_late_is_acknowledged_and_ended(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, 0, "180 Ringing", "");
        answer(&pair, 1, "180 Ringing", "");
        answer(&pair, i, "200 OK", SDP);
        struct peer *late = one_of(&pair, !i);
        peer_expect(late, "CANCEL");
        answer(&pair, !i, "200 OK", SDP);
        peer_expect(late, "ACK sip:set@");
        peer_expect(late, "BYE sip:set@");
        peer_heard(late, ELSEWHERE);
        desk_answer(late, "200 OK", "");
        assert_int_equal(reports(pair.x, PHONE_UP), 1);
        assert_int_equal(reports(pair.x, PHONE_ENDED), 0);
        assert_int_equal(pair.x->streams_n, 1);
        pair.x->port.hang_up(pair.x->port.arg, pair.id);
        end_pair(&pair);
    }
}

static void who_has_said_nothing_yet_is_cancelled_once_it_does(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, i, "200 OK", SDP);
        peer_expect_silence(one_of(&pair, !i));
        answer(&pair, !i, "100 Trying", "");
        is_cancelled(&pair, !i, ELSEWHERE);
        pair.x->port.hang_up(pair.x->port.arg, pair.id);
        end_pair(&pair);
    }
}

static void a_person_who_declines_declines_for_all(void **state)
{
    (void)state;
    static const struct {
        const char *said, *reason;
        uint16_t status;
    } cases[] = {{"486 Busy Here", "Reason: SIP;cause=486;", 486},
                 {"603 Decline", "Reason: SIP;cause=603;", 603},
                 {"600 Busy Everywhere", "Reason: SIP;cause=600;", 600}};
    for (unsigned n = 0; n < 2 * ARRAY_LEN(cases); n++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, 0, "180 Ringing", "");
        answer(&pair, 1, "180 Ringing", "");
        answer(&pair, n % 2, cases[n / 2].said, "");
        peer_expect(one_of(&pair, n % 2), "ACK sip:101@");
        is_cancelled(&pair, !(n % 2), cases[n / 2].reason);
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 1);
        assert_int_equal(last(pair.x)->status, cases[n / 2].status);
        assert_int_equal(last(pair.x)->leg_id, pair.id);
        end_pair(&pair);
    }
}

static void another_refusal_waits_for_the_rest(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, !i, "180 Ringing", "");
        answer(&pair, i, "480 Temporarily Unavailable", "");
        peer_expect(one_of(&pair, i), "ACK sip:101@");
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 0);
        answer(&pair, !i, "200 OK", SDP);
        peer_expect(one_of(&pair, !i), "ACK sip:set@");
        assert_int_equal(last(pair.x)->kind, PHONE_UP);
        assert_int_equal(last(pair.x)->leg_id, pair.id);
        pair.x->port.hang_up(pair.x->port.arg, pair.id);
        peer_expect(one_of(&pair, !i), "BYE sip:set@");
        peer_expect_silence(one_of(&pair, i));
        end_pair(&pair);
    }
}

static void when_all_refuse_the_call_is_refused_once(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, i, "480 Temporarily Unavailable", "");
        answer(&pair, !i, "404 Not Found", "");
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 1);
        assert_int_equal(last(pair.x)->status, 480);
        assert_int_equal(last(pair.x)->leg_id, pair.id);
        assert_int_equal(pair.x->streams_n, 0);
        end_pair(&pair);
    }
}

static void one_that_is_dead_says_less_than_one_that_refuses(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, i, "480 Temporarily Unavailable", "");
        pass(pair.x, 31000);
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 0);
        pass(pair.x, 1000);
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 1);
        assert_int_equal(last(pair.x)->status, 480);
        end_pair(&pair);
    }
}

static void a_dead_one_keeps_nobody_from_picking_up(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, i, "180 Ringing", "");
        pass(pair.x, 33000);
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 0);
        answer(&pair, i, "200 OK", SDP);
        assert_int_equal(last(pair.x)->kind, PHONE_UP);
        pair.x->port.hang_up(pair.x->port.arg, pair.id);
        end_pair(&pair);
    }
}

static void a_useless_answer_ends_one_and_the_other_rings_on(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        rung_pair(&pair);
        answer(&pair, i, "200 OK", SDP_USELESS);
        peer_expect(one_of(&pair, i), "ACK sip:set@");
        peer_expect(one_of(&pair, i), "BYE sip:set@");
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 0);
        answer(&pair, !i, "486 Busy Here", "");
        assert_int_equal(reports(pair.x, PHONE_REFUSED), 1);
        assert_int_equal(last(pair.x)->status, 486);
        end_pair(&pair);
    }
}

static void who_hangs_up_cancels_them_all_without_a_reason(void **state)
{
    (void)state;
    struct pair pair;
    rung_pair(&pair);
    answer(&pair, 0, "180 Ringing", "");
    answer(&pair, 1, "180 Ringing", "");
    pair.x->port.hang_up(pair.x->port.arg, pair.id);
    is_cancelled(&pair, 0, NULL);
    is_cancelled(&pair, 1, NULL);
    assert_int_equal(reports(pair.x, PHONE_REFUSED), 0);
    end_pair(&pair);
}

static void where_legs_are_scarce_one_telephone_rings(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, 1);
    pair.id = desk_called(&pair.first, 0);
    peer_expect_silence(&pair.second);
    pair.x->port.hang_up(pair.x->port.arg, pair.id);
    end_pair(&pair);
}

static void the_last_legs_are_kept_for_callers(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, 8);
    struct peer others[2] = {desk_open(pair.x), desk_open(pair.x)};
    const struct phone_call call = {.aor = 1};
    uint64_t ids[2] = {pair.x->port.call(pair.x->port.arg, &call), 0};
    assert_int_equal(phone_totals(pair.x->phone).legs_n, 4);
    ids[1] = pair.x->port.call(pair.x->port.arg, &call);
    assert_int_equal(phone_totals(pair.x->phone).legs_n, 7); /* of 8 */
    assert_int_not_equal(ids[1], 0);
    for (unsigned i = 0; i < 2; i++) {
        pair.x->port.hang_up(pair.x->port.arg, ids[i]);
        peer_close(&others[i]);
    }
    end_pair(&pair);
}

/* A third set takes the place of one that rings, by its name alone (RFC 3891). */
static void one_that_rings_is_picked_up_from_another_set(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        char lines[256], proved[1536];
        rung_pair(&pair);
        answer(&pair, 0, "180 Ringing", "");
        answer(&pair, 1, "180 Ringing", "");
        const char *from = strstr(strstr(pair.invites[i], "From: "), ";tag=") + 5,
                   *call_id = strstr(pair.invites[i], "Call-ID: ") + 9;
        snprintf(lines, sizeof(lines), "Replaces: %.*s;to-tag=%.*s;from-tag=theirs\r\n",
                 (int)strcspn(call_id, "\r"), call_id, (int)strcspn(from, "\r;"), from);
        struct peer third = peer_open(pair.x, AT_DESK);
        third.user = "101";
        third.called = "x";
        peer_ask(&third, "INVITE", lines, SDP);
        peer_expect(&third, "SIP/2.0 401");
        desk_credentials(&third, "101", "s3cret", "INVITE");
        snprintf(proved, sizeof(proved), "%s%s", lines, third.credentials);
        third.our_tag[0] = '\0';
        third.branch++;
        third.cseq++;
        peer_ask(&third, "INVITE", proved, SDP);
        peer_expect(&third, "SIP/2.0 100");
        peer_expect(&third, "SIP/2.0 200");
        is_cancelled(&pair, 0, ELSEWHERE);
        is_cancelled(&pair, 1, ELSEWHERE);
        peer_ack(&third);
        assert_int_equal(last(pair.x)->kind, PHONE_UP);
        assert_int_equal(last(pair.x)->leg_id, pair.id);
        pair.x->port.hang_up(pair.x->port.arg, pair.id);
        peer_expect(&third, "BYE");
        peer_close(&third);
        end_pair(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_telephones_ring_and_the_first_that_answers_has_the_call),
        cmocka_unit_test(it_rings_when_any_of_them_rings),
        cmocka_unit_test(an_answer_that_comes_too_late_is_acknowledged_and_ended),
        cmocka_unit_test(who_has_said_nothing_yet_is_cancelled_once_it_does),
        cmocka_unit_test(a_person_who_declines_declines_for_all),
        cmocka_unit_test(another_refusal_waits_for_the_rest),
        cmocka_unit_test(when_all_refuse_the_call_is_refused_once),
        cmocka_unit_test(one_that_is_dead_says_less_than_one_that_refuses),
        cmocka_unit_test(a_dead_one_keeps_nobody_from_picking_up),
        cmocka_unit_test(a_useless_answer_ends_one_and_the_other_rings_on),
        cmocka_unit_test(who_hangs_up_cancels_them_all_without_a_reason),
        cmocka_unit_test(where_legs_are_scarce_one_telephone_rings),
        cmocka_unit_test(the_last_legs_are_kept_for_callers),
        cmocka_unit_test(one_that_rings_is_picked_up_from_another_set),
    };
    return cmocka_run_group_tests_name("phone/leg_fork", tests, NULL, NULL);
}
