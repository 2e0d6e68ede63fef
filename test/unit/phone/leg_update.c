/* leg_update.c — UPDATE that comes in (RFC 3311): within a call and before it is one, with an offer
 * and without. Its part in session timers: leg_timer.c. */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

static uint64_t invited(struct peer *p, const char *sdp)
{
    peer_new(p, "INVITE", sdp);
    peer_expect(p, "SIP/2.0 100");
    return last(p->x)->leg_id;
}

static uint64_t talks(struct peer *p)
{
    uint64_t id = invited(p, SDP);
    p->x->port.answer(p->x->port.arg, id);
    peer_expect(p, "SIP/2.0 200");
    peer_ack(p);
    return id;
}

static void hang_up(struct peer *p, uint64_t id)
{
    p->x->port.hang_up(p->x->port.arg, id);
    peer_expect(p, "BYE");
    desk_answer(p, "200 OK", "");
}

static void a_call_is_held_moved_and_resumed(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talks(&p);
    p.user = "moved";
    peer_new(&p, "UPDATE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 200");
    assert_non_null(strstr(p.said, "a=recvonly"));
    assert_non_null(strstr(p.said, "Contact: <sip:decroche@127.0.0.1:"));
    assert_non_null(
        strstr(p.said, "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, PRACK, REFER\r\n"));
    assert_int_equal(x->streams[0].want.direction, MEDIA_RECVONLY);
    unsigned sets_n = x->streams[0].sets_n;
    peer_repeat(&p);
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(x->streams[0].sets_n, sets_n);
    peer_new(&p, "UPDATE", SDP);
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(x->streams[0].want.direction, MEDIA_SENDRECV);
    peer_new(&p, "UPDATE", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_null(strstr(p.said, "v=0"));
    assert_int_equal(x->streams[0].sets_n, sets_n + 1);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE sip:moved@127.0.0.2:");
    desk_answer(&p, "200 OK", "");
    peer_end(&p, ALL_BINDINGS_MS);
}

static void what_cannot_be_answered_leaves_the_call_as_it_was(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talks(&p);
    unsigned sets_n = x->streams[0].sets_n;
    peer_new(&p, "UPDATE", SDP_USELESS);
    peer_expect(&p, "SIP/2.0 488");
    peer_new(&p, "UPDATE", "nonsense");
    peer_expect(&p, "SIP/2.0 400");
    p.branch++;
    p.cseq++;
    peer_ask(&p, "UPDATE", "Content-Type: text/plain\r\n", "hold, please");
    peer_expect(&p, "SIP/2.0 415");
    p.cseq -= 2;
    peer_new(&p, "UPDATE", SDP_HOLD); /* late on the way */
    peer_expect(&p, "SIP/2.0 500");
    assert_int_equal(x->streams[0].sets_n, sets_n);
    assert_int_equal(last(x)->kind, PHONE_UP);
    hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* Routes of so many servers that the answer with a description passes what is kept. */
static void an_answer_that_would_be_too_long_changes_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talks(&p);
    char lines[2048] = "";
    for (size_t n = 0, i = 0; i < 14; i++)
        n += (size_t)snprintf(lines + n, sizeof(lines) - n, "Via: SIP/2.0/UDP server%zu.%s\r\n", i,
                              "a-long-name-of-an-operator-of-a-network.example;branch=z9hG4bK-"
                              "a-long-branch-of-a-long-name-of-an-operator");
    p.branch++;
    p.cseq++;
    peer_ask(&p, "UPDATE", lines, SDP_HOLD);
    peer_expect(&p, "SIP/2.0 513");
    assert_int_equal(x->streams[0].want.direction, MEDIA_SENDRECV);
    peer_new(&p, "UPDATE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(x->streams[0].want.direction, MEDIA_RECVONLY);
    hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void before_the_answer_an_offer_must_wait(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p, SDP);
    peer_new(&p, "UPDATE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 500");
    assert_non_null(strstr(p.said, "Retry-After: "));
    p.branch++;
    p.cseq++;
    peer_ask(&p, "UPDATE", "Supported: timer\r\nSession-Expires: 90\r\n", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_null(strstr(p.said, "Session-Expires"));
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    assert_null(strstr(p.said, "Session-Expires"));
    peer_new(&p, "UPDATE", SDP_HOLD); /* our 200 has no ACK yet */
    peer_expect(&p, "SIP/2.0 500");
    p.cseq -= 3;
    peer_ack(&p);
    p.cseq += 3;
    assert_int_equal(last(x)->kind, PHONE_UP);
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_new(&p, "UPDATE", SDP);
    peer_expect(&p, "SIP/2.0 500");
    p.cseq--;
    peer_ack(&p);
    p.cseq++;
    peer_new(&p, "UPDATE", SDP);
    peer_expect(&p, "SIP/2.0 200");
    hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

static void while_an_offer_of_ours_is_out_theirs_is_told_so(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p, ""); /* we offer in the 200 */
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_new(&p, "UPDATE", SDP);
    peer_expect(&p, "SIP/2.0 491");
    p.cseq--;
    p.branch++;
    peer_ask(&p, "ACK", "", SDP);
    p.cseq++;
    assert_int_equal(last(x)->kind, PHONE_UP);
    hang_up(&p, id);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* What we call says something before it has answered. */
static void whom_we_ring_may_update_without_an_offer(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "180 Ringing", "");
    const char *tag = strstr(strstr(p.request, "\r\nFrom: "), ";tag=") + strlen(";tag=");
    const char *call_id = strstr(p.request, "\r\nCall-ID: ") + strlen("\r\nCall-ID: ");
    snprintf(p.our_tag, sizeof(p.our_tag), "%.*s", (int)strcspn(tag, ";\r"), tag);
    snprintf(p.call_id, sizeof(p.call_id), "%.*s", (int)strcspn(call_id, "\r"), call_id);
    peer_new(&p, "UPDATE", SDP);
    peer_expect(&p, "SIP/2.0 491");
    peer_new(&p, "UPDATE", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(last(x)->kind, PHONE_RINGS);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "CANCEL");
    desk_answer(&p, "200 OK", "");
    peer_new(&p, "UPDATE", "");
    peer_expect(&p, "SIP/2.0 481");
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_call_that_is_over_or_nobodys_is_not_updated(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = talks(&p);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    peer_new(&p, "UPDATE", SDP);
    peer_expect(&p, "SIP/2.0 481");
    desk_answer(&p, "200 OK", "");
    peer_new(&p, "UPDATE", "");
    peer_expect(&p, "SIP/2.0 481");
    peer_again(&p);
    peer_new(&p, "UPDATE", "");
    peer_expect(&p, "SIP/2.0 481");
    peer_end(&p, ALL_BINDINGS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_held_moved_and_resumed),
        cmocka_unit_test(what_cannot_be_answered_leaves_the_call_as_it_was),
        cmocka_unit_test(an_answer_that_would_be_too_long_changes_nothing),
        cmocka_unit_test(before_the_answer_an_offer_must_wait),
        cmocka_unit_test(while_an_offer_of_ours_is_out_theirs_is_told_so),
        cmocka_unit_test(whom_we_ring_may_update_without_an_offer),
        cmocka_unit_test(a_call_that_is_over_or_nobodys_is_not_updated),
    };
    return cmocka_run_group_tests_name("phone/leg_update", tests, NULL, NULL);
}
