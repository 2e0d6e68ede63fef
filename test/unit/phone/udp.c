/* udp.c — tests of phone/udp.h: how long a message may be. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "phone/udp.h"

#define WAIT_MS 2000

static char sent[PHONE_UDP_BYTES_MAX + 1], got[PHONE_UDP_BYTES_MAX];

/* What the receiver makes of n bytes. */
static size_t pass(struct phone_udp *from, struct phone_udp *to, size_t n)
{
    struct sip_peer peer, there = {.at = {.ip = {127, 0, 0, 1}, .family = 4, .port = to->port}};
    struct pollfd p = {.fd = to->fd, .events = POLLIN};
    phone_udp_send(from, &there, (struct text){sent, n});
    assert_int_equal(poll(&p, 1, WAIT_MS), 1);
    size_t taken = phone_udp_receive(to, got, &peer);
    if (taken)
        assert_int_equal(peer.at.port, from->port);
    return taken;
}

static void
a_message_at_the_bound_comes_whole_and_one_byte_more_is_dropped_and_counted(void **state)
{
    (void)state;
    struct phone_udp a, b;
    assert_int_equal(phone_udp_open(&a, "127.0.0.1", 0), 0);
    assert_int_equal(phone_udp_open(&b, "127.0.0.1", 0), 0);
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
    assert_int_not_equal(phone_udp_open(&udp, "localhost", 0), 0);
    assert_int_equal(udp.fd, -1);
    phone_udp_drop(&udp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_message_at_the_bound_comes_whole_and_one_byte_more_is_dropped_and_counted),
        cmocka_unit_test(what_is_no_address_is_not_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
