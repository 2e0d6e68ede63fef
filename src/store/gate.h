/* gate.h — the counts of the gate and the key they are kept under: written with the journal, so
 * that no restart hands out again what a day allows (ADR 22).
 * Writing: by the journal's writer through person.h's port. Reading: once, at the start. */
#ifndef STORE_GATE_H
#define STORE_GATE_H

#include "port/store.h"
#include "sql/sql.h"

/* A count of so many days before its purge's day goes even when a wish is still open. */
#define STORE_GATE_DAYS_MAX 31

/* The writer's side. */
struct store_gate {
    sqlite3_stmt *put, *drop, *purge;
};

MUST_CHECK int store_gate_attach(struct store_gate *g, sqlite3 *db);
void store_gate_detach(struct store_gate *g);
/* Inside the open transaction: the row replaces the one of its key; one that holds nothing takes it
 * away; key 0 takes away what is older than its day. */
MUST_CHECK int store_gate_put(struct store_gate *g, const struct journal_row *row);
/* Key and rows of another database, no transaction open. */
MUST_CHECK int store_gate_salvage(struct store_gate *g, sqlite3 *to, sqlite3 *from);

/* The start: the key, then each row. 0 or errno; ENOENT: there is no key. */
typedef void store_gate_fn(const struct journal_row *row, void *arg);
struct store_gate_reading {
    uint64_t k0, k1; /* output, true when fn is called */
    store_gate_fn *fn;
    void *arg;
};
MUST_CHECK int store_gate_read(struct store_gate_reading *r, const struct sql_args *args);

#endif
