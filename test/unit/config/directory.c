/* directory.c — a directory from its file: the demonstration's forms, and every bound at it and
 * past it. What is said of wrong files stands in test/golden/config. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/directory.h"
#include "config/value.h"

#define BOTH "127.0.0.1, ::1"

static struct settings room_for_all(void)
{
    struct settings s;
    settings_defaults(&s);
    memcpy(s.phone.address, BOTH, sizeof(BOTH));
    return s;
}

static int read_text(struct directory **d, const char *text, struct config_errors *errors)
{
    struct settings s = room_for_all();
    memset(errors, 0, sizeof(*errors));
    errors->file = "directory.yaml";
    return config_directory_read(d, text, &s, errors);
}

static const char small[] =
    "demo: true\n"
    "organisation: { name: Haute-Lisière, legal_type: etat, timezone: Europe/Paris, "
    "accessible: bureau }\n"
    "numbers:\n"
    "  - { number: \"05 36 49 00 10\", flow: accueil, hours: bureau }\n"
    "  - { number: \"05 36 49 00 20\", flow: accueil, hours: bureau, site: mairie }\n"
    "hours:\n"
    "  bureau: { lun-ven: \"09:00-12:30 13:30-17:30\", sam: closed }\n"
    "  bus: { mar: \"09:30-12:00 @Rochemarne\", ven: \"14:00-17:00 @Le Bourg\" }\n"
    "  toujours: { lun-dim: \"00:00-24:00\" }\n"
    "exceptions:\n"
    "  - { date: 2026-12-24, close: \"16:00\", published: 2026-12-01 }\n"
    "  - { date: 2026-12-31, close: \"16:00\", published: 2026-12-31, hours: toujours }\n"
    "  - { date: 2026-12-26, reason: ferie }\n"
    "services:\n"
    "  - { id: accueil, name: Accueil, for: \"Ne pas savoir à qui parler.\" }\n"
    "  - { id: bus, name: Bus, hours: bus }\n"
    "sites: [{ id: mairie, name: Mairie, area: est, hours: bureau, public: non }]\n"
    "agents:\n"
    "  - { id: a01, name: Nadège, site: mairie, skills: [bus, lang:ar, lang:lsf, ecrit] }\n"
    "  - { id: s01, name: Martine, role: supervisor }\n"
    "  - { id: r01, name: Robot, robot: true, skills: [all], phone: browser }\n";

static void every_form_of_the_demonstration_is_understood(void **state)
{
    (void)state;
    struct config_errors errors;
    struct directory *d;
    assert_int_equal(read_text(&d, small, &errors), 0);
    assert_true(d->is_demo && d->organisation.forbids_surcharge);
    assert_int_equal(d->organisation.zone, ZONE_EUROPE_PARIS);
    assert_int_equal(d->organisation.holidays, HOLIDAYS_METROPOLE);
    assert_int_equal(d->weeks[0].day[0].n, 2);
    assert_int_equal(d->weeks[0].day[5].n, 0);
    assert_string_equal(d->places[d->weeks[1].stops[4].place[0] - 1], "Le Bourg");
    assert_int_equal(d->weeks[0].stops[0].place[0], 0);
    assert_int_equal(d->weeks[1].day[1].span[0].from_minute, 570);
    assert_true(d->weeks[2].is_always && !d->weeks[0].is_always);
    assert_true(d->numbers[0].is_fiction && d->numbers[0].e164 == UINT64_C(33536490010));
    assert_int_equal(directory_dialled_find(d, 33536490010), 0);
    assert_int_equal(d->numbers[0].site_number, 0); /* anybody's */
    assert_int_equal(d->numbers[1].site_number, d->sites[0].number);
    assert_int_equal(d->numbers[1].area_number, directory_number_of("est"));
    assert_int_equal(d->services[0].weeks, 1); /* that of all numbers */
    assert_int_equal(d->services[1].weeks, 2); /* its own */
    assert_false(d->sites[0].is_public);
    assert_int_equal(d->sites[0].area_number, directory_number_of("est"));
    config_directory_drop(d);
}

static void an_exception_touches_what_it_should(void **state)
{
    (void)state;
    struct config_errors errors;
    struct directory *d;
    assert_int_equal(read_text(&d, small, &errors), 0);
    assert_int_equal(d->exceptions_n, 3);
    assert_int_equal(d->exceptions[0].week, DIRECTORY_NONE); /* all */
    assert_int_equal(d->exceptions[0].site, DIRECTORY_NONE);
    assert_true(d->exceptions[0].is_published);
    assert_int_equal(d->exceptions[0].close_minute, 16 * 60);
    assert_true(d->exceptions[1].is_published); /* in the order of time, not of the file */
    assert_int_equal(d->exceptions[1].close_minute, 0);
    assert_int_equal(d->exceptions[2].week, 2);
    assert_false(d->exceptions[2].is_published); /* said on the day itself */
    config_directory_drop(d);
}

static void agents_have_services_languages_and_roles(void **state)
{
    (void)state;
    struct config_errors errors;
    struct directory *d;
    assert_int_equal(read_text(&d, small, &errors), 0);
    const struct directory_agent *g = d->agents;
    assert_int_equal(g[0].services_n, 1);
    assert_int_equal(g[0].services[0], 1);
    assert_int_equal(g[0].skills, UINT64_C(1) << directory_language_bit("ar") |
                                      UINT64_C(1) << directory_language_bit("lsf"));
    assert_true(g[0].writes && g[0].site == 0);
    assert_int_equal(g[1].role, ROLE_SUPERVISOR);
    assert_true(g[2].is_robot && g[2].site == DIRECTORY_NONE);
    assert_int_equal(g[2].services_n, 2);
    assert_int_equal(directory_agent_find(d, directory_number_of("r01")), 2);
    config_directory_drop(d);
}

static void the_words_for_zones_are_those_of_the_calendar(void **state)
{
    (void)state;
    for (enum zone z = 0; z < ZONE_N; z++) {
        struct config_errors errors;
        struct directory *d;
        char text[256];
        snprintf(text, sizeof(text),
                 "organisation: { name: x, timezone: %s }\nhours: { h: { lun: 8h-9h } }\n"
                 "services: [{ id: a, name: a, hours: h }]\n",
                 calendar_zone_name(z));
        assert_int_equal(read_text(&d, text, &errors), 0);
        assert_int_equal(d->organisation.zone, z);
        assert_int_equal(d->organisation.holidays, calendar_zone_holidays(z));
        config_directory_drop(d);
    }
}

/* The day that a territory has and others have not. */
static void the_words_for_holidays_are_those_of_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        uint8_t month, day;
    } own[] = {{"alsace_moselle", 4, 3},    {"alsace_moselle_sans_vendredi_saint", 12, 26},
               {"guadeloupe", 5, 27},       {"martinique", 5, 22},
               {"guyane", 6, 10},           {"reunion", 12, 20},
               {"mayotte", 4, 27},          {"saint_martin", 5, 28},
               {"saint_barthelemy", 10, 9}, {"nouvelle_caledonie", 9, 24},
               {"polynesie", 11, 20},       {"wallis_et_futuna", 7, 29},
               {"metropole", 7, 14}};
    for (unsigned i = 0; i < ARRAY_LEN(own); i++) {
        struct config_errors errors;
        struct directory *d;
        char text[256];
        calendar_day day;
        snprintf(text, sizeof(text),
                 "organisation: { name: x, holidays: %s }\nhours: { h: { lun: 8h-9h } }\n"
                 "services: [{ id: a, name: a, hours: h }]\n",
                 own[i].word);
        assert_int_equal(read_text(&d, text, &errors), 0);
        assert_true(calendar_day_of(&day, 2026, own[i].month, own[i].day));
        assert_true(calendar_is_holiday(d->organisation.holidays, day));
        config_directory_drop(d);
    }
}

/* A directory with n items of one list; item is a format with one number. */
struct many {
    const char *key, *before, *item, *after;
    uint32_t max;
};

static const struct many lists[] = {
    {"hours", "hours:\n", "  h%u: { lun: 8h-9h }\n", "services: [{ id: a, name: a, hours: h1 }]\n",
     DIRECTORY_WEEKS_MAX},
    {"exceptions",
     "hours: { h1: { lun: 8h-9h } }\nservices: [{ id: a, name: a, hours: h1 }]\n"
     "exceptions:\n",
     "  - { date: 2026-12-25, reason: ferie } # %u\n", "", DIRECTORY_EXCEPTIONS_MAX},
    {"services", "hours: { h1: { lun: 8h-9h } }\nservices:\n",
     "  - { id: s%u, name: a, hours: h1 }\n", "", DIRECTORY_SERVICES_MAX},
    {"communes",
     "hours: { h1: { lun: 8h-9h } }\nservices: [{ id: a, name: a, hours: h1 }]\ncommunes:\n",
     "  - Le Bourg %u 01000\n", "", DIRECTORY_COMMUNES_MAX},
    {"shared_lines",
     "hours: { h1: { lun: 8h-9h } }\nservices: [{ id: a, name: a, hours: h1 }]\n"
     "shared_lines:\n",
     "  - \"+3341000%04u\"\n", "", DIRECTORY_SHARED_MAX},
    {"interpreters",
     "hours: { h1: { lun: 8h-9h } }\nservices: [{ id: a, name: a, hours: h1 }]\n"
     "interpreters:\n",
     "  - { lang: ar, number: \"+3341000%04u\" }\n", "", DIRECTORY_INTERPRETERS_MAX},
    {"sites", "hours: { h1: { lun: 8h-9h } }\nservices: [{ id: a, name: a, hours: h1 }]\nsites:\n",
     "  - { id: p%u, name: a }\n", "", DIRECTORY_SITES_MAX},
    {"numbers", "hours: { h1: { lun: 8h-9h } }\nservices: [{ id: a, name: a }]\nnumbers:\n",
     "  - { number: \"+3341000%04u\", flow: a, hours: h1 }\n", "", DIRECTORY_NUMBERS_MAX},
    {"agents",
     "hours: { h1: { lun: 8h-9h } }\nservices: [{ id: a, name: a, hours: h1 }]\nagents:\n",
     "  - { id: g%u, name: a, skills: [a] }\n", "", DIRECTORY_AGENTS_MAX},
};

#define TEXT_MAX (2u << 20)

static int read_many(const struct many *m, uint32_t n, struct config_errors *errors)
{
    char *text = malloc(TEXT_MAX);
    struct directory *d;
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, TEXT_MAX, "organisation: { name: x }\n%s", m->before);
    for (uint32_t i = 1; i <= n; i++) {
        char item[96]; /* the %u of item by hand: its format is no literal */
        const char *mark = strchr(m->item, '%');
        bool padded = mark[1] == '0';
        snprintf(item, sizeof(item), padded ? "%.*s%04u%s" : "%.*s%u%s", (int)(mark - m->item),
                 m->item, i, mark + (padded ? 4 : 2));
        used += (size_t)snprintf(text + used, TEXT_MAX - used, "%s", item);
        assert_true(used < TEXT_MAX - 200);
    }
    snprintf(text + used, TEXT_MAX - used, "%s", m->after);
    int err = read_text(&d, text, errors);
    config_directory_drop(d);
    free(text);
    return err;
}

static void every_list_is_bounded_at_its_bound_and_past_it(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(lists); i++) {
        struct config_errors errors;
        if (read_many(&lists[i], lists[i].max, &errors))
            fail_msg("%s at its bound: %s", lists[i].key, errors.list[0].what);
        assert_int_equal(read_many(&lists[i], lists[i].max + 1, &errors), EINVAL);
        assert_non_null(strstr(errors.list[0].what, lists[i].key));
        assert_non_null(strstr(errors.list[0].cure, "au plus"));
    }
}

static int read_trunks(struct directory **d, uint32_t n, struct config_errors *errors)
{
    char text[4096];
    int used = snprintf(text, sizeof(text),
                        "demo: true\norganisation: { name: x }\nhours: { h: { lun: 8h-9h } }\n"
                        "services: [{ id: a, name: a, hours: h }]\ntrunks:\n"
                        "  - { id: plain, host: 127.0.0.1 }\n  - { id: six, host: \"[::1]:6\" }\n");
    for (uint32_t i = 2; i < n; i++)
        used += snprintf(text + used, sizeof(text) - (size_t)used,
                         "  - { id: t%u, host: \"127.0.0.1:%u\" }\n", i, i);
    return read_text(d, text, errors);
}

static void lines_to_operators_have_addresses(void **state)
{
    (void)state;
    struct config_errors errors;
    struct directory *d;
    struct address plain, six;
    assert_true(address_read(&plain, TEXT("127.0.0.1:5060")));
    assert_true(address_read(&six, TEXT("[::1]:6")));
    assert_int_equal(read_trunks(&d, DIRECTORY_TRUNKS_MAX, &errors), 0);
    assert_int_equal(d->trunks_n, DIRECTORY_TRUNKS_MAX);
    assert_true(address_equal(&d->trunks[0].at, &plain)); /* the port that nobody wrote */
    assert_true(address_equal(&d->trunks[1].at, &six));
    assert_int_equal(directory_trunk_find(d, directory_number_of("six")), 1);
    assert_int_equal(d->trunks[1].number, directory_number_of("six"));
    config_directory_drop(d);
    assert_int_equal(read_trunks(&d, DIRECTORY_TRUNKS_MAX + 1, &errors), EINVAL);
    assert_non_null(strstr(errors.list[0].what, "trunks"));
}

static void an_operator_without_a_port_is_a_service_of_its_transport(void **state)
{
    (void)state;
    static const char text[] = "organisation: { name: x }\nhours: { h: { lun: 8h-9h } }\n"
                               "services: [{ id: a, name: a, hours: h }]\ntrunks:\n"
                               "  - { id: udp, host: sip.example }\n"
                               "  - { id: tcp, host: sip.example.org, transport: tcp }\n"
                               "  - { id: port, host: \"sip.example:5062\", transport: tcp }\n"
                               "  - { id: here, host: localhost }\n"
                               "  - { id: ip, host: 192.0.2.1 }\n"
                               "  - { id: tls, host: sip.example.net, transport: tls }\n";
    static const char *const names[] = {"_sip._udp.sip.example", "_sip._tcp.sip.example.org",
                                        "sip.example", "localhost"};
    struct config_errors errors;
    struct directory *d;
    char name[DIRECTORY_HOST_BYTES];
    if (read_text(&d, text, &errors))
        fail_msg("%s", errors.list[0].what);
    for (unsigned i = 0; i < ARRAY_LEN(names); i++)
        assert_string_equal(directory_trunk_name(&d->trunks[i], name), names[i]);
    assert_null(directory_trunk_name(&d->trunks[4], name));
    assert_string_equal(directory_trunk_name(&d->trunks[5], name), "_sips._tcp.sip.example.net");
    assert_int_equal(d->trunks[5].at.port, 5061);
    assert_int_equal(d->trunks[5].srtp, DIRECTORY_SRTP_ALLOW);
    assert_int_equal(d->trunks[0].transport, DIRECTORY_UDP);
    assert_int_equal(d->trunks[2].transport, DIRECTORY_TCP);
    config_directory_drop(d);
}

static void a_directory_larger_than_the_heart_is_refused(void **state)
{
    (void)state;
    struct config_errors errors = {.file = "d"};
    struct settings s = room_for_all();
    struct directory *d;
    s.acd.queues_max = 2;
    s.acd.agents_max = 3;
    assert_int_equal(config_directory_read(&d, small, &s, &errors), 0);
    config_directory_drop(d);
    s.acd.queues_max = 1;
    s.acd.agents_max = 2;
    assert_int_equal(config_directory_read(&d, small, &s, &errors), EINVAL);
    assert_null(d);
    assert_int_equal(errors.n, 2);
    assert_non_null(strstr(errors.list[0].cure, "acd.queues_max"));
    assert_non_null(strstr(errors.list[1].cure, "acd.agents_max"));
}

/* Two ids with one number would be one agent in the journal. */
static void two_ids_with_one_number_are_refused(void **state)
{
    (void)state;
    assert_int_equal(directory_number_of("s38675"), directory_number_of("s61566"));
    struct config_errors errors;
    struct directory *d;
    assert_int_equal(read_text(&d,
                               "organisation: { name: x }\nhours: { h: { lun: 8h-9h } }\n"
                               "services:\n  - { id: s38675, name: a, hours: h }\n"
                               "  - { id: s61566, name: b, hours: h }\n",
                               &errors),
                     EINVAL);
    assert_int_equal(errors.n, 1);
    assert_int_equal(errors.list[0].line, 5);
    assert_non_null(strstr(errors.list[0].what, "même numéro"));
}

static void dates_are_years_months_days(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2026-11-1",  "2026-11-161", "2026-02-29",
                                        "16-11-2026", "2026/11/16", "2026-11-16 ", "abcd-ef-gh"};
    calendar_day day = 7;
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(config_date(&day, wrong[i]));
    assert_int_equal(day, 7);
    assert_true(config_date(&day, "2026-11-16"));
    assert_int_equal(day, 20773);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_the_demonstration_is_understood),
        cmocka_unit_test(an_exception_touches_what_it_should),
        cmocka_unit_test(agents_have_services_languages_and_roles),
        cmocka_unit_test(the_words_for_zones_are_those_of_the_calendar),
        cmocka_unit_test(the_words_for_holidays_are_those_of_the_calendar),
        cmocka_unit_test(every_list_is_bounded_at_its_bound_and_past_it),
        cmocka_unit_test(lines_to_operators_have_addresses),
        cmocka_unit_test(an_operator_without_a_port_is_a_service_of_its_transport),
        cmocka_unit_test(a_directory_larger_than_the_heart_is_refused),
        cmocka_unit_test(two_ids_with_one_number_are_refused),
        cmocka_unit_test(dates_are_years_months_days),
    };
    return cmocka_run_group_tests_name("config/directory", tests, NULL, NULL);
}
