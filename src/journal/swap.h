/* swap.h — one database file takes the place of another, which is kept under a dated name.
 * Called by set-aside and restore, and at each open for what a crash interrupted. Nothing is ever
 * deleted: a file loses its old name after it has got the new one. */
#ifndef JOURNAL_SWAP_H
#define JOURNAL_SWAP_H

#include "os/file.h"

/* Whoever writes to or replaces the database at path holds this lock. EBUSY: another has it. */
MUST_CHECK int journal_lock_open(int *fd, const char *path);

/* The file that is to take the place of path is made under this name: closed, synced, no WAL. */
MUST_CHECK int journal_swap_name(char to[OS_PATH_MAX], const char *path);

/* Takes away what an earlier attempt left half made under that name. */
MUST_CHECK int journal_swap_clear(const char *path);

/* path and its WAL get the names aside(-wal), path's place goes to the new file. aside is
 * "path.aside-20250131T101500Z-WHY", with a number when taken; "" when there was nothing. */
struct journal_swap_args {
    const char *path, *why;
    ms_t now_at;
};
MUST_CHECK int journal_swap(char aside[OS_PATH_MAX], const struct journal_swap_args *args);

/* Ends a swap that a crash interrupted: path lacks, the new file is there and complete. */
MUST_CHECK int journal_swap_finish(const char *path);

#endif
