/* tape.h — the newest records of one thread for others to copy, without a lock: the oldest give
 * way. Over memory of the caller. Called by phone/ (puts) and the reader thread (copies). Cost: a
 * put is one copy, and a word read for each record that gives way; the writer never waits.
 * Invariant: what tape_next() gives was put as a whole, in the order in which it was put. */
#ifndef BASE_TAPE_H
#define BASE_TAPE_H

#include <stdatomic.h>

#include "base/types.h"

/* The longest record; the smallest tape holds a few of them. */
#define TAPE_RECORD_MAX ((size_t)8704)
#define TAPE_BYTES_MIN ((size_t)65536)

/* A place is the number of words ever put before it: it names one record for ever. */
struct tape {
    _Atomic uint64_t *words; /* borrowed */
    uint64_t words_n;
    _Atomic uint64_t begin, end; /* places of the oldest record, and behind the newest */
};

/* Empty, over bytes ≥ TAPE_BYTES_MIN of memory aligned to a word. */
void tape_open(struct tape *t, void *memory, size_t bytes);

/* The writer, one thread only. n ≤ TAPE_RECORD_MAX. */
void tape_put(struct tape *t, const void *record, size_t n);

/* Any thread. The record at *place, or the oldest one when that has given way: its length, and
 * *place is that of the next. 0: there is none yet. to: room for TAPE_RECORD_MAX. */
size_t tape_next(const struct tape *t, uint64_t *place, void *to);

#endif
