/* result.c — what agents hear before a call, how a call was counted, percentages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "say/judge.h"
#include "say/result.h"

static void list_says(const struct say_list *list, enum prompt_lang lang, const char *words)
{
    char text[300];
    say_text(text, sizeof(text), list, lang);
    assert_string_equal(text, words);
    for (unsigned i = 0; i < list->n; i++)
        assert_true(say_has_file(list->ids[i], lang));
}

static void whisper_says(struct say_whisper whisper, const char *words)
{
    struct say_list list = {0};
    say_whisper(&list, &whisper);
    list_says(&list, PROMPT_FR, words);
}

static void an_agent_hears_what_and_how_long(void **state)
{
    (void)state;
    whisper_says((struct say_whisper){PROMPT_AGENT_WHISPER_SANTE, 6, true},
                 "Santé. Attend depuis six minutes. Pour répondre, tapez 1.");
    whisper_says((struct say_whisper){PROMPT_AGENT_WHISPER_SANTE, 6, false}, "Santé. six minutes.");
    whisper_says((struct say_whisper){PROMPT_AGENT_WHISPER_IMPOTS, 0, true},
                 "Impôts. Pour répondre, tapez 1.");
    whisper_says((struct say_whisper){PROMPT_NONE, 60, false}, "soixante minutes.");
    whisper_says((struct say_whisper){PROMPT_NONE, 61, false}, "plus d’une heure.");
    whisper_says((struct say_whisper){PROMPT_NONE, 1, true},
                 "Attend depuis une minute. Pour répondre, tapez 1.");
    whisper_says((struct say_whisper){PROMPT_NONE, 31, false}, "trente et une minutes.");
}

static void a_missed_call_is_told_with_its_hour(void **state)
{
    (void)state;
    struct say_list list = {0};
    say_missed(&list, 10 * 60 + 4, PROMPT_FR);
    list_says(&list, PROMPT_FR,
              "Un appel n’a pas été pris à dix heures quatre. Vous êtes en pause. Pour reprendre, "
              "tapez 1.");
}

static calendar_day friday(void)
{
    calendar_day out;
    assert_true(calendar_day_of(&out, 2026, 11, 20));
    return out;
}

static void counted_says(int32_t days_ago, enum outcome outcome, const char *french,
                         const char *english)
{
    const char *words[] = {french, english};
    for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
        const struct say_call call = {friday(), friday() - days_ago, 9 * 60 + 12, outcome};
        struct say_list list = {0};
        assert_true(say_counted(&list, &call, lang));
        list_says(&list, lang, words[lang]);
    }
}

static void a_caller_learns_how_the_call_was_counted(void **state)
{
    (void)state;
    counted_says(3, OUTCOME_ANSWERED,
                 "Votre appel de mardi, à neuf heures douze, est compté comme répondu.",
                 "Your call on Tuesday at nine twelve a.m., is counted as answered.");
    counted_says(0, OUTCOME_CUT_OFF,
                 "Votre appel d’aujourd’hui, à neuf heures douze, est compté comme un échec\u00a0: "
                 "nous l’avons coupé.",
                 "Your call today at nine twelve a.m., is counted as a failure: we cut it off.");
    counted_says(1, OUTCOME_OUT_OF_HOURS,
                 "Votre appel d’hier, à neuf heures douze, n’est pas compté\u00a0: nous étions "
                 "fermés.",
                 "Your call yesterday at nine twelve a.m., is not counted: we were closed.");
    counted_says(7, OUTCOME_ABANDONED,
                 "Votre appel reçu le vendredi treize novembre, à neuf heures douze, est compté "
                 "comme un échec\u00a0: nous ne vous avons pas répondu à temps.",
                 "Your call on Friday the thirteenth of November, at nine twelve a.m., is counted "
                 "as a failure: we did not answer you in time.");
}

static void outcomes_without_words_say_nothing(void **state)
{
    (void)state;
    const enum outcome mute[] = {OUTCOME_NONE, OUTCOME_ABANDONED_SHORT, OUTCOME_TEST};
    for (unsigned i = 0; i < ARRAY_LEN(mute); i++) {
        const struct say_call call = {friday(), friday(), 0, mute[i]};
        struct say_list list = {0};
        assert_false(say_counted(&list, &call, PROMPT_FR));
        assert_int_equal(list.n, 0);
    }
}

static void percent_says(uint32_t permille, const char *french, const char *english)
{
    const char *words[] = {french, english};
    for (enum prompt_lang lang = PROMPT_FR; lang < PROMPT_LANGS; lang++) {
        struct say_list list = {0};
        say_percent(&list, permille);
        list_says(&list, lang, words[lang]);
    }
}

static void percentages_have_one_decimal_or_none(void **state)
{
    (void)state;
    percent_says(870, "quatre-vingt-sept pour cent.", "eighty-seven percent.");
    percent_says(873, "quatre-vingt-sept virgule trois pour cent.",
                 "eighty-seven point three percent.");
    percent_says(0, "zéro pour cent.", "zero percent.");
    percent_says(5, "zéro virgule cinq pour cent.", "zero point five percent.");
    percent_says(999, "quatre-vingt-dix-neuf virgule neuf pour cent.",
                 "ninety-nine point nine percent.");
    percent_says(SAY_PERMILLE_MAX, "cent pour cent.", "a hundred percent.");
}

static void an_echo_test_says_what_was_lost_and_how_uneven_it_was(void **state)
{
    (void)state;
    static const struct {
        struct say_echo echo;
        const char *words[PROMPT_LANGS];
    } cases[] = {
        {{0, 0, 5}, {"Nous n’avons rien entendu de vous.", "We have heard nothing from you."}},
        {{100, 0, 0},
         {"De ce que vous avez dit, il s’est perdu en route zéro pour cent. Irrégularité du son, "
          "en "
          "millisecondes zéro",
          "Of what you said, the part that was lost on the way is zero percent. Unevenness of the "
          "sound, in milliseconds zero"}},
        {{985, 15, 99},
         {"De ce que vous avez dit, il s’est perdu en route un virgule cinq pour cent. "
          "Irrégularité "
          "du son, en millisecondes quatre-vingt-dix-neuf",
          "Of what you said, the part that was lost on the way is one point five percent. "
          "Unevenness of the sound, in milliseconds ninety-nine"}},
        {{1, 1, 100},
         {"De ce que vous avez dit, il s’est perdu en route cinquante pour cent. Le son arrive "
          "très "
          "irrégulièrement\u00a0: plus de cent millisecondes.",
          "Of what you said, the part that was lost on the way is fifty percent. The sound arrives "
          "very unevenly: more than one hundred milliseconds."}},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
        for (unsigned lang = 0; lang < PROMPT_LANGS; lang++) {
            struct say_list list = {0};
            say_echo(&list, &cases[i].echo);
            list_says(&list, (enum prompt_lang)lang, cases[i].words[lang]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_agent_hears_what_and_how_long),
        cmocka_unit_test(a_missed_call_is_told_with_its_hour),
        cmocka_unit_test(a_caller_learns_how_the_call_was_counted),
        cmocka_unit_test(outcomes_without_words_say_nothing),
        cmocka_unit_test(percentages_have_one_decimal_or_none),
        cmocka_unit_test(an_echo_test_says_what_was_lost_and_how_uneven_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
