/* caps.c — every cap holds exactly: at it, at one past it, at ten times; what is refused counts
 * nothing, what is given back leaves nothing, and a day begins anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/gatehouse.h"

static struct gatehouse h;

static int set_up(void **state)
{
    (void)state;
    gatehouse_open(&h);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gatehouse_drop(&h);
    return 0;
}

/* How many of n pass; the others are all refused as told. */
static uint32_t passes(const struct gate_call *call, uint32_t n, enum gate_verdict no)
{
    uint32_t passed_n = 0;
    for (uint32_t i = 0; i < n; i++) {
        enum gate_verdict verdict = gate_ask(h.gate, call);
        if (verdict == GATE_PASSES)
            passed_n++;
        else
            assert_int_equal(verdict, no);
    }
    return passed_n;
}

static void holds_at(struct gate_call call, uint32_t max, enum gate_verdict no)
{
    static const unsigned times[] = {1, 10};
    for (unsigned i = 0; i < ARRAY_LEN(times); i++) {
        gatehouse_begin(&h);
        assert_int_equal(passes(&call, max, no), max);
        assert_int_equal(passes(&call, 1, no), 0);
        assert_int_equal(passes(&call, max * times[i], no), 0);
        gate_give_back(h.gate, &call);
        assert_int_equal(passes(&call, 2, no), 1);
        call.now.day++; /* another day: another count */
        assert_int_equal(passes(&call, max, no), max);
        call.now.day--;
    }
}

static void the_caps_of_a_day_hold_for_each_kind(void **state)
{
    (void)state;
    h.rules.day_max_agent = 6;
    holds_at(gatehouse_call(GATE_AGENT, 33410000010), 6, GATE_REFUSED_AGENT_CAP);
    holds_at(gatehouse_call(GATE_TRANSFER, 33410000010), 6, GATE_REFUSED_AGENT_CAP);
    h.rules.day_max_agent = 100;
    h.rules.day_max = 7;
    holds_at(gatehouse_call(GATE_AGENT, 33410000010), 7, GATE_REFUSED_DAY_CAP);
    h.rules.range_day_max_agents = 5;
    holds_at(gatehouse_call(GATE_AGENT, 33410000010), 5, GATE_REFUSED_RANGE);
    h.rules.sms_number_day = 4;
    holds_at(gatehouse_call(GATE_SMS, 33612345678), 4, GATE_REFUSED_NUMBER);
    h.rules.sms_number_day = 100;
    h.rules.sms_day_max = 8;
    holds_at(gatehouse_call(GATE_SMS, 33612345678), 8, GATE_REFUSED_DAY_CAP);
    h.rules.ordinary_day_max = 3;
    holds_at(gatehouse_call(GATE_ORDINARY, 33612345678), 3, GATE_REFUSED_DAY_CAP);
}

static void the_cap_of_an_operator_is_its_own(void **state)
{
    (void)state;
    struct gate_call call = gatehouse_call(GATE_AGENT, 33410000010);
    h.rules.trunk_day_max = 4;
    call.trunk_id = 1;
    holds_at(call, 4, GATE_REFUSED_TRUNK);
    gatehouse_begin(&h);
    assert_int_equal(passes(&call, 5, GATE_REFUSED_TRUNK), 4);
    call.trunk_id = 2;
    assert_int_equal(passes(&call, 4, GATE_REFUSED_TRUNK), 4);
}

/* Five minutes of two cents are ten: 1 € is ten calls. */
static void a_budget_in_euros_stops_before_it_is_passed(void **state)
{
    (void)state;
    h.rules.agents_day_euros = 1;
    holds_at(gatehouse_call(GATE_AGENT, 33410000010), 10, GATE_REFUSED_EUROS);
    holds_at(gatehouse_call(GATE_AGENT, 33612345678), 4, GATE_REFUSED_EUROS); /* 25 cents each */
    h.rules.agents_day_euros = 0;
    h.rules.all_day_euros = 1;
    holds_at(gatehouse_call(GATE_TRANSFER, 33410000010), 10, GATE_REFUSED_ALL_EUROS);
    h.rules.all_day_euros = 0;
    h.rules.all_day_max = 5;
    holds_at(gatehouse_call(GATE_SMS, 33612345678), 5, GATE_REFUSED_NUMBER); /* nearer than all */
    h.rules.sms_number_day = 50;
    holds_at(gatehouse_call(GATE_SMS, 33612345678), 5, GATE_REFUSED_ALL_CAP);
}

static void a_free_number_costs_nothing_and_is_counted(void **state)
{
    (void)state;
    const struct gate_call call = gatehouse_call(GATE_AGENT, 33800123456);
    assert_int_equal(gate_ask(h.gate, &call), GATE_PASSES);
    assert_int_equal(gatehouse_look(&h).calls_n[GATE_PURSE_AGENTS], 1);
    assert_int_equal(gatehouse_look(&h).costs[GATE_PURSE_ALL], 0);
}

/* Callers wait behind it: it is counted in all, and stopped by nothing but a cap of its own. */
static void an_ordinary_telephone_rings_though_everything_else_is_spent(void **state)
{
    (void)state;
    const struct gate_call ordinary = gatehouse_call(GATE_ORDINARY, 33612345678);
    const struct gate_call agent = gatehouse_call(GATE_AGENT, 33612345678);
    h.rules.all_day_max = 3;
    gatehouse_begin(&h);
    assert_int_equal(passes(&ordinary, 30, GATE_PASSES), 30);
    assert_int_equal(gatehouse_look(&h).calls_n[GATE_PURSE_ALL], 30);
    assert_int_equal(gatehouse_look(&h).costs[GATE_PURSE_ORDINARY], 30 * 2500);
    assert_int_equal(passes(&agent, 1, GATE_REFUSED_ALL_CAP), 0);
}

/* ---- wishes ------------------------------------------------------------------------------- */

static void one_number_has_one_open_wish_and_two_a_day(void **state)
{
    (void)state;
    struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    assert_int_equal(passes(&wish, 1000, GATE_REFUSED_OPEN), 1);
    gate_settle(h.gate, &wish);
    assert_int_equal(passes(&wish, 1000, GATE_REFUSED_OPEN), 1);
    gate_settle(h.gate, &wish);
    assert_int_equal(passes(&wish, 1000, GATE_REFUSED_NUMBER), 0);
    assert_int_equal(gatehouse_look(&h).calls_n[GATE_PURSE_WISHES], 2);
    assert_int_equal(gatehouse_look(&h).calls_n[GATE_PURSE_ALL], 0); /* nothing was dialled */
    wish.now.day++;
    assert_int_equal(passes(&wish, 1000, GATE_REFUSED_OPEN), 1);
    wish.now.day++; /* it is still open */
    assert_int_equal(passes(&wish, 1000, GATE_REFUSED_OPEN), 0);
}

static void a_shared_line_has_more_of_both(void **state)
{
    (void)state;
    struct gate_call wish = gatehouse_call(GATE_WISH, 33410000010);
    wish.is_shared = true;
    assert_int_equal(passes(&wish, 50, GATE_REFUSED_OPEN), 5);
    for (unsigned i = 0; i < 5; i++)
        gate_settle(h.gate, &wish);
    assert_int_equal(passes(&wish, 50, GATE_REFUSED_OPEN), 5);
    gate_settle(h.gate, &wish);
    assert_int_equal(passes(&wish, 50, GATE_REFUSED_NUMBER), 0);
}

static void a_wish_is_dialled_three_times_in_all_its_days(void **state)
{
    (void)state;
    struct gate_call dial = gatehouse_call(GATE_CALLBACK, 33612345678);
    assert_int_equal(passes(&dial, 2, GATE_REFUSED_DIALS), 2);
    dial.now.day++;
    assert_int_equal(passes(&dial, 30, GATE_REFUSED_DIALS), 1);
    dial.wish_id++; /* another wish of the same number */
    assert_int_equal(passes(&dial, 30, GATE_REFUSED_DIALS), 3);
    gate_settle(h.gate, &dial);
    dial.wish_id--;
    assert_int_equal(passes(&dial, 30, GATE_REFUSED_DIALS), 0);
}

static void a_thousand_numbers_of_a_range_get_as_many_as_the_range_may(void **state)
{
    (void)state;
    struct gate_call wish = gatehouse_call(GATE_WISH, 0);
    uint32_t passed_n = 0;
    for (unsigned i = 0; i < 1000; i++) {
        wish.e164 = 33612340000 + i;
        passed_n += passes(&wish, 1, GATE_REFUSED_RANGE);
    }
    assert_int_equal(passed_n, 100);
    wish.e164 = 33612350000; /* the next block */
    assert_int_equal(passes(&wish, 1, GATE_REFUSED_RANGE), 1);
    assert_int_equal(gatehouse_look(&h).hits_n, 900);
    assert_int_equal(gatehouse_look(&h).reached, 1u << GATE_REFUSED_RANGE);
}

static void who_asks_again_is_no_alarm_and_who_does_so_ten_times_is(void **state)
{
    (void)state;
    const struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    passes(&wish, GATE_KNOCKS_MAX, GATE_REFUSED_OPEN); /* one passed */
    assert_int_equal(gatehouse_look(&h).hits_n, 0);
    passes(&wish, 1, GATE_REFUSED_OPEN);
    assert_int_equal(gatehouse_look(&h).hits_n, 1);
    passes(&wish, 10 * GATE_KNOCKS_MAX, GATE_REFUSED_OPEN);
    assert_int_equal(gatehouse_look(&h).hits_n, 1 + 10 * GATE_KNOCKS_MAX);
}

static void what_was_not_sent_is_as_if_it_had_not_been_asked(void **state)
{
    (void)state;
    const struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
        gate_give_back(h.gate, &wish);
    }
    assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
    gate_unnoted(h.gate, &wish);
    assert_int_equal(gatehouse_look(&h).refused_n[GATE_REFUSED_UNNOTED], 1);
    assert_int_equal(gatehouse_look(&h).calls_n[GATE_PURSE_WISHES], 0);
    gate_give_back(h.gate, &wish); /* once too often: nothing goes below zero */
    assert_int_equal(passes(&wish, 10, GATE_REFUSED_OPEN), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_caps_of_a_day_hold_for_each_kind),
        TEST(the_cap_of_an_operator_is_its_own),
        TEST(a_budget_in_euros_stops_before_it_is_passed),
        TEST(a_free_number_costs_nothing_and_is_counted),
        TEST(an_ordinary_telephone_rings_though_everything_else_is_spent),
        TEST(one_number_has_one_open_wish_and_two_a_day),
        TEST(a_shared_line_has_more_of_both),
        TEST(a_wish_is_dialled_three_times_in_all_its_days),
        TEST(a_thousand_numbers_of_a_range_get_as_many_as_the_range_may),
        TEST(who_asks_again_is_no_alarm_and_who_does_so_ten_times_is),
        TEST(what_was_not_sent_is_as_if_it_had_not_been_asked),
    };
    return cmocka_run_group_tests_name("gate/caps", tests, NULL, NULL);
}
