/* exchange_operators.h — two operators of the service, the first before the second, and calls that
 * it dials by them. */
#ifndef TEST_SUPPORT_EXCHANGE_OPERATORS_H
#define TEST_SUPPORT_EXCHANGE_OPERATORS_H

#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

#define AT_SECOND AT_STRANGER

__attribute__((unused)) static const char challenge[] =
    "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"op\", nonce=\"n1\", qop=\"auth\", "
    "algorithm=MD5";

struct operators {
    struct exchange *x;
    struct peer one, two;
    struct phone_trunk trunks[2];
};

static inline void say_trunks(struct operators *o)
{
    const struct phone_source sources[] = {exchange_source(AT_TRUNK, false),
                                           exchange_source(AT_SECOND, false)};
    phone_sources(o->x->phone, sources, 2);
    phone_trunks(o->x->phone, o->trunks, 2);
    turn(o->x);
}

static inline struct phone_trunk trunk_at(struct peer *p, uint32_t number)
{
    struct phone_trunk t = {.number = number,
                            .at_n = 1,
                            .host = TEXT("op.example"),
                            .user = TEXT("ours"),
                            .secret = TEXT("s3cret"),
                            .priority = (uint8_t)number};
    assert_true(address_read_ip(&t.at[0], text_of(p->ip)));
    t.at[0].port = peer_port(p);
    return t;
}

/* Two, the first before the second; both have answered their probe. */
static inline struct operators operators_open(bool registers)
{
    struct operators o = {.x = exchange_open(8)};
    o.one = peer_open(o.x, AT_TRUNK);
    o.two = peer_open(o.x, AT_SECOND);
    o.trunks[0] = trunk_at(&o.one, 1);
    o.trunks[1] = trunk_at(&o.two, 2);
    o.trunks[0].registers = registers;
    say_trunks(&o);
    if (!registers) {
        peer_expect(&o.one, "OPTIONS sip:op.example SIP/2.0");
        desk_answer(&o.one, "200 OK", "");
    }
    peer_expect(&o.two, "OPTIONS");
    desk_answer(&o.two, "404 Not Found", ""); /* somebody is there */
    return o;
}

static inline void operators_close(struct operators *o)
{
    phone_trunks(o->x->phone, NULL, 0);
    pass(o->x, 400000);
    struct phone_totals t = phone_totals(o->x->phone);
    assert_int_equal(t.legs_n, 0);
    assert_int_equal(t.transactions_n, 0);
    assert_int_equal(o->x->streams_n, 0);
    for (uint32_t i = 0; i < 2; i++) {
        struct phone_trunk_look look;
        assert_true(phone_trunk_look(o->x->phone, i, &look));
        assert_int_equal(look.calls_in_n + look.calls_out_n, 0);
    }
    peer_close(&o->one);
    peer_close(&o->two);
    exchange_drop(o->x);
}

static inline struct phone_trunk_look look_at(struct operators *o, uint32_t i)
{
    struct phone_trunk_look look;
    assert_true(phone_trunk_look(o->x->phone, i, &look));
    return look;
}

static inline uint64_t dial(struct operators *o)
{
    const struct phone_dial d = {
        .number = TEXT("33410000041"), .caller = TEXT("33536490010"), .name = TEXT("Mairie")};
    return o->x->port.dial(o->x->port.arg, &d);
}

/* The next of what it hears that begins like this; what comes before is passed over. */
static inline void peer_seek(struct peer *p, const char *begin)
{
    do
        if (!peer_hears(p))
            fail_msg("never heard: %s", begin);
    while (strncmp(p->said, begin, strlen(begin)) != 0);
}

#endif
