/* aside.h — the service always answers: a journal that cannot be used is set aside, a new one
 * begins with EV_JOURNAL_RESET (design §5). Called by main.c before journal_open(). */
#ifndef JOURNAL_ASIDE_H
#define JOURNAL_ASIDE_H

#include "os/file.h"
#include "os/log.h"
#include "port/store.h"

struct journal_aside_args {
    const char *path;
    enum reset_why why;
    ms_t now_at;
    uint16_t node;
    const struct store_port *store; /* borrowed; its rows are taken over as far as readable */
    struct os_log *log;             /* borrowed; NULL: silent */
};

/* What was found and done. */
struct journal_aside {
    char name[OS_PATH_MAX]; /* where the old database is now; its WAL beside it; "" if none was */
    uint64_t last_good_id;  /* there */
    int64_t persons_n;      /* numbers taken over */
    int persons_err;        /* 0, or why not all could be */
};

/* 0, or errno and the old file is as it was. EBUSY: a process still runs on it. Reads the old
 * journal to its last good event: 1 s for ~5 million events. */
MUST_CHECK int journal_set_aside(struct journal_aside *out, const struct journal_aside_args *args);

/* ---- crashes in a row ---- */

/* So many crashes within this time, and the journal is taken for their cause. */
#define JOURNAL_CRASHES_MAX 3
#define JOURNAL_CRASHES_MS ((ms_t)60 * 1000)

/* Call first, before the database is touched: notes a start in the small file "path.starts" and
 * tells how many starts before it ended in a crash within JOURNAL_CRASHES_MS. A damaged file counts
 * as none. At JOURNAL_CRASHES_MAX: set aside with RESET_WHY_CRASH_LOOP, then note the end. */
MUST_CHECK int journal_starts_begin(unsigned *crashes_n, const char *path, ms_t now_at);

/* An orderly end, or a reason to forget the crashes. */
MUST_CHECK int journal_starts_end(const char *path, ms_t now_at);

#endif
