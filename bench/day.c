/* day.c — a national day by the real core: 250,000 calls or so, with app, journal encoding, world
 * and figures. Argument: the profile. Prints "name value unit"; the target is 2 s of CPU. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "config/profile.h"
#include "sim/run.h"

#define HOUR ((ms_t)3600 * 1000)
#define MIDNIGHT ((ms_t)1794783600000)
#define RUNS 3

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct plan_profile *p = malloc(sizeof(*p));
    struct config_errors errors = {.file = argc > 1 ? argv[1] : "?"};
    if (argc != 2 || !p || config_profile_load(p, argv[1], &errors)) {
        fputs("usage: bench-day PROFILE\n", stderr);
        return 2;
    }
    struct sim_args args = {.profile = p,
                            .seed = 1,
                            .midnight_at = MIDNIGHT,
                            .offset_ms = HOUR,
                            .from_at = MIDNIGHT,
                            .until_at = MIDNIGHT + 24 * HOUR,
                            .forgets = true};
    double best = 1e9;
    struct sim_totals t = {0};
    for (unsigned i = 0; i < RUNS; i++) {
        double from = cpu_s();
        struct sim *sim = sim_open(&args);
        if (!sim || !sim_run(sim))
            return 1;
        t = sim_totals(sim);
        sim_drop(sim);
        double s = cpu_s() - from;
        best = s < best ? s : best;
    }
    printf("day_calls %llu calls\n", (unsigned long long)t.world.calls_n);
    printf("day_events %llu events\n", (unsigned long long)t.events_n);
    printf("day_cpu %.3f s\n", best);
    printf("day_per_call %.2f us\n", best * 1e6 / (double)t.world.calls_n);
    free(p);
    printf("day_commands %.0f commands/s\n", (double)t.commands_n / best);
    return 0;
}
