/* thread.h — written contacts in the store (ADR 31): the number of each that is open, and what was
 * written to and fro.
 * Writing: by the journal's writer through person.h's port. Reading: on a connection of one's own.
 * Cost: a b-tree look-up a row. */
#ifndef STORE_THREAD_H
#define STORE_THREAD_H

#include "port/store.h"
#include "port/texts.h"
#include "sql/sql.h"
#include "store/web.h"

/* The writer's side. */
struct store_thread {
    sqlite3_stmt *put, *drop, *erase;
};
MUST_CHECK int store_thread_attach(struct store_thread *t, sqlite3 *db);
void store_thread_detach(struct store_thread *t);
/* Inside the open transaction: JOURNAL_ROW_THREAD. */
MUST_CHECK int store_thread_put(struct store_thread *t, const struct journal_row *row);
/* Before their numbers go. */
MUST_CHECK int store_thread_erase(struct store_thread *t, uint64_t person_id);
MUST_CHECK int store_thread_salvage(struct store_thread *t, sqlite3 *from);

/* The start: each open one, then what became of each answer to them, then the ids of the texts that
 * came, at most the newest seen_max, the
 * oldest of them first. 0 or errno. */
struct store_thread_start {
    uint32_t seen_max;
    void (*thread)(const struct journal_row *row, void *arg);
    void (*answer)(const struct journal_row *row, void *arg); /* sms.id, contact_id, state */
    void (*seen)(uint64_t id, void *arg);
    void *arg;
};
MUST_CHECK int store_thread_read(const struct store_thread_start *start,
                                 const struct sql_args *args);

/* For pages. */
struct store_threads {
    sqlite3 *db; /* owned */
    sqlite3_stmt *number, *texts;
    struct store_webs webs; /* of who wrote on the page */
};
MUST_CHECK int store_threads_open(struct store_threads *t, const struct sql_args *args);
void store_threads_drop(struct store_threads *t);
/* ENOENT: this contact is no open written one. */
MUST_CHECK int store_threads_number(uint64_t *e164, struct store_threads *t, uint64_t contact_id);
/* What was written to and fro, the oldest first, at most TEXTS_SHOWN_MAX. */
MUST_CHECK int store_threads_texts(struct store_threads *t, uint64_t contact_id, texts_shown_fn *fn,
                                   void *arg);

#endif
