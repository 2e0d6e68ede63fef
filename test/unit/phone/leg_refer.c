/* leg_refer.c — the transfer key of a telephone: REFER within a call of the house (RFC 3515), what
 * is told to the app, and what the telephone hears of it; who may not, and what may not be named.
 */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"
#include "test/support/exchange_timer.h"

/* The telephone of line 101 in a call of ours. */
static struct peer in_call(struct exchange *x, uint64_t *id)
{
    struct peer p = desk_open(x);
    *id = desk_talks(&p);
    timer_joins(&p);
    return p;
}

static void over(struct peer *p, uint64_t id)
{
    p->x->port.hang_up(p->x->port.arg, id);
    peer_expect(p, "BYE");
    desk_answer(p, "200 OK", "");
    peer_end(p, ALL_BINDINGS_MS);
}

static void a_transfer_is_told_and_its_end_too(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    uint64_t id;
    struct peer p = in_call(x, &id);
    timer_asks(&p, "REFER", "Refer-To: <sip:102@example.com:9>\r\n", "");
    peer_expect(&p, "SIP/2.0 202");
    assert_int_equal(last(x)->kind, PHONE_REFERRED);
    assert_int_equal(last(x)->leg_id, id);
    assert_true(text_equal(last(x)->referred.number, TEXT("102")));
    assert_int_equal(last(x)->referred.with_id, 0);
    peer_expect(&p, "NOTIFY sip:set@");
    peer_heard(&p, "Event: refer\r\nSubscription-State: active");
    peer_heard(&p, "Content-Type: message/sipfrag;version=2.0\r\n");
    peer_heard(&p, "\r\n\r\nSIP/2.0 100 Trying\r\n");
    desk_answer(&p, "200 OK", "");
    peer_repeat(&p);
    peer_ignore(&p);
    assert_int_equal(reports(x, PHONE_REFERRED), 1);
    x->port.referred(x->port.arg, id, 200);
    peer_expect(&p, "NOTIFY");
    peer_heard(&p, "Subscription-State: terminated;reason=noresource\r\n");
    peer_heard(&p, "\r\n\r\nSIP/2.0 200 OK\r\n");
    desk_answer(&p, "200 OK", "");
    x->port.referred(x->port.arg, id, 200); /* once */
    peer_expect_silence(&p);
    over(&p, id);
}

static void who_wants_no_news_hears_none(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    uint64_t id;
    struct peer p = in_call(x, &id);
    timer_asks(&p, "REFER", "Refer-To: <sip:102@h>\r\nRefer-Sub: false\r\n", "");
    peer_expect(&p, "SIP/2.0 202");
    x->port.referred(x->port.arg, id, 503);
    peer_expect_silence(&p);
    over(&p, id);
}

static void one_transfer_at_a_time(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    uint64_t id;
    struct peer p = in_call(x, &id);
    timer_asks(&p, "REFER", "Refer-To: <sip:102@h>\r\nRefer-Sub: false\r\n", "");
    peer_expect(&p, "SIP/2.0 202");
    timer_asks(&p, "REFER", "Refer-To: <sip:103@h>\r\n", "");
    peer_expect(&p, "SIP/2.0 491");
    x->port.referred(x->port.arg, id, 503);
    timer_asks(&p, "REFER", "Refer-To: <sip:103@h>\r\nRefer-Sub: false\r\n", "");
    peer_expect(&p, "SIP/2.0 202");
    assert_int_equal(reports(x, PHONE_REFERRED), 2);
    over(&p, id);
}

static void what_is_broken_or_names_no_call_changes_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    uint64_t id;
    struct peer p = in_call(x, &id);
    timer_asks(&p, "REFER", "", "");
    peer_expect(&p, "SIP/2.0 400");
    timer_asks(&p, "REFER", "Refer-To: <sip:102@h?Replaces=nobody%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n",
               "");
    peer_expect(&p, "SIP/2.0 481");
    assert_int_equal(reports(x, PHONE_REFERRED), 0);
    over(&p, id);
}

static void an_operator_sends_nobody_anywhere(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100");
    uint64_t id = last(x)->leg_id;
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    timer_asks(&p, "REFER", "Refer-To: <sip:0899123456@h>\r\n", "");
    peer_expect(&p, "SIP/2.0 603");
    assert_int_equal(reports(x, PHONE_REFERRED), 0);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    peer_end(&p, ALL_TIMERS_MS);
}

/* Two calls of one telephone: the one goes to whom the other is with. */
static void another_call_of_the_same_telephone_is_named(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    uint64_t first, second;
    struct peer p = in_call(x, &first);
    char tag[80], call_id[32], lines[400];
    memcpy(tag, p.our_tag, sizeof(tag));
    memcpy(call_id, p.call_id, sizeof(call_id));
    second = desk_talks(&p);
    snprintf(lines, sizeof(lines),
             "Refer-To: <sip:x@h?Replaces=%s%%3Bto-tag%%3D%s%%3Bfrom-tag%%3Dtheirs>\r\n"
             "Refer-Sub: false\r\n",
             call_id, tag);
    timer_joins(&p);
    timer_asks(&p, "REFER", lines, "");
    peer_expect(&p, "SIP/2.0 202");
    assert_int_equal(last(x)->leg_id, second);
    assert_int_equal(last(x)->referred.with_id, first);
    x->port.referred(x->port.arg, second, 200);
    x->port.hang_up(x->port.arg, first);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    over(&p, second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transfer_is_told_and_its_end_too),
        cmocka_unit_test(who_wants_no_news_hears_none),
        cmocka_unit_test(one_transfer_at_a_time),
        cmocka_unit_test(what_is_broken_or_names_no_call_changes_nothing),
        cmocka_unit_test(an_operator_sends_nobody_anywhere),
        cmocka_unit_test(another_call_of_the_same_telephone_is_named),
    };
    return cmocka_run_group_tests_name("phone/leg_refer", tests, NULL, NULL);
}
