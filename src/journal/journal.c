/* journal.c — the journal as main.c and the app see it.
 * Called by main.c (open, drop) and through port/journal.h.
 * Invariant: everything the main thread calls after start is a copy into memory, or a look. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"
#include "journal/swap.h"
#include "journal/walk.h"
#include "journal/writer.h"
#include "os/file.h"

/* ---- append: the main thread's one job ---- */

static struct journal_item *next_item(struct journal *j, uint32_t i, uint32_t n)
{
    struct journal_item *item = ring_slot(&j->ring, i);
    item->is_last = i + 1 == n;
    return item;
}

/* tidy: parameters — as port/journal.h has it */
static bool journal_append(void *arg, const struct event *ev, unsigned n,
                           const struct journal_row *rows, unsigned rows_n)
{
    struct journal *j = arg;
    assert(n <= JOURNAL_APPEND_MAX && rows_n <= JOURNAL_APPEND_MAX && n + rows_n > 0);
    assert(rows_n == 0 || j->db.store);
    if (ring_room_n(&j->ring) < n + rows_n)
        return false;
    for (unsigned i = 0; i < rows_n; i++) {
        struct journal_item *item = next_item(j, i, n + rows_n);
        item->kind = ITEM_ROW;
        item->row = rows[i];
    }
    for (unsigned i = 0; i < n; i++) {
        struct journal_item *item = next_item(j, rows_n + i, n + rows_n);
        assert(ev[i].id == j->taken_id + 1);
        j->taken_id = ev[i].id;
        item->kind = ITEM_EVENT;
        item->ev = ev[i];
    }
    ring_publish(&j->ring, n + rows_n);
    os_bell_ring(&j->work);
    return true;
}

static uint64_t journal_committed_id(void *arg)
{
    const struct journal *j = arg;
    return atomic_load(&j->committed_id);
}

int journal_trouble(const struct journal *j)
{
    ms_t since = atomic_load(&j->busy_since);
    int err = atomic_load(&j->trouble);
    if (!err && since && j->boot_ms() - since > JOURNAL_STALL_MS)
        err = ETIMEDOUT;
    return err;
}

static bool journal_has_room(void *arg)
{
    const struct journal *j = arg;
    return ring_room_n(&j->ring) >= j->ring.n / 2;
}

static enum journal_health journal_health(void *arg)
{
    const struct journal *j = arg;
    if (journal_trouble(j))
        return JOURNAL_DOWN;
    return journal_has_room(arg) ? JOURNAL_WELL : JOURNAL_BEHIND;
}

static int journal_snapshot_put(void *arg, const struct journal_snapshot *snapshot)
{
    struct journal *j = arg;
    struct snapshot_job *job = NULL;
    int err = snapshot_job_new(&job, snapshot);
    if (err)
        return err;
    snapshot_job_drop(atomic_exchange(&j->mail, job));
    os_bell_ring(&j->work);
    return 0;
}

/* ---- start only: over a connection of their own ---- */

static int open_reader(sqlite3 **db, const struct journal *j)
{
    struct sql_args args = {.path = j->path, .vfs = j->vfs, .is_read_only = true};
    return sql_open(db, &args);
}

static int journal_snapshot_get(void *arg, struct journal_snapshot *snapshot)
{
    struct journal *j = arg;
    sqlite3 *db = NULL;
    struct snapshot_query q = {.last_id_max = atomic_load(&j->committed_id)};
    free(j->snapshot_bytes);
    j->snapshot_bytes = NULL;
    int err = open_reader(&db, j);
    if (!err)
        err = snapshot_load(snapshot, &q, db);
    if (!err)
        j->snapshot_bytes = q.bytes;
    if (q.bad_n > 0)
        os_log_line(j->log, OS_LOG_WARNING, "journal: %u damaged snapshots skipped", q.bad_n);
    sql_drop(db);
    return err;
}

/* tidy: parameters — as port/journal.h has it */
static int journal_read(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg,
                        uint64_t *last_good_id)
{
    struct journal *j = arg;
    sqlite3 *db = NULL;
    struct journal_walk w = {.st = NULL};
    struct journal_reading r = {after_id, fn, fn_arg};
    int err = open_reader(&db, j);
    if (!err)
        err = journal_walk_open(&w, db, after_id);
    if (!err)
        err = journal_walk_read(&w, &r);
    if (err)
        os_log_line(j->log, OS_LOG_ALARM, "journal: unreadable after event %" PRIu64 ": %s",
                    w.good_id, journal_fault_why(w.fault));
    *last_good_id = w.good_id;
    journal_walk_drop(&w);
    sql_drop(db);
    return err;
}

/* ---- open and drop ---- */

struct journal_port journal_port(struct journal *j)
{
    return (struct journal_port){
        .arg = j,
        .append = journal_append,
        .has_room = journal_has_room,
        .committed_id = journal_committed_id,
        .health = journal_health,
        .snapshot_put = journal_snapshot_put,
        .snapshot_get = journal_snapshot_get,
        .read = journal_read,
    };
}

int journal_fd(const struct journal *j)
{
    return j->done.fd;
}

void journal_fd_clear(struct journal *j)
{
    os_bell_clear(&j->done);
}

uint64_t journal_epoch(const struct journal *j)
{
    return j->db.epoch;
}

int journal_turn(struct journal *j)
{
    assert(j->is_manual);
    return journal_writer_turn(j);
}

static int make_memory(struct journal *j, const struct journal_args *args)
{
    uint32_t n = args->ring_n ? args->ring_n : JOURNAL_RING_N;
    j->path = strdup(args->path);
    j->body = malloc((size_t)JOURNAL_BATCH_MAX * EVENT_BYTES_MAX);
    j->ring_memory = malloc(ring_bytes(n, sizeof(struct journal_item)));
    if (!j->path || !j->body || !j->ring_memory)
        return ENOMEM;
    ring_open(&j->ring, j->ring_memory, n, sizeof(struct journal_item));
    j->building.body = j->body;
    return 0;
}

/* Nobody else may have it; and a change of files that a crash interrupted is brought to its end. */
static int take_file(struct journal *j)
{
    if (j->vfs)
        return 0;
    int err = journal_lock_open(&j->lock_fd, j->path);
    return err ? err : journal_swap_finish(j->path);
}

static int open_database(struct journal *j, const struct journal_args *args)
{
    struct journal_db_args db = {
        .sql = {.path = args->path, .vfs = j->vfs, .wal_pages = args->hooks.wal_pages},
        .store = args->store,
        .node = args->node,
    };
    int err = journal_db_open(&j->db, &db);
    if (err)
        return err;
    j->taken_id = j->attempted_id = j->db.head.last_id;
    atomic_store(&j->committed_id, j->taken_id);
    j->is_open = true;
    return 0;
}

static int start_writer(struct journal *j)
{
    struct os_thread_args thread = {"journal", journal_writer_run, j};
    int err = os_bell_open(&j->work);
    if (!err)
        err = os_bell_open(&j->done);
    return err || j->is_manual ? err : os_thread_open(&j->thread, &thread);
}

int journal_open(struct journal **j, const struct journal_args *args)
{
    struct journal *n = calloc(1, sizeof(*n));
    *j = NULL;
    if (!n)
        return ENOMEM;
    n->log = args->log;
    n->vfs = args->hooks.vfs;
    n->boot_ms = args->hooks.boot_ms ? args->hooks.boot_ms : os_clock_boot_ms;
    n->is_manual = args->hooks.is_manual;
    n->lock_fd = n->work.fd = n->done.fd = -1;
    int err = make_memory(n, args);
    if (!err)
        err = take_file(n);
    if (!err)
        err = open_database(n, args);
    if (!err)
        err = start_writer(n);
    if (err)
        journal_drop(n);
    else
        *j = n;
    return err;
}

static void end_writer(struct journal *j)
{
    atomic_store(&j->is_ending, true);
    if (j->thread.is_running)
        os_bell_ring_always(&j->work);
    os_thread_drop(&j->thread);
    if (j->is_open && j->taken_id > atomic_load(&j->committed_id))
        os_log_line(j->log, OS_LOG_ALARM,
                    "journal: events %" PRIu64 " to %" PRIu64
                    " could not be written before the end",
                    atomic_load(&j->committed_id) + 1, j->taken_id);
}

void journal_drop(struct journal *j)
{
    if (!j)
        return;
    end_writer(j);
    snapshot_job_drop(atomic_load(&j->mail));
    snapshot_job_drop(j->job);
    journal_db_drop(&j->db);
    os_bell_drop(&j->work);
    os_bell_drop(&j->done);
    os_lock_drop(&j->lock_fd);
    free(j->snapshot_bytes);
    free(j->ring_memory);
    free(j->body);
    free(j->path);
    free(j);
}
