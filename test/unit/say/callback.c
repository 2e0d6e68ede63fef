/* callback.c — numbers by pairs, slots and references of callbacks, as text and as files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "say/callback.h"
#include "say/judge.h"

static void list_says(const struct say_list *list, enum prompt_lang lang, const char *words)
{
    char text[400];
    say_text(text, sizeof(text), list, lang);
    assert_string_equal(text, words);
    for (unsigned i = 0; i < list->n; i++)
        assert_true(say_has_file(list->ids[i], lang));
}

static void number_says(const char *number, enum say_pace pace, const char *words)
{
    struct say_list list = {0};
    assert_true(say_number(&list, text_of(number), pace));
    list_says(&list, PROMPT_FR, words);
}

static void french_numbers_are_read_by_pairs_from_zero(void **state)
{
    (void)state;
    const char *words = "zéro cinq, trente-six, quarante-neuf, douze, trente-quatre.";
    number_says("+33536491234", SAY_PAIRS, words);
    number_says("0536491234", SAY_PAIRS, words);
    number_says("+33180710091", SAY_PAIRS,
                "zéro un, quatre-vingts, soixante et onze, zéro zéro, "
                "quatre-vingt-onze.");
    number_says("0536490010", SAY_DIGITS,
                "zéro, cinq, trois, six, quatre, neuf, zéro, zéro, un, zéro.");
}

static void foreign_numbers_are_read_digit_by_digit_after_plus(void **state)
{
    (void)state;
    number_says("+351212345678", SAY_PAIRS,
                "plus, trois, cinq, un, deux, un, deux, trois, quatre, cinq, six, sept, huit.");
    number_says("3949", SAY_PAIRS, "trois, neuf, quatre, neuf.");
}

static void what_is_no_number_adds_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",          "+", "+33", "05 36", "anonymous", "+1234567890123456", "1234567890123456",
        "0536a91234"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        struct say_list list = {0};
        assert_false(say_number(&list, text_of(wrong[i]), SAY_PAIRS));
        assert_false(say_callback_number(&list, text_of(wrong[i]), SAY_PAIRS));
        assert_int_equal(list.n, 0);
    }
    struct say_list longest = {0};
    assert_true(say_callback_number(&longest, TEXT("+123456789012345"), SAY_PAIRS));
}

static void the_pause_stands_after_the_second_pair(void **state)
{
    (void)state;
    struct say_list list = {0};
    assert_true(say_callback_number(&list, TEXT("0536491234"), SAY_PAIRS));
    const uint16_t wanted[] = {PROMPT_CB_NUMBER, PROMPT_PAIR_05_M,   PROMPT_PAIR_36_M,
                               PROMPT_PAUSE_350, PROMPT_PAIR_49_M,   PROMPT_PAIR_12_M,
                               PROMPT_PAIR_34_F, PROMPT_CB_NUMBER_OK};
    assert_int_equal(list.n, ARRAY_LEN(wanted));
    assert_memory_equal(list.ids, wanted, sizeof(wanted));
}

static calendar_day monday(void)
{
    calendar_day out;
    assert_true(calendar_day_of(&out, 2026, 11, 16));
    return out;
}

static void slots_of_a_page(void **state)
{
    (void)state;
    const struct say_slots page = {monday(), {{monday(), 840, 870}, {monday() + 1, 540, 570}}, 2};
    struct say_list fr = {0}, en = {0};
    say_slots(&fr, &page, PROMPT_FR);
    list_says(
        &fr, PROMPT_FR,
        "Aujourd’hui, entre quatorze heures et quatorze heures trente, tapez 1. Demain, entre "
        "neuf heures et neuf heures trente, tapez 2. Pour d’autres heures, tapez 3.");
    say_slots(&en, &page, PROMPT_EN);
    list_says(&en, PROMPT_EN,
              "Today, between two and two thirty p.m., press 1. Tomorrow, between nine and nine "
              "thirty a.m., press 2. For other times, press 3.");
}

/* The longest list that there is fits, on every day that can be offered. */
static void every_slot_of_every_day_fits(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 7 * 48; i++)
        for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
            uint16_t from = (uint16_t)(i % 48 * 30 + 1);
            struct say_slot slot = {monday() + (calendar_day)(i / 48), from,
                                    (uint16_t)((from + 29) % 1440)};
            const struct say_slots page = {monday(), {slot, slot}, 2};
            struct say_list list = {0}, done = {0};
            say_slots(&list, &page, lang);
            say_slot_done(&done, &page, lang);
            assert_true(list.n <= SAY_LIST_MAX);
            for (unsigned j = 0; j < list.n; j++)
                assert_true(say_has_file(list.ids[j], lang));
        }
}

static void what_was_noted(void **state)
{
    (void)state;
    struct say_slots page = {monday(), {{monday() + 1, 540, 570}}, 1};
    struct say_list tomorrow = {0}, friday = {0}, from = {0}, reference = {0};
    say_slot_done(&tomorrow, &page, PROMPT_FR);
    list_says(&tomorrow, PROMPT_FR,
              "C’est noté. Nous vous rappellerons demain, entre neuf heures et neuf heures trente. "
              "Vous pouvez raccrocher.");
    page.slots[0].day = monday() + 4;
    say_slot_done(&friday, &page, PROMPT_EN);
    list_says(
        &friday, PROMPT_EN,
        "Done. We will call you back on Friday between nine and nine thirty a.m. You may hang "
        "up.");
    assert_true(say_callback_from(&from, TEXT("+33536490010"), SAY_PAIRS));
    list_says(&from, PROMPT_FR,
              "Nous vous appellerons du\u00a0: zéro cinq, trente-six, "
              "quarante-neuf, zéro zéro, dix.");
    say_callback_reference(&reference, 47210864);
    list_says(&reference, PROMPT_FR,
              "Votre numéro de demande est le\u00a0: quarante-sept, vingt et un, zéro huit, "
              "soixante-quatre. quatre, sept, deux, un, zéro, huit, six, quatre.");
    /* one band further than the wait on the line; unknown: today */
    assert_int_equal(say_asap_done(BAND_B2_5), PROMPT_CB_DONE_ASAP_5_10);
    assert_int_equal(say_asap_done(BAND_B10_15), PROMPT_CB_DONE_ASAP_15_30);
    assert_int_equal(say_asap_done(BAND_UNKNOWN), PROMPT_CB_DONE_ASAP_TODAY);
    for (unsigned band = 0; band < BAND_N; band++)
        assert_non_null(prompt_rows[say_asap_done((enum band)band)].text[PROMPT_FR]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(french_numbers_are_read_by_pairs_from_zero),
        cmocka_unit_test(foreign_numbers_are_read_digit_by_digit_after_plus),
        cmocka_unit_test(what_is_no_number_adds_nothing),
        cmocka_unit_test(the_pause_stands_after_the_second_pair),
        cmocka_unit_test(slots_of_a_page),
        cmocka_unit_test(every_slot_of_every_day_fits),
        cmocka_unit_test(what_was_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
