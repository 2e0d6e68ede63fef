/* record.c — the recorder by its port: a conversation becomes a file that has both sides at their
 * instants; pauses; bounds; a disk that is full ends recordings, and it tries again later. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "record/record.h"
#include "record/window.h"
#include "test/support/shelf.h"

#define RING_N 1024
#define CALLS_MAX 3

static ms_t now = 5000000; /* of the boot clock */
static uint8_t pairs[20 * RECORD_CHUNK_PAIRS][TAP_SIDES];

static ms_t boot_ms(void)
{
    return now;
}

static ms_t wall_at(void)
{
    return now + 1794819600000;
}

struct desk {
    struct shelf shelf;
    struct tap_ring tap;
    void *memory;
    struct record *record;
    struct record_port port;
};

static void desk_open(struct desk *d)
{
    memset(d, 0, sizeof(*d));
    shelf_open(&d->shelf);
    d->memory = malloc(ring_bytes(RING_N, sizeof(struct tap_frame)));
    assert_non_null(d->memory);
    ring_open(&d->tap.ring, d->memory, RING_N, sizeof(struct tap_frame));
    struct record_args args = {.folder = d->shelf.folder,
                               .calls_max = CALLS_MAX,
                               .retention_days = 30,
                               .taps = &d->tap,
                               .taps_n = 1,
                               .boot_ms = boot_ms,
                               .wall_at = wall_at,
                               .is_manual = true};
    memcpy(args.key, d->shelf.key, sizeof(args.key));
    assert_int_equal(record_open(&d->record, &args), 0);
    d->port = record_port(d->record);
}

static void desk_drop(struct desk *d)
{
    record_drop(d->record);
    free(d->memory);
    shelf_drop(&d->shelf);
}

static uint32_t begin(struct desk *d, uint64_t id)
{
    const struct record_begin b = {.id = id, .call_id = 43, .queue_id = 7, .agent_id = 8};
    return d->port.begin(d->port.arg, &b);
}

static void say(struct desk *d, uint32_t number, enum tap_side side, uint8_t code)
{
    struct tap_frame f = {.at = now,
                          .recording = number,
                          .ssrc = 1,
                          .ticks = (uint32_t)now * 8,
                          .side = (uint8_t)side,
                          .n = TAP_CODES};
    memset(f.codes, code, sizeof(f.codes));
    assert_true(ring_push(&d->tap.ring, &f, 1));
}

/* Both say their code for so long, in packets of 20 ms; a turn each 100 ms. */
static void talk(struct desk *d, uint32_t number, ms_t ms)
{
    for (ms_t i = 20; i <= ms; i += 20) {
        now += 20;
        say(d, number, TAP_CALLER, 0x11);
        say(d, number, TAP_AGENT, 0x22);
        if (i % 100 == 0)
            record_turn(d->record);
    }
}

static void pass(struct desk *d, ms_t ms)
{
    for (ms_t i = 0; i < ms; i += 100) {
        now += 100;
        record_turn(d->record);
    }
}

static unsigned code_n(ms_t from, ms_t until, enum tap_side side, uint8_t code)
{
    unsigned n = 0;
    for (ms_t i = from * 8; i < until * 8; i++)
        n += pairs[i][side] == code;
    return n;
}

static void a_conversation_is_a_file_with_both_sides(void **state)
{
    (void)state;
    struct desk d;
    struct record_head head;
    size_t n;
    desk_open(&d);
    uint32_t number = begin(&d, 46);
    assert_true(number > 0);
    ms_t begun_at = wall_at();
    talk(&d, number, 3000);
    d.port.end(d.port.arg, number);
    say(&d, number, TAP_CALLER, 0x33); /* came as it ended */
    now += 20;
    say(&d, number, TAP_CALLER, 0x44); /* and after */
    pass(&d, 1000);
    assert_int_equal(shelf_read(&d.shelf, "46.rec", pairs, &n), 0);
    assert_int_equal(n, 3000 * 8);
    assert_int_equal(code_n(0, 2980, TAP_CALLER, 0x11), 2980 * 8);
    assert_int_equal(code_n(2980, 3000, TAP_CALLER, 0x33), 160);
    assert_int_equal(code_n(0, 3000, TAP_AGENT, 0x22), 3000 * 8);
    assert_int_equal(record_head_read(&head, shelf_path(&d.shelf, "46.rec")), 0);
    assert_int_equal(head.begun_at, begun_at);
    assert_int_equal(head.agent_id, 8);
    struct record_totals t = record_totals(d.record);
    assert_true(t.made_n == 1 && t.open_n == 0 && t.err == 0 && t.left_out_n == 0);
    desk_drop(&d);
}

static void what_was_paused_or_keyed_is_not_in_it(void **state)
{
    (void)state;
    struct desk d;
    size_t n;
    desk_open(&d);
    uint32_t number = begin(&d, 46);
    talk(&d, number, 1000);
    d.port.pause(d.port.arg, number, true);
    talk(&d, number, 1000);
    d.port.pause(d.port.arg, number, false);
    talk(&d, number, 2000);
    d.port.key(d.port.arg, number);
    talk(&d, number, 4000);
    d.port.end(d.port.arg, number);
    pass(&d, 1000);
    assert_int_equal(shelf_read(&d.shelf, "46.rec", pairs, &n), 0);
    assert_int_equal(n, 8000 * 8);
    assert_int_equal(code_n(1000, 2000, TAP_CALLER, WINDOW_SILENCE), 8000);
    assert_int_equal(code_n(2000, 3700, TAP_CALLER, 0x11), 1700 * 8);
    assert_int_equal(code_n(3700, 7000, TAP_CALLER, WINDOW_SILENCE), 3300 * 8);
    assert_int_equal(code_n(3700, 7000, TAP_AGENT, WINDOW_SILENCE), 3300 * 8);
    assert_int_equal(code_n(7000, 8000, TAP_AGENT, 0x22), 8000);
    desk_drop(&d);
}

static void two_conversations_are_two_files_and_a_stranger_none(void **state)
{
    (void)state;
    struct desk d;
    size_t n;
    desk_open(&d);
    uint32_t a = begin(&d, 1), b = begin(&d, 2);
    assert_true(a != b);
    now += 20;
    say(&d, a, TAP_CALLER, 1);
    say(&d, b, TAP_CALLER, 2);
    say(&d, 999, TAP_CALLER, 3);
    d.port.end(d.port.arg, a);
    d.port.end(d.port.arg, b);
    pass(&d, 1000);
    assert_int_equal(shelf_read(&d.shelf, "1.rec", pairs, &n), 0);
    assert_int_equal(code_n(0, 20, TAP_CALLER, 1), 160);
    assert_int_equal(shelf_read(&d.shelf, "2.rec", pairs, &n), 0);
    assert_int_equal(code_n(0, 20, TAP_CALLER, 2), 160);
    assert_int_equal(shelf_n(&d.shelf), 2);
    desk_drop(&d);
}

static void past_the_bound_nothing_is_recorded_until_one_has_ended(void **state)
{
    (void)state;
    struct desk d;
    uint32_t numbers[CALLS_MAX];
    desk_open(&d);
    for (unsigned i = 0; i < CALLS_MAX; i++)
        assert_true((numbers[i] = begin(&d, 10 + i)) > 0);
    assert_int_equal(begin(&d, 20), 0);
    assert_int_equal(record_totals(d.record).refused_n, 1);
    d.port.end(d.port.arg, numbers[0]);
    assert_true(begin(&d, 21) > 0); /* at once: the other is still being written */
    pass(&d, 1000);
    assert_int_equal(record_totals(d.record).failed_n, 0);
    assert_int_equal(shelf_n(&d.shelf), CALLS_MAX + 1);
    desk_drop(&d);
}

static void a_process_that_ends_ends_its_files(void **state)
{
    (void)state;
    struct desk d;
    size_t n;
    desk_open(&d);
    uint32_t number = begin(&d, 46);
    talk(&d, number, 500);
    record_drop(d.record);
    d.record = NULL;
    assert_int_equal(shelf_read(&d.shelf, "46.rec", pairs, &n), 0);
    assert_int_equal(n, 500 * 8);
    desk_drop(&d);
}

static void a_full_disk_ends_recordings_alone_and_later_they_begin_again(void **state)
{
    (void)state;
    struct desk d;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct rlimit before, small;
    size_t n;
    desk_open(&d);
    assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){20000, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    uint32_t number = begin(&d, 46);
    talk(&d, number, 4000);
    assert_int_equal(record_totals(d.record).err, EFBIG);
    assert_int_equal(record_totals(d.record).failed_n, 1);
    uint32_t lost = 0;
    assert_true(d.port.next_lost(d.port.arg, &lost));
    assert_int_equal(lost, number);
    assert_false(d.port.next_lost(d.port.arg, &lost)); /* told once */
    assert_int_equal(begin(&d, 47), 0);                /* not yet again */
    d.port.key(d.port.arg, number);                    /* nobody is hurt by what still comes */
    d.port.pause(d.port.arg, number, true);
    talk(&d, number, 200);
    d.port.end(d.port.arg, number);
    pass(&d, 1000);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(shelf_read(&d.shelf, "46.rec", pairs, &n), ENODATA);
    assert_int_equal(n, RECORD_CHUNK_PAIRS); /* the second that reached the disk */
    now += RECORD_RETRY_MS;
    number = begin(&d, 48);
    assert_true(number > 0);
    talk(&d, number, 1000);
    d.port.end(d.port.arg, number);
    pass(&d, 1000);
    assert_int_equal(record_totals(d.record).err, 0);
    assert_int_equal(shelf_read(&d.shelf, "48.rec", pairs, &n), 0);
    desk_drop(&d);
}

/* A thread that hears nothing for thousands of orders: what was to be paused is not kept. */
static void what_could_not_be_paused_is_not_recorded(void **state)
{
    (void)state;
    struct desk d;
    uint32_t lost = 0;
    size_t n;
    desk_open(&d);
    uint32_t number = begin(&d, 46);
    for (unsigned i = 0; i < RECORD_ORDERS_N + 10; i++)
        d.port.key(d.port.arg, number);
    now += 20;
    say(&d, number, TAP_CALLER, 0x11);
    pass(&d, 2000);
    assert_true(d.port.next_lost(d.port.arg, &lost) && lost == number);
    d.port.end(d.port.arg, number);
    pass(&d, 1000);
    assert_int_equal(shelf_read(&d.shelf, "46.rec", pairs, &n), ENODATA);
    assert_int_equal(n, 0);
    assert_int_equal(record_totals(d.record).open_n, 0);
    desk_drop(&d);
}

static void what_is_too_old_is_purged_at_the_start_and_each_hour(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    const struct record_head old = {.id = 5, .begun_at = wall_at() - (ms_t)31 * 86400000};
    shelf_make(&d.shelf, &old, 10);
    record_turn(d.record);
    assert_int_equal(record_totals(d.record).purged_n, 1);
    const struct record_head again = {.id = 6, .begun_at = wall_at() - (ms_t)31 * 86400000};
    shelf_make(&d.shelf, &again, 10);
    now += 3599999;
    record_turn(d.record);
    assert_int_equal(record_totals(d.record).purged_n, 1);
    now += 1;
    record_turn(d.record);
    assert_int_equal(record_totals(d.record).purged_n, 2);
    desk_drop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_is_a_file_with_both_sides),
        cmocka_unit_test(what_was_paused_or_keyed_is_not_in_it),
        cmocka_unit_test(two_conversations_are_two_files_and_a_stranger_none),
        cmocka_unit_test(past_the_bound_nothing_is_recorded_until_one_has_ended),
        cmocka_unit_test(a_process_that_ends_ends_its_files),
        cmocka_unit_test(a_full_disk_ends_recordings_alone_and_later_they_begin_again),
        cmocka_unit_test(what_could_not_be_paused_is_not_recorded),
        cmocka_unit_test(what_is_too_old_is_purged_at_the_start_and_each_hour),
    };
    return cmocka_run_group_tests_name("record/record", tests, NULL, NULL);
}
