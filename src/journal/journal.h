/* journal.h — the journal over SQLite: opened by main.c, asked through port/journal.h.
 * One writer thread commits what it finds in the ring (group commit), then publishes the id and
 * rings. The main thread never waits here, except in the functions marked "start only" and at the
 * end. Cost of an append: a copy of ~130 bytes an event, no system call while the writer is busy.
 * Invariant: committed_id() never passes what a power cut would leave. */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include "journal/batch.h"
#include "os/clock.h"
#include "os/log.h"
#include "port/store.h"

/* Items (events and rows) between main and writer: ~10 MB; at 3,000 events/s a dead disk is
 * bridged for 20 s before append refuses and the app begins to count gaps. */
#define JOURNAL_RING_N (1u << 16)

/* A commit that lasts longer than this is as good as refused: health is DOWN until it ends. */
#define JOURNAL_STALL_MS 2000

/* Retries after a failed commit: the first, and the longest pause. */
#define JOURNAL_RETRY_MS_MIN 50
#define JOURNAL_RETRY_MS_MAX 2000

/* At the end the writer has so long to write what is left. */
#define JOURNAL_DRAIN_MS 2000

struct journal;

/* For tests only; zeros in life. */
struct journal_hooks {
    const char *vfs;    /* another disk; then there is no lock file either */
    unsigned wal_pages; /* checkpoint as often as this */
    os_clock_fn *boot_ms;
    bool is_manual; /* no thread: journal_turn() does its work */
};

struct journal_args {
    const char *path;
    uint16_t node;
    const struct store_port *store; /* borrowed; NULL: rows are refused (assert) */
    struct os_log *log;             /* borrowed; NULL: silent */
    uint32_t ring_n;                /* a power of two; 0: JOURNAL_RING_N */
    struct journal_hooks hooks;
};

/* Opens or begins the journal, takes lock and epoch, starts the writer.
 * EBUSY: another process has it. EBADMSG: damaged; journal_set_aside(), then open again. ENOTSUP:
 * written by a later version; it must not be set aside. ENOSPC, EROFS, EIO, ENOMEM, ENOENT. */
MUST_CHECK int journal_open(struct journal **j, const struct journal_args *args);

/* Writes what is left, at most for JOURNAL_DRAIN_MS, and closes. What could not be written is told
 * in the log. NULL is fine. */
void journal_drop(struct journal *j);

struct journal_port journal_port(struct journal *j);

/* Readable after each commit, for epoll; then journal_fd_clear() and app_run(). */
int journal_fd(const struct journal *j);
void journal_fd_clear(struct journal *j);

/* For EV_STARTED. */
uint64_t journal_epoch(const struct journal *j);

/* Why health is DOWN: errno of the last failed commit; ESTALE: another one writes here now and this
 * process must stop; ETIMEDOUT: the disk hangs. 0 when it is not. */
int journal_trouble(const struct journal *j);

/* Manual mode: one turn of the writer. Returns how long it would wait: 0 more to do, −1 nothing. */
int journal_turn(struct journal *j);

#endif
