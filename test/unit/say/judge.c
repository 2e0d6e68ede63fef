/* judge.c — each fault of a file is found, at its bound and past it, and said in words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/level.h"
#include "say/judge.h"

#define SOUND_MAX (8000 * 130)
#define ID PROMPT_QUEUE_ENTER /* 3 s at most, 2.4 s computed */

static int16_t sound[SOUND_MAX];

/* A tone at that level between two silences; how many samples. */
static size_t put(unsigned before_ms, unsigned ms, unsigned after_ms, int cdb)
{
    double top = sqrt(2) * 32768 * pow(10, cdb / 2000.0);
    size_t first = before_ms * 8u, last = first + ms * 8u, n = last + after_ms * 8u;
    assert_true(n <= SOUND_MAX);
    memset(sound, 0, sizeof(sound));
    for (size_t i = first; i < last; i++)
        sound[i] = (int16_t)lrint(top * sin(2 * M_PI * 500 * (double)i / 8000));
    return n;
}

static unsigned faults(enum prompt_id id, size_t n)
{
    struct say_judged j = {.id = id};
    say_judge(&j, sound, n);
    return j.faults;
}

static void a_good_file_has_no_fault(void **state)
{
    (void)state;
    assert_int_equal(faults(ID, put(150, 2000, 300, -2400)), 0);
    assert_int_equal(faults(PROMPT_MUSIC_WAIT, put(0, 60000, 0, -2900)), 0);
    assert_int_equal(faults(PROMPT_TONE_BEEP, put(0, 80, 0, -3300)), 0);
}

static void levels_are_held_to_a_decibel_and_a_half(void **state)
{
    (void)state;
    assert_int_equal(faults(ID, put(150, 2000, 300, -2260)), 0);
    assert_int_equal(faults(ID, put(150, 2000, 300, -2180)), SAY_TOO_LOUD);
    assert_int_equal(faults(ID, put(150, 2000, 300, -2480)), 0);
    assert_int_equal(faults(ID, put(150, 2000, 300, -2600)), SAY_TOO_QUIET);
    assert_int_equal(faults(PROMPT_MUSIC_WAIT, put(0, 60000, 0, -2400)), SAY_TOO_LOUD);
    assert_int_equal(faults(PROMPT_MUSIC_WAIT, put(0, 60000, 0, -3100)), SAY_TOO_QUIET);
}

static void a_peak_is_found(void **state)
{
    (void)state;
    size_t n = put(150, 2000, 300, -2400);
    sound[4000] = 30000;
    assert_int_equal(faults(ID, n), SAY_PEAKS);
}

static void lengths_are_held_to_the_table(void **state)
{
    (void)state;
    assert_int_equal(faults(ID, put(150, 3100, 300, -2400)), 0);
    assert_int_equal(faults(ID, put(150, 3200, 300, -2400)), SAY_TOO_LONG);
    size_t n = put(150, 500, 300, -2400);
    assert_int_equal(faults(ID, n) & ~(unsigned)SAY_TOO_QUIET, SAY_TOO_SHORT);
    struct say_judged own = {.id = ID, .is_own = true};
    say_judge(&own, sound, n);
    assert_false(own.faults & SAY_TOO_SHORT);
}

static void silences_are_held_to_the_table(void **state)
{
    (void)state;
    assert_int_equal(faults(ID, put(200, 2000, 300, -2400)), 0);
    assert_int_equal(faults(ID, put(220, 2000, 300, -2400)), SAY_BEFORE);
    assert_int_equal(faults(ID, put(90, 2000, 300, -2400)), SAY_BEFORE);
    assert_int_equal(faults(ID, put(150, 2000, 400, -2400)), 0);
    assert_int_equal(faults(ID, put(150, 2000, 420, -2400)), SAY_AFTER);
    size_t n = put(150, 2000, 300, -2400);
    for (size_t i = 0; i < 400; i++)
        sound[i] = i % 2 ? 40 : -40; /* −58,3 dBov: noise, not yet a sound */
    assert_int_equal(faults(ID, n), SAY_NOISY);
}

static void silence_itself_is_too_quiet(void **state)
{
    (void)state;
    memset(sound, 0, sizeof(sound));
    assert_true(faults(ID, 20000) & SAY_TOO_QUIET);
    assert_true(faults(ID, 0) & SAY_TOO_SHORT);
}

static void a_fault_says_what_is_and_what_is_wanted(void **state)
{
    (void)state;
    struct say_judged j = {
        .id = ID,
        .measure = {
            .level_cdb = -2013, .peak_cdb = 0, .ms = 4250, .before_ms = 20, .noise_cdb = -4000}};
    static const struct {
        enum say_fault fault;
        const char *words;
    } rows[] = {
        {SAY_TOO_LOUD, "trop fort\u00a0: −20,1 dBov, au lieu de −24 ± 1,5"},
        {SAY_TOO_QUIET, "trop faible\u00a0: −20,1 dBov, au lieu de −24 ± 1,5"},
        {SAY_PEAKS, "crête à 0,0 dBFS, −3 au plus"},
        {SAY_TOO_LONG, "trop long\u00a0: 4,3 s, au plus 3,0 s"},
        {SAY_TOO_SHORT, "trop court pour ces mots\u00a0: 4,3 s, environ 2,4 s"},
        {SAY_NOISY, "bruit de fond à −40,0 dBov, −60 au plus"},
        {SAY_BEFORE, "silence avant\u00a0: 20 ms, au lieu de 150 ± 50"},
        {SAY_AFTER, "silence après\u00a0: 0 ms, au lieu de 300 ± 100"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        char text[200];
        struct text_out out = {.p = text, .max = sizeof(text) - 1};
        say_fault_text(&out, &j, rows[i].fault);
        text[out.n] = '\0';
        assert_string_equal(text, rows[i].words);
    }
}

static void words_of_the_moment_and_of_humans_have_no_file(void **state)
{
    (void)state;
    assert_false(say_has_file(PROMPT_NONE, PROMPT_FR));
    assert_false(say_has_file(PROMPT_NOTICE_DAY, PROMPT_FR));
    assert_false(say_has_file(PROMPT_CB_SAY, PROMPT_EN));
    assert_false(say_has_file(PROMPT_HALF_01_F, PROMPT_FR));
    assert_true(say_has_file(PROMPT_HALF_01_F, PROMPT_EN));
    assert_true(say_has_file(PROMPT_MUSIC_WAIT, PROMPT_EN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_has_no_fault),
        cmocka_unit_test(levels_are_held_to_a_decibel_and_a_half),
        cmocka_unit_test(a_peak_is_found),
        cmocka_unit_test(lengths_are_held_to_the_table),
        cmocka_unit_test(silences_are_held_to_the_table),
        cmocka_unit_test(silence_itself_is_too_quiet),
        cmocka_unit_test(a_fault_says_what_is_and_what_is_wanted),
        cmocka_unit_test(words_of_the_moment_and_of_humans_have_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
