/* exchange.h — a telephone service of ours on a loopback socket, over a media engine that only
 * keeps what it is asked; every report it makes is kept, and judged: none comes for a leg that is
 * over. Time is moved by hand. Telephones and trunks that talk to it: exchange_peer.h. */
#ifndef TEST_SUPPORT_EXCHANGE_H
#define TEST_SUPPORT_EXCHANGE_H

#include "test/support/exchange_streams.h"

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
    x->media = (struct media_port){.arg = x,
                                   .open = exchange_stream_open,
                                   .set = exchange_stream_set,
                                   .drop = exchange_stream_drop,
                                   .next = exchange_stream_next,
                                   .why = exchange_stream_why,
                                   .keep_coder = exchange_stream_coder};
    const struct phone_args args = {.address = AT_HOME,
                                    .realm = "decroche",
                                    .sources = sources,
                                    .sources_n = 2,
                                    .has_tcp = true,
                                    .has_tls = true,
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
