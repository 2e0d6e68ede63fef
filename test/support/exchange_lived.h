/* exchange_lived.h — one process dies, the next one goes on with its calls: two exchanges, and the
 * rows between them. */
#ifndef TEST_SUPPORT_EXCHANGE_LIVED_H
#define TEST_SUPPORT_EXCHANGE_LIVED_H

#include "phone/kept.h"
#include "phone/leg.h"
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

#define LIVED_ROWS 4

struct lived {
    struct exchange *x, *y; /* before and after */
    struct rows rows;
    uint8_t bytes[LIVED_ROWS * PHONE_ROW_BYTES];
};

static inline struct lived *lived_open(void)
{
    struct lived *l = calloc(1, sizeof(*l));
    assert_non_null(l);
    l->rows = (struct rows){l->bytes, PHONE_ROW_BYTES, PHONE_ROW_BYTES, LIVED_ROWS};
    l->x = exchange_open(LIVED_ROWS);
    phone_keep_calls(l->x->phone, &l->rows);
    return l;
}

static inline struct text row_of(const struct lived *l, uint32_t i)
{
    const uint8_t *p = NULL;
    size_t n = rows_get(&l->rows, i, &p);
    return (struct text){(const char *)p, n};
}

/* The first process ends without a word; the peer's messages go to the second from now on. */
static inline void die(struct lived *l, struct peer *p)
{
    phone_keep_turn(l->x->phone);
    l->y = exchange_open(LIVED_ROWS);
    l->y->phone->next_id = 2000;
    l->y->now_at = l->x->now_at + 700;
    phone_time(l->y->phone, l->y->now_at);
    p->x = l->y;
}

static inline uint64_t resumed(struct lived *l, struct peer *p, uint32_t i)
{
    die(l, p);
    uint64_t id = phone_resume(l->y->phone, row_of(l, i), false);
    return id;
}

static inline void lived_drop(struct lived *l, struct peer *p)
{
    peer_close(p);
    exchange_drop(l->x);
    exchange_drop(l->y);
    free(l);
}

static inline uint64_t up(struct exchange *x, struct peer *p)
{
    peer_invite(p);
    peer_expect(p, "SIP/2.0 100");
    uint64_t id = x->reports[0].leg_id;
    x->port.answer(x->port.arg, id);
    peer_expect(p, "SIP/2.0 200");
    peer_ack(p);
    assert_int_equal(last(x)->kind, PHONE_UP);
    return id;
}

static inline bool claims_none(uint64_t leg_id, void *arg)
{
    (void)leg_id, (void)arg;
    return false;
}

static inline bool claims_all(uint64_t leg_id, void *arg)
{
    (void)leg_id, (void)arg;
    return true;
}

#endif
