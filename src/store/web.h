/* web.h — who wrote on the page /ecrire, in the store (ADR 54): under the hash of a secret, what
 * their own page needs. What was written stands with the text messages (thread.h). Writing: by the
 * journal's writer through person.h's port. Reading: on a connection of one's own. Cost: a b-tree
 * look-up a row. */
#ifndef STORE_WEB_H
#define STORE_WEB_H

#include "port/store.h"
#include "port/texts.h"
#include "sql/sql.h"

/* The writer's side. */
struct store_web {
    sqlite3_stmt *put, *close, *purge, *erase, *erase_texts;
};
MUST_CHECK int store_web_attach(struct store_web *w, sqlite3 *db);
void store_web_detach(struct store_web *w);
/* Inside the open transaction: JOURNAL_ROW_WEB. */
MUST_CHECK int store_web_put(struct store_web *w, const struct journal_row *row);
/* Over since before then; before the texts of it are purged. */
MUST_CHECK int store_web_purge(struct store_web *w, ms_t before_at);
/* With what was written; before their numbers go. */
MUST_CHECK int store_web_erase(struct store_web *w, uint64_t person_id);
MUST_CHECK int store_web_salvage(struct store_web *w, sqlite3 *from);

/* The start: those that are open. 0 or errno. */
typedef void store_web_fn(const struct journal_row *row, void *arg);
MUST_CHECK int store_web_read(const struct sql_args *args, store_web_fn *fn, void *arg);

/* For pages: by hash and by contact, on a connection that is lent. */
struct store_webs {
    sqlite3_stmt *by_hash, *by_contact;
};
MUST_CHECK int store_webs_prepare(struct store_webs *w, sqlite3 *db);
void store_webs_drop(struct store_webs *w);
/* ENOENT: there is none. */
MUST_CHECK int store_webs_find(struct texts_page *page, struct store_webs *w,
                               const uint8_t hash[JOURNAL_WEB_HASH]);
MUST_CHECK int store_webs_of(struct texts_page *page, struct store_webs *w, uint64_t contact_id);
void store_webs_hash(uint8_t to[JOURNAL_WEB_HASH], struct text secret);

#endif
