/* day.c — eight hours of the demonstration with a death every k ops, faults on the line and a slow
 * disk: every rule holds after each of them. Arguments: the folder of the profiles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/profile.h"
#include "test/crash/small.h"

static const char *folder;

static uint64_t last_seed(void)
{
    const char *how = getenv("DECROCHE_TEST");
    if (how && !strcmp(how, "long"))
        return 100;
    return how && !strcmp(how, "quick") ? 2 : 12;
}

static void load(struct plan_profile *p, const char *name)
{
    char path[512];
    struct config_errors errors = {.file = name};
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(config_profile_load(p, path, &errors), 0);
}

static void run_with(const struct plan_profile *p, uint64_t seed, uint64_t every)
{
    struct sim_args args = small_args(p, seed, 0);
    args.from_at = SMALL_MIDNIGHT + 8 * SMALL_HOUR + 15 * SMALL_MINUTE;
    args.until_at = args.from_at + 8 * SMALL_HOUR;
    args.crash_at = args.crash_every = every;
    args.snapshot_events = 500;
    args.stall_ppm = 5000;
    args.stall_ms = 1500;
    args.faults = (struct sim_faults){
        .lost_ppm = 5000, .late_ppm = 20000, .doubled_ppm = 20000, .late_ms_max = 3000};
    struct sim *sim = sim_open(&args);
    assert_non_null(sim);
    sim_run(sim);
    struct sim_totals t = sim_totals(sim);
    if (t.broken)
        fail_msg("seed %llu, crash every %llu: %s", (unsigned long long)seed,
                 (unsigned long long)every, t.broken);
    assert_true(t.crashes_n >= t.ops_n / every / 2);
    assert_int_equal(t.crashes_n, t.twins_n);
    sim_drop(sim);
}

static void eight_hours_with_a_death_every_so_often_break_no_rule(void **state)
{
    (void)state;
    static _Thread_local struct plan_profile p;
    load(&p, "haute-lisiere.yaml");
    run_with(&p, 1, 997);
    run_with(&p, 2, 211);
    for (uint64_t seed = 3; seed <= last_seed(); seed++)
        run_with(&p, seed, 101 + 7 * seed);
}

int main(int argc, char **argv)
{
    assert(argc == 2);
    folder = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_hours_with_a_death_every_so_often_break_no_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
