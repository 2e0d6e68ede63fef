/* json_read.c — tests of base/json_read: what is found, and that nothing is read past the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"

static void values_are_found_by_their_key(void **state)
{
    (void)state;
    struct text v, o = TEXT(" {\"a\":1,\"b\":{\"a\":[2,\"}\"],\"c\":\"d\"}, \"e\" : \"f\\\"\" }");
    uint64_t n = 0;
    assert_true(json_find_number(&n, o, "a"));
    assert_int_equal(n, 1);
    assert_true(json_find(&v, o, "b"));
    assert_true(text_equal(v, TEXT("{\"a\":[2,\"}\"],\"c\":\"d\"}")));
    assert_false(json_find_number(&n, v, "a"));
    assert_int_equal(n, 0);
    assert_true(json_find_plain(&v, v, "c"));
    assert_true(text_equal(v, TEXT("d")));
    assert_true(json_find(&v, o, "e"));
    assert_true(text_equal(v, TEXT("\"f\\\"\"")));
    assert_false(json_find_plain(&v, o, "e")); /* an escape */
    assert_false(json_find_plain(&v, o, "a")); /* no string */
    assert_false(json_find(&v, o, "c"));       /* a key of an inner object */
    assert_int_equal(v.n, 0);
}

static void arrays_give_one_value_after_the_other(void **state)
{
    (void)state;
    struct text v, rest = TEXT("[ {\"a\":1} , \"b,]\",3]");
    assert_true(json_next(&v, &rest));
    assert_true(text_equal(v, TEXT("{\"a\":1}")));
    assert_true(json_next(&v, &rest));
    assert_true(text_equal(v, TEXT("\"b,]\"")));
    assert_true(json_next(&v, &rest));
    assert_true(text_equal(v, TEXT("3")));
    assert_false(json_next(&v, &rest));
    rest = TEXT("[]");
    assert_false(json_next(&v, &rest));
    rest = TEXT("{\"a\":1}");
    assert_false(json_next(&v, &rest));
}

/* Cut after each byte: the sanitizers see a step too far; and a value is never half a value. */
static void what_is_cut_is_nothing(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\":{\"b\":[1,{\"c\":\"\\\\\"}]},\"z\":7}";
    for (size_t n = 0; n < sizeof(whole) - 1; n++) {
        char cut[sizeof(whole)];
        memcpy(cut, whole, n);
        struct text v;
        uint64_t z;
        bool has = json_find(&v, (struct text){cut, n}, "a");
        assert_int_equal(has, n >= sizeof("{\"a\":{\"b\":[1,{\"c\":\"\\\\\"}]}") - 1);
        assert_int_equal(json_find_number(&z, (struct text){cut, n}, "z"), n == sizeof(whole) - 2);
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    for (unsigned depth = JSON_READ_DEPTH_MAX; depth <= JSON_READ_DEPTH_MAX + 1; depth++) {
        char bytes[2 * JSON_READ_DEPTH_MAX + 16] = "{\"a\":";
        size_t n = 5;
        memset(bytes + n, '[', depth);
        memset(bytes + n + depth, ']', depth);
        n += 2 * depth;
        bytes[n++] = '}';
        struct text v;
        assert_int_equal(json_find(&v, (struct text){bytes, n}, "a"), depth == JSON_READ_DEPTH_MAX);
    }
}

static void what_is_no_json_is_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",         "{",        "[\"a\",1]",   "{\"a\"}",
                                        "{\"a\":",  "{\"a\":}", "{\"a\":[}]}", "{a:1}",
                                        "{\"a\":]", "{:1}"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        struct text v;
        assert_false(json_find(&v, text_of(wrong[i]), "a"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_their_key),
        cmocka_unit_test(arrays_give_one_value_after_the_other),
        cmocka_unit_test(what_is_cut_is_nothing),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(what_is_no_json_is_nothing),
    };
    return cmocka_run_group_tests_name("base/json_read", tests, NULL, NULL);
}
