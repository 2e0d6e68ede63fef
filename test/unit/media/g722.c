/* g722.c — tests of G.722's lower sub-band: what it keeps of a voice, and code for code against
 * spandsp, another implementation of the standard, where it is installed (baresip brings it). */
#include <dlfcn.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "media/g722.h"

#define SAMPLES 16000
#define TURN (2 * 3.14159265358979323846)

typedef int16_t source_fn(unsigned i);

static int16_t tone(unsigned i)
{
    return (int16_t)lrint(8000 * sin(TURN * 1000 * i / 8000));
}

static int16_t sweep(unsigned i)
{
    return (int16_t)lrint(20000 * sin(5e-5 * i * i));
}

static int16_t square(unsigned i)
{
    return i / 37 % 2 ? INT16_MAX : INT16_MIN;
}

static int16_t whisper(unsigned i)
{
    return (int16_t)(i * 7919u % 11u - 5u);
}

static int16_t noise(unsigned i)
{
    uint32_t v = i * 2654435761u;
    v ^= v >> 15;
    v *= 2246822519u;
    return (int16_t)(v >> 13);
}

static source_fn *const sources[] = {tone, sweep, square, whisper, noise};

static void encode(uint8_t *codes, source_fn *source)
{
    struct g722 g;
    g722_begin(&g);
    for (unsigned i = 0; i < SAMPLES; i++)
        codes[i] = g722_encode(&g, source(i));
}

static void decode(int16_t *samples, const uint8_t *codes)
{
    struct g722 g;
    g722_begin(&g);
    for (unsigned i = 0; i < SAMPLES; i++)
        samples[i] = g722_decode(&g, codes[i]);
}

/* ---- against another implementation ---- */

#define SPANDSP_RATE 64000
#define SPANDSP_8000 1 /* the lower sub-band alone */

typedef void *begin_fn(void *state, int rate, int options);
typedef int end_fn(void *state);
typedef int code_fn(void *state, void *to, const void *from, int n);

struct spandsp {
    void *library;
    begin_fn *begin_out, *begin_in;
    code_fn *encode, *decode;
    end_fn *end_out, *end_in;
};

static bool spandsp_open(struct spandsp *s)
{
    s->library = dlopen("libspandsp.so.2", RTLD_NOW);
    if (!s->library)
        return false;
    *(void **)&s->begin_out = dlsym(s->library, "g722_encode_init");
    *(void **)&s->begin_in = dlsym(s->library, "g722_decode_init");
    *(void **)&s->encode = dlsym(s->library, "g722_encode");
    *(void **)&s->decode = dlsym(s->library, "g722_decode");
    *(void **)&s->end_out = dlsym(s->library, "g722_encode_free");
    *(void **)&s->end_in = dlsym(s->library, "g722_decode_free");
    return s->begin_out && s->begin_in && s->encode && s->decode && s->end_out && s->end_in;
}

static void compare(const struct spandsp *s, source_fn *source)
{
    static uint8_t ours[SAMPLES], theirs[SAMPLES];
    static int16_t in[SAMPLES], heard[SAMPLES], heard_there[SAMPLES];
    for (unsigned i = 0; i < SAMPLES; i++)
        in[i] = source(i);
    void *out = s->begin_out(NULL, SPANDSP_RATE, SPANDSP_8000);
    assert_int_equal(s->encode(out, theirs, in, SAMPLES), SAMPLES);
    encode(ours, source);
    assert_memory_equal(ours, theirs, SAMPLES);
    void *back = s->begin_in(NULL, SPANDSP_RATE, SPANDSP_8000);
    assert_int_equal(s->decode(back, heard_there, theirs, SAMPLES), SAMPLES);
    decode(heard, ours);
    assert_memory_equal(heard, heard_there, sizeof(heard));
    s->end_out(out);
    s->end_in(back);
}

static void every_code_is_as_another_implementation_has_it(void **state)
{
    (void)state;
    struct spandsp s;
    if (!spandsp_open(&s))
        skip();
    for (unsigned i = 0; i < ARRAY_LEN(sources); i++)
        compare(&s, sources[i]);
}

/* Codes that no encoder would send in this order, the four unused ones among them. */
static void any_row_of_codes_decodes_as_there(void **state)
{
    (void)state;
    static uint8_t codes[SAMPLES];
    static int16_t heard[SAMPLES], heard_there[SAMPLES];
    struct spandsp s;
    if (!spandsp_open(&s))
        skip();
    for (unsigned i = 0; i < SAMPLES; i++)
        codes[i] = (uint8_t)noise(i);
    void *back = s.begin_in(NULL, SPANDSP_RATE, SPANDSP_8000);
    assert_int_equal(s.decode(back, heard_there, codes, SAMPLES), SAMPLES);
    decode(heard, codes);
    assert_memory_equal(heard, heard_there, sizeof(heard));
    s.end_in(back);
}

/* ---- by itself ---- */

/* In dB: how loud what was heard is, and how far from what was said, both against what was said. */
static void measure(source_fn *source, double *level, double *snr)
{
    static uint8_t codes[SAMPLES];
    static int16_t heard[SAMPLES];
    double said = 0, got = 0, off = 0;
    encode(codes, source);
    decode(heard, codes);
    for (unsigned i = SAMPLES / 4; i < SAMPLES; i++) {
        double a = source(i), b = heard[i];
        said += a * a;
        got += b * b;
        off += (a - b) * (a - b);
    }
    *level = 10 * log10(got / said);
    *snr = 10 * log10(said / off);
}

static void a_tone_comes_back_as_it_was(void **state)
{
    (void)state;
    double level, snr;
    measure(tone, &level, &snr);
    assert_true(fabs(level) < 0.1);
    assert_true(snr > 35);
}

static void all_of_a_telephones_band_keeps_its_level(void **state)
{
    (void)state;
    double level, snr;
    measure(sweep, &level, &snr);
    assert_true(fabs(level) < 0.2);
    assert_true(snr > 40);
}

static void the_loudest_square_is_bounded_and_not_turned_around(void **state)
{
    (void)state;
    double level, snr;
    measure(square, &level, &snr);
    assert_true(fabs(level) < 1);
    assert_true(snr > 9);
}

static void silence_stays_silent_after_a_loud_word(void **state)
{
    (void)state;
    struct g722 out, in;
    g722_begin(&out);
    g722_begin(&in);
    for (unsigned i = 0; i < 8000; i++)
        (void)g722_decode(&in, g722_encode(&out, square(i)));
    for (unsigned i = 0; i < 8000; i++) {
        int16_t heard = g722_decode(&in, g722_encode(&out, 0));
        assert_true(i < 1600 || (heard < 32 && heard > -32));
    }
}

/* Codes of the upper sub-band are a matter of wideband telephones: the voice below is the same. */
static void the_upper_sub_band_changes_nothing_below(void **state)
{
    (void)state;
    struct g722 out, a, b;
    g722_begin(&out);
    g722_begin(&a);
    g722_begin(&b);
    for (unsigned i = 0; i < SAMPLES; i++) {
        uint8_t code = g722_encode(&out, tone(i));
        assert_int_equal(code & 0xc0, 0xc0);
        assert_int_equal(g722_decode(&a, code), g722_decode(&b, (uint8_t)((code & 0x3f) | i << 6)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_as_another_implementation_has_it),
        cmocka_unit_test(any_row_of_codes_decodes_as_there),
        cmocka_unit_test(a_tone_comes_back_as_it_was),
        cmocka_unit_test(all_of_a_telephones_band_keeps_its_level),
        cmocka_unit_test(the_loudest_square_is_bounded_and_not_turned_around),
        cmocka_unit_test(silence_stays_silent_after_a_loud_word),
        cmocka_unit_test(the_upper_sub_band_changes_nothing_below),
    };
    return cmocka_run_group_tests_name("media/g722", tests, NULL, NULL);
}
