/* directory_whole.c — what a directory says as a whole: clocks of sites, stops, exceptions and the
 * day they were published, shared lines, interpreters, accessible hours, warnings, bounds. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/directory.h"
#include "directory/hours.h"

#define HEAD "organisation: { name: x, legal_type: prive }\n"
#define PHONE                                                                                      \
    "hours:\n  h: { lun: 8h-9h }\n  bus:\n    mar: [\"9h-12h @Le Bourg\", \"12h-16h @Les "         \
    "Prés\"]\n"                                                                                   \
    "services: [{ id: a, name: a, hours: h }]\n"

static struct config_errors errors, warnings;

static struct directory *read_whole(const char *text)
{
    struct settings s;
    struct directory *d;
    settings_defaults(&s);
    memset(&errors, 0, sizeof(errors));
    memset(&warnings, 0, sizeof(warnings));
    errors.file = "directory.yaml";
    errors.warnings = &warnings;
    int err = config_directory_read(&d, text, &s, &errors);
    assert_int_equal(!err, !errors.n);
    assert_true(!err == (d != NULL));
    return d;
}

static void stops_of_a_day_are_read_in_their_order(void **state)
{
    (void)state;
    struct directory *d = read_whole(HEAD PHONE "sites: [{ id: bus, name: Bus, hours: bus }]\n");
    assert_non_null(d);
    const struct directory_week *w = &d->weeks[1];
    assert_int_equal(w->day[1].n, 2);
    assert_string_equal(d->places[w->stops[1].place[0] - 1], "Le Bourg");
    assert_string_equal(d->places[w->stops[1].place[1] - 1], "Les Prés");
    assert_int_equal(d->places_n, 2);
    config_directory_drop(d);
}

static void a_site_says_its_clock_its_place_and_whom_it_serves(void **state)
{
    (void)state;
    struct directory *d = read_whole(
        HEAD PHONE "communes: [Les Prés 01100, Le Bourg 01000]\nsites:\n"
                   "  - { id: a, name: a, hours: h, at: [-21.1, 55.532416], needs: [surdite, "
                   "illettrisme] }\n"
                   "  - { id: b, name: b, hours: bus, timezone: Indian/Reunion }\n"
                   "  - { id: c, name: c, hours: bus, timezone: Indian/Reunion, holidays: "
                   "metropole }\n"
                   "  - { id: d, name: d, holidays: alsace_moselle, commune: Les Prés }\n");
    assert_non_null(d);
    assert_false(d->sites[0].clock.is_own);
    assert_true(d->sites[0].is_located);
    assert_int_equal(d->sites[0].latitude, -21100000);
    assert_int_equal(d->sites[0].longitude, 55532416);
    assert_int_equal(d->sites[0].needs, 1 << NEED_SURDITE | 1 << NEED_ILLETTRISME);
    assert_int_equal(d->sites[1].clock.zone, ZONE_INDIAN_REUNION);
    assert_int_equal(d->sites[1].clock.holidays, HOLIDAYS_REUNION);
    assert_int_equal(d->sites[2].clock.holidays,
                     HOLIDAYS_METROPOLE); /* hours of doors may differ */
    assert_int_equal(d->sites[3].clock.zone, ZONE_EUROPE_PARIS);
    assert_int_equal(d->sites[3].clock.holidays, HOLIDAYS_ALSACE_MOSELLE);
    assert_int_equal(d->communes[0].postcode, 1000); /* in the order of postcodes */
    assert_int_equal(directory_commune_find(d, TEXT("Les Prés")), 1);
    config_directory_drop(d);
}

/* A number follows the clock of the site that keeps its hours. */
static void hours_of_the_telephone_have_the_clock_of_their_site(void **state)
{
    (void)state;
    struct directory *d =
        read_whole(HEAD PHONE "sites: [{ id: s, name: s, hours: h, timezone: Pacific/Noumea }]\n");
    assert_non_null(d);
    calendar_day monday;
    assert_true(calendar_day_of(&monday, 2026, 11, 16));
    ms_t noon_at = calendar_instant(ZONE_EUROPE_PARIS, monday - 1, 12 * 60);
    assert_int_equal(directory_opens_at(d, d->services[0].weeks, noon_at),
                     calendar_instant(ZONE_PACIFIC_NOUMEA, monday, 8 * 60));
    config_directory_drop(d);
}

static void a_range_announced_midway_is_excused_from_the_next_day_on(void **state)
{
    (void)state;
    struct directory *d = read_whole(
        HEAD PHONE
        "sites: [{ id: s, name: s, hours: h }, { id: t, name: t, hours: h }]\n"
        "exceptions:\n"
        "  - { from: 2026-12-01, until: 2026-12-10, published: 2026-12-03, sites: [s, "
        "t] }\n"
        "  - { date: 2026-11-20, open: \"9h-10h\" }\n"
        "  - { date: 2026-11-30, published: 2026-11-29, hours: [h, bus], close: 10h }\n");
    assert_non_null(d);
    const struct directory_exception *x = d->exceptions;
    calendar_day first;
    assert_true(calendar_day_of(&first, 2026, 12, 1));
    assert_int_equal(d->exceptions_n, 7);
    assert_true(x[0].is_opening && !x[0].is_published && x[0].open.span[0].to_minute == 600);
    assert_true(x[1].is_published && x[1].week == 0 && x[2].week == 1);
    assert_int_equal(x[1].close_minute, 600);
    for (unsigned i = 3; i < 7; i += 2) { /* two for each site, behind those of none */
        assert_int_equal(x[i].site, i / 2 - 1);
        assert_false(x[i].is_published);
        assert_int_equal(x[i].day, first);
        assert_int_equal(x[i].until_day, first + 2);
        assert_int_equal(x[i + 1].site, i / 2 - 1);
        assert_true(x[i + 1].is_published);
        assert_int_equal(x[i + 1].day, first + 3);
        assert_int_equal(x[i + 1].until_day, first + 9);
    }
    config_directory_drop(d);
}

static void an_exception_lasts_a_year_at_most(void **state)
{
    (void)state;
    static const char *const until[] = {"2027-12-31", "2028-01-01"};
    for (unsigned i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 HEAD PHONE
                 "exceptions: [{ from: 2026-12-31, until: %s, published: 2026-12-01 }]\n",
                 until[i]);
        struct directory *d = read_whole(text);
        assert_int_equal(d == NULL, i);
        config_directory_drop(d);
    }
}

static void shared_lines_and_interpreters_are_known(void **state)
{
    (void)state;
    struct directory *d =
        read_whole(HEAD PHONE "shared_lines: [\"04 10 00 00 60\", \"+262 262 12 34 56\"]\n"
                              "interpreters:\n  - { lang: [ar, pt], number: \"01 40 00 00 70\" }\n"
                              "  - { lang: lsf, number: \"01 40 00 00 71\" }\n");
    assert_non_null(d);
    assert_true(directory_is_shared(d, 33410000060));
    assert_true(directory_is_shared(d, 262262123456));
    assert_false(directory_is_shared(d, 33410000061));
    uint32_t i = directory_interpreter_find(d, UINT64_C(1) << directory_language_bit("lsf"));
    assert_int_equal(i, 1);
    assert_true(d->interpreters[i].e164 == UINT64_C(33140000071));
    assert_int_equal(directory_interpreter_find(d, UINT64_C(1) << directory_language_bit("so")),
                     DIRECTORY_NONE);
    config_directory_drop(d);
}

/* Its own, else the organisation's; a service that follows the numbers follows theirs. */
static void accessible_hours_come_from_the_nearest_that_says_them(void **state)
{
    (void)state;
    struct directory *d =
        read_whole("organisation: { name: x, legal_type: etat, accessible: e }\n"
                   "hours: { v: { lun: 9h-10h }, e: { lun: 8h-11h }, f: { lun: 9h-12h } }\n"
                   "numbers:\n  - { number: \"04 10 00 00 10\", flow: a, hours: v }\n"
                   "  - { number: \"04 10 00 00 11\", flow: a, hours: v, accessible: f }\n"
                   "services:\n  - { id: a, name: a }\n  - { id: b, name: b, hours: v }\n"
                   "  - { id: c, name: c, hours: v, accessible: f }\n");
    assert_non_null(d);
    assert_int_equal(d->organisation.accessible, 2);
    assert_int_equal(d->numbers[0].accessible, 2);
    assert_int_equal(d->numbers[1].accessible, 4);
    assert_int_equal(d->services[0].accessible, 2 | 4);
    assert_int_equal(d->services[1].accessible, 2);
    assert_int_equal(d->services[2].accessible, 4);
    assert_int_equal(warnings.n, 1); /* nobody writes */
    assert_non_null(strstr(warnings.list[0].what, "par écrit"));
    config_directory_drop(d);
}

/* What the law asks of whom: an error, a warning, nothing. */
static void who_says_no_accessible_hours_is_told_by_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *legal_type;
        unsigned errors_n, warnings_n;
    } rows[] = {{", legal_type: etat", 1, 0},
                {", legal_type: securite_sociale", 1, 0},
                {", legal_type: collectivite", 1, 0},
                {", legal_type: prive", 0, 0},
                {"", 0, 1}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "organisation: { name: x%s }\nhours: { h: { lun: 8h-9h } }\n"
                 "services: [{ id: a, name: a, hours: h }]\n",
                 rows[i].legal_type);
        struct directory *d = read_whole(text);
        assert_int_equal(errors.n, rows[i].errors_n);
        assert_int_equal(warnings.n, rows[i].warnings_n);
        if (errors.n)
            assert_non_null(strstr(errors.list[0].cure, "2017-875"));
        config_directory_drop(d);
    }
}

static void what_one_could_begin_with_is_warned_of_with_its_line(void **state)
{
    (void)state;
    struct directory *d =
        read_whole("organisation: { name: x, legal_type: collectivite, accessible: h }\n"
                   "hours:\n  h: { lun: 8h-9h }\n  vide: { mar: 8h-9h }\n"
                   "numbers: [{ number: \"0890 12 34 56\", tariff: surtaxe, flow: a, hours: h }]\n"
                   "services: [{ id: a, name: a }]\nsites: [{ id: s, name: s }]\n"
                   "agents: [{ id: g, name: g, skills: [ecrit] }]\n");
    assert_non_null(d);
    assert_int_equal(warnings.n, 3);
    assert_int_equal(warnings.list[0].line, 4);
    assert_non_null(strstr(warnings.list[0].what, "vide"));
    assert_int_equal(warnings.list[1].line, 5);
    assert_non_null(strstr(warnings.list[1].what, "surtaxe"));
    assert_int_equal(warnings.list[2].line, 7);
    for (unsigned i = 0; i < warnings.n; i++)
        assert_true(warnings.list[i].cure[0]);
    config_directory_drop(d);
}

/* n numbers, each with hours of its own; hours of sites alone are not counted. */
static void hours_of_the_telephone_are_bounded_at_their_bound_and_past_it(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t used, max = 65536;
        char *text = malloc(max);
        unsigned n = DIRECTORY_PHONE_WEEKS_MAX + extra;
        used = (size_t)snprintf(text, max, HEAD "services: [{ id: a, name: a }]\nhours:\n");
        for (unsigned i = 0; i < n; i++)
            used += (size_t)snprintf(text + used, max - used,
                                     "  d%u: { mar: 8h-9h }\n  h%u: { lun: 8h-9h }\n", i, i);
        used += (size_t)snprintf(text + used, max - used, "numbers:\n");
        for (unsigned i = 0; i < n; i++)
            used += (size_t)snprintf(text + used, max - used,
                                     "  - { number: \"04 10 00 00 %02u\", flow: a, hours: h%u }\n",
                                     i, i);
        struct directory *d = read_whole(text);
        assert_int_equal(d == NULL, extra);
        if (d)
            for (unsigned i = 0; i < n; i++)
                assert_int_equal(d->numbers[i].week, i); /* they come first */
        else
            assert_non_null(strstr(errors.list[0].cure, "64 au plus"));
        config_directory_drop(d);
        free(text);
    }
}

/* One line of the file with many sites counts as many. */
static void exceptions_are_bounded_by_what_they_name(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t used, max = 65536;
        char *text = malloc(max);
        used = (size_t)snprintf(text, max,
                                HEAD PHONE "sites: [{ id: s, name: s, hours: h }]\n"
                                           "exceptions:\n  - { from: 2026-12-01, until: "
                                           "2026-12-09, published: 2026-12-02, sites: [");
        for (unsigned i = 0; i < DIRECTORY_EXCEPTIONS_MAX + extra; i++)
            used += (size_t)snprintf(text + used, max - used, "s,");
        snprintf(text + used, max - used, "] }\n");
        struct directory *d = read_whole(text);
        assert_int_equal(d == NULL, extra);
        if (d)
            assert_int_equal(d->exceptions_n, 2 * DIRECTORY_EXCEPTIONS_MAX);
        else
            assert_non_null(strstr(errors.list[0].cure, "au plus"));
        config_directory_drop(d);
        free(text);
    }
}

static void stops_are_bounded_at_their_bound_and_past_it(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t used, max = 1u << 20;
        char *text = malloc(max);
        unsigned weeks_n = DIRECTORY_PLACES_MAX / 7;
        used =
            (size_t)snprintf(text, max, HEAD "services: [{ id: a, name: a, hours: h0 }]\nhours:\n");
        for (unsigned i = 0; i < weeks_n; i++)
            used += (size_t)snprintf(text + used, max - used,
                                     "  h%u: { lun: 1h-2h @a, mar: 1h-2h @a, mer: 1h-2h @a, jeu: "
                                     "1h-2h @a, ven: 1h-2h @a, sam: 1h-2h @a, dim: 1h-2h @a }\n",
                                     i);
        unsigned rest = DIRECTORY_PLACES_MAX % 7 + extra;
        static const char *const days[] = {"lun", "mar", "mer", "jeu", "ven", "sam", "dim"};
        used += (size_t)snprintf(text + used, max - used, "  rest:\n    dim: closed\n");
        for (unsigned i = 0; i < rest && i < 6; i++)
            used += (size_t)snprintf(text + used, max - used, "    %s: 1h-2h @a\n", days[i]);
        struct directory *d = read_whole(text);
        assert_int_equal(d == NULL, extra);
        if (d)
            assert_int_equal(d->places_n, DIRECTORY_PLACES_MAX);
        else
            assert_non_null(strstr(errors.list[0].cure, "au plus"));
        config_directory_drop(d);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_of_a_day_are_read_in_their_order),
        cmocka_unit_test(a_site_says_its_clock_its_place_and_whom_it_serves),
        cmocka_unit_test(hours_of_the_telephone_have_the_clock_of_their_site),
        cmocka_unit_test(a_range_announced_midway_is_excused_from_the_next_day_on),
        cmocka_unit_test(an_exception_lasts_a_year_at_most),
        cmocka_unit_test(shared_lines_and_interpreters_are_known),
        cmocka_unit_test(accessible_hours_come_from_the_nearest_that_says_them),
        cmocka_unit_test(who_says_no_accessible_hours_is_told_by_what_they_are),
        cmocka_unit_test(what_one_could_begin_with_is_warned_of_with_its_line),
        cmocka_unit_test(hours_of_the_telephone_are_bounded_at_their_bound_and_past_it),
        cmocka_unit_test(exceptions_are_bounded_by_what_they_name),
        cmocka_unit_test(stops_are_bounded_at_their_bound_and_past_it),
    };
    return cmocka_run_group_tests_name("config/directory_whole", tests, NULL, NULL);
}
