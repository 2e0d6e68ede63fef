/* prompt.c — tests of prompts: WAV files good and bad, bounds, tones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "media/g711.h"
#include "media/prompt.h"
#include "media/tone.h"
#include "os/file.h"
#include "test/support/folder.h"

#define SAMPLES 200

struct wav {
    uint8_t bytes[1024];
    size_t n;
};

static void put_u32(uint8_t *to, uint32_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        to[i] = (uint8_t)(v >> 8 * i);
}

static void put_chunk(struct wav *w, const char *name, const void *body, size_t n)
{
    memcpy(w->bytes + w->n, name, 4);
    put_u32(w->bytes + w->n + 4, (uint32_t)n, 4);
    memcpy(w->bytes + w->n + 8, body, n);
    w->n += 8 + n + (n & 1);
}

static void wav_begin(struct wav *w)
{
    memset(w, 0, sizeof(*w));
    memcpy(w->bytes, "RIFF????WAVE", 12);
    w->n = 12;
}

static void put_format(struct wav *w, unsigned channels, unsigned hz, unsigned bits)
{
    uint8_t body[16] = {1};
    body[2] = (uint8_t)channels;
    put_u32(body + 4, hz, 4);
    put_u32(body + 8, hz * 2, 4);
    body[12] = 2;
    body[14] = (uint8_t)bits;
    put_chunk(w, "fmt ", body, sizeof(body));
}

static void put_samples(struct wav *w)
{
    uint8_t body[2 * SAMPLES];
    for (unsigned i = 0; i < SAMPLES; i++)
        put_u32(body + 2 * i, i * 100, 2);
    put_chunk(w, "data", body, sizeof(body));
}

static void good_wav(struct wav *w)
{
    wav_begin(w);
    put_format(w, 1, 8000, 16);
    put_chunk(w, "LIST", "odd", 3);
    put_samples(w);
}

static void a_wav_becomes_frames_of_both_laws_filled_up_with_silence(void **state)
{
    (void)state;
    static struct prompts p;
    struct wav w;
    struct folder f;
    uint16_t id = 99;
    folder_open(&f);
    good_wav(&w);
    assert_int_equal(os_file_write(folder_file(&f, "a.wav"), w.bytes, w.n), 0);
    assert_int_equal(media_prompts_load(&p, &id, folder_file(&f, "a.wav")), PROMPT_LOADED);
    const struct prompt *prompt = prompts_find(&p, id);
    assert_true(id == 0 && prompt && prompt->frames_n == 2);
    for (unsigned law = 0; law < 2; law++)
        for (unsigned i = 0; i < 320; i++)
            assert_int_equal(
                prompt->codes[law][i],
                g711_encode((enum media_codec)law, (int16_t)(i < SAMPLES ? i * 100 : 0)));
    assert_null(prompts_find(&p, 1));
    assert_null(prompts_find(&p, MEDIA_PROMPT_NONE));
    prompts_drop(&p);
    folder_drop(&f);
}

static void raw_samples_are_known_by_their_name(void **state)
{
    (void)state;
    static struct prompts p;
    struct folder f;
    uint16_t id;
    uint8_t bytes[322] = {1, 2};
    folder_open(&f);
    assert_int_equal(os_file_write(folder_file(&f, "a.raw"), bytes, sizeof(bytes)), 0);
    assert_int_equal(media_prompts_load(&p, &id, folder_file(&f, "a.raw")), PROMPT_LOADED);
    assert_int_equal(prompts_find(&p, id)->frames_n, 2);
    assert_int_equal(os_file_write(folder_file(&f, "a.wav"), bytes, sizeof(bytes)), 0);
    assert_int_equal(media_prompts_load(&p, &id, folder_file(&f, "a.wav")), PROMPT_NOT_WAV);
    assert_int_equal(media_prompts_load(&p, &id, folder_file(&f, "none.wav")), PROMPT_MISSING);
    assert_int_equal(media_prompts_load(&p, &id, f.path), PROMPT_MISSING);
    prompts_drop(&p);
    folder_drop(&f);
}

static void a_wav_of_another_kind_is_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        unsigned channels, hz, bits;
    } wrong[] = {{2, 8000, 16}, {1, 16000, 16}, {1, 8000, 8}};
    struct prompt_sound sound;
    struct wav w;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        wav_begin(&w);
        put_format(&w, wrong[i].channels, wrong[i].hz, wrong[i].bits);
        put_samples(&w);
        assert_int_equal(prompt_read_wav(&sound, w.bytes, w.n), PROMPT_NOT_PCM);
    }
    wav_begin(&w);
    put_format(&w, 0, 0, 0);
    put_samples(&w);
    assert_int_equal(prompt_read_wav(&sound, w.bytes, w.n), PROMPT_NOT_WAV);
    wav_begin(&w);
    put_samples(&w);
    assert_int_equal(prompt_read_wav(&sound, w.bytes, w.n), PROMPT_NOT_WAV);
    for (unsigned v = PROMPT_LOADED; v <= PROMPT_NO_MEMORY; v++)
        assert_true(strlen(prompt_why((enum prompt_verdict)v)) > 5);
}

static void a_wav_cut_anywhere_never_reads_past_its_end(void **state)
{
    (void)state;
    struct wav w;
    struct prompt_sound sound;
    good_wav(&w);
    for (size_t n = 0; n <= w.n; n++) {
        uint8_t *exact = malloc(n ? n : 1);
        assert_non_null(exact);
        memcpy(exact, w.bytes, n);
        if (prompt_read_wav(&sound, exact, n) == PROMPT_LOADED)
            assert_true(sound.bytes + 2 * sound.samples_n <= exact + n);
        free(exact);
    }
}

static void a_wav_from_a_pipe_lasts_to_its_end(void **state)
{
    (void)state;
    struct wav w;
    struct prompt_sound sound;
    good_wav(&w);
    memset(w.bytes + w.n - 2 * SAMPLES - 4, 0xff, 4);
    assert_int_equal(prompt_read_wav(&sound, w.bytes, w.n), PROMPT_LOADED);
    assert_int_equal(sound.samples_n, SAMPLES);
}

static void the_bounds_hold(void **state)
{
    (void)state;
    static struct prompts p;
    static uint8_t bytes[2 * (PROMPT_SAMPLES_MAX + 1)];
    struct prompt_sound sound = {bytes, PROMPT_SAMPLES_MAX};
    uint16_t id;
    assert_int_equal(media_prompts_put(&p, &id, &sound), PROMPT_LOADED);
    sound.samples_n++;
    assert_int_equal(media_prompts_put(&p, &id, &sound), PROMPT_TOO_LONG);
    sound.samples_n = 0;
    assert_int_equal(media_prompts_put(&p, &id, &sound), PROMPT_EMPTY);
    sound.samples_n = 1;
    for (unsigned i = 1; i < PROMPTS_MAX; i++)
        assert_int_equal(media_prompts_put(&p, &id, &sound), PROMPT_LOADED);
    assert_int_equal(id, PROMPTS_MAX - 1);
    assert_int_equal(media_prompts_put(&p, &id, &sound), PROMPTS_FULL);
    prompts_drop(&p);
    p.bytes_n = PROMPT_BYTES_MAX - 100;
    assert_int_equal(media_prompts_put(&p, &id, &sound), PROMPTS_FULL);
}

static void a_tone_is_a_sine(void **state)
{
    (void)state;
    uint8_t bytes[2 * 900];
    struct tone tone = {.hz = 440, .peak = 32767, .from = 100, .n = 800};
    memset(bytes, 7, sizeof(bytes));
    tone_write(bytes, &tone);
    for (unsigned i = 0; i < 800; i++) {
        double sine = 32767 * sin(2 * 3.14159265358979323846 * 440 * i / 8000);
        int16_t v = (int16_t)(bytes[2 * (100 + i)] | bytes[2 * (100 + i) + 1] << 8);
        assert_true(fabs(v - sine) < 2);
    }
    assert_true(bytes[199] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wav_becomes_frames_of_both_laws_filled_up_with_silence),
        cmocka_unit_test(raw_samples_are_known_by_their_name),
        cmocka_unit_test(a_wav_of_another_kind_is_refused_in_words),
        cmocka_unit_test(a_wav_cut_anywhere_never_reads_past_its_end),
        cmocka_unit_test(a_wav_from_a_pipe_lasts_to_its_end),
        cmocka_unit_test(the_bounds_hold),
        cmocka_unit_test(a_tone_is_a_sine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
