/* backup.h — copies of the whole database out of the house, and back.
 * Called by `decroche backup` and `decroche restore`. These wait for the disk. */
#ifndef JOURNAL_BACKUP_H
#define JOURNAL_BACKUP_H

#include "journal/verify.h"
#include "os/file.h"

/* Copies the database at from, also while a service writes to it, into the new file to (mode 0600:
 * it holds numbers), and verifies the copy. EEXIST: nothing is overwritten. EBADMSG: the copy is
 * not sound, r says why, and the copy is not kept. */
MUST_CHECK int journal_backup(struct journal_report *r, const char *from, const char *to);

struct journal_restore_args {
    const char *backup, *path;
    ms_t now_at;
};

/* Puts the backup in the place of the database at path, which is set aside under the name aside
 * ("" when there was none). EBUSY: a service runs on it. EBADMSG: the backup is not sound, r says
 * why, nothing was changed. */
MUST_CHECK int journal_restore(struct journal_report *r, char aside[OS_PATH_MAX],
                               const struct journal_restore_args *args);

#endif
