/* exchange.h — a telephone service of ours on a loopback socket, over a media engine that only
 * keeps what it is asked; every report it makes is kept, and judged: none comes for a leg that is
 * over. Time is moved by hand. Telephones and trunks that talk to it: exchange_peer.h. */
#ifndef TEST_SUPPORT_EXCHANGE_H
#define TEST_SUPPORT_EXCHANGE_H

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
    struct phone_report reports[EXCHANGE_REPORTS]; /* without their texts */
    unsigned reports_n;
    char called[64], caller[64];
    bool is_unknown;       /* nobody is at any number */
    unsigned broken_n;     /* legs that the test breaks */
    phone_report_fn *hook; /* hears each report as well; may be NULL */
    void *hook_arg;
    ms_t now_at;
};

static inline enum media_verdict exchange_stream_open(void *arg, struct media_ref near,
                                                      struct media_opened *out)
{
    struct exchange *x = arg;
    uint32_t slot = 0;
    while (slot < EXCHANGE_STREAMS && x->streams[slot].is_open)
        slot++;
    if (x->has_no_stream || slot == EXCHANGE_STREAMS)
        return MEDIA_STREAMS_FULL;
    struct exchange_stream *s = &x->streams[slot];
    *s = (struct exchange_stream){.gen = s->gen + 1, .is_open = true, .near = near};
    x->streams_n++;
    *out = (struct media_opened){{slot, s->gen}, (uint16_t)(20000 + 2 * slot)};
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

static inline void exchange_keep(char *to, size_t max, struct text t)
{
    size_t n = t.n < max ? t.n : max - 1;
    if (n)
        memcpy(to, t.p, n);
    to[n] = '\0';
}

static inline void exchange_report(const struct phone_report *report, void *arg)
{
    struct exchange *x = arg;
    assert_true(x->reports_n < EXCHANGE_REPORTS);
    for (unsigned i = 0; i < x->reports_n && report->kind != PHONE_AWAY; i++) {
        enum phone_report_kind kind = x->reports[i].kind;
        bool is_end = kind == PHONE_ENDED || kind == PHONE_REFUSED;
        assert_false(is_end && x->reports[i].leg_id == report->leg_id);
    }
    x->reports[x->reports_n++] = *report;
    if (x->hook)
        x->hook(report, x->hook_arg);
    if (report->kind != PHONE_ARRIVED)
        return;
    exchange_keep(x->called, sizeof(x->called), report->arrived.called);
    exchange_keep(x->caller, sizeof(x->caller), report->arrived.caller);
}

static inline bool exchange_knows(struct text called, uint64_t aor, void *arg)
{
    (void)called, (void)aor;
    return !((struct exchange *)arg)->is_unknown;
}

static inline struct phone_source exchange_source(const char *ip, bool is_phones)
{
    struct phone_source s = {.is_phones = is_phones, .trunk_id = is_phones ? 0 : 7};
    assert_true(address_read_ip(&s.net.at, text_of(ip)));
    s.net.bits = 32;
    return s;
}

static inline struct exchange *exchange_open(uint32_t legs_max)
{
    struct exchange *x = calloc(1, sizeof(*x));
    const struct phone_source sources[] = {exchange_source(AT_TRUNK, false),
                                           exchange_source(AT_DESK, true)};
    assert_non_null(x);
    x->media = (struct media_port){x,
                                   exchange_stream_open,
                                   exchange_stream_set,
                                   exchange_stream_drop,
                                   exchange_stream_next,
                                   exchange_stream_why,
                                   exchange_stream_coder};
    const struct phone_args args = {.address = AT_HOME,
                                    .realm = "decroche",
                                    .sources = sources,
                                    .sources_n = 2,
                                    .has_tcp = true,
                                    .legs_max = legs_max,
                                    .registrations_max = 4,
                                    .accounts_max = 4,
                                    .first_leg_id = 1000,
                                    .media = &x->media,
                                    .report = exchange_report,
                                    .knows = exchange_knows,
                                    .report_arg = x};
    assert_int_equal(phone_open(&x->phone, &args), 0);
    x->port = phone_port(x->phone);
    x->now_at = EXCHANGE_BEGIN_AT;
    assert_int_equal(phone_line_add(x->phone, 1, TEXT("101"), TEXT("s3cret")), PHONE_ACCOUNT_ADDED);
    assert_int_equal(phone_line_add(x->phone, 2, TEXT("102"), TEXT("other")), PHONE_ACCOUNT_ADDED);
    return x;
}

static inline void exchange_drop(struct exchange *x)
{
    phone_drop(x->phone);
    free(x);
}

#endif
