/* file.c — tests of os/file.h. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

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

/* A link stays one, and whoever could read the file may do so still. */
static void what_is_replaced_keeps_its_place_and_mode(void **state)
{
    (void)state;
    struct folder f;
    struct stat st;
    char got[16] = "", real[OS_PATH_MAX];
    size_t n = 0;
    folder_open(&f);
    snprintf(real, sizeof(real), "%s", folder_file(&f, "real"));
    assert_int_equal(os_file_replace(real, "x", 1), ENOENT);
    assert_int_equal(os_file_write(real, "old", 3), 0);
    assert_int_equal(chmod(real, 0640), 0);
    const char *link = folder_file(&f, "link");
    assert_int_equal(symlink(real, link), 0);
    assert_int_equal(os_file_replace(link, "new", 3), 0);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(real, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(os_file_read(real, got, sizeof(got), &n), 0);
    assert_string_equal(got, "new");
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
        cmocka_unit_test(what_is_replaced_keeps_its_place_and_mode),
        cmocka_unit_test(reading_stops_at_the_room_given),
        cmocka_unit_test(a_second_name_never_replaces_and_unlinking_twice_is_fine),
        cmocka_unit_test(a_path_past_the_bound_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
