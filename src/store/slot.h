/* slot.h — half hours that were sold, as rows beside the map of persons (ADR 27).
 * Written by the journal's writer through port/store.h; read once at the start. */
#ifndef STORE_SLOT_H
#define STORE_SLOT_H

#include "store/wish.h"

struct store_slot {
    sqlite3_stmt *put, *drop, *erase;
};

/* Part of the store's port (person.h). */
MUST_CHECK int store_slot_attach(struct store_slot *s, sqlite3 *db);
void store_slot_detach(struct store_slot *s);
MUST_CHECK int store_slot_put(struct store_slot *s, const struct journal_row *row);
/* Nobody is called any more who was erased. */
MUST_CHECK int store_slot_erase(struct store_slot *s, uint64_t person_id);
/* Out of a database that is set aside; one of before these rows has none to give. */
MUST_CHECK int store_slot_salvage(struct store_slot *s, sqlite3 *from);

/* Start only: each row. */
MUST_CHECK int store_slot_read(const struct sql_args *args, store_wish_fn *fn, void *arg);

#endif
