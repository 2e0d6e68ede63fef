/* verify.c — tests of journal/verify.h: whatever is changed is found, and its place is said. */
#include <errno.h>

#include "journal/verify.h"
#include "test/support/desk.h"

#define MONTH_MS ((ms_t)31 * 86400000)

/* Three months, two of them closed; five batches. Closed. */
static void begin(struct desk *d)
{
    desk_begin(d);
    for (unsigned i = 0; i < 5; i++) {
        assert_true(desk_append_at(d, 4, EVENTS_BEGIN_AT + (ms_t)(i / 2) * MONTH_MS));
        assert_int_equal(desk_work(d), -1);
    }
    desk_close(d);
}

static struct journal_report verify(struct desk *d)
{
    struct journal_report r;
    struct sql_args args = {.path = d->path};
    journal_verify(&r, &args);
    return r;
}

static void an_untouched_journal_is_sound_and_counted(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    struct journal_report r = verify(&d);
    assert_int_equal(r.verdict, JOURNAL_SOUND);
    assert_int_equal(r.last_id, 20);
    assert_int_equal(r.batches_n, 5);
    assert_int_equal(r.months_n, 2);
    assert_true(r.last_at == EVENTS_BEGIN_AT + 2 * MONTH_MS);
    desk_end(&d);
}

static void an_empty_journal_is_sound(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    struct journal_report r = verify(&d);
    assert_int_equal(r.verdict, JOURNAL_SOUND);
    assert_int_equal(r.last_id, 0);
    desk_end(&d);
}

static void a_journal_in_use_can_be_verified(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 50);
    struct journal_report r = verify(&d);
    assert_int_equal(r.verdict, JOURNAL_SOUND);
    assert_int_equal(r.last_id, 50);
    desk_end(&d);
}

static void every_forgery_is_found_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *forgery;
        enum journal_fault fault;
        uint64_t good_id;
    } rows[] = {
        {"UPDATE journal_batch SET body = zeroblob(length(body)) WHERE first_id = 9", FAULT_HASH,
         8},
        {"UPDATE journal_batch SET hash = zeroblob(32) WHERE first_id = 9", FAULT_HASH, 8},
        {"UPDATE journal_batch SET prev_hash = zeroblob(32) WHERE first_id = 9", FAULT_LINK, 8},
        {"UPDATE journal_batch SET at = at + 1 WHERE first_id = 9", FAULT_INSTANT, 8},
        {"DELETE FROM journal_batch WHERE first_id = 9", FAULT_GAP, 8},
        {"DELETE FROM journal_batch WHERE first_id = 1", FAULT_GAP, 0},
        {"UPDATE journal_batch SET n = 3 WHERE first_id = 9", FAULT_HASH, 8},
        {"UPDATE journal_batch SET n = 0 WHERE first_id = 9", FAULT_PAGES, 8},
        {"UPDATE journal_batch SET hash = x'00' WHERE first_id = 9", FAULT_PAGES, 8},
        {"UPDATE journal_month SET hash = zeroblob(32) WHERE month = 202501", FAULT_SEAL, 8},
        {"UPDATE journal_month SET n = 7 WHERE month = 202501", FAULT_SEAL, 8},
        {"UPDATE journal_month SET first_id = 2 WHERE month = 202501", FAULT_SEAL, 8},
        {"UPDATE journal_month SET last_id = 7 WHERE month = 202501", FAULT_SEAL, 8},
        {"DELETE FROM journal_month WHERE month = 202502", FAULT_SEAL, 16},
        {"INSERT INTO journal_month VALUES(202407, 1, 1, 1, zeroblob(32))", FAULT_SEAL, 20},
        {"DELETE FROM journal_batch WHERE first_id >= 13", FAULT_SEAL, 12},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct desk d;
        begin(&d);
        desk_forge(&d, rows[i].forgery);
        struct journal_report r = verify(&d);
        assert_int_equal(r.verdict, JOURNAL_BROKEN);
        assert_int_equal(r.fault, rows[i].fault);
        assert_int_equal(r.last_id, rows[i].good_id);
        assert_true(strlen(r.place) > 0);
        desk_end(&d);
    }
}

static void a_damaged_page_is_found(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    FILE *f = fopen(d.path, "r+b");
    assert_non_null(f);
    for (long page = 1; page < 4; page++) {
        fseek(f, page * 4096, SEEK_SET);
        fputs("this was a page of the database", f);
    }
    fclose(f);
    struct journal_report r = verify(&d);
    assert_int_equal(r.verdict, JOURNAL_BROKEN);
    assert_int_equal(r.fault, FAULT_PAGES);
    desk_end(&d);
}

static void a_missing_or_foreign_file_is_said_so(void **state)
{
    (void)state;
    struct desk d;
    struct journal_report r;
    begin(&d);
    struct sql_args args = {.path = folder_file(&d.folder, "none.db")};
    journal_verify(&r, &args);
    assert_int_equal(r.verdict, JOURNAL_UNREADABLE);
    assert_int_equal(r.err, ENOENT);
    FILE *f = fopen(args.path, "wb");
    assert_non_null(f);
    fputs("a letter to the mayor", f);
    fclose(f);
    journal_verify(&r, &args);
    assert_int_equal(r.verdict, JOURNAL_BROKEN);
    assert_int_equal(r.fault, FAULT_PAGES);
    desk_end(&d);
}

static void damaged_snapshots_are_told_but_no_fault(void **state)
{
    (void)state;
    struct desk d;
    struct journal_snapshot s = {.last_id = 2, .bytes = (const uint8_t *)"abc", .n = 3};
    begin(&d);
    desk_open(&d);
    assert_int_equal(d.port.snapshot_put(d.port.arg, &s), 0);
    desk_work(&d);
    s.last_id = 3;
    assert_int_equal(d.port.snapshot_put(d.port.arg, &s), 0);
    desk_work(&d);
    desk_close(&d);
    assert_int_equal(desk_tamper(&d, "DELETE FROM snapshot_part WHERE last_id = 3"), 0);
    struct journal_report r = verify(&d);
    assert_int_equal(r.verdict, JOURNAL_SOUND);
    assert_int_equal(r.snapshots_n, 1);
    assert_int_equal(r.snapshots_bad_n, 1);
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_journal_is_sound_and_counted),
        cmocka_unit_test(an_empty_journal_is_sound),
        cmocka_unit_test(a_journal_in_use_can_be_verified),
        cmocka_unit_test(every_forgery_is_found_with_its_place),
        cmocka_unit_test(a_damaged_page_is_found),
        cmocka_unit_test(a_missing_or_foreign_file_is_said_so),
        cmocka_unit_test(damaged_snapshots_are_told_but_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
