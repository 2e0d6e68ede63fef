/* thread.h — one media thread and its part of the streams; what each file does with a stream.
 * Included by media/ only. Everything here belongs to the thread, but for the desks, the dirty
 * bits, the reports' ring and the totals. */
#ifndef MEDIA_THREAD_H
#define MEDIA_THREAD_H

#include <sys/epoll.h>

#include "base/ring.h"
#include "media/bake.h"
#include "media/coder.h"
#include "media/echo.h"
#include "media/media.h"
#include "media/mix.h"
#include "media/pace.h"
#include "media/rtcp.h"
#include "media/stream.h"
#include "media/webport.h"
#include "os/bell.h"
#include "os/thread.h"
#include "os/tick.h"

/* Packets of one stream taken at once; more wait in the kernel for the next turn. */
#define RECEIVE_N 16
#define RECEIVE_BYTES 1536
/* Room for when a packet came, as the kernel tells it. */
#define RECEIVE_NOTES 64
/* Bridged streams looked at in one turn. */
#define THREAD_READY_MAX 512
/* RTP and its header, as we make them. */

/* Where the kernel puts packets; one set for the whole thread. */
struct inbox {
    struct mmsghdr heads[RECEIVE_N];
    struct iovec parts[RECEIVE_N];
    struct socket_address from[RECEIVE_N];
    uint8_t bytes[RECEIVE_N][RECEIVE_BYTES + SRTP_MORE_MAX]; /* it may leave encrypted */
    /* Offered to the kernel for measured streams only. */
    _Alignas(8) uint8_t notes[RECEIVE_N][RECEIVE_NOTES];
};

/* Written by the thread, read by main whenever it likes. */
struct thread_totals {
    _Atomic uint64_t sent_n, failed_n, received_n, refused_n, late_ms, held_n;
};

struct media_thread {
    /* set by open, then only read */
    unsigned index;
    uint32_t places;     /* in each of the PACE_SLOTS slots */
    uint32_t first_slot; /* of the whole pool */
    const struct prompts *prompts;
    struct bake *bake;
    struct tap_ring *tap;  /* NULL: nothing is recorded */
    int64_t ntp_offset_ms; /* from the thread's instants to ms since 1900 */
    bool is_manual;

    /* between main and this thread */
    struct stream_desk *desks;
    _Atomic uint64_t *dirty; /* a bit for each stream */
    uint32_t dirty_words;
    struct os_bell bell;      /* main rings; the thread waits here when it has no stream */
    struct os_bell *reported; /* the thread rings, main's epoll waits */
    struct ring_buffer reports;
    struct thread_totals totals;
    _Atomic bool is_ending;

    /* the thread's own */
    struct os_thread thread;
    struct os_tick tick;
    int epoll_fd;
    struct webport *webport; /* owned; NULL: no browsers */
    struct stream *streams;
    struct srtp_pair *secrets; /* beside the streams */
    struct seal_box box;
    uint64_t *active; /* a bit for each place: active_words words a slot */
    uint32_t active_words;
    uint32_t active_n, bridged_n;
    bool has_reported;
    ms_t at;             /* the last millisecond that was run */
    uint8_t law[2][256]; /* bridge tables, by the law they come from */
    struct echo echoes[ECHO_MAX];
    struct mix *mixes;      /* owned: MIX_MAX, touched only while used */
    struct coder *coders;   /* owned: CODER_MAX, touched only while used */
    uint8_t *coder_memory;  /* owned: of libopus, coder_memory_bytes() for each */
    int16_t linear[2][256]; /* samples, by the law they come from */
    struct inbox inbox;
    _Atomic uint32_t spacing[HISTOGRAM_BUCKETS]; /* of measured streams, in µs */
    _Atomic uint64_t spacing_us_max;
};

/* thread.c */
void thread_turn(struct media_thread *t, ms_t now_at);
void *thread_run(void *arg);
/* The stream of this reference in this thread, NULL: none. */
struct stream *thread_find(struct media_thread *t, struct media_ref ref);

/* stream.c */
void stream_apply(struct media_thread *t, struct stream *s, const struct stream_order *order);
void stream_tend(struct media_thread *t, struct stream *s);
void stream_latch(struct stream *s);
void stream_listen(struct media_thread *t, struct stream *s);
void stream_stop_list(struct media_thread *t, struct stream *s, bool is_by_key);

/* frame.c: one frame of 20 ms, or none. */
void frame_run(struct media_thread *t, struct stream *s);

/* receive.c: what the sockets hold, at most RECEIVE_N packets. */
void receive_rtp(struct media_thread *t, struct stream *s);
void receive_rtcp(struct media_thread *t, struct stream *s);

/* control.c: RTCP. */
void control_run(struct media_thread *t, struct stream *s);
void control_leave(struct media_thread *t, struct stream *s);
void control_read(struct media_thread *t, struct stream *s, const struct rtcp_news *news);

/* report.c: report_add() marks a kind as due and sends what is due while there is room. */
void report_add(struct media_thread *t, struct stream *s, enum media_kind kind);
void report_flush(struct media_thread *t, struct stream *s);
void report_counts(const struct stream *s, struct media_counts *counts);
void report_keys(struct media_thread *t, struct stream *s, const struct dtmf_news *news);

/* coded.c: a stream that speaks neither law. */
void coded_apply(struct media_thread *t, struct stream *s);

/* measure.c: a stream whose arrivals are wanted by the kernel's clock. */
void measure_apply(struct stream *s);

static inline void total_add(_Atomic uint64_t *total, uint64_t n)
{
    uint64_t before = atomic_load_explicit(total, memory_order_relaxed);
    atomic_store_explicit(total, before + n, memory_order_relaxed); /* one writer */
}

#endif
