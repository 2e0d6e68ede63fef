/* key.h — the key of a table whose rows stand under a keyed hash: 128 random bits in a row of its
 * own, made once with the table. Called by gate.c and sms.c. */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include "sql/sql.h"

/* insert: of ?1 and ?2, which leaves a key that is there as it is. */
MUST_CHECK int store_key_make(sqlite3 *db, const char *insert);
/* select: of both. ENOENT: there is none. */
MUST_CHECK int store_key_read(uint64_t *k0, uint64_t *k1, sqlite3 *db, const char *select);

#endif
