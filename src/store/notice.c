/* notice.c — see notice.h. Called by store/person.c. */
#include <errno.h>
#include <string.h>

#include "store/notice.h"

int store_notice_attach(struct store_notice *n, sqlite3 *db)
{
    int err = sql_prepare(&n->put, db,
                          "INSERT OR IGNORE INTO notice(id, at, until_at, by, words)"
                          " VALUES(?1, ?2, ?3, ?4, ?5)");
    return err ? err : sql_prepare(&n->forget, db, "DELETE FROM notice WHERE at <= ?1");
}

void store_notice_detach(struct store_notice *n)
{
    sqlite3_finalize(n->put);
    sqlite3_finalize(n->forget);
    *n = (struct store_notice){.put = NULL};
}

int store_notice_put(struct store_notice *n, const struct journal_row *row)
{
    const struct notice *notice = &row->notice;
    sqlite3_bind_int64(n->forget, 1, notice->at - STORE_NOTICE_MS);
    int err = sql_do(n->forget);
    if (err)
        return err;
    sql_bind_u64(n->put, 1, notice->id);
    sqlite3_bind_int64(n->put, 2, notice->at);
    sqlite3_bind_int64(n->put, 3, notice->until_at);
    sql_bind_u64(n->put, 4, notice->by_id);
    sqlite3_bind_text(n->put, 5, notice->words, (int)strnlen(notice->words, NOTICE_BYTES),
                      SQLITE_TRANSIENT);
    return sql_do(n->put);
}

int store_notice_read(sqlite3_stmt *st, struct notice *notice)
{
    bool is_row = false;
    int err = sql_step(st, &is_row);
    if (err || !is_row)
        return err ? err : ENOENT;
    size_t n = (size_t)sqlite3_column_bytes(st, 4);
    *notice = (struct notice){.id = sql_column_u64(st, 0),
                              .at = sqlite3_column_int64(st, 1),
                              .until_at = sqlite3_column_int64(st, 2),
                              .by_id = sql_column_u64(st, 3)};
    if (n && n < NOTICE_BYTES)
        memcpy(notice->words, sqlite3_column_text(st, 4), n);
    sqlite3_reset(st);
    return 0;
}

int store_notice_salvage(struct store_notice *n, sqlite3 *from)
{
    sqlite3_stmt *st = NULL;
    struct journal_row row = {.kind = JOURNAL_ROW_NOTICE};
    int err = sql_prepare(&st, from, STORE_NOTICE_READ);
    if (err)
        return 0; /* it has no such table */
    err = store_notice_read(st, &row.notice);
    if (!err)
        err = store_notice_put(n, &row);
    sqlite3_finalize(st);
    return err == ENOENT ? 0 : err;
}
