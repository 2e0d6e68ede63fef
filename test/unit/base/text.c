/* text.c — tests of base/text.h: slices, numbers, and the bounds of what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.n, strlen(expected));
    assert_memory_equal(t.p, expected, t.n);
}

static void texts_compare_with_and_without_case(void **state)
{
    (void)state;
    assert_true(text_equal(TEXT("Via"), TEXT("Via")));
    assert_false(text_equal(TEXT("Via"), TEXT("via")));
    assert_false(text_equal(TEXT("Via"), TEXT("Vi")));
    assert_true(text_equal_fold(TEXT("VIA-z@["), TEXT("via-Z@[")));
    assert_false(text_equal_fold(TEXT("@"), TEXT("`"))); /* 32 apart, but no letters */
    assert_true(text_equal(TEXT_NONE, TEXT("")));
    assert_true(text_starts_fold(TEXT("Digest x"), TEXT("digest")));
    assert_false(text_starts_fold(TEXT("Dig"), TEXT("digest")));
}

static void a_number_is_digits_only_and_within_its_bound(void **state)
{
    (void)state;
    uint64_t v = 7;
    assert_true(text_number(TEXT("0"), 0, &v));
    assert_int_equal(v, 0);
    assert_true(text_number(TEXT("0065535"), 65535, &v));
    assert_int_equal(v, 65535);
    assert_false(text_number(TEXT("65536"), 65535, &v));
    assert_true(text_number(TEXT("18446744073709551615"), UINT64_MAX, &v));
    assert_true(v == UINT64_MAX);
    assert_false(text_number(TEXT("18446744073709551616"), UINT64_MAX, &v));
    assert_false(text_number(TEXT("99999999999999999999999"), UINT64_MAX, &v));
    assert_false(text_number(TEXT(""), 9, &v));
    assert_false(text_number(TEXT("-1"), 9, &v));
    assert_false(text_number(TEXT("1 "), 9, &v));
    assert_false(text_number(TEXT("9"), 5, &v));
}

static void a_text_is_cut_at_a_character_and_its_blanks_are_trimmed(void **state)
{
    (void)state;
    struct text rest = TEXT("a;;bc");
    assert_text(text_cut(&rest, ';'), "a");
    assert_text(text_cut(&rest, ';'), "");
    assert_text(rest, "bc");
    assert_text(text_cut(&rest, ';'), "bc");
    assert_text(text_cut(&rest, ';'), "");
    rest = TEXT_NONE;
    assert_text(text_cut(&rest, ';'), "");
    assert_text(text_trim(TEXT(" \t a b\t ")), "a b");
    assert_text(text_trim(TEXT("  ")), "");
}

static void words_stand_between_blanks(void **state)
{
    (void)state;
    struct text rest = TEXT(" \tIN  IP4\t"), none = TEXT_NONE;
    assert_text(text_word(&rest), "IN");
    assert_text(text_word(&rest), "IP4");
    assert_text(text_word(&rest), "");
    assert_text(text_word(&none), "");
}

static void behind_the_end_there_is_nothing(void **state)
{
    (void)state;
    assert_int_equal(text_line_at(TEXT("a\nbc\nd"), 0), 0);
    assert_int_equal(text_line_at(TEXT("a\nbc\nd"), 1), 0);
    assert_int_equal(text_line_at(TEXT("a\nbc\nd"), 3), 5);
    assert_int_equal(text_line_at(TEXT("a\nbc\nd"), 4), 6);
    assert_int_equal(text_line_at(TEXT("a\n"), UINT32_MAX), 2);
    assert_int_equal(text_line_at(TEXT_NONE, 2), 0);
    assert_text(text_after(TEXT("abc"), 0), "abc");
    assert_text(text_after(TEXT("abc"), 2), "c");
    assert_text(text_after(TEXT("abc"), 3), "");
    assert_text(text_after(TEXT("abc"), 4), "");
    assert_null(text_after(TEXT_NONE, 1).p);
}

static void numbers_are_written_in_hexadecimal(void **state)
{
    (void)state;
    char to[] = "....................";
    text_hex(to, UINT64_C(0x00123456789abcdef) << 4, 16);
    assert_string_equal(to, "123456789abcdef0....");
    text_hex(to, 0xa5f, 2); /* the low digits only */
    assert_string_equal(to, "5f3456789abcdef0....");
    text_hex(to, 1, 0);
    assert_string_equal(to, "5f3456789abcdef0....");
}

static void what_does_not_fit_is_cut_and_stays_cut(void **state)
{
    (void)state;
    char room[5] = "";
    struct text_out out = {.p = room, .max = 4};
    text_put(&out, TEXT("ab"));
    text_put(&out, TEXT("abc"));
    assert_true(out.is_cut);
    text_put(&out, TEXT("c"));
    assert_int_equal(out.n, 2);
    assert_int_equal(room[2], 0);
    out = (struct text_out){.p = room, .max = 4};
    text_put(&out, TEXT("abcd"));
    text_put(&out, TEXT(""));
    assert_false(out.is_cut);
}

static void numbers_are_written_in_decimal(void **state)
{
    (void)state;
    char room[32];
    struct text_out out = {.p = room, .max = sizeof(room)};
    text_put_number(&out, 0);
    text_put(&out, TEXT(" "));
    text_put_number(&out, UINT64_MAX);
    assert_text((struct text){room, out.n}, "0 18446744073709551615");
}

static void a_text_is_kept_up_to_its_bound(void **state)
{
    (void)state;
    char to[3];
    uint16_t n = 9;
    assert_true(text_keep(to, sizeof(to), &n, TEXT("abc")));
    assert_int_equal(n, 3);
    assert_false(text_keep(to, sizeof(to), &n, TEXT("abcd")));
    assert_int_equal(n, 3);
    assert_true(text_keep(to, sizeof(to), &n, TEXT_NONE));
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_compare_with_and_without_case),
        cmocka_unit_test(a_number_is_digits_only_and_within_its_bound),
        cmocka_unit_test(a_text_is_cut_at_a_character_and_its_blanks_are_trimmed),
        cmocka_unit_test(words_stand_between_blanks),
        cmocka_unit_test(behind_the_end_there_is_nothing),
        cmocka_unit_test(numbers_are_written_in_hexadecimal),
        cmocka_unit_test(what_does_not_fit_is_cut_and_stays_cut),
        cmocka_unit_test(numbers_are_written_in_decimal),
        cmocka_unit_test(a_text_is_kept_up_to_its_bound),
    };
    return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
