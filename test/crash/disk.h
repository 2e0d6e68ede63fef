/* disk.h — a disk in memory for SQLite (a VFS) that remembers every operation, can be cut off from
 * power after any of them, and can refuse any of them.
 * What a cut leaves is chosen: what was not synced is lost, kept, torn (a prefix of the writes, the
 * last one cut at a sector) or mixed (each sector by a coin). Names made or removed since the last
 * sync of the folder are treated alike. One process, no locks. */
#ifndef TEST_CRASH_DISK_H
#define TEST_CRASH_DISK_H

#include <sqlite3.h>

#include "base/types.h"

#define DISK_SECTOR 512
#define DISK_INODES_MAX 64
#define DISK_NAMES_MAX 4
#define DISK_NONE (-1)

enum disk_op_kind { DISK_CREATE, DISK_DELETE, DISK_WRITE, DISK_TRUNCATE, DISK_SYNC };

struct disk_op {
    enum disk_op_kind kind;
    bool is_folder; /* SYNC, DELETE: the folder is synced too */
    int name, inode;
    size_t at, n;
    const uint8_t *bytes; /* owned by the log */
    uint64_t published;   /* what had been promised before this operation */
};

struct disk_inode {
    uint8_t *bytes; /* owned */
    size_t n, room;
    bool has_synced;
};

struct disk_shm {
    void *region[64]; /* owned */
    unsigned n;
};

/* The operation with this number, and so many after it, fail. */
struct disk_refusal {
    uint64_t first, n; /* n = 0: none */
    int rc;            /* SQLITE_FULL, SQLITE_IOERR_… */
    bool forgets; /* a refused sync: the kernel takes what was not written for clean, and lost */
};

struct disk {
    struct disk_inode inode[DISK_INODES_MAX];
    unsigned inodes_n;
    char name[DISK_NAMES_MAX][64];
    int of_name[DISK_NAMES_MAX]; /* inode or DISK_NONE */
    unsigned names_n;
    struct disk_shm shm; /* of the one database */
    uint64_t ops_n;      /* done so far */
    bool is_recording;
    struct disk_op *log; /* owned */
    size_t log_n, log_room;
    struct disk_refusal refusal;
    uint64_t refused_n;
    uint64_t random;
    uint64_t (*published)(void *arg); /* NULL: 0 */
    void *published_arg;
};

/* A VFS under this name, reading and writing the disk that is put in. */
struct disk_drive {
    sqlite3_vfs vfs;
    struct disk *disk; /* borrowed */
};

void disk_drive_open(struct disk_drive *drive, const char *name);
void disk_drive_drop(struct disk_drive *drive);

void disk_open(struct disk *d);
void disk_drop(struct disk *d);

/* What a power cut leaves of a recorded run. */
enum disk_cut { DISK_LOST, DISK_KEPT, DISK_TORN, DISK_MIXED, DISK_CUTS_N };

/* Walks along the log of a recorded run: after each advance, what is durable and what is pending.
 */
struct disk_past {
    const struct disk *run; /* borrowed */
    struct disk durable;
    size_t next;
    size_t *pending; /* owned: numbers of operations not yet synced, in their order */
    size_t pending_n;
};

void disk_past_open(struct disk_past *p, const struct disk *run);
void disk_past_drop(struct disk_past *p);

/* One more operation has happened. */
void disk_past_advance(struct disk_past *p);

/* A disk as the cut leaves it now; the caller drops it. */
struct disk_cut_args {
    enum disk_cut cut;
    uint64_t seed;
};
void disk_past_cut(struct disk *left, const struct disk_past *p, const struct disk_cut_args *args);

#endif
