/* db.c — the journal's tables as its writer sees them.
 * Called by the writer, set-aside and tests. Each transaction reads epoch and head anew from the
 * disk (two look-ups, ~5 µs): whatever happened to the last commit, the next one starts from what
 * is really there.
 * Invariant: between begin and commit, head is the end of the chain including what was put. */
#include <errno.h>
#include <string.h>

#include "base/civil.h"
#include "journal/db.h"
#include "journal/migrate.h"

#define HEAD_SQL                                                                                   \
    "SELECT first_id + n - 1, at, hash FROM journal_batch ORDER BY first_id DESC LIMIT 1"
#define MONTH_SQL "SELECT last_id + 1 FROM journal_month ORDER BY month DESC LIMIT 1"
#define EPOCH_SQL "SELECT value FROM meta WHERE key = 'epoch'"

bool journal_hash_take(uint8_t hash[JOURNAL_HASH_BYTES], sqlite3_stmt *st, int i)
{
    const void *blob = sqlite3_column_blob(st, i);
    if (!blob || sqlite3_column_bytes(st, i) != JOURNAL_HASH_BYTES)
        return false;
    memcpy(hash, blob, JOURNAL_HASH_BYTES);
    return true;
}

int journal_origin_read(struct journal_head *head, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    memset(head, 0, sizeof(*head));
    head->at = INT64_MIN;
    head->month_first_id = 1;
    int err = sql_prepare(&st, db, "SELECT value FROM meta WHERE key = 'origin_hash'");
    if (!err)
        err = sql_step(st, &is_row);
    if (!err && is_row && !journal_hash_take(head->hash, st, 0))
        err = EBADMSG;
    sqlite3_finalize(st);
    return err;
}

static int head_step(struct journal_head *head, sqlite3_stmt *batch, sqlite3_stmt *month)
{
    bool is_row = false;
    int err = sql_step(batch, &is_row);
    if (err || !is_row)
        return err;
    head->last_id = sql_column_u64(batch, 0);
    head->at = sqlite3_column_int64(batch, 1);
    if (!journal_hash_take(head->hash, batch, 2))
        err = EBADMSG;
    sqlite3_reset(batch);
    if (!err)
        err = sql_step(month, &is_row);
    if (!err && is_row)
        head->month_first_id = sql_column_u64(month, 0);
    sqlite3_reset(month);
    return err;
}

static int meta_put(sqlite3 *db, const char *key, int64_t v)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(&st, db, "INSERT OR REPLACE INTO meta VALUES(?1, ?2)");
    if (err)
        return err;
    sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, v);
    err = sql_do(st);
    sqlite3_finalize(st);
    return err;
}

static int origin_put(sqlite3 *db, const uint8_t hash[JOURNAL_HASH_BYTES])
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(&st, db, "INSERT INTO meta VALUES('origin_hash', ?1)");
    if (err)
        return err;
    sqlite3_bind_blob(st, 1, hash, JOURNAL_HASH_BYTES, SQLITE_STATIC);
    err = sql_do(st);
    sqlite3_finalize(st);
    return err;
}

static int take_epoch(struct journal_db *db, const struct journal_db_args *args)
{
    int64_t epoch = 0;
    int err = sql_run(db->db, "BEGIN IMMEDIATE");
    if (!err)
        err = sql_number(&epoch, db->db, EPOCH_SQL);
    if (err == ENOENT)
        err = 0;
    uint64_t before = (uint64_t)epoch > args->epoch_min ? (uint64_t)epoch : args->epoch_min;
    db->epoch = before + 1;
    if (!err)
        err = meta_put(db->db, "epoch", (int64_t)db->epoch);
    if (!err)
        err = meta_put(db->db, "node", args->node);
    if (!err && args->origin_hash)
        err = origin_put(db->db, args->origin_hash);
    return err ? err : sql_run(db->db, "COMMIT");
}

static int prepare(struct journal_db *db)
{
    const struct {
        sqlite3_stmt **st;
        const char *text;
    } all[] = {
        {&db->begin, "BEGIN IMMEDIATE"},
        {&db->commit, "COMMIT"},
        {&db->epoch_get, EPOCH_SQL},
        {&db->head_get, HEAD_SQL},
        {&db->month_get, MONTH_SQL},
        {&db->batch_put, "INSERT INTO journal_batch VALUES(?1, ?2, ?3, ?4, ?5, ?6)"},
        {&db->month_put, "INSERT INTO journal_month VALUES(?1, ?2, ?3, ?4, ?5)"},
    };
    int err = 0;
    for (unsigned i = 0; !err && i < ARRAY_LEN(all); i++)
        err = sql_prepare(all[i].st, db->db, all[i].text);
    return err;
}

/* Always from the start: what an error left in db->head is not to be trusted. */
static int read_head(struct journal_db *db)
{
    db->head = db->origin;
    return head_step(&db->head, db->head_get, db->month_get);
}

int journal_db_open(struct journal_db *db, const struct journal_db_args *args)
{
    struct sql_part part = {"journal", journal_migrations, journal_migrations_n};
    memset(db, 0, sizeof(*db));
    int err = sql_open(&db->db, &args->sql);
    if (!err)
        err = sql_migrate(db->db, &part);
    if (!err && args->store) {
        db->store = args->store;
        err = db->store->attach(db->store->arg, db->db);
    }
    if (!err)
        err = take_epoch(db, args);
    if (!err)
        err = journal_origin_read(&db->origin, db->db);
    if (!err)
        err = prepare(db);
    if (!err)
        err = read_head(db);
    if (err)
        journal_db_drop(db);
    return err;
}

void journal_db_drop(struct journal_db *db)
{
    if (!db->db)
        return;
    journal_db_cancel(db);
    sqlite3_stmt *all[] = {db->begin,     db->commit,    db->epoch_get, db->head_get,
                           db->month_get, db->batch_put, db->month_put};
    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        sqlite3_finalize(all[i]);
    if (db->store)
        db->store->detach(db->store->arg);
    sql_drop(db->db);
    memset(db, 0, sizeof(*db));
}

static int check_epoch(struct journal_db *db)
{
    bool is_row = false;
    int err = sql_step(db->epoch_get, &is_row);
    if (!err && (!is_row || sql_column_u64(db->epoch_get, 0) != db->epoch))
        err = ESTALE;
    sqlite3_reset(db->epoch_get);
    return err;
}

int journal_db_begin(struct journal_db *db)
{
    int err = sql_do(db->begin);
    if (!err)
        err = check_epoch(db);
    return err ? err : read_head(db);
}

/* The month of the head is over: its seal. */
static int close_month(struct journal_db *db)
{
    const struct journal_head *h = &db->head;
    sqlite3_stmt *st = db->month_put;
    sqlite3_bind_int64(st, 1, civil_month(h->at));
    sql_bind_u64(st, 2, h->month_first_id);
    sql_bind_u64(st, 3, h->last_id);
    sql_bind_u64(st, 4, h->last_id - h->month_first_id + 1);
    sqlite3_bind_blob(st, 5, h->hash, JOURNAL_HASH_BYTES, SQLITE_TRANSIENT);
    int err = sql_do(st);
    db->head.month_first_id = h->last_id + 1;
    return err;
}

int journal_db_put(struct journal_db *db, struct journal_batch *b)
{
    struct journal_head *h = &db->head;
    assert(b->first_id == h->last_id + 1 && b->n > 0 && b->at >= h->at);
    memcpy(b->prev_hash, h->hash, JOURNAL_HASH_BYTES);
    int err = journal_batch_hash(b->hash, b);
    if (!err && h->last_id && civil_month(b->at) != civil_month(h->at))
        err = close_month(db);
    if (err)
        return err;
    sqlite3_stmt *st = db->batch_put;
    sql_bind_u64(st, 1, b->first_id);
    sqlite3_bind_int64(st, 2, b->n);
    sqlite3_bind_int64(st, 3, b->at);
    sqlite3_bind_blob(st, 4, b->prev_hash, JOURNAL_HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(st, 5, b->hash, JOURNAL_HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob64(st, 6, b->body, b->body_n, SQLITE_STATIC);
    err = sql_do(st);
    sqlite3_clear_bindings(st);
    h->last_id += b->n;
    h->at = b->at;
    memcpy(h->hash, b->hash, JOURNAL_HASH_BYTES);
    return err;
}

int journal_db_row(struct journal_db *db, const struct journal_row *row)
{
    return db->store ? db->store->row_put(db->store->arg, row) : 0;
}

int journal_db_commit(struct journal_db *db)
{
    return sql_do(db->commit);
}

void journal_db_cancel(struct journal_db *db)
{
    if (!sqlite3_get_autocommit(db->db))
        (void)sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
}
