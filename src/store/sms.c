/* sms.c — see sms.h: the writer's side. Invariants: the key is made once, with its table; a state
 * only grows, and nothing follows an end. */
#include <errno.h>
#include <string.h>

#include "store/key.h"
#include "store/sms.h"

/* ---- writing ------------------------------------------------------------------------------ */

int store_sms_attach(struct store_sms *s, sqlite3 *db)
{
    s->db = db;
    int err = store_key_make(db, "INSERT OR IGNORE INTO sms_key VALUES(1, ?1, ?2)");
    if (!err)
        err = sql_prepare(&s->put, db,
                          "INSERT OR IGNORE INTO sms VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                          "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)");
    if (!err)
        err = sql_prepare(&s->state, db,
                          "UPDATE sms SET state = ?2, why = ?3, tries_n = max(tries_n, ?4),"
                          " code = ?5, next_at = ?6, changed_at = ?7,"
                          " remote = CASE WHEN ?8 = '' THEN remote ELSE ?8 END"
                          " WHERE id = ?1 AND part = 0 AND is_received = 0"
                          " AND state < 2 AND state <= ?2");
    if (!err)
        err = sql_prepare(&s->stop, db, "INSERT OR IGNORE INTO sms_stop VALUES(?1, ?2)");
    if (!err)
        err = sql_prepare(&s->purge, db,
                          "DELETE FROM sms WHERE state > 0 AND changed_at < ?1"
                          " AND contact_id NOT IN (SELECT contact_id FROM sms_thread)"
                          " AND contact_id NOT IN (SELECT contact_id FROM web_thread)");
    if (!err)
        err = sql_prepare(&s->erase, db,
                          "DELETE FROM sms WHERE person_id = ?1 OR e164 IN (SELECT "
                          "CAST(substr(number, 2) AS INTEGER) FROM person_number "
                          "WHERE person_id = ?1)");
    return err;
}

void store_sms_detach(struct store_sms *s)
{
    sqlite3_finalize(s->put);
    sqlite3_finalize(s->state);
    sqlite3_finalize(s->stop);
    sqlite3_finalize(s->purge);
    sqlite3_finalize(s->erase);
    *s = (struct store_sms){.db = NULL};
}

static int octets_n(const struct journal_row *row)
{
    unsigned n = row->sms.coding ? row->sms.n : (row->sms.n * 7u + 7) / 8;
    return (int)(n < JOURNAL_SMS_OCTETS ? n : JOURNAL_SMS_OCTETS);
}

static int put_message(struct store_sms *s, const struct journal_row *row)
{
    const int64_t numbers[] = {row->sms.part,
                               row->sms.is_received,
                               row->sms.kind,
                               row->sms.state,
                               row->sms.why,
                               row->sms.coding,
                               row->sms.n,
                               row->sms.tries_n,
                               row->sms.code,
                               (int64_t)row->sms.e164,
                               (int64_t)row->person_id,
                               (int64_t)row->sms.contact_id,
                               row->sms.changed_at,
                               row->sms.changed_at,
                               row->sms.next_at,
                               row->sms.until_at};
    sql_bind_u64(s->put, 1, row->sms.id);
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
        sqlite3_bind_int64(s->put, (int)i + 2, numbers[i]);
    sqlite3_bind_text(s->put, 18, "", 0, SQLITE_STATIC);
    sqlite3_bind_blob(s->put, 19, row->sms.octets, octets_n(row), SQLITE_TRANSIENT);
    return sql_do(s->put);
}

static int put_state(struct store_sms *s, const struct journal_row *row)
{
    size_t remote_n = strnlen(row->sms.remote, sizeof(row->sms.remote));
    sql_bind_u64(s->state, 1, row->sms.id);
    sqlite3_bind_int(s->state, 2, row->sms.state);
    sqlite3_bind_int(s->state, 3, row->sms.why);
    sqlite3_bind_int(s->state, 4, row->sms.tries_n);
    sqlite3_bind_int64(s->state, 5, row->sms.code);
    sqlite3_bind_int64(s->state, 6, row->sms.next_at);
    sqlite3_bind_int64(s->state, 7, row->sms.changed_at);
    sqlite3_bind_text(s->state, 8, row->sms.remote, (int)remote_n, SQLITE_TRANSIENT);
    return sql_do(s->state);
}

/* The bytes of what goes are overwritten, as those of an erased number. */
static int do_surely(struct store_sms *s, sqlite3_stmt *st)
{
    int err = sql_run(s->db, "PRAGMA secure_delete=ON");
    if (!err)
        err = sql_do(st);
    int back = sql_run(s->db, "PRAGMA secure_delete=FAST");
    return err ? err : back;
}

int store_sms_put(struct store_sms *s, const struct journal_row *row)
{
    switch (row->kind) {
    case JOURNAL_ROW_SMS:
        return put_message(s, row);
    case JOURNAL_ROW_SMS_STATE:
        return put_state(s, row);
    case JOURNAL_ROW_SMS_STOP:
        sql_bind_u64(s->stop, 1, row->sms.id);
        sqlite3_bind_int64(s->stop, 2, row->sms.changed_at);
        return sql_do(s->stop);
    case JOURNAL_ROW_SMS_PURGE:
        sqlite3_bind_int64(s->purge, 1, row->sms.changed_at);
        return do_surely(s, s->purge);
    default:
        return EINVAL;
    }
}

int store_sms_erase(struct store_sms *s, uint64_t person_id)
{
    sql_bind_u64(s->erase, 1, person_id);
    return do_surely(s, s->erase);
}

/* ---- out of a database that is set aside -------------------------------------------------- */

static int copy_rows(sqlite3_stmt *to, sqlite3_stmt *from)
{
    bool is_row = false;
    int err = sql_step(from, &is_row);
    while (!err && is_row) {
        for (int i = 0; i < sqlite3_column_count(from); i++)
            sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
        err = sql_do(to);
        if (!err)
            err = sql_step(from, &is_row);
    }
    return err;
}

static int copy_table(sqlite3_stmt *to, sqlite3 *old, const char *select)
{
    sqlite3_stmt *from = NULL;
    int err = sql_prepare(&from, old, select);
    if (!err)
        err = copy_rows(to, from);
    sqlite3_finalize(from);
    return err;
}

int store_sms_salvage(struct store_sms *s, sqlite3 *to, sqlite3 *from)
{
    sqlite3_stmt *key = NULL;
    int err = sql_prepare(&key, to, "INSERT OR REPLACE INTO sms_key VALUES(1, ?1, ?2)");
    if (!err)
        err = copy_table(key, from, "SELECT k0, k1 FROM sms_key WHERE id = 1");
    sqlite3_finalize(key);
    if (!err)
        err = copy_table(s->stop, from, "SELECT hash, at FROM sms_stop");
    if (!err)
        err = copy_table(s->put, from, "SELECT * FROM sms");
    return err;
}
