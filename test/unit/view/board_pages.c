/* board_pages.c — the pages behind the board: whole in both languages whatever names are, with
 * forms for who may, and with who asked. */
#include "test/unit/view/house.h"
#include "test/unit/view/markup.h"
#include "view/board_pages.h"

#define ZOE 77

static const struct rights *rights;
static struct rights supervisor = {.roles = RIGHTS_SUPERVISOR, .is_whole = true};
static const struct view_somebody who = {"Zoé <b>", "0123abcd"};
static bool is_english;
static struct view_board_one one;
static struct view_board_unreached list;
static void (*page)(struct html *h, const struct view_house *house);

static const char *name_of(void *arg, uint64_t account_id)
{
    (void)arg;
    return account_id == ZOE ? "Zoé <script>" : "";
}

static void service_page(struct html *h, const struct view_house *house)
{
    one.slot = acd_look_queue_slot(house->acd, house->directory->services[0].number);
    view_board_service(h, house, &one);
}

static void agent_page(struct html *h, const struct view_house *house)
{
    one.slot = acd_look_agent_slot(house->acd, house->directory->agents[0].number);
    view_board_agent(h, house, &one);
}

static void list_page(struct html *h, const struct view_house *house)
{
    view_board_unreached(h, house, &list);
}

static void render(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out, .is_english = is_english};
    page(&h, house);
}

static const char *show(struct house *house,
                        void (*which)(struct html *, const struct view_house *), bool english)
{
    static const struct view_accounts accounts = {.name = name_of};
    house->view.rights = rights;
    house->view.who = rights ? &who : NULL;
    one.accounts = &accounts;
    page = which;
    is_english = english;
    house_page(house, render);
    must_be_whole(house->page);
    assert_null(strstr(house->page, "<script>"));
    return house->page;
}

static void each_page_is_whole_in_both_languages(void **state)
{
    static void (*const pages[])(struct html *,
                                 const struct view_house *) = {service_page, agent_page, list_page};
    static const char name[] = "<script>alert('x')</script>\"";
    (void)state;
    struct house *house = house_open();
    memcpy(house->directory->services[0].name, name, sizeof(name));
    memcpy(house->directory->agents[0].name, name, sizeof(name));
    rights = &supervisor;
    for (unsigned i = 0; i < 2 * ARRAY_LEN(pages); i++) {
        one.refusal = i % 3 ? "non <script>" : NULL;
        show(house, pages[i / 2], i % 2);
        assert_null(strstr(house->page, "queue"));
    }
    one.refusal = NULL;
    house_drop(house);
}

static void what_stands_by_hand_says_by_whom_and_until_when(void **state)
{
    (void)state;
    struct house *house = house_open();
    uint32_t queue = house->directory->services[0].number;
    struct view_queue_deeds deeds[4] = {{0}};
    house->view.deeds.queues = deeds;
    rights = &supervisor;
    must_say(show(house, service_page, false), "Les horaires publiés valent.");
    house_do(house, (struct command){.kind = CMD_HELP_ASK,
                                     .help_ask = {.queue_id = queue, .for_ms = 1800000}});
    house_do(house, (struct command){.kind = CMD_QUEUE_SHUT, .queue_shut = {.queue_id = queue}});
    uint32_t slot = acd_look_queue_slot(house->acd, queue);
    deeds[slot] = (struct view_queue_deeds){.queue_id = queue,
                                            .helps_n = 1,
                                            .shut_at = HOUSE_NOW_AT - 65000,
                                            .shut_by_id = ZOE,
                                            .helps = {{0, ZOE}}};
    const char *said = show(house, service_page, false);
    must_say(said, "<strong>Pour tous</strong> jusqu’à 10:28, par Zoé &lt;script&gt;");
    must_say(said, "<strong>Fermé à la main</strong> depuis 09:58, par Zoé &lt;script&gt;");
    must_say(said, "value=\"rouvrir\"");
    assert_null(strstr(said, "value=\"fermer\""));
    deeds[slot].helps[0].by_id = 0;
    must_say(show(house, service_page, true), "until 10:28, by a program or the command line");
    deeds[slot].helps[0].by_id = 78; /* of whom nobody knows any more */
    must_say(show(house, service_page, false), "10:28, par un compte\n");
    house_drop(house);
}

static void forms_are_for_who_may(void **state)
{
    static const struct rights part = {
        .roles = RIGHTS_SUPERVISOR, .services = {{HOUSE_SERVICE, 10}}, .services_n = 1};
    static const struct rights auditor = {.roles = RIGHTS_AUDITOR, .is_whole = true};
    static const struct rights *const lookers[] = {&part, &auditor, NULL};
    (void)state;
    struct house *house = house_open();
    rights = &supervisor;
    must_say(show(house, service_page, false), "value=\"aide\"");
    must_say(house->page, "name=\"csrf\" value=\"0123abcd\"");
    must_say(house->page, "value=\"fermer\"");
    for (unsigned i = 0; i < ARRAY_LEN(lookers); i++) {
        rights = lookers[i];
        assert_null(strstr(show(house, service_page, false), "name=\"geste\""));
    }
    rights = &part;
    must_say(show(house, service_page, false), "un compte qui la voit tout entière");
    must_say(show(house, agent_page, false), "value=\"deplacer\"");
    must_say(house->page, "name=\"vers_" HOUSE_SERVICE "\" value=\"oui\" checked>");
    house_drop(house);
}

static void a_moved_agent_may_come_back(void **state)
{
    (void)state;
    struct house *house = house_open();
    uint32_t queue = house->directory->services[0].number;
    struct view_agent_deeds deeds[8] = {{0}};
    uint32_t id = house->directory->agents[0].number;
    house->view.deeds.agents = deeds;
    rights = &supervisor;
    assert_null(strstr(show(house, agent_page, false), "value=\"retour\""));
    house_do(house, (struct command){.kind = CMD_AGENT_MOVE,
                                     .agent_move = {.agent_id = id,
                                                    .queue_ids = {queue},
                                                    .queue_ids_n = 1,
                                                    .until_at = HOUSE_NOW_AT + 14 * 3600000}});
    deeds[acd_look_agent_slot(house->acd, id)] = (struct view_agent_deeds){id, ZOE};
    must_say(show(house, agent_page, false), "jusqu’à la fin du jour</strong>, par Zoé");
    must_say(house->page, "value=\"retour\"");
    house->directory->agents[0].number++; /* who takes no calls */
    must_say(show(house, agent_page, false), "ne prend pas d’appels");
    house_drop(house);
}

/* The agent's page says who listens; its buttons are for a supervisor of the directory, where the
 * service allows it. */
static void listening_is_for_a_supervisor_where_the_service_allows_it(void **state)
{
    (void)state;
    struct house *house = house_open();
    struct directory_agent *agent = &house->directory->agents[0];
    struct view_listen listens[VIEW_LISTENS_MAX] = {{0}};
    struct acd_look_call call;
    struct rights mine = supervisor;
    rights = &mine;
    one = (struct view_board_one){0};
    must_say(show(house, agent_page, false), "Personne en conversation");
    house_talks(house);
    must_say(show(house, agent_page, false), "ne permet pas l’écoute");
    house->directory->services[0].is_listened = true;
    must_say(show(house, agent_page, false), "lié à une personne responsable");
    mine.agent = TEXT("a1");
    agent->role = ROLE_SUPERVISOR;
    memcpy(agent->phone, "sip:190", sizeof("sip:190"));
    must_say(show(house, agent_page, false), "propre poste");
    assert_null(strstr(house->page, "value=\"ecouter\""));
    one.rings = true;
    must_say(show(house, agent_page, false), "Votre téléphone sonne");
    assert_true(acd_look_call(house->acd, 0, &call));
    listens[3] = (struct view_listen){call.call_id, agent->number, LISTENING_WHISPER, false};
    house->view.deeds.listens = listens;
    must_say(show(house, agent_page, false), "parle à l’agent seul.</strong>");
    assert_null(strstr(house->page, "sonne\u00a0:"));
    must_say(house->page, "value=\"quitter\"");
    must_say(house->page, "value=\"ecouter\"");
    assert_null(strstr(house->page, "value=\"souffler\""));
    listens[3].listener_id = 99; /* somebody else does: one at a time */
    assert_null(strstr(show(house, agent_page, true), "value=\"ecouter\""));
    must_say(house->page, "A supervisor listens and speaks to the agent alone.");
    one = (struct view_board_one){0};
    house_drop(house);
}

static void numbers_of_the_unreached_are_masked(void **state)
{
    (void)state;
    struct house *house = house_open();
    const struct view_unreached rows[] = {
        {.contact_id = 1,
         .e164 = 33536491201,
         .first_at = HOUSE_NOW_AT - 3600000,
         .last_at = HOUSE_NOW_AT,
         .reference = 47210864,
         .queue_id = house->directory->services[0].number,
         .calls_n = 2,
         .outcome = OUTCOME_TURNED_AWAY},
        {.contact_id = 2, .reference = 1234567, .calls_n = 1, .outcome = OUTCOME_ABANDONED},
        {.contact_id = 3, .e164 = 33536491203, .reference = 89, .is_promised = true},
        {.contact_id = 4, .e164 = 33536491204, .reference = 90}};
    rights = &supervisor;
    list = (struct view_board_unreached){0};
    must_say(show(house, list_page, false), "apparaîtra ici");
    list = (struct view_board_unreached){
        .rows = rows, .n = 4, .people_n = 4, .lost_n = 1, .next_id = 4, .called = TEXT("<b>")};
    const char *said = show(house, list_page, false);
    must_say(said, "+3353649xxxx");
    assert_null(strstr(said, "1201"));
    must_say(said, "47 21 08 64</th><td>09:00</td><td class=\"n\">2</td>");
    must_say(said, "action=\"/supervision/injoints/47210864\"");
    must_say(said, "numéro inconnu");
    must_say(said, "sera rappelé</td>");
    must_say(said, "<select id=\"q90\" name=\"service\">"); /* asked for none: who calls? */
    must_say(said, "?after=4");
    must_say(said, "&lt;b&gt;");
    assert_null(strstr(said, "injoints/01234567"));
    house_drop(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_is_whole_in_both_languages),
        cmocka_unit_test(what_stands_by_hand_says_by_whom_and_until_when),
        cmocka_unit_test(forms_are_for_who_may),
        cmocka_unit_test(a_moved_agent_may_come_back),
        cmocka_unit_test(listening_is_for_a_supervisor_where_the_service_allows_it),
        cmocka_unit_test(numbers_of_the_unreached_are_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
