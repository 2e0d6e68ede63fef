/* history.c — versions are kept, found, and what was cut short or tampered with is told. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "history/history.h"
#include "test/support/folder.h"

struct bench {
    struct folder f;
    const char *folder;
    struct history_version *list;
    uint32_t n;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    folder_open(&b->f);
    b->folder = b->f.path;
    assert_int_equal(history_open(b->folder), 0); /* there is one already */
    *state = b;
    return 0;
}

static int drop(void **state)
{
    struct bench *b = *state;
    folder_drop(&b->f);
    free(b->list);
    free(b);
    return 0;
}

static int add(struct bench *b, const char *file, const char *note, const char *text)
{
    struct history_version v = {.at = 1700000000000 + (ms_t)b->n, .by_id = 0xabc};
    snprintf(v.file, sizeof(v.file), "%s", file);
    snprintf(v.note, sizeof(v.note), "%s", note);
    return history_add(b->folder, &v, text_of(text));
}

static void look(struct bench *b)
{
    free(b->list);
    assert_int_equal(history_list(b->folder, &b->list, &b->n), 0);
}

static void append(struct bench *b, const char *name, const char *bytes)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", b->folder, name);
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    fputs(bytes, f);
    fclose(f);
}

static void versions_come_back_as_they_were(void **state)
{
    struct bench *b = *state;
    char *text;
    size_t n;
    assert_int_equal(history_open(folder_file(&b->f, "new")), 0);
    assert_int_equal(rmdir(folder_file(&b->f, "new")), 0);
    look(b);
    assert_int_equal(b->n, 0);
    assert_int_equal(add(b, "annuaire", "why\tnot\nso", "one"), 0);
    assert_int_equal(add(b, "reglages", "", "two"), 0);
    assert_int_equal(add(b, "annuaire", "", "one"), 0); /* the same text, once on the disk */
    look(b);
    assert_int_equal(b->n, 3);
    assert_int_equal(b->list[2].number, 3);
    assert_string_equal(b->list[0].note, "why not so");
    assert_int_equal(b->list[0].by_id, 0xabc);
    assert_string_equal(b->list[0].hash, b->list[2].hash);
    assert_int_equal(history_text(b->folder, b->list[1].hash, &text, &n), 0);
    assert_string_equal(text, "two");
    free(text);
}

/* Numbers go on without a gap behind a line that a death cut short. */
static void a_line_that_was_cut_short_is_none(void **state)
{
    struct bench *b = *state;
    assert_int_equal(add(b, "annuaire", "", "one"), 0);
    append(b, "index", "2\t170000");
    look(b);
    assert_int_equal(b->n, 1);
    assert_int_equal(add(b, "annuaire", "", "two"), 0);
    look(b);
    assert_int_equal(b->n, 2);
    assert_int_equal(b->list[1].number, 2);
}

static void what_was_tampered_with_is_told(void **state)
{
    struct bench *b = *state;
    char *text;
    size_t n;
    assert_int_equal(add(b, "annuaire", "", "one"), 0);
    look(b);
    append(b, b->list[0].hash, "!");
    assert_int_equal(history_text(b->folder, b->list[0].hash, &text, &n), EIO);
    append(b, "index", "7\t0\t0000000000000000\tzz\tx\t\n");
    free(b->list);
    b->list = NULL;
    assert_int_equal(history_list(b->folder, &b->list, &b->n), EINVAL);
    assert_int_equal(b->n, 1); /* those before it are there */
    assert_int_equal(add(b, "annuaire", "", "two"), EINVAL);
}

static void bounds_hold(void **state)
{
    struct bench *b = *state;
    struct history_version v = {.file = "annuaire"};
    char *large = calloc(1, HISTORY_TEXT_MAX + 1), path[128];
    assert_int_equal(history_add(b->folder, &v, (struct text){large, HISTORY_TEXT_MAX + 1}), EFBIG);
    assert_int_equal(history_add(b->folder, &v, (struct text){large, HISTORY_TEXT_MAX}), 0);
    free(large);
    snprintf(path, sizeof(path), "%s/index", b->folder);
    FILE *f = fopen(path, "a");
    for (unsigned i = 2; i < HISTORY_VERSIONS_MAX; i++)
        fprintf(f, "%u\t1\t%016x\t%s\tannuaire\t\n", i, 1, v.hash);
    fclose(f);
    assert_int_equal(history_add(b->folder, &v, TEXT("the last")), 0);
    assert_int_equal(v.number, HISTORY_VERSIONS_MAX);
    assert_int_equal(history_add(b->folder, &v, TEXT("one more")), ENOSPC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(versions_come_back_as_they_were, set_up, drop),
        cmocka_unit_test_setup_teardown(a_line_that_was_cut_short_is_none, set_up, drop),
        cmocka_unit_test_setup_teardown(what_was_tampered_with_is_told, set_up, drop),
        cmocka_unit_test_setup_teardown(bounds_hold, set_up, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
