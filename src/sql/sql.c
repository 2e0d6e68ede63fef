/* sql.c — the one database, over which journal/ and store/ keep their tables.
 * Called by journal and store. Invariant: a connection for writing is in WAL mode with
 * synchronous=FULL, or it is not given out. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os/file.h"
#include "sql/sql.h"

#define DATABASE_MODE 0600 /* it holds telephone numbers */
#define TEXT_BYTES 128

/* secure_delete=FAST: what is deleted is overwritten as long as that costs no further page; store/
 * asks for more when it erases a person. cell_size_check: damage is noticed early. */
#define WRITER_PRAGMAS                                                                             \
    "PRAGMA synchronous=FULL; PRAGMA secure_delete=FAST; PRAGMA trusted_schema=OFF;"               \
    "PRAGMA cell_size_check=ON;"
#define READER_PRAGMAS "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"

static int errno_of_system(sqlite3 *db, int otherwise)
{
    int err = db ? sqlite3_system_errno(db) : 0;
    return err ? err : otherwise;
}

int sql_errno(sqlite3 *db, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_FULL:
        return ENOSPC;
    case SQLITE_READONLY:
        return EROFS;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR: /* our statements are right: the tables are not what they should be */
        return EBADMSG;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return EBUSY;
    case SQLITE_CONSTRAINT:
        return EPERM;
    case SQLITE_NOMEM:
        return ENOMEM;
    case SQLITE_TOOBIG:
        return EFBIG;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return EACCES;
    case SQLITE_CANTOPEN:
        return errno_of_system(db, ENOENT);
    default:
        return errno_of_system(db, EIO);
    }
}

int sql_run(sqlite3 *db, const char *text)
{
    return sql_errno(db, sqlite3_exec(db, text, NULL, NULL, NULL));
}

int sql_prepare(sqlite3_stmt **st, sqlite3 *db, const char *text)
{
    return sql_errno(db, sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, st, NULL));
}

int sql_step(sqlite3_stmt *st, bool *is_row)
{
    int rc = sqlite3_step(st);
    *is_row = rc == SQLITE_ROW;
    if (!*is_row)
        sqlite3_reset(st);
    return sql_errno(sqlite3_db_handle(st), rc);
}

int sql_do(sqlite3_stmt *st)
{
    int rc = sqlite3_step(st);
    sqlite3_reset(st);
    return sql_errno(sqlite3_db_handle(st), rc);
}

int sql_number(int64_t *v, sqlite3 *db, const char *text)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db, text);
    if (!err)
        err = sql_step(st, &is_row);
    if (!err && is_row)
        *v = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return err ? err : is_row ? 0 : ENOENT;
}

int sql_bind_u64(sqlite3_stmt *st, int i, uint64_t v)
{
    return sqlite3_bind_int64(st, i, (sqlite3_int64)v);
}

uint64_t sql_column_u64(sqlite3_stmt *st, int i)
{
    return (uint64_t)sqlite3_column_int64(st, i);
}

/* A PRAGMA that answers with the mode that it could set. */
static int set_mode(sqlite3 *db, const char *pragma, const char *mode)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db, pragma);
    if (!err)
        err = sql_step(st, &is_row);
    if (!err && (!is_row || strcmp((const char *)sqlite3_column_text(st, 0), mode) != 0))
        err = EROFS;
    sqlite3_finalize(st);
    return err;
}

static int set_wal(sqlite3 *db)
{
    return set_mode(db, "PRAGMA journal_mode=WAL", "wal");
}

int sql_fold(sqlite3 *db)
{
    return set_mode(db, "PRAGMA journal_mode=DELETE", "delete");
}

static int configure(sqlite3 *db, const struct sql_args *args)
{
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, SQL_BUSY_MS);
    if (args->is_read_only) { /* whoever only looks leaves the WAL as it is */
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return sql_run(db, READER_PRAGMAS);
    }
    int err = args->is_copy ? 0 : set_wal(db);
    if (!err && !args->is_copy)
        err = sql_run(db, WRITER_PRAGMAS);
    if (!err && args->wal_pages)
        err = sql_errno(db, sqlite3_wal_autocheckpoint(db, (int)args->wal_pages));
    return err;
}

int sql_open(sqlite3 **db, const struct sql_args *args)
{
    int flags =
        args->is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int err = 0;
    *db = NULL;
    if (!args->vfs && !args->is_read_only)
        err = os_file_create(args->path, DATABASE_MODE);
    if (err && err != EEXIST)
        return err;
    err = sql_errno(*db, sqlite3_open_v2(args->path, db, flags | SQLITE_OPEN_NOMUTEX, args->vfs));
    if (!err)
        err = configure(*db, args);
    if (!err)
        return 0;
    sql_drop(*db);
    *db = NULL;
    return err;
}

void sql_drop(sqlite3 *db)
{
    int rc = sqlite3_close(db);
    assert(rc == SQLITE_OK); /* a statement was not dropped */
}

/* ---- copies ---- */

/* In one step: in WAL mode the reader neither waits for the writer nor stops it. */
static int copy_pages(sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sql_errno(to, sqlite3_extended_errcode(to));
    int rc = sqlite3_backup_step(backup, -1);
    int end = sqlite3_backup_finish(backup);
    return rc == SQLITE_DONE ? sql_errno(to, end) : sql_errno(to, rc);
}

int sql_copy(const char *to, const struct sql_args *from)
{
    struct sql_args source = *from;
    struct sql_args target = {.path = to, .is_copy = true};
    sqlite3 *a = NULL, *b = NULL;
    source.is_read_only = true;
    if (os_file_exists(to))
        return EEXIST;
    int err = sql_open(&a, &source);
    if (!err)
        err = sql_open(&b, &target);
    if (!err)
        err = copy_pages(b, a);
    if (!err)
        err = sql_fold(b);
    sql_drop(a);
    sql_drop(b);
    return err ? err : os_file_sync(to);
}

/* ---- migrations ---- */

static int read_version(unsigned *version, sqlite3 *db, const struct sql_part *part)
{
    char text[TEXT_BYTES];
    int64_t v = 0;
    int err = sql_number(&v, db, "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'");
    *version = 0;
    if (err || v == 0)
        return err;
    snprintf(text, sizeof(text), "SELECT value FROM meta WHERE key = '%s_version'", part->name);
    err = sql_number(&v, db, text);
    if (err)
        return err == ENOENT ? 0 : err;
    if (v < 0 || v > (int64_t)part->n)
        return ENOTSUP;
    *version = (unsigned)v;
    return 0;
}

static int write_version(sqlite3 *db, const struct sql_part *part)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof(text), "INSERT OR REPLACE INTO meta VALUES('%s_version', %u)", part->name,
             part->n);
    return sql_run(db, text);
}

static int apply(sqlite3 *db, const struct sql_part *part, unsigned from)
{
    int err = sql_run(db, "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value ANY)"
                          " STRICT, WITHOUT ROWID");
    for (unsigned i = from; !err && i < part->n; i++)
        err = sql_run(db, part->scripts[i]);
    return err ? err : write_version(db, part);
}

int sql_migrate(sqlite3 *db, const struct sql_part *part)
{
    unsigned version = 0;
    int err = read_version(&version, db, part);
    if (err || version == part->n)
        return err;
    err = sql_run(db, "BEGIN IMMEDIATE");
    if (!err)
        err = apply(db, part, version);
    if (!err)
        err = sql_run(db, "COMMIT");
    if (err && !sqlite3_get_autocommit(db))
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}
