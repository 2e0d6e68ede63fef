/* exchange_streams.h — what an exchange is, and its media engine, which only keeps what it is
 * asked. Included by exchange.h. */
#ifndef TEST_SUPPORT_EXCHANGE_STREAMS_H
#define TEST_SUPPORT_EXCHANGE_STREAMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "phone/phone.h"

#define EXCHANGE_STREAMS 64
#define EXCHANGE_REPORTS 4096
#define EXCHANGE_BEGIN_AT ((ms_t)1790000000000)
/* Who sits where. */
#define AT_HOME "127.0.0.1"
#define AT_TRUNK "127.0.0.2"
#define AT_DESK "127.0.0.3"
#define AT_STRANGER "127.0.0.4"

struct exchange_stream {
    uint32_t gen;
    bool is_open;
    unsigned sets_n;
    struct media_want want;
    struct media_ref near;
};

struct exchange {
    struct phone *phone;
    struct phone_port port;
    struct media_port media;
    struct exchange_stream streams[EXCHANGE_STREAMS];
    unsigned streams_n; /* open now */
    struct media_report due[64];
    unsigned due_n;
    bool has_no_stream, refuses_set, has_coders;
    uint32_t ssrc;                                 /* the next stream's; each has another one */
    struct phone_report reports[EXCHANGE_REPORTS]; /* without their texts */
    unsigned reports_n;
    char called[64], caller[64];
    bool is_unknown;       /* nobody is at any number */
    unsigned broken_n;     /* legs that the test breaks */
    phone_report_fn *hook; /* hears each report as well; may be NULL */
    void *hook_arg;
    ms_t now_at;
};

/* The port is what its place says: the same place again, or none. */
static inline enum media_verdict exchange_stream_open(void *arg, const struct media_opening *how,
                                                      struct media_opened *out)
{
    struct exchange *x = arg;
    uint32_t slot = how->port ? (how->port - 20000u) / 2 : 0;
    while (!how->port && slot < EXCHANGE_STREAMS && x->streams[slot].is_open)
        slot++;
    if (!how->port && (x->has_no_stream || slot == EXCHANGE_STREAMS))
        return MEDIA_STREAMS_FULL;
    if (slot >= EXCHANGE_STREAMS || x->has_no_stream || x->streams[slot].is_open)
        return MEDIA_PORTS_EXHAUSTED;
    struct exchange_stream *s = &x->streams[slot];
    *s = (struct exchange_stream){.gen = s->gen + 1, .is_open = true, .near = how->near};
    x->streams_n++;
    *out = (struct media_opened){{slot, s->gen}, (uint16_t)(20000 + 2 * slot), x->ssrc++};
    return MEDIA_OPENED;
}

static inline struct exchange_stream *exchange_stream(struct exchange *x, struct media_ref ref)
{
    struct exchange_stream *s = &x->streams[ref.slot];
    return s->is_open && s->gen == ref.gen ? s : NULL;
}

static inline int exchange_stream_set(void *arg, struct media_ref ref,
                                      const struct media_want *want)
{
    struct exchange *x = arg;
    struct exchange_stream *s = exchange_stream(x, ref);
    assert_non_null(s); /* of a leg that lives */
    if (x->refuses_set)
        return 22;
    s->want = *want;
    s->sets_n++;
    return 0;
}

static inline void exchange_stream_drop(void *arg, struct media_ref ref)
{
    struct exchange *x = arg;
    struct exchange_stream *s = exchange_stream(x, ref);
    assert_non_null(s);
    s->is_open = false;
    x->streams_n--;
}

static inline bool exchange_stream_coder(void *arg, struct media_ref ref)
{
    const struct exchange *x = arg;
    return x->has_coders && ref.gen;
}

static inline bool exchange_stream_next(void *arg, struct media_report *out)
{
    struct exchange *x = arg;
    if (!x->due_n)
        return false;
    *out = x->due[0];
    memmove(x->due, x->due + 1, --x->due_n * sizeof(x->due[0]));
    return true;
}

static inline const char *exchange_stream_why(enum media_verdict verdict)
{
    (void)verdict;
    return "none";
}

#endif
