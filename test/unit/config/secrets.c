/* secrets.c — secrets from their file: bounds at them and past them, who may read the file, and
 * that nothing of it is said or stays behind. What is said of wrong files stands in
 * test/golden/config. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "config/directory.h"
#include "config/secrets.h"
#include "test/support/folder.h"

#define HOUSE                                                                                      \
    "organisation: { name: Mairie }\nhours: { h: { lun: 8h-9h } }\n"                               \
    "services: [{ id: accueil, name: Accueil, hours: h }]\nagents:\n"                              \
    "  - { id: a01, name: Anne, skills: [accueil], phone: \"sip:101\" }\n"                         \
    "  - { id: a02, name: Ali, skills: [accueil], phone: \"sip:102\" }\n"                          \
    "  - { id: a03, name: Luc, skills: [accueil], phone: browser }\n"

static const char good[] = "api: { token: \"0123456789abcdef\" }\n"
                           "agents:\n"
                           "  - { id: a02, secret: \"deux mots\", code: \"4821\" }\n"
                           "  - { id: a01, secret: abcdefgh }\n"
                           "  - { id: a03, code: 4821 }\n";

static struct directory *production, *demo;
static struct config_errors errors;
static struct config_secrets secrets;

static int set_up(void **state)
{
    (void)state;
    struct settings s;
    settings_defaults(&s);
    errors = (struct config_errors){.file = "directory.yaml"};
    assert_int_equal(config_directory_read(&production, HOUSE, &s, &errors), 0);
    assert_int_equal(config_directory_read(&demo, "demo: true\n" HOUSE, &s, &errors), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    config_directory_drop(production);
    config_directory_drop(demo);
    return 0;
}

static int read_text(const char *text)
{
    errors = (struct config_errors){.file = "secrets.yaml"};
    return config_secrets_read(&secrets, text, production, &errors);
}

static void each_agent_has_what_the_file_says(void **state)
{
    (void)state;
    assert_int_equal(read_text(good), 0);
    assert_string_equal(secrets.api_token, "0123456789abcdef");
    assert_int_equal(secrets.n, 3);
    const struct config_secret *ali = config_secrets_find(&secrets, 1);
    assert_string_equal(ali->secret, "deux mots");
    assert_string_equal(ali->code, "4821");
    assert_string_equal(config_secrets_find(&secrets, 0)->code, "");
    assert_string_equal(config_secrets_find(&secrets, 2)->code, "4821"); /* the same as Ali's */
    assert_string_equal(config_secrets_find(&secrets, 2)->secret, "");
    config_secrets_drop(&secrets);
    assert_null(secrets.agents);
    assert_int_equal(secrets.api_token[0], 0);
    assert_int_equal(read_text("api: { token: \"0123456789abcdef\" }\n"), 0);
    assert_null(config_secrets_find(&secrets, 0));
    config_secrets_drop(&secrets);
}

/* A value of n letters for one key. */
static int read_long(const char *key, int n)
{
    static const char ones[] = "1111111111111111111111111111111111111111111111111111111111111111"
                               "11111111111111111111111111111111111111111111111111111111111111111";
    char text[400];
    bool is_token = !strcmp(key, "token");
    if (is_token)
        snprintf(text, sizeof(text), "api: { token: \"%.*s\" }\n", n, ones);
    else
        snprintf(text, sizeof(text),
                 "api: { token: \"0123456789abcdef\" }\n"
                 "agents: [{ id: a0%c, %s: \"%.*s\" }]\n",
                 *key == 's' ? '1' : '3', key, n, ones);
    int err = read_text(text);
    config_secrets_drop(&secrets);
    return err;
}

static void every_length_is_bounded_at_its_bound_and_past_it(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        int min, max;
    } rows[] = {{"token", CONFIG_TOKEN_MIN, CONFIG_TOKEN_MAX},
                {"secret", CONFIG_SECRET_MIN, CONFIG_SECRET_MAX},
                {"code", CONFIG_CODE_MIN, CONFIG_CODE_MAX}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(read_long(rows[i].key, rows[i].min), 0);
        assert_int_equal(read_long(rows[i].key, rows[i].max), 0);
        assert_int_equal(read_long(rows[i].key, rows[i].min - 1), EINVAL);
        assert_int_equal(errors.n, 1);
        assert_int_equal(read_long(rows[i].key, rows[i].max + 1), EINVAL);
        assert_int_equal(errors.n, 1);
    }
}

static void nothing_of_a_secret_is_ever_said(void **state)
{
    (void)state;
    static const char wrong[] =
        "api: { token: \"kurz kurz kurz kurz\" }\n"
        "agents:\n"
        "  - { id: a01, secret: \"kurz\" }\n"
        "  - { id: a02, secret: \"kurz'kurz\", code: \"kurz\" }\n"
        "  - { id: a03, secret: \"kurzkurz\", code: [kurz] }\n"
        "  - { id: a01, secret: "
        "\"kurzkurzkurzkurzkurzkurzkurzkurzkurzkurzkurzkurzkurzkurzkurzkurz1\" }\n";
    char said[20000];
    assert_int_equal(read_text(wrong), EINVAL);
    assert_true(errors.n >= 6);
    config_errors_text(&errors, said, sizeof(said));
    assert_null(strstr(said, "kurz"));
    assert_null(secrets.agents);
    assert_int_equal(read_text("api: { token: \"kurz\n"), EINVAL); /* no YAML at all */
    config_errors_text(&errors, said, sizeof(said));
    assert_null(strstr(said, "kurz"));
}

/* Writes the good file with a mode, and loads it. */
static int load(const char *path, mode_t mode, const struct directory *d)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(good, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
    errors = (struct config_errors){0};
    int err = config_secrets_load(&secrets, path, d, &errors);
    config_secrets_drop(&secrets);
    return err;
}

static void others_may_read_it_in_a_demonstration_only(void **state)
{
    (void)state;
    static const mode_t open[] = {0640, 0620, 0604, 0602, 0644, 0666};
    struct folder folder;
    char path[FOLDER_PATH_MAX];
    folder_open(&folder);
    snprintf(path, sizeof(path), "%s", folder_file(&folder, "secrets.yaml"));
    for (unsigned i = 0; i < ARRAY_LEN(open); i++) {
        assert_int_equal(load(path, open[i], production), EINVAL);
        assert_int_equal(errors.n, 1);
        assert_int_equal(errors.list[0].line, 0);
        assert_non_null(strstr(errors.list[0].cure, "chmod 600"));
        assert_int_equal(load(path, open[i], demo), 0);
    }
    assert_int_equal(load(path, 0600, production), 0);
    assert_int_equal(load(path, 0400, production), 0);
    folder_drop(&folder);
}

static void a_missing_file_is_told_with_what_to_write(void **state)
{
    (void)state;
    struct folder folder;
    folder_open(&folder);
    errors = (struct config_errors){0};
    assert_int_equal(config_secrets_load(&secrets, folder_file(&folder, "none"), demo, &errors),
                     ENOENT);
    assert_int_equal(errors.n, 1);
    assert_non_null(strstr(errors.list[0].cure, "api: { token"));
    folder_drop(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_agent_has_what_the_file_says),
        cmocka_unit_test(every_length_is_bounded_at_its_bound_and_past_it),
        cmocka_unit_test(nothing_of_a_secret_is_ever_said),
        cmocka_unit_test(others_may_read_it_in_a_demonstration_only),
        cmocka_unit_test(a_missing_file_is_told_with_what_to_write),
    };
    return cmocka_run_group_tests_name("config/secrets", tests, set_up, tear_down);
}
