/* report.h — the figures of a run, in plain French or in JSON. Called by cli/sim.c.
 * Every percentage stands beside its counts and the id of its definition; what a rate leaves out is
 * named with its number. Integers only: the same run prints the same bytes everywhere. */
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include <stdio.h>

#include "sim/run.h"

struct sim_report {
    const struct kpi *kpi;
    const struct plan_profile *profile;
    struct sim_totals totals;
    uint64_t seed;
    ms_t midnight_at, from_at, until_at; /* of the calls */
};

void sim_report_text(FILE *to, const struct sim_report *report);
void sim_report_json(FILE *to, const struct sim_report *report);

#endif
