/* walk.c — along the chain.
 * Called by the journal's read, verify, replay and set-aside.
 * Invariant: every batch given out continues the one before without a gap in ids, hash or time. */
#include <errno.h>
#include <string.h>

#include "journal/walk.h"

/* The last batch that begins at or before ?1; then all from there on. */
#define BEFORE_SQL                                                                                 \
    "SELECT first_id + n - 1, at, hash FROM journal_batch WHERE first_id + n - 1 <= ?1"            \
    " AND first_id <= ?1 ORDER BY first_id DESC LIMIT 1"
#define FROM_SQL                                                                                   \
    "SELECT first_id, n, at, prev_hash, hash, body FROM journal_batch"                             \
    " WHERE first_id > ?1 ORDER BY first_id"

/* The batch that ends at or before after_id: its hash is what the next one links to. */
static int find_start(struct journal_walk *w, sqlite3 *db, uint64_t after_id)
{
    struct journal_head origin;
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = journal_origin_read(&origin, db);
    w->good_id = 0;
    w->at = origin.at;
    memcpy(w->hash, origin.hash, sizeof(w->hash));
    if (!err)
        err = sql_prepare(&st, db, BEFORE_SQL);
    if (err)
        return err;
    sql_bind_u64(st, 1, after_id);
    err = sql_step(st, &is_row);
    if (!err && is_row) {
        w->good_id = sql_column_u64(st, 0);
        w->at = sqlite3_column_int64(st, 1);
        if (!journal_hash_take(w->hash, st, 2))
            err = EBADMSG;
    }
    sqlite3_finalize(st);
    return err;
}

int journal_walk_open(struct journal_walk *w, sqlite3 *db, uint64_t after_id)
{
    memset(w, 0, sizeof(*w));
    w->fault = FAULT_PAGES;
    int err = find_start(w, db, after_id);
    if (!err)
        err = sql_prepare(&w->st, db, FROM_SQL);
    if (!err)
        err = sql_errno(db, sql_bind_u64(w->st, 1, w->good_id));
    if (err)
        journal_walk_drop(w);
    return err;
}

int journal_walk_again(struct journal_walk *w)
{
    sqlite3_reset(w->st);
    return sql_errno(sqlite3_db_handle(w->st), sql_bind_u64(w->st, 1, w->good_id));
}

void journal_walk_drop(struct journal_walk *w)
{
    sqlite3_finalize(w->st);
    w->st = NULL;
}

/* False: the row has not the shape of a batch. */
static bool take_row(struct journal_batch *b, sqlite3_stmt *st)
{
    int64_t n = sqlite3_column_int64(st, 1);
    b->first_id = sql_column_u64(st, 0);
    b->n = (uint32_t)n;
    b->at = sqlite3_column_int64(st, 2);
    b->body = sqlite3_column_blob(st, 5);
    b->body_n = (size_t)sqlite3_column_bytes(st, 5);
    return n > 0 && n <= JOURNAL_BATCH_MAX && b->body && journal_hash_take(b->prev_hash, st, 3) &&
           journal_hash_take(b->hash, st, 4);
}

static int check(struct journal_walk *w, const struct journal_batch *b)
{
    w->fault = FAULT_NONE;
    if (b->first_id != w->good_id + 1)
        w->fault = FAULT_GAP;
    else if (memcmp(b->prev_hash, w->hash, sizeof(w->hash)))
        w->fault = FAULT_LINK;
    else
        return journal_batch_check(&w->fault, b, w->at);
    return 0;
}

int journal_walk_next(struct journal_walk *w, struct journal_batch *b)
{
    bool is_row = false;
    w->fault = FAULT_PAGES;
    int err = sql_step(w->st, &is_row);
    if (err || !is_row)
        return err ? err : ENOENT;
    if (!take_row(b, w->st))
        return EBADMSG;
    err = check(w, b);
    if (err || w->fault)
        return err ? err : w->fault == FAULT_LATER ? ENOTSUP : EBADMSG;
    w->good_id = b->first_id + b->n - 1;
    w->at = b->at;
    memcpy(w->hash, b->hash, sizeof(w->hash));
    return 0;
}

/* False: the receiver has enough. */
static bool deliver(const struct journal_reading *r, const struct journal_batch *b)
{
    struct journal_cursor c = journal_batch_cursor(b);
    struct event ev;
    bool is_wanted = true;
    while (is_wanted && journal_cursor_next(&c, &ev))
        is_wanted = ev.id <= r->after_id || r->fn(&ev, r->arg);
    return is_wanted;
}

int journal_walk_read(struct journal_walk *w, const struct journal_reading *r)
{
    struct journal_batch b;
    int err;
    do {
        err = journal_walk_next(w, &b);
    } while (!err && deliver(r, &b));
    return err == ENOENT ? 0 : err;
}
