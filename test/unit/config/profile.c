/* profile.c — a profile is read whole, or refused with every mistake at its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/profile.h"

#define SECOND ((ms_t)1000)

static const char good[] =
    "name: Essai\n"
    "arrivals: { lun: 410, mar-ven: 300 }\n"
    "hours: { lun-ven: \"08:30-12:00 13:00-18:00\" }\n"
    "shapes:\n"
    "  - days: lun-ven\n"
    "    slots: { \"08:30-12:00\": 60 %, \"13:00-18:00\": 40 % }\n"
    "services:\n"
    "  sante: { share: 60 %, handle: { mean: 300s, cv: 0.8 } }\n"
    "  impots: { share: 40 % }\n"
    "agents:\n"
    "  tous: { count: 3, services: all, shift: { lun-ven: \"08:30-18:00\" } }\n"
    "  deux: { count: 2, services: [impots], language: 50 %, texts: 2,\n"
    "          shift: { lun: \"09:00-12:00\" } }\n"
    "people:\n"
    "  redial: { share: 60 %, from: 5min, to: 1h, times: 4 }\n"
    "  patience: { mean: 4min, cv: 1.0 }\n";

static const char *read_profile(struct plan_profile *p, const char *text)
{
    static _Thread_local char said[8192];
    struct config_errors errors = {.file = "p.yaml"};
    int err = config_profile_read(p, text, strlen(text), &errors);
    assert_int_equal(err != 0, errors.n != 0);
    config_errors_text(&errors, said, sizeof(said));
    return said;
}

static void a_good_profile_fills_the_struct_and_keeps_defaults(void **state)
{
    (void)state;
    static _Thread_local struct plan_profile p;
    assert_string_equal(read_profile(&p, good), "");
    assert_string_equal(p.name, "Essai");
    assert_int_equal(p.arrivals[0], 410);
    assert_int_equal(p.arrivals[4], 300);
    assert_int_equal(p.arrivals[5], 0);
    assert_int_equal(p.hours[0].n, 2);
    assert_int_equal(p.shapes_n, 1);
    assert_int_equal(p.shapes[0].days, 0x1f);
    assert_int_equal(p.shapes[0].slots[1].share_ppm, 400000);
    assert_int_equal(p.services_n, 2);
    assert_string_equal(p.services[1].name, "impots");
    assert_int_equal(p.services[1].handle.mean_ms, 300 * SECOND); /* the default */
    assert_int_equal(p.groups_n, 2);
    assert_int_equal(p.groups[0].services_n, 2);
    assert_int_equal(p.groups[1].services[0], 1);
    assert_int_equal(p.groups[1].language_ppm, 500000);
    assert_int_equal(p.people.redial_max_ms, 3600 * SECOND);
    assert_int_equal(p.people.redials_max, 4);
    assert_int_equal(p.house.handle_ms, 360 * SECOND); /* talk and wrap-up, worked out */
    assert_int_equal(plan_agents_n(&p), 5);
}

/* The good text with one piece replaced. */
static const char *with(const char *old, const char *new)
{
    static _Thread_local char text[4096];
    const char *at = strstr(good, old);
    assert_non_null(at);
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, new, at + strlen(old));
    return text;
}

static const struct refusal {
    const char *old, *new, *said;
} refusals[] = {
    {"sante: { share: 60 %", "sante: { share: 61 %",
     "p.yaml:8:3: les parts des services font 101,00\u00a0%\n"
     "    → leur somme doit être 100\u00a0%\n"},
    {"\"08:30-12:00\": 60 %", "\"08:30-12:00\": 59.98 %",
     "p.yaml:6:12: les tranches font 99,98\u00a0% du jour\n"
     "    → leur somme doit être 100\u00a0%, en 96 tranches au plus\n"},
    {"\"13:00-18:00\": 40 %", "\"11:00-18:00\": 40 %",
     "p.yaml:6:35: la tranche «\u00a0"
     "11:00-18:00\u00a0» chevauche celle d’avant\n"
     "    → rangez les tranches dans l’ordre\n"},
    {"\"13:00-18:00\": 40 %", "\"13 à 18\": 40 %",
     "p.yaml:6:35: tranche\u00a0: «\u00a0"
     "13 à 18\u00a0» ne se lit pas\n"
     "    → attendu\u00a0: \"08:30-09:00\"\n"},
    {"days: lun-ven", "days: lundi",
     "p.yaml:5:11: jours\u00a0: «\u00a0lundi\u00a0» ne se lit pas\n"
     "    → attendu\u00a0: lun, lun-ven ou mar-mer-ven\n"},
    {"days: lun-ven", "days: lun-jeu",
     "p.yaml:2:11: des appels arrivent un jour dont aucune clé shapes ne dit les heures\n"
     "    → ajoutez ce jour dans shapes, ou mettez 0\n"},
    {"services: [impots]", "services: [impot]",
     "p.yaml:12:32: service inconnu\u00a0: «\u00a0impot\u00a0»\n"
     "    → attendu\u00a0: un nom de la clé services, ou all (le plus proche\u00a0: impots)\n"},
    {"services: [impots]", "services: [impots, impots]",
     "p.yaml:12:40: «\u00a0impots\u00a0» est cité deux fois\n    → citez-le une fois\n"},
    {"services: [impots]", "services: impots",
     "p.yaml:12:31: services\u00a0: une liste de 1 à 16 noms est attendue\n"
     "    → écrivez [a, b], ou all\n"},
    {"from: 5min", "from: 2h", "p.yaml:15:11: redial\u00a0: from dépasse to\n    → échangez-les\n"},
    {"cv: 0.8", "cv: 0.1",
     "p.yaml:8:51: «\u00a0"
     "cv\u00a0»\u00a0: «\u00a0"
     "0.1\u00a0» est hors des bornes\n"
     "    → attendu\u00a0: de 0.2 à 2.5\n"},
    {"mean: 300s", "mean: 300",
     "p.yaml:8:41: «\u00a0mean\u00a0»\u00a0: «\u00a0"
     "300\u00a0» ne se lit pas\n"
     "    → attendu\u00a0: une durée avec son unité (300s, 5min, 1h30)\n"},
    {"count: 3", "count: 0",
     "p.yaml:11:18: «\u00a0"
     "count\u00a0»\u00a0: «\u00a0"
     "0\u00a0» est hors des bornes\n"
     "    → attendu\u00a0: de 1 à 20000\n"},
    {"count: 3", "count: 20000",
     "p.yaml:11:3: trop d’agents\u00a0: 20002\n    → au plus 20000 en tout\n"},
    {"name: Essai\n", "",
     "p.yaml:1:1: il manque la clé «\u00a0name\u00a0»\n"
     "    → ajoutez «\u00a0name: …\u00a0»\n"},
    {"patience:", "patiense:",
     "p.yaml:16:3: clé inconnue\u00a0: «\u00a0patiense\u00a0»\n"
     "    → vouliez-vous dire «\u00a0patience\u00a0»\u202f?\n"},
};

static void a_house_calls_back_only_when_its_profile_says_so(void **state)
{
    (void)state;
    static _Thread_local struct plan_profile p;
    assert_string_equal(read_profile(&p, good), "");
    assert_int_equal(p.callbacks.attempts_max, 0);
    assert_string_equal(
        read_profile(
            &p, with("name: Essai\n", "name: Essai\ncallbacks: { share: 40 %, after: 2min }\n")),
        "");
    assert_int_equal(p.callbacks.attempts_max, 3);
    assert_int_equal(p.callbacks.accept_ppm, 400000);
    assert_int_equal(p.callbacks.after_ms, 120 * SECOND);
    assert_int_equal(p.callbacks.dial_ms, 40 * SECOND); /* as the settings have it */
    const char *said = read_profile(
        &p, with("name: Essai\n",
                 "name: Essai\ncallbacks: { share: 40 %, nobody: 60 %, machine: 50 % }\n"));
    assert_non_null(strstr(said, "plus de 100"));
}

static void each_mistake_is_told_with_its_line_and_its_cure(void **state)
{
    (void)state;
    static _Thread_local struct plan_profile p;
    for (unsigned i = 0; i < ARRAY_LEN(refusals); i++)
        assert_string_equal(read_profile(&p, with(refusals[i].old, refusals[i].new)),
                            refusals[i].said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_profile_fills_the_struct_and_keeps_defaults),
        cmocka_unit_test(a_house_calls_back_only_when_its_profile_says_so),
        cmocka_unit_test(each_mistake_is_told_with_its_line_and_its_cure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
