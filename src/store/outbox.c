/* outbox.c — text messages read: by who sends them (port/outbox.h), at the start, and for people.
 * Each reader has a connection of its own. Cost: an index look-up. */
#include <errno.h>
#include <string.h>

#include "store/key.h"
#include "store/number.h"
#include "store/sms.h"

/* Given at one question. */
#define OUTBOX_N_MAX "64"
#define MESSAGE                                                                                    \
    "id, part, is_received, kind, state, why, coding, n, tries_n, code, e164, person_id, "         \
    "contact_id, queued_at, changed_at, next_at, until_at, octets, remote"

/* ---- who sends ---------------------------------------------------------------------------- */

int store_outbox_open(struct store_outbox *o, const struct sql_args *args)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    *o = (struct store_outbox){.db = NULL};
    int err = sql_open(&o->db, &mine);
    if (!err)
        err = sql_prepare(&o->due, o->db,
                          "SELECT " MESSAGE " FROM sms WHERE state = 0 AND next_at <= ?1"
                          " ORDER BY next_at LIMIT " OUTBOX_N_MAX);
    if (!err)
        err = sql_prepare(&o->next, o->db, "SELECT min(next_at) FROM sms WHERE state = 0");
    if (!err)
        err = sql_prepare(&o->untold, o->db,
                          "SELECT " MESSAGE " FROM sms WHERE state = 1 AND changed_at < ?1"
                          " ORDER BY changed_at LIMIT " OUTBOX_N_MAX);
    if (!err)
        err = sql_prepare(&o->look, o->db,
                          "SELECT state, tries_n FROM sms WHERE id = ?1 AND part = 0");
    if (!err)
        err = sql_prepare(&o->find, o->db,
                          "SELECT id FROM sms WHERE remote = ?1 AND remote <> ''"
                          " ORDER BY queued_at DESC LIMIT 1");
    if (!err)
        err =
            sql_prepare(&o->person, o->db, "SELECT person_id FROM person_number WHERE number = ?1");
    if (err)
        store_outbox_drop(o);
    return err;
}

void store_outbox_drop(struct store_outbox *o)
{
    sqlite3_finalize(o->due);
    sqlite3_finalize(o->next);
    sqlite3_finalize(o->untold);
    sqlite3_finalize(o->look);
    sqlite3_finalize(o->find);
    sqlite3_finalize(o->person);
    sql_drop(o->db);
    *o = (struct store_outbox){.db = NULL};
}

static void read_message(struct store_sms_shown *shown, sqlite3_stmt *st)
{
    struct journal_row *row = &shown->row;
    const void *octets = sqlite3_column_blob(st, 17);
    size_t n = (size_t)sqlite3_column_bytes(st, 17);
    const unsigned char *remote = sqlite3_column_text(st, 18);
    size_t remote_n = (size_t)sqlite3_column_bytes(st, 18);
    *shown = (struct store_sms_shown){.row = {.kind = JOURNAL_ROW_SMS}};
    row->person_id = sql_column_u64(st, 11);
    row->sms.id = sql_column_u64(st, 0);
    row->sms.part = (uint8_t)sqlite3_column_int(st, 1);
    row->sms.is_received = sqlite3_column_int(st, 2);
    row->sms.kind = (uint8_t)sqlite3_column_int(st, 3);
    row->sms.state = (uint8_t)sqlite3_column_int(st, 4);
    row->sms.why = (uint8_t)sqlite3_column_int(st, 5);
    row->sms.coding = (uint8_t)sqlite3_column_int(st, 6);
    row->sms.n = (uint16_t)sqlite3_column_int(st, 7);
    row->sms.tries_n = (uint16_t)sqlite3_column_int(st, 8);
    row->sms.code = (uint32_t)sqlite3_column_int64(st, 9);
    row->sms.e164 = sql_column_u64(st, 10);
    row->sms.contact_id = sql_column_u64(st, 12);
    shown->queued_at = sqlite3_column_int64(st, 13);
    row->sms.changed_at = sqlite3_column_int64(st, 14);
    row->sms.next_at = sqlite3_column_int64(st, 15);
    row->sms.until_at = sqlite3_column_int64(st, 16);
    if (octets)
        memcpy(row->sms.octets, octets, n < JOURNAL_SMS_OCTETS ? n : JOURNAL_SMS_OCTETS);
    if (remote)
        memcpy(shown->remote, remote, remote_n < JOURNAL_SMS_REMOTE - 1 ? remote_n : 0);
}

struct giving {
    outbox_fn *fn;
    void *arg;
};

static int give_all(sqlite3_stmt *st, ms_t at, const struct giving *g)
{
    struct store_sms_shown shown;
    bool is_row = false, wants = true;
    sqlite3_bind_int64(st, 1, at);
    int err = sql_step(st, &is_row);
    while (!err && is_row && wants) {
        read_message(&shown, st);
        wants = g->fn(&shown.row, g->arg);
        if (wants)
            err = sql_step(st, &is_row);
    }
    sqlite3_reset(st);
    return err;
}

/* tidy: parameters — dictated by port/outbox.h */
static int due(void *arg, ms_t now_at, outbox_fn *fn, void *fn_arg)
{
    struct store_outbox *o = arg;
    return give_all(o->due, now_at, &(struct giving){fn, fn_arg});
}

/* tidy: parameters — dictated by port/outbox.h */
static int untold(void *arg, ms_t before_at, outbox_fn *fn, void *fn_arg)
{
    struct store_outbox *o = arg;
    return give_all(o->untold, before_at, &(struct giving){fn, fn_arg});
}

static int next_at(void *arg, ms_t *at)
{
    struct store_outbox *o = arg;
    bool is_row = false;
    int err = sql_step(o->next, &is_row);
    bool is_none = err || !is_row || sqlite3_column_type(o->next, 0) == SQLITE_NULL;
    *at = is_none ? MS_NEVER : sqlite3_column_int64(o->next, 0);
    sqlite3_reset(o->next);
    return err;
}

/* tidy: parameters — dictated by port/outbox.h */
static int look(void *arg, uint64_t id, uint8_t *state, uint16_t *tries_n)
{
    struct store_outbox *o = arg;
    bool is_row = false;
    sql_bind_u64(o->look, 1, id);
    int err = sql_step(o->look, &is_row);
    if (!err && is_row) {
        *state = (uint8_t)sqlite3_column_int(o->look, 0);
        *tries_n = (uint16_t)sqlite3_column_int(o->look, 1);
    }
    sqlite3_reset(o->look);
    return err ? err : is_row ? 0 : ENOENT;
}

static int find(void *arg, const char *remote, uint64_t *id)
{
    struct store_outbox *o = arg;
    bool is_row = false;
    sqlite3_bind_text(o->find, 1, remote, -1, SQLITE_TRANSIENT);
    int err = sql_step(o->find, &is_row);
    if (!err && is_row)
        *id = sql_column_u64(o->find, 0);
    sqlite3_reset(o->find);
    return err ? err : is_row ? 0 : ENOENT;
}

static int person(void *arg, uint64_t e164, uint64_t *person_id)
{
    struct store_outbox *o = arg;
    bool is_row = false;
    store_number_bind(o->person, 1, e164);
    int err = sql_step(o->person, &is_row);
    if (!err && is_row)
        *person_id = sql_column_u64(o->person, 0);
    sqlite3_reset(o->person);
    return err ? err : is_row ? 0 : ENOENT;
}

struct outbox_port store_outbox_port(struct store_outbox *o)
{
    return (struct outbox_port){.arg = o,
                                .due = due,
                                .next_at = next_at,
                                .untold = untold,
                                .look = look,
                                .find = find,
                                .person = person};
}

/* ---- the start, and people ---------------------------------------------------------------- */

static int read_stops(struct store_sms_stops *r, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = store_key_read(&r->k0, &r->k1, db, "SELECT k0, k1 FROM sms_key WHERE id = 1");
    if (!err)
        err = sql_prepare(&st, db, "SELECT hash FROM sms_stop");
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        r->fn(sql_column_u64(st, 0), r->arg);
        err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

static int open_read_only(sqlite3 **db, const struct sql_args *args)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    return sql_open(db, &mine);
}

int store_sms_read_stops(struct store_sms_stops *r, const struct sql_args *args)
{
    sqlite3 *db = NULL;
    int err = open_read_only(&db, args);
    if (!err)
        err = read_stops(r, db);
    sql_drop(db);
    return err;
}

int store_sms_list(const struct store_sms_listing *listing)
{
    struct store_sms_shown shown;
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    bool is_row = false, wants = true;
    int err = open_read_only(&db, listing->sql);
    if (!err)
        err = sql_prepare(&st, db,
                          "SELECT " MESSAGE " FROM sms WHERE is_received = ?1 AND e164 <> 0"
                          " ORDER BY queued_at DESC, id, part LIMIT ?2");
    if (!err) {
        sqlite3_bind_int(st, 1, listing->is_received);
        sqlite3_bind_int64(st, 2, listing->n_max);
        err = sql_step(st, &is_row);
    }
    while (!err && is_row && wants) {
        read_message(&shown, st);
        wants = listing->fn(&shown, listing->arg);
        err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    sql_drop(db);
    return err;
}

static int count_states(struct store_sms_counts *counts, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db,
                          "SELECT state, count(*), min(queued_at) FROM sms"
                          " WHERE is_received = 0 AND e164 <> 0 GROUP BY state");
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        unsigned state = (unsigned)sqlite3_column_int(st, 0) % ARRAY_LEN(counts->states);
        counts->states[state] = sql_column_u64(st, 1);
        counts->oldest_at = state ? counts->oldest_at : sqlite3_column_int64(st, 2);
        err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

int store_sms_count(struct store_sms_counts *counts, const struct sql_args *args)
{
    sqlite3 *db = NULL;
    int64_t received = 0, stops = 0;
    *counts = (struct store_sms_counts){.oldest_at = 0};
    int err = open_read_only(&db, args);
    if (!err)
        err = count_states(counts, db);
    if (!err)
        err = sql_number(&received, db,
                         "SELECT count(*) FROM sms WHERE is_received = 1 AND part = 0"
                         " AND e164 <> 0");
    if (!err)
        err = sql_number(&stops, db, "SELECT count(*) FROM sms_stop");
    counts->received_n = (uint64_t)received;
    counts->stops_n = (uint64_t)stops;
    sql_drop(db);
    return err;
}
