/* pending.h — what pages may know of numbers: a read-only look at the rows of wishes and of those
 * who are never called. Opened by cli/serve_numbers.c, used by the reader thread alone. */
#ifndef STORE_PENDING_H
#define STORE_PENDING_H

#include "port/numbers.h"
#include "store/never.h"
#include "store/wish.h"

struct store_pending {
    sqlite3 *db; /* owned */
    sqlite3_stmt *wish, *never, *never_n, *slots, *slot, *sold, *person;
    const struct store_never_key *key; /* borrowed */
};

/* 0 or errno; nothing is left open then. */
MUST_CHECK int store_pending_open(struct store_pending *p, const struct sql_args *args,
                                  const struct store_never_key *key);
void store_pending_drop(struct store_pending *p);
struct numbers_port store_pending_port(struct store_pending *p);

#endif
