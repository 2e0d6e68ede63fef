/* mailbox.h — from the reader thread to main and back: what pages say of text messages. A slot
 * belongs to one of the two at a time. Opened by serve_sms.c. */
#ifndef CLI_MAILBOX_H
#define CLI_MAILBOX_H

#include <stdatomic.h>

#include "app/webtext.h"
#include "os/bell.h"
#include "port/texts.h"
#include "store/sms.h"
#include "store/thread.h"

struct mailbox {
    struct os_bell bell; /* rung by the reader, in main's epoll */
    struct {
        _Atomic int stage;
        uint64_t number;
        struct texts_post post;
        struct texts_post_told told;
    } slots[TEXTS_POSTS_MAX];
    uint64_t last_number;
    struct store_outbox outbox; /* the reader's, both */
    struct store_threads threads;
    struct outbox_port reads;
};

MUST_CHECK int mailbox_open(struct mailbox *m, const struct sql_args *sql);
void mailbox_drop(struct mailbox *m);
struct texts_port mailbox_port(struct mailbox *m);

/* Main. False: it could not be taken now, it is given again. */
typedef bool mailbox_fn(const struct texts_post *post, struct texts_post_told *told, void *arg);
/* True: some were taken, the reader is to be woken when they are committed. */
bool mailbox_take(struct mailbox *m, mailbox_fn *fn, void *arg);
/* Are there some whose commit is awaited? */
bool mailbox_waits(struct mailbox *m);

#endif
