/* reference.c — tests of store/reference.h: references of a line count for seven days, and go with
 * their person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "os/clock.h"
#include "store/person.h"
#include "test/support/folder.h"

#define PERSON UINT64_C(0xfedcba9876543210)

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
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

static ms_t wall_at(void)
{
    return os_clock_wall_at();
}

static void put(struct fixture *f, uint64_t person_id, uint64_t contact_id, ms_t at)
{
    const struct journal_row row = {.kind = JOURNAL_ROW_REFERENCE,
                                    .person_id = person_id,
                                    .reference = {.contact_id = contact_id, .at = at}};
    assert_int_equal(f->port.row_put(f->port.arg, &row), 0);
}

static uint32_t count(const struct fixture *f, uint64_t person_id)
{
    struct store_reader r;
    uint32_t n = 99;
    assert_int_equal(store_reader_open(&r, &f->sql), 0);
    assert_int_equal(store_person_references(&n, &r, person_id), 0);
    store_reader_drop(&r);
    return n;
}

static void each_reference_counts_once_for_its_own_line(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    begin(&f, "x.db");
    assert_int_equal(count(&f, PERSON), 0);
    put(&f, PERSON, 1, wall_at());
    put(&f, PERSON, 2, wall_at());
    put(&f, PERSON, 2, wall_at()); /* twice is as good as once */
    put(&f, PERSON + 1, 3, wall_at());
    assert_int_equal(count(&f, PERSON), 2);
    assert_int_equal(count(&f, PERSON + 1), 1);
    close_it(&f);
    folder_drop(&f.folder);
}

static void it_counts_for_seven_days_and_is_then_erased(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    const ms_t minute = 60000;
    begin(&f, "x.db");
    put(&f, PERSON, 1, wall_at() - STORE_REFERENCE_MS - minute);
    assert_int_equal(count(&f, PERSON), 0);
    put(&f, PERSON, 2, wall_at() - STORE_REFERENCE_MS + minute);
    assert_int_equal(count(&f, PERSON), 1);
    put(&f, PERSON + 1, 3, wall_at()); /* by anybody's next one */
    put(&f, PERSON + 1, 4, wall_at() + 2 * minute);
    assert_int_equal(count(&f, PERSON), 0);
    close_it(&f);
    folder_drop(&f.folder);
}

static void it_goes_with_its_person(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    const struct journal_row erased = {.kind = JOURNAL_ROW_PERSON, .person_id = PERSON};
    begin(&f, "x.db");
    put(&f, PERSON, 1, wall_at());
    put(&f, PERSON + 1, 2, wall_at());
    assert_int_equal(f.port.row_put(f.port.arg, &erased), 0);
    assert_int_equal(count(&f, PERSON), 0);
    assert_int_equal(count(&f, PERSON + 1), 1);
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_database_that_is_set_aside_gives_them_on(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    int64_t copied_n;
    begin(&f, "old.db");
    put(&f, PERSON, 1, wall_at());
    put(&f, PERSON, 2, wall_at());
    close_it(&f);
    begin(&f, "new.db");
    assert_int_equal(f.port.salvage(f.port.arg, folder_file(&f.folder, "old.db"), &copied_n), 0);
    assert_int_equal(count(&f, PERSON), 2);
    close_it(&f);
    folder_drop(&f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reference_counts_once_for_its_own_line),
        cmocka_unit_test(it_counts_for_seven_days_and_is_then_erased),
        cmocka_unit_test(it_goes_with_its_person),
        cmocka_unit_test(a_database_that_is_set_aside_gives_them_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
