/* level.c — the meter of speech: tones of known power, pauses, silence, gain. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/level.h"

#define SECOND LEVEL_RATE_HZ
#define SAMPLES_MAX (40 * SECOND)

static int16_t sound[SAMPLES_MAX];

/* A tone of 1 kHz with that power in hundredths of a dB. */
static void tone(size_t from, size_t n, int cdb)
{
    double top = sqrt(2) * 32768 * pow(10, cdb / 2000.0);
    for (size_t i = 0; i < n; i++)
        sound[from + i] = (int16_t)lrint(top * sin(2 * M_PI * 1000 * (double)i / SECOND));
}

static void assert_near(int32_t got, int32_t wanted, int32_t most)
{
    if (abs(got - wanted) > most)
        fail_msg("%d cdB, %d ± %d wanted", got, wanted, most);
}

static void a_steady_tone_has_the_level_of_its_power(void **state)
{
    (void)state;
    for (int cdb = -4000; cdb <= -400; cdb += 400) {
        tone(0, 4 * SECOND, cdb);
        assert_near(level_power(sound, 4 * SECOND), cdb, 5);
        assert_near(level_speech(sound, 4 * SECOND), cdb, 10);
        assert_near(level_peak(sound, 4 * SECOND), cdb + 301, 5);
    }
}

static void pauses_longer_than_the_hangover_do_not_count(void **state)
{
    (void)state;
    memset(sound, 0, sizeof(sound));
    for (size_t i = 0; i < 3; i++)
        tone(i * 6 * SECOND, 3 * SECOND, -2400);
    assert_near(level_power(sound, 18 * SECOND), -2700, 10);
    assert_near(level_speech(sound, 18 * SECOND), -2400, 50); /* 200 ms of hangover in 3 s */
}

static void pauses_shorter_than_the_hangover_belong_to_the_speech(void **state)
{
    (void)state;
    memset(sound, 0, sizeof(sound));
    for (size_t i = 0; i < 20; i++)
        tone(i * SECOND / 5, SECOND / 10, -2000);
    assert_near(level_speech(sound, 4 * SECOND), -2300, 20);
}

static void silence_has_no_level_and_full_scale_is_zero(void **state)
{
    (void)state;
    memset(sound, 0, sizeof(sound));
    assert_int_equal(level_speech(sound, SECOND), LEVEL_SILENT_CDB);
    assert_int_equal(level_speech(sound, 0), LEVEL_SILENT_CDB);
    assert_int_equal(level_power(sound, 0), LEVEL_SILENT_CDB);
    assert_int_equal(level_peak(sound, SECOND), LEVEL_SILENT_CDB);
    for (size_t i = 0; i < SECOND; i++)
        sound[i] = INT16_MIN;
    assert_near(level_power(sound, SECOND), 0, 3);
    assert_near(level_peak(sound, SECOND), 0, 3);
    sound[0] = 1; /* one sample of the smallest size among zeros */
    memset(sound + 1, 0, sizeof(sound) - 2);
    assert_true(level_speech(sound, SECOND) > LEVEL_SILENT_CDB);
}

static void a_factor_is_ten_to_the_level(void **state)
{
    (void)state;
    for (int cdb = -8000; cdb <= 8000; cdb += 37)
        assert_near((int32_t)lrint(100 * (double)level_factor(cdb) / LEVEL_ONE),
                    (int32_t)lrint(100 * pow(10, cdb / 2000.0)),
                    1 + (int32_t)(pow(10, cdb / 2000.0) / 50));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_tone_has_the_level_of_its_power),
        cmocka_unit_test(pauses_longer_than_the_hangover_do_not_count),
        cmocka_unit_test(pauses_shorter_than_the_hangover_belong_to_the_speech),
        cmocka_unit_test(silence_has_no_level_and_full_scale_is_zero),
        cmocka_unit_test(a_factor_is_ten_to_the_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
