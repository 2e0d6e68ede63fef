/* wish.c — see wish.h. Cost: one b-tree write a row. */
#include <errno.h>

#include "store/number.h"
#include "store/wish.h"

int store_wish_attach(struct store_wish *w, sqlite3 *db)
{
    int err = sql_prepare(&w->put, db,
                          "INSERT OR REPLACE INTO callback_wish"
                          "(contact_id, person_id, number, shown, is_gated)"
                          " VALUES(?1, ?2, ?3, ?4, ?5)");
    if (!err)
        err = sql_prepare(&w->drop, db, "DELETE FROM callback_wish WHERE contact_id = ?1");
    if (!err)
        err = sql_prepare(&w->erase, db, "DELETE FROM callback_wish WHERE person_id = ?1");
    return err;
}

void store_wish_detach(struct store_wish *w)
{
    sqlite3_finalize(w->put);
    sqlite3_finalize(w->drop);
    sqlite3_finalize(w->erase);
    *w = (struct store_wish){.put = NULL};
}

int store_wish_put(struct store_wish *w, const struct journal_row *row)
{
    sqlite3_stmt *st = row->wish.e164 ? w->put : w->drop;
    sql_bind_u64(st, 1, row->wish.contact_id);
    if (row->wish.e164) {
        sql_bind_u64(st, 2, row->person_id);
        store_number_bind(st, 3, row->wish.e164);
        store_number_bind(st, 4, row->wish.shown_e164);
        sqlite3_bind_int(st, 5, row->wish.is_gated);
    }
    return sql_do(st);
}

int store_wish_erase(struct store_wish *w, uint64_t person_id)
{
    sql_bind_u64(w->erase, 1, person_id);
    return sql_do(w->erase);
}

/* ---- reading ------------------------------------------------------------------------------ */

static int read_rows(sqlite3 *db, store_wish_fn *fn, void *arg)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db,
                          "SELECT contact_id, person_id, number, shown, is_gated"
                          " FROM callback_wish ORDER BY contact_id");
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        const struct journal_row row = {.kind = JOURNAL_ROW_WISH,
                                        .person_id = sql_column_u64(st, 1),
                                        .wish = {.contact_id = sql_column_u64(st, 0),
                                                 .e164 = store_number_column(st, 2),
                                                 .shown_e164 = store_number_column(st, 3),
                                                 .is_gated = sqlite3_column_int(st, 4) != 0}};
        fn(&row, arg);
        err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

int store_wish_read(const struct sql_args *args, store_wish_fn *fn, void *arg)
{
    struct sql_args mine = *args;
    sqlite3 *db = NULL;
    mine.is_read_only = true;
    int err = sql_open(&db, &mine);
    if (!err)
        err = read_rows(db, fn, arg);
    sql_drop(db);
    return err;
}

int store_numbers_open(struct store_numbers *n, const struct sql_args *args)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    n->find = NULL;
    int err = sql_open(&n->db, &mine);
    if (!err)
        err = sql_prepare(&n->find, n->db, STORE_NUMBER_OF_PERSON);
    if (err)
        store_numbers_drop(n);
    return err;
}

void store_numbers_drop(struct store_numbers *n)
{
    sqlite3_finalize(n->find);
    sql_drop(n->db);
    n->find = NULL;
    n->db = NULL;
}

int store_number_of(uint64_t *e164, struct store_numbers *n, uint64_t person_id)
{
    bool is_row = false;
    *e164 = 0;
    sql_bind_u64(n->find, 1, person_id);
    int err = sql_step(n->find, &is_row);
    if (!err && is_row)
        *e164 = store_number_column(n->find, 0);
    sqlite3_reset(n->find);
    return err ? err : *e164 ? 0 : ENOENT;
}

/* ---- out of a database that is set aside -------------------------------------------------- */

struct salvage {
    struct store_wish *w;
    int err;
};

static void take(const struct journal_row *row, void *arg)
{
    struct salvage *s = arg;
    if (!s->err && row->wish.e164)
        s->err = store_wish_put(s->w, row);
}

int store_wish_salvage(struct store_wish *w, sqlite3 *from)
{
    struct salvage s = {.w = w};
    int err = read_rows(from, take, &s);
    return err ? err : s.err;
}
