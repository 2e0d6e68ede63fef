/* latest.c — one value, as a whole, in one thread; test/threads/latest.c has the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/latest.h"

static void before_the_first_value_there_is_none(void **state)
{
    (void)state;
    static struct latest l;
    int v = 7;
    assert_false(latest_get(&l, &v, sizeof(v)));
    assert_int_equal(v, 7);
    assert_int_equal(latest_turn(&l), 0);
}

static void the_newest_value_is_given_whatever_its_size(void **state)
{
    (void)state;
    static struct latest l;
    uint8_t in[LATEST_BYTES_MAX], out[LATEST_BYTES_MAX + 1];
    for (size_t n = 1; n <= LATEST_BYTES_MAX; n += n < 20 ? 1 : 67) {
        for (size_t i = 0; i < n; i++)
            in[i] = (uint8_t)(i * 7 + n);
        memset(out, 0xee, sizeof(out));
        uint64_t turn = latest_turn(&l);
        latest_put(&l, in, n);
        assert_int_equal(latest_turn(&l), turn + 2);
        assert_true(latest_get(&l, out, n));
        assert_memory_equal(out, in, n);
        assert_int_equal(out[n], 0xee);
    }
}

static void a_writer_that_died_in_the_middle_is_waited_for_no_longer_than_the_bound(void **state)
{
    (void)state;
    static struct latest l;
    int v = 1;
    latest_put(&l, &v, sizeof(v));
    atomic_fetch_add(&l.turn, 1);
    v = 2;
    assert_false(latest_get(&l, &v, sizeof(v)));
    assert_int_equal(v, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_first_value_there_is_none),
        cmocka_unit_test(the_newest_value_is_given_whatever_its_size),
        cmocka_unit_test(a_writer_that_died_in_the_middle_is_waited_for_no_longer_than_the_bound),
    };
    return cmocka_run_group_tests_name("base/latest", tests, NULL, NULL);
}
