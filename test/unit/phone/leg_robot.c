/* leg_robot.c — what robots ask of the telephone: keys, a line of their own, a telephone that dies;
 * and the house's own robot, whom nobody else can be. */
#include <errno.h>

#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

#define TOKEN UINT64_C(0x0123456789abcdef)
#define TOKEN_TEXT "0123456789abcdef"

/* ---- the house's own robot ------------------------------------------------------------------ */

/* Its telephone sits where no source is, or where one is. */
static struct peer watch_open_at(struct exchange *x, struct phone_watch *watch, const char *ip)
{
    struct peer p = peer_open(x, ip);
    *watch = (struct phone_watch){.at = {.family = 0}};
    assert_true(address_read_ip(&watch->at, text_of(ip)));
    watch->at.port = peer_port(&p);
    atomic_store(&watch->token, TOKEN);
    phone_watch(x->phone, watch);
    p.user = TOKEN_TEXT;
    return p;
}

static struct peer watch_open(struct exchange *x, struct phone_watch *watch)
{
    return watch_open_at(x, watch, AT_STRANGER);
}

static void its_call_is_a_test_and_shows_no_number(void **state)
{
    (void)state;
    struct phone_watch watch;
    struct exchange *x = exchange_open(4);
    struct peer p = watch_open(x, &watch);
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100");
    assert_int_equal(last(x)->kind, PHONE_ARRIVED);
    assert_true(last(x)->arrived.is_test);
    assert_int_equal(last(x)->arrived.trunk_id, 0);
    assert_string_equal(x->caller, "");
    assert_int_equal(atomic_load(&watch.token), 0);
    peer_close(&p);
    exchange_drop(x);
}

static void a_token_is_good_for_one_call(void **state)
{
    (void)state;
    struct phone_watch watch;
    struct exchange *x = exchange_open(4);
    struct peer p = watch_open(x, &watch);
    peer_invite(&p);
    peer_repeat(&p); /* the same INVITE, lost on its way back */
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 100");
    unsigned before = x->reports_n;
    peer_again(&p);
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 403");
    assert_int_equal(x->reports_n, before);
    peer_close(&p);
    exchange_drop(x);
}

static void without_the_right_token_its_socket_is_nobody(void **state)
{
    (void)state;
    static const char *const others[] = {"0123456789abcdee",  "0123456789abcde",
                                         "0000000000000000",  "0536491234",
                                         "0123456789abcdeff", "x"};
    struct phone_watch watch;
    struct exchange *x = exchange_open(4);
    struct peer p = watch_open_at(x, &watch, AT_TRUNK); /* which may call us otherwise */
    for (unsigned i = 0; i < ARRAY_LEN(others); i++) {
        p.user = others[i];
        peer_again(&p);
        peer_invite(&p);
        peer_expect(&p, "SIP/2.0 403");
    }
    assert_int_equal(x->reports_n, 0);
    assert_int_equal(atomic_load(&watch.token), TOKEN);
    peer_close(&p);
    exchange_drop(x);
}

/* Who knew the token, on a machine that may call us, on the robot's machine at another port. */
static void the_right_token_from_elsewhere_marks_nothing(void **state)
{
    (void)state;
    struct phone_watch watch;
    struct exchange *x = exchange_open(4);
    struct peer p = watch_open(x, &watch), trunk = peer_open(x, AT_TRUNK);
    struct peer neighbour = peer_open(x, AT_STRANGER);
    trunk.user = neighbour.user = TOKEN_TEXT;
    peer_invite(&neighbour);
    peer_expect_silence(&neighbour);
    peer_invite(&trunk);
    peer_expect(&trunk, "SIP/2.0 100");
    assert_int_equal(last(x)->kind, PHONE_ARRIVED);
    assert_false(last(x)->arrived.is_test);
    assert_string_equal(x->caller, TOKEN_TEXT);
    assert_int_equal(atomic_load(&watch.token), TOKEN);
    peer_close(&p);
    peer_close(&trunk);
    peer_close(&neighbour);
    exchange_drop(x);
}

static void a_test_that_finds_no_room_is_no_caller_who_was_shed(void **state)
{
    (void)state;
    struct phone_watch watch;
    uint32_t trunk_id, n;
    struct exchange *x = exchange_open(4);
    struct peer p = watch_open(x, &watch);
    x->has_no_stream = true;
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 503");
    assert_false(phone_shed_take(x->phone, &trunk_id, &n));
    peer_close(&p);
    exchange_drop(x);
}

/* ---- what robots do ------------------------------------------------------------------------- */

static void keys_are_pressed_where_the_other_side_takes_them(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_called(&p, 0);
    assert_false(x->port.press(x->port.arg, id, TEXT("1"))); /* not up yet */
    desk_answer(&p, "200 OK", SDP);
    peer_expect(&p, "ACK sip:set@");
    assert_true(x->port.press(x->port.arg, id, TEXT("12#")));
    assert_int_equal(x->streams[0].want.keys.number, 1);
    assert_memory_equal(x->streams[0].want.keys.keys, "12#", 3);
    assert_true(x->port.press(x->port.arg, id, TEXT("0123456789*#ABCD")));
    assert_int_equal(x->streams[0].want.keys.n, MEDIA_KEYS_MAX);
    assert_false(x->port.press(x->port.arg, id, TEXT("0123456789*#ABCD1")));
    assert_false(x->port.press(x->port.arg, id, TEXT("x")));
    assert_false(x->port.press(x->port.arg, id, TEXT_NONE));
    assert_false(x->port.press(x->port.arg, id + 1, TEXT("1")));
    assert_int_equal(x->streams[0].want.keys.number, 2);
    peer_close(&p);
    exchange_drop(x);
}

static void a_telephone_that_died_answers_nothing_and_sends_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    uint64_t id = desk_talks(&p);
    unsigned before = x->reports_n;
    x->port.die(x->port.arg, id);
    assert_int_equal(x->streams[0].want.rtp.ip_n, 0);
    assert_int_equal(x->streams[0].want.rtcp.ip_n, 0);
    assert_int_equal(x->streams[0].want.direction, MEDIA_INACTIVE);
    pass(x, 60000);
    peer_expect_silence(&p);
    assert_int_equal(x->reports_n, before);
    assert_int_equal(phone_totals(x->phone).legs_n, 1);
    x->port.hang_up(x->port.arg, id);
    pass(x, 60000);
    peer_expect_silence(&p);
    assert_int_equal(phone_totals(x->phone).legs_n, 0);
    assert_int_equal(x->streams_n, 0);
    peer_close(&p);
    exchange_drop(x);
}

static void what_comes_for_a_dead_telephone_is_not_answered(void **state)
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
    x->port.die(x->port.arg, id);
    peer_new(&p, "OPTIONS", "");
    peer_expect_silence(&p);
    peer_new(&p, "BYE", "");
    peer_repeat(&p);
    peer_expect_silence(&p);
    x->port.hang_up(x->port.arg, id);
    peer_repeat(&p);
    peer_expect(&p, "SIP/2.0 481"); /* the telephone is back, and knows nothing */
    peer_close(&p);
    exchange_drop(x);
}

/* ---- a line of its own ---------------------------------------------------------------------- */

static void a_line_registers_and_calls_under_its_own_name_and_no_call_goes_out_by_it(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    struct phone_trunk line = {.number = 9,
                               .at_n = 1,
                               .host = TEXT("house.example"),
                               .user = TEXT("101"),
                               .secret = TEXT("s3cret"),
                               .registers = true,
                               .is_unprobed = true,
                               .is_line = true};
    assert_true(address_read_ip(&line.at[0], TEXT(AT_TRUNK)));
    line.at[0].port = peer_port(&p);
    turn(x);
    phone_trunks(x->phone, &line, 1);
    turn(x);
    peer_expect(&p, "REGISTER sip:house.example");
    assert_non_null(strstr(p.said, "Contact: <sip:101@127.0.0.1:"));
    desk_answer(&p, "200 OK", "");
    const struct phone_dial by_any = {.number = TEXT("112"), .is_short = true};
    assert_int_equal(x->port.dial(x->port.arg, &by_any), 0);
    const struct phone_dial unknown = {.number = TEXT("*71"), .is_plain = true, .line = 8};
    assert_int_equal(x->port.dial(x->port.arg, &unknown), 0);
    const struct phone_dial by_line = {.number = TEXT("*71"), .is_plain = true, .line = 9};
    assert_int_not_equal(x->port.dial(x->port.arg, &by_line), 0);
    peer_expect(&p, "INVITE sip:*71@house.example");
    assert_non_null(strstr(p.said, "From: <sip:101@house.example>"));
    assert_null(strstr(p.said, "P-Asserted-Identity"));
    peer_close(&p);
    exchange_drop(x);
}

static void lines_have_a_bound(void **state)
{
    (void)state;
    struct exchange x = {.now_at = 1};
    const struct media_port media = {.arg = &x};
    struct phone_args args = {.address = AT_HOME,
                              .realm = "robots",
                              .legs_max = 4,
                              .registrations_max = 1,
                              .lines_max = PHONE_LINES_MAX + 1,
                              .first_leg_id = 1,
                              .media = &media};
    struct phone *p;
    assert_int_equal(phone_open(&p, &args), EINVAL);
    args.lines_max = PHONE_LINES_MAX;
    assert_int_equal(phone_open(&p, &args), 0);
    phone_drop(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_call_is_a_test_and_shows_no_number),
        cmocka_unit_test(a_token_is_good_for_one_call),
        cmocka_unit_test(without_the_right_token_its_socket_is_nobody),
        cmocka_unit_test(the_right_token_from_elsewhere_marks_nothing),
        cmocka_unit_test(a_test_that_finds_no_room_is_no_caller_who_was_shed),
        cmocka_unit_test(keys_are_pressed_where_the_other_side_takes_them),
        cmocka_unit_test(a_telephone_that_died_answers_nothing_and_sends_nothing),
        cmocka_unit_test(what_comes_for_a_dead_telephone_is_not_answered),
        cmocka_unit_test(a_line_registers_and_calls_under_its_own_name_and_no_call_goes_out_by_it),
        cmocka_unit_test(lines_have_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
