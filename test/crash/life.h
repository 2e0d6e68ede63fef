/* life.h — some hundred events in the life of a journal on a disk in memory, with persons,
 * snapshots, closed months and a restart; and what must be true of any disk that is left of it.
 * The plan of the life depends on nothing: every append can be computed from its number. */
#ifndef TEST_CRASH_LIFE_H
#define TEST_CRASH_LIFE_H

#include "journal/journal.h"
#include "store/person.h"
#include "test/crash/disk.h"

#define LIFE_PATH "/disk/journal.db"
#define LIFE_VFS "disk-in-memory"
#define LIFE_APPENDS 100

struct life {
    struct disk_drive *drive; /* borrowed */
    struct journal *journal;  /* NULL between a crash and the next open */
    struct journal_port port;
    struct store_person person;
    struct store_port store;
    uint64_t next_id;
    uint64_t downs_n; /* turns after which health was DOWN */
};

/* Opens the journal on the disk in the drive; tries again while the disk refuses. 0 or errno. */
int life_open(struct life *l, struct disk_drive *drive);
void life_drop(struct life *l);

/* Lives from the first append to the last; a refusal of the disk only delays. */
void life_run(struct life *l);

/* What was left: opens, verifies, reads, and compares with the plan. Prints the first difference
 * and returns false. published: the last id promised before the cut. */
bool life_check(struct disk_drive *drive, uint64_t published);

/* All appends of the plan are there. */
uint64_t life_last_id(void);

#endif
