/* cast.c — whatever the seed, each promise of the cast is kept: the hour of the demonstration with
 * fifty chances, judged by the events that the journal holds. A failure prints seed and promise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/profile.h"
#include "sim/cast_judge.h"
#include "sim/run.h"

#define HOUR ((ms_t)3600 * 1000)
#define MIDNIGHT ((ms_t)1795388400000) /* Monday 23 November 2026 in Paris */
#define SEEDS_QUICK 10
#define SEEDS_FULL 50
#define SEEDS_LONG 1000

static struct plan_profile profile;
static struct config_errors errors;

static unsigned seeds_n(void)
{
    const char *how = getenv("DECROCHE_TEST");
    if (how && !strcmp(how, "long"))
        return SEEDS_LONG;
    return how && !strcmp(how, "quick") ? SEEDS_QUICK : SEEDS_FULL;
}

static bool judge_one(const struct event *ev, void *arg)
{
    cast_judge_event(arg, ev);
    return true;
}

static struct sim *live(uint64_t seed)
{
    const struct sim_args args = {.profile = &profile,
                                  .seed = seed,
                                  .midnight_at = MIDNIGHT,
                                  .offset_ms = HOUR,
                                  .from_at = MIDNIGHT + 9 * HOUR,
                                  .until_at = MIDNIGHT + 10 * HOUR,
                                  .has_cast = true};
    struct sim *sim = sim_open(&args);
    assert_non_null(sim);
    if (!sim_run(sim))
        fail_msg("seed %llu: %s", (unsigned long long)seed, sim_totals(sim).broken);
    return sim;
}

static void each_promise_of_the_cast_is_kept(void **state)
{
    (void)state;
    static struct cast_judge judge;
    const char *why;
    for (uint64_t seed = 1; seed <= seeds_n(); seed++) {
        struct sim *sim = live(seed);
        memset(&judge, 0, sizeof(judge));
        assert_true(sim_events(sim, judge_one, &judge));
        for (unsigned who = CAST_NOBODY + 1; who < CAST_N; who++) {
            enum cast_verdict want = who == CAST_KARIM ? CAST_LATER : CAST_KEPT;
            if (cast_judge_of(&judge, (enum cast_who)who, sim_cast(sim), &why) != want)
                fail_msg("seed %llu: person %u: %s", (unsigned long long)seed, who, why);
        }
        sim_drop(sim);
    }
}

/* ---- the judge can say no ------------------------------------------------------------------- */

static enum cast_who who_of(const struct cast_judge *j, uint64_t contact_id)
{
    for (unsigned i = 0; i < j->wishes_n; i++)
        if (j->wishes[i].contact_id == contact_id)
            return j->wishes[i].who;
    return CAST_NOBODY;
}

static void regains_nothing(struct event *ev, const struct cast_judge *j)
{
    (void)j;
    if (ev->kind == EV_PLACE_REGAINED)
        ev->kind = EV_NODE_SWEPT;
}

static void stands_at_the_tail(struct event *ev, const struct cast_judge *j)
{
    if (ev->kind == EV_CONTACT_QUEUED && who_of(j, ev->contact_queued.contact_id) == CAST_SELAM)
        ev->contact_queued.key_at = ev->at;
}

static void is_merged(struct event *ev, const struct cast_judge *j)
{
    for (unsigned i = 0; i < j->wishes_n; i++)
        if (ev->kind == EV_CALL_ARRIVED && j->wishes[i].who == CAST_CCAS &&
            cast_of_leg(ev->call_arrived.leg_node, ev->call_arrived.leg_id) == CAST_CCAS)
            ev->call_arrived.contact_id = j->wishes[i].contact_id;
}

static void meets_no_machine(struct event *ev, const struct cast_judge *j)
{
    (void)j;
    if (ev->kind == EV_CALLBACK_TRIED)
        ev->callback_tried.result = CALLBACK_RESULT_NOBODY;
}

static void is_called_too_early(struct event *ev, const struct cast_judge *j)
{
    (void)j;
    if (ev->kind == EV_CALLBACK_TRIED)
        ev->callback_tried.not_before_at += HOUR;
}

static void anybody_answers(struct event *ev, const struct cast_judge *j)
{
    if (ev->kind == EV_OFFER_MADE && who_of(j, ev->offer_made.contact_id) == CAST_MARIA)
        ev->offer_made.agent_id = 1;
}

static void needs_are_lifted(struct event *ev, const struct cast_judge *j)
{
    if (ev->kind == EV_CONTACT_TOLD && who_of(j, ev->contact_told.contact_id) == CAST_MARIA) {
        uint64_t contact_id = ev->contact_told.contact_id;
        ev->kind = EV_NEEDS_LIFTED;
        ev->needs_lifted.contact_id = contact_id;
    }
}

static void short_ones_are_left_out(struct event *ev, const struct cast_judge *j)
{
    (void)j;
    if (ev->kind == EV_CALL_OUTCOME && ev->call_outcome.outcome == OUTCOME_ABANDONED_SHORT)
        ev->kind = EV_NODE_SWEPT;
}

static void is_known_by_the_number(struct event *ev, const struct cast_judge *j)
{
    (void)j;
    if (ev->kind == EV_CONTACT_OPENED && !ev->contact_opened.person_id)
        ev->contact_opened.person_id = 7;
}

static void one_is_not_counted(struct event *ev, const struct cast_judge *j)
{
    (void)j;
    if (ev->kind == EV_SHED)
        ev->shed.n--;
}

static void nothing_says_that_it_is_simulated(struct event *ev, const struct cast_judge *j)
{
    (void)j;
    if (ev->kind == EV_SIMULATED)
        ev->kind = EV_NODE_SWEPT;
}

/* A journal in which one thing is otherwise, and whose promise is then not kept. */
static const struct lie {
    void (*tell)(struct event *ev, const struct cast_judge *j);
    enum cast_who who;
} lies[] = {
    {regains_nothing, CAST_SELAM},
    {stands_at_the_tail, CAST_SELAM},
    {is_merged, CAST_CCAS},
    {meets_no_machine, CAST_ODETTE},
    {is_called_too_early, CAST_ODETTE},
    {anybody_answers, CAST_MARIA},
    {needs_are_lifted, CAST_MARIA},
    {short_ones_are_left_out, CAST_LUCIE},
    {is_known_by_the_number, CAST_JEAN},
    {one_is_not_counted, CAST_ROUTER},
    {nothing_says_that_it_is_simulated, CAST_ODETTE},
};

struct lying {
    struct cast_judge *judge;
    const struct lie *lie;
};

static bool lie_one(const struct event *ev, void *arg)
{
    struct lying *l = arg;
    struct event other = *ev;
    l->lie->tell(&other, l->judge);
    cast_judge_event(l->judge, &other);
    return true;
}

static void a_journal_that_is_otherwise_keeps_no_promise(void **state)
{
    (void)state;
    static struct cast_judge judge;
    const char *why;
    struct sim *sim = live(3);
    for (unsigned i = 0; i < ARRAY_LEN(lies); i++) {
        memset(&judge, 0, sizeof(judge));
        struct lying lying = {&judge, &lies[i]};
        assert_true(sim_events(sim, lie_one, &lying));
        if (cast_judge_of(&judge, lies[i].who, sim_cast(sim), &why) != CAST_BROKEN)
            fail_msg("lie %u is believed: %s", i, why);
    }
    sim_drop(sim);
}

static void the_same_seed_gives_the_same_hour(void **state)
{
    (void)state;
    uint64_t hash[3];
    for (unsigned i = 0; i < 3; i++) {
        struct sim *sim = live(7 + i / 2);
        hash[i] = sim_totals(sim).bytes_hash;
        sim_drop(sim);
    }
    assert_int_equal(hash[0], hash[1]);
    assert_int_not_equal(hash[0], hash[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_promise_of_the_cast_is_kept),
        cmocka_unit_test(a_journal_that_is_otherwise_keeps_no_promise),
        cmocka_unit_test(the_same_seed_gives_the_same_hour),
    };
    if (config_profile_read(&profile, cast_profile, strlen(cast_profile), &errors))
        return 1;
    cast_house(&profile);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
