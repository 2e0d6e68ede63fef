/* cursor.c — cursors come back as they went, and nothing else is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "view/cursor.h"

static void a_cursor_comes_back_as_it_went(void **state)
{
    (void)state;
    const uint64_t ids[] = {0, 1, 0x1234567890abcdef, UINT64_MAX};
    for (unsigned i = 0; i < ARRAY_LEN(ids); i++) {
        char word[VIEW_CURSOR_BYTES];
        struct view_cursor back, there = {ids[i], UINT64_C(0xffffffff12345678)};
        view_cursor_write(word, &there);
        assert_true(view_cursor_read(&back, (struct text){word, sizeof(word)}));
        assert_int_equal(back.id, ids[i]);
        assert_int_equal(back.journal, 0x12345678);
    }
}

static void nothing_else_is_a_cursor(void **state)
{
    (void)state;
    static const char *const words[] = {"",
                                        "0",
                                        "00000000000000010000000",
                                        "0000000000000001000000000",
                                        "000000000000000100000g00",
                                        "00000000000000010000000A",
                                        "-00000000000000100000000",
                                        "0x0000000000000100000000",
                                        " 00000000000000100000000"};
    for (unsigned i = 0; i < ARRAY_LEN(words); i++) {
        struct view_cursor c;
        assert_false(view_cursor_read(&c, text_of(words[i])));
    }
}

static void must_find(const char *query, const char *key, const char *value)
{
    struct text found;
    bool is_there = view_query_find(&found, text_of(query), text_of(key));
    assert_int_equal(is_there, value != NULL);
    if (value)
        assert_true(text_equal(found, text_of(value)));
}

static void a_query_is_searched_by_whole_names(void **state)
{
    (void)state;
    must_find("after=a1&limit=5", "limit", "5");
    must_find("after=a1&limit=5", "after", "a1");
    must_find("", "after", NULL);
    must_find("afterwards=1", "after", NULL);
    must_find("after", "after", "");
    must_find("after=", "after", "");
    must_find("&&=&after=b=c&after=d", "after", "b=c");
    must_find("AFTER=1", "after", NULL);
    must_find("%61fter=1", "after", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cursor_comes_back_as_it_went),
        cmocka_unit_test(nothing_else_is_a_cursor),
        cmocka_unit_test(a_query_is_searched_by_whole_names),
    };
    return cmocka_run_group_tests_name("view/cursor", tests, NULL, NULL);
}
