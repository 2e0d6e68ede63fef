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
struct lived {
    struct journal_db db;
    struct journal_batch batch;
    uint8_t *body; /* owned: room for JOURNAL_BATCH_MAX events */
    bool has_begun;
    int err;
};

static int flush(struct lived *l)
{
    l->batch.body = l->body;
    int err = l->batch.n ? journal_db_put(&l->db, &l->batch) : 0;
    l->batch.n = 0;
    l->batch.body_n = 0;
    return err;
}

int lived_open(struct lived **out, const char *path)
{
    struct lived *l = calloc(1, sizeof(*l));
    const struct journal_db_args args = {.sql = {.path = path}, .node = NODE};
    *out = NULL;
    if (!l)
        return ENOMEM;
    l->body = malloc((size_t)JOURNAL_BATCH_MAX * EVENT_BYTES_MAX);
    int err = l->body ? journal_db_open(&l->db, &args) : ENOMEM;
    if (err)
        lived_drop(l);
    else
        *out = l;
    return err;
}

void lived_drop(struct lived *l)
{
    if (!l)
        return;
    if (l->has_begun)
        journal_db_cancel(&l->db);
    journal_db_drop(&l->db);
    free(l->body);
    free(l);
}

/* A batch lies in one month (journal/writer.c). */
bool lived_take(struct lived *l, const struct event *ev)
{
    struct journal_batch *b = &l->batch;
    bool is_full = b->n == JOURNAL_BATCH_MAX;
    if (!l->has_begun && !l->err)
        l->err = journal_db_begin(&l->db);
    l->has_begun |= !l->err;
    if (!l->err && b->n && (is_full || civil_month(ev->at) != civil_month(b->at)))
        l->err = flush(l);
    if (l->err)
        return false;
    if (!b->n)
        b->first_id = ev->id;
    b->body_n += event_encode(l->body + b->body_n, ev);
    b->at = ev->at;
    b->n++;
    return true;
}

int lived_commit(struct lived *l)
{
    int err = l->err;
    if (!l->has_begun)
        return err;
    if (!err)
        err = flush(l);
    if (!err)
        err = journal_db_commit(&l->db);
    if (err)
        journal_db_cancel(&l->db);
    l->has_begun = false;
    l->err = err;
    return err;
}

static bool take_event(const struct event *ev, void *arg)
{
    return lived_take(arg, ev);
}

static int write_file(const char *path, const struct sim *sim)
{
    struct lived *l;
    int err = lived_open(&l, path);
    if (err)
        return err;
    bool is_whole = sim_events(sim, take_event, l);
    err = lived_commit(l);
    err = !err && !is_whole ? EBADMSG : err;
    err = err ? err : sql_fold(l->db.db);
    lived_drop(l);
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
