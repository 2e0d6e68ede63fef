/* starts.c — tests of the count of crashes in journal/aside.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/aside.h"
#include "test/support/folder.h"

#define NOON_AT ((ms_t)1738324800000)
#define SECOND_MS ((ms_t)1000)

struct fixture {
    struct folder folder;
    const char *path;
};

static void begin(struct fixture *f)
{
    folder_open(&f->folder);
    f->path = folder_file(&f->folder, "j.db");
}

static unsigned start(struct fixture *f, ms_t at)
{
    unsigned n = 99;
    assert_int_equal(journal_starts_begin(&n, f->path, at), 0);
    return n;
}

static void the_first_start_has_no_crash_before_it(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(start(&f, NOON_AT), 0);
    folder_drop(&f.folder);
}

static void three_crashes_within_a_minute_are_three(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(start(&f, NOON_AT + i * 20 * SECOND_MS), i);
    folder_drop(&f.folder);
}

static void a_long_run_that_crashes_counts_when_it_crashed(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    start(&f, NOON_AT - 3600 * SECOND_MS);
    start(&f, NOON_AT);
    start(&f, NOON_AT + 5 * SECOND_MS);
    assert_int_equal(start(&f, NOON_AT + 10 * SECOND_MS), 3);
    folder_drop(&f.folder);
}

static void crashes_past_the_minute_are_forgotten(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    start(&f, NOON_AT);
    start(&f, NOON_AT + 1);
    assert_int_equal(start(&f, NOON_AT + 1 + JOURNAL_CRASHES_MS), 2);
    assert_int_equal(start(&f, NOON_AT + 2 + 2 * JOURNAL_CRASHES_MS), 1);
    folder_drop(&f.folder);
}

static void an_orderly_end_is_no_crash(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(start(&f, NOON_AT + i), 0);
        assert_int_equal(journal_starts_end(f.path, NOON_AT + i), 0);
    }
    folder_drop(&f.folder);
}

static void very_many_crashes_fit_into_the_file(void **state)
{
    (void)state;
    struct fixture f;
    char text[4096];
    size_t n = 0;
    begin(&f);
    for (unsigned i = 0; i < 100; i++)
        start(&f, NOON_AT + i);
    assert_true(start(&f, NOON_AT + 100) >= JOURNAL_CRASHES_MAX);
    assert_int_equal(os_file_read(folder_file(&f.folder, "j.db.starts"), text, sizeof(text), &n),
                     0);
    assert_in_range(n, 1, 400);
    folder_drop(&f.folder);
}

static void any_content_is_read_as_no_crash_at_worst(void **state)
{
    (void)state;
    static const char *const contents[] = {
        "",
        "s",
        "s ",
        "x 1\n",
        "s 99999999999999999999999\n",
        "s -5\n",
        "s 17 \n",
        "s 1738324800000",
        "s 1738324800000\ns 1738324800000\nrest",
    };
    for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
        struct fixture f;
        begin(&f);
        assert_int_equal(
            os_file_write(folder_file(&f.folder, "j.db.starts"), contents[i], strlen(contents[i])),
            0);
        assert_int_equal(start(&f, NOON_AT), 0);
        assert_int_equal(start(&f, NOON_AT), 1);
        folder_drop(&f.folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_start_has_no_crash_before_it),
        cmocka_unit_test(three_crashes_within_a_minute_are_three),
        cmocka_unit_test(a_long_run_that_crashes_counts_when_it_crashed),
        cmocka_unit_test(crashes_past_the_minute_are_forgotten),
        cmocka_unit_test(an_orderly_end_is_no_crash),
        cmocka_unit_test(very_many_crashes_fit_into_the_file),
        cmocka_unit_test(any_content_is_read_as_no_crash_at_worst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
