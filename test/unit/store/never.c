/* never.c — tests of store/never.h: numbers that are never called, under a key of its own file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "os/file.h"
#include "store/pending.h"
#include "store/person.h"
#include "test/support/folder.h"

#define SOMEBODY UINT64_C(33536491234)
#define OTHER UINT64_C(33536491235)

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
    struct store_never_key key;
};

static void begin(struct fixture *f, const char *name)
{
    if (!f->sql.path)
        folder_open(&f->folder);
    f->sql = (struct sql_args){.path = folder_file(&f->folder, name)};
    f->port = store_person_port(&f->person);
    assert_int_equal(sql_open(&f->db, &f->sql), 0);
    assert_int_equal(f->port.attach(f->port.arg, f->db), 0);
}

static void close_it(struct fixture *f)
{
    f->port.detach(f->port.arg);
    sql_drop(f->db);
}

static void put(struct fixture *f, uint64_t e164, bool is_gone)
{
    struct journal_row row = {.kind = JOURNAL_ROW_NEVER};
    store_never_hash(row.never.hash, &f->key, e164);
    row.never.mark = store_never_mark(&f->key);
    row.never.at = 1794819600000;
    row.never.is_gone = is_gone;
    assert_int_equal(f->port.row_put(f->port.arg, &row), 0);
}

static uint64_t count(struct fixture *f)
{
    struct store_never_reading r = {.fn = NULL};
    assert_int_equal(store_never_read(&r, &f->sql), 0);
    return r.n;
}

static enum store_never_state judge(struct fixture *f)
{
    enum store_never_state state;
    struct store_never_key key;
    assert_int_equal(store_never_judge(&state, &key, f->sql.path), 0);
    return state;
}

static const char *key_path(const struct fixture *f)
{
    static char path[OS_PATH_MAX];
    assert_int_equal(os_path_join(path, f->sql.path, STORE_NEVER_SUFFIX), 0);
    return path;
}

/* Computed by Python's hmac module. */
static void the_hash_is_hmac_sha_256_of_the_number_as_it_is_written(void **state)
{
    (void)state;
    struct store_never_key key;
    uint8_t hash[NEVER_HASH_BYTES];
    char hex[2 * NEVER_HASH_BYTES + 1];
    memset(key.bytes, 0x0b, sizeof(key.bytes));
    store_never_hash(hash, &key, SOMEBODY);
    for (unsigned i = 0; i < sizeof(hash); i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    assert_string_equal(hex, "6d8047b51d9c8309ee4f5a52ad96de729812829520f821e797f17105274c6f7b");
}

static void a_number_is_listed_until_it_is_taken_off(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct store_pending pending;
    bool is_listed;
    uint64_t n;
    begin(&f, "a.db");
    assert_int_equal(store_never_key_make(&f.key, f.sql.path), 0);
    assert_int_equal(judge(&f), STORE_NEVER_EMPTY);
    put(&f, SOMEBODY, false);
    put(&f, SOMEBODY, false); /* twice is as good as once */
    assert_int_equal(count(&f), 1);
    assert_int_equal(judge(&f), STORE_NEVER_WELL);
    assert_int_equal(store_pending_open(&pending, &f.sql, &f.key), 0);
    const struct numbers_port port = store_pending_port(&pending);
    assert_int_equal(port.never(port.arg, SOMEBODY, &is_listed, &n), 0);
    assert_true(is_listed && n == 1);
    assert_int_equal(port.never(port.arg, OTHER, &is_listed, &n), 0);
    assert_true(!is_listed && n == 1);
    put(&f, SOMEBODY, true);
    assert_int_equal(port.never(port.arg, SOMEBODY, &is_listed, &n), 0);
    assert_true(!is_listed && n == 0);
    store_pending_drop(&pending);
    close_it(&f);
}

static void the_key_is_made_once_for_its_owner_alone(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct store_never_key again;
    struct stat st;
    begin(&f, "a.db");
    assert_int_equal(store_never_key_read(&again, f.sql.path), ENOENT);
    assert_int_equal(store_never_key_make(&f.key, f.sql.path), 0);
    assert_int_equal(stat(key_path(&f), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(store_never_key_make(&again, f.sql.path), EEXIST);
    assert_int_equal(store_never_key_read(&again, f.sql.path), 0);
    assert_memory_equal(again.bytes, f.key.bytes, sizeof(again.bytes));
    assert_int_equal(os_file_write(key_path(&f), again.bytes, STORE_NEVER_KEY_BYTES - 1), 0);
    assert_int_equal(store_never_key_read(&again, f.sql.path), EBADMSG);
    close_it(&f);
}

static void a_lost_key_and_that_of_others_are_noticed(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct store_never_key other;
    begin(&f, "a.db");
    assert_int_equal(store_never_key_make(&f.key, f.sql.path), 0);
    put(&f, SOMEBODY, false);
    assert_int_equal(os_file_unlink(key_path(&f)), 0);
    assert_int_equal(judge(&f), STORE_NEVER_LOST);
    assert_int_equal(store_never_key_make(&other, f.sql.path), 0);
    assert_int_equal(judge(&f), STORE_NEVER_OTHER);
    close_it(&f);
}

static void the_key_goes_with_a_copy_and_never_over_another(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct store_never_key copy, other;
    begin(&f, "a.db");
    char b[OS_PATH_MAX], c[OS_PATH_MAX];
    snprintf(b, sizeof(b), "%s", folder_file(&f.folder, "b.db"));
    snprintf(c, sizeof(c), "%s", folder_file(&f.folder, "c.db"));
    assert_int_equal(store_never_key_copy(b, f.sql.path), 0); /* there is none */
    assert_int_equal(store_never_key_read(&copy, b), ENOENT);
    assert_int_equal(store_never_key_make(&f.key, f.sql.path), 0);
    assert_int_equal(store_never_key_copy(b, f.sql.path), 0);
    assert_int_equal(store_never_key_copy(b, f.sql.path), 0); /* it is the same */
    assert_int_equal(store_never_key_read(&copy, b), 0);
    assert_memory_equal(copy.bytes, f.key.bytes, sizeof(copy.bytes));
    assert_int_equal(store_never_key_make(&other, c), 0);
    assert_int_equal(store_never_key_copy(c, f.sql.path), EEXIST);
    close_it(&f);
}

static void what_is_listed_is_carried_out_of_a_database_that_is_set_aside(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL}, to = {.db = NULL};
    int64_t n;
    begin(&f, "a.db");
    assert_int_equal(store_never_key_make(&f.key, f.sql.path), 0);
    put(&f, SOMEBODY, false);
    put(&f, OTHER, false);
    close_it(&f);
    begin(&to, "b.db");
    assert_int_equal(to.port.salvage(to.port.arg, f.sql.path, &n), 0);
    assert_int_equal(count(&to), 2);
    assert_int_equal(judge(&to), STORE_NEVER_LOST); /* its key stands beside the name of before */
    assert_int_equal(store_never_key_copy(to.sql.path, f.sql.path), 0);
    assert_int_equal(judge(&to), STORE_NEVER_WELL);
    close_it(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_hmac_sha_256_of_the_number_as_it_is_written),
        cmocka_unit_test(a_number_is_listed_until_it_is_taken_off),
        cmocka_unit_test(the_key_is_made_once_for_its_owner_alone),
        cmocka_unit_test(a_lost_key_and_that_of_others_are_noticed),
        cmocka_unit_test(the_key_goes_with_a_copy_and_never_over_another),
        cmocka_unit_test(what_is_listed_is_carried_out_of_a_database_that_is_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
