/* console.c — the agent's screen: its buttons by state, the call without the person, what is said
 * first; markup that is whole. */
#include <stdio.h>

#include "directory/choice.h"
#include "test/unit/view/house.h"
#include "test/unit/view/markup.h"
#include "view/console.h"

static struct view_console console;
static bool is_english;

static void render(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out, .is_english = is_english};
    view_console(&h, house, &console);
}

static const char *page_of(struct house *h, bool english)
{
    is_english = english;
    const char *page = house_page(h, render);
    must_be_whole(page);
    return page;
}

static struct house *open_post(void)
{
    static const struct view_somebody who = {"Zoé", "0123abcd"};
    struct house *h = house_open();
    struct directory_agent *agent = &h->directory->agents[0];
    agent->services[0] = 0;
    agent->services_n = 1;
    h->view.who = &who;
    h->agents[0] = (struct view_agent){.id = agent->number, .since_at = HOUSE_NOW_AT - 61000};
    console = (struct view_console){.agent = agent};
    return h;
}

static void order(struct house *h, enum command_kind kind)
{
    struct command cmd = {.kind = kind};
    cmd.agent_pause.agent_id = h->directory->agents[0].number;
    if (kind == CMD_AGENT_PAUSE)
        cmd.agent_pause.reason = PAUSE_MEAL;
    house_do(h, cmd);
}

static bool has_button(const char *page, char key)
{
    char wanted[] = "data-key=\"?\"";
    wanted[sizeof("data-key=\"") - 1] = key;
    return strstr(page, wanted) != NULL;
}

static void an_offer_shows_the_service_and_not_the_person(void **state)
{
    (void)state;
    struct house *h = open_post();
    const char *page = page_of(h, false);
    must_say(page, "Un appel vous est présenté");
    must_say(page, "État civil, &quot;papiers&quot;");
    must_say(page, "attend quelqu’un depuis");
    must_say(page, "« Bonjour, Zoé, La maison. »");
    must_say(page, "Le dossier reste plié");
    must_say(page_of(h, true), "“Hello, Zoé, La maison.”");
    house_drop(h);
}

static void each_state_has_its_buttons(void **state)
{
    (void)state;
    struct house *h = open_post();
    order(h, CMD_AGENT_PAUSE); /* the offer goes to nobody */
    const char *page = page_of(h, false);
    must_say(page, "En pause");
    must_say(page, "repas, depuis ");
    must_say(page, "1\u00a0min\u00a001");
    assert_true(has_button(page, 'D') && has_button(page, 'Q'));
    assert_false(has_button(page, 'M') || has_button(page, 'P'));
    must_say(page, "name=\"csrf\" value=\"0123abcd\"");
    must_say(page, "Personne pour l’instant");
    order(h, CMD_AGENT_SIGN_OUT);
    page = page_of(h, false);
    must_say(page, "Vous n’êtes pas en poste");
    assert_true(has_button(page, 'M'));
    assert_false(has_button(page, 'D') || has_button(page, 'P') || has_button(page, 'Q'));
    house_drop(h);
}

static void six_words_say_what_came_of_it_each_by_a_key(void **state)
{
    (void)state;
    struct house *h = open_post();
    assert_null(strstr(page_of(h, false), "Suite donnée")); /* it only rings */
    house_talks(h);
    const char *page = page_of(h, false);
    must_say(page, "Suite donnée");
    must_say(page, "value=\"answered\" data-key=\"1\" aria-keyshortcuts=\"1\" "
                   "aria-pressed=\"false\">répondu <kbd>1</kbd>");
    must_say(page, "value=\"not_understood\" data-key=\"6\"");
    assert_null(strstr(page, "aria-pressed=\"true\""));
    house_do(h, (struct command){.kind = CMD_CONVERSATION_CONCLUDE,
                                 .conversation_conclude = {h->directory->agents[0].number,
                                                           CONCLUSION_APPOINTMENT}});
    must_say(page_of(h, false), "aria-pressed=\"true\">rendez-vous");
    house_drop(h);
}

static void after_the_call_its_word_and_the_time_left_stand(void **state)
{
    (void)state;
    struct house *h = open_post();
    house_talks(h);
    house_do(h, (struct command){.kind = CMD_CALL_ENDED,
                                 .call_ended = {.call_id = h->call_id, .by = ENDED_BY_CALLER}});
    const char *page = page_of(h, false);
    must_say(page, "L’appel est terminé");
    must_say(page, "État civil, &quot;papiers&quot;");
    must_say(page, "Disponible dans <time data-until=");
    must_say(page, ">25\u00a0s</time>, sans rien faire."); /* 90 s, 65 s ago */
    must_say(page, "Suite donnée");
    assert_true(has_button(page, 'D') && has_button(page, 'T'));
    struct command more = {.kind = CMD_AGENT_MORE_TIME,
                           .agent_more_time = {h->directory->agents[0].number}};
    house_do(h, more);
    must_say(page_of(h, false), ">3\u00a0min\u00a025</time>");
    house_drop(h);
}

static void who_waits_is_counted(void **state)
{
    (void)state;
    struct house *h = open_post();
    must_say(page_of(h, false), "<td class=\"n\">1</td>"); /* the other one is offered */
    order(h, CMD_AGENT_PAUSE);
    must_say(page_of(h, false), "<td class=\"n\">2</td>");
    house_drop(h);
}

static void an_account_that_is_no_agent_is_told_what_to_do(void **state)
{
    (void)state;
    struct house *h = open_post();
    console.agent = NULL;
    must_say(page_of(h, false), "n’est lié à aucun agent de l’annuaire");
    console.is_fragment = true;
    const char *page = page_of(h, false);
    assert_null(strstr(page, "<html"));
    house_drop(h);
}

static void a_refusal_is_said(void **state)
{
    (void)state;
    struct house *h = open_post();
    console.refusal = "Non & non";
    must_say(page_of(h, false), "role=\"alert\">Non &amp; non<");
    house_drop(h);
}

/* What can be done with the one on the line, and how far it is with whom they called. */
static void in_a_conversation_somebody_may_be_called_in_addition(void **state)
{
    (void)state;
    struct house *h = open_post();
    assert_null(strstr(page_of(h, false), "name=\"geste\"")); /* it only rings */
    house_talks(h);
    const char *page = page_of(h, false);
    assert_true(has_button(page, 'G') && has_button(page, 'O') && has_button(page, 'U') &&
                has_button(page, 'J') && has_button(page, 'Y'));
    assert_false(has_button(page, 'Z'));
    must_say(page, "name=\"demande\" value=\"");
    must_say(page, "<p id=\"third\" class=\"third\" role=\"status\"></p>");
    console.third = (struct talk_third){TALK_SHOWN_RINGS_PASS, 0, false};
    page = page_of(h, false);
    must_say(page, "On appelle la personne appelée au-dehors, à qui l’appel passe");
    assert_true(has_button(page, 'J') && has_button(page, 'Z') && has_button(page, 'Y'));
    assert_false(has_button(page, 'G') || has_button(page, 'O') || has_button(page, 'U'));
    console.third = (struct talk_third){TALK_SHOWN_THREE, 0, true};
    page = page_of(h, true);
    must_say(page, "All three speak, with the interpreter.");
    assert_true(has_button(page, 'U') && has_button(page, 'Z'));
    assert_false(has_button(page, 'J'));
    console.third = (struct talk_third){TALK_SHOWN_UNANSWERED, 0, false};
    page = page_of(h, false);
    must_say(page, "Pas de réponse\u00a0: ");
    assert_true(has_button(page, 'O'));
    house_drop(h);
}

static void what_was_chosen_in_the_menu_is_told_in_words(void **state)
{
    (void)state;
    static struct directory_choice list[] = {{7, 70, "Santé"}, {7, 71, "<b>Vitale</b>"}};
    static struct directory_choices choices = {list, ARRAY_LEN(list)};
    struct house *h = open_post();
    assert_null(strstr(page_of(h, false), "choix au menu"));
    h->directory->choices = &choices;
    console.card.way = (struct view_way){
        .is_known = true, .steps_n = 2, .flow = 7, .steps = {70, 71}, .how = MENU_LEFT_HOW_CHOSEN};
    must_say(page_of(h, false), "<dt>choix au menu</dt><dd id=\"way\">Santé › "
                                "&lt;b&gt;Vitale&lt;/b&gt;</dd>");
    console.card.way.how = MENU_LEFT_HOW_NO_KEY;
    console.card.way.steps_n = 1;
    must_say(page_of(h, false), "Santé › aucune touche</dd>");
    console.card.way.steps_n = 0;
    must_say(page_of(h, false), "<dd id=\"way\">aucune touche</dd>");
    console.card.way = (struct view_way){
        .is_known = true, .steps_n = 1, .flow = 8, .steps = {70}, .how = MENU_LEFT_HOW_CHOSEN};
    must_say(page_of(h, false), "un choix qui n’existe plus</dd>");
    console.card.way.steps_n = 0;
    console.card.way.how = MENU_LEFT_HOW_PERSON;
    must_say(page_of(h, true), "a person (key 0)");
    h->directory->choices = NULL;
    house_drop(h);
}

static void a_note_is_written_during_the_call_and_after_it(void **state)
{
    (void)state;
    static const struct view_note notes[] = {
        {.at = HOUSE_NOW_AT, .by = "C. <Martin>", .words = "<script>alert(1)</script>"},
        {.at = HOUSE_NOW_AT, .by = "", .words = "rappeler \"sa fille\""}};
    struct house *h = open_post();
    assert_null(strstr(page_of(h, false), "name=\"note\"")); /* it only rings */
    house_talks(h);
    assert_true(has_button(page_of(h, false), 'I'));
    assert_null(strstr(page_of(h, false), "Notes de cet appel"));
    console.notes = notes;
    console.notes_n = ARRAY_LEN(notes);
    console.note_draft = TEXT("</textarea><b>");
    const char *page = page_of(h, false);
    must_say(page, "Notes de cet appel");
    must_say(page, "C. &lt;Martin&gt;</p>");
    must_say(page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    must_say(page, "compte fermé</p>");
    must_say(page, "&lt;/textarea&gt;&lt;b&gt;</textarea>");
    must_say(page, "maxlength=\"240\"");
    house_do(h, (struct command){.kind = CMD_CALL_ENDED,
                                 .call_ended = {.call_id = h->call_id, .by = ENDED_BY_CALLER}});
    assert_true(has_button(page_of(h, false), 'I'));
    console.is_noted = true;
    must_say(page_of(h, false), "La note est enregistrée.");
    house_drop(h);
}

/* ---- a half hour to be called in ----------------------------------------------------------- */

#define HALF_MS ((ms_t)30 * 60 * 1000)

/* Ten in the morning of the day that so many days follow. */
static ms_t ten_at(const struct house *h, unsigned ahead)
{
    calendar_day day = calendar_local(ZONE_EUROPE_PARIS, h->view.now_at).day + (calendar_day)ahead;
    return calendar_instant(ZONE_EUROPE_PARIS, day, 10 * 60);
}

static struct view_slots slots;

static struct house *open_slots(void)
{
    struct house *h = open_post();
    house_talks(h);
    slots = (struct view_slots){.state = VIEW_SLOTS_FREE,
                                .contact_id = 55,
                                .e164 = UINT64_C(33536491234),
                                .reference = 47210864,
                                .zone = ZONE_EUROPE_PARIS,
                                .days_n = 2};
    slots.days[1] = (struct view_slot_day){.at = {ten_at(h, 1), ten_at(h, 1) + HALF_MS}, .n = 2};
    slots.days[4] = (struct view_slot_day){.at = {ten_at(h, 4)}, .n = 1};
    console.slots = &slots;
    return h;
}

static void free_half_hours_stand_by_day_and_the_number_is_masked(void **state)
{
    (void)state;
    struct house *h = open_slots();
    char wanted[128];
    const char *page = page_of(h, false);
    must_say(page, "action=\"/agent/creneau\"");
    must_say(page, "name=\"demande\" value=\"55\"");
    must_say(page, "Rappeler à une heure convenue <kbd>B</kbd>");
    must_say(page, ">demain, ");
    must_say(page, "10\u00a0h à 10\u00a0h\u00a030</label>");
    must_say(page, "10\u00a0h\u00a030 à 11\u00a0h</label>");
    snprintf(wanted, sizeof(wanted), "name=\"creneau\" value=\"%lld\" required>",
             (long long)ten_at(h, 4));
    must_say(page, wanted);
    must_say(page, "On appellera le 05\u00a036\u00a049\u00a0xx\u00a0xx.");
    assert_null(strstr(page, "491234"));
    assert_null(strstr(page, "aujourd’hui, "));
    page = page_of(h, true);
    must_say(page, "10:00 to 10:30</label>");
    must_say(page, ">tomorrow, ");
    slots.picked_at = ten_at(h, 4); /* refused for another reason: it is still chosen */
    snprintf(wanted, sizeof(wanted), "value=\"%lld\" required checked>", (long long)ten_at(h, 4));
    must_say(page_of(h, false), wanted);
    must_say(page_of(h, false), "class=\"slots\" open>");
    slots.e164 = 0;
    page = page_of(h, false);
    must_say(page, "Son numéro n’est pas connu");
    must_say(page, "autocomplete=\"off\" required>");
    slots.e164 = UINT64_C(12025550123);
    must_say(page_of(h, false), "On appellera le +1202555xxxx.");
    house_drop(h);
}

static void where_there_is_none_it_says_what_to_do(void **state)
{
    (void)state;
    struct house *h = open_slots();
    slots.days_n = 0;
    slots.days[1].n = slots.days[4].n = 0;
    const char *page = page_of(h, false);
    must_say(page, "Aucune demi-heure n’est libre d’ici cinq jours");
    assert_null(strstr(page, "name=\"creneau\""));
    slots.state = VIEW_SLOTS_OFF;
    must_say(page_of(h, false), "gate.callbacks et callback.slots");
    slots.state = VIEW_SLOTS_HIDDEN;
    assert_null(strstr(page_of(h, false), "Rappeler à une heure"));
    house_drop(h);
}

static void what_was_agreed_on_is_read_out_while_they_are_there(void **state)
{
    (void)state;
    struct house *h = open_slots();
    slots.state = VIEW_SLOTS_AGREED;
    slots.agreed_at = calendar_instant(ZONE_EUROPE_PARIS, 20783, 10 * 60); /* 2026-11-26 */
    slots.is_texted = slots.is_discreet = true;
    console.is_agreed = true;
    const char *page = page_of(h, false);
    must_say(page, "C’est noté. Rappel jeudi 26\u00a0novembre entre 10\u00a0h et "
                   "10\u00a0h\u00a030. Référence 47 21 08 64.</p>");
    must_say(page, "«\u00a0C’est noté. Nous vous rappellerons jeudi 26\u00a0novembre entre");
    must_say(page, "Votre numéro de demande est le 47 21 08 64.");
    must_say(page, "Discret\u00a0: ni service ni sujet.");
    must_say(page, "Un SMS le confirme");
    must_say(page, "action=\"/agent/annuler-creneau\"");
    assert_null(strstr(page, "name=\"creneau\""));
    must_say(page_of(h, true), "Thursday 26\u00a0November between 10:00 and 10:30");
    slots.is_after = true;
    console.is_agreed = false;
    page = page_of(h, false);
    assert_null(strstr(page, "Votre numéro de demande est"));
    assert_null(strstr(page, "C’est noté"));
    console.is_unslotted = true;
    must_say(page_of(h, false), "Le rappel est annulé.");
    slots.agreed_at = calendar_instant(ZONE_EUROPE_PARIS, 20788, 23 * 60); /* 2026-12-01 */
    must_say(page_of(h, false), "mardi 1er\u00a0décembre entre 23\u00a0h et 23\u00a0h\u00a030");
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_half_hours_stand_by_day_and_the_number_is_masked),
        cmocka_unit_test(where_there_is_none_it_says_what_to_do),
        cmocka_unit_test(what_was_agreed_on_is_read_out_while_they_are_there),
        cmocka_unit_test(an_offer_shows_the_service_and_not_the_person),
        cmocka_unit_test(each_state_has_its_buttons),
        cmocka_unit_test(six_words_say_what_came_of_it_each_by_a_key),
        cmocka_unit_test(after_the_call_its_word_and_the_time_left_stand),
        cmocka_unit_test(who_waits_is_counted),
        cmocka_unit_test(an_account_that_is_no_agent_is_told_what_to_do),
        cmocka_unit_test(a_refusal_is_said),
        cmocka_unit_test(in_a_conversation_somebody_may_be_called_in_addition),
        cmocka_unit_test(what_was_chosen_in_the_menu_is_told_in_words),
        cmocka_unit_test(a_note_is_written_during_the_call_and_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
