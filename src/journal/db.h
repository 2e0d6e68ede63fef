/* db.h — the journal's tables as its writer sees them: one transaction at a time, at the head.
 * Called by the writer, set-aside and tests. May wait for the disk. */
#ifndef JOURNAL_DB_H
#define JOURNAL_DB_H

#include "journal/batch.h"
#include "port/store.h"
#include "sql/sql.h"

/* The end of the chain, as the disk has it. */
struct journal_head {
    uint64_t last_id; /* 0: empty */
    ms_t at;
    uint8_t hash[JOURNAL_HASH_BYTES];
    uint64_t month_first_id; /* first event of the open month */
};

struct journal_db {
    sqlite3 *db;                    /* owned */
    const struct store_port *store; /* borrowed; NULL: no personal rows here */
    uint64_t epoch;                 /* ours; a later one in the database fences us */
    struct journal_head head;       /* true inside a transaction and after its commit */
    struct journal_head origin;     /* the head of the empty journal */
    sqlite3_stmt *begin, *commit, *epoch_get, *head_get, *month_get, *batch_put, *month_put;
};

struct journal_db_args {
    struct sql_args sql;
    const struct store_port *store;
    uint16_t node;
    uint64_t epoch_min; /* for a journal that follows another: its epoch is later than that one's */
    const uint8_t *origin_hash; /* for a new journal that follows another; NULL: zeros */
};

/* Opens, migrates, takes a new epoch, finds the head. 0 or the errno of sql/sql.h. */
MUST_CHECK int journal_db_open(struct journal_db *db, const struct journal_db_args *args);
void journal_db_drop(struct journal_db *db);

/* Begins a transaction and reads the head. ESTALE: another one writes here now, we must stop. */
MUST_CHECK int journal_db_begin(struct journal_db *db);

/* Appends the batch whose first_id, n, at and body are given; fills in its hashes. Closes the month
 * before when the batch opens a new one. */
MUST_CHECK int journal_db_put(struct journal_db *db, struct journal_batch *b);

MUST_CHECK int journal_db_row(struct journal_db *db, const struct journal_row *row);

MUST_CHECK int journal_db_commit(struct journal_db *db);

/* Takes back what was not committed, after any error. */
void journal_db_cancel(struct journal_db *db);

/* The head of the empty journal, by a connection of any kind: what its first batch links to. */
MUST_CHECK int journal_origin_read(struct journal_head *origin, sqlite3 *db);

/* A hash out of column i; false when it is none. */
bool journal_hash_take(uint8_t hash[JOURNAL_HASH_BYTES], sqlite3_stmt *st, int i);

#endif
