/* leg.c — dialogs of both sides (RFC 3261 §12): tags, order, targets, routes, forks, bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/leg.h"

/* An INVITE as it came to us. */
static struct sip_in came(enum sip_method method, uint32_t cseq)
{
    const char *from = "<sip:zoe@h>;tag=f1";
    return (struct sip_in){.is_request = true,
                           .method = method,
                           .from = text_of(from),
                           .to = TEXT("<sip:3949@us>"),
                           .from_tag = {from + 16, 2},
                           .to_tag = method == SIP_METHOD_INVITE ? TEXT_NONE : TEXT("l1"),
                           .call_id = TEXT("c1"),
                           .contact_uri = TEXT("sip:zoe@10.0.0.1"),
                           .cseq = cseq};
}

static struct sip_in answered(uint16_t status, const char *tag)
{
    return (struct sip_in){.method = SIP_METHOD_INVITE,
                           .status = status,
                           .from_tag = TEXT("l1"),
                           .to_tag = text_of(tag),
                           .call_id = TEXT("c1"),
                           .contact_uri = TEXT("sip:agent@10.0.0.7"),
                           .cseq = 100};
}

static struct sip_leg called(void)
{
    struct sip_leg leg;
    const struct sip_in in = came(SIP_METHOD_INVITE, 5);
    assert_int_equal(sip_leg_answer(&leg, &in, TEXT("l1")), SIP_LEG_OK);
    return leg;
}

struct asked {
    char room[SIP_LEG_SCRATCH_MAX];
    struct sip_ask ask;
};

static void ask(struct asked *a, struct sip_leg *leg, enum sip_method method)
{
    struct text_out scratch = {.p = a->room, .max = sizeof(a->room)};
    const struct sip_leg_request request = {.method = method, .via = TEXT("v")};
    assert_true(sip_leg_ask(leg, &request, &scratch, &a->ask));
}

/* A call of ours with its INVITE asked. */
static struct sip_leg calling(void)
{
    struct sip_leg leg;
    struct asked a;
    const struct sip_leg_args args = {.call_id = TEXT("c1"),
                                      .tag = TEXT("l1"),
                                      .local = TEXT("<sip:3949@us>"),
                                      .remote = TEXT("<sip:agent@us>"),
                                      .target = TEXT("sip:agent@home"),
                                      .routes = TEXT("<sip:out;lr>"),
                                      .cseq = 99};
    assert_int_equal(sip_leg_call(&leg, &args), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_INVITE);
    assert_int_equal(a.ask.cseq, 100);
    return leg;
}

static void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.n, strlen(expected));
    assert_memory_equal(t.p, expected, t.n);
}

static void the_called_side_asks_with_the_parties_turned_round(void **state)
{
    (void)state;
    struct sip_leg leg = called();
    struct asked a;
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_text(a.ask.from, "<sip:3949@us>;tag=l1");
    assert_text(a.ask.to, "<sip:zoe@h>;tag=f1");
    assert_text(a.ask.request_uri, "sip:zoe@10.0.0.1");
    assert_int_equal(a.ask.cseq, 1);
    ask(&a, &leg, SIP_METHOD_OPTIONS);
    assert_int_equal(a.ask.cseq, 2);
}

static void a_tag_with_parameters_behind_it_is_given_back_as_it_came(void **state)
{
    (void)state;
    struct sip_leg leg;
    struct asked a;
    struct sip_in in = came(SIP_METHOD_INVITE, 5);
    const char *from = "<sip:zoe@h>;tag=f1;epid=9";
    in.from = text_of(from);
    in.from_tag = (struct text){from + 16, 2};
    assert_int_equal(sip_leg_answer(&leg, &in, TEXT("l1")), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_text(a.ask.to, from);
    in = came(SIP_METHOD_BYE, 6);
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_OK);
}

static void a_caller_without_a_tag_is_a_caller_too(void **state)
{
    (void)state;
    struct sip_leg leg;
    struct asked a;
    struct sip_in in = came(SIP_METHOD_INVITE, 5);
    in.from = TEXT("<sip:old@h>"); /* RFC 2543 */
    in.from_tag = TEXT_NONE;
    assert_int_equal(sip_leg_answer(&leg, &in, TEXT("l1")), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_text(a.ask.to, "<sip:old@h>");
}

static void requests_come_in_order_or_late(void **state)
{
    (void)state;
    struct sip_leg leg = called();
    struct sip_in in = came(SIP_METHOD_ACK, 5);
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_OK);
    in = came(SIP_METHOD_ACK, 4);
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_LATE);
    in = came(SIP_METHOD_INFO, 5);
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_LATE);
    in = came(SIP_METHOD_INFO, 9);
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_OK);
    in = came(SIP_METHOD_BYE, 8);
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_LATE);
    in = came(SIP_METHOD_ACK, 5); /* still that of the INVITE */
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_OK);
}

static void a_request_of_another_dialog_is_not_ours(void **state)
{
    (void)state;
    struct sip_leg leg = called();
    struct sip_in in = came(SIP_METHOD_BYE, 6);
    in.call_id = TEXT("c2");
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_NOT_OURS);
    in = came(SIP_METHOD_BYE, 6);
    in.to_tag = TEXT("l2");
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_NOT_OURS);
    in = came(SIP_METHOD_BYE, 6);
    in.from_tag = TEXT("f2");
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_NOT_OURS);
    assert_int_equal(leg.remote_cseq, 5);
}

static void a_re_invite_moves_the_target_and_not_the_route(void **state)
{
    (void)state;
    struct sip_leg leg = called();
    struct sip_in in = came(SIP_METHOD_INVITE, 6);
    in.to_tag = TEXT("l1");
    in.contact_uri = TEXT("sip:zoe@10.0.0.2");
    in.routes[0] = TEXT("<sip:evil;lr>");
    in.routes_n = 1;
    struct asked a;
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_OK);
    in = came(SIP_METHOD_ACK, 6);
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_text(a.ask.request_uri, "sip:zoe@10.0.0.2");
    assert_int_equal(a.ask.routes.n, 0);
}

static void our_re_invite_does_not_confuse_the_acks_of_both_sides(void **state)
{
    (void)state;
    struct sip_leg leg = called();
    struct asked a;
    ask(&a, &leg, SIP_METHOD_INVITE);
    assert_int_equal(a.ask.cseq, 1);
    struct sip_in in = came(SIP_METHOD_ACK, 5); /* a late one for theirs */
    assert_int_equal(sip_leg_take_request(&leg, &in), SIP_LEG_OK);
    in = answered(200, "f1");
    in.contact_uri = TEXT("sip:zoe@10.0.0.3");
    in.routes[0] = TEXT("<sip:evil;lr>");
    in.routes_n = 1;
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_ACK);
    assert_int_equal(a.ask.cseq, 1);
    assert_text(a.ask.request_uri, "sip:zoe@10.0.0.3");
    assert_int_equal(a.ask.routes.n, 0);
}

static void a_2xx_gives_tag_target_and_the_route_reversed(void **state)
{
    (void)state;
    struct sip_leg leg = calling();
    struct asked a;
    struct sip_in in = answered(180, "e1");
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_CANCEL); /* goes the way of its INVITE, without tag */
    assert_text(a.ask.request_uri, "sip:agent@home");
    assert_text(a.ask.routes, "<sip:out;lr>");
    assert_text(a.ask.to, "<sip:agent@us>");
    assert_int_equal(a.ask.cseq, 100);
    in = answered(200, "e1");
    in.routes[0] = TEXT("<sip:near;lr>");
    in.routes[1] = TEXT("<sip:far;lr>");
    in.routes_n = 2;
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_ACK);
    assert_text(a.ask.request_uri, "sip:agent@10.0.0.7");
    assert_text(a.ask.routes, "<sip:far;lr>, <sip:near;lr>");
    assert_text(a.ask.to, "<sip:agent@us>;tag=e1");
    assert_int_equal(a.ask.cseq, 100);
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_int_equal(a.ask.cseq, 101);
}

static void a_strict_router_becomes_the_request_uri(void **state)
{
    (void)state;
    struct sip_leg leg = calling();
    struct asked a;
    struct sip_in in = answered(200, "e1");
    in.routes[0] = TEXT("<sip:near;lr>");
    in.routes[1] = TEXT("<sip:old;maddr=1.2.3.4>;x");
    in.routes_n = 2;
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_text(a.ask.request_uri, "sip:old;maddr=1.2.3.4");
    assert_text(a.ask.routes, "<sip:near;lr>, <sip:agent@10.0.0.7>");
    in.routes_n = 1;
    in.routes[0] = TEXT("<sip:old>");
    leg = calling();
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_text(a.ask.routes, "<sip:agent@10.0.0.7>");
}

static void a_second_2xx_from_another_branch_is_a_fork_with_a_dialog_of_its_own(void **state)
{
    (void)state;
    struct sip_leg leg = calling(), fork;
    struct asked a;
    struct sip_in in = answered(180, "e1");
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    in = answered(200, "e2"); /* another branch answers first */
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK); /* repeated */
    in = answered(200, "e1");
    in.contact_uri = TEXT("sip:agent@10.0.0.8");
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_FORK);
    assert_int_equal(sip_leg_fork(&fork, &leg, &in), SIP_LEG_OK);
    ask(&a, &fork, SIP_METHOD_ACK);
    assert_text(a.ask.to, "<sip:agent@us>;tag=e1");
    assert_text(a.ask.request_uri, "sip:agent@10.0.0.8");
    ask(&a, &leg, SIP_METHOD_BYE);
    assert_text(a.ask.to, "<sip:agent@us>;tag=e2");
}

static void after_a_failure_the_next_invite_stands_outside_any_dialog(void **state)
{
    (void)state;
    struct sip_leg leg = calling();
    struct asked a;
    struct sip_in in = answered(183, "e1");
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    in = answered(401, "x");
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    struct text_out scratch = {.p = a.room, .max = sizeof(a.room)};
    const struct sip_leg_request ack = {.method = SIP_METHOD_ACK,
                                        .to = TEXT("<sip:agent@us>;tag=x")};
    assert_true(sip_leg_ask(&leg, &ack, &scratch, &a.ask));
    assert_text(a.ask.to, "<sip:agent@us>;tag=x");
    assert_int_equal(a.ask.cseq, 100);
    ask(&a, &leg, SIP_METHOD_INVITE);
    assert_text(a.ask.to, "<sip:agent@us>");
    assert_int_equal(a.ask.cseq, 101);
}

static void a_response_of_another_call_is_not_ours_and_one_without_tag_changes_nothing(void **state)
{
    (void)state;
    struct sip_leg leg = calling();
    struct sip_in in = answered(200, "e1");
    in.from_tag = TEXT("l2");
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_NOT_OURS);
    in = answered(100, "e1");
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_OK);
    assert_int_equal(leg.remote_tag_n, 0);
}

/* Each part of an INVITE at its bound and one byte past it. */
static void parts_are_kept_up_to_their_bounds(void **state)
{
    (void)state;
    static char big[2048];
    memset(big, 'x', sizeof(big));
    const size_t bounds[] = {SIP_CALL_ID_MAX, SIP_TAG_MAX, SIP_PARTY_MAX, SIP_TARGET_MAX,
                             SIP_ROUTE_SET_MAX};
    for (unsigned part = 0; part < ARRAY_LEN(bounds); part++) {
        for (size_t past = 0; past < 2; past++) {
            struct sip_leg leg;
            struct sip_in in = came(SIP_METHOD_INVITE, 5);
            struct text *const places[] = {&in.call_id, &in.from_tag, &in.to, &in.contact_uri,
                                           &in.routes[0]};
            *places[part] = (struct text){big, bounds[part] + past};
            in.routes_n = 1;
            enum sip_leg_verdict v = sip_leg_answer(&leg, &in, TEXT("l1"));
            assert_int_equal(v, past ? SIP_LEG_TOO_LONG : SIP_LEG_OK);
        }
    }
}

static void a_response_past_a_bound_changes_nothing(void **state)
{
    (void)state;
    static char big[SIP_ROUTE_SET_MAX];
    memset(big, 'x', sizeof(big));
    struct sip_leg leg = calling();
    struct sip_in in = answered(200, "e1");
    in.contact_uri = (struct text){big, SIP_TARGET_MAX + 1};
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_TOO_LONG);
    assert_false(leg.is_confirmed);
    in = answered(200, "e1");
    in.routes_n = 2;
    in.routes[0] = in.routes[1] = (struct text){big, SIP_ROUTE_SET_MAX / 2};
    assert_int_equal(sip_leg_take_response(&leg, &in), SIP_LEG_TOO_LONG);
    assert_int_equal(leg.remote_tag_n, 0);
}

static void the_largest_leg_fits_its_scratch(void **state)
{
    (void)state;
    struct sip_leg leg = {.local_tag_n = SIP_TAG_MAX,
                          .remote_tag_n = SIP_TAG_MAX,
                          .local_n = SIP_PARTY_MAX,
                          .remote_n = SIP_PARTY_MAX,
                          .target_n = SIP_TARGET_MAX,
                          .routes_n = SIP_ROUTE_SET_MAX};
    struct asked a;
    memset(leg.routes, ' ', sizeof(leg.routes));
    memcpy(leg.routes, "<x>,<", 5); /* strict: everything is written again */
    memset(leg.routes + SIP_ROUTE_SET_MAX - 1, '>', 1);
    ask(&a, &leg, SIP_METHOD_BYE);
    struct text_out scratch = {.p = a.room, .max = 64};
    const struct sip_leg_request request = {.method = SIP_METHOD_BYE};
    assert_false(sip_leg_ask(&leg, &request, &scratch, &a.ask));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_called_side_asks_with_the_parties_turned_round),
        cmocka_unit_test(a_tag_with_parameters_behind_it_is_given_back_as_it_came),
        cmocka_unit_test(a_caller_without_a_tag_is_a_caller_too),
        cmocka_unit_test(requests_come_in_order_or_late),
        cmocka_unit_test(a_request_of_another_dialog_is_not_ours),
        cmocka_unit_test(a_re_invite_moves_the_target_and_not_the_route),
        cmocka_unit_test(our_re_invite_does_not_confuse_the_acks_of_both_sides),
        cmocka_unit_test(a_2xx_gives_tag_target_and_the_route_reversed),
        cmocka_unit_test(a_strict_router_becomes_the_request_uri),
        cmocka_unit_test(a_second_2xx_from_another_branch_is_a_fork_with_a_dialog_of_its_own),
        cmocka_unit_test(after_a_failure_the_next_invite_stands_outside_any_dialog),
        cmocka_unit_test(
            a_response_of_another_call_is_not_ours_and_one_without_tag_changes_nothing),
        cmocka_unit_test(parts_are_kept_up_to_their_bounds),
        cmocka_unit_test(a_response_past_a_bound_changes_nothing),
        cmocka_unit_test(the_largest_leg_fits_its_scratch),
    };
    return cmocka_run_group_tests_name("sip/leg", tests, NULL, NULL);
}
