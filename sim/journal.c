/* journal.c — see journal.h. One batch is in flight at a time, as with one writer thread: two
 * writes (head, body) at its beginning, one sync at its end. Cost: a copy and a hash of the bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "event/codec.h"
#include "sim/journal.h"

#define BATCH_MAGIC UINT64_C(0x6465637262617463)
#define SNAPSHOT_MAGIC UINT64_C(0x646563726f736e61)
#define STALL_ONE 1000000

struct batch_head {
    uint64_t magic, first_id, n, bytes_n, chain; /* chain: hash over the body and the one before */
};

struct snapshot_head {
    uint64_t magic, version, last_id, hash, n, sum;
};

struct sim_journal {
    struct sim_journal_args args;
    struct journal_port port;
    ms_t now_at;
    /* The ring: encoded events not yet handed to the disk. */
    uint8_t *ring; /* owned */
    size_t ring_bytes, ring_used;
    uint32_t ring_n;
    uint64_t next_id; /* of the next append */
    /* The batch in flight. */
    uint32_t flight_n;
    uint64_t flight_last_id;
    ms_t flight_done_at; /* MS_NEVER: none */
    ms_t begin_at;       /* when the next one begins; MS_NEVER: nothing waits */
    uint64_t committed_id, chain;
    struct prng chance;
    struct sim_journal_totals totals;
    unsigned slot;                     /* of the next snapshot */
    struct snapshot_head waiting_head; /* magic 0: none waits */
    uint8_t *waiting;                  /* owned */
};

static uint64_t fold_bytes(uint64_t h, const uint8_t *p, size_t n)
{
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t v = 0;
        for (unsigned i = 0; i < 8; i++)
            v |= (uint64_t)p[i] << 8 * i;
        h = hash_fold(h, v);
    }
    for (; n; n--)
        h = hash_fold(h, *p++);
    return h;
}

static bool is_down(const struct sim_journal *j)
{
    return j->now_at >= j->args.down_from_at && j->now_at < j->args.down_to_at;
}

/* tidy: parameters — the shape is that of port/journal.h */
static bool append(void *arg, const struct event *ev, unsigned n, const struct journal_row *rows,
                   unsigned rows_n)
{
    struct sim_journal *j = arg;
    (void)rows;
    (void)rows_n;
    if (!n)
        return true; /* rows alone: nobody reads them here */
    assert(n <= JOURNAL_APPEND_MAX && ev[0].id == j->next_id);
    if (j->ring_n + j->flight_n + n > j->args.ring_events)
        return false;
    for (unsigned i = 0; i < n; i++) {
        size_t k = event_encode(j->ring + j->ring_used, &ev[i]);
        j->totals.bytes_hash = fold_bytes(j->totals.bytes_hash, j->ring + j->ring_used, k);
        j->ring_used += k;
    }
    j->ring_n += n;
    j->next_id += n;
    if (j->begin_at == MS_NEVER && j->flight_done_at == MS_NEVER)
        j->begin_at = j->now_at;
    if (j->args.on_append)
        j->args.on_append(j->next_id - 1, j->args.arg);
    return true;
}

static bool has_room(void *arg)
{
    const struct sim_journal *j = arg;
    return 2 * (j->ring_n + j->flight_n) < j->args.ring_events;
}

static uint64_t committed_id(void *arg)
{
    return ((const struct sim_journal *)arg)->committed_id;
}

static enum journal_health health(void *arg)
{
    const struct sim_journal *j = arg;
    if (is_down(j))
        return JOURNAL_DOWN;
    return has_room(arg) ? JOURNAL_WELL : JOURNAL_BEHIND;
}

static ms_t commit_ms(struct sim_journal *j)
{
    if (j->args.stall_ppm && prng_below(&j->chance, STALL_ONE) < j->args.stall_ppm) {
        j->totals.stalls_n++;
        return j->args.stall_ms;
    }
    return prng_between(&j->chance, j->args.commit_ms_min, j->args.commit_ms_max);
}

/* Hands all that waits to the disk as one batch. */
static void begin(struct sim_journal *j)
{
    struct batch_head head = {.magic = BATCH_MAGIC,
                              .first_id = j->next_id - j->ring_n,
                              .n = j->ring_n,
                              .bytes_n = j->ring_used};
    j->begin_at = MS_NEVER;
    if (!j->args.forgets) {
        head.chain = fold_bytes(hash_fold(j->chain, head.first_id), j->ring, j->ring_used);
        j->chain = head.chain;
        if (sim_disk_write(j->args.disk, SIM_FILE_JOURNAL, &head, sizeof(head)))
            sim_disk_write(j->args.disk, SIM_FILE_JOURNAL, j->ring, j->ring_used);
    }
    j->totals.bytes_n += j->ring_used;
    j->flight_n = j->ring_n;
    j->flight_last_id = j->next_id - 1;
    j->flight_done_at = j->now_at + commit_ms(j);
    j->ring_n = 0;
    j->ring_used = 0;
}

/* Two files in turn, so that the older one stays whole while the newer is written. */
static void write_snapshot(struct sim_journal *j)
{
    const struct snapshot_head *head = &j->waiting_head;
    if (!head->magic || head->last_id > j->committed_id)
        return;
    enum sim_file file = SIM_FILE_SNAPSHOT_A + j->slot;
    j->slot = !j->slot;
    j->totals.snapshots_n++;
    sim_disk_truncate(j->args.disk, file, 0);
    if (sim_disk_write(j->args.disk, file, head, sizeof(*head)) &&
        sim_disk_write(j->args.disk, file, j->waiting, head->n))
        sim_disk_sync(j->args.disk, file);
    j->waiting_head.magic = 0;
}

static bool commit(struct sim_journal *j)
{
    if (!j->args.forgets && !sim_disk_sync(j->args.disk, SIM_FILE_JOURNAL))
        return false;
    j->committed_id = j->flight_last_id;
    j->totals.commits_n++;
    j->totals.events_n += j->flight_n;
    j->flight_n = 0;
    j->flight_done_at = MS_NEVER;
    j->begin_at = j->ring_n ? j->now_at : MS_NEVER;
    write_snapshot(j);
    return true;
}

void sim_journal_time(struct sim_journal *j, ms_t now_at)
{
    j->now_at = now_at;
}

ms_t sim_journal_next_at(const struct sim_journal *j)
{
    ms_t at = j->flight_done_at < j->begin_at ? j->flight_done_at : j->begin_at;
    return at != MS_NEVER && is_down(j) ? j->args.down_to_at : at;
}

bool sim_journal_run(struct sim_journal *j, ms_t now_at)
{
    bool has_moved = false;
    j->now_at = now_at;
    if (is_down(j) || j->args.disk->is_dead)
        return false;
    if (j->flight_done_at <= now_at)
        has_moved = commit(j);
    if (j->begin_at <= now_at)
        begin(j);
    return has_moved;
}

/* Kept aside until its last event is committed: written earlier, it would outlive a crash that its
 * events do not, and describe a past that never was. */
static int snapshot_put(void *arg, const struct journal_snapshot *s)
{
    struct sim_journal *j = arg;
    if (j->args.forgets)
        return 0;
    uint8_t *copy = realloc(j->waiting, s->n);
    if (!copy)
        return ENOMEM;
    memcpy(copy, s->bytes, s->n);
    j->waiting = copy;
    j->waiting_head = (struct snapshot_head){.magic = SNAPSHOT_MAGIC,
                                             .version = s->version,
                                             .last_id = s->last_id,
                                             .hash = s->hash,
                                             .n = s->n,
                                             .sum = fold_bytes(s->last_id, s->bytes, s->n)};
    return 0;
}

/* A snapshot may be ahead of the journal that survived: then it is of no use. */
static bool snapshot_read(const struct sim_journal *j, enum sim_file file,
                          struct journal_snapshot *s)
{
    const struct sim_disk_file *f = &j->args.disk->files[file];
    struct snapshot_head head;
    if (f->n < sizeof(head))
        return false;
    memcpy(&head, f->bytes, sizeof(head));
    const uint8_t *bytes = f->bytes + sizeof(head);
    if (head.magic != SNAPSHOT_MAGIC || head.n != f->n - sizeof(head) ||
        head.last_id > j->committed_id || head.sum != fold_bytes(head.last_id, bytes, head.n))
        return false;
    *s = (struct journal_snapshot){.version = (uint32_t)head.version,
                                   .last_id = head.last_id,
                                   .hash = head.hash,
                                   .bytes = bytes,
                                   .n = head.n};
    return true;
}

static int snapshot_get(void *arg, struct journal_snapshot *snapshot)
{
    const struct sim_journal *j = arg;
    struct journal_snapshot a, b;
    bool has_a = snapshot_read(j, SIM_FILE_SNAPSHOT_A, &a);
    bool has_b = snapshot_read(j, SIM_FILE_SNAPSHOT_B, &b);
    if (!has_a && !has_b)
        return ENOENT;
    *snapshot = has_a && (!has_b || a.last_id > b.last_id) ? a : b;
    return 0;
}

/* The batch at `at`, when it is whole and follows. */
static bool batch_at(const struct sim_journal *j, size_t at, uint64_t chain,
                     struct batch_head *head)
{
    const struct sim_disk_file *f = &j->args.disk->files[SIM_FILE_JOURNAL];
    if (f->n - at < sizeof(*head))
        return false;
    memcpy(head, f->bytes + at, sizeof(*head));
    if (head->magic != BATCH_MAGIC || head->bytes_n > f->n - at - sizeof(*head))
        return false;
    uint64_t sum =
        fold_bytes(hash_fold(chain, head->first_id), f->bytes + at + sizeof(*head), head->bytes_n);
    return sum == head->chain;
}

struct reading {
    journal_event_fn *fn;
    void *arg;
    uint64_t after_id, last_id;
    bool is_bad, is_over;
};

static void read_batch(const uint8_t *p, const struct batch_head *head, struct reading *r)
{
    size_t at = 0;
    for (uint64_t i = 0; i < head->n && !r->is_over; i++) {
        struct event ev;
        size_t used = 0;
        bool ok = event_decode(&ev, p + at, head->bytes_n - at, &used) == CODEC_OK;
        if (!ok || ev.id != r->last_id + 1) {
            r->is_bad = true;
            return;
        }
        at += used;
        r->last_id = ev.id;
        if (ev.id > r->after_id && r->fn)
            r->is_over = !r->fn(&ev, r->arg);
    }
}

/* Walks the sound batches; answers where they end. */
static size_t walk(const struct sim_journal *j, struct reading *r, uint64_t *chain)
{
    size_t at = 0;
    struct batch_head head;
    *chain = 0;
    while (!r->is_bad && !r->is_over && batch_at(j, at, *chain, &head)) {
        const uint8_t *body = j->args.disk->files[SIM_FILE_JOURNAL].bytes + at + sizeof(head);
        read_batch(body, &head, r);
        *chain = head.chain;
        at += sizeof(head) + head.bytes_n;
    }
    return at;
}

/* tidy: parameters — the shape is that of port/journal.h */
static int read_events(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg,
                       uint64_t *last_good_id)
{
    struct reading r = {.fn = fn, .arg = fn_arg, .after_id = after_id};
    uint64_t chain;
    walk(arg, &r, &chain);
    *last_good_id = r.last_id;
    return r.is_bad ? EBADMSG : 0;
}

static bool hash_event(const struct event *ev, void *arg)
{
    struct sim_journal *j = arg;
    uint8_t bytes[EVENT_BYTES_MAX];
    j->totals.bytes_hash = fold_bytes(j->totals.bytes_hash, bytes, event_encode(bytes, ev));
    return true;
}

/* What survived is committed, whole batches only. */
static void recover(struct sim_journal *j)
{
    struct reading r = {.fn = hash_event, .arg = j};
    size_t end = walk(j, &r, &j->chain);
    assert(!r.is_bad);
    sim_disk_truncate(j->args.disk, SIM_FILE_JOURNAL, end);
    j->committed_id = r.last_id;
    j->next_id = r.last_id + 1;
    j->totals.events_n = r.last_id;
}

struct sim_journal *sim_journal_open(const struct sim_journal_args *args)
{
    struct sim_journal *j = calloc(1, sizeof(*j));
    assert(j && args->ring_events >= JOURNAL_APPEND_MAX);
    j->args = *args;
    j->ring_bytes = (size_t)args->ring_events * EVENT_BYTES_MAX;
    j->ring = malloc(j->ring_bytes);
    assert(j->ring);
    j->port = (struct journal_port){.arg = j,
                                    .append = append,
                                    .has_room = has_room,
                                    .committed_id = committed_id,
                                    .health = health,
                                    .snapshot_put = snapshot_put,
                                    .snapshot_get = snapshot_get,
                                    .read = read_events};
    j->flight_done_at = j->begin_at = MS_NEVER;
    prng_seed(&j->chance, args->seed ^ UINT64_C(0x6a6f75726e616c));
    recover(j);
    return j;
}

void sim_journal_drop(struct sim_journal *j)
{
    if (!j)
        return;
    free(j->ring);
    free(j->waiting);
    free(j);
}

const struct journal_port *sim_journal_port(const struct sim_journal *j)
{
    return &j->port;
}

struct sim_journal_totals sim_journal_totals(const struct sim_journal *j)
{
    return j->totals;
}
