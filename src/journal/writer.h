/* writer.h — inside the journal: what the two threads share, and the writer's turn.
 * Only journal.c and writer.c include it. */
#ifndef JOURNAL_WRITER_H
#define JOURNAL_WRITER_H

#include "base/ring.h"
#include "journal/db.h"
#include "journal/journal.h"
#include "journal/snapshot.h"
#include "os/bell.h"
#include "os/thread.h"

enum journal_item_kind { ITEM_EVENT, ITEM_ROW };

/* What the ring holds. Rows of an append stand before its events. */
struct journal_item {
    enum journal_item_kind kind;
    bool is_last; /* of its append: a commit may end here */
    union {
        struct event ev;
        struct journal_row row;
    };
};

struct journal {
    /* set by open, then read by both threads */
    struct os_log *log;
    os_clock_fn *boot_ms;
    const char *vfs;
    char *path;        /* owned */
    void *ring_memory; /* owned */
    int lock_fd;       /* owned; −1: none */
    bool is_manual, is_open;
    struct os_bell work; /* main rings, writer waits */
    struct os_bell done; /* writer rings, main's epoll waits */
    struct os_thread thread;

    /* main thread */
    uint64_t taken_id;
    uint8_t *snapshot_bytes; /* owned: lent by snapshot_get until the next call */

    /* between them */
    struct ring_buffer ring;
    _Atomic uint64_t committed_id;
    _Atomic int trouble;                 /* errno of the last commit, 0 when it went well */
    _Atomic ms_t busy_since;             /* 0: no commit is under way */
    _Atomic(struct snapshot_job *) mail; /* newest snapshot, not yet taken by the writer */
    _Atomic bool is_ending;

    /* writer thread */
    struct journal_db db;
    struct journal_batch building;
    uint8_t *body;            /* owned: room for JOURNAL_BATCH_MAX events */
    uint64_t attempted_id;    /* last event of the last commit that was tried */
    struct snapshot_job *job; /* owned: being written */
    int retry_ms;
};

/* Commits what is there, or writes a part of a snapshot. Returns how long to wait before the next
 * turn: 0 more to do, −1 nothing to do, else a retry after so many ms. */
int journal_writer_turn(struct journal *j);

/* The writer's thread. */
void *journal_writer_run(void *arg);

#endif
