/* exchange_look.h — what a test sees of the service: the reports that it made, what a peer heard,
 * and that nothing is left behind when a peer goes. */
#ifndef TEST_SUPPORT_EXCHANGE_LOOK_H
#define TEST_SUPPORT_EXCHANGE_LOOK_H

#include "test/support/exchange_peer.h"

/* After the longest timer of a call; with a binding of a telephone in course. */
#define ALL_TIMERS_MS ((ms_t)130000)
#define ALL_BINDINGS_MS ((ms_t)400000)

static inline unsigned reports(const struct exchange *x, enum phone_report_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < x->reports_n; i++)
        n += x->reports[i].kind == kind;
    return n;
}

static inline const struct phone_report *last(const struct exchange *x)
{
    assert_true(x->reports_n > 0);
    return &x->reports[x->reports_n - 1];
}

/* How many messages that begin like this it hears now; all others are passed over. */
static inline unsigned peer_count(struct peer *p, const char *begin)
{
    unsigned n = 0;
    while (peer_hears(p))
        n += strncmp(p->said, begin, strlen(begin)) == 0;
    return n;
}

static inline void peer_heard(const struct peer *p, const char *words)
{
    if (!strstr(p->said, words))
        fail_msg("not said: %s\n%s", words, p->said);
}

static inline void peer_missed(const struct peer *p, const char *words)
{
    if (strstr(p->said, words))
        fail_msg("said: %s\n%s", words, p->said);
}

/* The peer goes; so long afterwards nothing of its calls is left, and nothing has broken that the
 * test did not break. */
static inline void peer_end(struct peer *p, ms_t after_ms)
{
    struct exchange *x = p->x;
    pass(x, after_ms);
    struct phone_totals t = phone_totals(x->phone);
    assert_int_equal(t.legs_n, 0);
    assert_int_equal(t.transactions_n, 0);
    assert_int_equal(t.broken_n, x->broken_n);
    assert_int_equal(x->streams_n, 0);
    peer_close(p);
    exchange_drop(x);
}

#endif
