/* day.c — a national day by the real core: 250,000 calls or so, with app, journal encoding, world
 * and figures. Argument: the profile. Prints "name value unit"; the target is 2 s of CPU. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"
#include "config/profile.h"
#include "sim/run.h"

#define HOUR ((ms_t)3600 * 1000)
#define MIDNIGHT ((ms_t)1794783600000)
#define RUNS 5

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
    double spent[RUNS];
    struct sim_totals t = {0};
    for (unsigned i = 0; i < RUNS; i++) {
        double from = measure_cpu_s();
        struct sim *sim = sim_open(&args);
        if (!sim || !sim_run(sim))
            return 1;
        t = sim_totals(sim);
        sim_drop(sim);
        spent[i] = measure_cpu_s() - from;
    }
    double cpu_s = measure_median(spent, RUNS);
    printf("day_calls %llu calls\n", (unsigned long long)t.world.calls_n);
    printf("day_events %llu events\n", (unsigned long long)t.events_n);
    printf("day_cpu %.3f s\n", cpu_s);
    printf("day_per_call %.2f us\n", cpu_s * 1e6 / (double)t.world.calls_n);
    free(p);
    printf("day_commands %.0f commands/s\n", (double)t.commands_n / cpu_s);
    return 0;
}
