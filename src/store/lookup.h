/* lookup.h — the worker that finds who calls, so that no disk is waited for on a call's way.
 * Opened by main.c; asked through port/person.h. One thread, a read-only connection, one ring each
 * way. Cost of asking: a copy. */
#ifndef STORE_LOOKUP_H
#define STORE_LOOKUP_H

#include "port/person.h"
#include "sql/sql.h"

/* Questions that wait; further ones are not asked, and their callers are new persons. */
#define STORE_LOOKUPS_MAX 4096
/* New persons remembered until their row is surely committed: the same number, twice at once. */
#define STORE_RECENT_N 1024

struct store_lookup;

/* 0 or errno (ENOENT: no database yet, ENOMEM…). */
MUST_CHECK int store_lookup_open(struct store_lookup **l, const struct sql_args *args);
/* Ends the thread. NULL is fine. */
void store_lookup_drop(struct store_lookup *l);

struct person_port store_lookup_port(struct store_lookup *l);

/* Readable when there are answers, for epoll; then clear and next() until false. */
int store_lookup_fd(const struct store_lookup *l);
void store_lookup_fd_clear(struct store_lookup *l);

#endif
