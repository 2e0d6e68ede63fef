/* jitter.c — packets that come early, late, twice or never are laid out in time: what is taken out
 * is even, what is missing is made up and fades, and the delay follows the network. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/jitter.h"

#define FRAME 160
#define FRAME_MS 20
#define BEGIN_AT 5000
#define PHASE_MS 7 /* of the listener */
#define HEARD_MAX (FRAME * 4000)
#define TURN (2 * 3.14159265358979323846)

struct line {
    struct jitter jitter;
    int16_t (*sample)(int64_t i); /* what is said */
    uint32_t ssrc;
    ms_t now_at;
    size_t heard_n;
    int16_t heard[HEARD_MAX];
};

/* 200 Hz at a peak of 8,000. */
static int16_t tone(int64_t i)
{
    return (int16_t)lrint(8000 * sin(TURN * 200 * (double)i / 8000));
}

static int16_t ramp(int64_t i)
{
    return (int16_t)(1 + i % 20000);
}

/* Half a second of tone, half a second of silence. */
static int16_t talk(int64_t i)
{
    return i / 4000 % 2 ? 0 : tone(i);
}

static struct line *line_of(int16_t (*sample)(int64_t i))
{
    struct line *l = calloc(1, sizeof(*l));
    assert_non_null(l);
    jitter_begin(&l->jitter);
    l->sample = sample;
    l->ssrc = 7;
    l->now_at = BEGIN_AT - FRAME_MS;
    return l;
}

/* The k-th packet of the sender, at this instant. */
static void come(struct line *l, int64_t k, ms_t at)
{
    int16_t samples[FRAME];
    for (int i = 0; i < FRAME; i++)
        samples[i] = l->sample(k * FRAME + i);
    const struct jitter_packet p = {.ssrc = l->ssrc,
                                    .ticks = UINT32_MAX - 1000 + (uint32_t)(k * FRAME),
                                    .samples = samples,
                                    .n = FRAME,
                                    .at = at};
    jitter_take(&l->jitter, &p);
}

/* The listener takes its frames up to this instant. */
static void listen(struct line *l, ms_t until_at)
{
    for (; l->now_at + PHASE_MS <= until_at; l->now_at += FRAME_MS) {
        int32_t sum[FRAME] = {0};
        jitter_give(&l->jitter, l->now_at + PHASE_MS, sum, FRAME);
        for (unsigned i = 0; i < FRAME; i++)
            l->heard[l->heard_n++] = (int16_t)sum[i];
        assert_true(l->heard_n < HEARD_MAX);
    }
}

static ms_t due_at(int64_t k)
{
    return BEGIN_AT + (ms_t)k * FRAME_MS;
}

/* Packets k … n−1, each late_ms(k) after its time; negative: never. */
static void hear(struct line *l, int64_t from, int64_t n, ms_t (*late_ms)(int64_t k))
{
    for (int64_t k = from; k < n; k++) {
        ms_t late = late_ms ? late_ms(k) : 0;
        listen(l, due_at(k) + (late > 0 ? late - 1 : -1));
        if (late >= 0)
            come(l, k, due_at(k) + late);
    }
    listen(l, due_at(n) + FRAME_MS);
}

/* The first 5 ms of all come in softly; where the first sample after them is heard. */
#define SOFT 40
static size_t first_of(const struct line *l)
{
    size_t i = 0;
    while (i < l->heard_n && l->heard[i] != l->sample(SOFT))
        i++;
    return i;
}

/* All that was said, up to that packet, is heard as it was said. */
static void assert_whole(const struct line *l, int64_t n)
{
    size_t first = first_of(l);
    for (int64_t i = 0; i + SOFT < n * FRAME; i++)
        assert_int_equal(l->heard[first + (size_t)i], l->sample(i + SOFT));
}

static unsigned biggest_step(const struct line *l, size_t from, size_t to)
{
    unsigned most = 0;
    for (size_t i = from + 1; i < to; i++) {
        unsigned step = (unsigned)abs(l->heard[i] - l->heard[i - 1]);
        most = step > most ? step : most;
    }
    return most;
}

static int peak(const struct line *l, size_t from, size_t to)
{
    int most = 0;
    for (size_t i = from; i < to; i++)
        most = abs(l->heard[i]) > most ? abs(l->heard[i]) : most;
    return most;
}

/* ---- what comes in time --------------------------------------------------------------------- */

/* When what was taken out is heard, as if it were played as it comes. */
static ms_t heard_at(size_t i)
{
    return BEGIN_AT - FRAME_MS + PHASE_MS + (ms_t)(i / 8);
}

static void what_comes_evenly_goes_out_as_it_came_within_45_ms(void **state)
{
    (void)state;
    struct line *l = line_of(ramp);
    hear(l, 0, 500, NULL);
    assert_whole(l, 490);
    ms_t added_ms = heard_at(first_of(l)) - (due_at(0) + SOFT / 8);
    assert_int_equal(added_ms, JITTER_MARGIN_MS + FRAME_MS);
    assert_true(added_ms <= 45);
    assert_int_equal(l->jitter.late_n, 0);
    assert_int_equal(l->jitter.concealed_n, 0);
    free(l);
}

static ms_t by_up_to_nine(int64_t k)
{
    static const ms_t late[] = {0, 9, 3, 7, 1, 8, 2};
    return late[k % 7];
}

static void jitter_within_the_margin_is_not_heard(void **state)
{
    (void)state;
    struct line *l = line_of(ramp);
    hear(l, 0, 500, by_up_to_nine);
    assert_whole(l, 485);
    assert_int_equal(l->jitter.late_n, 0);
    free(l);
}

static void packets_that_come_twice_or_in_another_order_are_heard_once_in_theirs(void **state)
{
    (void)state;
    struct line *l = line_of(ramp);
    for (int64_t k = 0; k < 200; k += 2) {
        listen(l, due_at(k) - 1);
        come(l, k, due_at(k));
        come(l, k + 2, due_at(k) + 1);
        come(l, k + 1, due_at(k) + 2);
        come(l, k + 1, due_at(k) + 3);
    }
    listen(l, due_at(200));
    assert_whole(l, 185);
    free(l);
}

static void two_listeners_hear_the_same(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    int32_t a[FRAME], b[FRAME];
    for (int64_t k = 0; k < 50; k++) {
        if (k % 9)
            come(l, k, due_at(k));
        memset(a, 0, sizeof(a));
        memset(b, 0, sizeof(b));
        jitter_give(&l->jitter, due_at(k) + 5, a, FRAME);
        jitter_give(&l->jitter, due_at(k) + 5, b, FRAME);
        assert_memory_equal(a, b, sizeof(a));
    }
    free(l);
}

/* ---- the delay ------------------------------------------------------------------------------ */

static ms_t late_from_100_on(int64_t k)
{
    return k < 100 ? 0 : 40;
}

static void the_delay_grows_once_with_the_network_and_then_nothing_is_lost(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 100, NULL);
    ms_t before_ms = jitter_delay_ms(&l->jitter);
    hear(l, 100, 400, late_from_100_on);
    assert_int_equal(l->jitter.late_n, 1);
    assert_true(jitter_delay_ms(&l->jitter) >= before_ms + 30);
    assert_true(jitter_delay_ms(&l->jitter) <= before_ms + 40);
    /* One hole, softened; then the tone as before. */
    assert_true(peak(l, 300 * FRAME, 390 * FRAME) > 7800);
    assert_true(biggest_step(l, 4 * FRAME, 390 * FRAME) < 2 * 1257);
    free(l);
}

static ms_t late_once(int64_t k)
{
    return k == 50 ? 60 : 0;
}

static void the_delay_comes_back_in_the_pauses_of_the_talk(void **state)
{
    (void)state;
    struct line *l = line_of(talk);
    hear(l, 0, 60, late_once);
    assert_true(jitter_delay_ms(&l->jitter) > 50);
    hear(l, 60, 1500, NULL);
    assert_true(jitter_delay_ms(&l->jitter) <= JITTER_MARGIN_MS + JITTER_STEP_MS);
    assert_true(biggest_step(l, 4 * FRAME, 1400 * FRAME) < 2 * 1257);
    free(l);
}

static void without_a_pause_it_comes_back_by_steps_that_are_not_heard(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 60, late_once);
    ms_t before_ms = jitter_delay_ms(&l->jitter);
    hear(l, 60, 60 + 3 * JITTER_LOUD_MS / FRAME_MS + 10, NULL);
    assert_int_equal(jitter_delay_ms(&l->jitter), before_ms - 3 * JITTER_STEP_MS);
    assert_true(biggest_step(l, 200 * FRAME, 1200 * FRAME) < 2 * 1257);
    assert_true(peak(l, 1000 * FRAME, 1200 * FRAME) > 7800);
    free(l);
}

static ms_t too_late_now_and_then(int64_t k)
{
    return k % 50 == 49 ? JITTER_MARGIN_MS_MAX + 1 : 0;
}

static void what_comes_later_than_the_delay_may_be_is_left_out(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 300, too_late_now_and_then);
    assert_int_equal(jitter_delay_ms(&l->jitter), JITTER_MARGIN_MS);
    assert_true(l->jitter.late_n >= 5);
    free(l);
}

static ms_t all_too_late(int64_t k)
{
    return k < 100 ? 0 : 2 * JITTER_MARGIN_MS_MAX;
}

static void when_all_come_too_late_they_begin_anew(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 200, all_too_late);
    assert_true(peak(l, 180 * FRAME, 200 * FRAME) > 7800);
    assert_true(jitter_delay_ms(&l->jitter) <= JITTER_MARGIN_MS + JITTER_STEP_MS);
    free(l);
}

/* A sender whose clock goes a thousandth too fast, or too slow: a minute. */
static void drift(int permille)
{
    struct line *l = line_of(talk);
    for (int64_t k = 0; k < 3000; k++) {
        ms_t at = due_at(k) + (ms_t)k * FRAME_MS * permille / 1000;
        listen(l, at - 1);
        come(l, k, at);
    }
    assert_true(jitter_delay_ms(&l->jitter) <= JITTER_MARGIN_MS_MAX);
    assert_true(l->jitter.late_n < 40);
    assert_true(l->jitter.too_late_n == 0);
    assert_true(peak(l, 2800 * FRAME, l->heard_n) > 7800);
    free(l);
}

static void a_clock_that_goes_wrong_by_a_thousandth_is_followed(void **state)
{
    (void)state;
    drift(1);
    drift(-1);
}

/* ---- holes ---------------------------------------------------------------------------------- */

static ms_t one_of_25_is_lost(int64_t k)
{
    return k % 25 == 24 ? -1 : 0;
}

static void a_lost_packet_of_a_voice_is_made_up(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 250, one_of_25_is_lost);
    for (size_t i = 10 * FRAME; i < 240 * FRAME; i += FRAME)
        assert_true(peak(l, i, i + FRAME) > 5600); /* within 3 dB */
    assert_true(biggest_step(l, 4 * FRAME, 240 * FRAME) < 2 * 1257);
    assert_true(l->jitter.concealed_n > 9 * FRAME && l->jitter.concealed_n <= 10 * FRAME);
    free(l);
}

static ms_t half_a_second_is_lost(int64_t k)
{
    return k >= 50 && k < 75 ? -1 : 0;
}

static void a_long_hole_fades_to_silence(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 100, half_a_second_is_lost);
    size_t hole = 52 * FRAME + JITTER_FADED_MS * 8 + FRAME;
    assert_int_equal(peak(l, hole, hole + 15 * FRAME), 0);
    assert_true(peak(l, 85 * FRAME, 95 * FRAME) > 7800);
    assert_true(biggest_step(l, 4 * FRAME, 95 * FRAME) < 2 * 1257);
    free(l);
}

static void a_hole_in_silence_stays_silent(void **state)
{
    (void)state;
    struct line *l = line_of(talk);
    come(l, 30, due_at(30)); /* begins in the silent half second */
    listen(l, due_at(40));
    assert_int_equal(peak(l, 0, l->heard_n), 0);
    free(l);
}

/* ---- beginnings ----------------------------------------------------------------------------- */

static void another_sender_begins_where_the_first_one_ended(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 50, NULL);
    l->ssrc = 8;
    for (int64_t k = 50; k < 100; k++) {
        listen(l, due_at(k) - 1);
        come(l, k + 100000, due_at(k));
    }
    listen(l, due_at(100));
    for (size_t i = 10 * FRAME; i < 95 * FRAME; i += FRAME)
        assert_true(peak(l, i, i + FRAME) > 7000);
    free(l);
}

static void ticks_that_jump_begin_anew(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 50, NULL);
    for (int64_t k = 50; k < 100; k++) {
        listen(l, due_at(k) - 1);
        come(l, k + JITTER_JUMP_MS / FRAME_MS + 5, due_at(k));
    }
    listen(l, due_at(100));
    for (size_t i = 10 * FRAME; i < 95 * FRAME; i += FRAME)
        assert_true(peak(l, i, i + FRAME) > 7000);
    free(l);
}

static void an_empty_packet_and_one_past_the_bound_change_nothing(void **state)
{
    (void)state;
    static int16_t many[JITTER_SAMPLES];
    struct line *l = line_of(tone);
    struct jitter_packet p = {.ssrc = 7, .samples = many, .at = BEGIN_AT};
    jitter_take(&l->jitter, &p);
    p.n = JITTER_SAMPLES / 4 + 1;
    jitter_take(&l->jitter, &p);
    assert_false(l->jitter.has_begun);
    p.n = JITTER_SAMPLES / 4;
    jitter_take(&l->jitter, &p);
    assert_true(l->jitter.has_begun);
    free(l);
}

static void who_was_not_listened_to_for_long_is_heard_as_of_now(void **state)
{
    (void)state;
    struct line *l = line_of(tone);
    hear(l, 0, 50, NULL);
    for (int64_t k = 50; k < 500; k++)
        come(l, k, due_at(k));
    l->now_at = due_at(499) - FRAME_MS;
    size_t from = l->heard_n;
    for (int64_t k = 500; k < 550; k++) {
        listen(l, due_at(k) - 1);
        come(l, k, due_at(k));
    }
    assert_true(peak(l, from + 4 * FRAME, l->heard_n) > 7800);
    assert_true(biggest_step(l, from + 4 * FRAME, l->heard_n) < 2 * 1257);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_evenly_goes_out_as_it_came_within_45_ms),
        cmocka_unit_test(jitter_within_the_margin_is_not_heard),
        cmocka_unit_test(packets_that_come_twice_or_in_another_order_are_heard_once_in_theirs),
        cmocka_unit_test(two_listeners_hear_the_same),
        cmocka_unit_test(the_delay_grows_once_with_the_network_and_then_nothing_is_lost),
        cmocka_unit_test(the_delay_comes_back_in_the_pauses_of_the_talk),
        cmocka_unit_test(without_a_pause_it_comes_back_by_steps_that_are_not_heard),
        cmocka_unit_test(what_comes_later_than_the_delay_may_be_is_left_out),
        cmocka_unit_test(when_all_come_too_late_they_begin_anew),
        cmocka_unit_test(a_clock_that_goes_wrong_by_a_thousandth_is_followed),
        cmocka_unit_test(a_lost_packet_of_a_voice_is_made_up),
        cmocka_unit_test(a_long_hole_fades_to_silence),
        cmocka_unit_test(a_hole_in_silence_stays_silent),
        cmocka_unit_test(another_sender_begins_where_the_first_one_ended),
        cmocka_unit_test(ticks_that_jump_begin_anew),
        cmocka_unit_test(an_empty_packet_and_one_past_the_bound_change_nothing),
        cmocka_unit_test(who_was_not_listened_to_for_long_is_heard_as_of_now),
    };
    return cmocka_run_group_tests_name("media/jitter", tests, NULL, NULL);
}
