/* wav.c — WAV files of other rates and widths, cut at every byte, and the head of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/wav.h"

#define SOUND_BYTES 48

/* A file of that form whose sound is 48 bytes, given by the caller. */
static size_t file(uint8_t *to, unsigned channels, unsigned bits, const uint8_t *sound)
{
    wav_write_head(to, SOUND_BYTES / 2);
    to[22] = (uint8_t)channels;
    to[34] = (uint8_t)bits;
    memcpy(to + WAV_HEAD_BYTES, sound, SOUND_BYTES);
    return WAV_HEAD_BYTES + SOUND_BYTES;
}

static void what_we_write_we_read(void **state)
{
    (void)state;
    uint8_t bytes[WAV_HEAD_BYTES + SOUND_BYTES], sound[SOUND_BYTES] = {0x34, 0x12, 0xff, 0xff};
    struct wav w;
    size_t n = file(bytes, 1, 16, sound);
    assert_int_equal(wav_read(&w, bytes, n), WAV_READ);
    assert_true(wav_is_playable(&w) && wav_is_linear(&w));
    assert_int_equal(w.frames_n, SOUND_BYTES / 2);
    assert_int_equal(wav_sample(&w, 0), 0x1234);
    assert_int_equal(wav_sample(&w, 1), -1);
}

static void a_whole_file_is_read_as_it_was_written(void **state)
{
    (void)state;
    const int16_t samples[] = {INT16_MIN, -1, 0, 1, 0x1234, INT16_MAX};
    uint8_t bytes[WAV_HEAD_BYTES + sizeof(samples)];
    int16_t got[ARRAY_LEN(samples)];
    struct wav w;
    wav_write(bytes, samples, ARRAY_LEN(samples));
    assert_int_equal(wav_read(&w, bytes, sizeof(bytes)), WAV_READ);
    assert_int_equal(w.frames_n, ARRAY_LEN(samples));
    wav_samples(got, &w);
    assert_memory_equal(got, samples, sizeof(samples));
}

static void other_widths_and_channels_become_16_bits_of_one(void **state)
{
    (void)state;
    uint8_t bytes[WAV_HEAD_BYTES + SOUND_BYTES], eight[SOUND_BYTES] = {255, 128, 0};
    uint8_t wide[SOUND_BYTES] = {9, 0x34, 0x12}, two[SOUND_BYTES] = {100, 0, 200, 0};
    struct wav w;
    assert_int_equal(wav_read(&w, bytes, file(bytes, 1, 8, eight)), WAV_READ);
    assert_false(wav_is_playable(&w));
    assert_int_equal(w.frames_n, SOUND_BYTES);
    assert_int_equal(wav_sample(&w, 0), 127 * 256);
    assert_int_equal(wav_sample(&w, 1), 0);
    assert_int_equal(wav_sample(&w, 2), INT16_MIN);
    assert_int_equal(wav_read(&w, bytes, file(bytes, 1, 24, wide)), WAV_READ);
    assert_int_equal(wav_sample(&w, 0), 0x1234);
    assert_int_equal(wav_read(&w, bytes, file(bytes, 2, 16, two)), WAV_READ);
    assert_int_equal(w.frames_n, SOUND_BYTES / 4);
    assert_int_equal(wav_sample(&w, 0), 150);
}

static void all_samples_at_once_are_those_of_one_by_one(void **state)
{
    (void)state;
    static const unsigned forms[][2] = {{1, 8}, {1, 16}, {2, 16}, {1, 24}, {2, 24}};
    uint8_t bytes[WAV_HEAD_BYTES + SOUND_BYTES], sound[SOUND_BYTES];
    for (unsigned i = 0; i < SOUND_BYTES; i++)
        sound[i] = (uint8_t)(i * 89 + 7);
    for (unsigned i = 0; i < ARRAY_LEN(forms); i++) {
        int16_t all[SOUND_BYTES] = {0};
        struct wav w;
        size_t n = file(bytes, forms[i][0], forms[i][1], sound);
        assert_int_equal(wav_read(&w, bytes, n), WAV_READ);
        wav_samples(all, &w);
        for (size_t k = 0; k < w.frames_n; k++)
            assert_int_equal(all[k], wav_sample(&w, k));
    }
}

static void a_format_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[WAV_HEAD_BYTES + SOUND_BYTES], sound[SOUND_BYTES] = {0};
    struct wav w;
    const unsigned forms[][2] = {{0, 16}, {9, 16}, {1, 0}, {1, 12}, {1, 40}};
    for (unsigned i = 0; i < ARRAY_LEN(forms); i++)
        assert_int_equal(wav_read(&w, bytes, file(bytes, forms[i][0], forms[i][1], sound)),
                         WAV_NO_FORMAT);
    size_t n = file(bytes, 8, 32, sound);
    assert_int_equal(wav_read(&w, bytes, n), WAV_READ);
    bytes[0] = 'X';
    assert_int_equal(wav_read(&w, bytes, n), WAV_NOT_RIFF);
}

/* Each shorter file in memory of its own size: a sanitizer would see a byte too many. */
static void a_file_cut_anywhere_is_read_up_to_its_end(void **state)
{
    (void)state;
    uint8_t whole[WAV_HEAD_BYTES + SOUND_BYTES], sound[SOUND_BYTES];
    memset(sound, 0x55, sizeof(sound));
    size_t n = file(whole, 1, 16, sound);
    for (size_t cut = 0; cut < n; cut++) {
        uint8_t *bytes = malloc(cut ? cut : 1);
        struct wav w;
        memcpy(bytes, whole, cut);
        enum wav_verdict v = wav_read(&w, bytes, cut);
        assert_int_equal(v == WAV_READ, cut >= WAV_HEAD_BYTES);
        for (size_t i = 0; v == WAV_READ && i < w.frames_n; i++)
            assert_int_equal(wav_sample(&w, i), 0x5555);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_write_we_read),
        cmocka_unit_test(a_whole_file_is_read_as_it_was_written),
        cmocka_unit_test(other_widths_and_channels_become_16_bits_of_one),
        cmocka_unit_test(all_samples_at_once_are_those_of_one_by_one),
        cmocka_unit_test(a_format_that_makes_no_sense_is_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_read_up_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
