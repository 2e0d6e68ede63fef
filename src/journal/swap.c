/* swap.c — one database file takes the place of another.
 * Called by set-aside, restore and open. A database and its WAL are two files, and no call renames
 * two at once. So: (1) both get a second name, (2) the database loses its old one, (3) the WAL
 * loses its, (4) the new file takes the place; the folder is synced between. A crash before (2)
 * leaves the old database untouched; after it, path lacks and the new file is there: open goes on
 * from (3). At no moment does a database meet a WAL that is not its own. Invariant: the content of
 * the old files is reachable under a name at each moment. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "journal/swap.h"

#define NUMBER_MAX 99 /* swaps in one second with one reason */
#define SUFFIX_BYTES 96

int journal_lock_open(int *fd, const char *path)
{
    char lock[OS_PATH_MAX];
    int err = os_path_join(lock, path, ".lock");
    return err ? err : os_lock_open(fd, lock);
}

int journal_swap_name(char to[OS_PATH_MAX], const char *path)
{
    return os_path_join(to, path, ".part");
}

/* Between (1) and (4) the new file, complete, stands under this name. */
static int ready_name(char to[OS_PATH_MAX], const char *path)
{
    return os_path_join(to, path, ".new");
}

static int unlink_with(const char *path, const char *suffix)
{
    char name[OS_PATH_MAX];
    int err = os_path_join(name, path, suffix);
    return err ? err : os_file_unlink(name);
}

static int unlink_beside(const char *path)
{
    int err = unlink_with(path, "-wal");
    if (!err)
        err = unlink_with(path, "-shm");
    return err ? err : unlink_with(path, "-journal");
}

int journal_swap_clear(const char *path)
{
    char next[OS_PATH_MAX];
    int err = journal_swap_name(next, path);
    if (!err)
        err = os_file_unlink(next);
    return err ? err : unlink_beside(next);
}

/* A second name for path + suffix; a missing file is fine. */
static int link_with(const char *path, const char *aside, const char *suffix)
{
    char from[OS_PATH_MAX], to[OS_PATH_MAX];
    int err = os_path_join(from, path, suffix);
    if (!err)
        err = os_path_join(to, aside, suffix);
    if (!err)
        err = os_file_link(from, to);
    return err == ENOENT ? 0 : err;
}

/* The first free dated name, taken by linking the database itself. */
static int take_name(char aside[OS_PATH_MAX], const struct journal_swap_args *args)
{
    char stamp[CIVIL_STAMP_BYTES], suffix[SUFFIX_BYTES];
    civil_stamp(stamp, args->now_at);
    int err = EEXIST;
    for (unsigned i = 1; err == EEXIST && i <= NUMBER_MAX; i++) {
        if (i == 1)
            snprintf(suffix, sizeof(suffix), ".aside-%s-%.32s", stamp, args->why);
        else
            snprintf(suffix, sizeof(suffix), ".aside-%s-%.32s-%u", stamp, args->why, i);
        err = os_path_join(aside, args->path, suffix);
        if (!err)
            err = os_file_link(args->path, aside);
    }
    return err;
}

static int link_aside(char aside[OS_PATH_MAX], const struct journal_swap_args *args)
{
    aside[0] = '\0';
    int err = take_name(aside, args);
    if (err == ENOENT && !os_file_exists(args->path)) {
        aside[0] = '\0';
        return 0;
    }
    if (!err)
        err = link_with(args->path, aside, "-wal");
    if (!err)
        err = link_with(args->path, aside, "-journal");
    return err ? err : os_file_sync_folder(args->path);
}

int journal_swap_finish(const char *path)
{
    char next[OS_PATH_MAX];
    int err = ready_name(next, path);
    if (err || !os_file_exists(next))
        return err;
    if (os_file_exists(path)) /* it never came to (2): whoever wanted it asks again */
        return os_file_unlink(next);
    err = unlink_beside(path);
    if (!err)
        err = os_file_rename(next, path);
    return err ? err : os_file_sync_folder(path);
}

int journal_swap(char aside[OS_PATH_MAX], const struct journal_swap_args *args)
{
    char part[OS_PATH_MAX], next[OS_PATH_MAX];
    int err = journal_swap_name(part, args->path);
    if (!err)
        err = ready_name(next, args->path);
    if (!err)
        err = os_file_rename(part, next);
    if (!err)
        err = link_aside(aside, args);
    if (!err)
        err = os_file_unlink(args->path);
    if (!err)
        err = os_file_sync_folder(args->path);
    return err ? err : journal_swap_finish(args->path);
}
