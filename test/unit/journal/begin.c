/* begin.c — tests of journal/begin.h: whatever stood there, a journal to write to. */
#include <errno.h>

#include "journal/begin.h"
#include "test/support/desk.h"

#define NOW_AT (EVENTS_BEGIN_AT + 86400000)

/* Opens by the front door and looks at what is there. */
static void enter(struct desk *d, ms_t now_at)
{
    assert_int_equal(journal_begin(&d->journal, &d->args, now_at), 0);
    d->port = journal_port(d->journal);
    d->next_id = d->port.committed_id(d->port.arg) + 1;
}

static void crash(struct desk *d)
{
    desk_close(d); /* without noting an end */
}

static void a_sound_journal_is_opened_as_it_is(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    enter(&d, NOW_AT);
    assert_int_equal(d.next_id, 10);
    assert_int_equal(folder_count(&d.folder, ".aside-"), 0);
    desk_end(&d);
}

static void a_damaged_file_is_set_aside_and_the_service_answers(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_close(&d);
    assert_int_equal(os_file_write(d.path, "junk that is no database", 24), 0);
    enter(&d, NOW_AT);
    assert_int_equal(d.next_id, 2);
    assert_true(folder_count(&d.folder, ".aside-20250116T080000Z-verify_failed") > 0);
    desk_fill(&d, 3);
    desk_end(&d);
}

static void three_crashes_within_a_minute_set_the_journal_aside_once(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    for (unsigned i = 0; i < JOURNAL_CRASHES_MAX; i++) {
        enter(&d, NOW_AT + i * 1000);
        assert_int_equal(d.next_id, 10);
        crash(&d);
    }
    enter(&d, NOW_AT + 3000);
    assert_int_equal(d.next_id, 2);
    assert_int_equal(desk_read(&d, 0), 0);
    crash(&d);
    enter(&d, NOW_AT + 4000);
    assert_int_equal(d.next_id, 2);
    desk_end(&d);
}

static void orderly_ends_are_no_crashes(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    for (unsigned i = 0; i < 10; i++) {
        enter(&d, NOW_AT + i);
        assert_int_equal(d.next_id, 10);
        journal_end(d.journal, &d.args, NOW_AT + i);
        d.journal = NULL;
    }
    desk_end(&d);
}

static void a_chain_that_broke_inside_is_begun_anew(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    desk_forge(&d, "UPDATE journal_batch SET hash = zeroblob(32)");
    enter(&d, NOW_AT);
    assert_int_equal(desk_read(&d, 0), EBADMSG);
    assert_int_equal(journal_begin_anew(&d.journal, &d.args, NOW_AT), 0);
    d.port = journal_port(d.journal);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, 1);
    d.next_id = 2;
    desk_end(&d);
}

static void a_journal_in_use_or_of_a_later_version_is_never_set_aside(void **state)
{
    (void)state;
    struct desk d;
    struct journal *second = NULL;
    desk_begin(&d);
    assert_int_equal(journal_begin(&second, &d.args, NOW_AT), EBUSY);
    desk_close(&d);
    assert_int_equal(desk_tamper(&d, "UPDATE meta SET value = 99 WHERE key = 'journal_version'"),
                     0);
    assert_int_equal(journal_begin(&second, &d.args, NOW_AT), ENOTSUP);
    assert_int_equal(folder_count(&d.folder, ".aside-"), 0);
    desk_end(&d);
}

static void being_refused_is_no_crash(void **state)
{
    (void)state;
    struct desk d;
    struct journal *second = NULL;
    desk_begin(&d);
    desk_fill(&d, 9);
    desk_close(&d);
    enter(&d, NOW_AT);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(journal_begin(&second, &d.args, NOW_AT + i), EBUSY);
    crash(&d);
    assert_int_equal(desk_tamper(&d, "UPDATE meta SET value = 99 WHERE key = 'journal_version'"),
                     0);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(journal_begin(&second, &d.args, NOW_AT + 10 + i), ENOTSUP);
    assert_int_equal(desk_tamper(&d, "UPDATE meta SET value = 1 WHERE key = 'journal_version'"), 0);
    enter(&d, NOW_AT + 20);
    assert_int_equal(d.next_id, 10);
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_journal_is_opened_as_it_is),
        cmocka_unit_test(a_damaged_file_is_set_aside_and_the_service_answers),
        cmocka_unit_test(three_crashes_within_a_minute_set_the_journal_aside_once),
        cmocka_unit_test(orderly_ends_are_no_crashes),
        cmocka_unit_test(a_chain_that_broke_inside_is_begun_anew),
        cmocka_unit_test(being_refused_is_no_crash),
        cmocka_unit_test(a_journal_in_use_or_of_a_later_version_is_never_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
