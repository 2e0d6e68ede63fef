/* sweep.c — the process dies at each write, each sync and each effect of a few minutes of life:
 * nothing that was committed is lost, the three states agree, each call has exactly one class, no
 * promise leaves early. Quick: one op in many; otherwise all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/crash/pace.h"
#include "test/crash/small.h"

#define QUICK_POINTS 150

static struct sim_totals run(const struct sim_args *args)
{
    struct sim *sim = sim_open(args);
    assert_non_null(sim);
    sim_run(sim);
    struct sim_totals t = sim_totals(sim);
    sim_drop(sim);
    return t;
}

static void must_hold(const struct sim_args *args, const struct sim_totals *t)
{
    if (t->broken)
        fail_msg("seed %llu, crash at op %llu then every %llu: %s", (unsigned long long)args->seed,
                 (unsigned long long)args->crash_at, (unsigned long long)args->crash_every,
                 t->broken);
}

static void a_death_at_any_op_loses_nothing(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(900);
    struct sim_args args = small_args(&p, 1, 6 * SMALL_MINUTE);
    struct sim_totals whole = run(&args);
    must_hold(&args, &whole);
    assert_true(whole.ops_n > 300 && whole.snapshots_n > 2);
    uint64_t step = is_quick() ? whole.ops_n / QUICK_POINTS + 1 : 1, from_snapshot_n = 0;
    for (uint64_t n = 1; n <= whole.ops_n; n += step) {
        args.crash_at = n;
        struct sim_totals t = run(&args);
        must_hold(&args, &t);
        assert_true(t.crashes_n == 1 && t.twins_n == 1);
        from_snapshot_n += t.from_snapshot_n;
    }
    assert_true(from_snapshot_n > 10);
}

static void a_death_during_a_restart_loses_nothing_either(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(900);
    struct sim_args args = small_args(&p, 2, 4 * SMALL_MINUTE);
    uint64_t last = is_quick() ? 12 : 60;
    for (uint64_t n = 1; n <= last; n++) {
        args.crash_at = 200;
        args.crash_every = 24 + n; /* the first ones fall while the settings are read again */
        struct sim_totals t = run(&args);
        must_hold(&args, &t);
        assert_true(t.crashes_n > 5);
    }
}

static void a_disk_that_lies_is_noticed(void **state)
{
    (void)state;
    struct plan_profile p = small_profile(900);
    struct sim_args args = small_args(&p, 3, 2 * SMALL_MINUTE);
    args.disk_lies = true;
    args.crash_at = 300;
    struct sim_totals t = run(&args);
    assert_non_null(t.broken);
    assert_string_equal(t.broken, "un événement enregistré a été perdu");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_death_at_any_op_loses_nothing),
        cmocka_unit_test(a_death_during_a_restart_loses_nothing_either),
        cmocka_unit_test(a_disk_that_lies_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
