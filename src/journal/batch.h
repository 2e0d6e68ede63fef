/* batch.h — one row of the journal: the events of one commit and the link to the row before.
 * hash = SHA-256 over: prev_hash (32 bytes), first_id (8 bytes, little-endian), n (4 bytes,
 * little-endian), body. Called by db, walk and verify. No I/O. */
#ifndef JOURNAL_BATCH_H
#define JOURNAL_BATCH_H

#include "event/codec.h"

#define JOURNAL_HASH_BYTES 32

/* Most events in one batch, and most items (events and rows) in one commit. */
#define JOURNAL_BATCH_MAX 1024

struct journal_batch {
    uint64_t first_id;
    uint32_t n;
    ms_t at; /* the latest instant up to the last event */
    uint8_t prev_hash[JOURNAL_HASH_BYTES];
    uint8_t hash[JOURNAL_HASH_BYTES];
    const uint8_t *body; /* borrowed */
    size_t body_n;
};

/* What can be wrong with a journal; the words are in fault.c. */
enum journal_fault {
    FAULT_NONE,
    FAULT_PAGES,   /* SQLite's own structure is damaged */
    FAULT_GAP,     /* ids missing, or given twice */
    FAULT_LINK,    /* prev_hash is not the hash of the batch before */
    FAULT_HASH,    /* hash is not that of the content */
    FAULT_EVENT,   /* an event cannot be read */
    FAULT_ID,      /* an event has another id than its place */
    FAULT_INSTANT, /* the row's instant is not that of its events */
    FAULT_SEAL,    /* the seal of a closed month does not fit, or lacks, or is one too many */
    FAULT_LATER,   /* written by a later version: not damage */
    FAULT_N,
};

/* One sentence: what it is; and what to do. */
const char *journal_fault_why(enum journal_fault fault);
const char *journal_fault_cure(enum journal_fault fault);

/* The hash that this batch must carry. 0, or ENOMEM. */
MUST_CHECK int journal_batch_hash(uint8_t hash[JOURNAL_HASH_BYTES], const struct journal_batch *b);

/* Walks over the events of a body. */
struct journal_cursor {
    const uint8_t *p, *end;
};

struct journal_cursor journal_batch_cursor(const struct journal_batch *b);

/* The next event; only on a batch that journal_batch_check() found sound. False at the end. */
bool journal_cursor_next(struct journal_cursor *c, struct event *ev);

/* Content against hash, ids and instants. at_before: the latest instant before this batch. */
MUST_CHECK int journal_batch_check(enum journal_fault *fault, const struct journal_batch *b,
                                   ms_t at_before);

#endif
