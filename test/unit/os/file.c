/* file.c — tests of os/file.h. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "os/file.h"
#include "test/support/folder.h"

static void one_lock_is_held_once(void **state)
{
    (void)state;
    struct folder f;
    int a = -1, b = -1;
    folder_open(&f);
    const char *path = folder_file(&f, "lock");
    assert_int_equal(os_lock_open(&a, path), 0);
    assert_int_equal(os_lock_open(&b, path), EBUSY);
    assert_int_equal(b, -1);
    os_lock_drop(&a);
    assert_int_equal(os_lock_open(&b, path), 0);
    os_lock_drop(&b);
    folder_drop(&f);
}

static void a_small_file_is_replaced_whole(void **state)
{
    (void)state;
    struct folder f;
    char got[16] = "";
    size_t n = 0;
    folder_open(&f);
    const char *path = folder_file(&f, "small");
    assert_int_equal(os_file_write(path, "long text", 9), 0);
    assert_int_equal(os_file_write(path, "short", 5), 0);
    assert_int_equal(os_file_read(path, got, sizeof(got), &n), 0);
    assert_int_equal(n, 5);
    assert_memory_equal(got, "short", 5);
    assert_int_equal(folder_count(&f, "small"), 1);
    folder_drop(&f);
}

static void reading_stops_at_the_room_given(void **state)
{
    (void)state;
    struct folder f;
    char got[4];
    size_t n = 0;
    folder_open(&f);
    const char *path = folder_file(&f, "small");
    assert_int_equal(os_file_write(path, "12345678", 8), 0);
    assert_int_equal(os_file_read(path, got, sizeof(got), &n), 0);
    assert_int_equal(n, 4);
    assert_int_equal(os_file_read(folder_file(&f, "none"), got, sizeof(got), &n), ENOENT);
    assert_int_equal(n, 0);
    folder_drop(&f);
}

static void a_second_name_never_replaces_and_unlinking_twice_is_fine(void **state)
{
    (void)state;
    struct folder f;
    folder_open(&f);
    const char *a = folder_file(&f, "a"), *b = folder_file(&f, "b");
    assert_int_equal(os_file_create(a, 0600), 0);
    assert_int_equal(os_file_create(a, 0600), EEXIST);
    assert_int_equal(os_file_link(a, b), 0);
    assert_int_equal(os_file_link(a, b), EEXIST);
    assert_int_equal(os_file_unlink(a), 0);
    assert_int_equal(os_file_unlink(a), 0);
    assert_false(os_file_exists(a));
    assert_true(os_file_exists(b));
    assert_int_equal(os_file_sync(b), 0);
    assert_int_equal(os_file_sync_folder(b), 0);
    folder_drop(&f);
}

static void a_path_past_the_bound_is_refused(void **state)
{
    (void)state;
    char to[OS_PATH_MAX], path[OS_PATH_MAX];
    memset(path, 'x', sizeof(path));
    path[OS_PATH_MAX - 1] = '\0';
    assert_int_equal(os_path_join(to, path, ""), 0);
    assert_int_equal(os_path_join(to, path, "y"), ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_lock_is_held_once),
        cmocka_unit_test(a_small_file_is_replaced_whole),
        cmocka_unit_test(reading_stops_at_the_room_given),
        cmocka_unit_test(a_second_name_never_replaces_and_unlinking_twice_is_fine),
        cmocka_unit_test(a_path_past_the_bound_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
