/* board.c — the supervisor's board: whether 85 % is within reach, to the unit; what stands on it,
 * in both languages; markup that is whole whatever the names are. */
#include "test/unit/view/house.h"
#include "test/unit/view/markup.h"
#include "view/board.h"
#include "view/board_pages.h"
#include "view/projection.h"

#define MINUTE ((ms_t)60000)
#define DAY ((ms_t)24 * 3600 * 1000)
#define QUARTERS 96

struct week {
    struct house *house;
    void *memory;
    struct kpi *kpi;
    uint64_t id;
};

/* A journal that began on the Sunday before last, at 0:00 in Paris. */
static struct week open_week(void)
{
    static const struct kpi_limits limits = {QUARTERS * 30, 16};
    struct week w = {.house = house_open()};
    w.memory = aligned_alloc(64, (kpi_bytes(&limits) + 63) / 64 * 64);
    assert_non_null(w.memory);
    memset(w.memory, 0, (kpi_bytes(&limits) + 63) / 64 * 64);
    const struct kpi_args args = {.from_at = HOUSE_NOW_AT - 10 * 3600 * 1000 - 8 * DAY,
                                  .offset_ms = 3600 * 1000};
    w.kpi = kpi_open(w.memory, &limits, &args);
    w.house->view.kpi = w.kpi;
    return w;
}

static void close_week(struct week *w)
{
    house_drop(w->house);
    free(w->memory);
}

static void calls(struct week *w, unsigned n, ms_t at, enum outcome outcome)
{
    for (unsigned i = 0; i < n; i++) {
        struct event ev = {.kind = EV_CALL_OUTCOME, .id = ++w->id, .at = at};
        ev.call_outcome.outcome = outcome;
        ev.call_outcome.arrived_at = at;
        kpi_fold(w->kpi, &ev);
        if (at > HOUSE_NOW_AT - DAY)
            kpi_counts_fold(&w->house->day, &ev);
    }
}

static struct view_projection today(const struct week *w)
{
    return view_projection(&w->house->view, &w->house->day);
}

/* ---- within reach ------------------------------------------------------------------------- */

static void a_day_without_calls_says_nothing(void **state)
{
    (void)state;
    struct week w = open_week();
    assert_int_equal(today(&w).reach, REACH_NONE);
    close_week(&w);
}

static void at_85_it_is_met_and_just_below_it_is_not(void **state)
{
    (void)state;
    struct week w = open_week();
    calls(&w, 17, HOUSE_NOW_AT, OUTCOME_ANSWERED);
    calls(&w, 3, HOUSE_NOW_AT, OUTCOME_ABANDONED);
    assert_int_equal(today(&w).reach, REACH_NOW);
    assert_int_equal(today(&w).needed, 0);
    calls(&w, 1, HOUSE_NOW_AT, OUTCOME_TURNED_AWAY);
    assert_int_equal(today(&w).reach, REACH_UNKNOWN); /* no week ago */
    /* (17 + x) ÷ (21 + x) ≥ 0.85 from x = 5.67 on */
    assert_int_equal(today(&w).needed, 6);
    close_week(&w);
}

static void what_came_a_week_ago_after_this_hour_decides(void **state)
{
    (void)state;
    struct week w = open_week();
    ms_t then = HOUSE_NOW_AT - 7 * DAY;
    calls(&w, 50, then - 16 * MINUTE, OUTCOME_ANSWERED); /* before this quarter */
    calls(&w, 4, then, OUTCOME_ANSWERED);                /* in it */
    calls(&w, 1, then + 3 * 3600 * 1000, OUTCOME_ABANDONED);
    calls(&w, 9, then + 15 * 3600 * 1000, OUTCOME_ANSWERED); /* the day after */
    calls(&w, 9, then + 60 * MINUTE, OUTCOME_IVR_RESOLVED);  /* asked for nobody */
    calls(&w, 17, HOUSE_NOW_AT, OUTCOME_ANSWERED);
    calls(&w, 4, HOUSE_NOW_AT, OUTCOME_ABANDONED);
    assert_int_equal(today(&w).expected, 5);
    assert_int_equal(today(&w).needed, 6);
    assert_int_equal(today(&w).reach, REACH_LOST);
    assert_int_equal(today(&w).best_tenths, 846); /* 22 of 26 */
    calls(&w, 1, then + 60 * MINUTE, OUTCOME_TURNED_AWAY);
    assert_int_equal(today(&w).expected, 6);
    assert_int_equal(today(&w).reach, REACH_POSSIBLE);
    close_week(&w);
}

static void a_day_that_is_not_whole_in_the_journal_is_none(void **state)
{
    (void)state;
    struct week w = open_week();
    calls(&w, 9, HOUSE_NOW_AT - 7 * DAY, OUTCOME_ANSWERED);
    calls(&w, 1, HOUSE_NOW_AT, OUTCOME_ABANDONED);
    assert_true(today(&w).is_known);
    w.house->view.today -= 2; /* a week before that, the journal had not begun */
    assert_false(today(&w).is_known);
    close_week(&w);
}

static void a_quarter_outside_of_the_day_is_none(void **state)
{
    (void)state;
    struct week w = open_week();
    calls(&w, 2, HOUSE_NOW_AT, OUTCOME_ANSWERED);
    assert_int_equal(kpi_asked(view_quarter(&w.house->view, w.house->view.today, 40)), 2);
    assert_null(view_quarter(&w.house->view, w.house->view.today, 41));
    assert_null(view_quarter(&w.house->view, w.house->view.today, VIEW_QUARTERS));
    assert_null(view_quarter(&w.house->view, w.house->view.today - 20, 40));
    w.house->view.kpi = NULL;
    assert_null(view_quarter(&w.house->view, w.house->view.today, 40));
    close_week(&w);
}

/* ---- the page ----------------------------------------------------------------------------- */

static const struct view_board whole = {0};
static bool is_english;
static const struct view_board *board;

static void render(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out, .is_english = is_english};
    view_board(&h, house, board);
}

static const char *page_of(struct house *house, const struct view_board *which, bool english)
{
    board = which;
    is_english = english;
    return house_page(house, render);
}

static void the_board_is_whole_in_both_languages(void **state)
{
    static const struct view_board boards[] = {{0}, {.is_large = true}, {.is_fragment = true}};
    (void)state;
    struct week w = open_week();
    calls(&w, 3, HOUSE_NOW_AT - 7 * DAY, OUTCOME_ANSWERED);
    calls(&w, 2, HOUSE_NOW_AT, OUTCOME_ABANDONED);
    for (unsigned i = 0; i < 2 * ARRAY_LEN(boards); i++)
        must_be_whole(page_of(w.house, &boards[i / 2], i % 2));
    for (unsigned i = 0; i < VIEW_ALARM_N; i++)
        w.house->alarms.since_at[i] = HOUSE_NOW_AT - 61000;
    must_be_whole(page_of(w.house, &whole, false));
    must_say(w.house->page, "class=\"health down\"");
    must_say(w.house->page, ">1\u00a0min\u00a001<");
    w.house->view.is_ready = false;
    must_be_whole(page_of(w.house, &whole, false));
    must_say(w.house->page, "recalculés depuis le journal");
    close_week(&w);
}

static void names_are_text(void **state)
{
    static const char name[] = "<script>alert('x')</script>\"";
    (void)state;
    struct week w = open_week();
    memcpy(w.house->directory->services[0].name, name, sizeof(name));
    memcpy(w.house->directory->agents[0].name, name, sizeof(name));
    memcpy(w.house->directory->organisation.name, name, sizeof(name));
    const char *page = page_of(w.house, &whole, false);
    must_be_whole(page);
    assert_null(strstr(page, "<script>"));
    must_say(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;");
    close_week(&w);
}

static void it_says_who_waits_and_who_works(void **state)
{
    (void)state;
    struct week w = open_week();
    const char *page = page_of(w.house, &whole, false);
    must_say(page, "Zoé");
    must_say(page, "Un appel leur est présenté <span class=\"count\">1</span>");
    must_say(page, "Personne n’a encore demandé quelqu’un.");
    calls(&w, 1, HOUSE_NOW_AT, OUTCOME_ABANDONED);
    page = page_of(w.house, &whole, false);
    must_say(page, "1 appel demandait quelqu’un. Aucun n’a eu quelqu’un\u00a0: <strong>0,0\u202f%");
    must_say(page, "que les 6 prochains appels aient tous quelqu’un.");
    must_say(page_of(w.house, &whole, true), "1 call asked for somebody. None reached somebody");
    /* none of the words of the trade */
    assert_null(strstr(w.house->page, "queue"));
    assert_null(strstr(w.house->page, "ACD"));
    close_week(&w);
}

static void what_wants_somebody_stands_first(void **state)
{
    struct view_alert alerts[VIEW_ALERTS_MAX] = {{0}};
    (void)state;
    struct week w = open_week();
    uint32_t agent = w.house->directory->agents[0].number;
    const char *page = page_of(w.house, &whole, false);
    must_say(page, "Tout va bien");
    alerts[0] = (struct view_alert){.id = 7, .agent_id = agent, .at = HOUSE_NOW_AT - 61000};
    w.house->view.deeds.alerts = alerts;
    w.house->view.deeds.alerts_n = 1;
    w.house->alarms.since_at[VIEW_ALARM_TRUNK] = HOUSE_NOW_AT - 1000;
    page = page_of(w.house, &whole, false);
    must_be_whole(page);
    must_say(page, "class=\"health degraded\"");
    must_say(page, "<strong>Zoé appelle à l’aide pendant un appel</strong>, il y a ");
    assert_true(strstr(page, "id=\"l7\"") < strstr(page, "id=\"l-a"));
    w.house->alarms.since_at[VIEW_ALARM_TRUNK] = 0;
    house_do(w.house,
             (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {.agent_id = agent}});
    must_say(page_of(w.house, &whole, false), "personne n’est en poste, ");
    close_week(&w);
}

static void an_alert_stays_until_somebody_has_seen_it(void **state)
{
    static const struct view_somebody somebody = {"Zoé", "0123abcd"};
    static const struct rights supervisor = {.roles = RIGHTS_SUPERVISOR, .is_whole = true};
    struct view_alert alerts[VIEW_ALERTS_MAX] = {{0}};
    struct view_seen seen[VIEW_ALERTS_MAX] = {{0}}, alarms[VIEW_ALARM_N] = {{0}};
    (void)state;
    struct week w = open_week();
    uint32_t agent = w.house->directory->agents[0].number;
    /* somebody came, and the call is over */
    alerts[0] = (struct view_alert){
        .id = 7, .agent_id = agent, .listener_id = agent, .at = HOUSE_NOW_AT - VIEW_ALERT_MS + 1};
    w.house->view.deeds.alerts = alerts;
    w.house->view.deeds.alerts_n = 1;
    w.house->view.deeds.seen = seen;
    w.house->view.deeds.alarms_seen = alarms;
    must_say(page_of(w.house, &whole, false), "appelle à l’aide");
    assert_null(strstr(w.house->page, "alertes/7\""));
    w.house->view.rights = &supervisor;
    w.house->view.who = &somebody;
    w.house->alarms.since_at[VIEW_ALARM_TRUNK] = HOUSE_NOW_AT - 1000;
    must_say(page_of(w.house, &whole, false), "action=\"/supervision/alertes/7\"");
    must_say(w.house->page, "data-key=\"V\"");
    must_say(w.house->page, "role=\"alert\"");
    must_say(w.house->page, "action=\"/supervision/alertes/a12\"");
    must_be_whole(w.house->page);
    alarms[VIEW_ALARM_TRUNK] = (struct view_seen){0, HOUSE_NOW_AT};
    must_say(page_of(w.house, &whole, false), ", vu à ");
    assert_null(strstr(w.house->page, "alertes/a12"));
    seen[0].at = HOUSE_NOW_AT;
    assert_null(strstr(page_of(w.house, &whole, false), "appelle à l’aide"));
    seen[0].at = 0;
    alerts[0].at -= 1; /* a day and a night */
    assert_null(strstr(page_of(w.house, &whole, false), "appelle à l’aide"));
    w.house->view.rights = NULL;
    w.house->view.who = NULL;
    close_week(&w);
}

static void each_sees_what_is_theirs(void **state)
{
    const struct view_somebody who = {"Zoé <b>", "0123abcd"};
    struct rights rights = {.roles = RIGHTS_SUPERVISOR, .is_whole = true};
    (void)state;
    struct week w = open_week();
    calls(&w, 4, HOUSE_NOW_AT, OUTCOME_ABANDONED);
    w.house->view.rights = &rights;
    w.house->view.who = &who;
    const char *page = page_of(w.house, &whole, false);
    must_be_whole(page);
    must_say(page, "Zoé &lt;b&gt;");
    must_say(page, "name=\"csrf\" value=\"0123abcd\"");
    must_say(page, "4 appels demandaient quelqu’un.");
    must_say(page, "État civil");
    must_say(page, "id=\"quarters\"");
    rights.is_whole = false; /* nothing is named: nothing is seen */
    page = page_of(w.house, &whole, false);
    must_be_whole(page);
    must_say(page, "Personne n’a encore demandé quelqu’un.");
    assert_null(strstr(page, "État civil"));
    assert_null(strstr(page, "id=\"quarters\""));
    assert_null(strstr(page, ">Zoé<"));
    rights = (struct rights){.roles = RIGHTS_AUDITOR, .is_whole = true};
    page = page_of(w.house, &whole, false);
    must_say(page, "un agent");
    assert_null(strstr(page, ">Zoé<"));
    close_week(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_without_calls_says_nothing),
        cmocka_unit_test(at_85_it_is_met_and_just_below_it_is_not),
        cmocka_unit_test(what_came_a_week_ago_after_this_hour_decides),
        cmocka_unit_test(a_day_that_is_not_whole_in_the_journal_is_none),
        cmocka_unit_test(a_quarter_outside_of_the_day_is_none),
        cmocka_unit_test(the_board_is_whole_in_both_languages),
        cmocka_unit_test(names_are_text),
        cmocka_unit_test(it_says_who_waits_and_who_works),
        cmocka_unit_test(what_wants_somebody_stands_first),
        cmocka_unit_test(an_alert_stays_until_somebody_has_seen_it),
        cmocka_unit_test(each_sees_what_is_theirs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
