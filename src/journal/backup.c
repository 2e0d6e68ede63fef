/* backup.c — copies of the whole database.
 * Called by the command line. Invariant: a name is given to a copy only after the copy was synced
 * and verified from its first event to its last. */
#include <errno.h>

#include "journal/backup.h"
#include "journal/swap.h"

/* Copy and verify under a name of ours. */
static int make_copy(struct journal_report *r, const char *from, const char *to)
{
    struct sql_args source = {.path = from};
    struct sql_args copy = {.path = to};
    int err = sql_copy(to, &source);
    if (err)
        return err;
    journal_verify(r, &copy);
    if (r->verdict == JOURNAL_SOUND)
        return 0;
    return r->verdict == JOURNAL_BROKEN ? EBADMSG : r->err;
}

int journal_backup(struct journal_report *r, const char *from, const char *to)
{
    char part[OS_PATH_MAX];
    *r = (struct journal_report){.verdict = JOURNAL_UNREADABLE};
    int err = journal_swap_name(part, to);
    if (!err && os_file_exists(to))
        err = EEXIST;
    if (!err)
        err = os_file_unlink(part);
    if (err)
        return err;
    err = make_copy(r, from, part);
    if (!err)
        err = os_file_link(part, to); /* unlike a rename, this never replaces */
    int gone = os_file_unlink(part);
    if (!err)
        err = gone;
    return err ? err : os_file_sync_folder(to);
}

/* The lock is held. */
static int take_place(struct journal_report *r, char aside[OS_PATH_MAX],
                      const struct journal_restore_args *args)
{
    char part[OS_PATH_MAX];
    struct journal_swap_args swap = {args->path, "restore", args->now_at};
    int err = journal_swap_finish(args->path);
    if (!err)
        err = journal_swap_clear(args->path);
    if (!err)
        err = journal_swap_name(part, args->path);
    if (err)
        return err;
    err = make_copy(r, args->backup, part);
    if (!err)
        return journal_swap(aside, &swap);
    int left = journal_swap_clear(args->path);
    (void)left; /* the next attempt clears it */
    return err;
}

int journal_restore(struct journal_report *r, char aside[OS_PATH_MAX],
                    const struct journal_restore_args *args)
{
    int lock = -1;
    aside[0] = '\0';
    *r = (struct journal_report){.verdict = JOURNAL_UNREADABLE};
    int err = journal_lock_open(&lock, args->path);
    if (!err)
        err = take_place(r, aside, args);
    os_lock_drop(&lock);
    return err;
}
