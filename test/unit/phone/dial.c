/* dial.c — calls out, where an operator is slow, sends us elsewhere or asks who hangs up: what is
 * left for the next one, what is followed, what is proved. */
#include "test/support/exchange_operators.h"

static void redirect(struct peer *p, const char *contact)
{
    char status[256];
    snprintf(status, sizeof(status), "302 Moved Temporarily\r\nContact: %s", contact);
    desk_answer(p, status, "");
    peer_seek(p, "ACK");
}

static void hang_up(struct operators *o)
{
    o->x->port.hang_up(o->x->port.arg, last(o->x)->leg_id);
}

/* ---- 100 alone ------------------------------------------------------------------------------- */

static void one_that_only_tries_is_left_for_the_next(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    dial(&o);
    peer_expect(&o.one, "INVITE");
    desk_answer_as(&o.one, "", "100 Trying", "");
    pass(o.x, 2000);
    desk_answer_as(&o.one, "", "100 Trying", ""); /* once more: no longer time for that */
    pass(o.x, PHONE_TRUNK_TRYING_MS - 2001);
    assert_int_equal(peer_count(&o.two, "INVITE"), 0);
    pass(o.x, 1);
    peer_seek(&o.two, "INVITE");
    peer_seek(&o.one, "CANCEL");
    desk_answer(&o.two, "200 OK", SDP);
    peer_expect(&o.two, "ACK");
    assert_int_equal(last(o.x)->kind, PHONE_UP);
    hang_up(&o);
    operators_close(&o);
}

static void one_that_rings_is_waited_for(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    uint64_t id = dial(&o);
    peer_expect(&o.one, "INVITE");
    desk_answer_as(&o.one, "", "100 Trying", "");
    pass(o.x, 1000);
    desk_answer(&o.one, "183 Session Progress", "");
    pass(o.x, 2 * PHONE_TRUNK_TRYING_MS);
    assert_int_equal(peer_count(&o.two, "INVITE"), 0);
    peer_ignore(&o.one);
    o.x->port.hang_up(o.x->port.arg, id);
    peer_seek(&o.one, "CANCEL");
    operators_close(&o);
}

static void where_there_is_no_other_it_is_waited_for(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    phone_trunks(o.x->phone, o.trunks, 1);
    dial(&o);
    peer_expect(&o.one, "INVITE");
    char invite[sizeof(o.one.request)];
    memcpy(invite, o.one.request, sizeof(invite));
    desk_answer_as(&o.one, "", "100 Trying", "");
    pass(o.x, PHONE_TRUNK_TRYING_MS + 30000);
    assert_int_equal(peer_count(&o.one, "CANCEL"), 0);
    memcpy(o.one.request, invite, sizeof(invite));
    desk_answer(&o.one, "200 OK", SDP);
    peer_seek(&o.one, "ACK");
    assert_int_equal(last(o.x)->kind, PHONE_UP);
    hang_up(&o);
    operators_close(&o);
}

/* ---- 3xx ------------------------------------------------------------------------------------- */

static void a_redirection_is_a_refusal_and_the_next_is_tried(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    dial(&o);
    peer_expect(&o.one, "INVITE");
    redirect(&o.one, "<sip:+33410000041@op.example>");
    assert_int_equal(peer_count(&o.one, "INVITE"), 0);
    peer_seek(&o.two, "INVITE");
    redirect(&o.two, "<sip:+33410000041@127.0.0.9>");
    assert_int_equal(last(o.x)->kind, PHONE_REFUSED);
    assert_int_equal(last(o.x)->status, 302);
    operators_close(&o);
}

/* Both machines are one operator's; it may redirect. */
static struct operators open_redirecting(void)
{
    struct operators o = operators_open(false);
    o.trunks[0].may_redirect = true;
    o.trunks[0].at_n = 2;
    assert_true(address_read_ip(&o.trunks[0].at[1], TEXT(AT_SECOND)));
    o.trunks[0].at[1].port = peer_port(&o.two);
    phone_trunks(o.x->phone, o.trunks, 1);
    return o;
}

static void an_operator_who_may_redirects_to_its_other_machine(void **state)
{
    (void)state;
    struct operators o = open_redirecting();
    dial(&o);
    peer_expect(&o.one, "INVITE");
    redirect(&o.one,
             "<sip:112@127.0.0.2>, \"b\" <sip:+33410000041;rn=+334@127.0.0.4;user=phone>;q=1");
    peer_seek(&o.two, "INVITE sip:+33410000041;rn=+334@127.0.0.4;user=phone SIP/2.0");
    desk_answer(&o.two, challenge, "");
    peer_seek(&o.two, "INVITE");
    peer_heard(&o.two, "uri=\"sip:+33410000041;rn=+334@127.0.0.4;user=phone\"");
    desk_answer(&o.two, "200 OK", SDP);
    peer_seek(&o.two, "ACK");
    assert_int_equal(last(o.x)->kind, PHONE_UP);
    hang_up(&o);
    operators_close(&o);
}

static void what_a_message_chose_is_never_called(void **state)
{
    (void)state;
    char other_port[64];
    struct operators o = open_redirecting();
    snprintf(other_port, sizeof(other_port), "<sip:+33410000041@127.0.0.4:%u>",
             peer_port(&o.two) ^ 1u);
    const char *const contacts[] = {
        "<sip:+33410000041@127.0.0.9>",            /* nobody's machine */
        "<sip:+33410000041@elsewhere.example>",    /* a name that is not its own */
        "<sip:+33899000041@op.example>",           /* another number */
        "<sip:op.example>",                        /* none */
        "<sips:+33410000041@op.example>",          /* a way that we do not have */
        "<tel:+33410000041>",                      /* no machine */
        "<sip:+33410000041@op.example?Route=%3c>", /* headers of its own */
        other_port,
    };
    for (unsigned i = 0; i < ARRAY_LEN(contacts); i++) {
        dial(&o);
        peer_seek(&o.one, "INVITE");
        redirect(&o.one, contacts[i]);
        assert_int_equal(last(o.x)->kind, PHONE_REFUSED);
        assert_int_equal(last(o.x)->status, 302);
        assert_int_equal(peer_count(&o.one, "INVITE") + peer_count(&o.two, "INVITE"), 0);
    }
    operators_close(&o);
}

static void a_circle_ends_after_two(void **state)
{
    (void)state;
    struct operators o = open_redirecting();
    dial(&o);
    peer_expect(&o.one, "INVITE");
    for (unsigned i = 0; i < 2; i++) {
        redirect(&o.one, "<sip:+33410000041@op.example>");
        peer_expect(&o.one, "INVITE");
    }
    redirect(&o.one, "<sip:+33410000041@op.example>");
    assert_int_equal(last(o.x)->kind, PHONE_REFUSED);
    assert_int_equal(last(o.x)->status, 302);
    operators_close(&o);
}

/* ---- who hangs up ---------------------------------------------------------------------------- */

static void talk(struct operators *o)
{
    dial(o);
    peer_seek(&o->one, "INVITE");
    desk_answer(&o->one, "200 OK", SDP);
    peer_seek(&o->one, "ACK");
    hang_up(o);
    peer_expect(&o->one, "BYE");
    peer_missed(&o->one, "Authorization");
}

static void a_bye_is_proved(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    talk(&o);
    desk_answer(&o.one, challenge, "");
    peer_expect(&o.one, "BYE sip:set@127.0.0.2:");
    peer_heard(&o.one, "Authorization: Digest username=\"ours\"");
    desk_answer(&o.one, "200 OK", "");
    pass(o.x, 40000);
    assert_int_equal(peer_count(&o.one, "BYE"), 0);
    operators_close(&o);
}

static void a_bye_is_proved_twice_at_most(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    talk(&o);
    for (unsigned i = 0; i < 2; i++) {
        desk_answer(&o.one, challenge, "");
        peer_expect(&o.one, "BYE");
    }
    desk_answer(&o.one, challenge, "");
    assert_int_equal(peer_count(&o.one, "BYE"), 0);
    assert_int_equal(look_at(&o, 0).calls_out_n, 0);
    operators_close(&o);
}

/* ---- who acknowledges ------------------------------------------------------------------------ */

/* The first operator is called and says 183 reliably, with a route; its PRACK is out. */
static void sounds(struct operators *o, char invite[sizeof(o->one.request)])
{
    dial(o);
    peer_seek(&o->one, "INVITE");
    memcpy(invite, o->one.request, sizeof(o->one.request));
    desk_answer_as(&o->one, "branch",
                   "183 Session Progress\r\nRequire: 100rel\r\nRSeq: 7\r\n"
                   "Record-Route: <sip:127.0.0.2;lr>",
                   "");
    peer_expect(&o->one, "PRACK sip:set@127.0.0.2:");
    peer_missed(&o->one, "Authorization");
}

static void a_prack_is_proved_in_the_dialog_of_its_branch(void **state)
{
    (void)state;
    static const char *const challenges[] = {
        challenge, "407 Proxy\r\nProxy-Authenticate: Digest realm=\"op\", nonce=\"n\", "
                   "qop=\"auth\", algorithm=MD5"};
    for (unsigned i = 0; i < ARRAY_LEN(challenges); i++) {
        struct operators o = operators_open(false);
        char invite[sizeof(o.one.request)];
        sounds(&o, invite);
        unsigned long first = strtoul(strstr(o.one.said, "\r\nCSeq: ") + 8, NULL, 10);
        desk_answer(&o.one, challenges[i], "");
        peer_expect(&o.one, "PRACK sip:set@127.0.0.2:");
        peer_heard(&o.one, i ? "Proxy-Authorization: Digest username=\"ours\""
                             : "\r\nAuthorization: Digest username=\"ours\"");
        peer_heard(&o.one, ", uri=\"sip:set@127.0.0.2:");
        peer_heard(&o.one, "\r\nRAck: 7 ");
        peer_heard(&o.one, ";tag=branch\r\n");
        peer_heard(&o.one, "\r\nRoute: <sip:127.0.0.2;lr>\r\n");
        peer_missed(&o.one, "\r\nContact: ");
        assert_true(strtoul(strstr(o.one.said, "\r\nCSeq: ") + 8, NULL, 10) > first);
        desk_answer(&o.one, "200 OK", "");
        memcpy(o.one.request, invite, sizeof(invite));
        desk_answer_as(&o.one, "branch", "200 OK", SDP);
        peer_seek(&o.one, "ACK");
        assert_int_equal(last(o.x)->kind, PHONE_UP);
        hang_up(&o);
        peer_expect(&o.one, "BYE");
        desk_answer(&o.one, "200 OK", "");
        operators_close(&o);
    }
}

static void a_prack_is_proved_once(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    char invite[sizeof(o.one.request)];
    sounds(&o, invite);
    desk_answer(&o.one, challenge, "");
    peer_expect(&o.one, "PRACK");
    desk_answer(&o.one, challenge, "");
    pass(o.x, 5000);
    assert_int_equal(peer_count(&o.one, "PRACK"), 0);
    memcpy(o.one.request, invite, sizeof(invite));
    desk_answer_as(&o.one, "branch", "486 Busy Here", "");
    peer_seek(&o.one, "ACK");
    assert_int_equal(last(o.x)->status, 486);
    operators_close(&o);
}

static void a_prack_of_an_invite_that_is_over_is_not_proved(void **state)
{
    (void)state;
    struct operators o = operators_open(false);
    char invite[sizeof(o.one.request)], prack[sizeof(o.one.request)];
    sounds(&o, invite);
    memcpy(prack, o.one.request, sizeof(prack));
    memcpy(o.one.request, invite, sizeof(invite));
    desk_answer_as(&o.one, "branch", "503 Service Unavailable", "");
    peer_seek(&o.two, "INVITE");
    peer_ignore(&o.one);
    memcpy(o.one.request, prack, sizeof(prack));
    desk_answer(&o.one, challenge, "");
    pass(o.x, 1000);
    assert_int_equal(peer_count(&o.one, "PRACK") + peer_count(&o.two, "PRACK"), 0);
    hang_up(&o);
    operators_close(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_only_tries_is_left_for_the_next),
        cmocka_unit_test(one_that_rings_is_waited_for),
        cmocka_unit_test(where_there_is_no_other_it_is_waited_for),
        cmocka_unit_test(a_redirection_is_a_refusal_and_the_next_is_tried),
        cmocka_unit_test(an_operator_who_may_redirects_to_its_other_machine),
        cmocka_unit_test(what_a_message_chose_is_never_called),
        cmocka_unit_test(a_circle_ends_after_two),
        cmocka_unit_test(a_bye_is_proved),
        cmocka_unit_test(a_bye_is_proved_twice_at_most),
        cmocka_unit_test(a_prack_is_proved_in_the_dialog_of_its_branch),
        cmocka_unit_test(a_prack_is_proved_once),
        cmocka_unit_test(a_prack_of_an_invite_that_is_over_is_not_proved),
    };
    return cmocka_run_group_tests_name("phone/dial", tests, NULL, NULL);
}
