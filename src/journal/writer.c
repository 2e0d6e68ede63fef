/* writer.c — the only thread that writes the database.
 * Called by journal.c. A turn takes whole appends from the ring, at most JOURNAL_BATCH_MAX items,
 * and commits them in one transaction: the longer the disk takes, the more the next one carries.
 * Items leave the ring after their commit, never before: a failed commit is simply tried again with
 * the same items, in the same order, and whatever came after them.
 * Invariant: committed_id is stored after COMMIT has answered; ids on disk have no gap. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/civil.h"
#include "journal/writer.h"

/* ---- one transaction ---- */

static int flush(struct journal *j)
{
    if (j->building.n == 0)
        return 0;
    int err = journal_db_put(&j->db, &j->building);
    j->building.n = 0;
    j->building.body_n = 0;
    return err;
}

/* A batch lies in one month; its instant is the latest so far, should time have gone back. */
static int put_event(struct journal *j, const struct event *ev)
{
    struct journal_batch *b = &j->building;
    ms_t before = b->n ? b->at : j->db.head.at;
    ms_t at = ev->at > before ? ev->at : before;
    int err = b->n && civil_month(at) != civil_month(b->at) ? flush(j) : 0;
    if (b->n == 0)
        b->first_id = ev->id;
    b->body_n += event_encode(j->body + b->body_n, ev);
    b->at = at;
    b->n++;
    return err;
}

/* on_disk: a commit that answered with an error may have been done all the same. */
static int put_item(struct journal *j, const struct journal_item *item, uint64_t on_disk)
{
    if (item->kind == ITEM_ROW)
        return journal_db_row(&j->db, &item->row);
    j->attempted_id = item->ev.id;
    return item->ev.id > on_disk ? put_event(j, &item->ev) : 0;
}

static int put_items(struct journal *j, uint32_t n)
{
    uint64_t on_disk = j->db.head.last_id;
    if (on_disk < atomic_load(&j->committed_id) || on_disk > j->attempted_id)
        return ESTALE; /* somebody else shortened or continued our journal */
    j->building.n = 0;
    j->building.body_n = 0;
    int err = 0;
    for (uint32_t i = 0; !err && i < n; i++)
        err = put_item(j, ring_item(&j->ring, i), on_disk);
    return err ? err : flush(j);
}

static int commit_items(struct journal *j, uint32_t n)
{
    int err = journal_db_begin(&j->db);
    if (!err)
        err = put_items(j, n);
    if (!err)
        err = journal_db_commit(&j->db);
    if (err)
        journal_db_cancel(&j->db);
    return err;
}

/* ---- a turn ---- */

/* As many of the waiting items as make whole appends. */
static uint32_t group_n(const struct journal *j)
{
    uint32_t n = ring_waiting_n(&j->ring);
    if (n > JOURNAL_BATCH_MAX)
        n = JOURNAL_BATCH_MAX;
    for (; n > 0; n--) {
        const struct journal_item *item = ring_item(&j->ring, n - 1);
        if (item->is_last)
            break;
    }
    return n;
}

static void publish(struct journal *j, uint32_t n)
{
    if (atomic_exchange(&j->trouble, 0))
        os_log_line(j->log, OS_LOG_INFO, "journal: writing again, up to event %" PRIu64,
                    j->db.head.last_id);
    j->retry_ms = 0;
    atomic_store(&j->committed_id, j->db.head.last_id);
    ring_release(&j->ring, n);
    os_bell_ring_always(&j->done);
}

static int fail(struct journal *j, int err)
{
    char text[64];
    if (atomic_exchange(&j->trouble, err) != err)
        os_log_line(j->log, OS_LOG_ALARM,
                    err == ESTALE ? "journal: another process writes here now; stop this one (%s)"
                                  : "journal: cannot write (%s); calls go on, no promise is made",
                    strerror_r(err, text, sizeof(text)));
    os_bell_ring_always(&j->done); /* main looks at health */
    j->retry_ms = j->retry_ms ? j->retry_ms * 2 : JOURNAL_RETRY_MS_MIN;
    if (j->retry_ms > JOURNAL_RETRY_MS_MAX)
        j->retry_ms = JOURNAL_RETRY_MS_MAX;
    return j->retry_ms;
}

/* A newer snapshot replaces one that waits, not one that is half written. */
static bool has_job(struct journal *j)
{
    struct snapshot_job *newer = NULL;
    if (!j->job || !snapshot_job_has_begun(j->job))
        newer = atomic_exchange(&j->mail, NULL);
    if (newer) {
        snapshot_job_drop(j->job);
        j->job = newer;
    }
    return j->job && snapshot_job_last_id(j->job) <= atomic_load(&j->committed_id);
}

static void step_job(struct journal *j)
{
    bool is_done = false;
    int err = snapshot_job_step(j->job, j->db.db, &is_done);
    if (err)
        os_log_line(j->log, OS_LOG_WARNING, "journal: a snapshot could not be written (errno %d)",
                    err);
    if (!err && !is_done)
        return;
    snapshot_job_drop(j->job);
    j->job = NULL;
}

int journal_writer_turn(struct journal *j)
{
    uint32_t n = group_n(j);
    if (n > 0) {
        atomic_store(&j->busy_since, j->boot_ms());
        int err = commit_items(j, n);
        atomic_store(&j->busy_since, 0);
        if (err)
            return fail(j, err);
        publish(j, n);
    }
    bool is_working = has_job(j);
    if (is_working)
        step_job(j);
    return is_working || ring_waiting_n(&j->ring) > 0 ? 0 : -1;
}

/* ---- the thread ---- */

/* Until main says so; the bell is armed only when there is nothing to do, so that appends do not
 * shorten the pause after a failure. */
static void work(struct journal *j)
{
    while (!atomic_load(&j->is_ending)) {
        int wait_ms = journal_writer_turn(j);
        if (wait_ms == 0)
            continue;
        if (wait_ms < 0) {
            os_bell_arm(&j->work);
            if (ring_waiting_n(&j->ring) > 0 || atomic_load(&j->mail))
                wait_ms = 0;
        }
        if (!atomic_load(&j->is_ending))
            os_bell_wait(&j->work, wait_ms);
    }
}

static void drain(struct journal *j)
{
    ms_t end = j->boot_ms() + JOURNAL_DRAIN_MS;
    ms_t left = JOURNAL_DRAIN_MS;
    int wait_ms = 0;
    while (wait_ms >= 0 && left > 0) {
        wait_ms = journal_writer_turn(j);
        left = end - j->boot_ms();
        if (wait_ms > 0 && left > 0)
            os_bell_wait(&j->work, left < wait_ms ? (int)left : wait_ms);
    }
}

void *journal_writer_run(void *arg)
{
    struct journal *j = arg;
    work(j);
    drain(j);
    return NULL;
}
