/* answer.c — tests of gsm/answer.h: what people answer, as they type it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gsm/answer.h"

static const struct {
    const char *typed;
    enum gsm_answer answer;
} answers[] = {
    {"STOP", GSM_ANSWER_STOP},
    {" stop. ", GSM_ANSWER_STOP},
    {"Stop !", GSM_ANSWER_STOP},
    {"Arrêt", GSM_ANSWER_STOP},
    {"annuler", GSM_ANSWER_CANCEL},
    {"ANNULÉ", GSM_ANSWER_CANCEL},
    {"Annulez.", GSM_ANSWER_CANCEL},
    {"Oui", GSM_ANSWER_YES},
    {"OUI.", GSM_ANSWER_YES},
    {"non", GSM_ANSWER_NO},
    {"en partie", GSM_ANSWER_PARTLY},
    {"EN  PARTIE.", GSM_ANSWER_PARTLY},
    {"En\xC2\xA0partie", GSM_ANSWER_PARTLY},
    {"ne m’appelez pas, stop", GSM_ANSWER_WORDS},
    {"oui mais", GSM_ANSWER_WORDS},
    {"Non merci", GSM_ANSWER_WORDS},
    {"", GSM_ANSWER_WORDS},
    {"…", GSM_ANSWER_WORDS},
    {"\xFF\xC3", GSM_ANSWER_WORDS},
    {"STOPSTOPSTOPSTOPSTOPSTOP", GSM_ANSWER_WORDS},
    {"😀", GSM_ANSWER_WORDS},
};

static void answers_are_known_by_any_case_accent_space_or_final_dot(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(answers); i++)
        assert_int_equal(gsm_answer(text_of(answers[i].typed)), answers[i].answer);
}

static void every_answer_has_a_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GSM_ANSWERS; i++)
        assert_true(gsm_answer_name((enum gsm_answer)i)[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_known_by_any_case_accent_space_or_final_dot),
        cmocka_unit_test(every_answer_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
