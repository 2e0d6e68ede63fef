/* aside.c — tests of journal/aside.h and journal/swap.h: the service always answers. */
#include <errno.h>

#include "journal/aside.h"
#include "journal/db.h"
#include "journal/swap.h"
#include "journal/verify.h"
#include "test/support/desk.h"

#define NOW_AT (EVENTS_BEGIN_AT + 86400000)

static int set_aside(struct desk *d, struct journal_aside *out)
{
    struct journal_aside_args args = {.path = d->path,
                                      .why = RESET_WHY_VERIFY_FAILED,
                                      .now_at = NOW_AT,
                                      .node = 1,
                                      .store = &d->store};
    return journal_set_aside(out, &args);
}

static struct journal_report verify(const char *path)
{
    struct journal_report r;
    struct sql_args args = {.path = path};
    journal_verify(&r, &args);
    return r;
}

static void the_new_journal_begins_with_the_reason_and_the_old_one_is_kept(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    assert_int_equal(set_aside(&d, &out), 0);
    assert_int_equal(out.last_good_id, 9);
    assert_int_equal(out.persons_n, 42);
    assert_non_null(strstr(out.name, ".aside-20250116T080000Z-verify_failed"));
    assert_int_equal(verify(out.name).last_id, 9);
    desk_open(&d);
    assert_int_equal(journal_epoch(d.journal), 3);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 1);
    desk_fill(&d, 5);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 6);
    desk_close(&d);
    assert_int_equal(verify(d.path).verdict, JOURNAL_SOUND);
    desk_end(&d);
}

static void the_chain_goes_on_from_the_last_good_batch(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    uint8_t before[JOURNAL_HASH_BYTES];
    struct journal_report r = verify(d.path);
    memcpy(before, r.hash, sizeof(before));
    assert_int_equal(set_aside(&d, &out), 0);
    sqlite3 *db = NULL;
    struct sql_args args = {.path = d.path, .is_read_only = true};
    struct journal_head origin;
    assert_int_equal(sql_open(&db, &args), 0);
    assert_int_equal(journal_origin_read(&origin, db), 0);
    assert_memory_equal(origin.hash, before, sizeof(before));
    sql_drop(db);
    desk_end(&d);
}

static void a_broken_journal_gives_its_last_good_event(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_append(&d, 3);
    desk_work(&d);
    desk_close(&d);
    desk_forge(&d, "UPDATE journal_batch SET body = zeroblob(length(body)) WHERE first_id = 10");
    assert_int_equal(set_aside(&d, &out), 0);
    assert_int_equal(out.last_good_id, 9);
    desk_end(&d);
}

static void a_file_of_junk_is_set_aside_too(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    desk_close(&d);
    assert_int_equal(os_file_write(d.path, "junk that is no database", 24), 0);
    assert_int_equal(set_aside(&d, &out), 0);
    assert_int_equal(out.last_good_id, 0);
    assert_true(os_file_exists(out.name));
    desk_open(&d);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 1);
    desk_end(&d);
}

static void without_a_file_a_new_journal_begins_all_the_same(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    desk_close(&d);
    assert_int_equal(os_file_unlink(d.path), 0);
    assert_int_equal(set_aside(&d, &out), 0);
    assert_string_equal(out.name, "");
    desk_open(&d);
    assert_int_equal(d.next_id, 2);
    desk_end(&d);
}

static void a_running_service_is_not_robbed(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    assert_int_equal(set_aside(&d, &out), EBUSY);
    desk_fill(&d, 3);
    desk_end(&d);
}

static void many_in_one_second_have_names_of_their_own(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    desk_close(&d);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(set_aside(&d, &out), 0);
        assert_true(os_file_exists(out.name));
    }
    assert_non_null(strstr(out.name, "verify_failed-4"));
    desk_end(&d);
}

/* A copy of the file as a killed process leaves it: with its WAL. */
static void copy_file(const char *from, const char *to)
{
    static uint8_t bytes[1 << 20];
    size_t n = 0;
    assert_int_equal(os_file_read(from, bytes, sizeof(bytes), &n), 0);
    assert_int_equal(os_file_write(to, bytes, n), 0);
}

static void what_was_only_in_the_wal_goes_aside_with_its_database(void **state)
{
    (void)state;
    struct desk d;
    struct journal_aside out;
    desk_begin(&d);
    desk_fill(&d, 9);
    copy_file(d.path, folder_file(&d.folder, "killed.db"));
    char wal[FOLDER_PATH_MAX + 8];
    snprintf(wal, sizeof(wal), "%s-wal", d.path);
    copy_file(wal, folder_file(&d.folder, "killed.db-wal"));
    desk_close(&d);
    struct journal_aside_args args = {
        .path = folder_file(&d.folder, "killed.db"), .why = RESET_WHY_CRASH_LOOP, .now_at = NOW_AT};
    assert_int_equal(journal_set_aside(&out, &args), 0);
    assert_int_equal(out.last_good_id, 9);
    assert_int_equal(verify(out.name).last_id, 9);
    assert_int_equal(verify(args.path).last_id, 1);
    desk_end(&d);
}

/* ---- a crash inside the swap ---- */

struct swap_paths {
    char part[OS_PATH_MAX], new[OS_PATH_MAX], aside[OS_PATH_MAX];
};

static void name_all(struct swap_paths *p, const char *path)
{
    assert_int_equal(os_path_join(p->part, path, ".part"), 0);
    assert_int_equal(os_path_join(p->new, path, ".new"), 0);
    assert_int_equal(os_path_join(p->aside, path, ".aside-x"), 0);
}

static void a_crash_before_the_old_name_goes_leaves_the_old_journal(void **state)
{
    (void)state;
    struct desk d;
    struct swap_paths p;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    name_all(&p, d.path);
    assert_int_equal(os_file_write(p.part, "half", 4), 0);
    assert_int_equal(os_file_write(p.new, "complete, but not yet in place", 30), 0);
    assert_int_equal(os_file_link(d.path, p.aside), 0);
    desk_open(&d);
    assert_int_equal(d.next_id, 10);
    assert_false(os_file_exists(p.new));
    desk_end(&d);
}

static void a_crash_after_the_old_name_went_ends_with_the_new_journal(void **state)
{
    (void)state;
    struct desk d;
    struct swap_paths p;
    struct journal_aside out;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    assert_int_equal(set_aside(&d, &out), 0);
    name_all(&p, d.path);
    assert_int_equal(os_file_rename(d.path, p.new), 0);
    char wal[FOLDER_PATH_MAX + 8];
    snprintf(wal, sizeof(wal), "%s-wal", d.path);
    assert_int_equal(os_file_write(wal, "the WAL of the old database", 27), 0);
    desk_open(&d);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 1);
    desk_end(&d);
}

static void a_half_made_file_never_takes_the_place(void **state)
{
    (void)state;
    struct desk d;
    struct swap_paths p;
    desk_begin(&d);
    desk_close(&d);
    name_all(&p, d.path);
    assert_int_equal(os_file_unlink(d.path), 0);
    assert_int_equal(os_file_write(p.part, "half", 4), 0);
    desk_open(&d);
    assert_int_equal(d.next_id, 1);
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_new_journal_begins_with_the_reason_and_the_old_one_is_kept),
        cmocka_unit_test(the_chain_goes_on_from_the_last_good_batch),
        cmocka_unit_test(a_broken_journal_gives_its_last_good_event),
        cmocka_unit_test(a_file_of_junk_is_set_aside_too),
        cmocka_unit_test(without_a_file_a_new_journal_begins_all_the_same),
        cmocka_unit_test(a_running_service_is_not_robbed),
        cmocka_unit_test(many_in_one_second_have_names_of_their_own),
        cmocka_unit_test(what_was_only_in_the_wal_goes_aside_with_its_database),
        cmocka_unit_test(a_crash_before_the_old_name_goes_leaves_the_old_journal),
        cmocka_unit_test(a_crash_after_the_old_name_went_ends_with_the_new_journal),
        cmocka_unit_test(a_half_made_file_never_takes_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
