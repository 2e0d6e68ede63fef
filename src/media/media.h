/* media.h — the media engine: opened by main.c, asked through port/media.h.
 * n threads, each with its part of the streams: a packet is received, judged, sent or forwarded by
 * one thread alone, without a lock, an allocation or a log line. Main gives desired states and
 * takes reports. Cost: 3.3 µs a packet sent, nearly all of it the kernel's; ~1.2 KiB a stream.
 * Figures: bench/media.c, docs/adr/0010-media-sockets.md. */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "base/address.h"
#include "base/histogram.h"
#include "media/prompt.h"
#include "os/log.h"
#include "port/media.h"

#define MEDIA_THREADS_MAX 16
#define MEDIA_STREAMS_DEFAULT 5000
#define MEDIA_STREAMS_MAX 65536

#define MEDIA_PORT_FIRST 20000
#define MEDIA_PORT_LAST 39999

/* Reports between a thread and main; when it is full, each stream keeps the latest of each kind. */
#define MEDIA_REPORTS_N (1u << 13)

/* Ports tried when other programs hold some. */
#define MEDIA_PORT_TRIES_MAX 1024

struct media;

struct media_args {
    unsigned threads_n;                        /* 0: 1 */
    uint32_t streams_max;                      /* 0: MEDIA_STREAMS_DEFAULT */
    uint16_t port_first, port_last;            /* 0: MEDIA_PORT_FIRST, MEDIA_PORT_LAST */
    struct media_address bind[MEDIA_FAMILIES]; /* IPv4, IPv6, ports ignored; ip_n 0: none; both
                                                * none: all IPv4 addresses */
    bool has_browsers;                         /* a port for them; with one thread only */
    uint16_t browser_port;                     /* 0: a free one */
    struct os_log *log;                        /* borrowed; main thread only; NULL: silent */
    uint32_t reports_n;                        /* a power of two; 0: MEDIA_REPORTS_N */
    struct tap_ring *taps; /* borrowed, one for each thread; NULL: nothing is recorded */
    bool is_urgent; /* its threads go before others', where the system lets them and leaves others
                     * a processor */
    bool is_manual; /* tests: no thread, media_turn() does the work */
};

/* What the engine did so far: for status, /metrics and benches. */
struct media_totals {
    uint32_t streams_n;      /* open now */
    uint64_t sent_n;         /* RTP packets */
    uint64_t send_failed_n;  /* the kernel did not take them */
    uint64_t received_n;     /* RTP packets of trusted sources */
    uint64_t refused_n;      /* packets of anybody else, or damaged */
    uint64_t late_ms;        /* kept from running beyond PACE_CATCH_UP_MS: frames left out */
    uint64_t reports_held_n; /* reports that had to wait for room */
};

/* bind of these: "192.0.2.1", "192.0.2.1, 2001:db8::1". False: they are none. */
MUST_CHECK bool media_bind(struct media_args *args, struct text addresses);

/* 0, or EINVAL (a bound above), ENOMEM, EMFILE: the machine allows fewer sockets than streams_max
 * needs (the log says how many). */
MUST_CHECK int media_open(struct media **m, const struct media_args *args);

/* Another process is about to go on with the streams: media_drop() then says no RTCP BYE. */
void media_leave(struct media *m);

/* Ends all streams and threads. NULL is fine. */
void media_drop(struct media *m);

struct media_port media_port(struct media *m);

/* Readable when there are reports, for epoll; then media_fd_clear() and next() until false. */
int media_fd(const struct media *m);
void media_fd_clear(struct media *m);

/* Where prompts are put in: main thread, at any time. */
struct prompts *media_prompts(struct media *m);

/* Where browsers are answered; 0: nowhere. */
uint16_t media_browser_port(const struct media *m);

struct media_totals media_totals(const struct media *m);

/* Between two packets of a measured stream as the kernel took them, in µs, of all streams so far.
 * Beginnings of talk spurts are left out. */
void media_spacing(const struct media *m, struct histogram *h);

/* Manual mode: one turn of a thread at this instant, which never goes back. */
void media_turn(struct media *m, unsigned thread_i, ms_t now_at);

#endif
