/* reference.c — tests of say/reference.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "say/reference.h"

static unsigned check_of(const char *text)
{
    uint8_t digits[16];
    unsigned n = 0;
    for (; text[n]; n++)
        digits[n] = (uint8_t)(text[n] - '0');
    return say_check_digit(digits, n);
}

static void the_check_digit_is_that_of_iso_7064(void **state)
{
    (void)state;
    assert_int_equal(check_of("0794"), 5);       /* the example of the standard */
    assert_int_equal(check_of("8609574271"), 9); /* a German tax number: the same system */
    assert_int_equal(check_of("13669597"), 6);   /* a German VAT number */
}

static void a_reference_carries_its_check_digit(void **state)
{
    (void)state;
    for (uint32_t number = 0; number <= SAY_NUMBER_MAX; number += 99991) {
        assert_int_equal(say_reference_of(number) / 10, number);
        assert_true(say_reference_is_sound(say_reference_of(number)));
    }
    assert_true(say_reference_is_sound(say_reference_of(SAY_NUMBER_MAX)));
    assert_false(say_reference_is_sound(say_reference_of(0) + 100000000));
}

static void no_other_digit_is_sound(uint32_t reference, uint32_t place)
{
    uint32_t digit = reference / place % 10;
    for (uint32_t other = 0; other < 10; other++)
        assert_int_equal(say_reference_is_sound(reference + (other - digit) * place),
                         other == digit);
}

static void any_wrong_digit_is_noticed(void **state)
{
    (void)state;
    for (uint32_t number = 0; number <= SAY_NUMBER_MAX; number += 9973)
        for (uint32_t place = 1; place <= 10000000; place *= 10)
            no_other_digit_is_sound(say_reference_of(number), place);
}

static void a_reference_is_read_by_pairs_then_digit_by_digit(void **state)
{
    (void)state;
    struct say_list list = {0};
    char text[400];
    say_reference(&list, 47210864);
    say_text(text, sizeof(text), &list, PROMPT_FR);
    assert_string_equal(text, "Votre numéro de demande est le\u00a0: quarante-sept, vingt et un, "
                              "zéro huit, soixante-quatre. Nous répétons. "
                              "quatre, sept, deux, un, zéro, huit, six, quatre.");
    say_text(text, sizeof(text), &list, PROMPT_EN);
    assert_string_equal(text, "Your request number is: four seven, two one, zero eight, six four. "
                              "We will repeat. four, seven, two, one, zero, eight, six, four.");
    assert_int_equal(list.ids[3], PROMPT_PAUSE_350);
    assert_int_equal(list.ids[4], PROMPT_PAIR_08_M);
    assert_int_equal(list.ids[5], PROMPT_PAIR_64_F);
    assert_int_equal(list.ids[list.n - 1], PROMPT_DIGIT_4_F);
}

static void pairs_are_spoken_as_telephone_numbers_are(void **state)
{
    (void)state;
    static const struct {
        unsigned pair;
        const char *words;
    } rows[] = {{0, "zéro zéro."},          {5, "zéro cinq."},
                {21, "vingt et un."},       {70, "soixante-dix."},
                {71, "soixante et onze."},  {80, "quatre-vingts."},
                {77, "soixante-dix-sept."}, {81, "quatre-vingt-un."},
                {91, "quatre-vingt-onze."}, {99, "quatre-vingt-dix-neuf."}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(prompt_rows[PROMPT_PAIR_00_F + 2 * rows[i].pair].text[PROMPT_FR],
                            rows[i].words);
}

static void it_is_written_by_pairs(void **state)
{
    (void)state;
    char text[SAY_REFERENCE_BYTES];
    say_reference_text(text, 47210864);
    assert_string_equal(text, "47 21 08 64");
    say_reference_text(text, 98);
    assert_string_equal(text, "00 00 00 98");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_digit_is_that_of_iso_7064),
        cmocka_unit_test(a_reference_carries_its_check_digit),
        cmocka_unit_test(any_wrong_digit_is_noticed),
        cmocka_unit_test(a_reference_is_read_by_pairs_then_digit_by_digit),
        cmocka_unit_test(pairs_are_spoken_as_telephone_numbers_are),
        cmocka_unit_test(it_is_written_by_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
