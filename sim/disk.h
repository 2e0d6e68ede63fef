/* disk.h — a disk that crashes. What is written lies in the page cache until it is synced; at the
 * n-th write, sync or effect the process dies, and of what was not synced a part is lost or torn.
 * Called by sim/journal.c and sim/phone.c. Memory is its own: files grow.
 * Invariant: bytes once synced are never lost. */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "base/prng.h"

enum sim_file { SIM_FILE_JOURNAL, SIM_FILE_SNAPSHOT_A, SIM_FILE_SNAPSHOT_B, SIM_FILES };

struct sim_disk {
    struct sim_disk_file {
        uint8_t *bytes; /* owned */
        size_t n, size, synced_n;
    } files[SIM_FILES];
    uint64_t ops_n;    /* writes, syncs and effects so far */
    uint64_t crash_at; /* the op at which the process dies; 0: never */
    bool lies;         /* says synced, and syncs nothing: a test of the tests */
    bool is_dead;      /* since then nothing happens any more, until sim_disk_reboot() */
    struct prng chance;
};

void sim_disk_open(struct sim_disk *disk, uint64_t seed);
void sim_disk_drop(struct sim_disk *disk);

/* Counts one op. False: this is the one at which the process dies, or it is dead already. */
bool sim_disk_op(struct sim_disk *disk);

/* Appends to a file. False: dead (a part may be written all the same). */
bool sim_disk_write(struct sim_disk *disk, enum sim_file file, const void *bytes, size_t n);
bool sim_disk_sync(struct sim_disk *disk, enum sim_file file);

/* Makes a file empty, to be written anew: not an op, and undone by nothing. */
void sim_disk_truncate(struct sim_disk *disk, enum sim_file file, size_t n);

/* The power is back: each file keeps its synced bytes, and of the others a part, perhaps torn. */
void sim_disk_reboot(struct sim_disk *disk);

#endif
