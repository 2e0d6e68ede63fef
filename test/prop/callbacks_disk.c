/* callbacks_disk.c — the journal of prop/callbacks: a writer that lags behind by a random number of
 * transactions, and a process that dies at any write, commit or effect; what was not committed is
 * then gone, a transaction whole or not at all. Called by the app through its port.
 * Invariant: the state read again is the one that lived when that event was written. */
#include <errno.h>

#include "test/prop/callbacks.h"

#define HABITS 4 /* at once; some; often nothing; mostly nothing */

bool callbacks_op(struct life *l)
{
    struct disk *d = &l->disk;
    if (!d->is_dead && d->dies_in && !--d->dies_in)
        d->is_dead = true;
    return !d->is_dead;
}

static struct op *next_op(struct life *l)
{
    struct disk *d = &l->disk;
    if (d->ops_n == OPS)
        callbacks_fail("bounded: more transactions than this disk has room for");
    struct op *op = &d->ops[d->ops_n++];
    *op = (struct op){.first = d->log_n, .hash = acd_hash(l->a)};
    return op;
}

static void apply_row(struct disk *d, const struct slot_row *row)
{
    unsigned i = 0;
    while (i < d->rows_n && d->rows[i].reference != row->reference)
        i++;
    if (row->is_gone && i < d->rows_n)
        d->rows[i] = d->rows[--d->rows_n];
    if (row->is_gone)
        return;
    if (i == SLOTS)
        callbacks_fail("bounded: more times sold than this disk has room for");
    d->rows_n += i == d->rows_n;
    d->rows[i] = *row;
}

/* tidy: parameters — dictated by port/journal.h */
static bool append(void *arg, const struct event *ev, unsigned n, const struct journal_row *rows,
                   unsigned rows_n)
{
    struct life *l = arg;
    struct disk *d = &l->disk;
    (void)rows;
    if (rows_n)
        callbacks_fail("known: the app writes a row that nobody gave it");
    if (!callbacks_op(l))
        return true; /* nobody hears of it any more */
    if (d->log_n + n > EVENTS)
        callbacks_fail("bounded: more events than this disk has room for");
    struct op *op = next_op(l);
    op->n = n;
    for (unsigned i = 0; i < n; i++)
        d->log[d->log_n++] = ev[i];
    return true;
}

void callbacks_put_row(struct life *l, const struct slot_row *row)
{
    if (!callbacks_op(l))
        return;
    struct op *op = next_op(l);
    op->is_row = true;
    op->row = *row;
    apply_row(&l->disk, row);
}

/* ---- the writer ---------------------------------------------------------------------------- */

static void commit(struct life *l)
{
    struct disk *d = &l->disk;
    const struct op *op = &d->ops[d->committed_n];
    if (!callbacks_op(l))
        return;
    d->committed_n++;
    for (uint32_t i = 0; i < op->n; i++) {
        d->committed_id = d->log[op->first + i].id;
        callbacks_answer(l, &d->log[op->first + i]);
    }
}

void callbacks_write_all(struct life *l)
{
    while (!l->disk.is_dead && l->disk.committed_n < l->disk.ops_n)
        commit(l);
    if (!l->disk.is_dead)
        app_run(l->app, l->now_at);
}

void callbacks_write(struct life *l)
{
    struct disk *d = &l->disk;
    uint32_t waits_n = d->ops_n - d->committed_n, n = 0;
    switch (d->habit % HABITS) {
    case 0:
        n = waits_n;
        break;
    case 1:
        n = callbacks_below(l, waits_n + 1);
        break;
    case 2:
        n = callbacks_below(l, 3) ? 0 : waits_n;
        break;
    default:
        n = callbacks_below(l, 20) ? callbacks_below(l, 2) : waits_n;
    }
    for (n = n < waits_n ? n : waits_n; n && !d->is_dead; n--)
        commit(l);
    if (!callbacks_below(l, 40))
        d->habit = callbacks_below(l, HABITS);
    if (!d->is_dead)
        app_run(l->app, l->now_at);
}

void callbacks_cut(struct life *l)
{
    struct disk *d = &l->disk;
    l->met.lost_ops_n += d->ops_n - d->committed_n;
    d->ops_n = d->committed_n;
    d->log_n = d->ops_n ? d->ops[d->ops_n - 1].first + d->ops[d->ops_n - 1].n : 0;
    d->rows_n = 0;
    for (uint32_t i = 0; i < d->ops_n; i++)
        if (d->ops[i].is_row)
            apply_row(d, &d->ops[i].row);
    d->is_dead = false;
}

/* ---- the port ------------------------------------------------------------------------------ */

static bool has_room(void *arg)
{
    (void)arg;
    return true;
}

static uint64_t committed_id(void *arg)
{
    return ((struct life *)arg)->disk.committed_id;
}

static enum journal_health health(void *arg)
{
    (void)arg;
    return JOURNAL_WELL;
}

static int snapshot_put(void *arg, const struct journal_snapshot *snapshot)
{
    (void)arg;
    (void)snapshot;
    return 0; /* may be dropped; prop/sim keeps them */
}

static int snapshot_get(void *arg, struct journal_snapshot *snapshot)
{
    (void)arg;
    (void)snapshot;
    return ENOENT;
}

/* tidy: parameters — dictated by port/journal.h */
static int read_all(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg,
                    uint64_t *last_good_id)
{
    const struct disk *d = &((struct life *)arg)->disk;
    for (uint32_t i = 0; i < d->log_n; i++)
        if (d->log[i].id > after_id && !fn(&d->log[i], fn_arg))
            break;
    *last_good_id = d->log_n ? d->log[d->log_n - 1].id : 0;
    return 0;
}

const struct journal_port callbacks_journal = {.arg = &life,
                                               .append = append,
                                               .has_room = has_room,
                                               .committed_id = committed_id,
                                               .health = health,
                                               .snapshot_put = snapshot_put,
                                               .snapshot_get = snapshot_get,
                                               .read = read_all};
