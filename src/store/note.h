/* note.h — what agents noted of people, as rows. Written by the journal's writer through
 * port/store.h; read by the reader thread (store/accounts.c). */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include "port/journal.h"
#include "sql/sql.h"

struct store_note {
    sqlite3_stmt *put, *bound, *forget, *erase;
};
/* Part of the store's port (person.h). */
MUST_CHECK int store_note_attach(struct store_note *n, sqlite3 *db);
void store_note_detach(struct store_note *n);
MUST_CHECK int store_note_put(struct store_note *n, const struct journal_row *row);
MUST_CHECK int store_note_erase(struct store_note *n, uint64_t person_id);
/* Out of a database that is set aside; one of before these rows has none to give. */
MUST_CHECK int store_note_salvage(struct store_note *n, sqlite3 *from);

/* Of person ?1 the ?2-th newest, from 0, written after ?3: by a statement of STORE_NOTE_READ. 0;
 * ENOENT: there is none; or errno. */
#define STORE_NOTE_READ                                                                            \
    "SELECT id, person_id, contact_id, by, at, words FROM person_note"                             \
    " WHERE person_id = ?1 AND at > ?3 ORDER BY n DESC LIMIT 1 OFFSET ?2"
MUST_CHECK int store_note_read(sqlite3_stmt *st, struct note *note);

#endif
