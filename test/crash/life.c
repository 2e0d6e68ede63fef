/* life.c — some hundred events in the life of a journal.
 * Used by power.c and refusal.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/verify.h"
#include "test/crash/life.h"
#include "test/support/events.h"

#define APPENDS_IN_A_MONTH 40
#define MONTH_MS ((ms_t)31 * 86400000)
#define TURNS_MAX 10000
#define SNAPSHOT_EVERY 30
#define RESTART_AT 60
#define WAL_PAGES 24
#define RING_ITEMS 256

/* ---- the plan ---- */

static unsigned append_events_n(unsigned i)
{
    return 1 + i * 7 % 5;
}

static bool append_has_row(unsigned i)
{
    return i % 4 == 1;
}

static ms_t append_at(unsigned i)
{
    return EVENTS_BEGIN_AT + (ms_t)(i / APPENDS_IN_A_MONTH) * MONTH_MS + i * 1000;
}

static uint64_t append_first_id(unsigned i)
{
    uint64_t id = 1;
    for (unsigned k = 0; k < i; k++)
        id += append_events_n(k);
    return id;
}

uint64_t life_last_id(void)
{
    return append_first_id(LIFE_APPENDS) - 1;
}

static void name_person(char to[24], uint64_t id)
{
    snprintf(to, 24, "+33%09u", (unsigned)id);
}

/* The append that holds this event. */
static unsigned append_of(uint64_t id)
{
    unsigned i = 0;
    while (append_first_id(i + 1) <= id)
        i++;
    return i;
}

/* ---- living ---- */

static ms_t no_clock(void)
{
    return 1;
}

int life_open(struct life *l, struct disk_drive *drive)
{
    int err = EIO;
    memset(l, 0, sizeof(*l));
    l->drive = drive;
    l->store = store_person_port(&l->person);
    struct journal_args args = {
        .path = LIFE_PATH, .node = 1, .store = &l->store, .ring_n = RING_ITEMS};
    args.hooks = (struct journal_hooks){LIFE_VFS, WAL_PAGES, no_clock, true};
    for (unsigned i = 0; err && i < TURNS_MAX; i++)
        err = journal_open(&l->journal, &args);
    if (err)
        return err;
    l->port = journal_port(l->journal);
    l->next_id = l->port.committed_id(l->port.arg) + 1;
    drive->disk->published = l->port.committed_id;
    drive->disk->published_arg = l->port.arg;
    return 0;
}

void life_drop(struct life *l)
{
    l->drive->disk->published = NULL;
    journal_drop(l->journal);
    l->journal = NULL;
}

static void do_append(struct life *l, unsigned i)
{
    struct event ev[8];
    struct journal_row row = {.person_id = l->next_id};
    unsigned n = append_events_n(i);
    for (unsigned k = 0; k < n; k++)
        ev[k] = events_make(l->next_id + k, append_at(i));
    name_person(row.number, l->next_id);
    if (!l->port.append(l->port.arg, ev, n, &row, append_has_row(i)))
        abort();
    l->next_id += n;
}

static void put_snapshot(struct life *l)
{
    uint8_t bytes[5000];
    struct journal_snapshot s = {.version = 1,
                                 .last_id = l->next_id - 1,
                                 .hash = l->next_id,
                                 .bytes = bytes,
                                 .n = sizeof(bytes)};
    memset(bytes, (int)(l->next_id & 0xff), sizeof(bytes));
    if (l->port.snapshot_put(l->port.arg, &s))
        abort();
}

/* Until nothing is left to do; with a disk that refuses, as long as it takes. */
static void work(struct life *l)
{
    int wait_ms = 0;
    for (unsigned i = 0; wait_ms >= 0 && i < TURNS_MAX; i++) {
        wait_ms = journal_turn(l->journal);
        bool is_down = l->port.health(l->port.arg) == JOURNAL_DOWN;
        if (is_down != (wait_ms > 0))
            abort();
        l->downs_n += is_down;
    }
}

static void restart(struct life *l)
{
    struct disk_drive *drive = l->drive;
    uint64_t downs_n = l->downs_n;
    work(l);
    life_drop(l);
    if (life_open(l, drive))
        abort();
    l->downs_n = downs_n;
}

void life_run(struct life *l)
{
    for (unsigned i = 0; i < LIFE_APPENDS; i++) {
        do_append(l, i);
        if (i % SNAPSHOT_EVERY == SNAPSHOT_EVERY - 1)
            put_snapshot(l);
        if (i % 3 != 1) /* now and then two appends share a commit */
            work(l);
        if (i == RESTART_AT)
            restart(l);
    }
    work(l);
}

/* ---- what is left ---- */

static bool is_sound(void)
{
    struct journal_report r;
    struct sql_args args = {.path = LIFE_PATH, .vfs = LIFE_VFS};
    journal_verify(&r, &args);
    if (r.verdict != JOURNAL_SOUND || r.snapshots_bad_n)
        printf("verify: %s %s err %d, %u bad snapshots\n", journal_report_why(&r), r.place, r.err,
               r.snapshots_bad_n);
    return r.verdict == JOURNAL_SOUND && r.snapshots_bad_n == 0;
}

struct reading {
    uint64_t last_id;
    bool is_equal;
};

static bool compare(const struct event *ev, void *arg)
{
    struct reading *r = arg;
    struct event same = events_make(ev->id, append_at(append_of(ev->id)));
    r->is_equal &= ev->id == r->last_id + 1 && !memcmp(ev, &same, sizeof(same));
    r->last_id = ev->id;
    return true;
}

static bool events_agree(struct life *l, uint64_t published)
{
    struct reading r = {.is_equal = true};
    uint64_t good_id = 0;
    int err = l->port.read(l->port.arg, 0, compare, &r, &good_id);
    bool is_whole = r.last_id == 0 || append_first_id(append_of(r.last_id) + 1) == r.last_id + 1;
    if (!err && r.is_equal && is_whole && r.last_id >= published && l->next_id == r.last_id + 1)
        return true;
    printf("events: err %d, equal %d, whole appends %d, last %" PRIu64 ", published %" PRIu64 "\n",
           err, r.is_equal, is_whole, r.last_id, published);
    return false;
}

static bool rows_agree(uint64_t last_id)
{
    struct store_reader r;
    struct sql_args args = {.path = LIFE_PATH, .vfs = LIFE_VFS};
    if (store_reader_open(&r, &args))
        return false;
    bool is_good = true;
    for (unsigned i = 0; i < LIFE_APPENDS && is_good; i++) {
        uint64_t first_id = append_first_id(i), person_id = 0;
        char number[24];
        name_person(number, first_id);
        bool is_found = !store_person_find(&person_id, &r, number) && person_id == first_id;
        is_good = is_found == (append_has_row(i) && first_id <= last_id);
    }
    store_reader_drop(&r);
    if (!is_good)
        printf("a person without events, or events without their person\n");
    return is_good;
}

static bool snapshot_agrees(struct life *l)
{
    struct journal_snapshot s;
    int err = l->port.snapshot_get(l->port.arg, &s);
    bool is_good = err == ENOENT || (!err && s.last_id < l->next_id && s.hash == s.last_id + 1);
    for (size_t i = 0; !err && is_good && i < s.n; i++)
        is_good = s.bytes[i] == (uint8_t)(s.hash & 0xff);
    if (!is_good)
        printf("snapshot: err %d\n", err);
    return is_good;
}

/* The life goes on where it was cut. */
static bool goes_on(struct life *l)
{
    unsigned i = append_of(l->next_id);
    if (i < LIFE_APPENDS)
        do_append(l, i);
    work(l);
    return l->port.health(l->port.arg) == JOURNAL_WELL &&
           l->port.committed_id(l->port.arg) == l->next_id - 1;
}

bool life_check(struct disk_drive *drive, uint64_t published)
{
    struct life l;
    int err = life_open(&l, drive);
    if (err) {
        printf("does not open: errno %d\n", err);
        return false;
    }
    bool is_good = events_agree(&l, published) && rows_agree(l.next_id - 1) &&
                   snapshot_agrees(&l) && is_sound() && goes_on(&l) && is_sound();
    life_drop(&l);
    return is_good;
}
