/* console_sheets.c — answer sheets beside the call: those of its service, or of the agent's
 * services while nobody calls; dated, whose, whether they are out of date. A point that is ticked
 * stays ticked in the page alone, until the next person. Called by console.c. */
#include "directory/sheet.h"
#include "view/console_parts.h"
#include "view/parts.h"
#include "view/sheet.h"

/* The line that may be sent goes into the answer of a written contact, to be looked at. */
/* Of the person whom they speak with; 0: nobody. */
static uint64_t on_telephone(const struct view_house *house, const struct view_console *console)
{
    uint32_t slot = acd_look_agent_slot(house->acd, console->agent->number);
    struct acd_look_agent a;
    bool is_there = slot != SLOT_NONE && acd_look_agent(house->acd, slot, &a);
    return is_there && a.state == AGENT_STATE_JOINED ? a.contact_id : 0;
}

/* Who is on the telephone gets it at once: its words stand above the button. */
static void put_now(struct html *h, const struct view_house *house, uint64_t contact_id,
                    const struct directory_sheet *s)
{
    console_form(h, house, DEED_TALK);
    html_put(h,
             "<input type=\"hidden\" name=\"demande\" value=\"%llu\">"
             "<input type=\"hidden\" name=\"fiche\" value=\"%s\">"
             "<button type=\"submit\" name=\"geste\" value=\"sms\" class=\"second\">%s</button>"
             "</form>\n",
             (unsigned long long)contact_id, s->id,
             html_say(h, "Envoyer à la personne au téléphone", "Send to who is on the telephone"));
}

static void put_sms(struct html *h, const struct view_house *house,
                    const struct view_console *console, const struct directory_sheet *s)
{
    uint64_t contact_id = on_telephone(house, console);
    char room[VIEW_REFERENCE_BYTES];
    struct text sms = directory_sheet_sms(s);
    if (!sms.n)
        return;
    html_put(h, "<div class=\"sms\"><p class=\"from\">%s</p><p class=\"words\">%.*s</p>\n",
             html_say(h, "À envoyer par SMS", "To be sent as a text message"), (int)sms.n, sms.p);
    if (contact_id)
        put_now(h, house, contact_id, s);
    for (unsigned i = 0; i < console->texts_n; i++) {
        struct text digits = view_reference(room, console->texts[i].reference, true);
        console_form(h, house, DEED_TEXT_ANSWER);
        html_put(h,
                 "<input type=\"hidden\" name=\"reference\" value=\"%u\">"
                 "<input type=\"hidden\" name=\"texte\" value=\"%.*s\">"
                 "<button type=\"submit\" name=\"apercu\" value=\"oui\" class=\"second\">%s %.*s"
                 "</button></form>\n",
                 console->texts[i].reference, (int)sms.n, sms.p,
                 html_say(h, "Mettre dans la réponse à", "Put into the answer to"), (int)digits.n,
                 digits.p);
    }
    html_put(h, "</div>\n");
}

static void put_sheet(struct html *h, const struct view_house *house,
                      const struct view_console *console, const struct directory_sheet *s)
{
    view_sheet_head(h, s, house->today);
    view_sheet_body(h, s->body);
    put_sms(h, house, console, s);
    html_put(h, "</details>\n");
}

static void begin_sheet(struct html *h, const struct view_house *house,
                        const struct directory_sheet *s, bool has_key)
{
    html_put(h, "<details id=\"sheet-%s\" class=\"sheet\"><summary", s->id);
    if (has_key)
        html_put(h, " data-key=\"S\" aria-keyshortcuts=\"S\"");
    html_put(h, ">%s%s", s->title,
             house->today > s->review ? html_say(h, " (à vérifier)", " (to be checked)") : "");
    if (has_key)
        html_put(h, " <kbd>S</kbd>");
    html_put(h, "</summary>\n");
}

static bool is_about(const struct view_house *house, const struct directory_sheet *s,
                     uint32_t queue_id)
{
    for (unsigned i = 0; i < s->services_n; i++)
        if (house->directory->services[s->services[i]].number == queue_id)
            return true;
    return false;
}

/* Of what the call is about; else of anything that the agent serves. */
static bool is_wanted(const struct view_house *house, const struct view_console *console,
                      const struct directory_sheet *s, uint32_t queue_id)
{
    const struct directory_agent *agent = console->agent;
    if (queue_id)
        return is_about(house, s, queue_id);
    for (unsigned i = 0; i < agent->services_n; i++)
        if (is_about(house, s, house->directory->services[agent->services[i]].number))
            return true;
    return false;
}

void console_sheets(struct html *h, const struct view_house *house,
                    const struct view_console *console, const struct acd_look_agent *a)
{
    const struct directory_sheets *sheets = house->directory->sheets;
    uint32_t queue_id = a->queue_id ? a->queue_id : a->talk_queue_id;
    uint64_t contact_id = a->contact_id ? a->contact_id : a->talk_contact_id;
    unsigned n = 0;
    if (!sheets || !sheets->n)
        return;
    html_put(h,
             "<section id=\"sheets\" aria-labelledby=\"sheets-t\">\n"
             "<h2 id=\"sheets-t\">%s</h2>\n<div id=\"sheets-%llu\">\n",
             html_say(h, "Fiches", "Answer sheets"),
             (unsigned long long)(queue_id ? contact_id : 0));
    for (uint32_t i = 0; i < sheets->n; i++) {
        if (!is_wanted(house, console, &sheets->list[i], queue_id))
            continue;
        begin_sheet(h, house, &sheets->list[i], !n++);
        put_sheet(h, house, console, &sheets->list[i]);
    }
    if (!n)
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Aucune fiche pour ce service. Elles se rangent dans le dossier "
                          "«" HTML_HARD "fiches" HTML_HARD "», à côté de l’annuaire.",
                          "No sheet for this service. They stand in the folder “fiches”, beside "
                          "the directory."));
    html_put(h, "</div>\n</section>\n");
}
