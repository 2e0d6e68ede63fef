/* reference.c — see reference.h. */
#include "store/reference.h"

int store_reference_attach(struct store_reference *r, sqlite3 *db)
{
    int err = sql_prepare(&r->put, db,
                          "INSERT INTO line_reference(person_id, contact_id, at)"
                          " VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING");
    if (!err)
        err = sql_prepare(&r->purge, db, "DELETE FROM line_reference WHERE at <= ?1");
    if (!err)
        err = sql_prepare(&r->erase, db, "DELETE FROM line_reference WHERE person_id = ?1");
    return err;
}

void store_reference_detach(struct store_reference *r)
{
    sqlite3_finalize(r->put);
    sqlite3_finalize(r->purge);
    sqlite3_finalize(r->erase);
    *r = (struct store_reference){.put = NULL};
}

int store_reference_put(struct store_reference *r, const struct journal_row *row)
{
    sqlite3_bind_int64(r->purge, 1, row->reference.at - STORE_REFERENCE_MS);
    int err = sql_do(r->purge);
    if (err)
        return err;
    sql_bind_u64(r->put, 1, row->person_id);
    sql_bind_u64(r->put, 2, row->reference.contact_id);
    sqlite3_bind_int64(r->put, 3, row->reference.at);
    return sql_do(r->put);
}

int store_reference_erase(struct store_reference *r, uint64_t person_id)
{
    sql_bind_u64(r->erase, 1, person_id);
    return sql_do(r->erase);
}

int store_reference_salvage(struct store_reference *r, sqlite3 *from)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, from, "SELECT person_id, contact_id, at FROM line_reference");
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        for (int i = 0; i < 3; i++)
            sqlite3_bind_value(r->put, i + 1, sqlite3_column_value(st, i));
        err = sql_do(r->put);
        if (!err)
            err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

/* By the wall clock: a house that nobody has called for a week has purged nothing. */
int store_reference_prepare(sqlite3_stmt **count, sqlite3 *db)
{
    return sql_prepare(count, db,
                       "SELECT count(*) FROM line_reference WHERE person_id = ?1"
                       " AND at > (CAST(strftime('%s', 'now') AS INTEGER) - 604800) * 1000");
}

int store_reference_count(uint32_t *n, sqlite3_stmt *count, uint64_t person_id)
{
    bool is_row = false;
    sql_bind_u64(count, 1, person_id);
    int err = sql_step(count, &is_row);
    *n = !err && is_row ? (uint32_t)sqlite3_column_int(count, 0) : 0;
    sqlite3_reset(count);
    return err;
}
