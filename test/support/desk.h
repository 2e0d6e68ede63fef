/* desk.h — a journal on a desk: opened without a thread, fed and read by a test.
 * Its store is a table of one column, so that the journal's tests need no store/. */
#ifndef TEST_SUPPORT_DESK_H
#define TEST_SUPPORT_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/journal.h"
#include "sql/sql.h"
#include "test/support/events.h"
#include "test/support/folder.h"

struct desk {
    struct folder folder;
    const char *path;
    struct journal_args args;
    struct journal *journal;
    struct journal_port port;
    struct store_port store;
    struct sqlite3 *store_db; /* between attach and detach */
    uint64_t next_id;
    uint64_t seen_n, seen_last; /* by desk_read() */
    uint64_t good_id;
};

static inline int desk_attach(void *arg, struct sqlite3 *db)
{
    struct desk *d = arg;
    d->store_db = db;
    return sql_run(db, "CREATE TABLE IF NOT EXISTS rows(person_id INTEGER PRIMARY KEY)");
}

static inline int desk_row_put(void *arg, const struct journal_row *row)
{
    struct desk *d = arg;
    char text[96];
    snprintf(text, sizeof(text), "INSERT OR IGNORE INTO rows VALUES(%llu)",
             (unsigned long long)row->person_id);
    return sql_run(d->store_db, text);
}

static inline int desk_salvage(void *arg, const char *from_path, int64_t *copied_n)
{
    (void)arg;
    (void)from_path;
    *copied_n = 42;
    return 0;
}

static inline void desk_detach(void *arg)
{
    struct desk *d = arg;
    d->store_db = NULL;
}

static inline void desk_open(struct desk *d)
{
    assert_int_equal(journal_open(&d->journal, &d->args), 0);
    d->port = journal_port(d->journal);
    d->next_id = d->port.committed_id(d->port.arg) + 1;
}

/* A folder and a new journal in it. */
static inline void desk_begin(struct desk *d)
{
    memset(d, 0, sizeof(*d));
    folder_open(&d->folder);
    d->store = (struct store_port){d, desk_attach, desk_row_put, desk_salvage, desk_detach};
    static const char name[] = "journal.db";
    snprintf(d->folder.name[3], FOLDER_PATH_MAX, "%.480s/%s", d->folder.path, name);
    d->path = strdup(d->folder.name[3]);
    d->args = (struct journal_args){.path = d->path, .node = 1, .store = &d->store, .ring_n = 4096};
    d->args.hooks.is_manual = true;
    desk_open(d);
}

static inline void desk_close(struct desk *d)
{
    journal_drop(d->journal);
    d->journal = NULL;
}

static inline void desk_end(struct desk *d)
{
    desk_close(d);
    folder_drop(&d->folder);
    free((void *)(uintptr_t)d->path);
}

/* One append of n events at this instant. */
static inline bool desk_append_at(struct desk *d, unsigned n, ms_t at)
{
    struct event ev[JOURNAL_APPEND_MAX];
    for (unsigned i = 0; i < n; i++)
        ev[i] = events_make(d->next_id + i, at);
    bool is_taken = d->port.append(d->port.arg, ev, n, NULL, 0);
    d->next_id += is_taken ? n : 0;
    return is_taken;
}

static inline void desk_append(struct desk *d, unsigned n)
{
    assert_true(desk_append_at(d, n, EVENTS_BEGIN_AT + (ms_t)d->next_id * 1000));
}

/* Lets the writer work until it has nothing to do or fails. Returns what the last turn said. */
static inline int desk_work(struct desk *d)
{
    int wait_ms = 0;
    for (unsigned i = 0; wait_ms == 0 && i < 100000; i++)
        wait_ms = journal_turn(d->journal);
    return wait_ms;
}

/* Events in appends of 3, all committed. */
static inline void desk_fill(struct desk *d, unsigned n)
{
    for (unsigned i = 0; i < n; i += 3)
        desk_append(d, n - i < 3 ? n - i : 3);
    assert_int_equal(desk_work(d), -1);
}

static inline bool desk_see(const struct event *ev, void *arg)
{
    struct desk *d = arg;
    struct event same = events_make(ev->id, ev->at);
    assert_true(d->seen_last == 0 || ev->id == d->seen_last + 1);
    if (ev->kind != EV_JOURNAL_RESET)
        assert_memory_equal(ev, &same, sizeof(same));
    d->seen_last = ev->id;
    d->seen_n++;
    return true;
}

/* Reads all after this id and checks content and order. Returns what read said. */
static inline int desk_read(struct desk *d, uint64_t after_id)
{
    d->seen_n = d->seen_last = 0;
    return d->port.read(d->port.arg, after_id, desk_see, d, &d->good_id);
}

/* Someone with a database shell. The journal must be closed. Returns errno. */
static inline int desk_tamper(struct desk *d, const char *text)
{
    struct sql_args args = {.path = d->path};
    sqlite3 *db = NULL;
    assert_int_equal(sql_open(&db, &args), 0);
    int err = sql_run(db, text);
    sql_drop(db);
    return err;
}

/* The same, past the triggers that protect the journal. */
static inline void desk_forge(struct desk *d, const char *text)
{
    assert_int_equal(desk_tamper(d, "DROP TRIGGER journal_batch_kept; DROP TRIGGER"
                                    " journal_batch_stays; DROP TRIGGER journal_month_kept;"
                                    " DROP TRIGGER journal_month_stays"),
                     0);
    assert_int_equal(desk_tamper(d, text), 0);
}

static inline int64_t desk_number(struct desk *d, const char *text)
{
    struct sql_args args = {.path = d->path, .is_read_only = true};
    sqlite3 *db = NULL;
    int64_t v = -1;
    assert_int_equal(sql_open(&db, &args), 0);
    assert_int_equal(sql_number(&v, db, text), 0);
    sql_drop(db);
    return v;
}

#endif
