/* recording.c — the folder and the key of recordings: nothing without a folder; else both must be
 * there, for their owner alone, and the key must be one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/recording.h"

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff"

struct place {
    char folder[64], file[128], recordings[128], key[128];
    struct settings settings;
    struct config_recording recording;
    struct config_errors errors;
};

static struct place *place_open(const char *key, mode_t mode)
{
    static const char template[] = "/tmp/decroche-recording-XXXXXX";
    struct place *p = calloc(1, sizeof(*p));
    assert_non_null(p);
    memcpy(p->folder, template, sizeof(template));
    assert_non_null(mkdtemp(p->folder));
    snprintf(p->file, sizeof(p->file), "%s/decroche.yaml", p->folder);
    snprintf(p->recordings, sizeof(p->recordings), "%s/rec", p->folder);
    snprintf(p->key, sizeof(p->key), "%s/recording.key", p->folder);
    assert_int_equal(mkdir(p->recordings, 0700), 0);
    FILE *f = fopen(p->key, "w");
    assert_non_null(f);
    fputs(key, f);
    fclose(f);
    chmod(p->key, mode);
    settings_defaults(&p->settings);
    memcpy(p->settings.recording.folder, "rec", sizeof("rec"));
    return p;
}

static int load(struct place *p)
{
    return config_recording_load(&p->recording, p->file, &p->settings, &p->errors);
}

static void place_drop(struct place *p)
{
    config_recording_drop(&p->recording);
    unlink(p->key);
    rmdir(p->recordings);
    rmdir(p->folder);
    free(p);
}

static void it_is_off_without_a_folder_whatever_the_key_is(void **state)
{
    (void)state;
    struct place *p = place_open("no key", 0666);
    p->settings.recording.folder[0] = '\0';
    assert_int_equal(load(p), 0);
    assert_false(p->recording.is_on);
    place_drop(p);
}

static void the_key_is_read_with_and_without_the_end_of_its_line(void **state)
{
    (void)state;
    static const char *const texts[] = {KEY, KEY "\n"};
    for (unsigned i = 0; i < 2; i++) {
        struct place *p = place_open(texts[i], 0600);
        assert_int_equal(load(p), 0);
        assert_true(p->recording.is_on);
        assert_string_equal(p->recording.folder, p->recordings);
        assert_int_equal(p->recording.key[0], 0);
        assert_int_equal(p->recording.key[31], 0xff);
        place_drop(p);
    }
}

static void a_key_that_is_none_is_refused_with_the_cure(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "00",
                                        KEY "00",
                                        KEY "\n\n",
                                        KEY " ",
                                        "g0"
                                        "0102030405060708090a0b0c0d0e0f101112131415161718"
                                        "191a1b1c1d1eff"};
    for (unsigned i = 0; i < ARRAY_LEN(texts); i++) {
        struct place *p = place_open(texts[i], 0600);
        assert_int_equal(load(p), EINVAL);
        assert_true(p->recording.is_wrong && !p->recording.is_on);
        assert_non_null(strstr(p->errors.list[0].what, "64 chiffres"));
        assert_non_null(strstr(p->errors.list[0].cure, "openssl rand -hex 32"));
        assert_null(strstr(p->errors.list[0].what, "0102")); /* never said */
        place_drop(p);
    }
}

static void what_others_may_read_or_is_not_there_is_refused(void **state)
{
    (void)state;
    struct place *p = place_open(KEY, 0640);
    chmod(p->recordings, 0755);
    assert_int_equal(load(p), EINVAL);
    assert_int_equal(p->errors.n, 2); /* both in one run */
    assert_non_null(strstr(p->errors.list[0].cure, "chmod 700"));
    assert_non_null(strstr(p->errors.list[1].cure, "chmod 600"));
    unlink(p->key);
    rmdir(p->recordings);
    p->errors = (struct config_errors){0};
    assert_int_equal(load(p), EINVAL);
    assert_non_null(strstr(p->errors.list[0].cure, "mkdir -m 700"));
    assert_non_null(strstr(p->errors.list[1].cure, "openssl"));
    place_drop(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_off_without_a_folder_whatever_the_key_is),
        cmocka_unit_test(the_key_is_read_with_and_without_the_end_of_its_line),
        cmocka_unit_test(a_key_that_is_none_is_refused_with_the_cure),
        cmocka_unit_test(what_others_may_read_or_is_not_there_is_refused),
    };
    return cmocka_run_group_tests_name("config/recording", tests, NULL, NULL);
}
