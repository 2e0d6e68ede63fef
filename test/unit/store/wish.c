/* wish.c — tests of store/wish.h: whom we promised to call, beside the persons. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/person.h"
#include "test/support/folder.h"

#define LANDLINE UINT64_C(33536491234)
#define OURS UINT64_C(33536490010)

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
};

struct seen {
    struct journal_row rows[4];
    unsigned n;
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

static void put(struct fixture *f, uint64_t contact_id, uint64_t person_id, uint64_t e164)
{
    const struct journal_row row = {
        .kind = JOURNAL_ROW_WISH,
        .person_id = person_id,
        .wish = {.contact_id = contact_id, .e164 = e164, .shown_e164 = OURS, .is_gated = true}};
    assert_int_equal(f->port.row_put(f->port.arg, &row), 0);
}

static void see(const struct journal_row *row, void *arg)
{
    struct seen *seen = arg;
    assert_true(seen->n < ARRAY_LEN(seen->rows));
    seen->rows[seen->n++] = *row;
}

static struct seen read_all(const struct fixture *f)
{
    struct seen seen = {.n = 0};
    assert_int_equal(store_wish_read(&f->sql, see, &seen), 0);
    return seen;
}

static void what_is_put_is_read_again_and_goes_with_its_promise(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    begin(&f, "x.db");
    put(&f, 7, UINT64_MAX, LANDLINE);
    put(&f, 8, 0, LANDLINE + 1);
    put(&f, 7, UINT64_MAX, LANDLINE + 2); /* in place of the first */
    struct seen seen = read_all(&f);
    assert_int_equal(seen.n, 2);
    assert_true(seen.rows[0].wish.contact_id == 7 && seen.rows[0].person_id == UINT64_MAX);
    assert_true(seen.rows[0].wish.e164 == LANDLINE + 2 && seen.rows[0].wish.shown_e164 == OURS);
    assert_true(seen.rows[0].wish.is_gated);
    assert_true(seen.rows[1].person_id == 0 && seen.rows[1].wish.e164 == LANDLINE + 1);
    put(&f, 7, UINT64_MAX, 0);
    put(&f, 9, 1, 0); /* was never there */
    assert_int_equal(read_all(&f).n, 1);
    close_it(&f);
    folder_drop(&f.folder);
}

static void it_goes_with_its_person(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    const struct journal_row erased = {.kind = JOURNAL_ROW_PERSON, .person_id = 5};
    begin(&f, "x.db");
    put(&f, 7, 5, LANDLINE);
    put(&f, 8, 6, LANDLINE);
    assert_int_equal(f.port.row_put(f.port.arg, &erased), 0);
    struct seen seen = read_all(&f);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.rows[0].wish.contact_id, 8);
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_person_has_the_number_that_they_called_from(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct store_numbers numbers;
    uint64_t e164;
    const struct journal_row known = {.person_id = 5, .number = "+33536491234"};
    begin(&f, "x.db");
    assert_int_equal(f.port.row_put(f.port.arg, &known), 0);
    assert_int_equal(store_numbers_open(&numbers, &f.sql), 0);
    assert_int_equal(store_number_of(&e164, &numbers, 5), 0);
    assert_true(e164 == LANDLINE);
    assert_int_equal(store_number_of(&e164, &numbers, 6), ENOENT);
    store_numbers_drop(&numbers);
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_journal_that_begins_anew_takes_the_wishes(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    int64_t copied_n;
    begin(&f, "old.db");
    put(&f, 7, 5, LANDLINE);
    struct sql_args before = f.sql;
    close_it(&f);
    begin(&f, "new.db");
    assert_int_equal(f.port.salvage(f.port.arg, before.path, &copied_n), 0);
    assert_int_equal(read_all(&f).n, 1);
    close_it(&f);
    folder_drop(&f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_read_again_and_goes_with_its_promise),
        cmocka_unit_test(it_goes_with_its_person),
        cmocka_unit_test(a_person_has_the_number_that_they_called_from),
        cmocka_unit_test(a_journal_that_begins_anew_takes_the_wishes),
    };
    return cmocka_run_group_tests_name("store/wish", tests, NULL, NULL);
}
