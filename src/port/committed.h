/* committed.h — what a reader beside the core asks of the journal: what is on the disk, and that
 * alone. journal/ answers on a read-only connection of its own; one thread asks.
 * Each batch is checked against the chain before it is shown. */
#ifndef PORT_COMMITTED_H
#define PORT_COMMITTED_H

#include "port/journal.h"

struct committed_port {
    void *arg;
    /* Follows: the next events after those of the call before, from event 1 on, whole commits until
     * n_max or more of them were given; fn's answer is not looked at. 0: there may be more. ENOENT:
     * that was all, cheap to ask again. Else errno: EBADMSG damaged, ENOTSUP written by a later
     * version; the same call may be tried again. */
    int (*next)(void *arg, uint32_t n_max, journal_event_fn *fn, void *fn_arg);
    /* Looks up: events with id > after_id in order, until fn answers false. 0 or errno. */
    int (*read)(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg);
};

#endif
