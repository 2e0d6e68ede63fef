/* record.c — see record.h. Main puts orders into one ring, media threads sound into theirs; this
 * thread looks at all of them ten times a second while something is recorded, and sleeps else.
 * Invariant: an order is carried out before sound that came after it is given out, for what was
 * said is kept back WINDOW_LATE_MS. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "os/bell.h"
#include "os/thread.h"
#include "record/record.h"
#include "record/shelf.h"
#include "record/window.h"

#define TURN_MS 100
#define SLEEP_MS 60000
#define PURGE_EVERY_MS ((ms_t)60 * 60 * 1000)

enum order_kind { ORDER_BEGIN, ORDER_PAUSE, ORDER_GO_ON, ORDER_KEY, ORDER_END };

struct order {
    enum order_kind kind;
    uint32_t number;
    ms_t at, wall_at;
    struct record_begin begin;
};

/* One conversation. */
struct live {
    ms_t end_at; /* MS_NEVER: goes on */
    bool has_failed;
    struct record_out out;
    struct window window;
};

struct record {
    /* set by open, then only read */
    char folder[OS_PATH_MAX];
    uint8_t key[RECORD_KEY_BYTES];
    uint32_t lives_max, calls_max, retention_days;
    struct tap_ring *taps;
    unsigned taps_n;
    os_clock_fn *boot_ms, *wall_at;
    bool is_manual;

    /* main's */
    uint32_t next_number, open_n;
    uint64_t refused_n;
    ms_t retry_at;

    /* between the two */
    struct ring_buffer orders;
    struct ring_buffer lost;           /* numbers, back to main */
    void *orders_memory, *lost_memory; /* owned */
    struct os_bell bell;
    _Atomic bool is_ending;
    _Atomic bool is_deaf; /* a pause or a key found no room: nothing that is open may go on */
    _Atomic int err, purge_err;
    _Atomic uint64_t made_n, failed_n, purged_n, late_n;

    /* the thread's */
    struct os_thread thread;
    struct live *lives; /* owned */
    uint32_t
        *numbers; /* owned; of each of them, 0: none: side by side, for they are looked through */
    uint32_t lives_n;
    ms_t purge_at;
};

/* ---- main --------------------------------------------------------------------------------- */

static bool give(struct record *r, const struct order *order)
{
    bool fits = ring_push(&r->orders, order, 1);
    if (fits)
        os_bell_ring(&r->bell);
    return fits;
}

static uint32_t begin(void *arg, const struct record_begin *begin)
{
    struct record *r = arg;
    ms_t at = r->boot_ms();
    struct order order = {.kind = ORDER_BEGIN,
                          .number = r->next_number,
                          .at = at,
                          .wall_at = r->wall_at(),
                          .begin = *begin};
    bool rests = atomic_load_explicit(&r->err, memory_order_relaxed) && at < r->retry_at;
    /* Room is kept for the end of each that is open. */
    bool has_room = ring_room_n(&r->orders) > r->open_n + 1 && r->open_n < r->calls_max;
    if (rests || !has_room || !give(r, &order)) {
        r->refused_n++;
        return 0;
    }
    r->retry_at = at + RECORD_RETRY_MS;
    r->open_n++;
    r->next_number += r->next_number == UINT32_MAX ? 2 : 1;
    return order.number;
}

/* An order about one that is open; one that finds no room but for ends is left to the next. */
static bool tell(struct record *r, enum order_kind kind, uint32_t number)
{
    const struct order order = {.kind = kind, .number = number, .at = r->boot_ms()};
    bool has_room = kind == ORDER_END || ring_room_n(&r->orders) > r->open_n;
    return number && has_room && give(r, &order);
}

static void end(void *arg, uint32_t number)
{
    struct record *r = arg;
    if (tell(r, ORDER_END, number))
        r->open_n--;
}

/* What cannot be paused is not recorded at all. */
static void pause(void *arg, uint32_t number, bool is_paused)
{
    struct record *r = arg;
    if (!tell(r, is_paused ? ORDER_PAUSE : ORDER_GO_ON, number) && is_paused)
        atomic_store(&r->is_deaf, true);
}

static void key(void *arg, uint32_t number)
{
    struct record *r = arg;
    if (!tell(r, ORDER_KEY, number))
        atomic_store(&r->is_deaf, true);
}

static bool next_lost(void *arg, uint32_t *number)
{
    struct record *r = arg;
    if (!ring_waiting_n(&r->lost))
        return false;
    memcpy(number, ring_item(&r->lost, 0), sizeof(*number));
    ring_release(&r->lost, 1);
    return true;
}

struct record_port record_port(struct record *r)
{
    return (struct record_port){
        .arg = r, .begin = begin, .pause = pause, .key = key, .end = end, .next_lost = next_lost};
}

struct record_totals record_totals(const struct record *r)
{
    struct record_totals t = {.open_n = r->open_n,
                              .made_n = atomic_load(&r->made_n),
                              .failed_n = atomic_load(&r->failed_n),
                              .refused_n = r->refused_n,
                              .purged_n = atomic_load(&r->purged_n),
                              .left_out_n = atomic_load(&r->late_n),
                              .err = atomic_load(&r->err),
                              .purge_err = atomic_load(&r->purge_err)};
    for (unsigned i = 0; i < r->taps_n; i++)
        t.left_out_n += atomic_load(&r->taps[i].left_out_n);
    return t;
}

/* ---- the thread: one conversation --------------------------------------------------------- */

static struct live *live_with(struct record *r, uint32_t number)
{
    for (uint32_t i = 0; i < r->lives_max; i++)
        if (r->numbers[i] == number)
            return &r->lives[i];
    return NULL;
}

/* Main hears of it, unless it has not looked for thousands of them. */
static void fail(struct record *r, struct live *live, int err)
{
    (void)ring_push(&r->lost, &r->numbers[live - r->lives], 1);
    live->has_failed = true;
    record_out_drop(&live->out); /* what is there stays: it says itself that it was cut off */
    atomic_fetch_add(&r->failed_n, 1);
    atomic_store(&r->err, err);
}

static void begin_live(struct record *r, const struct order *o)
{
    struct live *live = live_with(r, 0);
    const struct record_head head = {.id = o->begin.id,
                                     .call_id = o->begin.call_id,
                                     .begun_at = o->wall_at,
                                     .queue_id = o->begin.queue_id,
                                     .agent_id = o->begin.agent_id};
    if (!live) {
        (void)ring_push(&r->lost, &o->number, 1);
        atomic_fetch_add(&r->failed_n, 1);
        return;
    }
    r->numbers[live - r->lives] = o->number;
    live->end_at = MS_NEVER;
    live->has_failed = false;
    window_open(&live->window, o->at);
    r->lives_n++;
    int err = record_out_open(&live->out, r->folder, &head, r->key);
    if (err)
        fail(r, live, err);
}

/* Gives out what was said before that instant. */
static void write_until(struct record *r, struct live *live, ms_t until_at)
{
    size_t n = 1;
    while (n && !live->has_failed) {
        struct record_out *out = &live->out;
        n = window_take(&live->window, until_at, &out->pairs[out->pairs_n],
                        RECORD_CHUNK_PAIRS - out->pairs_n);
        int err = n ? record_out_add(out, n) : 0;
        if (err)
            fail(r, live, err);
    }
}

static void end_live(struct record *r, struct live *live)
{
    write_until(r, live, live->end_at);
    if (!live->has_failed) {
        int err = record_out_end(&live->out, r->folder);
        atomic_store(&r->err, err);
        atomic_fetch_add(err ? &r->failed_n : &r->made_n, 1);
    }
    memset(live->window.codes, 0, sizeof(live->window.codes));
    r->numbers[live - r->lives] = 0;
    r->lives_n--;
}

/* ---- the thread: a turn ------------------------------------------------------------------- */

static void obey(struct record *r, const struct order *o)
{
    struct live *live = o->kind == ORDER_BEGIN ? NULL : live_with(r, o->number);
    if (o->kind == ORDER_BEGIN)
        begin_live(r, o);
    else if (live && o->kind == ORDER_END)
        live->end_at = o->at;
    else if (live && o->kind == ORDER_KEY)
        window_key(&live->window, o->at);
    else if (live)
        window_pause(&live->window, o->at, o->kind == ORDER_PAUSE);
}

static void take_orders(struct record *r)
{
    uint32_t n = ring_waiting_n(&r->orders);
    for (uint32_t i = 0; i < n; i++)
        obey(r, ring_item(&r->orders, i));
    ring_release(&r->orders, n);
}

static void take_sound(struct record *r, struct tap_ring *tap)
{
    uint32_t n = ring_waiting_n(&tap->ring);
    for (uint32_t i = 0; i < n; i++) {
        const struct tap_frame *f = ring_item(&tap->ring, i);
        struct live *live = f->recording ? live_with(r, f->recording) : NULL;
        bool is_heard = live && f->at <= live->end_at;
        if (is_heard && !window_put(&live->window, f))
            atomic_fetch_add(&r->late_n, 1);
    }
    ring_release(&tap->ring, n);
}

static void purge(struct record *r, ms_t boot_at, ms_t wall_at)
{
    struct record_purge p = {
        .folder = r->folder, .now_at = wall_at, .retention_days = r->retention_days};
    if (boot_at < r->purge_at)
        return;
    r->purge_at = boot_at + PURGE_EVERY_MS;
    atomic_store(&r->purge_err, record_shelf_purge(&p));
    atomic_fetch_add(&r->purged_n, p.purged_n);
}

/* Before anything is given out: of none is known whether it was to be paused. */
static void fail_all(struct record *r)
{
    for (uint32_t i = 0; i < r->lives_max; i++)
        if (r->numbers[i] && !r->lives[i].has_failed)
            fail(r, &r->lives[i], ENOBUFS);
}

void record_turn(struct record *r)
{
    ms_t boot_at = r->boot_ms();
    bool is_deaf = atomic_exchange(&r->is_deaf, false);
    take_orders(r);
    if (is_deaf)
        fail_all(r);
    for (unsigned i = 0; i < r->taps_n; i++)
        take_sound(r, &r->taps[i]);
    for (uint32_t i = 0; i < r->lives_max && r->lives_n; i++) {
        struct live *live = &r->lives[i];
        if (!r->numbers[i])
            continue;
        if (live->end_at != MS_NEVER && boot_at >= live->end_at + WINDOW_LATE_MS)
            end_live(r, live);
        else
            write_until(r, live,
                        boot_at - WINDOW_LATE_MS < live->end_at ? boot_at - WINDOW_LATE_MS
                                                                : live->end_at);
    }
    purge(r, boot_at, r->wall_at());
}

static bool is_idle(const struct record *r)
{
    return !r->lives_n && !ring_waiting_n(&r->orders);
}

static void *run(void *arg)
{
    struct record *r = arg;
    while (!atomic_load(&r->is_ending)) {
        record_turn(r);
        os_bell_arm(&r->bell);
        if (atomic_load(&r->is_ending))
            break;
        os_bell_wait(&r->bell, is_idle(r) ? SLEEP_MS : TURN_MS);
    }
    return NULL;
}

/* ---- opening and end ---------------------------------------------------------------------- */

int record_open(struct record **out, const struct record_args *args)
{
    struct os_thread_args thread = {"record", run, NULL};
    *out = NULL;
    if (!args->calls_max || args->calls_max > RECORD_CALLS_MAX || args->taps_n > RECORD_TAPS_MAX)
        return EINVAL;
    if (sodium_init() < 0)
        return ENOSYS;
    struct record *r = calloc(1, sizeof(*r));
    if (!r)
        return ENOMEM;
    r->bell.fd = -1;
    r->calls_max = args->calls_max;
    r->lives_max = 2 * args->calls_max; /* those that end are still written */
    r->retention_days = args->retention_days;
    r->taps = args->taps;
    r->taps_n = args->taps_n;
    r->is_manual = args->is_manual;
    r->boot_ms = args->boot_ms ? args->boot_ms : os_clock_boot_ms;
    r->wall_at = args->wall_at ? args->wall_at : os_clock_wall_at;
    r->next_number = 1;
    memcpy(r->key, args->key, sizeof(r->key));
    r->lives = calloc(r->lives_max, sizeof(*r->lives));
    r->numbers = calloc(r->lives_max, sizeof(*r->numbers));
    r->orders_memory = malloc(ring_bytes(RECORD_ORDERS_N, sizeof(struct order)));
    r->lost_memory = malloc(ring_bytes(RECORD_ORDERS_N, sizeof(uint32_t)));
    int err = r->lives && r->numbers && r->orders_memory && r->lost_memory
                  ? os_path_join(r->folder, args->folder, "")
                  : ENOMEM;
    if (!err) {
        ring_open(&r->orders, r->orders_memory, RECORD_ORDERS_N, sizeof(struct order));
        ring_open(&r->lost, r->lost_memory, RECORD_ORDERS_N, sizeof(uint32_t));
        err = os_bell_open(&r->bell);
    }
    thread.arg = r;
    if (!err && !r->is_manual)
        err = os_thread_open(&r->thread, &thread);
    if (err)
        record_drop(r);
    else
        *out = r;
    return err;
}

/* The thread has ended: its turn is ours. */
static void end_all(struct record *r)
{
    if (!r->lives || !r->numbers || !r->orders.items)
        return;
    take_orders(r);
    for (unsigned i = 0; i < r->taps_n; i++)
        take_sound(r, &r->taps[i]);
    for (uint32_t i = 0; i < r->lives_max; i++) {
        struct live *live = &r->lives[i];
        if (!r->numbers[i])
            continue;
        live->end_at = live->end_at == MS_NEVER ? r->boot_ms() : live->end_at;
        end_live(r, live);
    }
}

void record_drop(struct record *r)
{
    if (!r)
        return;
    atomic_store(&r->is_ending, true);
    if (r->thread.is_running) {
        os_bell_ring(&r->bell);
        os_thread_drop(&r->thread);
    }
    end_all(r);
    os_bell_drop(&r->bell);
    free(r->lives);
    free(r->numbers);
    free(r->orders_memory);
    free(r->lost_memory);
    explicit_bzero(r, sizeof(*r));
    free(r);
}
