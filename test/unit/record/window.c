/* window.c — both sides at their instants: jitter, losses, another stream, what comes too late or
 * too early; pauses and keys, to the sample. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/window.h"

#define BEGIN_AT ((ms_t)1000000)

static struct window w;
static uint8_t pairs[10 * WINDOW_N][TAP_SIDES];

/* The sound of 20 ms that ended ms after the beginning. */
static struct tap_frame frame(enum tap_side side, ms_t ms, uint8_t code)
{
    struct tap_frame f = {.at = BEGIN_AT + ms,
                          .ssrc = 5 + side,
                          .ticks = (uint32_t)(ms * 8) + UINT32_MAX - 1000,
                          .side = (uint8_t)side,
                          .n = TAP_CODES};
    memset(f.codes, code, sizeof(f.codes));
    return f;
}

static void say(enum tap_side side, ms_t ms, uint8_t code)
{
    const struct tap_frame f = frame(side, ms, code);
    assert_true(window_put(&w, &f));
}

static size_t take(ms_t until_ms)
{
    return window_take(&w, BEGIN_AT + until_ms, pairs, ARRAY_LEN(pairs));
}

/* How many of the pairs from so many ms on hold this code on that side. */
static unsigned code_n(ms_t from, ms_t until, enum tap_side side, uint8_t code)
{
    unsigned n = 0;
    for (ms_t i = from * 8; i < until * 8; i++)
        n += pairs[i][side] == code;
    return n;
}

static void both_sides_lie_at_their_instants(void **state)
{
    (void)state;
    window_open(&w, BEGIN_AT);
    say(TAP_CALLER, 40, 1);
    say(TAP_AGENT, 50, 2);
    say(TAP_CALLER, 80, 3); /* one between was lost */
    assert_int_equal(take(100), 800);
    assert_int_equal(code_n(20, 40, TAP_CALLER, 1), 160);
    assert_int_equal(code_n(30, 50, TAP_AGENT, 2), 160);
    assert_int_equal(code_n(40, 60, TAP_CALLER, WINDOW_SILENCE), 160);
    assert_int_equal(code_n(60, 80, TAP_CALLER, 3), 160);
    assert_int_equal(code_n(0, 20, TAP_CALLER, WINDOW_SILENCE), 160);
    assert_int_equal(take(100), 0); /* given once */
}

static void jitter_and_disorder_move_nothing(void **state)
{
    (void)state;
    window_open(&w, BEGIN_AT);
    say(TAP_CALLER, 40, 1);
    struct tap_frame late = frame(TAP_CALLER, 80, 2), next = frame(TAP_CALLER, 60, 3);
    late.at += 90;
    next.at += 95;
    assert_true(window_put(&w, &late));
    assert_true(window_put(&w, &next));
    take(120);
    assert_int_equal(code_n(60, 80, TAP_CALLER, 2), 160);
    assert_int_equal(code_n(40, 60, TAP_CALLER, 3), 160);
}

static void another_stream_and_numbers_that_lost_their_way_go_by_the_clock(void **state)
{
    (void)state;
    window_open(&w, BEGIN_AT);
    say(TAP_AGENT, 40, 1);
    struct tap_frame other = frame(TAP_AGENT, 100, 2);
    other.ssrc = 99;
    other.ticks = 7;
    assert_true(window_put(&w, &other));
    struct tap_frame jump = frame(TAP_AGENT, 160, 3);
    jump.ssrc = 99;
    jump.ticks = 1u << 30;
    assert_true(window_put(&w, &jump));
    take(200);
    assert_int_equal(code_n(80, 100, TAP_AGENT, 2), 160);
    assert_int_equal(code_n(140, 160, TAP_AGENT, 3), 160);
}

static void what_comes_too_late_or_too_early_is_left_out(void **state)
{
    (void)state;
    window_open(&w, BEGIN_AT);
    struct tap_frame f = frame(TAP_CALLER, 10, 1); /* began before the beginning */
    assert_true(window_put(&w, &f));
    take(1000);
    assert_int_equal(code_n(0, 1000, TAP_CALLER, WINDOW_SILENCE), 8000);
    f = frame(TAP_CALLER, 1019, 1);
    assert_false(window_put(&w, &f));
    window_open(&w, BEGIN_AT);
    f = frame(TAP_CALLER, 2048, 1); /* the last that fits */
    assert_true(window_put(&w, &f));
    window_open(&w, BEGIN_AT);
    f = frame(TAP_CALLER, 2049, 1);
    assert_false(window_put(&w, &f));
}

/* All of it, from 0 to that instant, each 20 ms both sides say 7. */
static void talk(ms_t from, ms_t until)
{
    for (ms_t ms = from + 20; ms <= until; ms += 20) {
        say(TAP_CALLER, ms, 7);
        say(TAP_AGENT, ms, 7);
    }
}

static void a_pause_is_silence_of_both_to_the_sample(void **state)
{
    (void)state;
    window_open(&w, BEGIN_AT);
    talk(0, 1500);
    window_pause(&w, BEGIN_AT + 500, true);
    window_pause(&w, BEGIN_AT + 900, false);
    take(1500);
    assert_int_equal(code_n(0, 500, TAP_CALLER, 7), 4000);
    assert_int_equal(code_n(500, 900, TAP_CALLER, WINDOW_SILENCE), 3200);
    assert_int_equal(code_n(500, 900, TAP_AGENT, WINDOW_SILENCE), 3200);
    assert_int_equal(code_n(900, 1500, TAP_AGENT, 7), 4800);
}

static void keys_are_kept_from_before_the_first_until_three_seconds_after_the_last(void **state)
{
    (void)state;
    window_open(&w, BEGIN_AT);
    size_t n = 0;
    for (ms_t ms = 0; ms < 8000; ms += 100) {
        talk(ms, ms + 100);
        if (ms == 1000 || ms == 2000)
            window_key(&w, BEGIN_AT + ms);
        n += window_take(&w, BEGIN_AT + ms - WINDOW_LATE_MS, pairs + n, ARRAY_LEN(pairs) - n);
    }
    assert_int_equal(code_n(0, 700, TAP_CALLER, 7), 5600);
    assert_int_equal(code_n(700, 5000, TAP_CALLER, WINDOW_SILENCE), 4300 * 8);
    assert_int_equal(code_n(700, 5000, TAP_AGENT, WINDOW_SILENCE), 4300 * 8);
    assert_int_equal(code_n(5000, 7000, TAP_CALLER, 7), 2000 * 8);
}

static void an_agent_who_goes_on_does_not_bare_a_key(void **state)
{
    (void)state;
    window_open(&w, BEGIN_AT);
    window_pause(&w, BEGIN_AT + 500, true);
    window_key(&w, BEGIN_AT + 1000);
    window_pause(&w, BEGIN_AT + 1200, false);
    talk(0, 2000);
    take(2000);
    assert_int_equal(code_n(500, 2000, TAP_CALLER, WINDOW_SILENCE), 1500 * 8);
    assert_int_equal(code_n(0, 500, TAP_CALLER, 7), 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_lie_at_their_instants),
        cmocka_unit_test(jitter_and_disorder_move_nothing),
        cmocka_unit_test(another_stream_and_numbers_that_lost_their_way_go_by_the_clock),
        cmocka_unit_test(what_comes_too_late_or_too_early_is_left_out),
        cmocka_unit_test(a_pause_is_silence_of_both_to_the_sample),
        cmocka_unit_test(keys_are_kept_from_before_the_first_until_three_seconds_after_the_last),
        cmocka_unit_test(an_agent_who_goes_on_does_not_bare_a_key),
    };
    return cmocka_run_group_tests_name("record/window", tests, NULL, NULL);
}
