/* record.h — the recorder: opened by main.c when the settings name a folder, asked through
 * port/record.h. A thread of its own takes what the media threads copy (port/tap.h), lays both
 * sides of each conversation side by side (window.h) and writes them encrypted (file.h); each hour
 * it purges what is too old (shelf.h). Cost: ~1 % of a core for a hundred conversations, 150 KiB
 * each. Invariant: a disk that is full or refuses ends recordings, never calls. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "os/clock.h"
#include "port/record.h"
#include "port/tap.h"
#include "record/file.h"

#define RECORD_TAPS_MAX 16
#define RECORD_CALLS_MAX 1000
/* Orders of main that wait for the thread. */
#define RECORD_ORDERS_N 4096
/* After the disk refused, nothing new is begun so long. */
#define RECORD_RETRY_MS ((ms_t)60000)

struct record;

struct record_args {
    const char *folder; /* copied */
    uint8_t key[RECORD_KEY_BYTES];
    uint32_t calls_max, retention_days;
    struct tap_ring *taps; /* borrowed: taps_n of them, of as many media threads */
    unsigned taps_n;
    os_clock_fn *boot_ms, *wall_at; /* NULL: the machine's */
    bool is_manual;                 /* tests: no thread, record_turn() does the work */
};

/* What it did so far, and how it is: for the log, status and /metrics. */
struct record_totals {
    uint32_t open_n;                                /* begun and not ended */
    uint64_t made_n, failed_n, refused_n, purged_n; /* refused: too many, or while it rests */
    uint64_t left_out_n;                            /* packets that found no room, or came late */
    int err;                                        /* why the last one failed; 0: all is well */
    int purge_err;
};

/* 0, or EINVAL (a bound), ENOMEM, ENOSYS (the library cannot start), EMFILE… */
MUST_CHECK int record_open(struct record **r, const struct record_args *args);
/* Ends what is open, in order. NULL is fine. */
void record_drop(struct record *r);

struct record_port record_port(struct record *r);
struct record_totals record_totals(const struct record *r);

/* Manual mode: one turn of the thread. */
void record_turn(struct record *r);

#endif
