/* lived.c — see lived.h. One transaction, into a file beside, which then gets the name.
 * Called by sim.c. Cost: a second for a million events.
 * Invariant: no journal of a service is ever opened for writing here. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "cli/lived.h"
#include "journal/db.h"
#include "journal/mark.h"
#include "os/file.h"

#define NODE 1

int lived_may_write(const char **why, const char *path)
{
    enum journal_mark mark;
    struct stat file;
    *why = NULL;
    if (lstat(path, &file))
        return errno == ENOENT ? 0 : errno;
    int err = journal_mark_read(&mark, path);
    if (err || mark == JOURNAL_MARK_ABSENT)
        *why = "is a file already, and no journal";
    else if (mark == JOURNAL_MARK_LIVED)
        *why = "is the journal of a service: nothing simulated is written there";
    else
        *why = "is a simulated journal already";
    return EEXIST;
}

/* Events on their way into batches. */
struct pen {
    struct journal_db db;
    struct journal_batch batch;
    uint8_t *body; /* owned: room for JOURNAL_BATCH_MAX events */
    int err;
};

static int flush(struct pen *p)
{
    p->batch.body = p->body;
    int err = p->batch.n ? journal_db_put(&p->db, &p->batch) : 0;
    p->batch.n = 0;
    p->batch.body_n = 0;
    return err;
}

/* A batch lies in one month (journal/writer.c). */
static bool take_event(const struct event *ev, void *arg)
{
    struct pen *p = arg;
    struct journal_batch *b = &p->batch;
    bool is_full = b->n == JOURNAL_BATCH_MAX;
    if (b->n && (is_full || civil_month(ev->at) != civil_month(b->at)))
        p->err = flush(p);
    if (!b->n)
        b->first_id = ev->id;
    b->body_n += event_encode(p->body + b->body_n, ev);
    b->at = ev->at;
    b->n++;
    return !p->err;
}

static int write_all(struct pen *p, const struct sim *sim)
{
    int err = journal_db_begin(&p->db);
    if (!err && !sim_events(sim, take_event, p))
        err = EBADMSG;
    err = p->err ? p->err : err;
    if (!err)
        err = flush(p);
    if (!err)
        err = journal_db_commit(&p->db);
    if (err)
        journal_db_cancel(&p->db);
    return err ? err : sql_fold(p->db.db);
}

static int write_file(const char *path, const struct sim *sim)
{
    struct pen p = {.body = malloc((size_t)JOURNAL_BATCH_MAX * EVENT_BYTES_MAX)};
    const struct journal_db_args args = {.sql = {.path = path}, .node = NODE};
    int err = p.body ? journal_db_open(&p.db, &args) : ENOMEM;
    if (!err)
        err = write_all(&p, sim);
    journal_db_drop(&p.db);
    free(p.body);
    return err;
}

int lived_write(const char *path, const struct sim *sim)
{
    char beside[OS_PATH_MAX];
    int n = snprintf(beside, sizeof(beside), "%s.part", path);
    if (n < 0 || (size_t)n >= sizeof(beside))
        return ENAMETOOLONG;
    if (unlink(beside) && errno != ENOENT)
        return errno;
    int err = write_file(beside, sim);
    if (!err && link(beside, path)) /* unlike rename, it replaces nothing */
        err = errno;
    unlink(beside);
    return err;
}
