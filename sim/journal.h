/* journal.h — a journal over the disk that crashes: the port of the real one, with a writer that
 * commits what it finds after a delay of simulated time. Called by sim/run.c.
 * Batches carry their length and a hash chained to the one before; a torn last batch was never
 * committed and is cut off at opening.
 * Invariant: committed_id never goes back, not even over a crash. */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include "port/journal.h"
#include "sim/disk.h"

struct sim_journal_args {
    struct sim_disk *disk; /* borrowed */
    uint32_t ring_events;  /* what the ring to the writer holds */
    ms_t commit_ms_min, commit_ms_max;
    uint32_t stall_ppm; /* commits that take stall_ms instead: another process writes */
    ms_t stall_ms;
    ms_t down_from_at, down_to_at;                  /* the disk refuses; 0: never */
    void (*on_append)(uint64_t last_id, void *arg); /* after each append; may be NULL */
    void *arg;
    bool forgets; /* bytes are hashed, not kept: for benches, no replay */
    uint64_t seed;
};

struct sim_journal_totals {
    uint64_t events_n, bytes_n, commits_n, stalls_n, snapshots_n;
    uint64_t bytes_hash; /* of all committed event bytes, however batched */
};

struct sim_journal;

/* Opens what the disk holds: at first nothing, after a crash what survived. To drop. */
struct sim_journal *sim_journal_open(const struct sim_journal_args *args);
void sim_journal_drop(struct sim_journal *j);

/* The port, valid while the journal lives. */
const struct journal_port *sim_journal_port(const struct sim_journal *j);

/* When the writer has something to do; MS_NEVER: nothing is waiting. */
ms_t sim_journal_next_at(const struct sim_journal *j);

/* Lets the writer work at now_at. True when the committed id has moved. */
bool sim_journal_run(struct sim_journal *j, ms_t now_at);

/* The writer's clock, for appends. */
void sim_journal_time(struct sim_journal *j, ms_t now_at);

struct sim_journal_totals sim_journal_totals(const struct sim_journal *j);

#endif
