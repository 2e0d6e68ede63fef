/* thread.c — the turn of a media thread: what is due in this millisecond, what main wants, what has
 * arrived for bridged streams.
 * Called by the thread itself, or by a test with its own clock. Between turns it sleeps on a timer;
 * without any stream, on its bell.
 * Cost: 1,000 turns a second, each O(streams of its slot). Invariant: a stream is touched by its
 * own thread only. */
#include <errno.h>
#include <string.h>

#include "media/thread.h"
#include "os/clock.h"

#define WORD_BITS 64

typedef void stream_fn(struct media_thread *t, struct stream *s);

struct stream *thread_find(struct media_thread *t, struct media_ref ref)
{
    uint32_t i = ref.slot - t->first_slot;
    if (ref.gen == 0 || i >= PACE_SLOTS * t->places)
        return NULL;
    struct stream *s = &t->streams[i];
    return s->gen == ref.gen && !s->is_closed ? s : NULL;
}

/* ---- what main wants ---- */

static uint64_t *active_word(struct media_thread *t, uint32_t i, uint64_t *bit)
{
    uint32_t slot = i / t->places, place = i % t->places;
    *bit = UINT64_C(1) << (place % WORD_BITS);
    return &t->active[(size_t)slot * t->active_words + place / WORD_BITS];
}

/* Once its last report is out, the place is main's again: it must be free before anything else is
 * taken from the desks. */
static void settle(struct media_thread *t, struct stream *s)
{
    uint64_t bit;
    uint64_t *word = active_word(t, s->slot - t->first_slot, &bit);
    if (!s->is_closed || s->due.kinds)
        return;
    *word &= ~bit;
    s->gen = 0;
    s->order = NULL;
    t->active_n--;
}

static void take_order(struct media_thread *t, uint32_t i)
{
    uint64_t bit;
    const struct stream_order *order = desk_take(&t->desks[i]);
    if (!order)
        return;
    uint64_t *word = active_word(t, i, &bit);
    *word |= bit;
    stream_apply(t, &t->streams[i], order);
    settle(t, &t->streams[i]);
}

static void take_orders(struct media_thread *t)
{
    for (uint32_t w = 0; w < t->dirty_words; w++) {
        if (!atomic_load_explicit(&t->dirty[w], memory_order_relaxed))
            continue;
        for (uint64_t bits = atomic_exchange(&t->dirty[w], 0); bits; bits &= bits - 1)
            take_order(t, w * WORD_BITS + (uint32_t)__builtin_ctzll(bits));
    }
}

static bool has_orders(struct media_thread *t)
{
    for (uint32_t w = 0; w < t->dirty_words; w++)
        if (atomic_load(&t->dirty[w]))
            return true;
    return false;
}

/* ---- a slot ---- */

static void each_of_slot(struct media_thread *t, stream_fn *fn)
{
    uint32_t slot = pace_slot(t->at);
    struct stream *first = &t->streams[(size_t)slot * t->places];
    const uint64_t *active = &t->active[(size_t)slot * t->active_words];
    for (uint32_t w = 0; w < t->active_words; w++)
        for (uint64_t bits = active[w]; bits; bits &= bits - 1)
            fn(t, &first[w * WORD_BITS + (uint32_t)__builtin_ctzll(bits)]);
}

static void send_one(struct media_thread *t, struct stream *s)
{
    if (!s->is_closed)
        frame_run(t, s);
}

/* Is this a frame in which the stream's socket is read? Bridged ones are read at arrival. */
static bool is_poll_due(const struct stream *s, uint64_t frame)
{
    bool only_waits = s->order->want.then == MEDIA_LOOP && !stream_is_busy(s);
    return !s->is_in_epoll && (!only_waits || (frame + s->slot) % STREAM_POLL_FRAMES == 0);
}

static void look_after(struct media_thread *t, struct stream *s)
{
    uint64_t frame = pace_frame(t->at);
    if (s->is_closed) {
        report_flush(t, s);
        settle(t, s);
        return;
    }
    bool is_due = is_poll_due(s, frame);
    if (is_due)
        receive_rtp(t, s);
    if ((frame + s->slot) % STREAM_CONTROL_FRAMES == 0 && !s->is_browser)
        receive_rtcp(t, s);
    if (is_due || s->is_in_epoll)
        stream_tend(t, s);
}

/* ---- arrivals ---- */

static void take_arrivals(struct media_thread *t)
{
    struct epoll_event ready[THREAD_READY_MAX];
    int n = t->bridged_n ? epoll_wait(t->epoll_fd, ready, THREAD_READY_MAX, 0) : 0;
    for (int i = 0; i < n; i++) {
        if (ready[i].data.u32 == WEBPORT_EVENT)
            webport_receive(t);
        else
            receive_rtp(t, &t->streams[ready[i].data.u32]);
    }
}

/* ---- the turn ---- */

/* Slots come first, because their instants lie before this one; all sends of a slot come before its
 * reads, so that reading delays nobody's sound. */
void thread_turn(struct media_thread *t, ms_t now_at)
{
    if (t->active_n == 0)
        t->at = now_at - 1;
    struct pace_span span = pace_span(t->at, now_at);
    total_add(&t->totals.late_ms, (uint64_t)span.left_out_ms);
    for (t->at = span.first_at; t->at <= span.last_at; t->at++) {
        each_of_slot(t, send_one);
        each_of_slot(t, look_after);
    }
    t->at = now_at;
    take_orders(t);
    take_arrivals(t);
    if (t->has_reported)
        os_bell_ring_always(t->reported);
    t->has_reported = false;
}

/* Until main has an order; no wake-up meanwhile. */
static void sleep_without_streams(struct media_thread *t)
{
    os_tick_stop(&t->tick);
    os_bell_arm(&t->bell);
    bool has_work = has_orders(t) || atomic_load(&t->is_ending);
    os_bell_wait(&t->bell, has_work ? 0 : -1);
    ms_t boot_at = os_clock_boot_ms();
    int err = os_tick_start(&t->tick);
    assert(!err); /* only bad values can fail */
    thread_turn(t, boot_at > t->at ? boot_at : t->at + 1);
}

void *thread_run(void *arg)
{
    struct media_thread *t = arg;
    while (!atomic_load(&t->is_ending)) {
        if (t->active_n == 0)
            sleep_without_streams(t);
        else
            thread_turn(t, t->at + (ms_t)os_tick_wait(&t->tick));
    }
    return NULL;
}
