/* number.c — numbers as people write them, and those of fiction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

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

/* What people of overseas dial without a country code; and the block of works within Mayotte's. */
static void machines_may_call_from_these_ranges_and_no_others(void **state)
{
    (void)state;
    static const unsigned ranges[] = {162, 163, 270, 271, 377, 378, 424, 425, 568, 569, 948, 949};
    unsigned found_n = 0;
    for (unsigned range = 0; range < 1000; range++) {
        uint64_t first = UINT64_C(33000000000) + range * UINT64_C(1000000);
        bool is_one = false;
        for (unsigned i = 0; i < ARRAY_LEN(ranges); i++)
            is_one |= ranges[i] == range;
        assert_int_equal(number_is_automatic(first), is_one);
        assert_int_equal(number_is_automatic(first + 999999), is_one || range == 947);
        found_n += is_one;
    }
    assert_int_equal(found_n, ARRAY_LEN(ranges));
    assert_false(number_is_automatic(UINT64_C(33947499999)));
    assert_true(number_is_automatic(UINT64_C(33947500000)));
    assert_true(number_is_automatic(UINT64_C(33947999999)));
    assert_false(number_is_automatic(UINT64_C(41568123456))); /* not ours */
}

static void ten_digits_of_overseas_have_their_own_country_code(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t e164;
    } ways[] = {
        {"0590 12 34 56", UINT64_C(590590123456)}, {"0691123456", UINT64_C(590691123456)},
        {"0594 12 34 56", UINT64_C(594594123456)}, {"0696 12 34 56", UINT64_C(596696123456)},
        {"0262 12 34 56", UINT64_C(262262123456)}, {"0693 12 34 56", UINT64_C(262693123456)},
        {"0269 12 34 56", UINT64_C(262269123456)}, {"0639 12 34 56", UINT64_C(262639123456)},
        {"06 39 98 00 30", UINT64_C(33639980030)}, {"0263 12 34 56", UINT64_C(33263123456)}};
    for (unsigned i = 0; i < ARRAY_LEN(ways); i++) {
        uint64_t e164 = 0, same = 0;
        char plus[24];
        assert_true(number_e164(&e164, ways[i].text));
        assert_true(e164 == ways[i].e164);
        snprintf(plus, sizeof(plus), "+%llu", (unsigned long long)e164);
        assert_true(number_e164(&same, plus) && same == e164);
    }
}

static void a_number_says_by_its_pattern_what_it_costs(void **state)
{
    (void)state;
    static const uint64_t dear[] = {33810123456, 33819123456, 33820123456, 33890123456,
                                    33899999999};
    static const uint64_t free_of_charge[] = {33800123456, 33805999999};
    static const uint64_t plain[] = {33806123456, 33809401401, 33836123456, 33880123456,
                                     33410000010, 4989012345,  262890123456};
    for (unsigned i = 0; i < ARRAY_LEN(dear); i++)
        assert_true(number_is_surcharged(dear[i]) && !number_is_free(dear[i]));
    for (unsigned i = 0; i < ARRAY_LEN(free_of_charge); i++)
        assert_true(number_is_free(free_of_charge[i]) && !number_is_surcharged(free_of_charge[i]));
    for (unsigned i = 0; i < ARRAY_LEN(plain); i++)
        assert_true(!number_is_free(plain[i]) && !number_is_surcharged(plain[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_is_written_in_many_ways),
        cmocka_unit_test(what_cannot_be_dialled_from_anywhere_is_refused),
        cmocka_unit_test(six_blocks_are_fiction_and_their_neighbours_are_not),
        cmocka_unit_test(machines_may_call_from_these_ranges_and_no_others),
        cmocka_unit_test(ten_digits_of_overseas_have_their_own_country_code),
        cmocka_unit_test(a_number_says_by_its_pattern_what_it_costs),
    };
    return cmocka_run_group_tests_name("directory/number", tests, NULL, NULL);
}
