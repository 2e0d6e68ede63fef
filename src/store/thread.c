/* thread.c — see thread.h. */
#include <errno.h>
#include <string.h>

#include "store/thread.h"

#define STRING(n) #n
#define LIMIT(n) STRING(n)

int store_thread_attach(struct store_thread *t, sqlite3 *db)
{
    int err = sql_prepare(&t->put, db, "INSERT OR REPLACE INTO sms_thread VALUES(?1, ?2, ?3)");
    if (!err)
        err = sql_prepare(&t->drop, db, "DELETE FROM sms_thread WHERE contact_id = ?1");
    if (!err)
        err = sql_prepare(&t->erase, db,
                          "DELETE FROM sms_thread WHERE person_id = ?1 OR e164 IN (SELECT "
                          "CAST(substr(number, 2) AS INTEGER) FROM person_number "
                          "WHERE person_id = ?1)");
    return err;
}

void store_thread_detach(struct store_thread *t)
{
    sqlite3_finalize(t->put);
    sqlite3_finalize(t->drop);
    sqlite3_finalize(t->erase);
    *t = (struct store_thread){.put = NULL};
}

int store_thread_put(struct store_thread *t, const struct journal_row *row)
{
    sqlite3_stmt *st = row->thread.e164 ? t->put : t->drop;
    sql_bind_u64(st, 1, row->thread.contact_id);
    if (row->thread.e164) {
        sql_bind_u64(st, 2, row->person_id);
        sql_bind_u64(st, 3, row->thread.e164);
    }
    return sql_do(st);
}

int store_thread_erase(struct store_thread *t, uint64_t person_id)
{
    sql_bind_u64(t->erase, 1, person_id);
    return sql_do(t->erase);
}

/* ---- the start ---------------------------------------------------------------------------- */

typedef void row_fn(sqlite3_stmt *st, const struct store_thread_start *start);

static int for_each(sqlite3_stmt *st, row_fn *fn, const struct store_thread_start *start)
{
    bool is_row = false;
    int err = sql_step(st, &is_row);
    while (!err && is_row) {
        fn(st, start);
        err = sql_step(st, &is_row);
    }
    return err;
}

static void give_thread(sqlite3_stmt *st, const struct store_thread_start *start)
{
    const struct journal_row row = {
        .kind = JOURNAL_ROW_THREAD,
        .person_id = sql_column_u64(st, 1),
        .thread = {.contact_id = sql_column_u64(st, 0), .e164 = sql_column_u64(st, 2)}};
    start->thread(&row, start->arg);
}

static void give_answer(sqlite3_stmt *st, const struct store_thread_start *start)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS_STATE};
    row.sms.id = sql_column_u64(st, 0);
    row.sms.contact_id = sql_column_u64(st, 1);
    row.sms.state = (uint8_t)sqlite3_column_int(st, 2);
    start->answer(&row, start->arg);
}

static void give_seen(sqlite3_stmt *st, const struct store_thread_start *start)
{
    start->seen(sql_column_u64(st, 0), start->arg);
}

static int run(sqlite3 *db, const char *select, row_fn *fn, const struct store_thread_start *start)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(&st, db, select);
    if (!err && fn == give_seen)
        sqlite3_bind_int64(st, 1, start->seen_max);
    if (!err)
        err = for_each(st, fn, start);
    sqlite3_finalize(st);
    return err;
}

#define THREADS "SELECT contact_id, person_id, e164 FROM sms_thread ORDER BY contact_id"

static int read_all(sqlite3 *db, const struct store_thread_start *start)
{
    int err = run(db, THREADS, give_thread, start);
    if (!err)
        err = run(db,
                  "SELECT id, contact_id, state FROM sms WHERE is_received = 0"
                  " AND kind = " LIMIT(TEXTS_KIND_ANSWER) " AND contact_id IN (SELECT contact_id "
                                                          "FROM sms_thread) ORDER BY queued_at, id",
                  give_answer, start);
    if (!err)
        err = run(db,
                  "SELECT id FROM (SELECT id, queued_at FROM sms WHERE is_received = 1"
                  " AND part = 0 ORDER BY queued_at DESC LIMIT ?1) ORDER BY queued_at",
                  give_seen, start);
    return err;
}

static int open_read_only(sqlite3 **db, const struct sql_args *args)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    return sql_open(db, &mine);
}

int store_thread_read(const struct store_thread_start *start, const struct sql_args *args)
{
    sqlite3 *db = NULL;
    int err = open_read_only(&db, args);
    if (!err)
        err = read_all(db, start);
    sql_drop(db);
    return err;
}

/* ---- out of a database that is set aside -------------------------------------------------- */

struct salvage {
    struct store_thread *t;
    int err;
};

static void take(const struct journal_row *row, void *arg)
{
    struct salvage *to = arg;
    if (!to->err && row->thread.e164)
        to->err = store_thread_put(to->t, row);
}

int store_thread_salvage(struct store_thread *t, sqlite3 *from)
{
    struct salvage to = {.t = t};
    const struct store_thread_start start = {.thread = take, .arg = &to};
    int err = run(from, THREADS, give_thread, &start);
    return err ? err : to.err;
}

/* ---- pages -------------------------------------------------------------------------------- */

int store_threads_open(struct store_threads *t, const struct sql_args *args)
{
    *t = (struct store_threads){.db = NULL};
    int err = open_read_only(&t->db, args);
    if (!err)
        err = sql_prepare(&t->number, t->db, "SELECT e164 FROM sms_thread WHERE contact_id = ?1");
    if (!err)
        err = sql_prepare(&t->texts, t->db,
                          "SELECT id, is_received, kind, state, why, coding, n, queued_at, octets"
                          " FROM sms WHERE contact_id = ?1 AND contact_id <> 0"
                          " ORDER BY queued_at, id, part LIMIT " LIMIT(TEXTS_SHOWN_MAX));
    if (!err)
        err = store_webs_prepare(&t->webs, t->db);
    if (err)
        store_threads_drop(t);
    return err;
}

void store_threads_drop(struct store_threads *t)
{
    sqlite3_finalize(t->number);
    sqlite3_finalize(t->texts);
    store_webs_drop(&t->webs);
    sql_drop(t->db);
    *t = (struct store_threads){.db = NULL};
}

int store_threads_number(uint64_t *e164, struct store_threads *t, uint64_t contact_id)
{
    bool is_row = false;
    sql_bind_u64(t->number, 1, contact_id);
    int err = sql_step(t->number, &is_row);
    *e164 = !err && is_row ? sql_column_u64(t->number, 0) : 0;
    sqlite3_reset(t->number);
    return err ? err : *e164 ? 0 : ENOENT;
}

static struct texts_shown shown_of(sqlite3_stmt *st)
{
    struct texts_shown shown = {.id = sql_column_u64(st, 0),
                                .is_received = sqlite3_column_int(st, 1) != 0,
                                .kind = (uint8_t)sqlite3_column_int(st, 2),
                                .state = (uint8_t)sqlite3_column_int(st, 3),
                                .why = (uint8_t)sqlite3_column_int(st, 4),
                                .coding = (uint8_t)sqlite3_column_int(st, 5),
                                .n = (uint16_t)sqlite3_column_int(st, 6),
                                .at = sqlite3_column_int64(st, 7)};
    const void *octets = sqlite3_column_blob(st, 8);
    size_t n = (size_t)sqlite3_column_bytes(st, 8);
    if (octets)
        memcpy(shown.octets, octets, n < JOURNAL_SMS_OCTETS ? n : JOURNAL_SMS_OCTETS);
    return shown;
}

int store_threads_texts(struct store_threads *t, uint64_t contact_id, texts_shown_fn *fn, void *arg)
{
    bool is_row = false;
    sql_bind_u64(t->texts, 1, contact_id);
    int err = sql_step(t->texts, &is_row);
    while (!err && is_row) {
        const struct texts_shown shown = shown_of(t->texts);
        fn(&shown, arg);
        err = sql_step(t->texts, &is_row);
    }
    sqlite3_reset(t->texts);
    return err;
}
