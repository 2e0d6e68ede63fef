/* udp.c — tests of phone/udp.h: how long a message may be. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "phone/udp.h"

#define WAIT_MS 2000

static const struct address_pair loopback = {.of = {{.ip = {127, 0, 0, 1}, .family = 4}}};
static const struct address_pair both = {
    .of = {{.ip = {127, 0, 0, 1}, .family = 4}, {.ip = {[15] = 1}, .family = 6}}};

static char sent[PHONE_UDP_BYTES_MAX + 1], got[PHONE_UDP_BYTES_MAX];

/* What the receiver makes of n bytes. */
static size_t pass_by(struct phone_udp *from, struct phone_udp *to, size_t n, unsigned side)
{
    struct sip_peer peer, there = {.at = both.of[side]};
    struct pollfd p = {.fd = to->fds[side], .events = POLLIN};
    there.at.port = to->port;
    phone_udp_send(from, &there, (struct text){sent, n});
    assert_int_equal(poll(&p, 1, WAIT_MS), 1);
    size_t taken = phone_udp_receive(to, got, &peer);
    if (taken)
        assert_int_equal(peer.at.port, from->port);
    if (taken)
        assert_int_equal(address_side(&peer.at), side);
    return taken;
}

static size_t pass(struct phone_udp *from, struct phone_udp *to, size_t n)
{
    return pass_by(from, to, n, 0);
}

static void
a_message_at_the_bound_comes_whole_and_one_byte_more_is_dropped_and_counted(void **state)
{
    (void)state;
    struct phone_udp a, b;
    assert_int_equal(phone_udp_open(&a, &loopback, 0), 0);
    assert_int_equal(phone_udp_open(&b, &loopback, 0), 0);
    assert_int_equal(pass(&a, &b, PHONE_UDP_BYTES_MAX), PHONE_UDP_BYTES_MAX);
    assert_int_equal(b.cut_n, 0);
    assert_int_equal(pass(&a, &b, PHONE_UDP_BYTES_MAX + 1), 0);
    assert_int_equal(b.cut_n, 1);
    assert_int_equal(pass(&a, &b, 1), 1); /* and it goes on */
    assert_int_equal(a.unsent_n, 0);
    phone_udp_drop(&a);
    phone_udp_drop(&b);
}

static void what_is_no_address_is_not_bound(void **state)
{
    (void)state;
    struct phone_udp udp;
    const struct address_pair nowhere = {.of = {{.family = 0}}},
                              elsewhere = {.of = {{.ip = {192, 0, 2, 1}, .family = 4}}};
    assert_int_not_equal(phone_udp_open(&udp, &nowhere, 0), 0);
    assert_int_not_equal(phone_udp_open(&udp, &elsewhere, 0), 0);
    assert_int_equal(udp.fds[0], -1);
    assert_int_equal(udp.fds[1], -1);
    phone_udp_drop(&udp);
}

/* One number for both; what comes by the one is answered by the one; a flood of one does not keep
 * the other from being heard. */
static void both_families_have_one_port_and_each_its_turn(void **state)
{
    (void)state;
    struct phone_udp a, b;
    struct sip_peer from;
    if (phone_udp_open(&a, &both, 0))
        skip(); /* no IPv6 on this machine */
    assert_int_equal(phone_udp_open(&b, &both, 0), 0);
    assert_int_equal(pass_by(&a, &b, 100, 0), 100);
    assert_int_equal(pass_by(&a, &b, 100, 1), 100);
    struct sip_peer there[] = {{.at = both.of[0]}, {.at = both.of[1]}};
    there[0].at.port = there[1].at.port = b.port;
    for (unsigned i = 0; i < 50; i++)
        phone_udp_send(&a, &there[0], (struct text){sent, 1});
    phone_udp_send(&a, &there[1], (struct text){sent, 2});
    struct pollfd p = {.fd = b.fds[1], .events = POLLIN};
    assert_int_equal(poll(&p, 1, WAIT_MS), 1);
    assert_true(phone_udp_receive(&b, got, &from) == 2 || phone_udp_receive(&b, got, &from) == 2);
    phone_udp_drop(&a);
    phone_udp_drop(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_message_at_the_bound_comes_whole_and_one_byte_more_is_dropped_and_counted),
        cmocka_unit_test(what_is_no_address_is_not_bound),
        cmocka_unit_test(both_families_have_one_port_and_each_its_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
