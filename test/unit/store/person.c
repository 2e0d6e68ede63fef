/* person.c — tests of store/person.h. */
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
    struct store_reader reader;
};

static void begin(struct fixture *f)
{
    folder_open(&f->folder);
    f->sql = (struct sql_args){.path = folder_file(&f->folder, "x.db")};
    f->port = store_person_port(&f->person);
    assert_int_equal(sql_open(&f->db, &f->sql), 0);
    assert_int_equal(f->port.attach(f->port.arg, f->db), 0);
    assert_int_equal(store_reader_open(&f->reader, &f->sql), 0);
}

static void end(struct fixture *f)
{
    store_reader_drop(&f->reader);
    f->port.detach(f->port.arg);
    sql_drop(f->db);
    folder_drop(&f->folder);
}

static void put(struct fixture *f, uint64_t person_id, const char *number)
{
    struct journal_row row = {.person_id = person_id};
    snprintf(row.number, sizeof(row.number), "%s", number);
    assert_int_equal(f->port.row_put(f->port.arg, &row), 0);
}

static void a_number_leads_to_its_person(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t id = 0;
    begin(&f);
    put(&f, UINT64_MAX, "+33123456789");
    assert_int_equal(store_person_find(&id, &f.reader, "+33123456789"), 0);
    assert_true(id == UINT64_MAX);
    assert_int_equal(store_person_find(&id, &f.reader, "+33123456780"), ENOENT);
    end(&f);
}

static void the_first_person_of_a_number_stays(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t id = 0;
    begin(&f);
    put(&f, 5, "+33123456789");
    put(&f, 6, "+33123456789");
    put(&f, 5, "+33123456789");
    assert_int_equal(store_person_find(&id, &f.reader, "+33123456789"), 0);
    assert_int_equal(id, 5);
    end(&f);
}

static void erasing_a_person_takes_all_numbers_and_no_other(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t id = 0;
    begin(&f);
    put(&f, 5, "+33111111111");
    put(&f, 5, "+33122222222");
    put(&f, 6, "+33133333333");
    put(&f, 5, "");
    assert_int_equal(store_person_find(&id, &f.reader, "+33111111111"), ENOENT);
    assert_int_equal(store_person_find(&id, &f.reader, "+33122222222"), ENOENT);
    assert_int_equal(store_person_find(&id, &f.reader, "+33133333333"), 0);
    end(&f);
}

static void an_erased_number_is_in_no_byte_of_the_file(void **state)
{
    (void)state;
    struct fixture f;
    char number[24];
    static char bytes[1 << 20];
    begin(&f);
    store_reader_drop(&f.reader); /* it would keep the WAL */
    assert_int_equal(sql_run(f.db, "BEGIN"), 0);
    for (unsigned i = 0; i < 2000; i++) {
        snprintf(number, sizeof(number), "+3319%08u", i);
        put(&f, 1000 + i, number);
    }
    assert_int_equal(sql_run(f.db, "COMMIT; BEGIN"), 0);
    for (unsigned i = 0; i < 2000; i++)
        put(&f, 1000 + i, "");
    assert_int_equal(sql_run(f.db, "COMMIT"), 0);
    assert_int_equal(sql_run(f.db, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
    FILE *file = fopen(f.sql.path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    assert_in_range(n, 4096, sizeof(bytes) - 1);
    assert_null(memmem(bytes, n, "+3319", 5));
    end(&f);
}

static void the_longest_number_fits(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t id = 0;
    begin(&f);
    put(&f, 9, "+1234567890123456789012");
    assert_int_equal(store_person_find(&id, &f.reader, "+1234567890123456789012"), 0);
    assert_int_equal(id, 9);
    end(&f);
}

static void another_file_gives_its_rows_over(void **state)
{
    (void)state;
    struct fixture old, new;
    uint64_t id = 0;
    int64_t copied_n = 0;
    begin(&old);
    begin(&new);
    put(&old, 5, "+33111111111");
    put(&old, 6, "+33122222222");
    assert_int_equal(new.port.salvage(new.port.arg, old.sql.path, &copied_n), 0);
    assert_int_equal(copied_n, 2);
    assert_int_equal(store_person_find(&id, &new.reader, "+33122222222"), 0);
    assert_int_equal(id, 6);
    end(&old);
    end(&new);
}

static void random_ids_are_never_zero_and_differ(void **state)
{
    (void)state;
    uint64_t a = 0, b = 0;
    assert_int_equal(store_person_new(&a), 0);
    assert_int_equal(store_person_new(&b), 0);
    assert_true(a && b && a != b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_leads_to_its_person),
        cmocka_unit_test(the_first_person_of_a_number_stays),
        cmocka_unit_test(erasing_a_person_takes_all_numbers_and_no_other),
        cmocka_unit_test(an_erased_number_is_in_no_byte_of_the_file),
        cmocka_unit_test(the_longest_number_fits),
        cmocka_unit_test(another_file_gives_its_rows_over),
        cmocka_unit_test(random_ids_are_never_zero_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
