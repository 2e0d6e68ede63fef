/* hours.c — hours to the minute and spans, as text, and every one of them with its files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "say/hours.h"
#include "say/judge.h"

static void list_says(const struct say_list *list, enum prompt_lang lang, const char *words)
{
    char text[300];
    say_text(text, sizeof(text), list, lang);
    assert_string_equal(text, words);
}

static void at_says(unsigned minute, bool is_last, const char *french, const char *english)
{
    const char *words[] = {french, english};
    for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
        struct say_list list = {0};
        say_at(&list, (uint16_t)minute, lang, is_last);
        list_says(&list, lang, words[lang]);
    }
}

static void between_says(struct say_span span, const char *french, const char *english)
{
    const char *words[] = {french, english};
    for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
        struct say_list list = {0};
        say_between(&list, &span, lang);
        list_says(&list, lang, words[lang]);
    }
}

#define HM(h, m) ((h)*60 + (m))

static void hours_are_told_to_the_minute(void **state)
{
    (void)state;
    at_says(HM(9, 12), false, "à neuf heures douze", "at nine twelve a.m.");
    at_says(HM(10, 4), true, "à dix heures quatre.", "at ten oh four a.m.");
    at_says(HM(9, 0), false, "à neuf heures", "at nine a.m.");
    at_says(HM(21, 0), true, "à vingt et une heures.", "at nine p.m.");
    at_says(HM(1, 1), true, "à une heure une.", "at one oh one a.m.");
    at_says(HM(14, 21), true, "à quatorze heures vingt et une.", "at two twenty-one p.m.");
    at_says(HM(14, 59), false, "à quatorze heures cinquante-neuf", "at two fifty-nine p.m.");
    at_says(HM(8, 30), false, "à huit heures trente", "at eight thirty a.m.");
    at_says(HM(12, 30), true, "à douze heures trente.", "at twelve thirty p.m.");
}

static void noon_and_midnight_have_names_when_nothing_follows(void **state)
{
    (void)state;
    at_says(HM(12, 0), true, "à midi.", "at noon.");
    at_says(HM(12, 0), false, "à midi", "at noon");
    at_says(0, true, "à minuit.", "at midnight.");
    at_says(0, false, "à minuit", "at midnight");
    at_says(5, true, "à zéro heure cinq.", "at twelve oh five a.m.");
}

static void from_one_hour_to_another(void **state)
{
    (void)state;
    between_says((struct say_span){HM(14, 0), HM(14, 30), false},
                 "entre quatorze heures et quatorze heures trente",
                 "between two and two thirty p.m.");
    between_says((struct say_span){HM(9, 0), HM(9, 30), true},
                 "entre neuf heures et neuf heures trente.", "between nine and nine thirty a.m.");
    between_says((struct say_span){HM(8, 30), HM(9, 0), false},
                 "entre huit heures trente et neuf heures", "between eight thirty and nine a.m.");
    between_says((struct say_span){HM(11, 30), HM(12, 0), true},
                 "entre onze heures trente et midi.", "between eleven thirty and noon.");
    between_says((struct say_span){HM(12, 0), HM(12, 30), false},
                 "entre midi et douze heures trente", "between noon and twelve thirty p.m.");
    between_says((struct say_span){HM(11, 45), HM(12, 15), true},
                 "entre onze heures quarante-cinq et douze heures quinze.",
                 "between eleven forty-five a.m. and twelve fifteen p.m.");
    between_says((struct say_span){0, HM(1, 0), true}, "entre minuit et une heure.",
                 "between midnight and one a.m.");
}

static void whole_sentences(void **state)
{
    (void)state;
    struct say_list quiet = {0}, expected = {0};
    say_quiet(&quiet, (struct say_span){HM(14, 0), HM(16, 0), true}, PROMPT_FR);
    list_says(&quiet, PROMPT_FR,
              "D’habitude, on attend moins entre quatorze heures et seize heures.");
    say_expected(&expected, HM(10, 0), PROMPT_FR);
    list_says(&expected, PROMPT_FR,
              "Personne n’est là pour le moment. Quelqu’un arrive à dix heures. Vous pouvez rester "
              "en ligne.");
}

/* Whatever is composed is there as sound too. */
static void every_minute_has_its_files_in_both_languages(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * SAY_DAY_MIN; i++)
        for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
            struct say_list list = {0};
            uint16_t minute = (uint16_t)(i % SAY_DAY_MIN);
            bool is_last = i >= SAY_DAY_MIN;
            const struct say_span span = {minute, (uint16_t)((minute + 30) % SAY_DAY_MIN), is_last};
            say_at(&list, minute, lang, is_last);
            say_between(&list, &span, lang);
            for (unsigned j = 0; j < list.n; j++)
                assert_true(say_has_file(list.ids[j], lang));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_are_told_to_the_minute),
        cmocka_unit_test(noon_and_midnight_have_names_when_nothing_follows),
        cmocka_unit_test(from_one_hour_to_another),
        cmocka_unit_test(whole_sentences),
        cmocka_unit_test(every_minute_has_its_files_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
