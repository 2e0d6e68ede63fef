/* slot.c — see slot.h. Cost: one b-tree write a row. */
#include "store/number.h"
#include "store/slot.h"

#define COLUMNS                                                                                    \
    "contact_id, person_id, number, shown, needs, from_at, until_at, queue_id, reference,"         \
    " entry_id, is_discreet, is_promised"

int store_slot_attach(struct store_slot *s, sqlite3 *db)
{
    int err = sql_prepare(&s->put, db,
                          "INSERT OR REPLACE INTO callback_slot(" COLUMNS ")"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    if (!err)
        err = sql_prepare(&s->drop, db, "DELETE FROM callback_slot WHERE contact_id = ?1");
    if (!err)
        err = sql_prepare(&s->erase, db, "DELETE FROM callback_slot WHERE person_id = ?1");
    return err;
}

void store_slot_detach(struct store_slot *s)
{
    sqlite3_finalize(s->put);
    sqlite3_finalize(s->drop);
    sqlite3_finalize(s->erase);
    *s = (struct store_slot){.put = NULL};
}

int store_slot_put(struct store_slot *s, const struct journal_row *row)
{
    sqlite3_stmt *st = row->slot.e164 ? s->put : s->drop;
    sql_bind_u64(st, 1, row->slot.contact_id);
    if (!row->slot.e164)
        return sql_do(st);
    sql_bind_u64(st, 2, row->person_id);
    store_number_bind(st, 3, row->slot.e164);
    store_number_bind(st, 4, row->slot.shown_e164);
    sql_bind_u64(st, 5, row->slot.needs);
    sqlite3_bind_int64(st, 6, row->slot.from_at);
    sqlite3_bind_int64(st, 7, row->slot.until_at);
    sqlite3_bind_int64(st, 8, row->slot.queue_id);
    sqlite3_bind_int64(st, 9, row->slot.reference);
    sqlite3_bind_int64(st, 10, row->slot.entry_id);
    sqlite3_bind_int(st, 11, row->slot.is_discreet);
    sqlite3_bind_int(st, 12, row->slot.is_promised);
    return sql_do(st);
}

int store_slot_erase(struct store_slot *s, uint64_t person_id)
{
    sql_bind_u64(s->erase, 1, person_id);
    return sql_do(s->erase);
}

/* ---- reading ------------------------------------------------------------------------------ */

static struct journal_row row_of(sqlite3_stmt *st)
{
    return (struct journal_row){.kind = JOURNAL_ROW_SLOT,
                                .person_id = sql_column_u64(st, 1),
                                .slot = {.contact_id = sql_column_u64(st, 0),
                                         .e164 = store_number_column(st, 2),
                                         .shown_e164 = store_number_column(st, 3),
                                         .needs = sql_column_u64(st, 4),
                                         .from_at = sqlite3_column_int64(st, 5),
                                         .until_at = sqlite3_column_int64(st, 6),
                                         .queue_id = (uint32_t)sqlite3_column_int64(st, 7),
                                         .reference = (uint32_t)sqlite3_column_int64(st, 8),
                                         .entry_id = (uint32_t)sqlite3_column_int64(st, 9),
                                         .is_discreet = sqlite3_column_int(st, 10) != 0,
                                         .is_promised = sqlite3_column_int(st, 11) != 0}};
}

static int read_rows(sqlite3 *db, store_wish_fn *fn, void *arg)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db, "SELECT " COLUMNS " FROM callback_slot ORDER BY contact_id");
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        const struct journal_row row = row_of(st);
        fn(&row, arg);
        err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

int store_slot_read(const struct sql_args *args, store_wish_fn *fn, void *arg)
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

/* ---- out of a database that is set aside -------------------------------------------------- */

struct salvage {
    struct store_slot *s;
    int err;
};

static void take(const struct journal_row *row, void *arg)
{
    struct salvage *to = arg;
    if (!to->err && row->slot.e164)
        to->err = store_slot_put(to->s, row);
}

int store_slot_salvage(struct store_slot *s, sqlite3 *from)
{
    struct salvage to = {.s = s};
    int err = read_rows(from, take, &to);
    return err ? err : to.err;
}
