/* latest.h — one value that one thread writes and others copy, without a lock: the newest wins.
 * Called by main (writes) and the reader thread (copies). Cost: a copy of n bytes; the writer never
 * waits. A copy that met the writer is taken again, at most LATEST_TRIES_MAX times.
 * Invariant: what latest_get() gives was put as a whole. */
#ifndef BASE_LATEST_H
#define BASE_LATEST_H

#include <stdatomic.h>

#include "base/types.h"

#define LATEST_BYTES_MAX 4096
#define LATEST_TRIES_MAX 1000

/* Zeros at first: nothing was put yet. */
struct latest {
    _Atomic uint64_t turn; /* odd while the writer writes */
    _Atomic uint64_t words[LATEST_BYTES_MAX / sizeof(uint64_t)];
};

/* The writer, one thread only. n ≤ LATEST_BYTES_MAX. */
void latest_put(struct latest *l, const void *value, size_t n);

/* Any thread. False: nothing was put yet, or the writer was met at each try; value is unchanged. */
MUST_CHECK bool latest_get(const struct latest *l, void *value, size_t n);

/* Grows by 2 with each put: whether the writer still lives can be seen from it. */
uint64_t latest_turn(const struct latest *l);

#endif
