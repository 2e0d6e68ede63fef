/* person.h — number → random person id. The only place that knows both.
 * A person of the journal is a number without meaning; this map gives it one, and forgets it when
 * the person is erased (design §5).
 * Writing: by the journal's writer through port/store.h. Reading: by a worker, on a connection of
 * its own. */
#ifndef STORE_PERSON_H
#define STORE_PERSON_H

#include "port/store.h"
#include "sql/sql.h"
#include "store/account.h"
#include "store/gate.h"
#include "store/never.h"
#include "store/note.h"
#include "store/notice.h"
#include "store/reference.h"
#include "store/slot.h"
#include "store/sms.h"
#include "store/thread.h"
#include "store/web.h"
#include "store/wish.h"

/* The writer's side. */
struct store_person {
    sqlite3 *db; /* borrowed between attach and detach */
    sqlite3_stmt *put, *erase;
    struct store_gate gate;
    struct store_never never;
    struct store_sms sms;
    struct store_wish wish;
    struct store_thread thread;
    struct store_slot slot;
    struct store_reference reference;
    struct store_account account;
    struct store_notice notice;
    struct store_note note;
    struct store_web web;
};

/* The port that journal_open() takes, for all that the store keeps; p must outlive the journal. */
struct store_port store_person_port(struct store_person *p);

/* The reader's side. */
struct store_reader {
    sqlite3 *db; /* owned */
    sqlite3_stmt *find, *count;
};

MUST_CHECK int store_reader_open(struct store_reader *r, const struct sql_args *args);
void store_reader_drop(struct store_reader *r);

/* The person of this number; ENOENT when nobody has it. */
MUST_CHECK int store_person_find(uint64_t *person_id, struct store_reader *r, const char *number);

/* How many references were given to who called from there, in the last seven days. */
MUST_CHECK int store_person_references(uint32_t *n, struct store_reader *r, uint64_t person_id);

/* A new random id, never 0. */
MUST_CHECK int store_person_new(uint64_t *person_id);

#endif
