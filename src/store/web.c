/* web.c — see web.h. Invariants: the secret itself is never on the disk; a row that is over is not
 * opened again. */
#include <errno.h>
#include <string.h>

#include <openssl/sha.h>

#include "store/web.h"

#define OF_PERSON                                                                                  \
    "person_id = ?1 OR (e164 <> 0 AND e164 IN (SELECT CAST(substr(number, 2) AS INTEGER) "         \
    "FROM person_number WHERE person_id = ?1))"
#define COLUMNS "contact_id, hash, person_id, e164, queue_id, reference, name, opened_at, closed_at"

int store_web_attach(struct store_web *w, sqlite3 *db)
{
    int err = sql_prepare(&w->put, db,
                          "INSERT OR IGNORE INTO web_thread(" COLUMNS
                          ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    if (!err)
        err = sql_prepare(&w->close, db,
                          "UPDATE web_thread SET closed_at = ?2 WHERE contact_id = ?1"
                          " AND closed_at = 0");
    if (!err)
        err = sql_prepare(&w->purge, db,
                          "DELETE FROM web_thread WHERE closed_at > 0 AND closed_at < ?1");
    if (!err)
        err = sql_prepare(&w->erase, db, "DELETE FROM web_thread WHERE " OF_PERSON);
    if (!err)
        err = sql_prepare(&w->erase_texts, db,
                          "DELETE FROM sms WHERE contact_id IN (SELECT contact_id FROM web_thread"
                          " WHERE " OF_PERSON ")");
    return err;
}

void store_web_detach(struct store_web *w)
{
    sqlite3_finalize(w->put);
    sqlite3_finalize(w->close);
    sqlite3_finalize(w->purge);
    sqlite3_finalize(w->erase);
    sqlite3_finalize(w->erase_texts);
    *w = (struct store_web){.put = NULL};
}

static int put_new(struct store_web *w, const struct journal_row *row)
{
    size_t name_n = strnlen(row->web.name, sizeof(row->web.name));
    sql_bind_u64(w->put, 1, row->web.contact_id);
    sqlite3_bind_blob(w->put, 2, row->web.hash, JOURNAL_WEB_HASH, SQLITE_TRANSIENT);
    sql_bind_u64(w->put, 3, row->person_id);
    sql_bind_u64(w->put, 4, row->web.e164);
    sqlite3_bind_int64(w->put, 5, row->web.queue_id);
    sqlite3_bind_int64(w->put, 6, row->web.reference);
    sqlite3_bind_text(w->put, 7, row->web.name, (int)name_n, SQLITE_TRANSIENT);
    sqlite3_bind_int64(w->put, 8, row->web.opened_at);
    sqlite3_bind_int64(w->put, 9, row->web.closed_at);
    return sql_do(w->put);
}

int store_web_put(struct store_web *w, const struct journal_row *row)
{
    if (!row->web.closed_at)
        return put_new(w, row);
    sql_bind_u64(w->close, 1, row->web.contact_id);
    sqlite3_bind_int64(w->close, 2, row->web.closed_at);
    return sql_do(w->close);
}

int store_web_purge(struct store_web *w, ms_t before_at)
{
    sqlite3_bind_int64(w->purge, 1, before_at);
    return sql_do(w->purge);
}

int store_web_erase(struct store_web *w, uint64_t person_id)
{
    sql_bind_u64(w->erase_texts, 1, person_id);
    int err = sql_do(w->erase_texts);
    sql_bind_u64(w->erase, 1, person_id);
    return err ? err : sql_do(w->erase);
}

/* ---- reading ------------------------------------------------------------------------------ */

static struct journal_row row_of(sqlite3_stmt *st)
{
    struct journal_row row = {.kind = JOURNAL_ROW_WEB, .person_id = sql_column_u64(st, 2)};
    const void *hash = sqlite3_column_blob(st, 1), *name = sqlite3_column_text(st, 6);
    size_t hash_n = (size_t)sqlite3_column_bytes(st, 1);
    size_t name_n = (size_t)sqlite3_column_bytes(st, 6);
    row.web.contact_id = sql_column_u64(st, 0);
    row.web.e164 = sql_column_u64(st, 3);
    row.web.queue_id = (uint32_t)sqlite3_column_int64(st, 4);
    row.web.reference = (uint32_t)sqlite3_column_int64(st, 5);
    row.web.opened_at = sqlite3_column_int64(st, 7);
    row.web.closed_at = sqlite3_column_int64(st, 8);
    if (hash && hash_n == JOURNAL_WEB_HASH)
        memcpy(row.web.hash, hash, JOURNAL_WEB_HASH);
    if (name && name_n < JOURNAL_WEB_NAME)
        memcpy(row.web.name, name, name_n);
    return row;
}

struct giving {
    store_web_fn *fn;
    void *arg;
    struct store_web *to; /* salvage: the rows go there; NULL: to fn */
};

static int give_all(sqlite3 *db, const char *select, const struct giving *g)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db, select);
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        const struct journal_row row = row_of(st);
        if (g->to)
            err = put_new(g->to, &row);
        else
            g->fn(&row, g->arg);
        if (!err)
            err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

int store_web_read(const struct sql_args *args, store_web_fn *fn, void *arg)
{
    struct sql_args mine = *args;
    sqlite3 *db = NULL;
    mine.is_read_only = true;
    int err = sql_open(&db, &mine);
    if (!err)
        err = give_all(db,
                       "SELECT " COLUMNS " FROM web_thread WHERE closed_at = 0 ORDER BY contact_id",
                       &(struct giving){fn, arg, NULL});
    sql_drop(db);
    return err;
}

/* A file of before this table has none to give: that is no loss. */
int store_web_salvage(struct store_web *w, sqlite3 *from)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(&st, from, "SELECT contact_id FROM web_thread LIMIT 1");
    sqlite3_finalize(st);
    if (err)
        return 0;
    return give_all(from, "SELECT " COLUMNS " FROM web_thread", &(struct giving){.to = w});
}

int store_webs_prepare(struct store_webs *w, sqlite3 *db)
{
    int err = sql_prepare(&w->by_hash, db, "SELECT " COLUMNS " FROM web_thread WHERE hash = ?1");
    if (!err)
        err = sql_prepare(&w->by_contact, db,
                          "SELECT " COLUMNS " FROM web_thread WHERE contact_id = ?1");
    return err;
}

void store_webs_drop(struct store_webs *w)
{
    sqlite3_finalize(w->by_hash);
    sqlite3_finalize(w->by_contact);
    *w = (struct store_webs){.by_hash = NULL};
}

static int find(struct texts_page *page, sqlite3_stmt *st)
{
    bool is_row = false;
    int err = sql_step(st, &is_row);
    *page = (struct texts_page){.contact_id = 0};
    if (!err && is_row) {
        const struct journal_row row = row_of(st);
        *page = (struct texts_page){.contact_id = row.web.contact_id,
                                    .e164 = row.web.e164,
                                    .opened_at = row.web.opened_at,
                                    .closed_at = row.web.closed_at,
                                    .queue_id = row.web.queue_id,
                                    .reference = row.web.reference};
        memcpy(page->name, row.web.name, sizeof(page->name));
    }
    sqlite3_reset(st);
    return err ? err : is_row ? 0 : ENOENT;
}

int store_webs_find(struct texts_page *page, struct store_webs *w,
                    const uint8_t hash[JOURNAL_WEB_HASH])
{
    sqlite3_bind_blob(w->by_hash, 1, hash, JOURNAL_WEB_HASH, SQLITE_TRANSIENT);
    return find(page, w->by_hash);
}

int store_webs_of(struct texts_page *page, struct store_webs *w, uint64_t contact_id)
{
    sql_bind_u64(w->by_contact, 1, contact_id);
    return find(page, w->by_contact);
}

void store_webs_hash(uint8_t to[JOURNAL_WEB_HASH], struct text secret)
{
    SHA256((const unsigned char *)secret.p, secret.n, to);
}
