/* sms.h — text messages in the store: written with the journal, read by who sends them, by the
 * pages, and by `decroche sms` (ADR 23).
 * Writing: by the journal's writer through person.h's port. Reading: on a connection of one's own.
 * Cost: a b-tree write a row. */
#ifndef STORE_SMS_H
#define STORE_SMS_H

#include "port/outbox.h"
#include "port/store.h"
#include "sql/sql.h"

/* The writer's side. */
struct store_sms {
    sqlite3 *db; /* borrowed between attach and detach */
    sqlite3_stmt *put, *state, *stop, *purge, *erase;
};

MUST_CHECK int store_sms_attach(struct store_sms *s, sqlite3 *db);
void store_sms_detach(struct store_sms *s);
/* Inside the open transaction. A message that is known stays as it is; a state never goes back, and
 * an end is never left: a receipt that comes twice changes nothing. */
MUST_CHECK int store_sms_put(struct store_sms *s, const struct journal_row *row);
/* What a person wrote and was written goes with them; before their numbers do. */
MUST_CHECK int store_sms_erase(struct store_sms *s, uint64_t person_id);
/* Messages, STOPs and their key of another database. */
MUST_CHECK int store_sms_salvage(struct store_sms *s, sqlite3 *to, sqlite3 *from);

/* The start: the key, then each hash of who said STOP. 0 or errno; ENOENT: there is no key. */
typedef void store_sms_stop_fn(uint64_t hash, void *arg);
struct store_sms_stops {
    uint64_t k0, k1; /* output, true when fn is called */
    store_sms_stop_fn *fn;
    void *arg;
};
MUST_CHECK int store_sms_read_stops(struct store_sms_stops *r, const struct sql_args *args);

/* The reader's side. */
struct store_outbox {
    sqlite3 *db; /* owned */
    sqlite3_stmt *due, *next, *untold, *look, *find, *person;
};
MUST_CHECK int store_outbox_open(struct store_outbox *o, const struct sql_args *args);
void store_outbox_drop(struct store_outbox *o);
struct outbox_port store_outbox_port(struct store_outbox *o);

/* For people: the newest first, parts in their order. */
struct store_sms_shown {
    struct journal_row row; /* octets; state, why, code, tries_n, times too */
    ms_t queued_at;
    char remote[JOURNAL_SMS_REMOTE];
};
typedef bool store_sms_fn(const struct store_sms_shown *shown, void *arg);
struct store_sms_listing {
    const struct sql_args *sql;
    bool is_received;
    uint32_t n_max;
    store_sms_fn *fn;
    void *arg;
};
MUST_CHECK int store_sms_list(const struct store_sms_listing *listing);

/* How many are in each state, and came; for `status`. */
struct store_sms_counts {
    uint64_t states[4], received_n, stops_n;
    ms_t oldest_at; /* of what is queued; 0: nothing is */
};
MUST_CHECK int store_sms_count(struct store_sms_counts *counts, const struct sql_args *args);

#endif
