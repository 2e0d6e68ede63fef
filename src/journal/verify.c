/* verify.c — is this journal what was written?
 * Called by `decroche verify`, backup and restore.
 * Invariant: says "sound" only after every event was decoded under a hash that follows from the
 * first batch. What it cannot see: an end that was cut off with care; for that, compare the last
 * hash with one that was published. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "journal/snapshot.h"
#include "journal/verify.h"
#include "journal/walk.h"

struct checker {
    struct journal_report *r;
    sqlite3 *db;
    sqlite3_stmt *seal;
    uint64_t month_first_id;
};

static void find(struct journal_report *r, enum journal_fault fault, const char *place)
{
    r->verdict = JOURNAL_BROKEN;
    r->fault = fault;
    snprintf(r->place, sizeof(r->place), "%s", place);
}

static int check_pages(struct journal_report *r, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db, "PRAGMA integrity_check(1)");
    if (!err)
        err = sql_step(st, &is_row);
    const char *text = !err && is_row ? (const char *)sqlite3_column_text(st, 0) : NULL;
    if (text && strcmp(text, "ok") != 0)
        find(r, FAULT_PAGES, text);
    sqlite3_finalize(st);
    return err;
}

/* ---- seals ---- */

static bool seal_fits(const struct checker *c, const struct journal_walk *w)
{
    uint8_t hash[JOURNAL_HASH_BYTES];
    return sql_column_u64(c->seal, 0) == c->month_first_id &&
           sql_column_u64(c->seal, 1) == w->good_id &&
           sql_column_u64(c->seal, 2) == w->good_id - c->month_first_id + 1 &&
           journal_hash_take(hash, c->seal, 3) && !memcmp(hash, w->hash, sizeof(hash));
}

/* The walk is about to leave the month of w->at. */
static int check_seal(struct checker *c, const struct journal_walk *w)
{
    char place[JOURNAL_PLACE_BYTES];
    bool is_row = false;
    sqlite3_bind_int64(c->seal, 1, civil_month(w->at));
    int err = sql_step(c->seal, &is_row);
    if (err)
        return err;
    if (is_row && seal_fits(c, w)) {
        c->r->months_n++;
    } else {
        snprintf(place, sizeof(place), "month %" PRId64 ", events %" PRIu64 " to %" PRIu64,
                 civil_month(w->at), c->month_first_id, w->good_id);
        find(c->r, FAULT_SEAL, place);
    }
    c->month_first_id = w->good_id + 1;
    sqlite3_reset(c->seal);
    return 0;
}

static int check_seals_n(struct checker *c)
{
    char place[JOURNAL_PLACE_BYTES];
    int64_t n = 0;
    int err = sql_number(&n, c->db, "SELECT count(*) FROM journal_month");
    if (err || n == (int64_t)c->r->months_n)
        return err;
    snprintf(place, sizeof(place), "%" PRId64 " months are closed, the events know %u", n,
             c->r->months_n);
    find(c->r, FAULT_SEAL, place);
    return 0;
}

/* ---- the chain ---- */

static void take_good(struct journal_report *r, const struct journal_walk *w)
{
    r->last_id = w->good_id;
    r->last_at = w->at;
    memcpy(r->hash, w->hash, sizeof(r->hash));
}

/* What the walk stumbled over. */
static int find_break(struct checker *c, const struct journal_walk *w, int err)
{
    char place[JOURNAL_PLACE_BYTES];
    if (err != EBADMSG)
        return err;
    snprintf(place, sizeof(place), "the batch after event %" PRIu64, w->good_id);
    find(c->r, w->fault, place);
    return 0;
}

static int walk_chain(struct checker *c, struct journal_walk *w)
{
    struct journal_batch b;
    for (;;) {
        struct journal_walk before = *w;
        int err = journal_walk_next(w, &b);
        if (err)
            return err == ENOENT ? 0 : find_break(c, w, err);
        if (before.good_id && civil_month(before.at) != civil_month(w->at))
            err = check_seal(c, &before);
        if (err || c->r->verdict != JOURNAL_SOUND)
            return err;
        c->r->batches_n++;
        take_good(c->r, w);
    }
}

static int check_chain(struct checker *c)
{
    struct journal_walk w = {.st = NULL};
    int err = sql_prepare(&c->seal, c->db,
                          "SELECT first_id, last_id, n, hash FROM journal_month WHERE month = ?1");
    if (!err)
        err = journal_walk_open(&w, c->db, 0);
    if (!err) {
        take_good(c->r, &w);
        err = walk_chain(c, &w);
    }
    if (!err && c->r->verdict == JOURNAL_SOUND)
        err = check_seals_n(c);
    journal_walk_drop(&w);
    sqlite3_finalize(c->seal);
    return err;
}

/* ---- all ---- */

static int check_all(struct journal_report *r, sqlite3 *db)
{
    struct checker c = {.r = r, .db = db, .month_first_id = 1};
    struct snapshot_query q = {.last_id_max = UINT64_MAX};
    int err = check_pages(r, db);
    if (!err && r->verdict == JOURNAL_SOUND)
        err = check_chain(&c);
    if (err || r->verdict != JOURNAL_SOUND)
        return err;
    err = snapshot_count(&q, db);
    r->snapshots_n = q.sound_n;
    r->snapshots_bad_n = q.bad_n;
    return err;
}

void journal_verify(struct journal_report *r, const struct sql_args *args)
{
    struct sql_args mine = *args;
    sqlite3 *db = NULL;
    mine.is_read_only = true;
    memset(r, 0, sizeof(*r));
    r->last_at = INT64_MIN;
    int err = sql_open(&db, &mine);
    if (!err)
        err = check_all(r, db);
    if (err == EBADMSG) {
        find(r, FAULT_PAGES, db ? sqlite3_errmsg(db) : "not a database");
        err = 0;
    }
    if (err) {
        r->verdict = JOURNAL_UNREADABLE;
        r->err = err;
        r->fault = err == ENOTSUP ? FAULT_LATER : FAULT_NONE;
    }
    sql_drop(db);
}

const char *journal_report_why(const struct journal_report *r)
{
    if (r->verdict == JOURNAL_UNREADABLE && r->fault == FAULT_NONE)
        return "the file could not be read";
    return journal_fault_why(r->fault);
}

const char *journal_report_cure(const struct journal_report *r)
{
    if (r->verdict != JOURNAL_UNREADABLE || r->fault != FAULT_NONE)
        return journal_fault_cure(r->fault);
    return r->err == ENOENT ? "Check the name; the journal is the file of the setting `journal`."
                            : "Run it as the user of the service, on a disk that answers.";
}
