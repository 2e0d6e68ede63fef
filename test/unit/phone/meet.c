/* meet.c — tests of legs over TCP: the process dies and their connections with it; who comes back
 * is met, who does not is given up, and nobody is sought. */
#include "test/support/exchange_lived.h"
#include "test/support/exchange_timer.h"

static struct media_ref stream_of(const struct lived *l)
{
    return (struct media_ref){0, l->y->streams[0].gen};
}

static void hears_nothing(struct lived *l, enum media_kind kind)
{
    l->y->due[l->y->due_n++] = (struct media_report){.ref = stream_of(l), .kind = kind};
    turn(l->y);
}

/* Line 101 by a connection, registered. */
static struct peer desk_open_tcp(struct exchange *x)
{
    struct peer p = peer_open_tcp(x, AT_DESK);
    p.user = "101";
    desk_register(&p, "s3cret", 300);
    return p;
}

/* By a new connection, registered again; in the call as before. */
static void desk_returns(struct peer *p)
{
    const struct peer was = *p;
    peer_connect(p);
    desk_register(p, "s3cret", 300);
    memcpy(p->call_id, was.call_id, sizeof(p->call_id));
    memcpy(p->our_tag, was.our_tag, sizeof(p->our_tag));
    p->cseq = was.cseq;
    p->call_n = was.call_n + 1;
}

/* A telephone in conversation, whose process is dead; the next one has taken it up. */
static uint64_t cut_off(struct lived *l, struct peer *p)
{
    *p = desk_open_tcp(l->x);
    uint64_t id = desk_talks(p);
    assert_int_equal(resumed(l, p, 0), id);
    turn(l->y);
    return id;
}

/* ---- they come ------------------------------------------------------------------------------- */

static void who_hangs_up_over_a_new_connection_is_answered_on_it(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    uint64_t id = up(l->x, &p);
    assert_int_equal(resumed(l, &p, 0), id);
    assert_int_equal(l->y->streams[0].want.rtp.port, 30000);
    peer_connect(&p);
    peer_new(&p, "BYE", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(last(l->y)->kind, PHONE_ENDED);
    assert_int_equal(last(l->y)->leg_id, id);
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    lived_drop(l, &p);
}

/* By any message of the dialog; not by one of another host, or another way. */
static void a_message_of_its_dialog_brings_the_way_back(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    uint64_t id = up(l->x, &p);
    resumed(l, &p, 0);
    const struct phone_leg *leg = &l->y->phone->legs[0];
    struct peer other = p;
    other.ip = AT_DESK;
    other.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    peer_connect(&other);
    peer_new(&other, "OPTIONS", "");
    peer_expect(&other, "SIP/2.0 200");
    assert_true(leg_is_cut_off(l->y->phone, leg));
    struct peer datagram = peer_open(l->y, AT_TRUNK);
    memcpy(datagram.call_id, p.call_id, sizeof(p.call_id));
    memcpy(datagram.our_tag, p.our_tag, sizeof(p.our_tag));
    datagram.cseq = other.cseq;
    peer_new(&datagram, "OPTIONS", "");
    peer_expect(&datagram, "SIP/2.0 200");
    assert_true(leg_is_cut_off(l->y->phone, leg));
    peer_connect(&p);
    p.cseq = datagram.cseq;
    peer_new(&p, "OPTIONS", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_false(leg_is_cut_off(l->y->phone, leg));
    l->y->port.hang_up(l->y->port.arg, id);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    turn(l->y);
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    peer_expect_silence(&other);
    peer_close(&other);
    peer_close(&datagram);
    lived_drop(l, &p);
}

static void a_reinvite_brings_it_back_as_well(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    uint64_t id = up(l->x, &p);
    resumed(l, &p, 0);
    peer_connect(&p);
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    assert_int_equal(last(l->y)->kind, PHONE_HOLDS);
    l->y->port.hang_up(l->y->port.arg, id);
    peer_expect(&p, "BYE");
    lived_drop(l, &p);
}

/* ---- our BYE --------------------------------------------------------------------------------- */

static void our_bye_waits_for_the_telephone_and_is_said_once(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p;
    uint64_t id = cut_off(l, &p);
    l->y->port.hang_up(l->y->port.arg, id);
    assert_int_equal(l->y->streams_n, 0);
    pass(l->y, 100000);
    assert_int_equal(phone_totals(l->y->phone).legs_n, 1);
    assert_int_equal(phone_totals(l->y->phone).unsent_n, 0); /* nor tried in vain */
    desk_returns(&p);
    peer_expect(&p, "BYE sip:set@127.0.0.3:");
    desk_answer(&p, "200 OK", "");
    turn(l->y);
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    pass(l->y, 40000);
    peer_expect_silence(&p);
    lived_drop(l, &p);
}

static void our_bye_waits_so_long_and_no_longer(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p;
    uint64_t id = cut_off(l, &p);
    l->y->port.hang_up(l->y->port.arg, id);
    pass(l->y, PHONE_BYES_MAX * SIP_TX_TIMEOUT_MS - 1);
    assert_int_equal(phone_totals(l->y->phone).legs_n, 1);
    pass(l->y, 1);
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    assert_int_equal(phone_totals(l->y->phone).transactions_n, 0);
    desk_returns(&p);
    peer_expect_silence(&p);
    lived_drop(l, &p);
}

/* Other connections end meanwhile: what waits goes on waiting. */
static void our_bye_survives_the_end_of_others(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p;
    uint64_t id = cut_off(l, &p);
    l->y->port.hang_up(l->y->port.arg, id);
    for (unsigned i = 0; i < 2 * PHONE_BYES_MAX; i++) {
        struct peer other = peer_open_tcp(l->y, AT_TRUNK);
        peer_close(&other);
        pass(l->y, 10);
        assert_int_equal(phone_totals(l->y->phone).connections_n, 0);
    }
    assert_int_equal(phone_totals(l->y->phone).transactions_n, 1);
    desk_returns(&p);
    peer_expect(&p, "BYE");
    lived_drop(l, &p);
}

/* ---- silence --------------------------------------------------------------------------------- */

static void a_silent_telephone_is_given_up_after_a_bound(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p;
    cut_off(l, &p);
    hears_nothing(l, MEDIA_QUIET);
    hears_nothing(l, MEDIA_LOST);
    pass(l->y, PHONE_CUT_STRICT_MS - 1);
    assert_int_equal(l->y->reports_n, 0);
    pass(l->y, 1);
    assert_int_equal(l->y->reports_n, 1);
    assert_int_equal(last(l->y)->kind, PHONE_LOST);
    lived_drop(l, &p);
}

/* Any other leg has longer: nobody hears nothing because of it. */
static void a_silent_caller_is_given_up_after_a_longer_one(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    up(l->x, &p);
    resumed(l, &p, 0);
    hears_nothing(l, MEDIA_QUIET);
    hears_nothing(l, MEDIA_LOST);
    pass(l->y, PHONE_CUT_MS - 1);
    assert_int_equal(l->y->reports_n, 0);
    pass(l->y, 1);
    assert_int_equal(last(l->y)->kind, PHONE_ENDED);
    assert_true(last(l->y)->is_fault);
    lived_drop(l, &p);
}

static void sound_is_proof_of_life(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p;
    uint64_t id = cut_off(l, &p);
    hears_nothing(l, MEDIA_QUIET);
    pass(l->y, PHONE_CUT_STRICT_MS - 1);
    hears_nothing(l, MEDIA_BACK);
    pass(l->y, 10 * PHONE_CUT_MS);
    assert_int_equal(l->y->reports_n, 0);
    assert_int_equal(l->y->port.look(l->y->port.arg, id), PHONE_LOOK_UP);
    hears_nothing(l, MEDIA_QUIET);
    pass(l->y, PHONE_CUT_STRICT_MS);
    assert_int_equal(last(l->y)->kind, PHONE_LOST);
    lived_drop(l, &p);
}

static void a_silent_telephone_that_is_there_again_is_asked(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p;
    cut_off(l, &p);
    hears_nothing(l, MEDIA_QUIET);
    pass(l->y, PHONE_CUT_STRICT_MS - 1);
    desk_returns(&p);
    peer_expect(&p, "OPTIONS sip:set@127.0.0.3:");
    desk_answer(&p, "200 OK", "");
    pass(l->y, PHONE_PROBE_EVERY_MS - 1);
    assert_int_equal(l->y->reports_n, 0);
    lived_drop(l, &p);
}

/* Only our own end is forgiven: who cuts a connection and falls silent is gone, as ever. */
static void a_telephone_that_is_cut_off_by_itself_is_gone_at_once(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p;
    cut_off(l, &p);
    desk_returns(&p);
    peer_close(&p);
    pass(l->y, 1000);
    hears_nothing(l, MEDIA_QUIET);
    turn(l->y);
    assert_int_equal(last(l->y)->kind, PHONE_LOST);
    p.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    lived_drop(l, &p);
}

static void a_session_is_refreshed_once_they_are_there(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    timer_talks(&p, ALLOW_UPDATE WE_REFRESH);
    resumed(l, &p, 0);
    pass(l->y, 46000); /* it was due at 45 s */
    assert_int_equal(phone_totals(l->y->phone).transactions_n, 0);
    peer_connect(&p);
    timer_asks(&p, "OPTIONS", "", "");
    peer_expect(&p, "SIP/2.0 200");
    pass(l->y, 10000);
    peer_expect(&p, "UPDATE");
    desk_answer(&p, "200 OK", "");
    pass(l->y, 1000);
    assert_int_equal(l->y->reports_n, 0);
    lived_drop(l, &p);
}

static void a_session_that_nobody_refreshes_ends_all_the_same(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    timer_talks(&p, ALLOW_UPDATE WE_REFRESH);
    resumed(l, &p, 0);
    pass(l->y, 90000);
    assert_int_equal(last(l->y)->kind, PHONE_ENDED);
    assert_true(last(l->y)->is_fault);
    lived_drop(l, &p);
}

/* ---- ringing --------------------------------------------------------------------------------- */

static void a_telephone_that_rings_answers_over_a_new_connection(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = desk_open_tcp(l->x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "180 Ringing", "");
    assert_int_equal(resumed(l, &p, 0), id);
    assert_int_equal(l->y->port.look(l->y->port.arg, id), PHONE_LOOK_RINGS);
    peer_connect(&p);
    desk_answer(&p, "200 OK", SDP);
    peer_expect(&p, "ACK sip:set@127.0.0.3:");
    assert_int_equal(last(l->y)->kind, PHONE_UP);
    l->y->port.hang_up(l->y->port.arg, id);
    peer_expect(&p, "BYE");
    lived_drop(l, &p);
}

static void a_telephone_that_rings_in_vain_is_cancelled_when_it_is_there(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = desk_open_tcp(l->x);
    uint64_t id = desk_called(&p, 0);
    assert_int_equal(resumed(l, &p, 0), id);
    l->y->port.hang_up(l->y->port.arg, id);
    pass(l->y, SIP_TX_TIMEOUT_MS - 1000);
    desk_returns(&p);
    peer_expect(&p, "CANCEL sip:101@");
    peer_expect_silence(&p);
    pass(l->y, SIP_TX_TIMEOUT_MS);
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    lived_drop(l, &p);
}

/* ---- whose connection it is ------------------------------------------------------------------ */

/* Two telephones of one line behind one address, each with a Contact that stays. */
static void of_two_telephones_each_call_finds_its_own(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer other = peer_open_tcp(l->x, AT_DESK), p = peer_open_tcp(l->x, AT_DESK);
    other.user = p.user = "101";
    other.contact_port = 7001;
    p.contact_port = 7002;
    desk_register(&p, "s3cret", 300);
    uint64_t id = desk_talks(&p);
    assert_int_equal(resumed(l, &p, 0), id);
    const struct phone_leg *leg = &l->y->phone->legs[0];
    other.x = l->y;
    desk_returns(&other); /* the only one as yet */
    assert_true(leg->is_guessed);
    desk_returns(&p); /* the right one */
    assert_false(leg->is_guessed);
    l->y->port.hang_up(l->y->port.arg, id);
    peer_expect(&p, "BYE");
    peer_expect_silence(&other);
    peer_close(&other);
    lived_drop(l, &p);
}

static void of_two_telephones_the_second_one_takes_no_call_of_the_first(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer other = peer_open_tcp(l->x, AT_DESK), third = peer_open_tcp(l->x, AT_DESK), p;
    cut_off(l, &p);
    const struct phone_leg *leg = &l->y->phone->legs[0];
    other.user = third.user = "101";
    other.x = third.x = l->y;
    desk_returns(&other);
    assert_true(leg->is_guessed);
    uint32_t connection = leg->peer.connection;
    desk_returns(&third);
    assert_int_equal(leg->peer.connection, connection);
    peer_close(&other);
    pass(l->y, 1000);
    assert_false(phone_wire_has(l->y->phone, &leg->peer));
    peer_close(&third);
    lived_drop(l, &p);
}

/* 481 of the wrong one says nothing about the call of the right one. */
static void the_word_of_the_wrong_telephone_ends_no_call(void **state)
{
    (void)state;
    for (unsigned asks = 0; asks < 3; asks++) {
        static const char *const methods[] = {"OPTIONS", "BYE", "INVITE"};
        struct lived *l = lived_open();
        struct peer other = peer_open_tcp(l->x, AT_DESK), p = peer_open_tcp(l->x, AT_DESK);
        other.user = p.user = "101";
        other.contact_port = 7001;
        p.contact_port = 7002;
        desk_register(&p, "s3cret", 300);
        uint64_t id = desk_talks(&p);
        assert_int_equal(resumed(l, &p, 0), id);
        struct phone_leg *leg = &l->y->phone->legs[0];
        if (asks == 0)
            hears_nothing(l, MEDIA_QUIET);
        if (asks == 1)
            l->y->port.hang_up(l->y->port.arg, id);
        leg->timer.is.interval_s = asks == 2 ? 1800 : 0;
        leg->timer.is.is_ours = true;
        leg_timer_begin(l->y->phone, leg);
        pass(l->y, 901000 * (asks == 2));
        other.x = l->y;
        desk_returns(&other);
        pass(l->y, 10000 * (asks == 2));
        peer_expect(&other, methods[asks]);
        unsigned reports_n = l->y->reports_n;
        desk_answer(&other, "481 Call/Transaction Does Not Exist", "");
        turn(l->y);
        assert_int_equal(l->y->reports_n, reports_n);
        assert_true(leg_is_cut_off(l->y->phone, leg));
        if (asks == 2)
            peer_expect(&other, "ACK");
        desk_returns(&p);
        pass(l->y, 10000 * (asks == 2));
        peer_expect(&p, methods[asks]);
        peer_expect_silence(&other);
        assert_int_equal(l->y->reports_n, reports_n);
        peer_close(&other);
        lived_drop(l, &p);
    }
}

/* What the right one says of its call counts more than a guess. */
static void a_guess_gives_way_to_a_message_of_the_dialog(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer other = peer_open_tcp(l->x, AT_DESK), p;
    uint64_t id = cut_off(l, &p);
    other.user = "101";
    other.x = l->y;
    desk_returns(&other);
    assert_true(l->y->phone->legs[0].is_guessed);
    timer_joins(&p);
    peer_connect(&p);
    p.cseq = 100;
    peer_new(&p, "OPTIONS", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_false(l->y->phone->legs[0].is_guessed);
    l->y->port.hang_up(l->y->port.arg, id);
    peer_expect(&p, "BYE");
    peer_expect_silence(&other);
    peer_close(&other);
    lived_drop(l, &p);
}

static void another_line_takes_nothing(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p, other;
    cut_off(l, &p);
    other = peer_open_tcp(l->y, AT_DESK);
    other.user = "102";
    desk_register(&other, "other", 300);
    assert_true(leg_is_cut_off(l->y->phone, &l->y->phone->legs[0]));
    peer_close(&other);
    lived_drop(l, &p);
}

/* ---- an operator ----------------------------------------------------------------------------- */

static int listen_at(const char *ip, struct address *at)
{
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t n = sizeof(here);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(inet_pton(AF_INET, ip, &here.sin_addr), 1);
    assert_true(!bind(fd, (struct sockaddr *)&here, n) && !listen(fd, 4));
    assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &n), 0);
    assert_true(address_read_ip(at, text_of(ip)));
    at->port = ntohs(here.sin_port);
    return fd;
}

static void say_trunk(struct exchange *x, const struct address *at)
{
    const struct phone_trunk t = {.number = 7,
                                  .at = {*at},
                                  .at_n = 1,
                                  .host = TEXT("op.example"),
                                  .priority = 1,
                                  .is_tcp = true,
                                  .is_unprobed = true};
    phone_trunks(x->phone, &t, 1);
    turn(x);
}

/* A connection is made, to where the files say that it is: not to the Contact. */
static void an_operator_is_called_where_the_files_say(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct address at;
    int door = listen_at(AT_TRUNK, &at);
    say_trunk(l->x, &at);
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    uint64_t id = up(l->x, &p);
    die(l, &p);
    say_trunk(l->y, &at);
    assert_int_equal(phone_resume(l->y->phone, row_of(l, 0), false), id);
    assert_false(leg_is_cut_off(l->y->phone, &l->y->phone->legs[0]));
    l->y->port.hang_up(l->y->port.arg, id);
    pass(l->y, 10);
    close(p.fd);
    p.fd = accept(door, NULL, NULL);
    assert_true(p.fd >= 0);
    turn(l->y);
    peer_expect(&p, "BYE sip:0536491234@127.0.0.2:");
    desk_answer(&p, "200 OK", "");
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    close(door);
    lived_drop(l, &p);
}

/* A silent caller of an operator that takes no connection: after the bound it is asked once more.
 */
static void an_operator_that_takes_no_connection_is_asked_once_more(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct address at;
    close(listen_at(AT_TRUNK, &at));
    struct peer p = peer_open_tcp(l->x, AT_TRUNK);
    up(l->x, &p);
    die(l, &p);
    say_trunk(l->y, &at);
    phone_resume(l->y->phone, row_of(l, 0), false);
    hears_nothing(l, MEDIA_QUIET);
    hears_nothing(l, MEDIA_LOST);
    pass(l->y, 1000);
    assert_int_equal(l->y->reports_n, 0);
    pass(l->y, PHONE_CUT_MS + 5000);
    assert_int_equal(last(l->y)->kind, PHONE_ENDED);
    lived_drop(l, &p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_hangs_up_over_a_new_connection_is_answered_on_it),
        cmocka_unit_test(a_message_of_its_dialog_brings_the_way_back),
        cmocka_unit_test(a_reinvite_brings_it_back_as_well),
        cmocka_unit_test(our_bye_waits_for_the_telephone_and_is_said_once),
        cmocka_unit_test(our_bye_waits_so_long_and_no_longer),
        cmocka_unit_test(our_bye_survives_the_end_of_others),
        cmocka_unit_test(a_silent_telephone_is_given_up_after_a_bound),
        cmocka_unit_test(a_silent_caller_is_given_up_after_a_longer_one),
        cmocka_unit_test(sound_is_proof_of_life),
        cmocka_unit_test(a_silent_telephone_that_is_there_again_is_asked),
        cmocka_unit_test(a_telephone_that_is_cut_off_by_itself_is_gone_at_once),
        cmocka_unit_test(a_session_is_refreshed_once_they_are_there),
        cmocka_unit_test(a_session_that_nobody_refreshes_ends_all_the_same),
        cmocka_unit_test(a_telephone_that_rings_answers_over_a_new_connection),
        cmocka_unit_test(a_telephone_that_rings_in_vain_is_cancelled_when_it_is_there),
        cmocka_unit_test(of_two_telephones_each_call_finds_its_own),
        cmocka_unit_test(of_two_telephones_the_second_one_takes_no_call_of_the_first),
        cmocka_unit_test(the_word_of_the_wrong_telephone_ends_no_call),
        cmocka_unit_test(a_guess_gives_way_to_a_message_of_the_dialog),
        cmocka_unit_test(another_line_takes_nothing),
        cmocka_unit_test(an_operator_is_called_where_the_files_say),
        cmocka_unit_test(an_operator_that_takes_no_connection_is_asked_once_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
