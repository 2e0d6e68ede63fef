/* mark.h — is this journal that of a service, or one that the simulator lived?
 * Called by serve before it writes, by sim before it creates, by demo before it removes. Reads the
 * first batch, checked against its hash; changes nothing. */
#ifndef JOURNAL_MARK_H
#define JOURNAL_MARK_H

#include "base/types.h"

enum journal_mark {
    JOURNAL_MARK_ABSENT, /* no file, or one without an event */
    JOURNAL_MARK_LIVED,  /* by a service: its calls took place */
    JOURNAL_MARK_SIMULATED,
};

/* 0; or errno when there is a file and it cannot be read: EBADMSG, EACCES, ENOTSUP… */
MUST_CHECK int journal_mark_read(enum journal_mark *mark, const char *path);

#endif
