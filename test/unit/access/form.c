/* form.c — cookies, forms and where they come from: what is malformed is nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "access/form.h"

static void a_cookie_is_found_by_its_very_name_and_once(void **state)
{
    (void)state;
    static const struct {
        const char *header, *value; /* NULL: none */
    } rows[] = {
        {"a=1", "1"},
        {"b=2; a=1", "1"},
        {"b=2;a=1;c=", "1"},
        {"a=", ""},
        {"a=1=2", "1=2"},
        {"aa=1", NULL},
        {"A=1", NULL},
        {"xa=1; a", ""},
        {"a=1; a=1", NULL},
        {"", NULL},
        {";;;", NULL},
        {"b=\"a=1\"", NULL},
        {"a=1; b=2; a=3", NULL},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct text value;
        bool is_found = form_cookie(&value, text_of(rows[i].header), TEXT("a"));
        assert_int_equal(is_found, rows[i].value != NULL);
        if (is_found)
            assert_true(text_equal(value, text_of(rows[i].value)));
    }
}

static const char *field(const char *body, const char *name)
{
    static char room[16];
    struct text_out out = {.p = room, .max = sizeof(room) - 1};
    memset(room, 0, sizeof(room));
    return form_field(&out, text_of(body), name) ? room : NULL;
}

static void a_field_is_decoded_or_not_there(void **state)
{
    (void)state;
    assert_string_equal(field("a=b", "a"), "b");
    assert_string_equal(field("x=1&a=%C3%A9+%2B&y=2", "a"), "é +");
    assert_string_equal(field("a=", "a"), "");
    assert_string_equal(field("a", "a"), "");
    static const char *const bad[] = {"",      "b=a",  "a=%",     "a=%4", "a=%4x",
                                      "a=%00", "aa=1", "a=1&a=2", "%61=1"};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
        assert_null(field(bad[i], "a"));
    assert_string_equal(field("a=123456789012345", "a"), "123456789012345"); /* at the bound */
    assert_null(field("a=1234567890123456", "a"));                           /* and past it */
}

static void fields_past_the_bound_are_not_there(void **state)
{
    (void)state;
    char body[256] = "";
    for (unsigned i = 0; i < FORM_FIELDS_MAX - 1; i++)
        snprintf(body + strlen(body), sizeof(body) - strlen(body), "x=%u&", i % 10);
    size_t n = strlen(body);
    snprintf(body + n, sizeof(body) - n, "a=1");
    assert_string_equal(field(body, "a"), "1");
    snprintf(body + n, sizeof(body) - n, "x=1&a=1");
    assert_null(field(body, "a"));
}

static void only_a_page_of_the_same_origin_is_ours(void **state)
{
    (void)state;
    static const struct {
        const char *site, *origin, *host;
        bool is_ours;
    } rows[] = {
        {"same-origin", "https://a.fr", "a.fr", true},
        {"same-origin", "", "a.fr", true},
        {"", "https://a.fr", "a.fr", true},
        {"", "http://a.fr:8080", "A.fr:8080", true},
        {"", "", "a.fr", false},
        {"none", "", "a.fr", false},
        {"same-site", "https://a.fr", "a.fr", false},
        {"cross-site", "https://a.fr", "a.fr", false},
        {"same-origin", "https://b.fr", "a.fr", false},
        {"same-origin", "null", "a.fr", false},
        {"", "https://a.fr:8443", "a.fr", false},
        {"", "https://a.fr.evil.example", "a.fr", false},
        {"", "https://", "", false},
        {"", "ftp://a.fr", "a.fr", false},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        const struct form_source source = {text_of(rows[i].site), text_of(rows[i].origin),
                                           text_of(rows[i].host)};
        assert_int_equal(form_is_ours(&source), rows[i].is_ours);
    }
}

static void this_machine_has_few_names(void **state)
{
    (void)state;
    static const char *const here[] = {"localhost",   "LOCALHOST:8080", "127.0.0.1",
                                       "127.8.0.1:1", "[::1]",          "[::1]:8080"};
    static const char *const afar[] = {
        "", "a.fr", "localhost.a.fr", "10.0.0.1", "[2001:db8::1]", "127.0.0.1.a.fr", "::1", "["};
    for (unsigned i = 0; i < ARRAY_LEN(here); i++)
        assert_true(form_is_loopback(text_of(here[i])));
    for (unsigned i = 0; i < ARRAY_LEN(afar); i++)
        assert_false(form_is_loopback(text_of(afar[i])));
}

static void the_nearest_proxy_is_believed_and_no_other(void **state)
{
    (void)state;
    struct address a, wanted;
    assert_true(address_read_ip(&wanted, TEXT("192.0.2.9")));
    assert_true(form_client(&a, TEXT("198.51.100.1, 10.0.0.1,192.0.2.9")));
    assert_true(address_equal(&a, &wanted));
    assert_true(form_client(&a, TEXT("192.0.2.9:4711")));
    assert_true(address_equal(&a, &wanted));
    assert_false(form_client(&a, TEXT("")));
    assert_false(form_client(&a, TEXT("192.0.2.9, unknown")));
    assert_true(form_client(&a, TEXT("192.0.2.9,"))); /* RFC 9110 §5.6.1: an empty one is none */
}

static void hexadecimal_is_whole_or_nothing(void **state)
{
    (void)state;
    uint8_t bytes[2];
    assert_true(form_hex(bytes, 2, TEXT("00fF")));
    assert_int_equal(bytes[1], 255);
    assert_false(form_hex(bytes, 2, TEXT("00f")));
    assert_false(form_hex(bytes, 2, TEXT("00fff")));
    assert_false(form_hex(bytes, 2, TEXT("00fg")));
    assert_false(form_hex(bytes, 2, ((struct text){"00\0f", 4})));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_found_by_its_very_name_and_once),
        cmocka_unit_test(a_field_is_decoded_or_not_there),
        cmocka_unit_test(fields_past_the_bound_are_not_there),
        cmocka_unit_test(only_a_page_of_the_same_origin_is_ours),
        cmocka_unit_test(this_machine_has_few_names),
        cmocka_unit_test(the_nearest_proxy_is_believed_and_no_other),
        cmocka_unit_test(hexadecimal_is_whole_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
