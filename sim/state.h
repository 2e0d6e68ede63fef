/* state.h — what run.c, crash.c and check.c share. Nobody else includes it. */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include "sim/run.h"

#define SIM_MARKS_MAX 8192 /* appends not yet committed, with their hashes */

/* The hash of the live state after an append: its twins must have it too. */
struct sim_mark {
    uint64_t id, hash;
};

struct sim {
    struct sim_args args;
    struct acd_limits limits;
    struct kpi_limits kpi_limits;
    struct sim_disk disk;
    struct sim_journal *journal; /* owned */
    struct sim_phone phone;
    struct plan_world *world;
    struct cast *cast;      /* NULL: none */
    struct acd *acd, *twin; /* the live state; another one for replays */
    struct app *app;
    struct kpi *kpi;
    void *app_memory, *acd_memory, *twin_memory, *kpi_memory, *world_memory,
        *cast_memory; /* owned */
    ms_t now_at;
    uint64_t epoch, next_crash_at;
    struct sim_mark marks[SIM_MARKS_MAX];
    uint32_t marks_first, marks_n;
    ms_t day_closed_at; /* of the last EV_DAY_CLOSED that this life knows */
    bool keeps_marks;
    struct sim_totals totals;
};

/* run.c: the journal over what the disk holds; then core, figures and app over the journal. */
void sim_start_journal(struct sim *sim);
bool sim_start_app(struct sim *sim);
/* crash.c */
void sim_mark(uint64_t last_id, void *arg);
/* After the death of the process: what survived, the twins, the restart. False: a rule broke. */
bool sim_crash(struct sim *sim);
/* Replays the journal from 0 into the twin, and figures into kpi when given. */
bool sim_replay(struct sim *sim, uint64_t *hash, struct kpi *kpi);
/* check.c: the journal after the run. NULL, or the rule that it breaks. */
const char *sim_check(struct sim *sim);
/* Notes the first rule that did not hold. Always false. */
bool sim_broken(struct sim *sim, const char *rule);

#endif
