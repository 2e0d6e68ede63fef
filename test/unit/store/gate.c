/* gate.c — tests of store/gate.h: the counts of the gate and their key, beside the persons. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/person.h"
#include "test/support/folder.h"

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
};

struct seen {
    struct journal_row rows[16];
    unsigned n;
    uint64_t k0, k1;
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

static void put(struct fixture *f, uint64_t key, int32_t day, uint32_t calls_n)
{
    const struct journal_row row = {
        .kind = JOURNAL_ROW_GATE,
        .gate = {.key = key, .day = day, .calls_n = calls_n, .cost = calls_n * 1000u, .scope = 5}};
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
    struct store_gate_reading r = {.fn = see, .arg = &seen};
    assert_int_equal(store_gate_read(&r, &f->sql), 0);
    seen.k0 = r.k0;
    seen.k1 = r.k1;
    return seen;
}

static void what_is_put_is_read_again_with_the_same_key(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    begin(&f, "x.db");
    put(&f, UINT64_MAX, 20000, 3);
    put(&f, 7, 20000, 1);
    put(&f, 7, 20001, 2); /* in place of the first */
    struct seen first = read_all(&f);
    close_it(&f);
    begin(&f, "x.db");
    struct seen second = read_all(&f);
    assert_int_equal(second.n, 2);
    assert_true(second.k0 == first.k0 && second.k1 == first.k1 && (second.k0 || second.k1));
    for (unsigned i = 0; i < 2; i++) {
        const struct journal_row *row = &second.rows[i];
        assert_int_equal(row->kind, JOURNAL_ROW_GATE);
        assert_int_equal(row->gate.scope, 5);
        assert_int_equal(row->gate.calls_n, row->gate.key == 7 ? 2 : 3);
        assert_int_equal(row->gate.day, row->gate.key == 7 ? 20001 : 20000);
        assert_int_equal(row->gate.cost, row->gate.calls_n * 1000);
    }
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_row_that_holds_nothing_goes_and_an_old_day_with_it(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    begin(&f, "x.db");
    struct journal_row row = {.kind = JOURNAL_ROW_GATE,
                              .gate = {.key = 9, .day = 20000, .open_n = 1, .scope = 5}};
    assert_int_equal(f.port.row_put(f.port.arg, &row), 0); /* open: outlives its day */
    row.gate.key = 10;
    row.gate.open_n = 0;
    row.gate.calls_n = 1;
    row.gate.scope = 6; /* dials of a wish: the same */
    assert_int_equal(f.port.row_put(f.port.arg, &row), 0);
    put(&f, 7, 20000, 1);
    put(&f, 8, 20001, 1);
    put(&f, 8, 20001, 0);
    assert_int_equal(read_all(&f).n, 3);
    put(&f, 0, 20001, 0); /* another day */
    assert_int_equal(read_all(&f).n, 2);
    put(&f, 0, 20000 + STORE_GATE_DAYS_MAX, 0);
    assert_int_equal(read_all(&f).n, 2);
    put(&f, 0, 20000 + STORE_GATE_DAYS_MAX + 1, 0);
    assert_int_equal(read_all(&f).n, 0);
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_journal_that_begins_anew_takes_the_counts_and_their_key(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    int64_t copied_n;
    begin(&f, "old.db");
    put(&f, 7, 20000, 3);
    struct seen old = read_all(&f);
    struct sql_args before = f.sql;
    close_it(&f);
    begin(&f, "new.db");
    assert_true(read_all(&f).k0 != old.k0);
    assert_int_equal(f.port.salvage(f.port.arg, before.path, &copied_n), 0);
    struct seen now = read_all(&f);
    assert_int_equal(now.n, 1);
    assert_true(now.k0 == old.k0 && now.k1 == old.k1 && now.rows[0].gate.calls_n == 3);
    close_it(&f);
    folder_drop(&f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_read_again_with_the_same_key),
        cmocka_unit_test(a_row_that_holds_nothing_goes_and_an_old_day_with_it),
        cmocka_unit_test(a_journal_that_begins_anew_takes_the_counts_and_their_key),
    };
    return cmocka_run_group_tests_name("store/gate", tests, NULL, NULL);
}
