/* begin.c — opening that ends with a journal to write to.
 * Called by main.c. Only damage and crashes in a row set a file aside: a full disk, a lock or a
 * later version do not, for the file is sound. */
#include <errno.h>

#include "journal/begin.h"
#include "journal/swap.h"

static int set_aside(const struct journal_args *args, enum reset_why why, ms_t now_at)
{
    struct journal_aside out;
    struct journal_aside_args aside = {.path = args->path,
                                       .why = why,
                                       .now_at = now_at,
                                       .node = args->node,
                                       .store = args->store,
                                       .log = args->log};
    int err = journal_set_aside(&out, &aside);
    if (err)
        os_log_line(args->log, OS_LOG_ALARM, "journal: cannot be set aside (errno %d)", err);
    return err;
}

static void tell_unnoted(const struct journal_args *args, int err)
{
    if (err)
        os_log_line(args->log, OS_LOG_WARNING, "journal: starts are not noted (errno %d)", err);
}

/* Notes the start and answers how many before it crashed. A service that runs on the file is not
 * disturbed: its own start must not look like a crash because we came. */
static int note_start(unsigned *crashes_n, const struct journal_args *args, ms_t now_at)
{
    int lock = -1;
    *crashes_n = 0;
    int err = journal_lock_open(&lock, args->path);
    if (err)
        return err;
    tell_unnoted(args, journal_starts_begin(crashes_n, args->path, now_at));
    os_lock_drop(&lock);
    return 0;
}

/* A journal that may be the cause of the crashes; should it stay, it is opened all the same. */
static void end_crash_loop(const struct journal_args *args, unsigned crashes_n, ms_t now_at)
{
    unsigned again_n;
    os_log_line(args->log, OS_LOG_ALARM, "journal: %u crashes within a minute", crashes_n);
    if (set_aside(args, RESET_WHY_CRASH_LOOP, now_at))
        return;
    tell_unnoted(args, journal_starts_end(args->path, now_at));
    tell_unnoted(args, journal_starts_begin(&again_n, args->path, now_at));
}

int journal_begin(struct journal **j, const struct journal_args *args, ms_t now_at)
{
    unsigned crashes_n = 0;
    *j = NULL;
    int err = note_start(&crashes_n, args, now_at);
    if (err)
        return err;
    if (crashes_n >= JOURNAL_CRASHES_MAX)
        end_crash_loop(args, crashes_n, now_at);
    err = journal_open(j, args);
    if (err == EBADMSG)
        err = journal_begin_anew(j, args, now_at);
    if (err) /* refused in order: a full disk must not look like a crash */
        tell_unnoted(args, journal_starts_end(args->path, now_at));
    return err;
}

int journal_begin_anew(struct journal **j, const struct journal_args *args, ms_t now_at)
{
    journal_drop(*j);
    *j = NULL;
    int err = set_aside(args, RESET_WHY_VERIFY_FAILED, now_at);
    return err ? err : journal_open(j, args);
}

void journal_end(struct journal *j, const struct journal_args *args, ms_t now_at)
{
    journal_drop(j);
    tell_unnoted(args, journal_starts_end(args->path, now_at));
}
