/* reader.c — see reader.h.
 * Called by the reader thread. It follows with one kept statement, bound anew to where it stands.
 */
#include <errno.h>
#include <stdlib.h>

#include "journal/reader.h"
#include "journal/walk.h"

struct journal_reader {
    sqlite3 *db;              /* owned */
    struct journal_walk walk; /* where next() stands */
};

static uint32_t give(const struct journal_batch *b, journal_event_fn *fn, void *arg)
{
    struct journal_cursor c = journal_batch_cursor(b);
    struct event ev;
    while (journal_cursor_next(&c, &ev))
        (void)fn(&ev, arg);
    return b->n;
}

/* tidy: parameters — as port/committed.h has it */
static int reader_next(void *arg, uint32_t n_max, journal_event_fn *fn, void *fn_arg)
{
    struct journal_reader *r = arg;
    struct journal_batch b;
    int err = 0;
    for (uint32_t n = 0; !err && n < n_max;) {
        err = journal_walk_next(&r->walk, &b);
        if (!err)
            n += give(&b, fn, fn_arg);
    }
    int again = journal_walk_again(&r->walk);
    return err ? err : again;
}

static int reader_read(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg)
{
    struct journal_reader *r = arg;
    struct journal_walk w = {.st = NULL};
    struct journal_reading reading = {after_id, fn, fn_arg};
    int err = journal_walk_open(&w, r->db, after_id);
    if (!err)
        err = journal_walk_read(&w, &reading);
    journal_walk_drop(&w);
    return err;
}

struct committed_port journal_reader_port(struct journal_reader *r)
{
    return (struct committed_port){.arg = r, .next = reader_next, .read = reader_read};
}

int journal_reader_open(struct journal_reader **r, const char *path)
{
    struct sql_args sql = {.path = path, .is_read_only = true};
    struct journal_reader *n = calloc(1, sizeof(*n));
    *r = NULL;
    if (!n)
        return ENOMEM;
    int err = sql_open(&n->db, &sql);
    if (!err)
        err = journal_walk_open(&n->walk, n->db, 0);
    if (err)
        journal_reader_drop(n);
    else
        *r = n;
    return err;
}

void journal_reader_drop(struct journal_reader *r)
{
    if (!r)
        return;
    journal_walk_drop(&r->walk);
    sql_drop(r->db);
    free(r);
}
