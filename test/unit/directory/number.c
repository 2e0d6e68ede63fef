/* number.c — numbers as people write them, and those of fiction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "directory/number.h"

static void one_number_is_written_in_many_ways(void **state)
{
    (void)state;
    static const char *const ways[] = {"05 36 49 00 10",     "0536490010",
                                       "05.36.49.00.10",     "05-36-49-00-10",
                                       "+33536490010",       "+33 5 36 49 00 10",
                                       "0033 5 36 49 00 10", "05\u00a036\u00a049\u202f00\u00a010"};
    for (unsigned i = 0; i < ARRAY_LEN(ways); i++) {
        uint64_t e164 = 0;
        assert_true(number_e164(&e164, ways[i]));
        assert_true(e164 == UINT64_C(33536490010));
    }
}

static void what_cannot_be_dialled_from_anywhere_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "05 36 49 00",
                                        "05 36 49 00 100",
                                        "36 49",
                                        "15",
                                        "poste 12",
                                        "+033 5 36 49 00 10",
                                        "+336",
                                        "+1234567890123456",
                                        "00012345678",
                                        "05 36 49 00 1O",
                                        "5 36 49 00 10"};
    uint64_t e164 = 7;
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(number_e164(&e164, wrong[i]));
    assert_int_equal(e164, 7);
    assert_true(number_e164(&e164, "+123456789012345")); /* fifteen digits: the most */
    assert_true(number_e164(&e164, "+12345678"));        /* eight: the least */
}

static void six_blocks_are_fiction_and_their_neighbours_are_not(void **state)
{
    (void)state;
    static const uint64_t blocks[] = {3319900, 3326191, 3335301, 3346571, 3353649, 3363998};
    for (unsigned i = 0; i < ARRAY_LEN(blocks); i++) {
        assert_true(number_is_fiction(blocks[i] * 10000));
        assert_true(number_is_fiction(blocks[i] * 10000 + 9999));
        assert_false(number_is_fiction(blocks[i] * 10000 - 1));
        assert_false(number_is_fiction(blocks[i] * 10000 + 10000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_is_written_in_many_ways),
        cmocka_unit_test(what_cannot_be_dialled_from_anywhere_is_refused),
        cmocka_unit_test(six_blocks_are_fiction_and_their_neighbours_are_not),
    };
    return cmocka_run_group_tests_name("directory/number", tests, NULL, NULL);
}
