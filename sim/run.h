/* run.h — a whole simulated run: the app over a false clock, a false telephone with a world behind
 * it, and a journal on a disk that crashes. Called by cli/sim.c, tests and benches.
 * Cost: a national day (250,000 calls) in a few seconds.
 * Invariant: same profile, same arguments: same bytes, on every CPU. */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "app/app.h"
#include "kpi/kpi.h"
#include "plan/world.h"
#include "sim/cast.h"
#include "sim/journal.h"
#include "sim/phone.h"

/* How long after the last call the house may need to be empty. */
#define SIM_DRAIN_MS_MAX ((ms_t)24 * 3600 * 1000)
/* No more deaths so long after the last call: a house that dies before it has read its settings
 * would never become empty. */
#define SIM_CRASHES_AFTER_MS ((ms_t)3600 * 1000)
/* From the fall of the process to its return. */
#define SIM_RESTART_MS ((ms_t)2000)

struct sim_args {
    const struct plan_profile *profile; /* borrowed for the life of the run */
    uint64_t seed;
    ms_t midnight_at; /* local midnight of day 0 */
    ms_t offset_ms;   /* local time − UTC */
    uint8_t weekday;  /* of day 0 */
    ms_t from_at, until_at;
    uint64_t crash_at;    /* the first op at which the process dies; 0: never */
    uint64_t crash_every; /* then again after so many ops; 0: once */
    struct sim_faults faults;
    uint32_t stall_ppm; /* commits that take stall_ms */
    ms_t stall_ms;
    ms_t down_from_at, down_to_at; /* the disk refuses to commit */
    uint32_t ring_events;          /* 0: SIM_RING_EVENTS */
    uint32_t snapshot_events;      /* 0: as in life */
    bool disk_lies;                /* syncs do nothing: the checks must notice */
    bool forgets;                  /* no replay at the end: for benches */
    bool has_cast;                 /* the cast calls too, in the hour from from_at on */
};

#define SIM_RING_EVENTS 16384

struct sim_totals {
    const char *broken; /* the rule that did not hold, in a sentence; NULL: all held */
    uint64_t state_hash, bytes_hash, events_n, event_bytes_n, commands_n, effects_n, ops_n;
    uint64_t commits_n, stalls_n, snapshots_n, crashes_n, from_snapshot_n, twins_n;
    uint64_t late_n, lost_n, doubled_n;
    uint64_t refused_n; /* commands whose answer was no */
    ms_t ended_at;
    struct plan_world_counts world;
    struct app_status app;
};

struct sim;

/* To drop. NULL when there is not enough memory. */
struct sim *sim_open(const struct sim_args *args);
void sim_drop(struct sim *sim);

/* The run, to its end. True when every rule held. */
bool sim_run(struct sim *sim);

struct sim_totals sim_totals(const struct sim *sim);
/* Of its heart: who folds its events needs as much room. */
struct acd_limits sim_limits(const struct sim *sim);
const struct kpi *sim_kpi(const struct sim *sim);
/* NULL: there was none. */
const struct cast *sim_cast(const struct sim *sim);

/* All events, in order, after the run (not when it forgets). False: the journal is damaged. */
bool sim_events(const struct sim *sim, journal_event_fn *fn, void *arg);

#endif
