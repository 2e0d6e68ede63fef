/* note.c — see note.h. Called by store/person.c. Cost: the notes of one person. */
#include <errno.h>
#include <string.h>

#include "store/note.h"

int store_note_attach(struct store_note *n, sqlite3 *db)
{
    int err = sql_prepare(&n->put, db,
                          "INSERT OR IGNORE INTO person_note(id, person_id, contact_id, by, at, "
                          "words) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    if (!err)
        err = sql_prepare(&n->bound, db,
                          "DELETE FROM person_note WHERE person_id = ?1 AND n <= (SELECT n FROM "
                          "person_note WHERE person_id = ?1 ORDER BY n DESC LIMIT 1 OFFSET ?2)");
    if (!err)
        err = sql_prepare(&n->forget, db, "DELETE FROM person_note WHERE at <= ?1");
    if (!err)
        err = sql_prepare(&n->erase, db, "DELETE FROM person_note WHERE person_id = ?1");
    return err;
}

void store_note_detach(struct store_note *n)
{
    sqlite3_finalize(n->put);
    sqlite3_finalize(n->bound);
    sqlite3_finalize(n->forget);
    sqlite3_finalize(n->erase);
    *n = (struct store_note){.put = NULL};
}

static int put(struct store_note *n, const struct note *note)
{
    sql_bind_u64(n->put, 1, note->id);
    sql_bind_u64(n->put, 2, note->person_id);
    sql_bind_u64(n->put, 3, note->contact_id);
    sql_bind_u64(n->put, 4, note->by_id);
    sqlite3_bind_int64(n->put, 5, note->at);
    sqlite3_bind_text(n->put, 6, note->words, (int)strnlen(note->words, NOTE_BYTES),
                      SQLITE_TRANSIENT);
    return sql_do(n->put);
}

int store_note_put(struct store_note *n, const struct journal_row *row)
{
    const struct note *note = &row->note;
    sqlite3_bind_int64(n->forget, 1, note->at - NOTE_KEPT_MS);
    int err = sql_do(n->forget);
    if (!err)
        err = put(n, note);
    sql_bind_u64(n->bound, 1, note->person_id);
    sqlite3_bind_int64(n->bound, 2, NOTES_PER_PERSON_MAX);
    return err ? err : sql_do(n->bound);
}

int store_note_erase(struct store_note *n, uint64_t person_id)
{
    sql_bind_u64(n->erase, 1, person_id);
    return sql_do(n->erase);
}

/* Of the row on which the statement stands. */
static void take(sqlite3_stmt *st, struct note *note)
{
    size_t n = (size_t)sqlite3_column_bytes(st, 5);
    *note = (struct note){.id = sql_column_u64(st, 0),
                          .person_id = sql_column_u64(st, 1),
                          .contact_id = sql_column_u64(st, 2),
                          .by_id = sql_column_u64(st, 3),
                          .at = sqlite3_column_int64(st, 4)};
    if (n && n < NOTE_BYTES)
        memcpy(note->words, sqlite3_column_text(st, 5), n);
}

int store_note_read(sqlite3_stmt *st, struct note *note)
{
    bool is_row = false;
    int err = sql_step(st, &is_row);
    if (err || !is_row)
        return err ? err : ENOENT;
    take(st, note);
    sqlite3_reset(st);
    return 0;
}

int store_note_salvage(struct store_note *n, sqlite3 *from)
{
    sqlite3_stmt *st = NULL;
    struct note note;
    bool is_row = false;
    int err = sql_prepare(&st, from,
                          "SELECT id, person_id, contact_id, by, at, words FROM person_note"
                          " ORDER BY n");
    if (err)
        return 0; /* it has no such table */
    err = sql_step(st, &is_row);
    while (!err && is_row) {
        take(st, &note);
        err = put(n, &note);
        if (!err)
            err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}
