/* pages.c — what the pages say of a small house, and that nothing in a name can break them. */
#include <errno.h>

#include "test/unit/view/house.h"

static void the_status_counts_who_waits_and_who_works(void **state)
{
    (void)state;
    struct house *h = house_open();
    h->day.calls[OUTCOME_ANSWERED] = 9;
    h->day.calls[OUTCOME_ABANDONED] = 1;
    h->day.calls[OUTCOME_TEST] = 5;
    const char *page = house_page(h, view_api_status);
    must_say(page, "\"waiting\":1,\"longest_wait_ms\":65000,\"contacts_open\":2");
    must_say(page, "\"offered\":1,\"joined\":0");
    must_say(page, "\"received\":10,\"asked\":10,\"answered\":9");
    must_say(page, "\"n\":9,\"of\":10,\"ppm\":900000}");
    must_say(page, "\"health\":{\"status\":\"well\",\"alarms\":[]}");
    house_drop(h);
}

static void names_are_escaped_in_json_and_in_metrics(void **state)
{
    (void)state;
    struct house *h = house_open();
    must_say(house_page(h, view_api_queues),
             "\"id\":\"etat-civil\",\"number\":3796489272,\"name\":\"État civil, "
             "\\\"papiers\\\"\\\\\\n\"");
    must_say(house_page(h, view_api_agents), "\"name\":\"Zoé\",\"state\":\"offered\"");
    memcpy(h->directory->services[0].id, "a\"b\\c\nd", sizeof("a\"b\\c\nd"));
    must_say(house_page(h, view_metrics), "decroche_queue_waiting{queue=\"a\\\"b\\\\c\\nd\"} 1\n");
    house_drop(h);
}

static void without_a_directory_numbers_stand_for_names(void **state)
{
    (void)state;
    struct house *h = house_open();
    h->view.directory = NULL;
    h->view.queue_day = NULL;
    must_say(house_page(h, view_api_queues), "{\"id\":null,\"number\":3796489272,\"name\":null");
    must_say(house_page(h, view_metrics), "decroche_queue_waiting{queue=\"3796489272\"} 1\n");
    must_say(house_page(h, view_status_text), "file 3796489272");
    house_drop(h);
}

static void encrypted_lines_are_told_apart(void **state)
{
    (void)state;
    struct house *h = house_open();
    assert_null(strstr(house_page(h, view_status_text), "Lignes en communication"));
    h->vitals.legs_n = 1007;
    h->vitals.legs_tls_n = 4;
    h->vitals.legs_srtp_n = 3;
    must_say(house_page(h, view_status_text), "\nLignes en communication\u00a0: 1\u202f007 · par "
                                              "TLS\u00a0: 4 · au son chiffré\u00a0: 3\n");
    must_say(house_page(h, view_api_status), "\"legs\":1007,\"legs_tls\":4,\"legs_srtp\":3,");
    house_drop(h);
}

static void metrics_before_the_figures_are_those_of_the_process_only(void **state)
{
    (void)state;
    struct house *h = house_open();
    h->vitals.legs_n = 7;
    h->vitals.legs_tls_n = 4;
    h->vitals.legs_srtp_n = 3;
    h->vitals.sent_n = UINT64_MAX;
    h->view.is_ready = false;
    const char *page = house_page(h, view_metrics);
    must_say(page, "\ndecroche_sip_legs 7\n");
    must_say(page, "\ndecroche_sip_legs_tls 4\n");
    must_say(page, "\ndecroche_sip_legs_srtp 3\n");
    must_say(page, "\ndecroche_media_packets_sent_total 18446744073709551615\n");
    must_say(page, "\ndecroche_figures_ready 0\n");
    assert_null(strstr(page, "decroche_calls_total"));
    house_drop(h);
}

static void how_an_access_sounds_is_counted_and_told_when_it_is_bad(void **state)
{
    (void)state;
    struct house *h = house_open();
    struct directory_trunk trunk = {.id = "ovh", .number = directory_number_of("ovh")};
    h->directory->trunks[0] = trunk;
    h->directory->trunks_n = 1;
    map_put(&h->directory->trunk_of, trunk.number, 0);
    h->vitals.trunks_n = 1;
    struct vitals_trunk *t = &h->vitals.trunks[0];
    *t = (struct vitals_trunk){.number = trunk.number,
                               .lost_n = UINT64_MAX,
                               .jitter_ms = 12034,
                               .judged_n = 40,
                               .bad_n = 7,
                               .recent_judged_n = 30,
                               .recent_bad_n = 3};
    const char *page = house_page(h, view_metrics);
    must_say(page, "\ndecroche_trunk_rtp_lost_total{trunk=\"ovh\"} 18446744073709551615\n");
    must_say(page, "\ndecroche_trunk_jitter_seconds_sum{trunk=\"ovh\"} 12.034\n");
    must_say(page, "\ndecroche_trunk_calls_judged_total{trunk=\"ovh\"} 40\n");
    must_say(page, "\ndecroche_trunk_calls_bad_sound_total{trunk=\"ovh\"} 7\n");
    must_say(house_page(h, view_status_text),
             "mauvais son depuis un quart d’heure\u00a0: 3 appels sur 30 ");
    t->recent_judged_n = 31; /* fewer than one in ten */
    assert_null(strstr(house_page(h, view_status_text), "mauvais son"));
    t->recent_judged_n = t->recent_bad_n = 2; /* too few to say anything */
    assert_null(strstr(house_page(h, view_status_text), "mauvais son"));
    house_drop(h);
}

static void what_went_out_today_is_shown_with_its_caps(void **state)
{
    (void)state;
    struct house *h = house_open();
    struct gate_look *g = &h->vitals.gate;
    assert_null(strstr(house_page(h, view_status_text), "Sorties du jour"));
    g->calls_n[GATE_PURSE_AGENTS] = 12;
    g->calls_max[GATE_PURSE_AGENTS] = 500;
    g->calls_n[GATE_PURSE_ALL] = 15;
    g->costs[GATE_PURSE_ALL] = 23460; /* ten-thousandths */
    g->costs_max[GATE_PURSE_ALL] = 2000000;
    g->reached = 1u << GATE_REFUSED_RANGE;
    g->refused_n[GATE_REFUSED_SURCHARGED] = 3;
    g->hits_n = 7;
    const char *page = house_page(h, view_status_text);
    must_say(page, "Sorties du jour\u00a0: appels d’agents\u00a012 sur 500 · en tout\u00a015, "
                   "environ 2,35\u00a0€ sur 200,00\u00a0€\n"
                   "  • atteint\u00a0: plafond du jour de cette tranche de numéros\n");
    page = house_page(h, view_metrics);
    must_say(page, "\ndecroche_gate_calls_today{purse=\"agents\"} 12\n");
    must_say(page, "\ndecroche_gate_euros_today{purse=\"all\"} 2.3460\n");
    must_say(page, "\ndecroche_gate_refused_total{reason=\"surcharged\"} 3\n");
    must_say(page, "\ndecroche_gate_caps_hit_total 7\n");
    page = house_page(h, view_api_status);
    must_say(page, "{\"purse\":\"agents\",\"calls\":12,\"calls_max\":500,\"cost\":0,"
                   "\"cost_max\":null}");
    must_say(page, "\"reached\":[{\"cap\":\"range\",\"why\":\"plafond du jour de cette tranche");
    house_drop(h);
}

static void every_alarm_has_its_words_in_both_languages(void **state)
{
    (void)state;
    struct view_alarms alarms = {.journal_errno = ENOSPC, .reader_errno = EIO};
    for (unsigned i = 0; i < VIEW_ALARM_N; i++) {
        for (unsigned l = VIEW_ENGLISH; l <= VIEW_FRENCH; l++) {
            struct view_sentence s =
                view_words_alarm((enum view_alarm)i, &alarms, (enum view_language)l);
            assert_true(s.what && s.what[0] && s.cure && s.cure[0] && s.why);
        }
        const char *name = view_words_alarm_name((enum view_alarm)i);
        assert_true(strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name));
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(name, view_words_alarm_name((enum view_alarm)j));
    }
}

static void the_worst_alarm_says_how_well_it_is(void **state)
{
    (void)state;
    struct view_alarms alarms = {.since_at = {0}};
    assert_int_equal(view_words_health(&alarms), VIEW_WELL);
    alarms.since_at[VIEW_ALARM_CLOCK] = 1;
    assert_int_equal(view_words_health(&alarms), VIEW_DEGRADED);
    alarms.since_at[VIEW_ALARM_FENCED] = 1;
    assert_int_equal(view_words_health(&alarms), VIEW_DOWN);
}

static void health_says_what_why_since_when_and_what_to_do(void **state)
{
    (void)state;
    struct house *h = house_open();
    h->alarms.since_at[VIEW_ALARM_JOURNAL_DOWN] = HOUSE_NOW_AT - 90000;
    h->alarms.journal_errno = ENOSPC;
    const char *page = house_page(h, view_api_health);
    must_say(page, "{\"status\":\"degraded\",\"alarms\":[{\"alarm\":\"journal_down\",\"what\":");
    must_say(page, "\"why\":\"the disk is full\",\"since_at\":1794819510000,\"cure\":\"");
    page = house_page(h, view_status_text);
    must_say(page, "État\u00a0: à surveiller\n");
    must_say(page, "(le disque est plein), depuis 1\u00a0min\u00a030\u00a0s\n");
    h->alarms.journal_errno = 9999;
    must_say(house_page(h, view_api_health), "an error of the system");
    house_drop(h);
}

static void the_page_for_people_is_a_calm_table(void **state)
{
    (void)state;
    struct house *h = house_open();
    memcpy(h->directory->services[0].name, "État civil", sizeof("État civil"));
    h->day.calls[OUTCOME_ANSWERED] = 1234;
    h->day.calls[OUTCOME_ABANDONED] = 100;
    const char *page = house_page(h, view_status_text);
    assert_string_equal(
        page, "La maison — lundi 16\u00a0novembre 2026, 10:00:00\n"
              "État\u00a0: tout va bien\n"
              "\n"
              "File                              attente  plus longue  en poste  disponibles  "
              "attente estimée\n"
              "État civil                              1     1\u00a0min\u00a005\u00a0s         1"
              "            0  inconnue\n"
              "\n"
              "Agents\u00a0: disponibles\u00a00 · en sonnerie\u00a01 · en ligne\u00a00 · en "
              "post-appel\u00a00 · en pause\u00a00 · absents\u00a00\n"
              "Aujourd’hui\u00a0: 1\u202f334 appels reçus\u202f; 1\u202f334 demandaient un agent, "
              "1\u202f234 ont eu une réponse, soit 92,5\u202f%\n"
              "  répondus\u00a01\u202f234 · abandons\u00a0100\n");
    house_drop(h);
}

static void a_long_name_is_cut_between_characters(void **state)
{
    (void)state;
    struct house *h = house_open();
    static const char name[] = "éééééééééééééééééééééééééééééééééééééééé";
    memcpy(h->directory->services[0].name, name, sizeof(name));
    must_say(house_page(h, view_status_text), "\nééééééééééééééééééééééééééééééé…  ");
    house_drop(h);
}

/* An event whose fields about a person are all ones. */
static struct event personal(enum event_kind kind)
{
    struct event ev;
    memset(&ev, 0, sizeof(ev));
    ev.kind = kind;
    for (const struct event_field *f = event_fields(kind); f->name; f++)
        if (!strcmp(f->name, "person_id") || !strcmp(f->name, "reference"))
            memset((uint8_t *)&ev + f->offset, 1, f->type == EVENT_FIELD_U64 ? 8 : 4);
    return ev;
}

/* A journal knows a random id and a reference of a person; outside nobody does. */
static void no_event_says_anything_about_a_person(void **state)
{
    (void)state;
    unsigned seen_n = 0;
    for (unsigned kind = 1; kind <= EVENT_KIND_MAX; kind++) {
        char line[VIEW_MESSAGE_MAX + 1];
        if (!event_fields((enum event_kind)kind))
            continue;
        struct event ev = personal((enum event_kind)kind);
        struct text_out out = {.p = line, .max = VIEW_MESSAGE_MAX};
        view_api_message(&out, &ev, 1);
        assert_false(out.is_cut);
        line[out.n] = '\0';
        assert_null(strstr(line, "72340172838076673")); /* eight bytes of 1 */
        assert_null(strstr(line, "16843009"));          /* four */
        seen_n += strstr(line, "\"person_id\":0") != NULL;
    }
    assert_true(seen_n >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_status_counts_who_waits_and_who_works),
        cmocka_unit_test(names_are_escaped_in_json_and_in_metrics),
        cmocka_unit_test(how_an_access_sounds_is_counted_and_told_when_it_is_bad),
        cmocka_unit_test(without_a_directory_numbers_stand_for_names),
        cmocka_unit_test(encrypted_lines_are_told_apart),
        cmocka_unit_test(metrics_before_the_figures_are_those_of_the_process_only),
        cmocka_unit_test(what_went_out_today_is_shown_with_its_caps),
        cmocka_unit_test(every_alarm_has_its_words_in_both_languages),
        cmocka_unit_test(the_worst_alarm_says_how_well_it_is),
        cmocka_unit_test(health_says_what_why_since_when_and_what_to_do),
        cmocka_unit_test(the_page_for_people_is_a_calm_table),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
        cmocka_unit_test(no_event_says_anything_about_a_person),
    };
    return cmocka_run_group_tests_name("view/pages", tests, NULL, NULL);
}
