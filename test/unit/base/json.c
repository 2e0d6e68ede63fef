/* json.c — JSON as it is written: commas, escapes, bytes that are no text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

#define BYTES 4096

struct page {
    char bytes[BYTES];
    struct text_out out;
    struct json json;
};

static void page_open(struct page *p, size_t max)
{
    p->out = (struct text_out){.p = p->bytes, .max = max};
    p->json = (struct json){.out = &p->out};
}

static void must_be(struct page *p, const char *text)
{
    assert_false(p->out.is_cut);
    p->bytes[p->out.n] = '\0';
    assert_string_equal(p->bytes, text);
}

static void commas_stand_between_and_nowhere_else(void **state)
{
    (void)state;
    struct page p;
    page_open(&p, BYTES - 1);
    json_object(&p.json, NULL);
    json_number(&p.json, "a", 1);
    json_array(&p.json, "b");
    json_array_end(&p.json);
    json_array(&p.json, "c");
    json_number(&p.json, NULL, 1);
    json_object(&p.json, NULL);
    json_object_end(&p.json);
    json_null(&p.json, NULL);
    json_array_end(&p.json);
    json_bool(&p.json, "d", true);
    json_bool(&p.json, "e", false);
    json_raw(&p.json, "f", TEXT("[2]"));
    json_object_end(&p.json);
    must_be(&p, "{\"a\":1,\"b\":[],\"c\":[1,{},null],\"d\":true,\"e\":false,\"f\":[2]}");
}

static void numbers_are_written_in_full(void **state)
{
    (void)state;
    struct page p;
    page_open(&p, BYTES - 1);
    json_array(&p.json, NULL);
    json_number(&p.json, NULL, 0);
    json_number(&p.json, NULL, UINT64_MAX);
    json_signed(&p.json, NULL, INT64_MAX);
    json_signed(&p.json, NULL, INT64_MIN);
    json_signed(&p.json, NULL, -1);
    json_array_end(&p.json);
    must_be(&p, "[0,18446744073709551615,9223372036854775807,-9223372036854775808,-1]");
}

static void texts_are_escaped(void **state)
{
    (void)state;
    struct page p;
    page_open(&p, BYTES - 1);
    json_array(&p.json, NULL);
    json_string(&p.json, NULL, "l’été \"à\" 7\u202f% \\ \xf0\x9f\x98\x80");
    json_string(&p.json, NULL, "a\nb\tc\x1f\x7f");
    json_text(&p.json, NULL, (struct text){"\0", 1});
    json_string(&p.json, NULL, "");
    json_string(&p.json, NULL, NULL);
    json_array_end(&p.json);
    must_be(&p, "[\"l’été \\\"à\\\" 7\u202f% \\\\ \xf0\x9f\x98\x80\","
                "\"a\\nb\\u0009c\\u001f\\u007f\",\"\\u0000\",\"\",null]");
}

/* RFC 3629: overlong forms, surrogates, past U+10FFFF, cut off, alone. */
static void bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } rows[] = {
        {"\xc0\xaf", "\\ufffd\\ufffd"},
        {"\xe0\x80\xaf", "\\ufffd\\ufffd\\ufffd"},
        {"\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},
        {"\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd"},
        {"\xf5\x80\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd"},
        {"\xe2\x82", "\\ufffd\\ufffd"},
        {"\xc3", "\\ufffd"},
        {"\x80", "\\ufffd"},
        {"\xff", "\\ufffd"},
        {"\xc3(", "\\ufffd("},
        {"\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80"},
        {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct page p;
        char text[64];
        page_open(&p, BYTES - 1);
        json_string(&p.json, NULL, rows[i].bytes);
        size_t n = strlen(rows[i].text);
        text[0] = '"';
        memcpy(text + 1, rows[i].text, n);
        memcpy(text + 1 + n, "\"", 2);
        must_be(&p, text);
    }
}

static void past_the_memory_nothing_is_written(void **state)
{
    (void)state;
    for (size_t max = 0; max < 40; max++) {
        struct page p;
        memset(p.bytes, 'x', sizeof(p.bytes));
        page_open(&p, max);
        json_object(&p.json, NULL);
        json_string(&p.json, "name", "a \"value\" with \x01 escapes\xff");
        json_object_end(&p.json);
        assert_true(p.out.is_cut);
        assert_true(p.out.n <= max);
        assert_int_equal(p.bytes[max], 'x');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_and_nowhere_else),
        cmocka_unit_test(numbers_are_written_in_full),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced),
        cmocka_unit_test(past_the_memory_nothing_is_written),
    };
    return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
