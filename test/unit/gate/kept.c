/* kept.c — the counts outlive a process: what gate_changed() told is all that the next life needs;
 * rows have a bound, days end, and clocks go wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/gatehouse.h"

#define DISK_MAX 8192

/* What a store does with the rows. */
static struct {
    struct gate_row rows[DISK_MAX];
    unsigned n, purges_n;
} disk;

static struct gatehouse h;

static int set_up(void **state)
{
    (void)state;
    disk.n = disk.purges_n = 0;
    gatehouse_open(&h);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gatehouse_drop(&h);
    return 0;
}

static void keep(const struct gate_row *row)
{
    unsigned i = 0;
    while (i < disk.n && disk.rows[i].key != row->key)
        i++;
    assert_true(i < DISK_MAX);
    if (!row->key) {
        disk.purges_n++;
    } else if (row->calls_n || row->cost || row->open_n) {
        disk.rows[i] = *row;
        disk.n += i == disk.n;
    } else if (i < disk.n) {
        disk.rows[i] = disk.rows[--disk.n];
    }
}

static void write_all(void)
{
    struct gate_row row;
    while (gate_changed(h.gate, &row))
        keep(&row);
}

/* kill -9, and the next start. */
static void lives_again(calendar_day today)
{
    gatehouse_begin(&h);
    gate_use_key(h.gate, (struct siphash_key){1, 2});
    for (unsigned i = 0; i < disk.n; i++)
        assert_true(gate_restore(h.gate, &disk.rows[i], today));
}

static void a_restart_hands_no_cap_out_again(void **state)
{
    (void)state;
    struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    struct gate_call dial = gatehouse_call(GATE_CALLBACK, 33612345678);
    struct gate_call agent = gatehouse_call(GATE_AGENT, 33410000010);
    h.rules.day_max_agent = 2;
    gatehouse_follow(&h);
    unsigned wishes_n = 0, dials_n = 0, calls_n = 0;
    for (unsigned life = 0; life < 20; life++) {
        wishes_n += gate_ask(h.gate, &wish) == GATE_PASSES;
        dials_n += gate_ask(h.gate, &dial) == GATE_PASSES;
        calls_n += gate_ask(h.gate, &agent) == GATE_PASSES;
        write_all();
        lives_again(GATEHOUSE_DAY);
    }
    assert_int_equal(wishes_n, 1);
    assert_int_equal(dials_n, 3);
    assert_int_equal(calls_n, 2);
    assert_int_equal(gatehouse_look(&h).calls_n[GATE_PURSE_CALLBACKS], 3);
    assert_int_equal(gatehouse_look(&h).costs[GATE_PURSE_ALL], 3 * 2500 + 2 * 1000);
    gate_settle(h.gate, &dial);
    write_all();
    lives_again(GATEHOUSE_DAY);
    assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES); /* the second of the day */
}

static void a_start_on_a_later_day_keeps_what_is_open_and_no_more(void **state)
{
    (void)state;
    struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    struct gate_call dial = gatehouse_call(GATE_CALLBACK, 33612345678);
    assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
    assert_int_equal(gate_ask(h.gate, &dial), GATE_PASSES);
    write_all();
    lives_again(GATEHOUSE_DAY + 1);
    struct gate_look look;
    gate_look(h.gate, GATEHOUSE_DAY + 1, &look);
    assert_int_equal(look.calls_n[GATE_PURSE_WISHES] + look.calls_n[GATE_PURSE_ALL], 0);
    wish.now.day = dial.now.day = GATEHOUSE_DAY + 1;
    assert_int_equal(gate_ask(h.gate, &wish), GATE_REFUSED_OPEN);
    assert_int_equal(gate_ask(h.gate, &dial), GATE_PASSES);
    assert_int_equal(gate_ask(h.gate, &dial), GATE_PASSES);
    assert_int_equal(gate_ask(h.gate, &dial), GATE_REFUSED_DIALS);
}

static void what_nobody_settles_is_forgotten_after_a_month(void **state)
{
    (void)state;
    struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
    write_all();
    lives_again(GATEHOUSE_DAY + GATE_OPEN_DAYS_MAX);
    wish.now.day = GATEHOUSE_DAY + GATE_OPEN_DAYS_MAX;
    assert_int_equal(gate_ask(h.gate, &wish), GATE_REFUSED_OPEN);
    lives_again(GATEHOUSE_DAY + GATE_OPEN_DAYS_MAX + 1);
    wish.now.day++;
    assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
}

static void a_day_that_ends_frees_its_rows_and_tells_so_once(void **state)
{
    (void)state;
    struct gate_call call = gatehouse_call(GATE_SMS, 0);
    for (unsigned i = 0; i < 50; i++) {
        call.e164 = 33612340000 + i * 10000;
        assert_int_equal(gate_ask(h.gate, &call), GATE_PASSES);
    }
    write_all();
    assert_int_equal(disk.purges_n, 1); /* of the first day */
    assert_int_equal(gatehouse_look(&h).rows_n, GATE_PURSES + 2 * 50);
    call.now.day++;
    assert_int_equal(gate_ask(h.gate, &call), GATE_PASSES);
    assert_int_equal(gatehouse_look(&h).rows_n, GATE_PURSES + 2);
    write_all();
    assert_int_equal(disk.purges_n, 2);
}

static void a_clock_that_goes_back_gives_nothing_back(void **state)
{
    (void)state;
    struct gate_call call = gatehouse_call(GATE_SMS, 33612345678);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(gate_ask(h.gate, &call), GATE_PASSES);
    call.now.day--;
    assert_int_equal(gate_ask(h.gate, &call), GATE_REFUSED_NUMBER);
    write_all();
    lives_again(GATEHOUSE_DAY - 1);
    assert_int_equal(gate_ask(h.gate, &call), GATE_REFUSED_NUMBER);
    call.now.day++; /* midnight */
    assert_int_equal(gate_ask(h.gate, &call), GATE_PASSES);
}

/* At the bound, at one past it, and at ten times. */
static void past_its_rows_what_is_new_is_refused_and_what_is_known_is_not(void **state)
{
    (void)state;
    struct gate_call wish = gatehouse_call(GATE_WISH, 0), known;
    h.rules.wishes_day_max = h.rules.range_day_max = 0;
    h.rules.wishes_day = h.rules.wishes_open = 2;
    h.rows_max = 64;
    gatehouse_begin(&h);
    const uint32_t room = (64 - GATE_PURSES) / 2; /* a number, a range */
    for (uint32_t i = 0; i < 10 * room; i++) {
        wish.e164 = 33612340000 + (uint64_t)i * 10000;
        if (i == 0)
            known = wish;
        assert_int_equal(gate_ask(h.gate, &wish), i < room ? GATE_PASSES : GATE_REFUSED_ROOM);
    }
    assert_int_equal(gatehouse_look(&h).rows_n, GATE_PURSES + 2 * room);
    assert_int_equal(gate_ask(h.gate, &known), GATE_PASSES);
    assert_int_equal(gatehouse_look(&h).hits_n, 9 * room);
    assert_int_equal(gatehouse_ask(&h, GATE_ORDINARY, 33410000010), GATE_PASSES);
    write_all();
    lives_again(GATEHOUSE_DAY); /* what fitted before fits again */
    assert_int_equal(gatehouse_look(&h).rows_n, GATE_PURSES + 2 * room);
    struct gate_row stranger = {.key = 4711, .day = GATEHOUSE_DAY, .calls_n = 1, .scope = 5};
    assert_false(gate_restore(h.gate, &stranger, GATEHOUSE_DAY));
}

static void what_is_given_back_leaves_no_row_behind(void **state)
{
    (void)state;
    const struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
        gate_give_back(h.gate, &wish);
        if (i % 2)
            write_all();
    }
    write_all();
    assert_int_equal(gatehouse_look(&h).rows_n, GATE_PURSES);
    assert_int_equal(disk.n, 0);
}

/* Neither digits nor anything that they could be read from without the key. */
static void no_number_stands_in_a_row(void **state)
{
    (void)state;
    const struct gate_call wish = gatehouse_call(GATE_WISH, 33612345678);
    struct gate_row row;
    uint64_t keys[8];
    unsigned n = 0;
    assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
    while (gate_changed(h.gate, &row)) {
        assert_true(row.key != 33612345678 && row.cost != 33612345678);
        keys[n++] = row.key;
    }
    gatehouse_begin(&h);
    gate_use_key(h.gate, (struct siphash_key){1, 3});
    assert_int_equal(gate_ask(h.gate, &wish), GATE_PASSES);
    while (gate_changed(h.gate, &row))
        for (unsigned i = 0; i < n; i++)
            assert_true(!row.key || row.key != keys[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_restart_hands_no_cap_out_again),
        TEST(a_start_on_a_later_day_keeps_what_is_open_and_no_more),
        TEST(what_nobody_settles_is_forgotten_after_a_month),
        TEST(a_day_that_ends_frees_its_rows_and_tells_so_once),
        TEST(a_clock_that_goes_back_gives_nothing_back),
        TEST(past_its_rows_what_is_new_is_refused_and_what_is_known_is_not),
        TEST(what_is_given_back_leaves_no_row_behind),
        TEST(no_number_stands_in_a_row),
    };
    return cmocka_run_group_tests_name("gate/kept", tests, NULL, NULL);
}
