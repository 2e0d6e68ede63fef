/* mark.c — see mark.h. The mark is the first event, so that it lies in the chain of hashes: a
 * journal without it is another journal. Called by cli/. Cost: one batch. */
#include <errno.h>

#include "journal/mark.h"
#include "journal/walk.h"

static int read_first(enum journal_mark *mark, sqlite3 *db)
{
    struct journal_walk w = {.st = NULL};
    struct journal_batch b;
    struct event ev;
    int err = journal_walk_open(&w, db, 0);
    if (!err)
        err = journal_walk_next(&w, &b);
    struct journal_cursor c = err ? (struct journal_cursor){NULL, NULL} : journal_batch_cursor(&b);
    if (!err && journal_cursor_next(&c, &ev))
        *mark = ev.kind == EV_SIMULATED ? JOURNAL_MARK_SIMULATED : JOURNAL_MARK_LIVED;
    journal_walk_drop(&w);
    return err == ENOENT ? 0 : err;
}

int journal_mark_read(enum journal_mark *mark, const char *path)
{
    const struct sql_args args = {.path = path, .is_read_only = true};
    sqlite3 *db = NULL;
    *mark = JOURNAL_MARK_ABSENT;
    int err = sql_open(&db, &args);
    if (!err)
        err = read_first(mark, db);
    sql_drop(db);
    return err == ENOENT ? 0 : err;
}
