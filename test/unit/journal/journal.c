/* journal.c — tests of journal/journal.h on a real disk, turn by turn. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

#include "journal/writer.h"
#include "test/support/desk.h"

static void what_was_appended_is_read_back_in_order_after_reopening(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 100);
    desk_close(&d);
    desk_open(&d);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 100);
    assert_int_equal(d.good_id, 100);
    desk_end(&d);
}

static void reading_begins_after_any_id_and_may_be_stopped(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_append(&d, 10);
    desk_work(&d);
    desk_append(&d, 10);
    desk_work(&d);
    for (uint64_t after = 0; after <= 20; after++) {
        assert_int_equal(desk_read(&d, after), 0);
        assert_int_equal(d.seen_n, 20 - after);
        assert_true(d.seen_n == 0 || d.seen_last == 20);
    }
    desk_end(&d);
}

static void an_event_is_committed_by_the_writer_not_by_the_append(void **state)
{
    (void)state;
    struct desk d;
    struct pollfd rung = {.events = POLLIN};
    desk_begin(&d);
    rung.fd = journal_fd(d.journal);
    desk_append(&d, 2);
    assert_int_equal(d.port.committed_id(d.port.arg), 0);
    assert_int_equal(poll(&rung, 1, 0), 0);
    assert_int_equal(journal_turn(d.journal), -1);
    assert_int_equal(d.port.committed_id(d.port.arg), 2);
    assert_int_equal(poll(&rung, 1, 0), 1);
    journal_fd_clear(d.journal);
    assert_int_equal(poll(&rung, 1, 0), 0);
    desk_end(&d);
}

static void appends_that_wait_together_are_committed_together(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    for (unsigned i = 0; i < 10; i++)
        desk_append(&d, 3);
    assert_int_equal(journal_turn(d.journal), -1);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM journal_batch"), 1);
    desk_end(&d);
}

static void a_commit_is_bounded_and_never_splits_an_append(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    for (unsigned i = 0; i < 400; i++)
        desk_append(&d, 3);
    assert_int_equal(journal_turn(d.journal), 0);
    assert_int_equal(d.port.committed_id(d.port.arg), JOURNAL_BATCH_MAX / 3 * 3);
    assert_int_equal(journal_turn(d.journal), -1);
    assert_int_equal(d.port.committed_id(d.port.arg), 1200);
    desk_end(&d);
}

static void a_full_ring_refuses_and_takes_nothing(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    for (unsigned i = 0; i < d.args.ring_n / JOURNAL_APPEND_MAX; i++)
        desk_append(&d, JOURNAL_APPEND_MAX);
    uint64_t next_id = d.next_id;
    assert_false(desk_append_at(&d, 1, EVENTS_BEGIN_AT));
    assert_int_equal(d.next_id, next_id);
    desk_work(&d);
    desk_append(&d, 1);
    desk_work(&d);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, d.args.ring_n + 1);
    desk_end(&d);
}

static void health_is_behind_when_the_ring_is_more_than_half_full(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    for (unsigned i = 0; i < d.args.ring_n / 2 / JOURNAL_APPEND_MAX; i++)
        desk_append(&d, JOURNAL_APPEND_MAX);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_WELL);
    desk_append(&d, 1);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_BEHIND);
    desk_work(&d);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_WELL);
    desk_end(&d);
}

static void rows_commit_with_the_events_of_their_append(void **state)
{
    (void)state;
    struct desk d;
    struct journal_row rows[2] = {{.person_id = 5, .number = "+331"}, {.person_id = 6}};
    desk_begin(&d);
    struct event ev = events_make(1, EVENTS_BEGIN_AT);
    assert_true(d.port.append(d.port.arg, &ev, 1, rows, 2));
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM rows"), 0);
    desk_work(&d);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM rows"), 2);
    d.next_id = 2;
    desk_end(&d);
}

static void rows_alone_are_committed_too(void **state)
{
    (void)state;
    struct desk d;
    struct journal_row row = {.person_id = 5};
    desk_begin(&d);
    assert_true(d.port.append(d.port.arg, NULL, 0, &row, 1));
    assert_int_equal(desk_work(&d), -1);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM rows"), 1);
    desk_append(&d, 1);
    assert_int_equal(desk_work(&d), -1);
    desk_end(&d);
}

static void a_second_service_on_the_same_file_is_refused(void **state)
{
    (void)state;
    struct desk d;
    struct journal *second = NULL;
    desk_begin(&d);
    assert_int_equal(journal_open(&second, &d.args), EBUSY);
    assert_null(second);
    desk_end(&d);
}

static void each_open_has_a_later_epoch_and_fences_the_one_before(void **state)
{
    (void)state;
    struct desk d;
    struct journal_db newer;
    struct journal_db_args args = {.node = 2};
    desk_begin(&d);
    args.sql.path = d.path;
    assert_int_equal(journal_epoch(d.journal), 1);
    desk_fill(&d, 3);
    assert_int_equal(journal_db_open(&newer, &args), 0);
    assert_int_equal(newer.epoch, 2);
    desk_append(&d, 1);
    assert_true(desk_work(&d) > 0);
    assert_int_equal(journal_trouble(d.journal), ESTALE);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_DOWN);
    assert_int_equal(desk_number(&d, "SELECT max(first_id + n - 1) FROM journal_batch"), 3);
    journal_db_drop(&newer);
    desk_end(&d);
}

static void a_commit_that_hangs_is_down_until_it_ends(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    atomic_store(&d.journal->busy_since, os_clock_boot_ms() - JOURNAL_STALL_MS - 1);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_DOWN);
    assert_int_equal(journal_trouble(d.journal), ETIMEDOUT);
    atomic_store(&d.journal->busy_since, os_clock_boot_ms());
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_WELL);
    atomic_store(&d.journal->busy_since, 0);
    desk_end(&d);
}

/* Files may grow no further than this: the nearest thing to a full disk that needs no root. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_disk_without_room_is_down_and_well_again_with_all_events(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 30);
    limit_files(0);
    desk_append(&d, 3);
    assert_int_equal(desk_work(&d), JOURNAL_RETRY_MS_MIN);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_DOWN);
    desk_append(&d, 3);
    assert_int_equal(journal_turn(d.journal), JOURNAL_RETRY_MS_MIN * 2);
    assert_int_equal(d.port.committed_id(d.port.arg), 30);
    limit_files(RLIM_INFINITY);
    assert_int_equal(desk_work(&d), -1);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_WELL);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 36);
    desk_end(&d);
}

static void retries_become_rarer_up_to_a_bound(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    limit_files(0);
    desk_append(&d, 1);
    int wait_ms = 0;
    for (unsigned i = 0; i < 12; i++)
        wait_ms = journal_turn(d.journal);
    assert_int_equal(wait_ms, JOURNAL_RETRY_MS_MAX);
    limit_files(RLIM_INFINITY);
    assert_int_equal(desk_work(&d), -1);
    desk_end(&d);
}

static void what_could_not_be_written_before_the_end_is_told(void **state)
{
    (void)state;
    struct desk d;
    struct os_log log;
    int ends[2];
    char text[1024] = "";
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    struct os_log_args args = {.fd = ends[1]};
    os_log_open(&log, &args);
    desk_begin(&d);
    desk_close(&d);
    d.args.log = &log;
    desk_open(&d);
    desk_append(&d, 5);
    desk_close(&d);
    assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
    assert_non_null(strstr(text, "level=alarm part=journal msg=\"events 1 to 5 could not"));
    close(ends[0]);
    close(ends[1]);
    desk_end(&d);
}

static void a_batch_whose_bytes_were_changed_ends_the_reading_there(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_append(&d, 3);
    desk_work(&d);
    desk_close(&d);
    desk_forge(&d, "UPDATE journal_batch SET body = zeroblob(length(body)) WHERE first_id = 10");
    desk_open(&d);
    assert_int_equal(desk_read(&d, 0), EBADMSG);
    assert_int_equal(d.good_id, 9);
    assert_int_equal(d.seen_n, 9);
    desk_end(&d);
}

static void a_file_that_is_no_database_is_damaged(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_close(&d);
    FILE *f = fopen(d.path, "r+b");
    assert_non_null(f);
    for (unsigned i = 0; i < 100; i++)
        fputs("no database", f);
    fclose(f);
    assert_int_equal(journal_open(&d.journal, &d.args), EBADMSG);
    assert_null(d.journal);
    desk_end(&d);
}

static void a_journal_of_a_later_version_is_left_alone(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_close(&d);
    assert_int_equal(desk_tamper(&d, "UPDATE meta SET value = 99 WHERE key = 'journal_version'"),
                     0);
    assert_int_equal(journal_open(&d.journal, &d.args), ENOTSUP);
    desk_end(&d);
}

/* ---- months ---- */

#define JANUARY_END_AT ((ms_t)1738368000000 - 1)

static void the_first_event_of_a_month_closes_the_one_before(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    assert_true(desk_append_at(&d, 2, JANUARY_END_AT));
    assert_true(desk_append_at(&d, 3, JANUARY_END_AT + 1));
    assert_int_equal(journal_turn(d.journal), -1);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM journal_batch"), 2);
    assert_int_equal(desk_number(&d, "SELECT last_id FROM journal_month WHERE month = 202501"), 2);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM journal_month"), 1);
    desk_end(&d);
}

static void a_closed_month_is_read_only(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    assert_true(desk_append_at(&d, 2, JANUARY_END_AT));
    assert_true(desk_append_at(&d, 3, JANUARY_END_AT + 1));
    desk_work(&d);
    desk_close(&d);
    assert_int_equal(desk_tamper(&d, "UPDATE journal_batch SET at = 0 WHERE first_id = 1"), EPERM);
    assert_int_equal(desk_tamper(&d, "DELETE FROM journal_batch"), EPERM);
    assert_int_equal(desk_tamper(&d, "INSERT OR REPLACE INTO journal_batch"
                                     " SELECT * FROM journal_batch WHERE first_id = 1"),
                     EPERM);
    assert_int_equal(desk_tamper(&d, "UPDATE journal_month SET n = 0"), EPERM);
    assert_int_equal(desk_tamper(&d, "DELETE FROM journal_month"), EPERM);
    desk_open(&d);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 5);
    desk_end(&d);
}

static void time_that_goes_back_opens_no_closed_month(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    assert_true(desk_append_at(&d, 1, JANUARY_END_AT));
    assert_true(desk_append_at(&d, 1, JANUARY_END_AT + 1));
    assert_true(desk_append_at(&d, 1, JANUARY_END_AT - 1000));
    desk_work(&d);
    desk_close(&d);
    desk_open(&d);
    assert_true(desk_append_at(&d, 1, JANUARY_END_AT - 1000));
    assert_int_equal(desk_work(&d), -1);
    assert_int_equal(desk_number(&d, "SELECT count(*) FROM journal_month"), 1);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 4);
    desk_end(&d);
}

/* ---- threads ---- */

static void the_writer_thread_rings_after_its_commit_and_ends_with_all_written(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_close(&d);
    d.args.hooks.is_manual = false;
    desk_open(&d);
    desk_append(&d, 5);
    struct pollfd rung = {.fd = journal_fd(d.journal), .events = POLLIN};
    assert_int_equal(poll(&rung, 1, 20000), 1);
    desk_append(&d, 5);
    desk_close(&d);
    desk_open(&d);
    assert_int_equal(d.port.committed_id(d.port.arg), 10);
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_appended_is_read_back_in_order_after_reopening),
        cmocka_unit_test(reading_begins_after_any_id_and_may_be_stopped),
        cmocka_unit_test(an_event_is_committed_by_the_writer_not_by_the_append),
        cmocka_unit_test(appends_that_wait_together_are_committed_together),
        cmocka_unit_test(a_commit_is_bounded_and_never_splits_an_append),
        cmocka_unit_test(a_full_ring_refuses_and_takes_nothing),
        cmocka_unit_test(health_is_behind_when_the_ring_is_more_than_half_full),
        cmocka_unit_test(rows_commit_with_the_events_of_their_append),
        cmocka_unit_test(rows_alone_are_committed_too),
        cmocka_unit_test(a_second_service_on_the_same_file_is_refused),
        cmocka_unit_test(each_open_has_a_later_epoch_and_fences_the_one_before),
        cmocka_unit_test(a_commit_that_hangs_is_down_until_it_ends),
        cmocka_unit_test(a_disk_without_room_is_down_and_well_again_with_all_events),
        cmocka_unit_test(retries_become_rarer_up_to_a_bound),
        cmocka_unit_test(what_could_not_be_written_before_the_end_is_told),
        cmocka_unit_test(a_batch_whose_bytes_were_changed_ends_the_reading_there),
        cmocka_unit_test(a_file_that_is_no_database_is_damaged),
        cmocka_unit_test(a_journal_of_a_later_version_is_left_alone),
        cmocka_unit_test(the_first_event_of_a_month_closes_the_one_before),
        cmocka_unit_test(a_closed_month_is_read_only),
        cmocka_unit_test(time_that_goes_back_opens_no_closed_month),
        cmocka_unit_test(the_writer_thread_rings_after_its_commit_and_ends_with_all_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
