/* outbox.h — what the sender of text messages asks of the store: what is committed, and that alone,
 * so that nothing is sent before its commit. store/ answers on a read-only connection of its own;
 * one thread asks. Rows are of kind JOURNAL_ROW_SMS. */
#ifndef PORT_OUTBOX_H
#define PORT_OUTBOX_H

#include "port/journal.h"

/* False: enough. */
typedef bool outbox_fn(const struct journal_row *row, void *arg);

struct outbox_port {
    void *arg;
    /* Queued, and due by then: the earliest first. 0 or errno. */
    int (*due)(void *arg, ms_t now_at, outbox_fn *fn, void *fn_arg);
    /* When the next of all that is queued is due; MS_NEVER: nothing is. */
    int (*next_at)(void *arg, ms_t *at);
    /* Sent before then, without a receipt. */
    int (*untold)(void *arg, ms_t before_at, outbox_fn *fn, void *fn_arg);
    /* The state of a message, enum gsm_state, and how often it was tried. ENOENT: there is none. */
    int (*look)(void *arg, uint64_t id, uint8_t *state, uint16_t *tries_n);
    /* The one that the gateway calls so. ENOENT: there is none. */
    int (*find)(void *arg, const char *remote, uint64_t *id);
    /* Who writes from this number. ENOENT: nobody who is known. */
    int (*person)(void *arg, uint64_t e164, uint64_t *person_id);
};

#endif
