/* aside.c — a journal that cannot be used makes room for a new one.
 * Called by main.c before journal_open(). The new file is complete under its own name before the
 * old one loses its: see swap.c. Invariant: after any crash there is either the old journal or a
 * new one that begins with EV_JOURNAL_RESET. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "journal/aside.h"
#include "journal/db.h"
#include "journal/swap.h"
#include "journal/walk.h"

/* What is still known of the old journal. */
struct remains {
    uint64_t epoch, last_good_id;
    uint8_t hash[JOURNAL_HASH_BYTES];
};

static void read_chain(struct remains *r, sqlite3 *db)
{
    struct journal_walk w;
    struct journal_batch b;
    int64_t epoch = 0;
    if (!sql_number(&epoch, db, "SELECT value FROM meta WHERE key = 'epoch'"))
        r->epoch = (uint64_t)epoch;
    if (journal_walk_open(&w, db, 0))
        return;
    int err;
    do {
        err = journal_walk_next(&w, &b);
    } while (!err);
    r->last_good_id = w.good_id;
    memcpy(r->hash, w.hash, sizeof(r->hash));
    journal_walk_drop(&w);
}

/* Whatever can be read; nothing here can fail the whole. */
static void read_remains(struct remains *r, const char *path)
{
    struct sql_args args = {.path = path, .is_read_only = true};
    sqlite3 *db = NULL;
    memset(r, 0, sizeof(*r));
    if (!sql_open(&db, &args))
        read_chain(r, db);
    sql_drop(db);
}

static int put_reset(struct journal_db *db, const struct remains *r,
                     const struct journal_aside_args *args)
{
    uint8_t body[EVENT_BYTES_MAX];
    struct event ev = {
        .id = 1,
        .at = args->now_at,
        .kind = EV_JOURNAL_RESET,
        .journal_reset = {.why = args->why, .last_good_id = r->last_good_id},
    };
    struct journal_batch b = {.first_id = 1, .n = 1, .at = ev.at, .body = body};
    b.body_n = event_encode(body, &ev);
    int err = journal_db_begin(db);
    if (!err)
        err = journal_db_put(db, &b);
    return err ? err : journal_db_commit(db);
}

static void take_rows(struct journal_aside *out, const struct journal_aside_args *args)
{
    if (args->store && os_file_exists(args->path))
        out->persons_err = args->store->salvage(args->store->arg, args->path, &out->persons_n);
    if (out->persons_err)
        os_log_line(args->log, OS_LOG_ALARM,
                    "journal: only %" PRId64 " numbers could be taken over (errno %d)",
                    out->persons_n, out->persons_err);
}

/* The new database, complete in one file, without a WAL. */
static int make_new(struct journal_aside *out, const struct journal_aside_args *args)
{
    char next[OS_PATH_MAX];
    struct remains r;
    struct journal_db db = {.db = NULL};
    read_remains(&r, args->path);
    out->last_good_id = r.last_good_id;
    int err = journal_swap_clear(args->path);
    if (!err)
        err = journal_swap_name(next, args->path);
    if (err)
        return err;
    struct journal_db_args open = {
        .sql = {.path = next},
        .store = args->store,
        .node = args->node,
        .epoch_min = r.epoch,
        .origin_hash = r.hash,
    };
    err = journal_db_open(&db, &open);
    if (!err)
        err = put_reset(&db, &r, args);
    if (!err)
        take_rows(out, args);
    if (!err)
        err = sql_fold(db.db);
    journal_db_drop(&db);
    return err;
}

int journal_set_aside(struct journal_aside *out, const struct journal_aside_args *args)
{
    struct journal_swap_args swap = {args->path, reset_why_name(args->why), args->now_at};
    int lock = -1;
    memset(out, 0, sizeof(*out));
    int err = journal_lock_open(&lock, args->path);
    if (!err)
        err = journal_swap_finish(args->path);
    if (!err)
        err = make_new(out, args);
    if (!err)
        err = journal_swap(out->name, &swap);
    if (!err)
        os_log_line(args->log, OS_LOG_ALARM,
                    "journal: set aside as %s (good up to event %" PRIu64 "); a new one begins",
                    out->name, out->last_good_id);
    os_lock_drop(&lock);
    return err;
}
