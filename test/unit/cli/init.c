/* init.c — the parts of `decroche init` that a whole run does not show: what is drawn by lot, files
 * that come in between, what is offered. The files and refusals themselves: test/golden/init.py. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "cli/init.h"
#include "test/support/folder.h"

static struct folder folder;

static int set_up(void **state)
{
    (void)state;
    folder_open(&folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char path[FOLDER_PATH_MAX * 2];
    for (unsigned i = 0; i < INIT_FILES; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder.path, init_names[i]);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/flows", folder.path);
    rmdir(path);
    folder_drop(&folder);
    return 0;
}

static void lots_are_long_other_each_time_and_can_be_keyed_in(void **state)
{
    (void)state;
    struct init_secrets a, b;
    assert_int_equal(init_secrets_draw(&a), 0);
    assert_int_equal(init_secrets_draw(&b), 0);
    assert_string_not_equal(a.token, b.token);
    assert_string_not_equal(a.line, b.line);
    assert_int_equal(strspn(a.token, "0123456789abcdef"), sizeof(a.token) - 1);
    assert_int_equal(strspn(a.line, "abcdefghijkmnpqrstuvwxyz23456789"), sizeof(a.line) - 1);
    assert_int_equal(strspn(a.code, "0123456789"), sizeof(a.code) - 1);
}

static struct init_texts texts_of(const char *text)
{
    struct init_texts texts;
    for (unsigned i = 0; i < INIT_FILES; i++)
        texts.of[i] = (char *)(uintptr_t)text;
    return texts;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(folder_file(&folder, name), "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* Whichever file somebody else puts there meanwhile: it stays, and none of ours is left. */
static void a_file_that_comes_in_between_is_kept_and_ours_are_taken_back(void **state)
{
    (void)state;
    char path[OS_PATH_MAX], text[16];
    size_t n;
    struct init_texts texts = texts_of("ours");
    const struct init_put_args args = {.folder = folder.path, .texts = &texts};
    assert_int_equal(mkdir(folder_file(&folder, "flows"), 0700), 0);
    for (unsigned i = 0; i < INIT_FILES; i++) {
        put(init_names[i], "theirs");
        assert_int_equal(init_put(path, &args), EEXIST);
        assert_string_equal(path, folder_file(&folder, init_names[i]));
        for (unsigned j = 0; j < INIT_FILES; j++)
            assert_int_equal(os_file_exists(folder_file(&folder, init_names[j])), i == j);
        assert_int_equal(os_file_read(folder_file(&folder, init_names[i]), text, sizeof(text), &n),
                         0);
        assert_memory_equal(text, "theirs", n);
        assert_int_equal(folder_count(&folder, ".init"), 0);
        assert_int_equal(unlink(folder_file(&folder, init_names[i])), 0);
    }
    assert_int_equal(init_put(path, &args), 0);
    assert_non_null(init_put_found(path, folder.path));
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    (void)state;
    char path[OS_PATH_MAX], deep[OS_PATH_MAX + 8];
    struct init_texts texts = texts_of("ours");
    struct init_put_args args = {.folder = folder_file(&folder, "a/b"), .texts = &texts};
    assert_int_equal(init_put(path, &args), ENOENT);
    assert_string_equal(path, args.folder);
    memset(deep, 'x', sizeof(deep) - 1);
    deep[sizeof(deep) - 1] = '\0';
    args.folder = deep;
    assert_int_equal(init_put(path, &args), ENAMETOOLONG);
    assert_null(init_put_found(path, deep));
}

static void the_machine_offers_what_it_is(void **state)
{
    (void)state;
    char said[INIT_ANSWER_BYTES];
    init_machine_address(said, "127.0.0.1:5070");
    assert_string_equal(said, "127.0.0.1");
    init_machine_networks(said, "127.0.0.1");
    assert_string_equal(said, "127.0.0.0/8");
    init_machine_networks(said, "192.0.2.77"); /* nobody's */
    assert_string_equal(said, "");
    init_machine_networks(said, "no address");
    assert_string_equal(said, "");
    init_machine_timezone(said);
    assert_non_null(strchr(said, '/'));
}

static void questions_follow_from_answers(void **state)
{
    (void)state;
    struct init_answers a = {0};
    struct config_errors errors = {0};
    assert_true(init_key_is_asked(&a, INIT_NETWORKS));
    assert_false(init_key_is_asked(&a, INIT_SIGN_IN));
    assert_false(init_key_is_asked(&a, INIT_TRUNK_SECRET));
    assert_true(init_key_is_asked(&a, INIT_ACCESSIBLE));
    assert_true(init_key_take(&a, INIT_PHONE, TEXT(" 06 12 34 56 78 "), &errors));
    assert_true(init_key_take(&a, INIT_TRUNK_USER, TEXT("x"), &errors));
    assert_true(init_key_take(&a, INIT_LEGAL, TEXT("prive"), &errors));
    assert_false(init_key_is_asked(&a, INIT_NETWORKS));
    assert_true(init_key_is_asked(&a, INIT_SIGN_IN));
    assert_true(init_key_is_asked(&a, INIT_TRUNK_SECRET));
    assert_false(init_key_is_asked(&a, INIT_ACCESSIBLE));
    assert_true(init_key_take(&a, INIT_PHONE, TEXT("101"), &errors));
    assert_string_equal(a.of[INIT_PHONE], "sip:101");
    assert_int_equal(errors.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lots_are_long_other_each_time_and_can_be_keyed_in),
        cmocka_unit_test_setup_teardown(
            a_file_that_comes_in_between_is_kept_and_ours_are_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made_is_named, set_up, tear_down),
        cmocka_unit_test(the_machine_offers_what_it_is),
        cmocka_unit_test(questions_follow_from_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
