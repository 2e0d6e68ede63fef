/* report_parts.h — figures as French text: what the reports of sim/ share. Nobody else includes it.
 * Cost: nothing. Invariant: on a sheet of a simulated journal no value goes without its mark. */
#ifndef SIM_REPORT_PARTS_H
#define SIM_REPORT_PARTS_H

#include "sim/report.h"

#define SIM_TEXT_MAX 64
#define SIM_THIN "\u202f" /* before % and in thousands */
#define SIM_HARD "\u00a0" /* before units and the colon */
#define SIM_MARK "simulé"

struct sim_sheet {
    FILE *file;
    bool is_simulated;
};

/* 1 234 567 · 87,3 % · 1 h 02 min, 4 min 30 s, 9 s. All return to. */
const char *sim_number(char to[SIM_TEXT_MAX], uint64_t n);
const char *sim_percent(char to[SIM_TEXT_MAX], uint32_t ppm);
const char *sim_duration(char to[SIM_TEXT_MAX], ms_t ms);

/* Characters, not bytes. */
int sim_width(const char *s);

/* Label, spaces, value to the right, its mark. The line is not ended. */
void sim_column(const struct sim_sheet *to, const char *label, const char *value);

/* ---- JSON ---- */

/* The figures of a period. */
struct sim_figures {
    struct kpi_counts counts;
    struct kpi_persons persons;
    bool is_simulated;
};

/* {"answered": 1, …}, every class. */
void sim_json_calls(FILE *to, const struct kpi_counts *c);
/* "rates": {…}, "persons": {…}; lead stands before each rate: a space, or a new line. */
void sim_json_rates(FILE *to, const struct sim_figures *f, const char *lead);

#endif
