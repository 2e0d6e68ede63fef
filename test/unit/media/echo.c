/* echo.c — what is said comes back 300 ms later: in its place, without what was lost or late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/echo.h"

#define FRAME 160
#define FRAME_MS 20
#define SSRC 7

/* The k-th frame of a sender: all of its bytes are k + 1. Comes late_ms after its time. */
static void hear(struct echo *e, unsigned k, ms_t late_ms)
{
    uint8_t codes[FRAME];
    memset(codes, (int)k + 1, sizeof(codes));
    const struct echo_packet p = {.ssrc = SSRC,
                                  .ticks = UINT32_MAX - 1000 + k * FRAME, /* past the wrap */
                                  .codes = codes,
                                  .n = FRAME,
                                  .at = 5000 + (ms_t)k * FRAME_MS + late_ms};
    echo_take(e, &p);
}

/* What is sent back in the frame that begins ms after the first packet came. */
static uint8_t given(struct echo *e, ms_t ms)
{
    uint8_t to[FRAME];
    echo_give(e, 5000 + ms, to, FRAME);
    for (unsigned i = 1; i < FRAME; i++)
        assert_int_equal(to[i], to[0]);
    return to[0];
}

static struct echo *begun(void)
{
    struct echo *e = malloc(sizeof(*e));
    assert_non_null(e);
    echo_begin(e, MEDIA_PCMA);
    return e;
}

static void each_frame_comes_back_300_ms_later(void **state)
{
    (void)state;
    struct echo *e = begun();
    assert_int_equal(given(e, 0), G711_A_SILENCE); /* before anything was heard */
    for (unsigned k = 0; k < 200; k++) {
        hear(e, k, 0);
        uint8_t want = k < 15 ? G711_A_SILENCE : (uint8_t)(k - 15 + 1);
        assert_int_equal(given(e, (ms_t)k * FRAME_MS), want);
    }
    free(e);
}

static void what_is_lost_is_a_hole_and_what_is_late_is_not(void **state)
{
    (void)state;
    struct echo *e = begun();
    hear(e, 0, 0);
    hear(e, 2, 0);
    hear(e, 3, 0);
    hear(e, 1, 250); /* late, but within the delay */
    hear(e, 5, 0);   /* 4 is lost */
    for (unsigned k = 0; k < 15; k++)
        (void)given(e, (ms_t)k * FRAME_MS);
    const uint8_t want[] = {1, 2, 3, 4, G711_A_SILENCE, 6};
    for (unsigned k = 0; k < ARRAY_LEN(want); k++)
        assert_int_equal(given(e, 300 + (ms_t)k * FRAME_MS), want[k]);
    hear(e, 4, 400); /* too late for its place */
    assert_int_equal(given(e, 300 + 6 * FRAME_MS), G711_A_SILENCE);
    free(e);
}

static void nothing_is_sent_back_twice(void **state)
{
    (void)state;
    struct echo *e = begun();
    hear(e, 0, 0);
    assert_int_equal(given(e, 300), 1);
    assert_int_equal(given(e, 320), G711_A_SILENCE);
    /* once round the ring: 8,192 samples are 1,024 ms */
    for (ms_t ms = 340; ms < 3000; ms += FRAME_MS)
        assert_int_equal(given(e, ms), G711_A_SILENCE);
    free(e);
}

static void frames_that_we_left_out_are_passed_over(void **state)
{
    (void)state;
    struct echo *e = begun();
    for (unsigned k = 0; k < 10; k++)
        hear(e, k, 0);
    assert_int_equal(given(e, 300), 1);
    assert_int_equal(given(e, 300 + 5 * FRAME_MS), 6); /* 2 to 5 were never asked for */
    for (ms_t ms = 500; ms < 1600; ms += FRAME_MS)
        assert_int_equal(given(e, ms), G711_A_SILENCE);
    free(e);
}

/* Up to the end of the ring, and one sample past it. */
static void sound_from_too_far_ahead_finds_no_room(void **state)
{
    (void)state;
    struct echo *e = begun();
    uint8_t codes[ECHO_BYTES];
    memset(codes, 9, sizeof(codes));
    struct echo_packet p = {.ssrc = SSRC, .codes = codes, .n = ECHO_BYTES, .at = 5000};
    echo_take(e, &p);
    assert_int_equal(e->codes[ECHO_BYTES - 1], 9);
    p.ticks = 1;
    codes[0] = 1;
    echo_take(e, &p);
    assert_int_equal(e->codes[0], 9);
    assert_int_equal(e->codes[1], 9);
    free(e);
}

static void another_stream_of_theirs_begins_anew(void **state)
{
    (void)state;
    uint8_t codes[FRAME];
    memset(codes, 77, sizeof(codes));
    for (unsigned is_jump = 0; is_jump < 2; is_jump++) {
        struct echo *e = begun();
        hear(e, 0, 0);
        const struct echo_packet p = {.ssrc = is_jump ? SSRC : SSRC + 1,
                                      .ticks = UINT32_MAX - 1000 + FRAME + ECHO_JUMP + 1,
                                      .codes = codes,
                                      .n = FRAME,
                                      .at = 5020};
        echo_take(e, &p);
        assert_int_equal(given(e, 300), G711_A_SILENCE); /* the first is forgotten */
        assert_int_equal(given(e, 320), 77);
        free(e);
    }
}

static void silence_is_that_of_the_law(void **state)
{
    (void)state;
    struct echo *e = begun();
    echo_begin(e, MEDIA_PCMU);
    assert_int_equal(given(e, 0), G711_U_SILENCE);
    free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_frame_comes_back_300_ms_later),
        cmocka_unit_test(what_is_lost_is_a_hole_and_what_is_late_is_not),
        cmocka_unit_test(nothing_is_sent_back_twice),
        cmocka_unit_test(frames_that_we_left_out_are_passed_over),
        cmocka_unit_test(sound_from_too_far_ahead_finds_no_room),
        cmocka_unit_test(another_stream_of_theirs_begins_anew),
        cmocka_unit_test(silence_is_that_of_the_law),
    };
    return cmocka_run_group_tests_name("media/echo", tests, NULL, NULL);
}
