/* report.h — the figures of a run, in plain French or in JSON. Called by cli/sim.c and
 * cli/results.c. Every percentage stands beside its counts and the id of its definition; what a
 * rate leaves out is named with its number. Integers only: the same run prints the same bytes
 * everywhere. */
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

/* The figures of a fold alone, of whatever journal; marked when it is simulated. */
void sim_report_figures(FILE *to, const struct kpi *kpi);

/* Each local day with a call, one a line; JSON: one object a line, the last of all days. Returns
 * how many days there were. */
unsigned sim_report_days_text(FILE *to, const struct kpi *kpi, ms_t offset_ms);
void sim_report_days_json(FILE *to, const struct kpi *kpi, ms_t offset_ms);

#endif
