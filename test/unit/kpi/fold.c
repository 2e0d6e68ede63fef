/* fold.c — the figures of known days, above all the worked Monday of the demonstration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kpi/kpi.h"

#define MINUTE ((ms_t)60 * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* Monday 16 November 2026, 00:00 in Paris (UTC + 1 h). */
#define MONDAY ((ms_t)1794783600000)
#define OFFSET HOUR

struct bench {
    struct kpi *k;
    uint64_t id;
};

static struct bench bench_open(uint32_t intervals_max, uint32_t persons_max)
{
    struct kpi_limits limits = {intervals_max, persons_max};
    size_t n = (kpi_bytes(&limits) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, n);
    return (struct bench){.k = kpi_open(memory, &limits, &(struct kpi_args){MONDAY, OFFSET})};
}

static void say(struct bench *b, struct event ev)
{
    ev.id = ++b->id;
    kpi_fold(b->k, &ev);
}

struct call {
    enum outcome outcome;
    uint64_t person_id;
    ms_t arrived_at, wait_ms, talk_ms;
    enum channel channel;
};

static void call(struct bench *b, struct call c)
{
    struct event ev = {.kind = EV_CALL_OUTCOME, .at = c.arrived_at + c.wait_ms + c.talk_ms};
    ev.call_outcome.outcome = c.outcome;
    ev.call_outcome.person_id = c.person_id;
    ev.call_outcome.arrived_at = c.arrived_at;
    ev.call_outcome.asked_at = c.arrived_at;
    ev.call_outcome.wait_ms = c.wait_ms;
    ev.call_outcome.talk_ms = c.talk_ms;
    ev.call_outcome.channel = c.channel;
    say(b, ev);
}

static void time_passes(struct bench *b, ms_t at)
{
    say(b, (struct event){.kind = EV_DAY_CLOSED, .at = at});
}

static void many(struct bench *b, unsigned n, uint64_t first_person, struct call c)
{
    for (unsigned i = 0; i < n; i++, c.arrived_at += 1000) {
        c.person_id = first_person ? first_person + i : 0;
        call(b, c);
    }
}

/* One decimal of a per cent, as printed. */
static unsigned tenths(struct kpi_rate r)
{
    return kpi_tenths(r.ppm);
}

/* 339 who asked: 268 numbers and 36 calls of withheld ones, one refused without state. */
static void feed_worked_monday(struct bench *b)
{
    ms_t at = MONDAY + 9 * HOUR;
    struct call none = {.arrived_at = at};
    many(b, 21, 0, (struct call){.outcome = OUTCOME_OUT_OF_HOURS, .arrived_at = MONDAY + HOUR});
    none.outcome = OUTCOME_IVR_ABANDONED;
    many(b, 14, 0, none);
    none.outcome = OUTCOME_IVR_RESOLVED;
    many(b, 38, 0, none);
    none.outcome = OUTCOME_TEST;
    many(b, 1440, 0, none);
    /* 42 failures with state: persons 1…25, reached later, and the 17 of 252…268. */
    many(b, 22, 1, (struct call){OUTCOME_ABANDONED, 0, at, 90000, 0, CHANNEL_PHONE});
    many(b, 3, 23, (struct call){OUTCOME_ABANDONED_SHORT, 0, at, 5000, 0, CHANNEL_PHONE});
    many(b, 3, 252, (struct call){OUTCOME_ABANDONED_SHORT, 0, at, 5000, 0, CHANNEL_PHONE});
    many(b, 8, 255, (struct call){OUTCOME_TURNED_AWAY, 0, at, 0, 0, CHANNEL_PHONE});
    many(b, 2, 263, (struct call){OUTCOME_CUT_OFF, 0, at, 60000, 0, CHANNEL_PHONE});
    many(b, 4, 265, (struct call){OUTCOME_CALLBACK_FAILED, 0, at, 0, 0, CHANNEL_PHONE});
    struct event shed = {.kind = EV_SHED, .at = at};
    shed.shed.n = 1;
    shed.shed.quarter_at = at;
    say(b, shed);
    /* 296 answered: 251 persons, 36 withheld calls, 9 second calls. */
    many(b, 236, 1, (struct call){OUTCOME_ANSWERED, 0, at + HOUR, 30000, 300000, CHANNEL_PHONE});
    many(b, 15, 237,
         (struct call){OUTCOME_CALLBACK_HONOURED, 0, at + HOUR, 0, 300000, CHANNEL_PHONE});
    many(b, 36, 0, (struct call){OUTCOME_ANSWERED, 0, at + HOUR, 90000, 300000, CHANNEL_PHONE});
    many(b, 9, 1, (struct call){OUTCOME_ANSWERED, 0, at + 5 * HOUR, 200000, 300000, CHANNEL_PHONE});
}

static struct kpi_counts sum_day(const struct kpi *k, unsigned day)
{
    struct kpi_counts sum = {0};
    for (uint32_t i = day * 96; i < day * 96 + 96 && i < kpi_intervals_n(k); i++)
        kpi_counts_add(&sum, kpi_interval(k, i));
    return sum;
}

static void the_worked_monday_gives_the_printed_rates(void **state)
{
    (void)state;
    struct bench b = bench_open(8 * 96, 1000);
    feed_worked_monday(&b);
    /* 8 of the 17 are answered on Wednesday: not within 24 h, but within 7 days. */
    many(&b, 8, 252,
         (struct call){OUTCOME_ANSWERED, 0, MONDAY + 2 * DAY + 10 * HOUR, 0, 1, CHANNEL_PHONE});
    time_passes(&b, MONDAY + 9 * DAY);
    struct kpi_counts day = sum_day(b.k, 0);
    assert_int_equal(kpi_received(&day), 412);
    assert_int_equal(kpi_in_hours(&day), 391);
    assert_int_equal(kpi_asked(&day), 339);
    assert_int_equal(kpi_answered(&day), 296);
    assert_int_equal(day.calls[OUTCOME_TEST], 1440);
    assert_int_equal(tenths(kpi_rate(&day, KPI_AGENT)), 873);
    assert_int_equal(tenths(kpi_rate(&day, KPI_AGENT_DIRECT)), 829);
    assert_int_equal(tenths(kpi_rate(&day, KPI_AGENT_WITHOUT_SHORT)), 889);
    assert_int_equal(tenths(kpi_rate(&day, KPI_GLOBAL)), 811);
    assert_int_equal(tenths(kpi_rate(&day, KPI_PERSON_24H)), 937);
    struct kpi_persons persons = kpi_persons(b.k);
    assert_int_equal(persons.n, 268);
    assert_int_equal(persons.reached_24h_n, 251);
    assert_int_equal(persons.reached_7d_n, 259);
    assert_int_equal(persons.never_n, 9);
    assert_int_equal(persons.open_n, 0);
    assert_int_equal(persons.followed_n, 268);
    assert_int_equal(tenths(kpi_rate_never(&persons)), 34);
    free(b.k);
}

static void the_worked_monday_has_its_other_figures(void **state)
{
    (void)state;
    struct bench b = bench_open(96, 1000);
    feed_worked_monday(&b);
    const struct kpi_counts *c = kpi_total(b.k);
    struct kpi_rate callbacks = kpi_rate(c, KPI_CALLBACK), turned = kpi_rate(c, KPI_TURNED_AWAY);
    assert_int_equal(callbacks.n, 15);
    assert_int_equal(callbacks.of, 19);
    assert_int_equal(turned.n, 9);
    assert_int_equal(turned.of, 339);
    assert_int_equal(kpi_rate(c, KPI_CUT_OFF).n, 2);
    assert_int_equal(kpi_rate(c, KPI_OUT_OF_HOURS).ppm, 50971); /* 21 ÷ 412 */
    assert_int_equal(kpi_rate(c, KPI_SOON_20).n, 0);
    assert_int_equal(kpi_rate(c, KPI_SOON_60).n, 236);
    assert_int_equal(kpi_rate(c, KPI_SOON_180).n, 272);
    assert_int_equal(c->withheld_n, 36);
    assert_int_equal(c->identified_n, 302); /* 339 − 36 − 1 without state */
    assert_int_equal(c->repeat_24h_n, 34);  /* 25 after a failure, 9 after an answer */
    assert_int_equal(c->talk_n, 296);
    assert_int_equal(c->talk_ms / c->talk_n, 300000);
    struct kpi_waits answered = kpi_waits(b.k, KPI_WAIT_ANSWERED);
    assert_int_equal(answered.n, 281);
    assert_int_equal(answered.p50_s, 30);
    assert_int_equal(answered.p90_s, 90);
    struct kpi_waits abandoned = kpi_waits(b.k, KPI_WAIT_ABANDONED);
    assert_int_equal(abandoned.n, 28);
    assert_int_equal(abandoned.mean_ms, 71786); /* (22 × 90 + 6 × 5) s ÷ 28 = 71,785.7 */
    struct kpi_persons persons = kpi_persons(b.k);
    assert_int_equal(persons.never_n, 0);
    assert_int_equal(persons.open_n, 17);
    assert_int_equal(kpi_rate_never(&persons).ppm, KPI_NO_RATE); /* 7 days have not passed */
    free(b.k);
}

static void a_call_stands_in_the_quarter_of_its_arrival_in_local_time(void **state)
{
    (void)state;
    struct bench b = bench_open(2, 10);
    struct call c = {.outcome = OUTCOME_ANSWERED, .wait_ms = 0, .talk_ms = DAY};
    const ms_t at[] = {MONDAY - 1, MONDAY, MONDAY + 15 * MINUTE - 1, MONDAY + 15 * MINUTE,
                       MONDAY + 30 * MINUTE};
    for (unsigned i = 0; i < ARRAY_LEN(at); i++) {
        c.arrived_at = at[i];
        call(&b, c);
    }
    assert_int_equal(kpi_intervals_n(b.k), 2);
    assert_int_equal(kpi_interval_at(b.k, 0), MONDAY);
    assert_int_equal(kpi_interval(b.k, 0)->calls[OUTCOME_ANSWERED], 2);
    assert_int_equal(kpi_interval(b.k, 1)->calls[OUTCOME_ANSWERED], 1);
    assert_int_equal(kpi_total(b.k)->calls[OUTCOME_ANSWERED], 5);
    free(b.k);
}

static void every_class_is_asking_or_named_elsewhere(void **state)
{
    (void)state;
    for (unsigned o = 1; o < OUTCOME_N; o++) {
        struct kpi_counts c = {0};
        c.calls[o] = 1;
        bool is_test = o == OUTCOME_TEST;
        assert_int_equal(kpi_received(&c), !is_test);
        assert_int_equal(kpi_asked(&c), kpi_is_asking((enum outcome)o));
        assert_int_equal(kpi_in_hours(&c), !is_test && o != OUTCOME_OUT_OF_HOURS);
    }
}

static void nothing_over_nothing_is_no_rate(void **state)
{
    (void)state;
    struct kpi_counts c = {0};
    for (unsigned id = 0; id < KPI_RATE_N; id++) {
        struct kpi_rate r = kpi_rate(&c, (enum kpi_rate_id)id);
        assert_int_equal(r.ppm, KPI_NO_RATE);
        assert_non_null(r.id);
    }
    assert_int_equal(kpi_ppm(1, 3), 333333);
    assert_int_equal(kpi_ppm(2, 3), 666667);
    assert_int_equal(kpi_ppm(1, 2000000), 1); /* a half goes up */
    assert_int_equal(kpi_ppm(7, 7), 1000000);
}

static void tenths_are_rounded_half_up_up_to_the_whole(void **state)
{
    (void)state;
    assert_int_equal(kpi_tenths(0), 0);
    assert_int_equal(kpi_tenths(499), 0);
    assert_int_equal(kpi_tenths(500), 1);
    assert_int_equal(kpi_tenths(873156), 873);
    assert_int_equal(kpi_tenths(999499), 999);
    assert_int_equal(kpi_tenths(1000000), 1000);
}

static void what_the_operator_refused_only_enlarges_the_denominator(void **state)
{
    (void)state;
    struct kpi_counts c = {0};
    assert_int_equal(kpi_rate_with_operator(&c, 0).ppm, KPI_NO_RATE);
    assert_int_equal(kpi_rate_with_operator(&c, 1).ppm, 0);
    c.calls[OUTCOME_ANSWERED] = 1;
    assert_int_equal(kpi_rate_with_operator(&c, 0).ppm, 1000000);
    struct kpi_rate most = kpi_rate_with_operator(&c, KPI_REFUSED_MAX);
    assert_int_equal(most.of, (uint64_t)KPI_REFUSED_MAX + 1);
}

static void a_day_holds_its_own_quarters_and_no_others(void **state)
{
    (void)state;
    struct bench b = bench_open(2 * 96, 10);
    const ms_t at[] = {MONDAY - 1, MONDAY, MONDAY + DAY - 1, MONDAY + DAY};
    for (unsigned i = 0; i < ARRAY_LEN(at); i++)
        call(&b,
             (struct call){.outcome = OUTCOME_ABANDONED, .person_id = i + 1, .arrived_at = at[i]});
    struct kpi_counts before = kpi_day(b.k, MONDAY - 1), day = kpi_day(b.k, MONDAY);
    assert_int_equal(kpi_received(&before), 0); /* before the first quarter: in the total only */
    assert_int_equal(kpi_received(&day), 2);
    time_passes(&b, MONDAY + DAY + 7 * DAY - 1);
    struct kpi_persons p = kpi_day_persons(b.k, MONDAY + HOUR);
    assert_int_equal(p.open_n, 2);
    assert_int_equal(kpi_rate_never(&p).ppm, KPI_NO_RATE);
    time_passes(&b, MONDAY + DAY + 7 * DAY);
    p = kpi_day_persons(b.k, MONDAY + HOUR);
    assert_int_equal(p.never_n, 2);
    assert_int_equal(p.open_n, 0);
    free(b.k);
}

static void waits_past_the_last_bucket_are_said_to_be(void **state)
{
    (void)state;
    struct bench b = bench_open(96, 10);
    struct call c = {.outcome = OUTCOME_ANSWERED, .arrived_at = MONDAY};
    c.wait_ms = (KPI_WAIT_SECONDS_MAX - 1) * (ms_t)1000 + 999;
    call(&b, c);
    struct kpi_waits w = kpi_waits(b.k, KPI_WAIT_ANSWERED);
    assert_int_equal(w.p90_s, KPI_WAIT_SECONDS_MAX - 1);
    assert_false(w.p90_is_over);
    c.wait_ms = 100 * DAY;
    call(&b, c);
    w = kpi_waits(b.k, KPI_WAIT_ANSWERED);
    assert_false(w.p50_is_over);
    assert_true(w.p90_is_over);
    free(b.k);
}

static void percentiles_equal_those_of_the_sorted_list(void **state)
{
    (void)state;
    struct bench b = bench_open(96, 10);
    for (unsigned n = 1; n <= 60; n++) {
        call(&b, (struct call){.outcome = OUTCOME_ABANDONED,
                               .arrived_at = MONDAY,
                               .wait_ms = (ms_t)(n * 37 % 61) * 1000});
        unsigned seen[61] = {0}, sorted[60], k = 0;
        for (unsigned i = 1; i <= n; i++)
            seen[i * 37 % 61]++;
        for (unsigned s = 0; s < 61; s++)
            for (unsigned i = 0; i < seen[s]; i++)
                sorted[k++] = s;
        struct kpi_waits w = kpi_waits(b.k, KPI_WAIT_ABANDONED);
        assert_int_equal(w.p50_s, sorted[(n * 5 + 9) / 10 - 1]);
        assert_int_equal(w.p90_s, sorted[(n * 9 + 9) / 10 - 1]);
    }
    free(b.k);
}

static void a_gap_counts_its_calls_in_their_classes(void **state)
{
    (void)state;
    struct bench b = bench_open(96, 10);
    struct event ev = {.kind = EV_GAP, .at = MONDAY + HOUR};
    ev.gap.n = 5;
    ev.gap.from_at = MONDAY;
    ev.gap.outcomes_n = OUTCOME_N;
    ev.gap.outcomes[OUTCOME_ANSWERED] = 3;
    ev.gap.outcomes[OUTCOME_ABANDONED] = 2;
    say(&b, ev);
    assert_int_equal(kpi_total(b.k)->gap_n, 5);
    assert_int_equal(kpi_rate(kpi_total(b.k), KPI_AGENT).ppm, 600000);
    assert_int_equal(kpi_interval(b.k, 0)->gap_n, 5);
    free(b.k);
}

static void a_band_is_kept_when_it_held_the_true_wait(void **state)
{
    (void)state;
    static const struct {
        enum band band;
        ms_t left_ms;
        bool is_kept;
    } cases[] = {
        {BAND_B0_2, 0, true},        {BAND_B0_2, 120000, true},  {BAND_B0_2, 120001, false},
        {BAND_B5_10, 299999, false}, {BAND_B5_10, 300000, true}, {BAND_B60, 3599999, false},
        {BAND_B60, 10 * HOUR, true},
    };
    struct bench b = bench_open(96, 10);
    unsigned kept = 0;
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct event ev = {.kind = EV_OFFER_JOINED, .at = MONDAY + DAY};
        ev.offer_joined.band = cases[i].band;
        ev.offer_joined.told_at = MONDAY + DAY - cases[i].left_ms;
        struct kpi_band before = kpi_band(b.k, cases[i].band);
        say(&b, ev);
        struct kpi_band after = kpi_band(b.k, cases[i].band);
        assert_int_equal(after.spoken_n, before.spoken_n + 1);
        assert_int_equal(after.kept_n, before.kept_n + cases[i].is_kept);
        bool is_sooner = !cases[i].is_kept && cases[i].band != BAND_B0_2;
        assert_int_equal(after.sooner_n, before.sooner_n + is_sooner);
        kept += cases[i].is_kept;
    }
    struct event silent = {.kind = EV_OFFER_JOINED, .at = MONDAY};
    silent.offer_joined.band = BAND_SILENT;
    say(&b, silent);
    assert_int_equal(kpi_band(b.k, BAND_SILENT).spoken_n, 0);
    assert_int_equal(kept, 4);
    free(b.k);
}

static void a_simulated_journal_marks_its_fold_for_ever(void **state)
{
    (void)state;
    struct bench b = bench_open(96, 10);
    assert_false(kpi_is_simulated(b.k));
    say(&b, (struct event){.kind = EV_SIMULATED, .at = MONDAY});
    call(&b, (struct call){.outcome = OUTCOME_ANSWERED, .arrived_at = MONDAY});
    assert_true(kpi_is_simulated(b.k));
    free(b.k);
}

static void what_is_written_is_answered_and_no_conversation(void **state)
{
    (void)state;
    static const enum channel written[] = {CHANNEL_SMS, CHANNEL_WEB};
    struct bench b = bench_open(96, 10);
    struct call one = {OUTCOME_ANSWERED, 0, MONDAY, 1000, 60000, CHANNEL_PHONE};
    call(&b, one);
    for (unsigned i = 0; i < ARRAY_LEN(written); i++) {
        one.channel = written[i];
        call(&b, one);
    }
    assert_int_equal(kpi_total(b.k)->calls[OUTCOME_ANSWERED], 3);
    assert_int_equal(kpi_total(b.k)->talk_n, 1);
    free(b.k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_monday_gives_the_printed_rates),
        cmocka_unit_test(the_worked_monday_has_its_other_figures),
        cmocka_unit_test(a_call_stands_in_the_quarter_of_its_arrival_in_local_time),
        cmocka_unit_test(every_class_is_asking_or_named_elsewhere),
        cmocka_unit_test(nothing_over_nothing_is_no_rate),
        cmocka_unit_test(tenths_are_rounded_half_up_up_to_the_whole),
        cmocka_unit_test(what_the_operator_refused_only_enlarges_the_denominator),
        cmocka_unit_test(a_day_holds_its_own_quarters_and_no_others),
        cmocka_unit_test(waits_past_the_last_bucket_are_said_to_be),
        cmocka_unit_test(percentiles_equal_those_of_the_sorted_list),
        cmocka_unit_test(a_gap_counts_its_calls_in_their_classes),
        cmocka_unit_test(a_band_is_kept_when_it_held_the_true_wait),
        cmocka_unit_test(what_is_written_is_answered_and_no_conversation),
        cmocka_unit_test(a_simulated_journal_marks_its_fold_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
