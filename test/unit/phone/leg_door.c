/* leg_door.c — who may call at all, and what finds no room: strangers, lines with and without their
 * digest, offers that are of no use, bounds and one past them, a leg that breaks alone. */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

static uint64_t invited(struct peer *p)
{
    peer_again(p);
    peer_invite(p);
    peer_expect(p, "SIP/2.0 100 Trying");
    return last(p->x)->leg_id;
}

/* An INVITE of its own branch, with header lines. */
static void invite_with(struct peer *p, const char *lines, const char *body)
{
    p->branch++;
    p->cseq++;
    peer_ask(p, "INVITE", lines, body);
}

/* ---- who --------------------------------------------------------------------------------------
 */

static void a_stranger_hears_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_STRANGER);
    peer_invite(&p);
    peer_new(&p, "OPTIONS", "");
    peer_expect_silence(&p);
    assert_int_equal(x->reports_n, 0);
    assert_int_equal(phone_totals(x->phone).strangers_n, 2);
    peer_end(&p, ALL_TIMERS_MS);
}

static void an_answer_goes_to_the_source_whatever_the_via_says(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK), other = peer_open(x, AT_STRANGER);
    char text[1024];
    snprintf(text, sizeof(text),
             "INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP %s:%u;branch=z9hG4bKx;rport\r\n"
             "From: <sip:2@h>;tag=a\r\nTo: <sip:1@h>\r\nCall-ID: z\r\nCSeq: 1 INVITE\r\n"
             "Contact: <sip:2@%s:%u>\r\nContent-Type: application/sdp\r\nContent-Length: %zu\r\n"
             "\r\n%s",
             AT_STRANGER, peer_port(&other), AT_STRANGER, peer_port(&other), strlen(SDP), SDP);
    peer_send(&p, text);
    peer_expect(&p, "SIP/2.0 100");
    x->port.answer(x->port.arg, last(x)->leg_id);
    peer_expect(&p, "SIP/2.0 200");
    x->port.hang_up(x->port.arg, last(x)->leg_id);
    pass(x, 40000); /* no ACK: BYE, to the source too */
    bool has_bye = false;
    while (peer_hears(&p))
        has_bye |= strncmp(p.said, "BYE", 3) == 0;
    assert_true(has_bye);
    peer_expect_silence(&other);
    peer_close(&other);
    peer_end(&p, ALL_TIMERS_MS);
}

static void without_rport_the_answer_goes_to_the_port_of_the_via_at_the_source(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK), beside = peer_open(x, AT_TRUNK);
    char text[1024];
    snprintf(text, sizeof(text),
             "OPTIONS sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:%u;branch=z9hG4bKx\r\n"
             "From: <sip:2@h>;tag=a\r\nTo: <sip:1@h>\r\nCall-ID: z\r\nCSeq: 1 OPTIONS\r\n\r\n",
             peer_port(&beside));
    peer_send(&p, text);
    peer_expect(&beside, "SIP/2.0 200");
    peer_expect_silence(&p);
    peer_close(&beside);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_number_that_is_nobodys_costs_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    x->is_unknown = true;
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 404");
    assert_int_equal(phone_totals(x->phone).transactions_n, 0);
    assert_int_equal(x->reports_n, 0);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_caller_who_wishes_so_is_withheld_and_a_trunk_is_believed(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *user, *caller;
    } cases[] = {{"P-Asserted-Identity: <sip:0536490077@h>\r\n", "0536491234", "0536490077"},
                 {"Privacy: id\r\nP-Asserted-Identity: <sip:0536490077@h>\r\n", "1", ""},
                 {"Privacy: header;user\r\n", "0536491234", ""},
                 {"Privacy: none\r\n", "0536491234", "0536491234"},
                 {"", "anonymous", ""}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        p.user = cases[i].user;
        invite_with(&p, cases[i].lines, SDP);
        assert_string_equal(x->caller, cases[i].caller);
        x->port.refuse(x->port.arg, last(x)->leg_id, 480);
        peer_end(&p, ALL_TIMERS_MS);
    }
}

/* ---- lines of the house -----------------------------------------------------------------------
 */

/* An INVITE of a line with these credentials; the answer stands in p->said. */
static void call_with(struct peer *p, const char *username, const char *secret)
{
    peer_again(p);
    peer_invite(p);
    peer_expect(p, "SIP/2.0 401");
    desk_credentials(p, username, secret, "INVITE");
    p->our_tag[0] = '\0';
    invite_with(p, p->credentials, SDP);
    assert_true(peer_hears(p));
}

static void a_line_proves_itself_before_it_calls(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_DESK);
    p.user = "101";
    p.called = "*71";
    call_with(&p, "101", "s3cret");
    assert_memory_equal(p.said, "SIP/2.0 100", 11);
    assert_int_equal(last(x)->arrived.aor, 1);
    assert_string_equal(x->called, "*71");
    x->port.hang_up(x->port.arg, last(x)->leg_id);
    peer_end(&p, ALL_TIMERS_MS);
}

/* A telephone of ours calls; the stream beside which its own was opened. */
static struct media_ref calls_beside(struct peer *p, const char *username, const char *secret)
{
    p->user = username;
    p->called = "*77";
    call_with(p, username, secret);
    assert_int_equal(last(p->x)->kind, PHONE_ARRIVED);
    return p->x->streams[p->x->streams_n - 1].near;
}

static void a_second_call_of_a_telephone_is_beside_its_first(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), stranger = peer_open(x, AT_TRUNK);
    peer_invite(&stranger);
    peer_ignore(&stranger); /* the first stream */
    uint64_t id = desk_talks(&p);
    struct media_ref near = calls_beside(&p, "101", "s3cret");
    assert_int_equal(near.slot, 1);
    assert_int_equal(near.gen, x->streams[1].gen);
    x->port.hang_up(x->port.arg, id);
    exchange_drop(x);
}

static void who_may_pick_a_call_up_is_beside_the_telephone_that_rings(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), caller = peer_open(x, AT_TRUNK), other = peer_open(x, AT_DESK);
    assert_int_equal(calls_beside(&other, "102", "other").gen, 0); /* nothing rings */
    x->port.hang_up(x->port.arg, last(x)->leg_id);
    peer_ignore(&other);
    peer_invite(&caller);
    peer_ignore(&caller);
    desk_called(&p, last(x)->leg_id);
    unsigned rings = x->streams_n - 1;
    struct media_ref near = calls_beside(&other, "102", "other");
    assert_int_equal(near.slot, rings);
    assert_int_equal(near.gen, x->streams[rings].gen);
    exchange_drop(x);
}

static void wrong_secrets_other_lines_and_old_nonces_do_not_call(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_DESK);
    p.user = "101";
    call_with(&p, "101", "wrong");
    assert_memory_equal(p.said, "SIP/2.0 401", 11);
    call_with(&p, "102", "other"); /* right, but From says 101 */
    assert_memory_equal(p.said, "SIP/2.0 403", 11);
    peer_again(&p);
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 401");
    desk_credentials(&p, "101", "s3cret", "INVITE");
    x->now_at += 301000;
    p.our_tag[0] = '\0';
    invite_with(&p, p.credentials, SDP);
    peer_expect(&p, "SIP/2.0 401");
    assert_non_null(strstr(p.said, "stale=true"));
    assert_int_equal(x->reports_n, 0);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_line_that_does_not_exist_gets_the_same_answer_as_one_that_does(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_DESK);
    p.user = "199";
    call_with(&p, "199", "s3cret");
    assert_memory_equal(p.said, "SIP/2.0 401", 11);
    assert_int_equal(x->reports_n, 0);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_line_does_not_choose_the_number_that_is_shown(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_DESK);
    p.user = "101";
    snprintf(p.routes, sizeof(p.routes), "P-Asserted-Identity: <sip:0536490077@h>\r\n");
    call_with(&p, "101", "s3cret");
    assert_string_equal(x->caller, "101");
    x->port.hang_up(x->port.arg, last(x)->leg_id);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_trunk_registers_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    peer_new(&p, "REGISTER", "");
    peer_expect(&p, "SIP/2.0 403");
    peer_end(&p, ALL_TIMERS_MS);
}

/* ---- what is of no use --------------------------------------------------------------------------
 */

static void offers_that_are_of_no_use_are_refused_without_a_report(void **state)
{
    (void)state;
    static const struct {
        const char *body, *begin;
    } cases[] = {{SDP_USELESS, "SIP/2.0 488"}, {"nonsense", "SIP/2.0 400"}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct exchange *x = exchange_open(4);
        struct peer p = peer_open(x, AT_TRUNK);
        peer_new(&p, "INVITE", cases[i].body);
        peer_expect(&p, "SIP/2.0 100");
        peer_expect(&p, cases[i].begin);
        assert_int_equal(x->reports_n, 0);
        peer_end(&p, ALL_TIMERS_MS);
    }
}

static void the_same_call_on_two_ways_is_one_call(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    invited(&p);
    p.our_tag[0] = '\0';
    p.branch++; /* another way, the same call */
    peer_ask(&p, "INVITE", "", SDP);
    peer_expect(&p, "SIP/2.0 482");
    assert_int_equal(phone_totals(x->phone).legs_n, 1);
    x->port.hang_up(x->port.arg, last(x)->leg_id);
    peer_end(&p, ALL_TIMERS_MS);
}

/* Vias of so many servers on the way. */
static void put_vias(char *lines, size_t max, unsigned vias_n)
{
    size_t n = 0;
    lines[0] = '\0';
    for (unsigned i = 0; i < vias_n; i++)
        n += (size_t)snprintf(lines + n, max - n,
                              "Via: SIP/2.0/UDP 192.0.2.%u:5060;branch=z9hG4bK%u\r\n", i, i);
}

/* Hears all there is; true when the last of it was a final answer; *is_ok: a 200. */
static bool hears_final(struct peer *p, bool *is_ok)
{
    bool has_final = false;
    *is_ok = false;
    while (peer_hears(p)) {
        has_final |= strncmp(p->said, "SIP/2.0 100", 11) != 0;
        *is_ok |= strncmp(p->said, "SIP/2.0 200", 11) == 0;
    }
    return has_final;
}

static void an_invite_with_many_vias_gets_a_final_answer(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    char lines[4096];
    for (unsigned vias_n = 5; vias_n < 60; vias_n++) {
        unsigned reports_n = x->reports_n;
        bool is_ok;
        peer_again(&p);
        put_vias(lines, sizeof(lines), vias_n);
        invite_with(&p, lines, SDP);
        if (x->reports_n > reports_n)
            x->port.answer(x->port.arg, last(x)->leg_id);
        assert_true(hears_final(&p, &is_ok));
        pass(x, 130000); /* no ACK: over */
        peer_ignore(&p);
        assert_int_equal(phone_totals(x->phone).legs_n, 0);
        assert_int_equal(phone_totals(x->phone).transactions_n, 0);
    }
    assert_int_equal(phone_totals(x->phone).broken_n, 0);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_reinvite_with_many_vias_gets_a_final_answer_or_changes_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    char lines[4096];
    uint64_t id = invited(&p);
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    for (unsigned vias_n = 0; vias_n < 60; vias_n++) {
        bool is_ok;
        put_vias(lines, sizeof(lines), vias_n);
        invite_with(&p, lines, SDP_HOLD);
        assert_true(hears_final(&p, &is_ok));
        assert_int_equal(x->streams[0].want.direction, is_ok ? MEDIA_RECVONLY : MEDIA_SENDRECV);
        peer_ask(&p, "ACK", "", "");
        invite_with(&p, "", SDP);
        assert_true(hears_final(&p, &is_ok));
        assert_true(is_ok);
        peer_ack(&p);
    }
    assert_int_equal(reports(x, PHONE_ENDED), 0);
    assert_int_equal(phone_totals(x->phone).broken_n, 0);
    x->port.hang_up(x->port.arg, id);
    peer_end(&p, ALL_TIMERS_MS);
}

/* ---- no room ------------------------------------------------------------------------------------
 */

static void past_the_last_leg_calls_are_shed_and_counted_by_trunk(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(2);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t first = invited(&p);
    invited(&p);
    uint32_t trunk_id, n;
    assert_false(phone_shed_take(x->phone, &trunk_id, &n));
    for (unsigned i = 0; i < 20; i++) {
        peer_again(&p);
        peer_invite(&p);
        peer_expect(&p, "SIP/2.0 503");
        assert_non_null(strstr(p.said, "Retry-After: 5\r\n"));
    }
    assert_true(phone_shed_take(x->phone, &trunk_id, &n));
    assert_int_equal(trunk_id, 7);
    assert_int_equal(n, 20);
    assert_false(phone_shed_take(x->phone, &trunk_id, &n));
    assert_int_equal(phone_totals(x->phone).legs_n, 2);
    x->port.refuse(x->port.arg, first, 486);
    peer_ignore(&p);
    x->port.hang_up(x->port.arg, invited(&p));
    x->port.hang_up(x->port.arg, first + 1);
    peer_end(&p, ALL_TIMERS_MS);
}

static void with_all_transactions_in_use_calls_are_shed_without_state(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(PHONE_TX_MIN);
    struct peer p = peer_open(x, AT_TRUNK);
    for (unsigned n = 0;; n++) {
        peer_again(&p);
        peer_invite(&p);
        assert_true(peer_hears(&p));
        if (strncmp(p.said, "SIP/2.0 503", 11) == 0)
            break;
        assert_true(n < 2000);
        x->port.refuse(x->port.arg, last(x)->leg_id, 486); /* lingers without its ACK */
        peer_ignore(&p);
    }
    assert_int_equal(phone_totals(x->phone).transactions_n, PHONE_TX_MIN * PHONE_TX_PER_LEG);
    assert_int_equal(phone_totals(x->phone).legs_n, 0);
    assert_int_equal(x->streams_n, 0);
    peer_end(&p, ALL_TIMERS_MS);
}

static void without_a_stream_a_call_is_shed_and_counted_too(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint32_t trunk_id, n;
    x->has_no_stream = true;
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 503");
    assert_int_equal(x->reports_n, 0);
    assert_true(phone_shed_take(x->phone, &trunk_id, &n));
    assert_int_equal(trunk_id, 7);
    assert_int_equal(phone_totals(x->phone).shed_n, 1);
    peer_end(&p, ALL_TIMERS_MS);
}

static void a_reinvite_without_room_leaves_the_offer_as_it_was(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(1);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = invited(&p);
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    while (phone_totals(x->phone).transactions_n < PHONE_TX_MIN) {
        peer_new(&p, "OPTIONS", "");
        peer_ignore(&p);
    }
    peer_new(&p, "INVITE", ""); /* we would offer */
    peer_expect(&p, "SIP/2.0 503");
    pass(x, 40000); /* room again */
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    x->port.hang_up(x->port.arg, id);
    peer_end(&p, ALL_TIMERS_MS);
}

/* ---- one leg breaks -----------------------------------------------------------------------------
 */

static void a_leg_that_breaks_ends_alone_and_later(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t other = invited(&p), id = invited(&p);
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    unsigned n = x->reports_n;
    x->refuses_set = true;
    const struct phone_sound sound = {.n = 1, .ids = {1}};
    x->port.sound(x->port.arg, id, &sound);
    assert_int_equal(x->reports_n, n); /* not inside the call */
    turn(x);
    assert_int_equal(x->reports_n, n + 1);
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_int_equal(last(x)->leg_id, id);
    assert_true(last(x)->is_fault);
    peer_expect(&p, "BYE");
    assert_int_equal(phone_totals(x->phone).broken_n, 1);
    x->broken_n = 1;
    x->refuses_set = false;
    x->port.answer(x->port.arg, other);
    peer_expect(&p, "SIP/2.0 200");
    x->port.hang_up(x->port.arg, other);
    peer_end(&p, ALL_TIMERS_MS);
}

static void sound_on_key(const struct phone_report *report, void *arg)
{
    struct exchange *x = arg;
    const struct phone_sound sound = {.n = 1, .ids = {1}};
    if (report->kind == PHONE_KEY)
        x->port.sound(x->port.arg, report->leg_id, &sound);
}

static void a_leg_that_breaks_ends_though_its_sound_comes_back_at_that_moment(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    x->port.answer(x->port.arg, invited(&p));
    peer_expect(&p, "SIP/2.0 200");
    peer_ack(&p);
    const struct media_ref ref = {0, x->streams[0].gen};
    x->due[0] = (struct media_report){.ref = ref, .kind = MEDIA_KEY_BEGUN, .key = {'1', 0}};
    x->due[1] = (struct media_report){.ref = ref, .kind = MEDIA_BACK};
    x->due_n = 2;
    x->refuses_set = true;
    x->hook = sound_on_key;
    x->hook_arg = x;
    turn(x);
    turn(x);
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_true(last(x)->is_fault);
    x->broken_n = 1;
    peer_end(&p, ALL_TIMERS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_hears_nothing),
        cmocka_unit_test(an_answer_goes_to_the_source_whatever_the_via_says),
        cmocka_unit_test(without_rport_the_answer_goes_to_the_port_of_the_via_at_the_source),
        cmocka_unit_test(a_number_that_is_nobodys_costs_nothing),
        cmocka_unit_test(a_caller_who_wishes_so_is_withheld_and_a_trunk_is_believed),
        cmocka_unit_test(a_line_proves_itself_before_it_calls),
        cmocka_unit_test(a_second_call_of_a_telephone_is_beside_its_first),
        cmocka_unit_test(who_may_pick_a_call_up_is_beside_the_telephone_that_rings),
        cmocka_unit_test(wrong_secrets_other_lines_and_old_nonces_do_not_call),
        cmocka_unit_test(a_line_that_does_not_exist_gets_the_same_answer_as_one_that_does),
        cmocka_unit_test(a_line_does_not_choose_the_number_that_is_shown),
        cmocka_unit_test(a_trunk_registers_nothing),
        cmocka_unit_test(offers_that_are_of_no_use_are_refused_without_a_report),
        cmocka_unit_test(the_same_call_on_two_ways_is_one_call),
        cmocka_unit_test(an_invite_with_many_vias_gets_a_final_answer),
        cmocka_unit_test(a_reinvite_with_many_vias_gets_a_final_answer_or_changes_nothing),
        cmocka_unit_test(past_the_last_leg_calls_are_shed_and_counted_by_trunk),
        cmocka_unit_test(with_all_transactions_in_use_calls_are_shed_without_state),
        cmocka_unit_test(without_a_stream_a_call_is_shed_and_counted_too),
        cmocka_unit_test(a_reinvite_without_room_leaves_the_offer_as_it_was),
        cmocka_unit_test(a_leg_that_breaks_ends_alone_and_later),
        cmocka_unit_test(a_leg_that_breaks_ends_though_its_sound_comes_back_at_that_moment),
    };
    return cmocka_run_group_tests_name("phone/leg_door", tests, NULL, NULL);
}
