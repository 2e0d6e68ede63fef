/* g711.c — tests of G.711 against the reference algorithm of ITU-T G.191, all values of both laws.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "media/g711.h"

/* ---- the reference: alaw_compress and ulaw_compress of G.191, one sample ---- */

static uint8_t reference_a(int x)
{
    int ix = x < 0 ? (~x & 0xffff) >> 4 : x >> 4, segment = 1;
    if (ix > 15) {
        for (; ix > 16 + 15; segment++)
            ix >>= 1;
        ix = ix - 16 + (segment << 4);
    }
    return (uint8_t)((x >= 0 ? ix | 0x80 : ix) ^ 0x55);
}

static uint8_t reference_u(int x)
{
    int magnitude = (x < 0 ? (~x >> 2) : x >> 2) + 33, segment = 1;
    if (magnitude > 0x1fff)
        magnitude = 0x1fff;
    for (int i = magnitude >> 6; i != 0; i >>= 1)
        segment++;
    int high = 8 - segment, low = 15 - (magnitude >> segment & 15);
    return (uint8_t)(high << 4 | low | (x >= 0 ? 0x80 : 0));
}

static void all_samples_encode_as_the_itu_says(void **state)
{
    (void)state;
    for (int x = INT16_MIN; x <= INT16_MAX; x++) {
        assert_int_equal(g711_encode(MEDIA_PCMA, (int16_t)x), reference_a(x));
        assert_int_equal(g711_encode(MEDIA_PCMU, (int16_t)x), reference_u(x));
    }
}

static void the_steps_are_those_of_each_sample(void **state)
{
    (void)state;
    static uint8_t steps[2][G711_STEPS];
    g711_steps(steps[MEDIA_PCMA], MEDIA_PCMA);
    g711_steps(steps[MEDIA_PCMU], MEDIA_PCMU);
    for (int x = INT16_MIN; x <= INT16_MAX; x++) {
        assert_int_equal(g711_step(steps[MEDIA_PCMA], (int16_t)x), reference_a(x));
        assert_int_equal(g711_step(steps[MEDIA_PCMU], (int16_t)x), reference_u(x));
    }
}

/* Quantised values of G.711 tables 1a and 2a, in the 13- and 14-bit units of the tables × 8, × 4.
 */
static void the_values_of_the_tables_come_out(void **state)
{
    (void)state;
    static const struct {
        enum media_codec law;
        uint8_t code;
        int value;
    } rows[] = {
        {MEDIA_PCMA, 0xd5, 8},     {MEDIA_PCMA, 0x55, -8},     {MEDIA_PCMA, 0xd4, 24},
        {MEDIA_PCMA, 0xc5, 264},   {MEDIA_PCMA, 0xf5, 528},    {MEDIA_PCMA, 0xe5, 1056},
        {MEDIA_PCMA, 0xaa, 32256}, {MEDIA_PCMA, 0x2a, -32256}, {MEDIA_PCMU, 0xff, 0},
        {MEDIA_PCMU, 0x7f, 0},     {MEDIA_PCMU, 0xfe, 8},      {MEDIA_PCMU, 0xef, 132},
        {MEDIA_PCMU, 0xdf, 396},   {MEDIA_PCMU, 0x80, 32124},  {MEDIA_PCMU, 0x00, -32124},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(g711_decode(rows[i].law, rows[i].code), rows[i].value);
}

static void each_code_decodes_into_its_own_interval(void **state)
{
    (void)state;
    for (unsigned law = 0; law < 2; law++)
        for (unsigned code = 0; code < 256; code++) {
            int16_t value = g711_decode((enum media_codec)law, (uint8_t)code);
            bool is_negative_zero = law == MEDIA_PCMU && code == 0x7f;
            assert_int_equal(g711_encode((enum media_codec)law, value),
                             is_negative_zero ? 0xff : code);
        }
}

static int nearest_off(enum media_codec law, int value)
{
    int best = INT16_MAX;
    for (unsigned code = 0; code < 256; code++) {
        int off = abs(g711_decode(law, (uint8_t)code) - value);
        best = off < best ? off : best;
    }
    return best;
}

static void between_the_laws_each_code_becomes_the_nearest_and_keeps_its_sign(void **state)
{
    (void)state;
    for (unsigned law = 0; law < 2; law++) {
        uint8_t to[256];
        enum media_codec other = law == MEDIA_PCMA ? MEDIA_PCMU : MEDIA_PCMA;
        g711_bridge_table(to, (enum media_codec)law);
        for (unsigned code = 0; code < 256; code++) {
            int from = g711_decode((enum media_codec)law, (uint8_t)code);
            assert_int_equal(abs(g711_decode(other, to[code]) - from), nearest_off(other, from));
            assert_int_equal(to[code] & 0x80, code & 0x80);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_samples_encode_as_the_itu_says),
        cmocka_unit_test(the_steps_are_those_of_each_sample),
        cmocka_unit_test(the_values_of_the_tables_come_out),
        cmocka_unit_test(each_code_decodes_into_its_own_interval),
        cmocka_unit_test(between_the_laws_each_code_becomes_the_nearest_and_keeps_its_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
