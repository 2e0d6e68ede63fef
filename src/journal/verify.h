/* verify.h — is this journal what was written, all of it, in its order?
 * Called by `decroche verify`, backup and restore. Reads only; also beside a running service. */
#ifndef JOURNAL_VERIFY_H
#define JOURNAL_VERIFY_H

#include "journal/batch.h"
#include "sql/sql.h"

enum journal_verdict {
    JOURNAL_SOUND,
    JOURNAL_BROKEN,     /* fault, place, why and cure say it */
    JOURNAL_UNREADABLE, /* not opened, or written by a later version: err says why */
};

#define JOURNAL_PLACE_BYTES 200

struct journal_report {
    enum journal_verdict verdict;
    int err; /* errno, when unreadable */
    enum journal_fault fault;
    char place[JOURNAL_PLACE_BYTES];  /* where the first fault is */
    uint64_t batches_n, last_id;      /* of the sound part; last_id is also the number of events */
    ms_t last_at;                     /* the latest instant of it; INT64_MIN when empty */
    uint8_t hash[JOURNAL_HASH_BYTES]; /* of its last batch: compare it with the one published */
    unsigned months_n;                /* closed months whose seal fits */
    unsigned snapshots_n, snapshots_bad_n; /* damaged ones cost time at start, nothing else */
};

/* Pages (SQLite's integrity_check), then the chain from its first batch, seals, snapshots. Stops at
 * the first fault. Cost: one reading of the file. */
void journal_verify(struct journal_report *r, const struct sql_args *args);

/* One sentence about the whole, with the cure when there is something to cure. */
const char *journal_report_why(const struct journal_report *r);
const char *journal_report_cure(const struct journal_report *r);

#endif
