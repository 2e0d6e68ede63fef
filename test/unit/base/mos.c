/* mos.c — the estimate of a conversation's quality against published values, at its bounds, and
 * for what a stranger may claim. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mos.h"

static void assert_near(uint32_t got, uint32_t wanted, uint32_t most)
{
    if (labs((long)got - (long)wanted) > (long)most)
        fail_msg("%u, %u ± %u wanted", got, wanted, most);
}

/* ITU-T G.107 table B.1, which rounds to hundredths. */
static void a_score_is_that_of_the_published_table(void **state)
{
    (void)state;
    static const uint32_t rows[][2] = {{93200, 4410}, {90000, 4340}, {80000, 4030},
                                       {70000, 3600}, {60000, 3100}, {50000, 2580}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        assert_near(mos_of_rating(rows[i][0]), rows[i][1], 10);
    assert_int_equal(mos_of_rating(0), 1000);
    assert_int_equal(mos_of_rating(3000), 1000); /* where the cubic alone would say less */
    assert_int_equal(mos_of_rating(100000), 4500);
    assert_int_equal(mos_of_rating(UINT32_MAX), 4500);
}

static uint32_t lost(uint64_t lost_n, uint64_t wanted_n, enum mos_filling filling)
{
    const struct mos_way none = {.wanted_n = wanted_n},
                         way = {.wanted_n = wanted_n, .lost_n = lost_n};
    return mos_rating(&none, filling) - mos_rating(&way, filling);
}

/* Ie,eff by hand from Bpl 25.1 and 4.3 (G.113 table I.2). The tables that were measured before
 * (G.113 table I.4, with concealment: 2 % → 7, 3 % → 10, 5 % → 15) are met within 1. */
static void losses_cost_what_the_published_robustness_says(void **state)
{
    (void)state;
    assert_near(lost(1, 100, MOS_FILLED), 3640, 2);
    assert_near(lost(2, 100, MOS_FILLED), 7011, 2);
    assert_near(lost(3, 100, MOS_FILLED), 10142, 2);
    assert_near(lost(5, 100, MOS_FILLED), 15781, 2);
    assert_near(lost(1, 100, MOS_GAPS), 17925, 2);
    assert_near(lost(5, 100, MOS_GAPS), 51075, 2);
    assert_near(lost(2, 100, MOS_FILLED), 7000, 1000);
    assert_near(lost(3, 100, MOS_FILLED), 10000, 1000);
    assert_near(lost(5, 100, MOS_FILLED), 15000, 1000);
    assert_int_equal(lost(0, 0, MOS_GAPS), 0);
}

/* Id by hand, from mouth to ear: half of the round trip, 20 ms and 40 ms. 150 ms cost 3.6, and
 * 400 ms 34.1 (G.107 gives 34.9 there without echo). */
static void delay_costs_more_past_177_ms(void **state)
{
    (void)state;
    static const struct {
        uint32_t round_trip_ms, jitter_ms, rating;
    } rows[] = {{0, 0, 91760},  {180, 0, 89600}, {234, 0, 88952}, {236, 0, 88851}, {680, 0, 59103},
                {0, 20, 91760}, {0, 21, 91712},  {0, 60, 89840},  {20000, 0, 0}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        const struct mos_way way = {.round_trip_ms = rows[i].round_trip_ms,
                                    .jitter_ms = rows[i].jitter_ms};
        assert_near(mos_rating(&way, MOS_FILLED), rows[i].rating, 1);
    }
}

static void a_good_line_is_good_and_a_bad_one_is_told(void **state)
{
    (void)state;
    const struct mos_way good = {.wanted_n = 8400,
                                 .lost_n = 3,
                                 .round_trip_ms = 24,
                                 .jitter_ms = 2},
                         bad = {.wanted_n = 1000, .lost_n = 80, .round_trip_ms = 120};
    assert_near(mos_score(&good, MOS_FILLED), 4375, 15);
    assert_true(mos_score(&bad, MOS_FILLED) < MOS_BAD);
    assert_true(mos_score(&bad, MOS_GAPS) < mos_score(&bad, MOS_FILLED));
}

static void what_nobody_can_believe_is_bounded(void **state)
{
    (void)state;
    const struct mos_way all = {UINT64_MAX, UINT64_MAX, UINT32_MAX, UINT32_MAX},
                         more = {.wanted_n = 10, .lost_n = 4000000000},
                         whole = {.wanted_n = 10, .lost_n = 10};
    assert_int_equal(mos_rating(&all, MOS_FILLED), 0);
    assert_int_equal(mos_score(&all, MOS_GAPS), 1000);
    assert_int_equal(mos_rating(&more, MOS_FILLED), mos_rating(&whole, MOS_FILLED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_score_is_that_of_the_published_table),
        cmocka_unit_test(losses_cost_what_the_published_robustness_says),
        cmocka_unit_test(delay_costs_more_past_177_ms),
        cmocka_unit_test(a_good_line_is_good_and_a_bad_one_is_told),
        cmocka_unit_test(what_nobody_can_believe_is_bounded),
    };
    return cmocka_run_group_tests_name("base/mos", tests, NULL, NULL);
}
