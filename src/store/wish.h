/* wish.h — numbers of those whom we promised to call, as rows beside the map of persons (ADR 25).
 * Written by the journal's writer through port/store.h; read once at the start. */
#ifndef STORE_WISH_H
#define STORE_WISH_H

#include "port/journal.h"
#include "sql/sql.h"

struct store_wish {
    sqlite3_stmt *put, *drop, *erase;
};

/* Part of the store's port (person.h). */
MUST_CHECK int store_wish_attach(struct store_wish *w, sqlite3 *db);
void store_wish_detach(struct store_wish *w);
MUST_CHECK int store_wish_put(struct store_wish *w, const struct journal_row *row);
/* All that this person is to be called at goes. */
MUST_CHECK int store_wish_erase(struct store_wish *w, uint64_t person_id);
/* Out of a database that is set aside; one of before these rows has none to give. */
MUST_CHECK int store_wish_salvage(struct store_wish *w, sqlite3 *from);

/* Start only: each row, then the number that a person calls from. */
typedef void store_wish_fn(const struct journal_row *row, void *arg);
MUST_CHECK int store_wish_read(const struct sql_args *args, store_wish_fn *fn, void *arg);
struct store_numbers {
    sqlite3 *db; /* owned */
    sqlite3_stmt *find;
};
#define STORE_NUMBER_OF_PERSON "SELECT number FROM person_number WHERE person_id = ?1"
MUST_CHECK int store_numbers_open(struct store_numbers *n, const struct sql_args *args);
void store_numbers_drop(struct store_numbers *n);
/* 0; ENOENT: nobody has this id, or it was erased. */
MUST_CHECK int store_number_of(uint64_t *e164, struct store_numbers *n, uint64_t person_id);

#endif
