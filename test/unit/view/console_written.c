/* console_written.c — written contacts on the agent's screen: what a person wrote is text, an
 * answer is looked at before it leaves, and what was typed stands where it was typed. */
#include <stdio.h>

#include "test/unit/view/house.h"
#include "test/unit/view/markup.h"
#include "view/console.h"

#define MINE 18482750u
#define OTHER 47210864u

static struct view_console console;
static struct view_text texts[2];
static struct view_draft draft;
static char room[2000];

static void messages(struct html *h, uint64_t contact_id, void *arg)
{
    const struct view_text_message person = {.at = HOUSE_NOW_AT,
                                             .from = VIEW_TEXT_PERSON,
                                             .utf8 = TEXT("<script>\"a\" & 'b'</script>\n2")};
    const struct view_text_message agent = {.at = HOUSE_NOW_AT,
                                            .from = VIEW_TEXT_AGENT,
                                            .utf8 = TEXT("Oui."),
                                            .state = "sent",
                                            .words = "parti"};
    struct house *house = arg;
    assert_int_equal(contact_id, 1);
    view_console_message(h, &house->view, &person);
    view_console_message(h, &house->view, &agent);
}

static void render(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out};
    view_console(&h, house, &console);
}

static const char *page_of(struct house *h)
{
    const char *page = house_page(h, render);
    must_be_whole(page);
    return page;
}

/* An agent who writes, at work, with two written contacts. */
static struct house *open_desk(bool writes)
{
    struct house *h = house_open();
    uint32_t agent = h->directory->agents[0].number, queue = h->directory->services[0].number;
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = agent,
                                               .capacity = {1, writes ? 2 : 0},
                                               .capacity_n = 2,
                                               .queue_ids = {queue},
                                               .queue_ids_n = 1}});
    for (unsigned i = 0; i < 2; i++)
        texts[i] =
            (struct view_text){.look = {.contact_id = 1, .agent_id = agent, .queue_id = queue},
                               .reference = i ? OTHER : MINE};
    console = (struct view_console){.agent = &h->directory->agents[0],
                                    .texts = texts,
                                    .texts_n = 2,
                                    .messages = messages,
                                    .arg = h};
    return h;
}

/* What stands between the beginning of one of them and the next. */
static void typed_is(const char *page, uint32_t reference, const char *wanted)
{
    char begin[64];
    snprintf(begin, sizeof(begin), "<textarea id=\"answer-%u\"", reference);
    const char *p = strstr(page, begin);
    assert_non_null(p);
    p = strchr(p, '\n') + 1;
    const char *end = strstr(p, "</textarea>");
    assert_int_equal(end - p, strlen(wanted));
    assert_memory_equal(p, wanted, strlen(wanted));
}

static void what_a_person_wrote_is_text(void **state)
{
    (void)state;
    struct house *h = open_desk(true);
    const char *page = page_of(h);
    must_say(page, "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;\n2");
    assert_null(strstr(page, "<script>\""));
    must_say(page, "Demande 18 48 27 50");
    must_say(page, "Nous, 10:00 — parti");
    house_drop(h);
}

static void what_was_typed_stands_where_it_was_typed(void **state)
{
    (void)state;
    struct house *h = open_desk(true);
    typed_is(page_of(h), MINE, "");
    draft = (struct view_draft){.reference = OTHER, .typed = TEXT("\n</textarea>Bonjour")};
    console.draft = &draft;
    const char *page = page_of(h);
    typed_is(page, MINE, "");
    typed_is(page, OTHER, "\n&lt;/textarea&gt;Bonjour");
    assert_null(strstr(page, "La personne lira"));
    house_drop(h);
}

static const char *preview_of(struct house *h, const char *letter, unsigned n)
{
    size_t of_one = strlen(letter);
    for (unsigned i = 0; i < n; i++)
        memcpy(room + i * of_one, letter, of_one);
    draft = (struct view_draft){.reference = MINE, .typed = {room, n * of_one}, .is_preview = true};
    console.draft = &draft;
    return page_of(h);
}

static void an_answer_is_one_message_and_its_preview_says_so(void **state)
{
    (void)state;
    struct house *h = open_desk(true);
    must_say(preview_of(h, "a", 160), "160 signes sur 160, soit 1 SMS.");
    assert_null(strstr(preview_of(h, "a", 160), "Trop long"));
    must_say(preview_of(h, "a", 161), "161 signes sur 160, soit 2 SMS.");
    must_say(preview_of(h, "a", 161), "Trop long");
    must_say(preview_of(h, "ê", 70), "70 signes sur 70, soit 1 SMS.");
    must_say(preview_of(h, "ê", 70), "ramène la limite à 70");
    must_say(preview_of(h, "ê", 71), "Trop long");
    must_say(preview_of(h, "\xff", 1), "ne peut pas partir par SMS");
    must_say(preview_of(h, "", 0), "Rien n’est écrit");
    house_drop(h);
}

static void who_does_not_write_sees_nothing_of_it(void **state)
{
    (void)state;
    struct house *h = open_desk(false);
    assert_null(strstr(page_of(h), "Messages écrits</h2>"));
    house_drop(h);
}

static void it_may_be_sent_to_another_service_where_there_is_one(void **state)
{
    (void)state;
    static struct directory_service two[2];
    struct house *h = open_desk(true);
    struct directory_service *one = h->directory->services;
    assert_null(strstr(page_of(h), "Un autre service"));
    two[0] = *one;
    two[1] = (struct directory_service){.id = "fam", .name = "<Famille>", .number = 99};
    h->directory->services = two;
    h->directory->services_n = 2;
    const char *page = page_of(h);
    must_say(page, "<option value=\"fam\">&lt;Famille&gt;</option>");
    must_say(page, "action=\"/agent/deplacer");
    char own[DIRECTORY_ID_BYTES + 32];
    snprintf(own, sizeof(own), "<option value=\"%s\">", two[0].id);
    assert_null(strstr(page, own)); /* it is there */
    h->directory->services = one;
    h->directory->services_n = 1;
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_person_wrote_is_text),
        cmocka_unit_test(what_was_typed_stands_where_it_was_typed),
        cmocka_unit_test(an_answer_is_one_message_and_its_preview_says_so),
        cmocka_unit_test(who_does_not_write_sees_nothing_of_it),
        cmocka_unit_test(it_may_be_sent_to_another_service_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
