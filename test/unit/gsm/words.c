/* words.c — tests of gsm/words.h: the sentences of voice-script §12, letter by letter and in their
 * lengths; each one segment whatever its values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gsm/words.h"

#define HOUR 60u
/* 2026-11-17, a Tuesday; 2026-11-20, a Friday; 2026-11-16, a Monday */
#define TUESDAY 20774
static const struct gsm_values of_the_script = {
    .organisation = TEXT("Services publics Haute-Lisière"),
    .service = TEXT("Retraite"),
    .place = TEXT("1 place de la Préfecture, 96000 Montaubry"),
    .number = 33536490010,
    .reference = 47210864,
    .tries_n = 3,
    .takes_answers = true,
};

static struct gsm_values with(struct calendar_local from, struct calendar_local until)
{
    struct gsm_values values = of_the_script;
    values.from = from;
    values.until = until;
    return values;
}

static void says(enum gsm_kind kind, struct gsm_values values, const char *wanted, uint32_t n)
{
    char room[GSM_UTF8_MAX + 1];
    struct gsm_size size;
    struct text_out out = {.p = room, .max = GSM_UTF8_MAX};
    assert_int_equal(gsm_words(&out, kind, &values), GSM_WORDS_SAID);
    room[out.n] = '\0';
    assert_string_equal(room, wanted);
    assert_true(gsm_measure(&size, text_of(room)));
    assert_int_equal(size.coding, GSM_CODING_7BIT);
    assert_int_equal(size.segments, 1);
    assert_int_equal(size.units, n);
}

static void every_sentence_is_that_of_the_script_in_its_length(void **state)
{
    (void)state;
    const struct calendar_local at_1020 = {TUESDAY, 10 * HOUR + 20},
                                at_1040 = {TUESDAY, 10 * HOUR + 40}, at_9 = {TUESDAY, 9 * HOUR},
                                at_930 = {TUESDAY, 9 * HOUR + 30}, at_15 = {TUESDAY, 15 * HOUR},
                                friday_18 = {TUESDAY + 3, 18 * HOUR},
                                monday = {TUESDAY - 1, 9 * HOUR};
    says(GSM_CALLBACK_ASAP, with(at_1020, at_1040),
         "Services publics Haute-Lisière : nous vous rappelons entre 10h20 et 10h40, du 05 36 49 "
         "00 10. Demande 47 21 08 64. Pour annuler, répondez ANNULER.",
         146);
    says(GSM_CALLBACK_SLOT, with(at_9, at_930),
         "Services publics Haute-Lisière : nous vous rappelons mardi 17/11 entre 9h et 9h30, du 05 "
         "36 49 00 10. Demande 47 21 08 64. Annuler : ANNULER.",
         141);
    says(GSM_CALLBACK_SOON, of_the_script,
         "Services publics Haute-Lisière : nous vous appelons dans quelques minutes, du 05 36 49 "
         "00 10. Demande 47 21 08 64.",
         114);
    says(GSM_CALLBACK_MISSED, with(at_15, at_15),
         "Services publics Haute-Lisière : nous avons appelé, sans succès. Nouvel essai vers 15h. "
         "Ou appelez le 05 36 49 00 10, demande 47 21 08 64.",
         138);
    says(GSM_CALLBACK_LAST, with(at_15, friday_18),
         "Services publics Haute-Lisière : 3 appels sans réponse. Appelez le 05 36 49 00 10 avant "
         "vendredi 18h : vous gardez votre place. Demande 47 21 08 64.",
         148);
    says(GSM_CUT_OFF, of_the_script,
         "Services publics Haute-Lisière : votre appel a été coupé par notre faute, pardon. Nous "
         "vous rappelons, du 05 36 49 00 10. Demande 47 21 08 64.",
         142);
    says(GSM_REFERENCE, of_the_script,
         "Services publics Haute-Lisière : votre demande 47 21 08 64 est suivie par le service "
         "Retraite, 1 place de la Préfecture, 96000 Montaubry, 05 36 49 00 10.",
         153);
    says(GSM_SURVEY, of_the_script,
         "Services publics Haute-Lisière : avez-vous eu votre réponse ? Répondez OUI, EN PARTIE ou "
         "NON. Facultatif. Ne plus recevoir : STOP.",
         130);
    says(GSM_SURVEY_MISSED, with(monday, monday),
         "Services publics Haute-Lisière : vous nous avez appelés lundi sans nous joindre. "
         "Avez-vous eu votre réponse depuis ? OUI ou NON. Ne plus recevoir : STOP.",
         153);
    says(GSM_CALLBACK_PLAIN, with(at_1020, at_1040),
         "Demande 47 21 08 64 : rappel entre 10h20 et 10h40, du 05 36 49 00 10. Annuler : ANNULER.",
         88);
    says(GSM_CALLBACK_PLAIN_DAY, with(at_9, at_930),
         "Demande 47 21 08 64 : rappel mardi 17/11 entre 9h et 9h30, du 05 36 49 00 10. Annuler : "
         "ANNULER.",
         96);
    says(GSM_STOP_NOTED, of_the_script,
         "C'est noté : vous ne recevrez plus de SMS de notre part. Vous pouvez toujours nous "
         "appeler au 05 36 49 00 10.",
         109);
    /* the alphabet has no ç */
    says(GSM_RECEIVED, of_the_script, "Message bien recu. Une personne vous répond par SMS.", 52);
}

static void a_sender_that_takes_no_answers_asks_for_none(void **state)
{
    (void)state;
    char room[GSM_UTF8_MAX];
    struct text_out out = {.p = room, .max = sizeof(room)};
    struct gsm_values mute =
        with((struct calendar_local){TUESDAY, 620}, (struct calendar_local){TUESDAY, 640});
    mute.takes_answers = false;
    says(GSM_CALLBACK_ASAP, mute,
         "Services publics Haute-Lisière : nous vous rappelons entre 10h20 et 10h40, du 05 36 49 "
         "00 10. Demande 47 21 08 64.",
         114);
    says(GSM_CALLBACK_PLAIN, mute,
         "Demande 47 21 08 64 : rappel entre 10h20 et 10h40, du 05 36 49 00 10.", 69);
    assert_int_equal(gsm_words(&out, GSM_SURVEY, &mute), GSM_WORDS_ASKS);
    assert_int_equal(gsm_words(&out, GSM_SURVEY_MISSED, &mute), GSM_WORDS_ASKS);
}

static void a_name_that_is_too_long_is_never_cut(void **state)
{
    (void)state;
    char room[GSM_UTF8_MAX];
    struct text_out out = {.p = room, .max = sizeof(room)};
    struct gsm_values values = of_the_script;
    assert_true(gsm_words_fit(values.organisation));
    values.organisation = TEXT("Services publics de la Haute-Lisière et du Bas-Montaubrois");
    assert_false(gsm_words_fit(values.organisation));
    assert_int_equal(gsm_words(&out, GSM_CALLBACK_LAST, &values), GSM_WORDS_LONG);
    values.organisation = TEXT("Маири́я");
    assert_int_equal(gsm_words(&out, GSM_CUT_OFF, &values), GSM_WORDS_LETTER);
    assert_false(gsm_words_fit(values.organisation));
}

/* Whoever else reads that telephone learns neither who calls nor what about. */
static void a_discreet_sentence_names_neither_the_organisation_nor_a_service(void **state)
{
    (void)state;
    static const enum gsm_kind kinds[] = {GSM_CALLBACK_PLAIN, GSM_CALLBACK_PLAIN_DAY};
    char room[GSM_UTF8_MAX + 1];
    struct gsm_size size;
    struct gsm_values longest = with((struct calendar_local){TUESDAY + 1, 22 * HOUR + 45},
                                     (struct calendar_local){TUESDAY + 1, 23 * HOUR + 15});
    longest.number = UINT64_C(999999999999999); /* E.164 has 15 digits at most */
    longest.reference = 99999999;
    for (unsigned i = 0; i < ARRAY_LEN(kinds); i++) {
        struct text_out out = {.p = room, .max = GSM_UTF8_MAX};
        assert_int_equal(gsm_words(&out, kinds[i], &longest), GSM_WORDS_SAID);
        room[out.n] = '\0';
        assert_null(strstr(room, "Services"));
        assert_null(strstr(room, "Retraite"));
        assert_null(strstr(room, "Préfecture"));
        assert_true(gsm_measure(&size, text_of(room)));
        assert_int_equal(size.segments, 1);
        assert_true((strstr(room, "mercredi 18/11") != NULL) == (i == 1));
    }
}

static void no_sentence_has_a_link(void **state)
{
    (void)state;
    char room[GSM_UTF8_MAX + 1];
    for (unsigned i = GSM_CALLBACK_ASAP; i < GSM_KINDS; i++) {
        struct text_out out = {.p = room, .max = GSM_UTF8_MAX};
        assert_int_equal(gsm_words(&out, (enum gsm_kind)i, &of_the_script), GSM_WORDS_SAID);
        room[out.n] = '\0';
        assert_null(strstr(room, "http"));
        assert_null(strstr(room, "www"));
        assert_null(strstr(room, "{"));
        assert_null(strstr(room, "["));
        assert_true(gsm_kind_name((enum gsm_kind)i)[0]);
    }
}

static void other_numbers_and_single_tries_are_written_as_they_are(void **state)
{
    (void)state;
    struct gsm_values values = of_the_script;
    values.number = 262262123456;
    values.tries_n = 1;
    values.until = (struct calendar_local){TUESDAY, 9 * HOUR + 5};
    says(GSM_CALLBACK_LAST, values,
         "Services publics Haute-Lisière : 1 appel sans réponse. Appelez le +262262123456 avant "
         "mardi 9h05 : vous gardez votre place. Demande 47 21 08 64.",
         144);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_is_that_of_the_script_in_its_length),
        cmocka_unit_test(a_sender_that_takes_no_answers_asks_for_none),
        cmocka_unit_test(a_name_that_is_too_long_is_never_cut),
        cmocka_unit_test(a_discreet_sentence_names_neither_the_organisation_nor_a_service),
        cmocka_unit_test(no_sentence_has_a_link),
        cmocka_unit_test(other_numbers_and_single_tries_are_written_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
