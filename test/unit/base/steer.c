/* steer.c — journal time: never back, at most 1 ms a second towards the wall, jumps told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"
#include "base/steer.h"

#define BEGIN_AT ((ms_t)1790000000000)
#define HOUR_MS ((ms_t)3600000)

/* Both clocks, and what is made of them. */
struct ship {
    struct steer s;
    ms_t wall_at, boot_ms, at;
};

static struct ship ship_open(ms_t last_at)
{
    struct ship ship = {.wall_at = BEGIN_AT, .boot_ms = 5000};
    steer_open(&ship.s, ship.wall_at, ship.boot_ms, last_at);
    ship.at = ship.s.at;
    return ship;
}

static ms_t sail(struct ship *ship, ms_t by_ms)
{
    ship->wall_at += by_ms;
    ship->boot_ms += by_ms;
    ship->at = steer_now(&ship->s, ship->wall_at, ship->boot_ms);
    return ship->at;
}

/* Turns of a second; the sum of what was told, and in *told_n how often. */
static ms_t sail_and_listen(struct ship *ship, unsigned turns_n, unsigned *told_n)
{
    ms_t sum_ms = 0;
    *told_n = 0;
    for (unsigned i = 0; i < turns_n; i++) {
        sail(ship, 1000);
        ms_t by_ms = steer_step(&ship->s, ship->wall_at);
        *told_n += by_ms != 0;
        sum_ms += by_ms;
    }
    return sum_ms;
}

static void it_begins_with_the_wall_or_with_the_last_event_when_that_is_later(void **state)
{
    (void)state;
    struct ship ship = ship_open(BEGIN_AT - 1);
    assert_int_equal(ship.at, BEGIN_AT);
    ship = ship_open(BEGIN_AT + HOUR_MS);
    assert_int_equal(ship.at, BEGIN_AT + HOUR_MS);
    assert_int_equal(sail(&ship, 500), BEGIN_AT + HOUR_MS + 500);
}

static void it_never_goes_back_whatever_the_clocks_do(void **state)
{
    (void)state;
    struct prng chance;
    for (unsigned seed = 0; seed < 300; seed++) {
        struct ship ship = ship_open(BEGIN_AT);
        prng_seed(&chance, seed);
        for (unsigned i = 0; i < 500; i++) {
            ms_t before_at = ship.at;
            if (prng_chance(&chance, 100000))
                ship.wall_at += prng_between(&chance, -2 * HOUR_MS, 2 * HOUR_MS);
            if (prng_chance(&chance, 50000))
                ship.boot_ms -= prng_between(&chance, 0, 3000); /* a kernel that errs */
            sail(&ship, prng_chance(&chance, 500000) ? prng_between(&chance, 0, 3)
                                                     : prng_between(&chance, 0, 5000));
            steer_step(&ship.s, ship.wall_at);
            assert_true(ship.at >= before_at);
        }
    }
}

static void it_moves_towards_the_wall_by_a_millisecond_a_second_at_most(void **state)
{
    (void)state;
    static const ms_t gaps[] = {-HOUR_MS, -300, 300, HOUR_MS};
    for (unsigned g = 0; g < ARRAY_LEN(gaps); g++) {
        struct ship ship = ship_open(BEGIN_AT);
        ship.wall_at += gaps[g];
        ms_t way = gaps[g] > 0 ? 1 : -1;
        for (unsigned s = 1; s <= 200; s++) {
            for (unsigned i = 0; i < 100; i++) /* many small turns move no further than one */
                sail(&ship, 10);
            assert_int_equal(ship.at - BEGIN_AT, (ms_t)s * 1000 + way * (ms_t)s);
        }
    }
}

static void it_stays_on_the_wall_once_it_is_there(void **state)
{
    (void)state;
    struct ship ship = ship_open(BEGIN_AT);
    ship.wall_at += 7;
    for (unsigned s = 0; s < 100; s++)
        sail(&ship, 1000);
    assert_int_equal(ship.at, ship.wall_at);
}

static void a_jump_of_the_wall_is_told_once_however_long_it_takes_to_close(void **state)
{
    (void)state;
    unsigned told_n;
    for (int way = -1; way <= 1; way += 2) {
        struct ship ship = ship_open(BEGIN_AT);
        assert_int_equal(sail_and_listen(&ship, 10, &told_n), 0);
        ship.wall_at += way * HOUR_MS;
        assert_int_equal(sail_and_listen(&ship, 30000, &told_n), way * HOUR_MS);
        assert_int_equal(told_n, 1);
    }
}

static void a_wall_that_jumps_and_comes_back_is_told_twice(void **state)
{
    (void)state;
    unsigned told_n;
    struct ship ship = ship_open(BEGIN_AT);
    ship.wall_at += HOUR_MS;
    assert_int_equal(sail_and_listen(&ship, 100, &told_n), HOUR_MS);
    ship.wall_at -= HOUR_MS;
    assert_int_equal(sail_and_listen(&ship, 100, &told_n), -HOUR_MS);
    assert_int_equal(told_n, 1);
}

static void two_jumps_in_a_row_are_told_each_by_its_own_length(void **state)
{
    (void)state;
    unsigned told_n;
    struct ship ship = ship_open(BEGIN_AT);
    ship.wall_at += HOUR_MS;
    assert_int_equal(sail_and_listen(&ship, 1, &told_n), HOUR_MS);
    ship.wall_at += 20000;
    assert_int_equal(sail_and_listen(&ship, 1, &told_n), 20000);
}

static void a_tiny_gap_is_not_told(void **state)
{
    (void)state;
    unsigned told_n;
    struct ship ship = ship_open(BEGIN_AT);
    ship.wall_at += STEER_GAP_MS - 1;
    assert_int_equal(sail_and_listen(&ship, 1, &told_n), 0);
    ship = ship_open(BEGIN_AT);
    ship.wall_at -= STEER_GAP_MS - 1;
    assert_int_equal(sail_and_listen(&ship, 20000, &told_n), 0);
}

static void a_journal_that_is_ahead_of_the_wall_is_told_at_start(void **state)
{
    (void)state;
    struct ship ship = ship_open(BEGIN_AT + HOUR_MS);
    assert_int_equal(steer_step(&ship.s, ship.wall_at), -HOUR_MS);
    assert_int_equal(steer_step(&ship.s, ship.wall_at), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_with_the_wall_or_with_the_last_event_when_that_is_later),
        cmocka_unit_test(it_never_goes_back_whatever_the_clocks_do),
        cmocka_unit_test(it_moves_towards_the_wall_by_a_millisecond_a_second_at_most),
        cmocka_unit_test(it_stays_on_the_wall_once_it_is_there),
        cmocka_unit_test(a_jump_of_the_wall_is_told_once_however_long_it_takes_to_close),
        cmocka_unit_test(a_wall_that_jumps_and_comes_back_is_told_twice),
        cmocka_unit_test(two_jumps_in_a_row_are_told_each_by_its_own_length),
        cmocka_unit_test(a_tiny_gap_is_not_told),
        cmocka_unit_test(a_journal_that_is_ahead_of_the_wall_is_told_at_start),
    };
    return cmocka_run_group_tests_name("base/steer", tests, NULL, NULL);
}
