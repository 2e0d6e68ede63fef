/* reader.c — a journal as a thread beside its writer reads it: it follows, it looks up, it lets the
 * WAL go, and what is damaged stops it where it was sound. */
#include <errno.h>

#include "journal/reader.h"
#include "test/support/desk.h"

struct seen {
    uint64_t n, last_id, until_id;
};

static bool see(const struct event *ev, void *arg)
{
    struct seen *s = arg;
    struct event same = events_make(ev->id, ev->at);
    assert_true(s->last_id == 0 || ev->id == s->last_id + 1);
    assert_memory_equal(ev, &same, sizeof(same));
    if (s->until_id && ev->id > s->until_id)
        return false;
    s->last_id = ev->id;
    s->n++;
    return true;
}

static struct committed_port port;

static struct journal_reader *begin(struct desk *d)
{
    struct journal_reader *r = NULL;
    desk_begin(d);
    assert_int_equal(journal_reader_open(&r, d->path), 0);
    port = journal_reader_port(r);
    return r;
}

static void end(struct desk *d, struct journal_reader *r)
{
    journal_reader_drop(r);
    desk_end(d);
}

static int next(struct seen *s, uint32_t n_max)
{
    return port.next(port.arg, n_max, see, s);
}

static void it_follows_what_is_committed_and_nothing_else(void **state)
{
    (void)state;
    struct desk d;
    struct seen s = {0, 0, 0};
    struct journal_reader *r = begin(&d);
    assert_int_equal(next(&s, 1000), ENOENT);
    assert_int_equal(s.n, 0);
    desk_append(&d, 3);
    assert_int_equal(next(&s, 1000), ENOENT); /* not on the disk yet */
    assert_int_equal(s.n, 0);
    desk_work(&d);
    for (unsigned round = 0; round < 20; round++) {
        assert_int_equal(next(&s, 1000), ENOENT);
        assert_int_equal(s.last_id, d.next_id - 1);
        desk_fill(&d, 1 + round % 7);
    }
    end(&d, r);
}

static void much_comes_in_parts_of_whole_commits(void **state)
{
    (void)state;
    struct desk d;
    struct seen s = {0, 0, 0};
    struct journal_reader *r = begin(&d);
    for (unsigned i = 0; i < 40; i++)
        desk_fill(&d, 50);
    unsigned parts_n = 0;
    while (next(&s, 300) == 0) {
        parts_n++;
        assert_true(s.n >= 300 * parts_n);
    }
    assert_int_equal(s.n, 2000);
    assert_true(parts_n >= 4 && parts_n <= 7);
    end(&d, r);
}

static void it_looks_up_from_any_event_without_losing_its_place(void **state)
{
    (void)state;
    struct desk d;
    struct seen s = {0, 0, 0};
    struct journal_reader *r = begin(&d);
    for (unsigned i = 0; i < 10; i++)
        desk_fill(&d, 10);
    assert_int_equal(next(&s, 25), 0);
    uint64_t place = s.last_id;
    for (uint64_t after = 0; after <= 100; after += 9) {
        struct seen found = {0, after, after + 5};
        assert_int_equal(port.read(port.arg, after, see, &found), 0);
        assert_int_equal(found.n, after + 5 > 100 ? 100 - after : 5);
    }
    struct seen none = {0, 0, 0};
    assert_int_equal(port.read(port.arg, 100, see, &none), 0);
    assert_int_equal(none.n, 0);
    assert_int_equal(next(&s, 1000), ENOENT);
    assert_true(place < 100);
    assert_int_equal(s.n, 100);
    end(&d, r);
}

/* A reader that kept its transaction would hold the WAL for ever. */
static void between_two_calls_it_holds_nothing(void **state)
{
    (void)state;
    struct desk d;
    struct seen s = {0, 0, 0};
    int in_wal_n = -1, moved_n = -1;
    sqlite3 *db = NULL;
    struct journal_reader *r = begin(&d);
    struct sql_args args = {.path = d.path};
    desk_fill(&d, 60);
    assert_int_equal(next(&s, 10), 0); /* stopped in the middle */
    struct seen found = {0, 5, 7};
    assert_int_equal(port.read(port.arg, 5, see, &found), 0);
    assert_int_equal(sql_open(&db, &args), 0);
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &in_wal_n, &moved_n);
    assert_int_equal(rc, SQLITE_OK); /* SQLITE_BUSY: somebody reads */
    assert_int_equal(in_wal_n, 0);
    sql_drop(db);
    assert_int_equal(next(&s, 1000), ENOENT);
    assert_int_equal(s.n, 60);
    end(&d, r);
}

static void damage_stops_it_where_it_was_sound(void **state)
{
    (void)state;
    struct desk d;
    struct seen s = {0, 0, 0};
    struct journal_reader *r = begin(&d);
    for (unsigned i = 0; i < 10; i++)
        desk_fill(&d, 3);
    desk_forge(&d, "UPDATE journal_batch SET hash = zeroblob(32) WHERE first_id = 16");
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(next(&s, 1000), EBADMSG);
        assert_int_equal(s.last_id, 15);
    }
    end(&d, r);
}

static void no_journal_is_no_reader(void **state)
{
    (void)state;
    struct journal_reader *r = (void *)&port;
    assert_int_equal(journal_reader_open(&r, "no/such/journal.db"), ENOENT);
    assert_null(r);
    journal_reader_drop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_what_is_committed_and_nothing_else),
        cmocka_unit_test(much_comes_in_parts_of_whole_commits),
        cmocka_unit_test(it_looks_up_from_any_event_without_losing_its_place),
        cmocka_unit_test(between_two_calls_it_holds_nothing),
        cmocka_unit_test(damage_stops_it_where_it_was_sound),
        cmocka_unit_test(no_journal_is_no_reader),
    };
    return cmocka_run_group_tests_name("journal/reader", tests, NULL, NULL);
}
