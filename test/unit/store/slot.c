/* slot.c — tests of store/slot.h: half hours that were sold, beside the persons. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/pending.h"
#include "store/person.h"
#include "test/support/folder.h"

#define LANDLINE UINT64_C(33536491234)
#define OURS UINT64_C(33536490010)
#define NEEDS (UINT64_C(1) << 63)

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
    struct journal_row rows[4]; /* as they were read */
    unsigned n;
};

static void attach(struct fixture *f, const char *name)
{
    f->sql = (struct sql_args){.path = folder_file(&f->folder, name)};
    f->port = store_person_port(&f->person);
    assert_int_equal(sql_open(&f->db, &f->sql), 0);
    assert_int_equal(f->port.attach(f->port.arg, f->db), 0);
}

static void detach(struct fixture *f)
{
    f->port.detach(f->port.arg);
    sql_drop(f->db);
}

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.n = 0};
    folder_open(&f.folder);
    attach(&f, "x.db");
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    detach(f);
    folder_drop(&f->folder);
    return 0;
}

static struct journal_row sold(uint64_t contact_id, uint64_t person_id, uint64_t e164)
{
    return (struct journal_row){.kind = JOURNAL_ROW_SLOT,
                                .person_id = person_id,
                                .slot = {.contact_id = contact_id,
                                         .e164 = e164,
                                         .shown_e164 = OURS,
                                         .needs = NEEDS,
                                         .from_at = 1790000000000,
                                         .until_at = 1790001800000,
                                         .queue_id = UINT32_MAX,
                                         .reference = 4721086,
                                         .entry_id = 10,
                                         .is_discreet = true}};
}

static void put(struct fixture *f, struct journal_row row)
{
    assert_int_equal(f->port.row_put(f->port.arg, &row), 0);
}

static void see(const struct journal_row *row, void *arg)
{
    struct fixture *f = arg;
    assert_true(f->n < ARRAY_LEN(f->rows));
    f->rows[f->n++] = *row;
}

static unsigned read_all(struct fixture *f)
{
    f->n = 0;
    assert_int_equal(store_slot_read(&f->sql, see, f), 0);
    return f->n;
}

static void what_is_put_is_read_again_in_every_field(void **state)
{
    struct fixture *f = *state;
    struct journal_row first = sold(7, UINT64_MAX, LANDLINE), second = sold(8, 0, LANDLINE + 1);
    put(f, first);
    first.slot.is_promised = true;
    put(f, first); /* in place of itself */
    put(f, second);
    assert_int_equal(read_all(f), 2);
    const struct journal_row *row = &f->rows[0];
    assert_true(row->kind == JOURNAL_ROW_SLOT && row->person_id == UINT64_MAX);
    assert_true(row->slot.contact_id == 7 && row->slot.e164 == LANDLINE);
    assert_true(row->slot.shown_e164 == OURS && row->slot.needs == NEEDS);
    assert_true(row->slot.from_at == 1790000000000 && row->slot.until_at == 1790001800000);
    assert_true(row->slot.queue_id == UINT32_MAX && row->slot.reference == 4721086);
    assert_true(row->slot.entry_id == 10 && row->slot.is_discreet && row->slot.is_promised);
    assert_true(f->rows[1].person_id == 0 && !f->rows[1].slot.is_promised);
}

static void a_row_goes_alone_and_with_its_person(void **state)
{
    struct fixture *f = *state;
    put(f, sold(7, 5, LANDLINE));
    put(f, sold(8, 6, LANDLINE));
    put(f, sold(9, 7, LANDLINE));
    put(f, sold(7, 5, 0));
    put(f, sold(77, 5, 0)); /* was never there */
    put(f, (struct journal_row){.kind = JOURNAL_ROW_PERSON, .person_id = 6});
    assert_int_equal(read_all(f), 1);
    assert_int_equal(f->rows[0].slot.contact_id, 9);
}

/* What stands in the heart as a promise is listed there. */
static void pages_see_those_that_are_to_come(void **state)
{
    struct fixture *f = *state;
    struct store_never_key key = {.bytes = {0}};
    struct store_pending pending;
    struct numbers_slot rows[2], one;
    struct numbers_slots page = {.rows = rows, .max = 2};
    struct journal_row promised = sold(8, 6, LANDLINE + 1);
    promised.slot.is_promised = true;
    promised.slot.reference = 5;
    put(f, sold(7, 5, LANDLINE));
    put(f, promised);
    put(f, sold(9, 7, LANDLINE + 2));
    assert_int_equal(store_pending_open(&pending, &f->sql, &key), 0);
    const struct numbers_port port = store_pending_port(&pending);
    assert_int_equal(port.slots(port.arg, &page), 0);
    assert_int_equal(page.n, 2);
    assert_true(rows[0].contact_id == 7 && rows[0].e164 == LANDLINE && rows[1].contact_id == 9);
    assert_true(rows[0].from_at == 1790000000000 && rows[0].queue_id == UINT32_MAX);
    assert_true(rows[0].is_discreet && rows[0].reference == 4721086);
    page.after_id = 7;
    page.max = 1;
    assert_int_equal(port.slots(port.arg, &page), 0);
    assert_true(page.n == 1 && rows[0].contact_id == 9);
    assert_int_equal(port.slot(port.arg, 4721086, &one), 0);
    assert_int_equal(port.slot(port.arg, 5, &one), ENOENT);
    store_pending_drop(&pending);
}

/* One that the heart holds as a promise counts, too. */
static void of_each_half_hour_it_is_told_how_many_are_sold(void **state)
{
    struct fixture *f = *state;
    struct store_never_key key = {.bytes = {0}};
    struct store_pending pending;
    struct numbers_sold sold_of = {.queue_id = UINT32_MAX, .after_at = 1790000000000 - 1};
    struct journal_row promised = sold(8, 6, LANDLINE), later = sold(9, 7, LANDLINE);
    struct journal_row other = sold(10, 8, LANDLINE);
    promised.slot.is_promised = true;
    later.slot.from_at += 1800000;
    other.slot.queue_id = 7;
    put(f, sold(7, 5, LANDLINE));
    put(f, promised);
    put(f, later);
    put(f, other);
    assert_int_equal(store_pending_open(&pending, &f->sql, &key), 0);
    const struct numbers_port port = store_pending_port(&pending);
    assert_int_equal(port.sold(port.arg, &sold_of), 0);
    assert_int_equal(sold_of.n, 2);
    assert_true(sold_of.halves[0].from_at == 1790000000000 && sold_of.halves[0].n == 2);
    assert_true(sold_of.halves[1].from_at == 1790001800000 && sold_of.halves[1].n == 1);
    sold_of.after_at = 1790000000000;
    assert_int_equal(port.sold(port.arg, &sold_of), 0);
    assert_int_equal(sold_of.n, 1);
    store_pending_drop(&pending);
}

static void a_journal_that_begins_anew_takes_the_slots(void **state)
{
    struct fixture *f = *state;
    int64_t copied_n;
    put(f, sold(7, 5, LANDLINE));
    const struct sql_args before = f->sql;
    detach(f);
    attach(f, "new.db");
    assert_int_equal(f->port.salvage(f->port.arg, before.path, &copied_n), 0);
    assert_int_equal(read_all(f), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_put_is_read_again_in_every_field, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_row_goes_alone_and_with_its_person, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_see_those_that_are_to_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_each_half_hour_it_is_told_how_many_are_sold, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_journal_that_begins_anew_takes_the_slots, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("store/slot", tests, NULL, NULL);
}
