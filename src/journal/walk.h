/* walk.h — from batch to batch along the chain, each one checked before it is shown.
 * Called by the journal's read, verify, replay and set-aside. Cost: SHA-256 and two decodes. */
#ifndef JOURNAL_WALK_H
#define JOURNAL_WALK_H

#include "journal/db.h"

struct journal_walk {
    sqlite3_stmt *st;                 /* owned */
    uint64_t good_id;                 /* all up to here is sound, as far as this walk has seen */
    ms_t at;                          /* the latest instant up to good_id */
    uint8_t hash[JOURNAL_HASH_BYTES]; /* of the batch that ends at good_id */
    enum journal_fault fault;         /* set when next answered EBADMSG or ENOTSUP */
};

/* From the batch that holds after_id + 1, or from the first one. */
MUST_CHECK int journal_walk_open(struct journal_walk *w, sqlite3 *db, uint64_t after_id);
void journal_walk_drop(struct journal_walk *w);

/* After ENOENT or an error that may pass: from good_id on once more, over what was committed since;
 * also lets the writer's WAL go. A fault stays where it is. */
MUST_CHECK int journal_walk_again(struct journal_walk *w);

/* The next batch, borrowed until the next call. ENOENT: the end. EBADMSG, or ENOTSUP when a later
 * version wrote it: w->fault says what is wrong after good_id. */
MUST_CHECK int journal_walk_next(struct journal_walk *w, struct journal_batch *b);

/* All events with id > after_id, as port/journal.h says it. 0, or what next answered. */
struct journal_reading {
    uint64_t after_id;
    journal_event_fn *fn;
    void *arg;
};
MUST_CHECK int journal_walk_read(struct journal_walk *w, const struct journal_reading *r);

#endif
