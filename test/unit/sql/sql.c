/* sql.c — tests of sql/sql.h. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "os/file.h"
#include "sql/sql.h"
#include "test/support/folder.h"

static const char *const one_script[] = {"CREATE TABLE a(x INTEGER);"};
static const char *const two_scripts[] = {"CREATE TABLE a(x INTEGER);", "INSERT INTO a VALUES(7);"};
static const char *const bad_scripts[] = {"CREATE TABLE a(x INTEGER);", "CREATE NONSENSE;"};

struct fixture {
    struct folder folder;
    const char *path;
    sqlite3 *db;
};

static void begin(struct fixture *f)
{
    folder_open(&f->folder);
    f->path = folder_file(&f->folder, "x.db");
    struct sql_args args = {.path = f->path};
    assert_int_equal(sql_open(&f->db, &args), 0);
}

static void end(struct fixture *f)
{
    sql_drop(f->db);
    folder_drop(&f->folder);
}

static void a_new_database_is_private_and_survives_power_cuts(void **state)
{
    (void)state;
    struct fixture f;
    struct stat st;
    int64_t v = 0;
    begin(&f);
    assert_int_equal(stat(f.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(sql_number(&v, f.db, "PRAGMA synchronous"), 0);
    assert_int_equal(v, 2);
    end(&f);
}

static void scripts_run_once_and_later_ones_are_added(void **state)
{
    (void)state;
    struct fixture f;
    struct sql_part one = {"part", one_script, 1}, two = {"part", two_scripts, 2};
    int64_t v = 0;
    begin(&f);
    assert_int_equal(sql_migrate(f.db, &one), 0);
    assert_int_equal(sql_migrate(f.db, &one), 0);
    assert_int_equal(sql_migrate(f.db, &two), 0);
    assert_int_equal(sql_number(&v, f.db, "SELECT x FROM a"), 0);
    assert_int_equal(v, 7);
    end(&f);
}

static void tables_of_a_later_version_are_not_touched(void **state)
{
    (void)state;
    struct fixture f;
    struct sql_part one = {"part", one_script, 1}, two = {"part", two_scripts, 2};
    begin(&f);
    assert_int_equal(sql_migrate(f.db, &two), 0);
    assert_int_equal(sql_migrate(f.db, &one), ENOTSUP);
    end(&f);
}

static void a_script_that_fails_leaves_nothing_behind(void **state)
{
    (void)state;
    struct fixture f;
    struct sql_part bad = {"part", bad_scripts, 2};
    int64_t v = 0;
    begin(&f);
    assert_int_equal(sql_migrate(f.db, &bad), EBADMSG);
    assert_int_equal(sql_number(&v, f.db, "SELECT count(*) FROM sqlite_schema"), 0);
    assert_int_equal(v, 0);
    end(&f);
}

static void a_file_that_is_no_database_is_named_damaged(void **state)
{
    (void)state;
    struct folder folder;
    sqlite3 *db = NULL;
    folder_open(&folder);
    const char *path = folder_file(&folder, "x.db");
    char junk[4096];
    memset(junk, 'j', sizeof(junk));
    assert_int_equal(os_file_write(path, junk, sizeof(junk)), 0);
    struct sql_args args = {.path = path};
    assert_int_equal(sql_open(&db, &args), EBADMSG);
    assert_null(db);
    folder_drop(&folder);
}

static void a_missing_file_or_folder_is_said_so(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    struct folder folder;
    folder_open(&folder);
    struct sql_args args = {.path = folder_file(&folder, "none.db"), .is_read_only = true};
    assert_int_equal(sql_open(&db, &args), ENOENT);
    args = (struct sql_args){.path = "/nonexistent-folder/x.db"};
    assert_int_equal(sql_open(&db, &args), ENOENT);
    folder_drop(&folder);
}

static void a_copy_holds_what_was_committed_beside_a_writer(void **state)
{
    (void)state;
    struct fixture f;
    struct sql_part two = {"part", two_scripts, 2};
    begin(&f);
    assert_int_equal(sql_migrate(f.db, &two), 0);
    assert_int_equal(sql_run(f.db, "BEGIN IMMEDIATE; INSERT INTO a VALUES(8)"), 0);
    const char *to = folder_file(&f.folder, "copy.db");
    struct sql_args from = {.path = f.path};
    assert_int_equal(sql_copy(to, &from), 0);
    assert_int_equal(sql_copy(to, &from), EEXIST);
    assert_int_equal(sql_run(f.db, "COMMIT"), 0);
    sqlite3 *copy = NULL;
    int64_t n = 0;
    struct sql_args args = {.path = to, .is_read_only = true};
    assert_int_equal(sql_open(&copy, &args), 0);
    assert_int_equal(sql_number(&n, copy, "SELECT count(*) FROM a"), 0);
    assert_int_equal(n, 1);
    sql_drop(copy);
    assert_int_equal(folder_count(&f.folder, "copy.db"), 1);
    end(&f);
}

static void ids_keep_all_their_bits(void **state)
{
    (void)state;
    struct fixture f;
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    begin(&f);
    assert_int_equal(sql_prepare(&st, f.db, "SELECT ?1"), 0);
    assert_int_equal(sql_bind_u64(st, 1, UINT64_MAX - 1), SQLITE_OK);
    assert_int_equal(sql_step(st, &is_row), 0);
    assert_true(sql_column_u64(st, 0) == UINT64_MAX - 1);
    sqlite3_finalize(st);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_database_is_private_and_survives_power_cuts),
        cmocka_unit_test(scripts_run_once_and_later_ones_are_added),
        cmocka_unit_test(tables_of_a_later_version_are_not_touched),
        cmocka_unit_test(a_script_that_fails_leaves_nothing_behind),
        cmocka_unit_test(a_file_that_is_no_database_is_named_damaged),
        cmocka_unit_test(a_missing_file_or_folder_is_said_so),
        cmocka_unit_test(a_copy_holds_what_was_committed_beside_a_writer),
        cmocka_unit_test(ids_keep_all_their_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
