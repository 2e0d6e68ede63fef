/* snapshot.c — tests of snapshots through the journal's port. */
#include <errno.h>

#include "journal/snapshot.h"
#include "test/support/desk.h"

#define WIDE_BYTES (SNAPSHOT_PART_BYTES * 3 + 17)

static void put(struct desk *d, uint64_t last_id, size_t n)
{
    uint8_t *bytes = malloc(n ? n : 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(i * 31 + last_id);
    struct journal_snapshot s = {
        .version = 3, .last_id = last_id, .hash = UINT64_MAX - last_id, .bytes = bytes, .n = n};
    assert_int_equal(d->port.snapshot_put(d->port.arg, &s), 0);
    free(bytes);
}

/* The id of the newest readable one, its bytes checked; 0 for none. */
static uint64_t newest(struct desk *d)
{
    struct journal_snapshot s;
    int err = d->port.snapshot_get(d->port.arg, &s);
    if (err == ENOENT)
        return 0;
    assert_int_equal(err, 0);
    assert_int_equal(s.version, 3);
    assert_true(s.hash == UINT64_MAX - s.last_id);
    for (size_t i = 0; i < s.n; i++)
        assert_int_equal(s.bytes[i], (uint8_t)(i * 31 + s.last_id));
    return s.last_id;
}

static void a_snapshot_comes_back_as_it_was_put(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, SNAPSHOT_PART_BYTES, WIDE_BYTES};
    struct desk d;
    desk_begin(&d);
    assert_int_equal(newest(&d), 0);
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        desk_fill(&d, 3);
        put(&d, d.next_id - 1, sizes[i]);
        assert_int_equal(desk_work(&d), -1);
        assert_int_equal(newest(&d), d.next_id - 1);
    }
    desk_end(&d);
}

static void commits_of_events_go_between_the_parts(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 3);
    put(&d, 3, WIDE_BYTES);
    assert_int_equal(journal_turn(d.journal), 0);
    desk_append(&d, 1);
    assert_int_equal(journal_turn(d.journal), 0);
    assert_int_equal(d.port.committed_id(d.port.arg), 4);
    assert_int_equal(newest(&d), 0);
    assert_int_equal(desk_work(&d), -1);
    assert_int_equal(newest(&d), 3);
    desk_end(&d);
}

static void a_snapshot_waits_for_the_commit_of_its_last_event(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    put(&d, 2, 10);
    assert_int_equal(desk_work(&d), -1);
    assert_int_equal(newest(&d), 0);
    desk_fill(&d, 2);
    assert_int_equal(newest(&d), 2);
    desk_end(&d);
}

static void a_newer_one_replaces_one_that_still_waits(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    put(&d, 1, 10);
    assert_int_equal(desk_work(&d), -1);
    put(&d, 2, 10);
    put(&d, 3, 10);
    desk_fill(&d, 3);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM snapshot"), 1);
    assert_int_equal(newest(&d), 3);
    desk_end(&d);
}

static void the_last_two_are_kept(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    for (unsigned i = 1; i <= 5; i++) {
        desk_fill(&d, 1);
        put(&d, i, 100);
        desk_work(&d);
    }
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM snapshot"), SNAPSHOTS_KEPT);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM snapshot_part"), SNAPSHOTS_KEPT);
    assert_int_equal(desk_number(&d, "SELECT min(last_id) FROM snapshot"), 4);
    desk_end(&d);
}

static void a_damaged_one_is_skipped(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE snapshot_part SET bytes = zeroblob(length(bytes)) WHERE last_id = 2",
        "DELETE FROM snapshot_part WHERE last_id = 2",
        "UPDATE snapshot_part SET part_i = 1 WHERE last_id = 2",
        "UPDATE snapshot SET n = n + 1 WHERE last_id = 2",
        "UPDATE snapshot SET n = 1 WHERE last_id = 2",
        "UPDATE snapshot SET n = -1 WHERE last_id = 2",
        "UPDATE snapshot SET n = 1 << 60 WHERE last_id = 2",
        "UPDATE snapshot SET hash = x'00' WHERE last_id = 2",
        "UPDATE snapshot SET last_id = 9 WHERE last_id = 2",
    };
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        struct desk d;
        desk_begin(&d);
        desk_fill(&d, 2);
        put(&d, 1, 300);
        desk_work(&d);
        put(&d, 2, 300);
        desk_work(&d);
        assert_int_equal(newest(&d), 2);
        desk_close(&d);
        assert_int_equal(desk_tamper(&d, damages[i]), 0);
        desk_open(&d);
        assert_int_equal(newest(&d), 1);
        desk_end(&d);
    }
}

static void putting_the_same_again_is_fine(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 2);
    put(&d, 2, WIDE_BYTES);
    desk_work(&d);
    put(&d, 2, 10);
    assert_int_equal(desk_work(&d), -1);
    assert_int_equal(newest(&d), 2);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM snapshot_part"), 1);
    desk_end(&d);
}

static void one_past_the_bound_is_refused(void **state)
{
    (void)state;
    struct desk d;
    struct journal_snapshot s = {.n = SNAPSHOT_BYTES_MAX + 1};
    desk_begin(&d);
    assert_int_equal(d.port.snapshot_put(d.port.arg, &s), EFBIG);
    desk_end(&d);
}

static void one_that_is_half_written_at_the_end_leaves_no_trace_later(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 2);
    put(&d, 1, WIDE_BYTES);
    assert_int_equal(journal_turn(d.journal), 0);
    desk_close(&d);
    desk_open(&d);
    assert_int_equal(newest(&d), 0);
    put(&d, 2, 10);
    desk_work(&d);
    assert_int_equal(newest(&d), 2);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM snapshot_part"), 1);
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_comes_back_as_it_was_put),
        cmocka_unit_test(commits_of_events_go_between_the_parts),
        cmocka_unit_test(a_snapshot_waits_for_the_commit_of_its_last_event),
        cmocka_unit_test(a_newer_one_replaces_one_that_still_waits),
        cmocka_unit_test(the_last_two_are_kept),
        cmocka_unit_test(a_damaged_one_is_skipped),
        cmocka_unit_test(putting_the_same_again_is_fine),
        cmocka_unit_test(one_past_the_bound_is_refused),
        cmocka_unit_test(one_that_is_half_written_at_the_end_leaves_no_trace_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
