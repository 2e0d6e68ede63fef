/* file.h — what SQLite does not do for us: locks, names, small files, durable folders.
 * Called by journal, store and main.c at start, end and from the command line: these may wait. */
#ifndef OS_FILE_H
#define OS_FILE_H

#include <sys/types.h>

#include "base/types.h"

/* Longest path we take, with its NUL. */
#define OS_PATH_MAX 4096

/* path and suffix into to. ENAMETOOLONG when they do not fit. */
MUST_CHECK int os_path_join(char to[OS_PATH_MAX], const char *path, const char *suffix);

/* Takes the lock of that file, made when missing; *fd is kept open as long as it is held.
 * EBUSY: another process (or another open of this one) holds it. Freed by close or death. */
MUST_CHECK int os_lock_open(int *fd, const char *path);
void os_lock_drop(int *fd);

/* Is something there? Also true for a file that we may not read. */
bool os_file_exists(const char *path);

/* Makes an empty file of that mode. EEXIST: never opens what is there. */
MUST_CHECK int os_file_create(const char *path, mode_t mode);

/* What was written to the file reaches the disk. */
MUST_CHECK int os_file_sync(const char *path);

/* The folder of path reaches the disk: names made, changed or removed in it are durable. */
MUST_CHECK int os_file_sync_folder(const char *path);

/* A second name `to` for the file `from`. EEXIST when taken. ENOENT when there is no `from`. */
MUST_CHECK int os_file_link(const char *from, const char *to);

/* Takes the name away; a missing one is fine. */
MUST_CHECK int os_file_unlink(const char *path);

/* Gives it another name in the same folder; replaces what had it. */
MUST_CHECK int os_file_rename(const char *from, const char *to);

/* Puts n bytes under that name, whole or not at all, on the disk when it returns. */
MUST_CHECK int os_file_write(const char *path, const void *bytes, size_t n);

/* The same over a file that is there: its owner (where we may), group and mode stay, and a link
 * goes on being one. ENOENT: there is none. */
MUST_CHECK int os_file_replace(const char *path, const void *bytes, size_t n);

/* Reads at most n bytes; *got: how many. */
MUST_CHECK int os_file_read(const char *path, void *bytes, size_t n, size_t *got);

#endif
