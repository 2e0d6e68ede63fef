/* readmodel.c — the reader's fold beside whole simulated services: its state is the core's, its
 * figures are those of the run, its day is the sum of its queues, whatever the seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/readmodel.h"
#include "test/crash/small.h"

struct twin {
    struct readmodel *model;
    struct acd *acd; /* a third fold, asked after each event */
    uint64_t compared_n;
    unsigned since_n;
    uint64_t seed;
};

static const struct acd_limits limits = {ACD_CONTACTS_DEFAULT, 64, 16, 1024};

static unsigned runs(void)
{
    const char *how = getenv("DECROCHE_TEST");
    return how && !strcmp(how, "long") ? 500 : how && !strcmp(how, "quick") ? 5 : 40;
}

static void *memory_of(size_t n)
{
    size_t size = (n + 63) / 64 * 64;
    void *p = aligned_alloc(64, size);
    assert_non_null(p);
    return memset(p, 0, size);
}

/* Main tells its hash after each seventh event: the model must agree. */
static bool take(const struct event *ev, void *arg)
{
    struct twin *t = arg;
    acd_apply(t->acd, ev);
    readmodel_take(ev, t->model);
    if (ev->id % 7)
        return true;
    const struct vitals vitals = {
        .hash_id = ev->id, .hash = acd_hash(t->acd), .registrations_n = 1, .committed_id = ev->id};
    const struct readmodel_signs signs = {.now_at = ev->at, .vitals = &vitals};
    readmodel_watch(t->model, &signs);
    struct view_house house = readmodel_house(t->model, ev->at);
    if (house.alarms->since_at[VIEW_ALARM_TWIN])
        fail_msg("seed %llu: another state after event %llu", (unsigned long long)t->seed,
                 (unsigned long long)ev->id);
    t->compared_n++;
    return true;
}

static uint64_t sum_of(const struct kpi_counts *c)
{
    uint64_t n = 0;
    for (unsigned o = 1; o < OUTCOME_N; o++)
        n += c->calls[o];
    return n;
}

/* All calls of these runs arrive on one day. */
static void check_figures(struct twin *t, const struct sim *sim, ms_t now_at)
{
    struct view_house house = readmodel_house(t->model, now_at);
    const struct kpi_counts *all = kpi_total(sim_kpi(sim));
    struct kpi_counts queues;
    memset(&queues, 0, sizeof(queues));
    for (uint32_t i = 0; i < acd_look_queues_n(house.acd); i++)
        kpi_counts_add(&queues, &house.queue_day[i]);
    assert_int_equal(sum_of(house.day), sum_of(all));
    for (unsigned o = 1; o < OUTCOME_N; o++) {
        assert_int_equal(house.day->calls[o], all->calls[o]);
        assert_int_equal(kpi_total(house.kpi)->calls[o], all->calls[o]);
    }
    assert_int_equal(queues.calls[OUTCOME_ANSWERED], house.day->calls[OUTCOME_ANSWERED]);
    assert_true(sum_of(&queues) <= sum_of(house.day)); /* some hung up in the menu */
}

/* What is remembered of each agent is its state, since no later than now. */
static void check_agents(struct twin *t, ms_t now_at)
{
    struct view_house house = readmodel_house(t->model, now_at);
    for (uint32_t i = 0; i < acd_look_agents_n(house.acd); i++) {
        struct acd_look_agent a;
        if (!acd_look_agent(house.acd, i, &a))
            continue;
        assert_int_equal(house.agents[i].id, a.id);
        assert_int_equal(house.agents[i].state, a.state);
        assert_true(house.agents[i].since_at > 0 && house.agents[i].since_at <= now_at);
        t->since_n++;
    }
}

static void the_readers_fold_is_the_cores_whatever_the_seed(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(300);
    const struct readmodel_args args = {.acd = limits, .kpi = {KPI_INTERVALS_MAX, 4096}};
    struct twin t = {.acd = acd_open(memory_of(acd_bytes(&limits)), &limits)};
    void *memory = memory_of(readmodel_bytes(&args));
    for (t.seed = 1; t.seed <= runs(); t.seed++) {
        struct sim_args sim_args = small_args(&p, t.seed, 30 * SMALL_MINUTE);
        struct sim *sim = sim_open(&sim_args);
        assert_non_null(sim);
        assert_true(sim_run(sim));
        acd_clear(t.acd);
        memset(memory, 0, readmodel_bytes(&args));
        t.model = readmodel_open(memory, &args);
        assert_true(sim_events(sim, take, &t));
        readmodel_caught_up(t.model);
        struct sim_totals totals = sim_totals(sim);
        assert_int_equal(acd_hash(readmodel_house(t.model, 0).acd), totals.state_hash);
        check_figures(&t, sim, totals.ended_at);
        check_agents(&t, totals.ended_at);
        sim_drop(sim);
    }
    assert_true(t.compared_n > 100 && t.since_n > 2);
    free(memory);
    free(t.acd);
}

static void a_state_that_differs_is_noticed_once_and_kept(void **state)
{
    (void)state;
    const struct readmodel_args args = {.acd = {64, 8, 4, 64}, .kpi = {96, 64}};
    struct readmodel *m = readmodel_open(memory_of(readmodel_bytes(&args)), &args);
    const struct event ev = {.id = 1, .at = SMALL_MIDNIGHT, .kind = EV_PRIORITY_SET};
    struct vitals vitals = {.hash_id = 2, .hash = 42};
    struct readmodel_signs signs = {.now_at = SMALL_MIDNIGHT, .vitals = &vitals};
    readmodel_take(&ev, m);
    assert_int_equal(readmodel_watch(m, &signs).came & (1u << VIEW_ALARM_TWIN), 0); /* not here */
    vitals.hash_id = 1;
    assert_int_not_equal(readmodel_watch(m, &signs).came & (1u << VIEW_ALARM_TWIN), 0);
    vitals.hash = acd_hash(readmodel_house(m, 0).acd);
    assert_int_equal(readmodel_watch(m, &signs).went & (1u << VIEW_ALARM_TWIN), 0);
    free(m);
}

static void a_new_day_begins_without_counts_and_an_old_call_is_not_of_it(void **state)
{
    (void)state;
    const struct readmodel_args args = {.acd = {64, 8, 4, 64}, .kpi = {96 * 4, 64}};
    struct readmodel *m = readmodel_open(memory_of(readmodel_bytes(&args)), &args);
    const ms_t day_ms = 24 * SMALL_HOUR, begin_at = SMALL_MIDNIGHT + SMALL_HOUR; /* UTC midnight */
    uint64_t id = 0;
    const struct {
        ms_t at, arrived_at;
        uint32_t today_n; /* after it */
    } rows[] = {{1000, 500, 1},
                {2000, 1000, 2},
                {day_ms + 5000, day_ms + 1000, 1},
                {day_ms + 6000, 1500, 1}, /* a callback of yesterday, honoured now */
                {day_ms + 7000, day_ms + 6500, 2}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        const struct event ev = {.id = ++id,
                                 .at = begin_at + rows[i].at,
                                 .kind = EV_SHED,
                                 .shed = {.n = 1, .quarter_at = begin_at + rows[i].arrived_at}};
        readmodel_take(&ev, m);
        struct view_house house = readmodel_house(m, begin_at + rows[i].at);
        assert_int_equal(house.day->calls[OUTCOME_TURNED_AWAY], rows[i].today_n);
    }
    struct view_house tomorrow = readmodel_house(m, begin_at + 2 * day_ms);
    assert_int_equal(sum_of(tomorrow.day), 0);
    assert_null(tomorrow.queue_day);
    free(m);
}

/* The disk is ahead of the figures for more than a moment. */
static void figures_that_stay_behind_are_told(void **state)
{
    (void)state;
    const struct readmodel_args args = {.acd = {64, 8, 4, 64}, .kpi = {96, 64}};
    struct readmodel *m = readmodel_open(memory_of(readmodel_bytes(&args)), &args);
    const uint32_t bit = 1u << VIEW_ALARM_READER_BEHIND;
    struct vitals vitals = {.committed_id = 2};
    struct readmodel_signs signs = {.now_at = SMALL_MIDNIGHT, .vitals = &vitals};
    const struct event ev[] = {{.id = 1, .at = SMALL_MIDNIGHT, .kind = EV_PRIORITY_SET},
                               {.id = 2, .at = SMALL_MIDNIGHT, .kind = EV_PRIORITY_SET}};
    readmodel_take(&ev[0], m);
    readmodel_caught_up(m);
    ms_t told_ms = 0;
    for (ms_t ms = 0; ms <= 3000 && !told_ms; ms += 10) {
        signs.now_at = SMALL_MIDNIGHT + ms;
        if (readmodel_watch(m, &signs).came & bit)
            told_ms = ms;
    }
    assert_true(told_ms >= READMODEL_BEHIND_MS && told_ms <= 2 * READMODEL_BEHIND_MS + 10);
    readmodel_take(&ev[1], m);
    assert_int_equal(readmodel_watch(m, &signs).went, bit);
    free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_readers_fold_is_the_cores_whatever_the_seed),
        cmocka_unit_test(a_state_that_differs_is_noticed_once_and_kept),
        cmocka_unit_test(figures_that_stay_behind_are_told),
        cmocka_unit_test(a_new_day_begins_without_counts_and_an_old_call_is_not_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
