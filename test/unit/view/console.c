/* console.c — the agent's screen: its buttons by state, the call without the person, what is said
 * first; markup that is whole. */
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
    must_say(page, "a demandé quelqu’un il y a");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offer_shows_the_service_and_not_the_person),
        cmocka_unit_test(each_state_has_its_buttons),
        cmocka_unit_test(who_waits_is_counted),
        cmocka_unit_test(an_account_that_is_no_agent_is_told_what_to_do),
        cmocka_unit_test(a_refusal_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
