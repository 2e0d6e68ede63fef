/* sim.c — many small services under many faults: whatever the seed, every rule of a run holds.
 * A failure prints its seed and what was done to the run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/crash/small.h"

static unsigned runs(unsigned quick, unsigned full)
{
    const char *how = getenv("DECROCHE_TEST");
    if (how && !strcmp(how, "long"))
        return 10 * full;
    return how && !strcmp(how, "quick") ? quick : full;
}

static struct sim_totals run(const struct sim_args *args, const char *what)
{
    struct sim *sim = sim_open(args);
    assert_non_null(sim);
    sim_run(sim);
    struct sim_totals t = sim_totals(sim);
    if (t.broken)
        fail_msg("%s, seed %llu: %s", what, (unsigned long long)args->seed, t.broken);
    sim_drop(sim);
    return t;
}

static void quiet_runs_hold(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(300);
    for (uint64_t seed = 1; seed <= runs(20, 100); seed++) {
        struct sim_args args = small_args(&p, seed, 30 * SMALL_MINUTE);
        struct sim_totals t = run(&args, "quiet");
        assert_true(t.events_n > 1000);
        assert_int_equal(t.world.unheard_n, 0);
        assert_int_equal(t.app.forced_n, 0);
    }
}

static void reports_late_doubled_and_lost_break_no_rule(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(300);
    for (uint64_t seed = 1; seed <= runs(20, 100); seed++) {
        struct sim_args args = small_args(&p, seed, 30 * SMALL_MINUTE);
        args.faults = (struct sim_faults){
            .lost_ppm = 50000, .late_ppm = 200000, .doubled_ppm = 100000, .late_ms_max = 10000};
        struct sim_totals t = run(&args, "bad line");
        assert_true(t.lost_n > 0 && t.late_n > 0 && t.doubled_n > 0);
    }
}

static void a_slow_disk_breaks_no_rule(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(300);
    for (uint64_t seed = 1; seed <= runs(10, 50); seed++) {
        struct sim_args args = small_args(&p, seed, 30 * SMALL_MINUTE);
        args.stall_ppm = 100000;
        args.stall_ms = 4000;
        struct sim_totals t = run(&args, "slow disk");
        assert_true(t.stalls_n > 10);
    }
}

static void a_disk_that_refuses_for_minutes_breaks_no_rule(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(300);
    for (uint64_t seed = 1; seed <= runs(10, 50); seed++) {
        struct sim_args args = small_args(&p, seed, 30 * SMALL_MINUTE);
        args.down_from_at = args.from_at + 8 * SMALL_MINUTE;
        args.down_to_at = args.from_at + 12 * SMALL_MINUTE;
        args.ring_events = seed % 2 ? 128 : 4096; /* full, or half full, or neither */
        struct sim_totals t = run(&args, "disk down");
        assert_int_equal(t.app.gap_n, 0);
        assert_int_equal(t.app.backlog_n, 0);
    }
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(300);
    struct sim_totals t[3];
    for (unsigned i = 0; i < 3; i++) {
        struct sim_args args = small_args(&p, 1 + i / 2, 20 * SMALL_MINUTE);
        t[i] = run(&args, "twins");
    }
    assert_int_equal(t[0].state_hash, t[1].state_hash);
    assert_int_equal(t[0].bytes_hash, t[1].bytes_hash);
    assert_int_not_equal(t[0].bytes_hash, t[2].bytes_hash);
}

static void how_the_journal_batches_changes_nothing_that_is_decided(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(300);
    struct sim_args args = small_args(&p, 4, 20 * SMALL_MINUTE);
    struct sim_totals kept = run(&args, "kept");
    args.forgets = true;
    struct sim_totals forgotten = run(&args, "forgotten");
    args.forgets = false;
    args.snapshot_events = 7;
    struct sim_totals often = run(&args, "often");
    assert_int_equal(kept.bytes_hash, forgotten.bytes_hash);
    assert_int_equal(kept.bytes_hash, often.bytes_hash);
    assert_int_equal(kept.state_hash, often.state_hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quiet_runs_hold),
        cmocka_unit_test(reports_late_doubled_and_lost_break_no_rule),
        cmocka_unit_test(a_slow_disk_breaks_no_rule),
        cmocka_unit_test(a_disk_that_refuses_for_minutes_breaks_no_rule),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(how_the_journal_batches_changes_nothing_that_is_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
