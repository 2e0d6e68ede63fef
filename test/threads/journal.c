/* journal.c — the writer's thread beside the main one: what is appended is committed, the bell is
 * never missed, the end waits for all. Under TSan. */
#include <poll.h>

#include "test/support/desk.h"

#define EVENTS 3000u
#define WAIT_MS 20000

static void begin(struct desk *d, uint32_t ring_n)
{
    desk_begin(d);
    desk_close(d);
    d->args.hooks.is_manual = false;
    d->args.ring_n = ring_n;
    desk_open(d);
}

/* Waits for the bell until this id is committed. */
static void await(struct desk *d, uint64_t id)
{
    struct pollfd rung = {.fd = journal_fd(d->journal), .events = POLLIN};
    while (d->port.committed_id(d->port.arg) < id) {
        assert_int_equal(poll(&rung, 1, WAIT_MS), 1);
        journal_fd_clear(d->journal);
    }
}

static void each_append_is_heard_even_one_at_a_time(void **state)
{
    (void)state;
    struct desk d;
    begin(&d, 256);
    for (unsigned i = 0; i < 200; i++) {
        desk_append(&d, 1);
        await(&d, d.next_id - 1);
    }
    desk_end(&d);
}

static void a_fast_producer_meets_a_full_ring_and_nothing_is_lost(void **state)
{
    (void)state;
    struct desk d;
    unsigned refused_n = 0;
    begin(&d, 128);
    while (d.next_id <= EVENTS) {
        ms_t at = EVENTS_BEGIN_AT + (ms_t)d.next_id;
        if (desk_append_at(&d, 3, at))
            continue;
        refused_n++;
        await(&d, d.port.committed_id(d.port.arg) + 1);
    }
    uint64_t last_id = d.next_id - 1;
    desk_close(&d);
    desk_open(&d);
    assert_true(refused_n > 0);
    assert_int_equal(desk_read(&d, 0), 0);
    assert_int_equal(d.seen_n, last_id);
    desk_end(&d);
}

static void snapshots_from_the_main_thread_reach_the_disk(void **state)
{
    (void)state;
    struct desk d;
    uint8_t bytes[20000] = {1};
    struct journal_snapshot s = {.version = 1, .bytes = bytes, .n = sizeof(bytes)}, got;
    begin(&d, 1024);
    for (unsigned i = 0; i < 50; i++) {
        desk_append(&d, 3);
        s.last_id = d.next_id - 1;
        assert_int_equal(d.port.snapshot_put(d.port.arg, &s), 0);
    }
    desk_close(&d);
    desk_open(&d);
    assert_int_equal(d.port.snapshot_get(d.port.arg, &got), 0);
    assert_int_equal(got.n, sizeof(bytes));
    assert_int_equal(got.last_id, 150);
    desk_end(&d);
}

static void health_may_be_asked_while_the_writer_works(void **state)
{
    (void)state;
    struct desk d;
    begin(&d, 4096);
    for (unsigned i = 0; i < 500; i++) {
        desk_append(&d, 2);
        assert_int_not_equal(d.port.health(d.port.arg), JOURNAL_DOWN);
    }
    await(&d, d.next_id - 1);
    assert_int_equal(d.port.health(d.port.arg), JOURNAL_WELL);
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_append_is_heard_even_one_at_a_time),
        cmocka_unit_test(a_fast_producer_meets_a_full_ring_and_nothing_is_lost),
        cmocka_unit_test(snapshots_from_the_main_thread_reach_the_disk),
        cmocka_unit_test(health_may_be_asked_while_the_writer_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
