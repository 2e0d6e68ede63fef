/* gate.c — see gate.h. Cost: one b-tree write a row; the purge walks the rows once a day.
 * Invariant: the key is made once, with its table, and outlives every row. */
#include "store/gate.h"
#include "store/key.h"

#define READ_KEY "SELECT k0, k1 FROM gate_key WHERE id = 1"
#define SCOPE_WISH 6 /* enum gate_scope of gate/state.h, as it is kept */

int store_gate_attach(struct store_gate *g, sqlite3 *db)
{
    int err = store_key_make(db, "INSERT OR IGNORE INTO gate_key VALUES(1, ?1, ?2)");
    if (!err)
        err = sql_prepare(&g->put, db,
                          "INSERT OR REPLACE INTO gate_row(key, scope, day, calls_n, cost, open_n)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    if (!err)
        err = sql_prepare(&g->drop, db, "DELETE FROM gate_row WHERE key = ?1");
    if (!err)
        err = sql_prepare(&g->purge, db,
                          "DELETE FROM gate_row WHERE day < ?1 - ?2"
                          " OR (day < ?1 AND open_n = 0 AND scope <> ?3)");
    return err;
}

void store_gate_detach(struct store_gate *g)
{
    sqlite3_finalize(g->put);
    sqlite3_finalize(g->drop);
    sqlite3_finalize(g->purge);
    *g = (struct store_gate){.put = NULL};
}

static int purge(struct store_gate *g, int32_t day)
{
    sqlite3_bind_int(g->purge, 1, day);
    sqlite3_bind_int(g->purge, 2, STORE_GATE_DAYS_MAX);
    sqlite3_bind_int(g->purge, 3, SCOPE_WISH);
    return sql_do(g->purge);
}

int store_gate_put(struct store_gate *g, const struct journal_row *row)
{
    bool holds = row->gate.calls_n || row->gate.cost || row->gate.open_n;
    if (!row->gate.key)
        return purge(g, row->gate.day);
    sqlite3_stmt *st = holds ? g->put : g->drop;
    sql_bind_u64(st, 1, row->gate.key);
    if (holds) {
        sqlite3_bind_int(st, 2, row->gate.scope);
        sqlite3_bind_int(st, 3, row->gate.day);
        sqlite3_bind_int64(st, 4, row->gate.calls_n);
        sql_bind_u64(st, 5, row->gate.cost);
        sqlite3_bind_int(st, 6, row->gate.open_n);
    }
    return sql_do(st);
}

/* ---- reading ------------------------------------------------------------------------------ */

static int read_rows(store_gate_fn *fn, void *arg, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db, "SELECT key, scope, day, calls_n, cost, open_n FROM gate_row");
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        const struct journal_row row = {.kind = JOURNAL_ROW_GATE,
                                        .gate = {.key = sql_column_u64(st, 0),
                                                 .scope = (uint8_t)sqlite3_column_int(st, 1),
                                                 .day = sqlite3_column_int(st, 2),
                                                 .calls_n = (uint32_t)sqlite3_column_int64(st, 3),
                                                 .cost = sql_column_u64(st, 4),
                                                 .open_n = (uint16_t)sqlite3_column_int(st, 5)}};
        fn(&row, arg);
        err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

int store_gate_read(struct store_gate_reading *r, const struct sql_args *args)
{
    struct sql_args mine = *args;
    sqlite3 *db = NULL;
    mine.is_read_only = true;
    int err = sql_open(&db, &mine);
    if (!err)
        err = store_key_read(&r->k0, &r->k1, db, READ_KEY);
    if (!err)
        err = read_rows(r->fn, r->arg, db);
    sql_drop(db);
    return err;
}

/* ---- out of a database that is set aside -------------------------------------------------- */

struct salvage {
    struct store_gate *g;
    int err;
};

static void take(const struct journal_row *row, void *arg)
{
    struct salvage *s = arg;
    if (!s->err && row->gate.key)
        s->err = store_gate_put(s->g, row);
}

static int put_key(sqlite3 *db, uint64_t k0, uint64_t k1)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(&st, db, "UPDATE gate_key SET k0 = ?1, k1 = ?2");
    if (err)
        return err;
    sql_bind_u64(st, 1, k0);
    sql_bind_u64(st, 2, k1);
    err = sql_do(st);
    sqlite3_finalize(st);
    return err;
}

int store_gate_salvage(struct store_gate *g, sqlite3 *to, sqlite3 *from)
{
    struct salvage s = {.g = g};
    uint64_t k0, k1;
    int err = store_key_read(&k0, &k1, from, READ_KEY);
    if (!err)
        err = put_key(to, k0, k1);
    if (!err)
        err = read_rows(take, &s, from);
    return err ? err : s.err;
}
