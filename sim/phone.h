/* phone.h — the false telephone: effects go to the world, what the world says goes to the app, and
 * on the way back reports may be late, doubled or lost, as over a real network.
 * Called by sim/run.c. It watches that no promise leaves before its commit.
 * Invariant: each effect is an op of the disk that crashes; once dead, nothing comes out. */
#ifndef SIM_PHONE_H
#define SIM_PHONE_H

#include "base/heap.h"
#include "plan/world.h"
#include "port/edges.h"
#include "port/journal.h"
#include "sim/cast.h"
#include "sim/disk.h"

#define SIM_LATE_MAX 4096 /* reports on their way at once; further ones are on time */

struct sim_faults {
    uint32_t lost_ppm, late_ppm, doubled_ppm; /* of the reports that may suffer it */
    ms_t late_ms_max;
};

struct sim_phone {
    struct edges_port port;
    struct plan_world *world;           /* borrowed */
    struct cast *cast;                  /* borrowed; NULL: none */
    struct sim_disk *disk;              /* borrowed */
    const struct journal_port *journal; /* borrowed; another one after a crash */
    struct sim_faults faults;
    ms_t now_at;
    uint64_t effects_n, lost_n, late_n, doubled_n;
    uint64_t early_id; /* event of the first promise that left before its commit; 0: none, ever */
    struct prng chance;
    struct heap heap;     /* of late reports */
    struct command *late; /* owned, SIM_LATE_MAX of them */
    uint32_t *free;       /* owned: slots of late that are free */
    uint32_t free_n;
    void *heap_memory; /* owned */
};

/* Fields world, disk, journal, faults are the caller's to set before. */
void sim_phone_open(struct sim_phone *phone, uint64_t seed);
void sim_phone_drop(struct sim_phone *phone);

/* A report of the world: how often the app hears it now, 0, 1 or 2 times. */
unsigned sim_phone_hear(struct sim_phone *phone, const struct command *cmd);

/* Late reports. */
ms_t sim_phone_next_at(const struct sim_phone *phone);
bool sim_phone_due(struct sim_phone *phone, struct command *cmd);

/* The process died: what was on its way to it is lost. */
void sim_phone_crash(struct sim_phone *phone);

#endif
