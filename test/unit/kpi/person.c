/* person.c — people followed for 7 days: against a plain recount, at the bounds of time and room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/prng.h"
#include "kpi/kpi.h"

#define HOUR ((ms_t)3600 * 1000)
#define DAY (24 * HOUR)

static struct kpi *open_for(uint32_t persons_max)
{
    struct kpi_limits limits = {0, persons_max};
    void *memory = aligned_alloc(64, (kpi_bytes(&limits) + 63) / 64 * 64);
    return kpi_open(memory, &limits, &(struct kpi_args){0, 0});
}

static void call(struct kpi *k, uint64_t person_id, ms_t at, bool is_answered)
{
    struct event ev = {.kind = EV_CALL_OUTCOME, .id = kpi_last_id(k) + 1, .at = at};
    ev.call_outcome.outcome = is_answered ? OUTCOME_ANSWERED : OUTCOME_ABANDONED;
    ev.call_outcome.person_id = person_id;
    ev.call_outcome.arrived_at = ev.call_outcome.asked_at = at;
    kpi_fold(k, &ev);
}

static void time_passes(struct kpi *k, ms_t at)
{
    kpi_fold(k, &(struct event){.kind = EV_DAY_CLOSED, .id = kpi_last_id(k) + 1, .at = at});
}

static void twenty_four_hours_and_seven_days_are_inclusive(void **state)
{
    (void)state;
    struct kpi *k = open_for(8);
    call(k, 1, 0, false);
    call(k, 2, 0, false);
    call(k, 1, DAY, true);
    call(k, 2, DAY + 1, true);
    call(k, 3, 2 * DAY, false);
    struct kpi_persons p = kpi_persons(k);
    assert_int_equal(p.n, 3);
    assert_int_equal(p.reached_24h_n, 1);
    assert_int_equal(p.reached_7d_n, 2);
    assert_int_equal(p.open_n, 1);
    time_passes(k, 9 * DAY - 1);
    assert_int_equal(kpi_persons(k).never_n, 0);
    time_passes(k, 9 * DAY);
    assert_int_equal(kpi_persons(k).never_n, 1);
    assert_int_equal(kpi_persons(k).open_n, 0);
    free(k);
}

static void a_call_after_seven_days_is_a_new_wish(void **state)
{
    (void)state;
    struct kpi *k = open_for(8);
    call(k, 1, 0, false);
    call(k, 1, 7 * DAY, true);
    struct kpi_persons p = kpi_persons(k);
    assert_int_equal(p.n, 2);
    assert_int_equal(p.never_n, 1);
    assert_int_equal(p.reached_24h_n, 1);
    free(k);
}

static void a_late_class_moves_the_first_call_back(void **state)
{
    (void)state;
    struct kpi *k = open_for(8);
    call(k, 1, 30 * HOUR, true);
    call(k, 1, HOUR, false); /* a promise of the day before, known to have failed now */
    struct kpi_persons p = kpi_persons(k);
    assert_int_equal(p.n, 1);
    assert_int_equal(kpi_total(k)->repeat_7d_n, 1);
    assert_int_equal(kpi_total(k)->repeat_24h_n, 0);
    free(k);
}

static void at_the_bound_people_are_followed_and_past_it_counted_as_lost(void **state)
{
    (void)state;
    struct kpi *k = open_for(100);
    for (uint64_t i = 1; i <= 100; i++)
        call(k, i, (ms_t)i, false);
    assert_int_equal(kpi_persons(k).lost_n, 0);
    call(k, 101, 101, true);
    call(k, 7, 102, true);
    struct kpi_persons p = kpi_persons(k);
    assert_int_equal(p.n, 100);
    assert_int_equal(p.lost_n, 1);
    assert_int_equal(p.reached_24h_n, 1);
    /* 7 days later there is room again: ten times the bound in all. */
    for (uint64_t i = 1; i <= 1000; i++)
        call(k, 1000 + i, 8 * DAY * (ms_t)(1 + i / 100) + (ms_t)i, true);
    assert_int_equal(kpi_persons(k).lost_n, 1);
    assert_int_equal(kpi_persons(k).n, 1100);
    assert_int_equal(kpi_persons(k).never_n, 99);
    free(k);
}

#define PEOPLE 200
#define CALLS 5000

/* The same figures by looking at the whole list each time. */
struct recount {
    ms_t first_at[PEOPLE], last_at[PEOPLE];
    bool has_called[PEOPLE], is_reached[PEOPLE][2];
    struct kpi_persons p;
    unsigned repeat_24h_n, repeat_7d_n;
};

static void recount_call(struct recount *r, unsigned i, ms_t at, bool is_answered)
{
    if (r->has_called[i]) {
        r->repeat_24h_n += at - r->last_at[i] <= DAY;
        r->repeat_7d_n += at - r->last_at[i] <= 7 * DAY;
    }
    if (!r->has_called[i] || at >= r->first_at[i] + 7 * DAY) {
        r->p.n++;
        r->p.never_n += r->has_called[i] && !r->is_reached[i][1];
        r->first_at[i] = at;
        r->is_reached[i][0] = r->is_reached[i][1] = false;
    }
    r->has_called[i] = true;
    r->last_at[i] = at;
    if (!is_answered)
        return;
    bool in_24h = at - r->first_at[i] <= DAY;
    r->p.reached_24h_n += in_24h && !r->is_reached[i][0];
    r->p.reached_7d_n += !r->is_reached[i][1];
    r->is_reached[i][0] |= in_24h;
    r->is_reached[i][1] = true;
}

static void a_month_of_calls_equals_the_plain_recount(void **state)
{
    (void)state;
    struct kpi *k = open_for(2 * PEOPLE);
    struct recount r = {0};
    struct prng chance;
    prng_seed(&chance, 20261116);
    ms_t at = 0;
    for (unsigned i = 0; i < CALLS; i++) {
        at += prng_between(&chance, 1, 2 * 30 * DAY / CALLS);
        unsigned person = (unsigned)prng_below(&chance, PEOPLE);
        person = person * person / PEOPLE; /* some call often, some hardly */
        bool is_answered = prng_chance(&chance, 200000);
        call(k, hash_mix(person + 1), at, is_answered);
        recount_call(&r, person, at, is_answered);
        assert_int_equal(kpi_persons(k).n, r.p.n);
    }
    at += 8 * DAY;
    time_passes(k, at);
    for (unsigned i = 0; i < PEOPLE; i++)
        r.p.never_n += r.has_called[i] && !r.is_reached[i][1];
    struct kpi_persons p = kpi_persons(k);
    assert_int_equal(p.reached_24h_n, r.p.reached_24h_n);
    assert_int_equal(p.reached_7d_n, r.p.reached_7d_n);
    assert_int_equal(p.never_n, r.p.never_n);
    assert_int_equal(p.open_n, 0);
    assert_int_equal(p.followed_n, p.n);
    assert_int_equal(p.lost_n, 0);
    assert_int_equal(kpi_total(k)->repeat_24h_n, r.repeat_24h_n);
    assert_true(kpi_total(k)->repeat_7d_n >= kpi_total(k)->repeat_24h_n);
    free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_four_hours_and_seven_days_are_inclusive),
        cmocka_unit_test(a_call_after_seven_days_is_a_new_wish),
        cmocka_unit_test(a_late_class_moves_the_first_call_back),
        cmocka_unit_test(at_the_bound_people_are_followed_and_past_it_counted_as_lost),
        cmocka_unit_test(a_month_of_calls_equals_the_plain_recount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
