/* reference.h — how many references the callers of one line were given lately: several people may
 * be behind a number (design §3.8, ADR 29). Written by the journal's writer through port/store.h;
 * read by who looks numbers up. Cost: one b-tree look-up. */
#ifndef STORE_REFERENCE_H
#define STORE_REFERENCE_H

#include "port/journal.h"
#include "sql/sql.h"

/* So long a reference counts. */
#define STORE_REFERENCE_MS ((ms_t)7 * 24 * 60 * 60 * 1000)

struct store_reference {
    sqlite3_stmt *put, *purge, *erase;
};

/* Part of the store's port (person.h). */
MUST_CHECK int store_reference_attach(struct store_reference *r, sqlite3 *db);
void store_reference_detach(struct store_reference *r);
/* Those that count no longer go with it. */
MUST_CHECK int store_reference_put(struct store_reference *r, const struct journal_row *row);
MUST_CHECK int store_reference_erase(struct store_reference *r, uint64_t person_id);
/* Out of a database that is set aside; one of before these rows has none to give. */
MUST_CHECK int store_reference_salvage(struct store_reference *r, sqlite3 *from);

/* The reader's statement, and the references of this person in the last seven days. */
MUST_CHECK int store_reference_prepare(sqlite3_stmt **count, sqlite3 *db);
MUST_CHECK int store_reference_count(uint32_t *n, sqlite3_stmt *count, uint64_t person_id);

#endif
