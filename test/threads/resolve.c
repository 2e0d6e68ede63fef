/* resolve.c — names become addresses in the background: at once, again when they change, never
 * those of this machine, and whoever waits for a slow answer is not main. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "os/resolve.h"

static _Atomic int slow_ms;
static _Atomic bool is_poisoned, is_lost, is_turned; /* turned: two addresses change places */

static uint32_t look_up(const char *name, struct address *at)
{
    poll(NULL, 0, atomic_load(&slow_ms));
    if (!strcmp(name, "two.example")) {
        bool is_second = atomic_load(&is_turned);
        bool is_read = address_read_ip(&at[is_second], TEXT("192.0.2.8")) &&
                       address_read_ip(&at[!is_second], TEXT("192.0.2.9"));
        return is_read ? 2 : 0;
    }
    bool is_inside = atomic_load(&is_poisoned) || !strcmp(name, "localhost");
    if (atomic_load(&is_lost) || !strcmp(name, "nowhere.example"))
        return 0;
    return address_read_ip(&at[0], text_of(is_inside ? "127.0.0.1" : "192.0.2.7")) ? 1 : 0;
}

/* The next news, or a failure after five seconds. */
static struct os_resolve_list news(struct os_resolve *r)
{
    struct os_resolve_list list;
    for (unsigned i = 0; i < 5000; i++) {
        if (os_resolve_take(r, &list))
            return list;
        poll(NULL, 0, 1);
    }
    fail_msg("no news");
    return list;
}

static struct os_resolve *open_with(const char *name)
{
    struct os_resolve *r;
    atomic_store(&slow_ms, 0);
    atomic_store(&is_poisoned, false);
    atomic_store(&is_lost, false);
    assert_int_equal(os_resolve_open(&r, look_up), 0);
    os_resolve_names(r, &name, 1);
    return r;
}

static struct os_resolve_list until_known(struct os_resolve *r)
{
    struct os_resolve_list list = news(r);
    while (!list.of[0].is_known && !list.of[0].is_refused)
        list = news(r);
    return list;
}

static void a_name_becomes_its_address(void **state)
{
    (void)state;
    struct os_resolve *r = open_with("sip.operateur.example");
    struct os_resolve_list list = until_known(r);
    struct address expected;
    assert_true(address_read_ip(&expected, TEXT("192.0.2.7")));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.of[0].at_n, 1);
    assert_true(address_equal(&list.of[0].at[0], &expected));
    os_resolve_drop(r);
}

static void a_name_that_means_this_machine_is_refused_unless_it_says_so(void **state)
{
    (void)state;
    struct os_resolve *r = open_with("sip.operateur.example");
    until_known(r);
    atomic_store(&is_poisoned, true);
    const char *names[] = {"sip.operateur.example", "localhost"};
    os_resolve_names(r, names, 2);
    struct os_resolve_list list = news(r);
    while (!list.of[1].is_known)
        list = news(r);
    assert_true(list.of[0].is_refused);
    assert_int_equal(list.of[0].at_n, 1); /* its last address stays */
    assert_false(list.of[1].is_refused);
    os_resolve_drop(r);
}

static void a_name_that_is_lost_keeps_its_last_address(void **state)
{
    (void)state;
    struct os_resolve *r = open_with("sip.operateur.example");
    until_known(r);
    atomic_store(&is_lost, true);
    const char *names[] = {"sip.operateur.example", "nowhere.example"};
    os_resolve_names(r, names, 2);
    struct os_resolve_list list = news(r);
    assert_true(list.of[0].is_known);
    assert_int_equal(list.of[0].at_n, 1);
    assert_false(list.of[1].is_known);
    os_resolve_drop(r);
}

static void addresses_that_change_places_keep_theirs(void **state)
{
    (void)state;
    atomic_store(&is_turned, false);
    struct os_resolve *r = open_with("two.example");
    struct os_resolve_list first = until_known(r), list;
    assert_int_equal(first.of[0].at_n, 2);
    atomic_store(&is_turned, true);
    const char *names[] = {"two.example", "other.example"};
    os_resolve_names(r, names, 2);
    for (list = news(r); !list.of[1].is_known;)
        list = news(r);
    assert_true(address_equal(&list.of[0].at[0], &first.of[0].at[0]));
    assert_true(address_equal(&list.of[0].at[1], &first.of[0].at[1]));
    os_resolve_drop(r);
}

static void a_slow_answer_holds_up_nobody(void **state)
{
    (void)state;
    struct os_resolve *r = open_with("sip.operateur.example");
    struct os_resolve_list list;
    until_known(r);
    atomic_store(&slow_ms, 300);
    const char *other = "other.example";
    os_resolve_names(r, &other, 1); /* returns at once, and so does the next look */
    assert_true(os_resolve_take(r, &list));
    assert_false(list.of[0].is_known);
    assert_string_equal(until_known(r).of[0].name, "other.example");
    os_resolve_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_becomes_its_address),
        cmocka_unit_test(a_name_that_means_this_machine_is_refused_unless_it_says_so),
        cmocka_unit_test(a_name_that_is_lost_keeps_its_last_address),
        cmocka_unit_test(addresses_that_change_places_keep_theirs),
        cmocka_unit_test(a_slow_answer_holds_up_nobody),
    };
    return cmocka_run_group_tests_name("threads/resolve", tests, NULL, NULL);
}
