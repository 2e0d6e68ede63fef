/* address.c — tests of base/address.h: forms that are read, forms that are refused, networks at
 * their first and last address and one past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"

static char room[ADDRESS_TEXT_MAX];

static void assert_put(const struct address *a, const char *expected)
{
    struct text_out out = {.p = room, .max = sizeof(room)};
    address_put(&out, a);
    assert_false(out.is_cut);
    assert_int_equal(out.n, strlen(expected));
    assert_memory_equal(room, expected, out.n);
}

static struct address of(const char *text)
{
    struct address a;
    if (!address_read(&a, text_of(text)))
        fail_msg("not read: %s", text);
    return a;
}

static void addresses_are_read_and_written_in_their_shortest_form(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
        {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
        {"::ffff:192.0.2.1", "::ffff:c000:201"},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(pairs); i++) {
        struct address a, b;
        assert_true(address_read_ip(&a, text_of(pairs[i][0])));
        assert_put(&a, pairs[i][1]);
        assert_true(address_read_ip(&b, text_of(pairs[i][1])));
        assert_true(address_equal(&a, &b));
        b = of(pairs[i][0]);
        assert_true(address_equal(&a, &b));
    }
}

static void what_is_no_address_is_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "1.2.3",
                                      "1.2.3.256",
                                      "1.2.3.4.5",
                                      "1.2.3.0004",
                                      "1..2.3",
                                      "host",
                                      ":",
                                      ":::",
                                      "1:2:3:4:5:6:7",
                                      "1::2::3",
                                      "12345::",
                                      "::g",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7:8::",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "fe80::1%eth0",
                                      "::1:"};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        struct address a = of("::1");
        assert_false(address_read_ip(&a, text_of(bad[i])));
        assert_int_equal(a.family, 0);
        assert_false(address_read(&a, text_of(bad[i])));
        assert_int_equal(a.family, 0);
    }
}

static void a_port_stands_behind_a_colon_and_brackets(void **state)
{
    (void)state;
    static const char *const same[] = {"192.0.2.1:5060", "[2001:db8::1]:5060", "[::]:1",
                                       "255.255.255.255:65535", "[::1]:65535"};
    for (unsigned i = 0; i < ARRAY_LEN(same); i++) {
        struct address a = of(same[i]), ip;
        assert_true(a.port != 0);
        assert_put(&a, same[i]);
        assert_false(address_read_ip(&ip, text_of(same[i])));
    }
    struct address a = of("[2001:db8::1]"), b = of("2001:db8::1");
    assert_true(address_equal(&a, &b) && !a.port);
    b.port = 1;
    assert_false(address_equal(&a, &b));
    static const char *const bad[] = {"192.0.2.1:",
                                      "192.0.2.1:0",
                                      "192.0.2.1:65536",
                                      "192.0.2.1:5060:1",
                                      "[192.0.2.1]:5060",
                                      "[192.0.2.1]",
                                      "[::1",
                                      "::1]",
                                      "[::1]5060",
                                      "[::1]:",
                                      "[::1]:0",
                                      "[::1]:65536",
                                      "[]:5060",
                                      ":5060",
                                      "[",
                                      "192.0.2.1:5060 ",
                                      "[::1]:-1",
                                      "[[::1]]",
                                      "sip.example:5060",
                                      "[::1]::5060"};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
        if (address_read(&a, text_of(bad[i])))
            fail_msg("read: %s", bad[i]);
}

static void the_longest_address_fits_its_room(void **state)
{
    (void)state;
    const char *longest = "[1111:2222:3333:4444:5555:6666:7777:8888]:65535";
    assert_int_equal(strlen(longest), ADDRESS_TEXT_MAX - 1);
    struct address a = of(longest);
    assert_put(&a, longest);
    a = (struct address){.port = 5060};
    assert_put(&a, ""); /* no address, no port either */
}

static void all_addresses_and_our_own_are_known(void **state)
{
    (void)state;
    struct address a = of("0.0.0.0:5060"), b = of("::"), c = of("0.0.0.1"), none = {0};
    assert_true(address_is_any(&a) && address_is_any(&b));
    assert_false(address_is_any(&c) || address_is_any(&none));
    a = of("127.0.0.1:9");
    b = of("::1");
    assert_true(address_is_loopback(&a) && address_is_loopback(&b));
    a = of("127.255.255.255");
    assert_true(address_is_loopback(&a));
    a = of("128.0.0.1");
    b = of("::2");
    c = of("::ffff:127.0.0.1");
    assert_false(address_is_loopback(&a) || address_is_loopback(&b) || address_is_loopback(&c));
    assert_false(address_is_loopback(&none));
}

static void a_network_has_what_lies_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *net, *in, *out;
    } rows[] = {
        {"192.0.2.7", "192.0.2.7", "192.0.2.6"},
        {"192.0.2.7/32", "192.0.2.7:5060", "192.0.2.8"},
        {"192.0.2.0/24", "192.0.2.0", "192.0.1.255"},
        {"192.0.2.9/24", "192.0.2.255", "192.0.3.0"},
        {"10.32.0.0/11", "10.63.255.255", "10.64.0.0"},
        {"10.32.0.0/11", "10.32.0.0", "10.31.255.255"},
        {"128.0.0.0/1", "128.0.0.0", "127.255.255.255"},
        {"0.0.0.0/0", "255.255.255.255", "::"},
        {"::/0", "ffff::", "0.0.0.0"},
        {"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::"},
        {"2001:db8::1/128", "2001:db8::1", "2001:db8::"},
        {"2001:db8::1", "[2001:db8::1]:5060", "2001:db8::2"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct address_net net;
        struct address in = of(rows[i].in), out = of(rows[i].out), none = {0};
        assert_true(address_net_read(&net, text_of(rows[i].net)));
        if (!address_net_has(&net, &in) || address_net_has(&net, &out))
            fail_msg("%s", rows[i].net);
        assert_false(address_net_has(&net, &none));
    }
    static const char *const bad[] = {"",
                                      "/",
                                      "192.0.2.0/33",
                                      "192.0.2.0/",
                                      "::/129",
                                      "192.0.2.0/-1",
                                      "192.0.2/24",
                                      "192.0.2.0:1/24",
                                      "[::1]/128",
                                      "::/0/0",
                                      "10.0.0.0 /8",
                                      "lan/24"};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        struct address_net net = {.bits = 9};
        struct address anyone = of("0.0.0.0");
        if (address_net_read(&net, text_of(bad[i])))
            fail_msg("read: %s", bad[i]);
        assert_false(address_net_has(&net, &anyone));
    }
}

static void a_list_of_networks_is_bounded(void **state)
{
    (void)state;
    struct address_nets nets;
    struct address first = of("127.0.0.1"), second = of("10.1.2.3"), other = of("11.0.0.0");
    assert_true(address_nets_read(&nets, TEXT("127.0.0.1/32")));
    assert_true(address_nets_have(&nets, &first) && !address_nets_have(&nets, &second));
    assert_true(address_nets_read(&nets, TEXT(" 127.0.0.1/32,10.0.0.0/8 , ::1")));
    assert_int_equal(nets.n, 3);
    assert_true(address_nets_have(&nets, &first) && address_nets_have(&nets, &second));
    assert_false(address_nets_have(&nets, &other));
    assert_false(address_nets_read(&nets, TEXT("")));
    assert_false(address_nets_read(&nets, TEXT("::1,")));
    assert_false(address_nets_read(&nets, TEXT(",::1")));
    assert_false(address_nets_read(&nets, TEXT("::1 ::2")));
    char many[4 * (ADDRESS_NETS_MAX + 1)];
    for (unsigned i = 0; i <= ADDRESS_NETS_MAX; i++)
        memcpy(many + 4 * i, "::1,", 4);
    assert_true(address_nets_read(&nets, (struct text){many, 4 * ADDRESS_NETS_MAX - 1}));
    assert_int_equal(nets.n, ADDRESS_NETS_MAX);
    assert_false(address_nets_read(&nets, (struct text){many, sizeof(many) - 1}));
}

static void a_pair_has_one_of_each_family_at_most(void **state)
{
    (void)state;
    static const char *const none[] = {"",
                                       ",",
                                       "192.0.2.1,",
                                       "192.0.2.1, 192.0.2.2",
                                       "::1, ::2",
                                       "192.0.2.1, ::1, ::2",
                                       "192.0.2.1:5060",
                                       "192.0.2.1 ::1"};
    struct address_pair pair;
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        assert_false(address_pair_read(&pair, text_of(none[i])));
    assert_true(address_pair_read(&pair, TEXT("2001:db8::1 ,192.0.2.1")));
    assert_put(&pair.of[0], "192.0.2.1");
    assert_put(&pair.of[1], "2001:db8::1");
    assert_put(address_pair_first(&pair), "192.0.2.1");
    struct address four = of("198.51.100.7"), six = of("2001:db8::7"), nowhere = {.family = 0};
    assert_put(address_pair_near(&pair, &four), "192.0.2.1");
    assert_put(address_pair_near(&pair, &six), "2001:db8::1");
    assert_null(address_pair_near(&pair, &nowhere));
    assert_true(address_pair_read(&pair, TEXT("2001:db8::1")));
    assert_put(address_pair_first(&pair), "2001:db8::1");
    assert_null(address_pair_near(&pair, &four));
}

static void who_listens_everywhere_is_reached_at_loopback(void **state)
{
    (void)state;
    static const char *const ways[][2] = {
        {"0.0.0.0", "127.0.0.1"}, {"::", "::1"}, {"192.0.2.1", "192.0.2.1"}, {"::2", "::2"}};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct address at = of(ways[i][0]), to = address_to_reach(&at);
        assert_put(&to, ways[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_written_in_their_shortest_form),
        cmocka_unit_test(what_is_no_address_is_none),
        cmocka_unit_test(a_port_stands_behind_a_colon_and_brackets),
        cmocka_unit_test(the_longest_address_fits_its_room),
        cmocka_unit_test(all_addresses_and_our_own_are_known),
        cmocka_unit_test(a_network_has_what_lies_in_it),
        cmocka_unit_test(a_list_of_networks_is_bounded),
        cmocka_unit_test(a_pair_has_one_of_each_family_at_most),
        cmocka_unit_test(who_listens_everywhere_is_reached_at_loopback),
    };
    return cmocka_run_group_tests_name("base/address", tests, NULL, NULL);
}
