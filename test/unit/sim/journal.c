/* journal.c — the false journal keeps the promises of the port: bounded ring, committed means
 * there after a crash, torn batches cut, snapshots that never run ahead. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/journal.h"

#define RING 128

struct bench {
    struct sim_disk disk;
    struct sim_journal *j;
    const struct journal_port *port;
    ms_t now_at;
};

static void open_journal(struct bench *b)
{
    struct sim_journal_args args = {
        .disk = &b->disk, .ring_events = RING, .commit_ms_min = 5, .commit_ms_max = 5};
    b->j = sim_journal_open(&args);
    b->port = sim_journal_port(b->j);
}

static void bench_open(struct bench *b, uint64_t seed)
{
    sim_disk_open(&b->disk, seed);
    b->now_at = 0;
    open_journal(b);
}

static void bench_drop(struct bench *b)
{
    sim_journal_drop(b->j);
    sim_disk_drop(&b->disk);
}

static bool put(struct bench *b, uint64_t first_id, unsigned n)
{
    struct event ev[JOURNAL_APPEND_MAX];
    memset(ev, 0, sizeof(ev));
    for (unsigned i = 0; i < n; i++) {
        ev[i].kind = EV_SHED;
        ev[i].id = first_id + i;
        ev[i].shed.n = (uint32_t)(first_id + i);
    }
    return b->port->append(b->port->arg, ev, n, NULL, 0);
}

static void run_for(struct bench *b, ms_t ms)
{
    for (ms_t end = b->now_at + ms; b->now_at < end; b->now_at++)
        sim_journal_run(b->j, b->now_at);
}

static bool count(const struct event *ev, void *arg)
{
    uint64_t *n = arg;
    assert_int_equal(ev->id, *n + 1);
    assert_int_equal(ev->shed.n, ev->id);
    *n = ev->id;
    return true;
}

static uint64_t events_n(const struct bench *b)
{
    uint64_t n = 0, last_good_id;
    assert_int_equal(b->port->read(b->port->arg, 0, count, &n, &last_good_id), 0);
    assert_int_equal(n, last_good_id);
    return n;
}

static void the_ring_takes_its_bound_and_not_one_more(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, 1);
    assert_true(put(&b, 1, 63));
    assert_true(b.port->has_room(b.port->arg));
    assert_int_equal(b.port->health(b.port->arg), JOURNAL_WELL);
    assert_true(put(&b, 64, 1));
    assert_false(b.port->has_room(b.port->arg));
    assert_int_equal(b.port->health(b.port->arg), JOURNAL_BEHIND);
    assert_true(put(&b, 65, 64));
    assert_false(put(&b, 129, 1));
    assert_int_equal(b.port->committed_id(b.port->arg), 0);
    run_for(&b, 20);
    assert_int_equal(b.port->committed_id(b.port->arg), 128);
    assert_true(put(&b, 129, 1));
    bench_drop(&b);
}

static void committed_means_there_after_any_crash(void **state)
{
    (void)state;
    for (uint64_t op = 1; op < 40; op++) {
        struct bench b;
        bench_open(&b, op);
        b.disk.crash_at = op;
        for (uint64_t id = 1; id < 40; id += 3) {
            put(&b, id, 3);
            run_for(&b, 3);
        }
        uint64_t committed = b.port->committed_id(b.port->arg);
        assert_int_equal(b.disk.is_dead, op <= b.disk.ops_n);
        sim_disk_reboot(&b.disk);
        sim_journal_drop(b.j);
        open_journal(&b);
        uint64_t kept = b.port->committed_id(b.port->arg);
        assert_true(kept >= committed && kept % 3 == 0);
        assert_int_equal(events_n(&b), kept);
        /* And it goes on from there. */
        assert_true(put(&b, kept + 1, 1));
        run_for(&b, 20);
        assert_int_equal(events_n(&b), kept + 1);
        bench_drop(&b);
    }
}

static int keep(const struct bench *b, uint64_t last_id)
{
    static const uint8_t bytes[100] = {7};
    struct journal_snapshot s = {
        .version = 1, .last_id = last_id, .hash = 99, .bytes = bytes, .n = sizeof(bytes)};
    return b->port->snapshot_put(b->port->arg, &s);
}

static void a_snapshot_waits_for_the_commit_of_its_last_event(void **state)
{
    (void)state;
    struct bench b;
    struct journal_snapshot s;
    bench_open(&b, 1);
    put(&b, 1, 10);
    assert_int_equal(keep(&b, 10), 0);
    assert_int_equal(b.port->snapshot_get(b.port->arg, &s), ENOENT);
    run_for(&b, 20);
    assert_int_equal(b.port->snapshot_get(b.port->arg, &s), 0);
    assert_int_equal(s.last_id, 10);
    assert_int_equal(s.hash, 99);
    assert_int_equal(s.n, 100);
    assert_int_equal(s.bytes[0], 7);
    bench_drop(&b);
}

static void a_torn_snapshot_leaves_the_one_before(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 50; seed++) {
        struct bench b;
        struct journal_snapshot s;
        bench_open(&b, seed);
        put(&b, 1, 10);
        keep(&b, 10);
        run_for(&b, 20);
        put(&b, 11, 10);
        keep(&b, 20);
        b.disk.crash_at = b.disk.ops_n + 4 + seed % 3; /* within the second snapshot */
        run_for(&b, 20);
        assert_true(b.disk.is_dead);
        sim_disk_reboot(&b.disk);
        sim_journal_drop(b.j);
        open_journal(&b);
        assert_int_equal(b.port->snapshot_get(b.port->arg, &s), 0);
        assert_true(s.last_id == 10 || s.last_id == 20);
        assert_true(s.last_id <= b.port->committed_id(b.port->arg));
        bench_drop(&b);
    }
}

static void a_damaged_byte_in_the_middle_is_not_passed_over(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, 1);
    for (uint64_t id = 1; id <= 30; id += 10) {
        put(&b, id, 10);
        run_for(&b, 20);
    }
    b.disk.files[SIM_FILE_JOURNAL].bytes[60] ^= 1;
    uint64_t n = 0, last_good_id = 0;
    b.port->read(b.port->arg, 0, count, &n, &last_good_id);
    assert_int_equal(n, 0); /* the first batch is the damaged one: nothing after it is believed */
    bench_drop(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_takes_its_bound_and_not_one_more),
        cmocka_unit_test(committed_means_there_after_any_crash),
        cmocka_unit_test(a_snapshot_waits_for_the_commit_of_its_last_event),
        cmocka_unit_test(a_torn_snapshot_leaves_the_one_before),
        cmocka_unit_test(a_damaged_byte_in_the_middle_is_not_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
