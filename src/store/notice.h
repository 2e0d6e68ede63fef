/* notice.h — the message of the day, as rows: the newest stands. Written by the journal's writer
 * through port/store.h; read by the reader thread (store/accounts.c). */
#ifndef STORE_NOTICE_H
#define STORE_NOTICE_H

#include "port/journal.h"
#include "sql/sql.h"

/* Rows are kept so long. */
#define STORE_NOTICE_MS ((ms_t)366 * 24 * 3600 * 1000)

struct store_notice {
    sqlite3_stmt *put, *forget;
};
/* Part of the store's port (person.h). */
MUST_CHECK int store_notice_attach(struct store_notice *n, sqlite3 *db);
void store_notice_detach(struct store_notice *n);
MUST_CHECK int store_notice_put(struct store_notice *n, const struct journal_row *row);
/* Out of a database that is set aside; one of before these rows has none to give. */
MUST_CHECK int store_notice_salvage(struct store_notice *n, sqlite3 *from);

/* The newest, by a statement of STORE_NOTICE_READ. 0; ENOENT: there is none; or errno. */
#define STORE_NOTICE_READ "SELECT id, at, until_at, by, words FROM notice ORDER BY n DESC LIMIT 1"
MUST_CHECK int store_notice_read(sqlite3_stmt *st, struct notice *notice);

#endif
