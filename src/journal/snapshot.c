/* snapshot.c — pictures of the state.
 * Called by the writer, one step between two commits, and at start.
 * Invariant: a head row stands for parts that are all there and whose SHA-256 it carries; anything
 * else is skipped when read and removed when the next picture is complete. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "journal/snapshot.h"

#define SHA_BYTES 32

struct snapshot_job {
    struct journal_snapshot head;
    uint8_t *bytes; /* owned */
    size_t done_n;
    int64_t part_i;
    EVP_MD_CTX *hash; /* owned */
};

#define FORGET_HEADS_SQL                                                                           \
    "DELETE FROM snapshot WHERE last_id NOT IN"                                                    \
    " (SELECT last_id FROM snapshot ORDER BY last_id DESC LIMIT 2)"
#define FORGET_PARTS_SQL                                                                           \
    "DELETE FROM snapshot_part WHERE last_id NOT IN (SELECT last_id FROM snapshot)"

_Static_assert(SNAPSHOTS_KEPT == 2, "FORGET_HEADS_SQL keeps so many");

int snapshot_job_new(struct snapshot_job **job, const struct journal_snapshot *snapshot)
{
    if (snapshot->n > SNAPSHOT_BYTES_MAX)
        return EFBIG;
    struct snapshot_job *j = calloc(1, sizeof(*j));
    if (!j)
        return ENOMEM;
    j->head = *snapshot;
    j->bytes = malloc(snapshot->n ? snapshot->n : 1);
    j->hash = EVP_MD_CTX_new();
    if (!j->bytes || !j->hash || !EVP_DigestInit_ex(j->hash, EVP_sha256(), NULL)) {
        snapshot_job_drop(j);
        return ENOMEM;
    }
    memcpy(j->bytes, snapshot->bytes, snapshot->n);
    *job = j;
    return 0;
}

void snapshot_job_drop(struct snapshot_job *job)
{
    if (!job)
        return;
    EVP_MD_CTX_free(job->hash);
    free(job->bytes);
    free(job);
}

uint64_t snapshot_job_last_id(const struct snapshot_job *job)
{
    return job->head.last_id;
}

bool snapshot_job_has_begun(const struct snapshot_job *job)
{
    return job->part_i > 0;
}

/* One statement with the snapshot's id as its only parameter. */
static int run_with_id(sqlite3 *db, const char *text, uint64_t last_id)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(&st, db, text);
    if (err)
        return err;
    sql_bind_u64(st, 1, last_id);
    err = sql_do(st);
    sqlite3_finalize(st);
    return err;
}

/* One with the same id may be left from before a crash. */
static int clear_old(struct snapshot_job *job, sqlite3 *db)
{
    int err = run_with_id(db, "DELETE FROM snapshot WHERE last_id = ?1", job->head.last_id);
    if (!err)
        err = run_with_id(db, "DELETE FROM snapshot_part WHERE last_id = ?1", job->head.last_id);
    return err;
}

static int put_part(struct snapshot_job *job, sqlite3 *db)
{
    size_t rest = job->head.n - job->done_n;
    size_t n = rest < SNAPSHOT_PART_BYTES ? rest : SNAPSHOT_PART_BYTES;
    sqlite3_stmt *st = NULL;
    int err = job->part_i == 0 ? clear_old(job, db) : 0;
    if (!err && !EVP_DigestUpdate(job->hash, job->bytes + job->done_n, n))
        err = ENOMEM;
    if (!err)
        err = sql_prepare(&st, db, "INSERT INTO snapshot_part VALUES(?1, ?2, ?3)");
    if (err)
        return err;
    sql_bind_u64(st, 1, job->head.last_id);
    sqlite3_bind_int64(st, 2, job->part_i);
    sqlite3_bind_blob64(st, 3, job->bytes + job->done_n, n, SQLITE_STATIC);
    err = sql_do(st);
    sqlite3_finalize(st);
    job->done_n += n;
    job->part_i++;
    return err;
}

static int put_head(struct snapshot_job *job, sqlite3 *db)
{
    uint8_t hash[SHA_BYTES];
    sqlite3_stmt *st = NULL;
    if (!EVP_DigestFinal_ex(job->hash, hash, NULL))
        return ENOMEM;
    int err = sql_prepare(&st, db, "INSERT INTO snapshot VALUES(?1, ?2, ?3, ?4, ?5)");
    if (err)
        return err;
    sql_bind_u64(st, 1, job->head.last_id);
    sqlite3_bind_int64(st, 2, job->head.version);
    sql_bind_u64(st, 3, job->head.hash);
    sqlite3_bind_int64(st, 4, (int64_t)job->head.n);
    sqlite3_bind_blob(st, 5, hash, sizeof(hash), SQLITE_STATIC);
    err = sql_do(st);
    sqlite3_finalize(st);
    if (!err)
        err = sql_run(db, FORGET_HEADS_SQL);
    return err ? err : sql_run(db, FORGET_PARTS_SQL);
}

int snapshot_job_step(struct snapshot_job *job, sqlite3 *db, bool *is_done)
{
    *is_done = job->part_i > 0 && job->done_n == job->head.n;
    int err = sql_run(db, "BEGIN IMMEDIATE");
    if (!err)
        err = *is_done ? put_head(job, db) : put_part(job, db);
    if (!err)
        err = sql_run(db, "COMMIT");
    if (err && !sqlite3_get_autocommit(db))
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

/* ---- reading ---- */

struct part_reader {
    uint8_t *bytes;
    size_t n, done_n;
};

static bool take_part(struct part_reader *r, sqlite3_stmt *st, int64_t part_i)
{
    size_t n = (size_t)sqlite3_column_bytes(st, 1);
    const void *bytes = sqlite3_column_blob(st, 1);
    if (sqlite3_column_int64(st, 0) != part_i || n > r->n - r->done_n)
        return false;
    if (n > 0)
        memcpy(r->bytes + r->done_n, bytes, n);
    r->done_n += n;
    return true;
}

/* All parts in their order into r. EBADMSG when they are not what the head row says. */
static int read_parts(struct part_reader *r, sqlite3 *db, uint64_t last_id)
{
    sqlite3_stmt *st = NULL;
    bool is_row = true;
    int err = sql_prepare(
        &st, db, "SELECT part_i, bytes FROM snapshot_part WHERE last_id = ?1 ORDER BY part_i");
    if (err)
        return err;
    sql_bind_u64(st, 1, last_id);
    for (int64_t i = 0; !err && is_row; i++) {
        err = sql_step(st, &is_row);
        if (!err && is_row && !take_part(r, st, i))
            err = EBADMSG;
    }
    sqlite3_finalize(st);
    return !err && r->done_n != r->n ? EBADMSG : err;
}

static bool has_hash(const struct part_reader *r, const void *hash, int hash_n)
{
    uint8_t mine[SHA_BYTES];
    return hash && hash_n == SHA_BYTES &&
           EVP_Digest(r->bytes, r->n, mine, NULL, EVP_sha256(), NULL) &&
           !memcmp(mine, hash, SHA_BYTES);
}

/* The snapshot of this head row; *bytes owned by the caller. EBADMSG: damaged. */
static int load_one(struct journal_snapshot *s, uint8_t **bytes, sqlite3_stmt *head)
{
    int64_t n = sqlite3_column_int64(head, 3);
    if (n < 0 || (uint64_t)n > SNAPSHOT_BYTES_MAX)
        return EBADMSG;
    struct part_reader r = {.bytes = malloc(n ? (size_t)n : 1), .n = (size_t)n};
    if (!r.bytes)
        return ENOMEM;
    s->last_id = sql_column_u64(head, 0);
    s->version = (uint32_t)sqlite3_column_int64(head, 1);
    s->hash = sql_column_u64(head, 2);
    s->n = r.n;
    s->bytes = r.bytes;
    int err = read_parts(&r, sqlite3_db_handle(head), s->last_id);
    if (!err && !has_hash(&r, sqlite3_column_blob(head, 4), sqlite3_column_bytes(head, 4)))
        err = EBADMSG;
    if (err)
        free(r.bytes);
    else
        *bytes = r.bytes;
    return err;
}

static int open_heads(sqlite3_stmt **st, sqlite3 *db, uint64_t last_id_max)
{
    int err = sql_prepare(st, db,
                          "SELECT last_id, version, state_hash, n, hash FROM snapshot"
                          " WHERE last_id <= ?1 ORDER BY last_id DESC");
    if (err)
        return err;
    uint64_t top = last_id_max > INT64_MAX ? INT64_MAX : last_id_max;
    return sql_errno(db, sql_bind_u64(*st, 1, top));
}

int snapshot_load(struct journal_snapshot *s, struct snapshot_query *q, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = true;
    q->bytes = NULL;
    int err = open_heads(&st, db, q->last_id_max);
    while (!err && is_row && !q->bytes) {
        err = sql_step(st, &is_row);
        if (err || !is_row)
            break;
        err = load_one(s, &q->bytes, st);
        if (err != EBADMSG)
            continue;
        q->bad_n++;
        err = 0;
    }
    sqlite3_finalize(st);
    return err ? err : q->bytes ? 0 : ENOENT;
}

int snapshot_count(struct snapshot_query *q, sqlite3 *db)
{
    struct journal_snapshot s;
    int err = 0;
    q->sound_n = 0;
    while (!err) {
        err = snapshot_load(&s, q, db);
        if (err)
            break;
        free(q->bytes);
        q->sound_n++;
        if (s.last_id == 0)
            break;
        q->last_id_max = s.last_id - 1;
    }
    q->bytes = NULL;
    return err == ENOENT ? 0 : err;
}
