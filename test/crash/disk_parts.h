/* disk_parts.h — what disk.c and vfs.c share. Nobody else includes it. */
#ifndef TEST_CRASH_DISK_PARTS_H
#define TEST_CRASH_DISK_PARTS_H

#include "test/crash/disk.h"

/* The number of a name, given when new. */
int disk_name(struct disk *d, const char *name);
int disk_new_inode(struct disk *d);

/* Counts, refuses or does and records one operation. A result code of SQLite. */
int disk_do(struct disk *d, const struct disk_op *op);

#endif
