/* lockout.c — wrong passwords make wait: at each bound and past it, no longer than said, and nobody
 * for what somebody else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "access/lockout.h"

#define ACCOUNT 7
#define BEGIN_MS ((ms_t)100000000)

static struct lockout *begin(void)
{
    struct lockout *l = calloc(1, sizeof(*l));
    assert_non_null(l);
    lockout_open(l, (struct siphash_key){1, 2});
    return l;
}

static struct lockout_try from(const char *address, uint64_t account_id)
{
    return (struct lockout_try){account_id, text_of(address)};
}

static unsigned wrong(struct lockout *l, const struct lockout_try *t, unsigned n, ms_t at)
{
    unsigned began = 0;
    for (unsigned i = 0; i < n; i++)
        began += lockout_failed(l, t, at);
    return began;
}

static void the_first_ones_are_free_the_next_one_waits(void **state)
{
    (void)state;
    struct lockout *l = begin();
    struct lockout_try t = from("aaaa", ACCOUNT);
    assert_int_equal(wrong(l, &t, LOCKOUT_PAIR_FREE, BEGIN_MS), 0);
    assert_true(lockout_may(l, &t, BEGIN_MS)); /* at the bound */
    assert_int_equal(wrong(l, &t, 1, BEGIN_MS), 1);
    assert_false(lockout_may(l, &t, BEGIN_MS)); /* and past it */
    assert_false(lockout_may(l, &t, BEGIN_MS + LOCKOUT_MS_MIN - 1));
    assert_true(lockout_may(l, &t, BEGIN_MS + LOCKOUT_MS_MIN));
    free(l);
}

/* The delay after n wrong passwords, by trying. */
static ms_t delay_of(unsigned n)
{
    struct lockout *l = begin();
    struct lockout_try t = from("aaaa", ACCOUNT);
    ms_t delay_ms = 0;
    wrong(l, &t, n, BEGIN_MS);
    while (!lockout_may(l, &t, BEGIN_MS + delay_ms))
        delay_ms += 500;
    free(l);
    return delay_ms;
}

static void delays_double_up_to_their_maximum(void **state)
{
    (void)state;
    ms_t wanted_ms = LOCKOUT_MS_MIN;
    for (unsigned n = LOCKOUT_PAIR_FREE + 1; n < LOCKOUT_ACCOUNT_FREE; n++) {
        assert_int_equal(delay_of(n), wanted_ms);
        wanted_ms = 2 * wanted_ms < LOCKOUT_MS_MAX ? 2 * wanted_ms : LOCKOUT_MS_MAX;
    }
    assert_int_equal(wanted_ms, LOCKOUT_MS_MAX);
    assert_int_equal(delay_of(100000), LOCKOUT_MS_MAX);
}

static void nobody_waits_for_what_others_do_where_they_are_known(void **state)
{
    (void)state;
    struct lockout *l = begin();
    struct lockout_try home = from("home", ACCOUNT), away = from("away", ACCOUNT);
    char address[8];
    lockout_passed(l, &home, BEGIN_MS);
    for (unsigned i = 0; i < 10 * LOCKOUT_ACCOUNT_FREE; i++) {
        snprintf(address, sizeof(address), "z%u", i);
        struct lockout_try thief = from(address, ACCOUNT);
        wrong(l, &thief, 1, BEGIN_MS);
    }
    assert_true(lockout_may(l, &home, BEGIN_MS));
    assert_false(lockout_may(l, &away, BEGIN_MS));                         /* nowhere else, */
    assert_true(lockout_may(l, &away, BEGIN_MS + LOCKOUT_ACCOUNT_MS_MAX)); /* and not for long */
    struct lockout_try beside = from("home", ACCOUNT + 1);
    wrong(l, &beside, 100, BEGIN_MS);
    assert_int_equal(lockout_address_ms(l, &home, BEGIN_MS), 0);
    assert_true(lockout_address_ms(l, &beside, BEGIN_MS) > 0);
    free(l);
}

static void an_address_that_guesses_names_waits_too(void **state)
{
    (void)state;
    struct lockout *l = begin();
    struct lockout_try t = from("aaaa", 0), other = from("bbbb", 0);
    assert_int_equal(wrong(l, &t, LOCKOUT_ADDRESS_FREE, BEGIN_MS), 0);
    assert_int_equal(lockout_address_ms(l, &t, BEGIN_MS), 0);
    wrong(l, &t, 1, BEGIN_MS);
    assert_int_equal(lockout_address_ms(l, &t, BEGIN_MS), LOCKOUT_MS_MIN);
    assert_int_equal(lockout_address_ms(l, &other, BEGIN_MS), 0);
    wrong(l, &t, 1000, BEGIN_MS);
    assert_int_equal(lockout_address_ms(l, &t, BEGIN_MS), LOCKOUT_ADDRESS_MS_MAX);
    assert_true(lockout_may(l, &t, BEGIN_MS)); /* a name of nobody's has no delay of its own */
    free(l);
}

static void a_good_one_and_time_forget_the_wrong_ones(void **state)
{
    (void)state;
    struct lockout *l = begin();
    struct lockout_try t = from("aaaa", ACCOUNT);
    wrong(l, &t, LOCKOUT_PAIR_FREE, BEGIN_MS);
    lockout_passed(l, &t, BEGIN_MS);
    assert_int_equal(wrong(l, &t, LOCKOUT_PAIR_FREE, BEGIN_MS), 0);
    ms_t later_ms = BEGIN_MS + LOCKOUT_FORGET_MS;
    assert_int_equal(wrong(l, &t, 1, later_ms - 1), 1);
    assert_int_equal(wrong(l, &t, 1, later_ms - 1 + LOCKOUT_FORGET_MS), 0);
    free(l);
}

static void a_full_table_forgets_the_oldest_and_counts_on(void **state)
{
    (void)state;
    struct lockout *l = begin();
    char address[16];
    for (unsigned i = 0; i < 10 * LOCKOUT_ROWS; i++) {
        snprintf(address, sizeof(address), "%u", i);
        struct lockout_try t = from(address, i + 1);
        wrong(l, &t, 1, BEGIN_MS + i);
    }
    struct lockout_try t = from("last", ACCOUNT);
    assert_int_equal(wrong(l, &t, LOCKOUT_PAIR_FREE + 1, BEGIN_MS + 10 * LOCKOUT_ROWS), 1);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_ones_are_free_the_next_one_waits),
        cmocka_unit_test(delays_double_up_to_their_maximum),
        cmocka_unit_test(nobody_waits_for_what_others_do_where_they_are_known),
        cmocka_unit_test(an_address_that_guesses_names_waits_too),
        cmocka_unit_test(a_good_one_and_time_forget_the_wrong_ones),
        cmocka_unit_test(a_full_table_forgets_the_oldest_and_counts_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
