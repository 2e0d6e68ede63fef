/* notebook.h — a journal in memory for tests of app/: keeps all events, commits when told, takes
 * nothing or refuses when told; what is committed survives a crash. */
#ifndef TEST_SUPPORT_NOTEBOOK_H
#define TEST_SUPPORT_NOTEBOOK_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "port/journal.h"

struct notebook {
    struct event *events;                            /* owned; grows */
    size_t n, committed_n, max, rows_n, gate_rows_n; /* rows: of persons */
    size_t reference_rows_n;
    uint64_t last_person; /* of the rows */
    enum journal_health health;
    bool is_full, is_half_full; /* takes nothing at all; takes no new contact */
    void (*see_row)(const struct journal_row *row, void *arg); /* NULL: nobody wants them */
    void *see_arg;
    struct journal_port port;
};

/* tidy: parameters — dictated by port/journal.h */
static inline bool notebook_append(void *arg, const struct event *ev, unsigned n,
                                   const struct journal_row *rows, unsigned rows_n)
{
    struct notebook *b = arg;
    if (b->is_full)
        return false;
    if (b->n + n > b->max) {
        b->max = 2 * b->max + 1024;
        b->events = realloc(b->events, b->max * sizeof(*b->events));
        assert(b->events);
    }
    for (unsigned i = 0; i < n; i++) {
        assert(ev[i].id == b->n + 1);
        b->events[b->n++] = ev[i];
    }
    for (unsigned i = 0; i < rows_n; i++) {
        b->gate_rows_n += rows[i].kind == JOURNAL_ROW_GATE;
        if (b->see_row)
            b->see_row(&rows[i], b->see_arg);
        b->reference_rows_n += rows[i].kind == JOURNAL_ROW_REFERENCE;
        if (rows[i].kind != JOURNAL_ROW_PERSON)
            continue;
        b->rows_n++;
        b->last_person = rows[i].person_id;
    }
    return true;
}

static inline bool notebook_has_room(void *arg)
{
    const struct notebook *b = arg;
    return !b->is_full && !b->is_half_full;
}

static inline uint64_t notebook_committed(void *arg)
{
    return ((const struct notebook *)arg)->committed_n;
}

static inline enum journal_health notebook_health(void *arg)
{
    const struct notebook *b = arg;
    return b->health == JOURNAL_WELL && !notebook_has_room(arg) ? JOURNAL_BEHIND : b->health;
}

static inline int notebook_put(void *arg, const struct journal_snapshot *snapshot)
{
    (void)arg;
    (void)snapshot;
    return 0;
}

static inline int notebook_get(void *arg, struct journal_snapshot *snapshot)
{
    (void)arg;
    (void)snapshot;
    return ENOENT;
}

/* tidy: parameters — dictated by port/journal.h */
static inline int notebook_read(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg,
                                uint64_t *last_good_id)
{
    const struct notebook *b = arg;
    for (size_t i = (size_t)after_id; i < b->committed_n; i++)
        if (!fn(&b->events[i], fn_arg))
            break;
    *last_good_id = b->committed_n;
    return 0;
}

static inline void notebook_open(struct notebook *b)
{
    memset(b, 0, sizeof(*b));
    b->port = (struct journal_port){.arg = b,
                                    .append = notebook_append,
                                    .has_room = notebook_has_room,
                                    .committed_id = notebook_committed,
                                    .health = notebook_health,
                                    .snapshot_put = notebook_put,
                                    .snapshot_get = notebook_get,
                                    .read = notebook_read};
}

/* The writer has done its work, unless the disk refuses. */
static inline void notebook_commit(struct notebook *b)
{
    if (b->health != JOURNAL_DOWN)
        b->committed_n = b->n;
}

/* What was not committed is lost. */
static inline void notebook_crash(struct notebook *b)
{
    b->n = b->committed_n;
    b->is_full = b->is_half_full = false;
    b->health = JOURNAL_WELL;
}

static inline void notebook_drop(struct notebook *b)
{
    free(b->events);
}

/* How many events of a kind there are; the last of them in *last when asked for. */
static inline unsigned notebook_count(const struct notebook *b, enum event_kind kind,
                                      struct event *last)
{
    unsigned n = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->events[i].kind == kind) {
            n++;
            if (last)
                *last = b->events[i];
        }
    return n;
}

#endif
