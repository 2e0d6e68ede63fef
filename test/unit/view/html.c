/* html.c — what comes from outside is never markup; numbers and durations as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "view/html.h"

static char page[1024];
static struct text_out out;

static struct html open_page(bool is_english)
{
    out = (struct text_out){.p = page, .max = sizeof(page) - 1};
    memset(page, 0, sizeof(page));
    return (struct html){.out = &out, .is_english = is_english};
}

static void what_comes_from_outside_is_text(void **state)
{
    static const struct {
        const char *given, *written;
    } rows[] = {
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\" onload=\"x", "&quot; onload=&quot;x"},
        {"' autofocus='", "&#39; autofocus=&#39;"},
        {"a & b &lt;", "a &amp; b &amp;lt;"},
        {"100 % %s %n", "100 % %s %n"},
        {"Éloïse — œuvre", "Éloïse — œuvre"},
        {"a\x01"
         "b\x1b[31m",
         "a\uFFFDb\uFFFD[31m"},
        {"deux\nlignes\t.", "deux\nlignes\t."},
        {"", ""},
        {NULL, ""},
    };
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct html h = open_page(false);
        html_put(&h, "%s", rows[i].given);
        assert_string_equal(page, rows[i].written);
        h = open_page(false);
        html_put(&h, "<b title=\"%.*s\">", rows[i].given ? (int)strlen(rows[i].given) : 0,
                 rows[i].given);
        assert_non_null(strstr(page, rows[i].written));
    }
}

static void a_slice_has_its_own_length(void **state)
{
    struct html h = open_page(false);
    (void)state;
    html_put(&h, "[%.*s|%.*s|%.*s]", 3, "abcdef", 0, "xyz", -1, "xyz");
    assert_string_equal(page, "[abc||]");
}

static void each_conversion(void **state)
{
    struct html h = open_page(false);
    (void)state;
    html_put(&h, "%u %llu %lld %lld 100%%", 7u, 18446744073709551615ull, -9223372036854775807ll - 1,
             42ll);
    assert_string_equal(page, "7 18446744073709551615 -9223372036854775808 42 100%");
}

static void a_page_that_is_full_is_cut(void **state)
{
    struct html h = open_page(false);
    (void)state;
    out.max = 4;
    html_put(&h, "abc%s", "<");
    assert_true(out.is_cut);
    assert_int_equal(out.n, 3);
}

static void numbers_have_narrow_spaces(void **state)
{
    static const struct {
        uint64_t n;
        const char *written;
    } rows[] = {{0, "0"},
                {999, "999"},
                {1000, "1\u202f000"},
                {1007, "1\u202f007"},
                {12034, "12\u202f034"},
                {1000000, "1\u202f000\u202f000"}};
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct html h = open_page(false);
        html_number(&h, rows[i].n);
        assert_string_equal(page, rows[i].written);
    }
}

static void rates_are_of_their_language(void **state)
{
    (void)state;
    struct html h = open_page(false);
    html_tenths(&h, 873);
    assert_string_equal(page, "87,3\u202f%");
    h = open_page(true);
    html_tenths(&h, 1000);
    assert_string_equal(page, "100.0%");
}

static void durations_have_two_units_at_most(void **state)
{
    static const struct {
        int64_t ms;
        const char *written;
    } rows[] = {{-5000, "0\u00a0s"},
                {999, "0\u00a0s"},
                {59999, "59\u00a0s"},
                {60000, "1\u00a0min\u00a000"},
                {3599000, "59\u00a0min\u00a059"},
                {3600000, "1\u00a0h\u00a000"},
                {7 * 3600000 + 5 * 60000, "7\u00a0h\u00a005"}};
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct html h = open_page(false);
        html_duration(&h, rows[i].ms);
        assert_string_equal(page, rows[i].written);
    }
}

static void links_keep_the_language_that_was_chosen(void **state)
{
    struct html h = open_page(true);
    (void)state;
    assert_string_equal(html_query(&h), "");
    h.is_said = true;
    assert_string_equal(html_query(&h), "?langue=en");
    h.is_english = false;
    assert_string_equal(html_query(&h), "?langue=fr");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_from_outside_is_text),
        cmocka_unit_test(a_slice_has_its_own_length),
        cmocka_unit_test(each_conversion),
        cmocka_unit_test(a_page_that_is_full_is_cut),
        cmocka_unit_test(numbers_have_narrow_spaces),
        cmocka_unit_test(rates_are_of_their_language),
        cmocka_unit_test(durations_have_two_units_at_most),
        cmocka_unit_test(links_keep_the_language_that_was_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
