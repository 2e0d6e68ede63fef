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
        cmocka_unit_test(the_same_seed_gives_the_same_hour),
    };
    if (config_profile_read(&profile, cast_profile, strlen(cast_profile), &errors))
        return 1;
    cast_house(&profile);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
