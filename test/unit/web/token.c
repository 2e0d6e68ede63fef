/* token.c — the one secret: kept when it is a good one, known again, never without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/token.h"

#define GOOD "0123456789abcdef"

static void only_a_token_that_cannot_be_guessed_is_kept(void **state)
{
    (void)state;
    struct web_token t;
    char text[WEB_TOKEN_MAX + 2];
    for (size_t n = 1; n <= WEB_TOKEN_MAX + 1; n++) {
        memset(text, 'x', n);
        text[n] = '\0';
        assert_int_equal(web_token_keep(&t, text), n >= WEB_TOKEN_MIN && n <= WEB_TOKEN_MAX);
    }
    assert_false(web_token_keep(&t, "0123456789 abcdef"));
    assert_false(web_token_keep(&t, "0123456789abcdé000"));
    assert_false(web_token_keep(&t, "0123456789abcdef\n"));
    assert_true(web_token_keep(&t, GOOD));
}

static void it_is_known_again_and_nothing_else_is(void **state)
{
    (void)state;
    struct web_token t;
    char text[WEB_TOKEN_MAX + 40];
    assert_true(web_token_keep(&t, GOOD));
    assert_true(web_token_is_good(&t, "Bearer " GOOD));
    assert_true(web_token_is_good(&t, "bEaReR   " GOOD "  "));
    static const char *const bad[] = {"",
                                      "Bearer",
                                      "Bearer ",
                                      GOOD,
                                      "Basic " GOOD,
                                      "Bearer 0123456789abcdeF",
                                      "Bearer " GOOD "0",
                                      "Bearer 0123456789abcde",
                                      "Bearer " GOOD " " GOOD};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(web_token_is_good(&t, bad[i]));
    assert_false(web_token_is_good(&t, NULL));
    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, "Bearer " GOOD, sizeof("Bearer " GOOD) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(web_token_is_good(&t, text));
}

static void without_a_token_nothing_is_good(void **state)
{
    (void)state;
    struct web_token t;
    for (unsigned i = 0; i < 2; i++) {
        assert_true(web_token_keep(&t, i ? "" : NULL));
        assert_false(web_token_is_good(&t, "Bearer "));
        assert_false(web_token_is_good(&t, "Bearer"));
        assert_false(web_token_is_good(&t, NULL));
        assert_false(web_token_is_good(&t, "Bearer " GOOD));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_token_that_cannot_be_guessed_is_kept),
        cmocka_unit_test(it_is_known_again_and_nothing_else_is),
        cmocka_unit_test(without_a_token_nothing_is_good),
    };
    return cmocka_run_group_tests_name("web/token", tests, NULL, NULL);
}
