/* sql.h — the one database, over which journal/ and store/ keep their two sets of tables.
 * SQLite in WAL mode with synchronous=FULL: what was committed survives a power cut.
 * Called by journal and store. Errors come back as errno: ENOSPC full, EROFS read-only, EIO,
 * EBADMSG damaged or no database at all, EBUSY, EPERM refused by a rule of the tables, ENOTSUP
 * written by a later version, ENOMEM. */
#ifndef SQL_SQL_H
#define SQL_SQL_H

#include <sqlite3.h>

#include "base/types.h"

/* How long to wait for another process that writes or checkpoints. */
#define SQL_BUSY_MS 1000

struct sql_args {
    const char *path;
    const char *vfs;    /* NULL: the machine's files; tests give a disk of their own */
    bool is_read_only;  /* also while a service writes */
    bool is_copy;       /* a file to be filled page by page: no WAL, no pragma */
    unsigned wal_pages; /* checkpoint when the WAL has so many; 0: SQLite's 1,000 */
};

/* Opens, or makes (mode 0600), the database. */
MUST_CHECK int sql_open(sqlite3 **db, const struct sql_args *args);
void sql_drop(sqlite3 *db);

/* Makes the database one file, without WAL, synced: the last thing before it is closed. */
MUST_CHECK int sql_fold(sqlite3 *db);

/* Copies a whole database, page by page, as it is at one instant; also while a service writes to
 * `from`. `to` must not exist; it is one file, synced. */
MUST_CHECK int sql_copy(const char *to, const struct sql_args *from);

/* A result code of SQLite, as errno; 0 for OK, ROW and DONE. */
int sql_errno(sqlite3 *db, int rc);

/* Statements without answer, separated by ";". */
MUST_CHECK int sql_run(sqlite3 *db, const char *text);

/* *st is owned: drop it with sqlite3_finalize(). */
MUST_CHECK int sql_prepare(sqlite3_stmt **st, sqlite3 *db, const char *text);

/* One step: 0 and *is_row, or errno. After the last row, and after an error, it is reset. */
MUST_CHECK int sql_step(sqlite3_stmt *st, bool *is_row);

/* A statement that answers nothing: step and reset. */
MUST_CHECK int sql_do(sqlite3_stmt *st);

/* The first column of the first row, as a number; ENOENT when there is no row. */
MUST_CHECK int sql_number(int64_t *v, sqlite3 *db, const char *text);

/* What one folder keeps in the database: scripts from version 1 on, each applied once. */
struct sql_part {
    const char *name;
    const char *const *scripts;
    unsigned n;
};

/* Brings the tables of a part to its last version, in one transaction. ENOTSUP: they are later. */
MUST_CHECK int sql_migrate(sqlite3 *db, const struct sql_part *part);

/* Binds a 64-bit id or hash: SQLite's integers are signed, the bits are kept. */
int sql_bind_u64(sqlite3_stmt *st, int i, uint64_t v);
uint64_t sql_column_u64(sqlite3_stmt *st, int i);

#endif
