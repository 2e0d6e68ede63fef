/* backup.c — tests of journal/backup.h. */
#include <errno.h>
#include <sys/stat.h>

#include "journal/backup.h"
#include "test/support/desk.h"

static void a_backup_beside_the_service_is_sound_and_private(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    struct stat st;
    desk_begin(&d);
    desk_fill(&d, 30);
    const char *copy = folder_file(&d.folder, "copy.db");
    assert_int_equal(journal_backup(&r, d.path, copy), 0);
    assert_int_equal(r.verdict, JOURNAL_SOUND);
    assert_int_equal(r.last_id, 30);
    assert_int_equal(stat(copy, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(folder_count(&d.folder, "copy.db"), 1);
    desk_fill(&d, 3);
    desk_end(&d);
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    char text[8] = "";
    size_t n = 0;
    desk_begin(&d);
    const char *copy = folder_file(&d.folder, "copy.db");
    assert_int_equal(os_file_write(copy, "mine", 4), 0);
    assert_int_equal(journal_backup(&r, d.path, copy), EEXIST);
    assert_int_equal(os_file_read(copy, text, sizeof(text), &n), 0);
    assert_string_equal(text, "mine");
    assert_int_equal(journal_backup(&r, folder_file(&d.folder, "none"), "x"), ENOENT);
    desk_end(&d);
}

static void a_broken_journal_gives_no_backup(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    desk_forge(&d, "UPDATE journal_batch SET at = 0");
    assert_int_equal(journal_backup(&r, d.path, folder_file(&d.folder, "copy.db")), EBADMSG);
    assert_int_equal(r.verdict, JOURNAL_BROKEN);
    assert_int_equal(folder_count(&d.folder, "copy.db"), 0);
    desk_end(&d);
}

static void a_restored_backup_goes_on_and_the_present_is_kept(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    char aside[OS_PATH_MAX];
    desk_begin(&d);
    desk_fill(&d, 30);
    const char *copy = folder_file(&d.folder, "copy.db");
    assert_int_equal(journal_backup(&r, d.path, copy), 0);
    desk_fill(&d, 12);
    desk_close(&d);
    struct journal_restore_args args = {copy, d.path, EVENTS_BEGIN_AT};
    assert_int_equal(journal_restore(&r, aside, &args), 0);
    assert_int_equal(r.last_id, 30);
    struct sql_args before = {.path = aside};
    journal_verify(&r, &before);
    assert_int_equal(r.last_id, 42);
    desk_open(&d);
    assert_int_equal(d.next_id, 31);
    desk_fill(&d, 3);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 33);
    desk_end(&d);
}

static void a_running_service_is_not_replaced(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    char aside[OS_PATH_MAX];
    desk_begin(&d);
    desk_fill(&d, 3);
    const char *copy = folder_file(&d.folder, "copy.db");
    assert_int_equal(journal_backup(&r, d.path, copy), 0);
    struct journal_restore_args args = {copy, d.path, EVENTS_BEGIN_AT};
    assert_int_equal(journal_restore(&r, aside, &args), EBUSY);
    desk_fill(&d, 3);
    desk_end(&d);
}

static void a_broken_backup_changes_nothing(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    char aside[OS_PATH_MAX];
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    const char *copy = folder_file(&d.folder, "copy.db");
    assert_int_equal(os_file_write(copy, "no backup of anything", 21), 0);
    struct journal_restore_args args = {copy, d.path, EVENTS_BEGIN_AT};
    assert_int_equal(journal_restore(&r, aside, &args), EBADMSG);
    args.backup = folder_file(&d.folder, "none.db");
    assert_int_equal(journal_restore(&r, aside, &args), ENOENT);
    assert_string_equal(aside, "");
    desk_open(&d);
    assert_int_equal(d.next_id, 10);
    assert_int_equal(folder_count(&d.folder, ".part"), 0);
    desk_end(&d);
}

static void an_empty_place_takes_a_backup_too(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    char aside[OS_PATH_MAX];
    desk_begin(&d);
    desk_fill(&d, 6);
    const char *copy = folder_file(&d.folder, "copy.db");
    assert_int_equal(journal_backup(&r, d.path, copy), 0);
    desk_close(&d);
    assert_int_equal(os_file_unlink(d.path), 0);
    struct journal_restore_args args = {copy, d.path, EVENTS_BEGIN_AT};
    assert_int_equal(journal_restore(&r, aside, &args), 0);
    assert_string_equal(aside, "");
    desk_open(&d);
    assert_int_equal(d.next_id, 7);
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_beside_the_service_is_sound_and_private),
        cmocka_unit_test(nothing_is_overwritten),
        cmocka_unit_test(a_broken_journal_gives_no_backup),
        cmocka_unit_test(a_restored_backup_goes_on_and_the_present_is_kept),
        cmocka_unit_test(a_running_service_is_not_replaced),
        cmocka_unit_test(a_broken_backup_changes_nothing),
        cmocka_unit_test(an_empty_place_takes_a_backup_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
