/* shelf.h — the recordings that lie in a folder: each in the order of its number, and those whose
 * time is over purged, each with a line of proof. Called by record.c each hour, and by
 * cli/recording. Cost: a look at each head; a purge reads the file once, for its hash.
 * Invariant: nothing is purged without a proof on the disk, made before. */
#ifndef RECORD_SHELF_H
#define RECORD_SHELF_H

#include "record/file.h"

#define RECORD_DAY_MS ((ms_t)24 * 60 * 60 * 1000)

struct record_found {
    const char *path;
    uint64_t id, bytes_n;
    struct record_head head; /* is_damaged: begun_at is when it was last written */
    bool is_damaged;
};

/* False: enough. */
typedef bool record_found_fn(const struct record_found *found, void *arg);
/* 0, or why the folder cannot be read. */
MUST_CHECK int record_shelf_walk(const char *folder, record_found_fn *fn, void *arg);

struct record_purge {
    const char *folder;
    ms_t now_at;
    uint32_t retention_days;
    uint32_t purged_n, failed_n; /* out */
};
/* What is older than the retention. The last reason why something could not be purged, or 0. */
MUST_CHECK int record_shelf_purge(struct record_purge *p);

#endif
