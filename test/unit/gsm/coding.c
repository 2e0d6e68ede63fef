/* coding.c — tests of gsm/coding.h: the alphabet there and back, packing as TS 23.038 has it,
 * UTF-16, segments at their bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gsm/coding.h"

static void hello_packs_as_the_standard_says(void **state)
{
    (void)state;
    static const uint8_t wanted[] = {0xE8, 0x32, 0x9B, 0xFD, 0x46, 0x97, 0xD9, 0xEC, 0x37};
    uint8_t septets[16], packed[16], back[16];
    size_t n;
    assert_true(gsm_septets(septets, sizeof(septets), &n, TEXT("hellohello")));
    assert_int_equal(n, 10);
    assert_int_equal(gsm_pack(packed, septets, n), sizeof(wanted));
    assert_memory_equal(packed, wanted, sizeof(wanted));
    gsm_unpack(back, packed, n);
    assert_memory_equal(back, septets, n);
}

static void each_septet_comes_back_in_each_place(void **state)
{
    (void)state;
    uint8_t septets[GSM_SEPTETS_MAX], packed[GSM_OCTETS_MAX], back[GSM_SEPTETS_MAX];
    for (size_t n = 0; n <= sizeof(septets); n++) {
        for (size_t i = 0; i < n; i++)
            septets[i] = (uint8_t)((i * 37 + n) & 0x7F);
        assert_int_equal(gsm_pack(packed, septets, n), (n * 7 + 7) / 8);
        gsm_unpack(back, packed, n);
        assert_memory_equal(back, septets, n);
    }
}

static void the_whole_alphabet_comes_back(void **state)
{
    (void)state;
    static const char all[] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
                              "^{}\\[~]|€";
    uint8_t septets[200];
    char back[400];
    size_t n;
    struct text_out out = {.p = back, .max = sizeof(back)};
    assert_true(gsm_septets(septets, sizeof(septets), &n, text_of(all)));
    assert_int_equal(n, 127 + 2 * 9);
    gsm_septets_text(&out, septets, n);
    assert_true(text_equal((struct text){back, out.n}, text_of(all)));
}

static void what_the_alphabet_lacks_is_refused_or_likened(void **state)
{
    (void)state;
    uint8_t septets[64];
    char folded[128];
    size_t n;
    struct text_out out = {.p = folded, .max = sizeof(folded)};
    assert_false(gsm_septets(septets, sizeof(septets), &n, TEXT("être")));
    assert_false(gsm_septets(septets, 3, &n, TEXT("abcd")));
    assert_false(gsm_septets(septets, 3, &n, TEXT("ab€")));
    gsm_fold(&out, TEXT("L’œuvre d’être çà : « naïf » – 12 m…"));
    assert_true(text_equal((struct text){folded, out.n},
                           TEXT("L'oeuvre d'etre cà : \" naif \" - 12 m...")));
    assert_true(gsm_septets(septets, sizeof(septets), &n, (struct text){folded, out.n}));
}

static void wide_letters_come_back_and_halves_of_pairs_are_marked(void **state)
{
    (void)state;
    static const uint8_t half[] = {0xD8, 0x3D, 0x00, 'a', 0xDE, 0x00, 0x00};
    uint8_t wide[64];
    char back[64];
    size_t n;
    struct text_out out = {.p = back, .max = sizeof(back)};
    assert_true(gsm_wide(wide, sizeof(wide), &n, TEXT("ça va 😀 €")));
    assert_int_equal(n, 2 * 10);
    gsm_wide_text(&out, wide, n);
    assert_true(text_equal((struct text){back, out.n}, TEXT("ça va 😀 €")));
    out.n = 0;
    gsm_wide_text(&out, half, sizeof(half));
    assert_true(text_equal((struct text){back, out.n}, TEXT("?a?")));
    assert_false(gsm_wide(wide, sizeof(wide), &n, TEXT("a\xC3")));
    assert_false(gsm_wide(wide, 3, &n, TEXT("😀")));
    assert_false(gsm_wide(wide, sizeof(wide), &n, TEXT("\xC0\x80")));
    assert_false(gsm_wide(wide, sizeof(wide), &n, TEXT("\xED\xA0\x80")));
}

static struct gsm_size measured(const char *letter, unsigned n)
{
    char text[512];
    struct text_out out = {.p = text, .max = sizeof(text)};
    struct gsm_size size;
    for (unsigned i = 0; i < n; i++)
        text_put(&out, text_of(letter));
    assert_true(gsm_measure(&size, (struct text){text, out.n}));
    return size;
}

static void segments_change_at_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(measured("a", 160).segments, 1);
    assert_int_equal(measured("a", 161).segments, 2);
    assert_int_equal(measured("a", 306).segments, 2);
    assert_int_equal(measured("a", 307).segments, 3);
    assert_int_equal(measured("€", 80).segments, 1);
    assert_int_equal(measured("€", 81).segments, 2);
    assert_int_equal(measured("ê", 70).segments, 1);
    assert_int_equal(measured("ê", 70).coding, GSM_CODING_UCS2);
    assert_int_equal(measured("ê", 71).segments, 2);
    assert_int_equal(measured("ê", 135).segments, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_packs_as_the_standard_says),
        cmocka_unit_test(each_septet_comes_back_in_each_place),
        cmocka_unit_test(the_whole_alphabet_comes_back),
        cmocka_unit_test(what_the_alphabet_lacks_is_refused_or_likened),
        cmocka_unit_test(wide_letters_come_back_and_halves_of_pairs_are_marked),
        cmocka_unit_test(segments_change_at_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
