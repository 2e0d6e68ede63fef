/* closed.c — tests of say/closed.h: days, dates and hours, as text and as files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "say/closed.h"

static calendar_day day_of(int32_t year, unsigned month, unsigned day)
{
    calendar_day out;
    assert_true(calendar_day_of(&out, year, month, day));
    return out;
}

static void hour_says(unsigned hour, unsigned minute, const char *french, const char *english)
{
    const char *words[] = {[PROMPT_FR] = french, [PROMPT_EN] = english};
    for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
        struct say_list list = {0};
        char text[100];
        say_hour(&list, (uint16_t)(hour * 60 + minute), lang);
        say_text(text, sizeof(text), &list, lang);
        assert_string_equal(text, words[lang]);
    }
}

static void hours_are_spoken_as_people_say_them(void **state)
{
    (void)state;
    hour_says(0, 0, "à minuit.", "at midnight.");
    hour_says(0, 30, "à zéro heure trente.", "at half past twelve.");
    hour_says(1, 0, "à une heure.", "at one a.m.");
    hour_says(8, 30, "à huit heures trente.", "at half past eight.");
    hour_says(9, 0, "à neuf heures.", "at nine a.m.");
    hour_says(9, 5, "à neuf heures cinq.", "at nine oh five a.m.");
    hour_says(10, 45, "à dix heures quarante-cinq.", "at ten forty-five a.m.");
    hour_says(12, 0, "à midi.", "at noon.");
    hour_says(12, 30, "à douze heures trente.", "at half past twelve.");
    hour_says(13, 35, "à treize heures trente-cinq.", "at one thirty-five p.m.");
    hour_says(14, 0, "à quatorze heures.", "at two p.m.");
    hour_says(21, 0, "à vingt et une heures.", "at nine p.m.");
    hour_says(21, 15, "à vingt et une heures quinze.", "at nine fifteen p.m.");
}

static void nobody_is_told_an_hour_at_which_the_door_is_closed(void **state)
{
    (void)state;
    hour_says(8, 37, "à huit heures quarante.", "at eight forty a.m.");
    hour_says(8, 56, "à neuf heures.", "at nine a.m.");
    hour_says(23, 58, "à vingt-trois heures cinquante-cinq.", "at eleven fifty-five p.m.");
}

static void every_minute_of_the_day_has_its_words_in_both_languages(void **state)
{
    (void)state;
    for (unsigned minute = 0; minute < 1440; minute++)
        for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
            struct say_list list = {0};
            say_hour(&list, (uint16_t)minute, lang);
            for (unsigned i = 0; i < list.n; i++)
                assert_non_null(prompt_rows[list.ids[i]].text[lang]);
        }
}

static void closed_says(struct say_opening opening, const char *french, const char *english)
{
    const char *words[] = {[PROMPT_FR] = french, [PROMPT_EN] = english};
    for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
        struct say_list list = {0};
        char text[200];
        say_closed(&list, &opening, lang);
        say_text(text, sizeof(text), &list, lang);
        assert_string_equal(text, words[lang]);
    }
}

static void the_day_of_opening_has_its_nearest_name(void **state)
{
    (void)state;
    calendar_day tuesday = day_of(2026, 11, 3);
    closed_says((struct say_opening){tuesday, tuesday, 14 * 60},
                "Nous sommes fermés. Nous ouvrons aujourd’hui à quatorze heures.",
                "We are closed. We open today at two p.m.");
    closed_says((struct say_opening){tuesday, tuesday + 1, 8 * 60 + 30},
                "Nous sommes fermés. Nous ouvrons demain, à huit heures trente.",
                "We are closed. We open tomorrow at half past eight.");
    closed_says((struct say_opening){tuesday, tuesday + 6, 8 * 60 + 30},
                "Nous sommes fermés. Nous ouvrons lundi, à huit heures trente.",
                "We are closed. We open on Monday at half past eight.");
    closed_says((struct say_opening){tuesday, day_of(2026, 11, 12), 9 * 60},
                "Nous sommes fermés. Nous ouvrons le jeudi douze novembre, à neuf heures.",
                "We are closed. We open on Thursday the twelfth of November, at nine a.m.");
    closed_says((struct say_opening){tuesday, day_of(2026, 12, 1), 12 * 60},
                "Nous sommes fermés. Nous ouvrons le mardi premier décembre, à midi.",
                "We are closed. We open on Tuesday the first of December, at noon.");
}

static void seven_days_ahead_is_a_date_because_the_name_would_mean_today(void **state)
{
    (void)state;
    calendar_day monday = day_of(2026, 11, 2);
    struct say_list list = {0};
    say_closed(&list, &(struct say_opening){monday, monday + 7, 540}, PROMPT_FR);
    assert_int_equal(list.ids[0], PROMPT_CLOSED_DATE);
    assert_int_equal(list.ids[1], PROMPT_WEEKDAY_1_M);
    assert_int_equal(list.ids[2], PROMPT_DATE_9_M);
    assert_int_equal(list.ids[3], PROMPT_MONTH_11_M);
    assert_int_equal(list.ids[4], PROMPT_AT_09_F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_are_spoken_as_people_say_them),
        cmocka_unit_test(nobody_is_told_an_hour_at_which_the_door_is_closed),
        cmocka_unit_test(every_minute_of_the_day_has_its_words_in_both_languages),
        cmocka_unit_test(the_day_of_opening_has_its_nearest_name),
        cmocka_unit_test(seven_days_ahead_is_a_date_because_the_name_would_mean_today),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
