/* shape.c — any rate and loudness becomes a prompt: 8 kHz, −24 dBov, silences, no peak. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/level.h"
#include "speech/shape.h"

#define SECONDS 2
#define RATE_MAX SPEECH_RATE_MAX_HZ

static uint8_t bytes[RATE_MAX * SECONDS * 2];

/* A tone of that size and pitch at that rate, with a quarter of a second of silence around it. */
static struct wav tone(uint32_t rate_hz, double size, double hz)
{
    size_t n = rate_hz * SECONDS;
    for (size_t i = 0; i < n; i++) {
        bool is_silent = i < rate_hz / 4 || i >= n - rate_hz / 4;
        double at = (double)i / rate_hz;
        int v = is_silent ? 0 : (int)lrint(size * sin(2 * M_PI * hz * at));
        bytes[2 * i] = (uint8_t)v;
        bytes[2 * i + 1] = (uint8_t)((unsigned)v >> 8);
    }
    return (struct wav){.rate_hz = rate_hz,
                        .format = WAV_FORMAT_PCM,
                        .channels_n = 1,
                        .bits = 16,
                        .bytes = bytes,
                        .frames_n = n};
}

static const struct speech_shape usual = {150, 300};

static void every_rate_and_loudness_comes_to_the_level_of_the_recordings(void **state)
{
    (void)state;
    static const uint32_t rates[] = {8000,  8001,  16000, 22050,
                                     24000, 44100, 48000, SPEECH_RATE_MAX_HZ};
    static const double sizes[] = {60, 1000, 30000};
    for (unsigned i = 0; i < ARRAY_LEN(rates); i++)
        for (unsigned j = 0; j < ARRAY_LEN(sizes); j++) {
            int16_t *samples;
            size_t n;
            struct wav wav = tone(rates[i], sizes[j], 700);
            assert_int_equal(speech_shape(&samples, &n, &wav, &usual), 0);
            assert_true(abs(level_speech(samples + 1200, n - 3600) + 2400) < 60);
            assert_true(level_peak(samples, n) <= SPEECH_PEAK_CDB + 1);
            assert_true(n > 8000 * 3 / 2 + 3600 - 1 && n < 8000 * 3 / 2 + 3600 + 800);
            assert_int_equal(level_power(samples, 1200), LEVEL_SILENT_CDB);
            assert_int_equal(level_power(samples + n - 2400, 2400), LEVEL_SILENT_CDB);
            free(samples);
        }
}

static void the_pitch_stays_and_what_a_telephone_does_not_carry_goes(void **state)
{
    (void)state;
    int16_t *samples;
    size_t n, crossings_n = 0;
    struct wav wav = tone(22050, 8000, 1000);
    for (size_t i = 22050 / 4; i < 22050 * 7 / 4; i++) { /* and as much at 6 kHz */
        int v = wav_sample(&wav, i) + (int)lrint(8000 * sin(2 * M_PI * 6000 * (double)i / 22050));
        bytes[2 * i] = (uint8_t)v;
        bytes[2 * i + 1] = (uint8_t)((unsigned)v >> 8);
    }
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), 0);
    for (size_t i = 4001; i <= 12000; i++)
        crossings_n += (samples[i - 1] < 0) != (samples[i] < 0);
    assert_true(crossings_n >= 1998 && crossings_n <= 2002);
    int32_t above = level_peak(samples + 4000, 8000) - level_power(samples + 4000, 8000);
    assert_true(abs(above - 301) < 20); /* one sine is left */
    free(samples);
}

static void peaks_are_turned_down(void **state)
{
    (void)state;
    int16_t *samples;
    size_t n;
    struct wav wav = tone(8000, 300, 500);
    for (size_t i = 0; i < 5; i++)
        bytes[2 * (6000 + i * 500) + 1] = 0x7f; /* strokes 40 dB above the rest */
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), 0);
    assert_true(level_peak(samples, n) <= SPEECH_PEAK_CDB + 1);
    free(samples);
}

static void silence_and_other_forms_are_refused(void **state)
{
    (void)state;
    int16_t *samples;
    size_t n;
    struct wav wav = tone(16000, 0, 500);
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), ENODATA);
    wav.frames_n = 0;
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), ENODATA);
    wav = tone(16000, 1000, 500);
    wav.format = 7; /* µ-law */
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), EINVAL);
    wav.format = WAV_FORMAT_PCM;
    wav.rate_hz = SPEECH_RATE_MIN_HZ - 1;
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), EINVAL);
    wav.rate_hz = SPEECH_RATE_MAX_HZ + 1;
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), EINVAL);
    wav.rate_hz = SPEECH_RATE_MIN_HZ;
    wav.frames_n = (size_t)SPEECH_RATE_MIN_HZ * SPEECH_SECONDS_MAX;
    assert_int_equal(speech_shape(&samples, &n, &wav, &usual), EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rate_and_loudness_comes_to_the_level_of_the_recordings),
        cmocka_unit_test(the_pitch_stays_and_what_a_telephone_does_not_carry_goes),
        cmocka_unit_test(peaks_are_turned_down),
        cmocka_unit_test(silence_and_other_forms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
