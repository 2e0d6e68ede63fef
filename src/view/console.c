/* console.c — see console.h. Each button is a form of its own, so that all works without a script;
 * its key is written on it and pressed by web/keys.js. The card of who calls stays folded (design
 * §3.8): a number is not a person. */
#include "view/board_parts.h"
#include "view/console.h"
#include "view/console_parts.h"
#include "view/frame.h"
#include "view/headset.h"
#include "view/parts.h"

const char *const view_deed_names[DEEDS] = {
    "poste",   "disponible",      "pause", "depart",  "delai",    "suite",    "alerte", "ligne",
    "creneau", "annuler-creneau", "note",  "prendre", "repondre", "terminer", "rendre", "deplacer"};

/* ---- state -------------------------------------------------------------------------------- */

static const struct {
    const char *french, *english, *kind;
} states[AGENT_STATE_N] = {
    [AGENT_STATE_SIGNED_OUT] = {"Vous n’êtes pas en poste", "You are not at work", "out"},
    [AGENT_STATE_READY] = {"Disponible", "Free", "ready"},
    [AGENT_STATE_OFFERED] = {"Un appel vous est présenté", "A call is offered to you", "offered"},
    [AGENT_STATE_JOINED] = {"En conversation", "In conversation", "joined"},
    [AGENT_STATE_WRAP_UP] = {"Vous terminez le dossier", "You are finishing", "wrapup"},
    [AGENT_STATE_PAUSED] = {"En pause", "Paused", "paused"},
};

void console_form(struct html *h, const struct view_house *house, enum view_deed deed)
{
    html_put(h, "<form method=\"post\" action=\"" CONSOLE_PATH "/%s%s\"", view_deed_names[deed],
             html_query(h));
    if (deed <= DEED_NOTE) /* one of each: who has the focus on it keeps it, or nobody does */
        html_put(h, " id=\"deed-%s\"", view_deed_names[deed]);
    html_put(h, ">");
    view_frame_csrf(h, house);
}

static void put_reasons(struct html *h)
{
    html_put(h,
             "<label for=\"motif\">%s</label> <select id=\"motif\" name=\"motif\">"
             "<option value=\"rest\">%s</option><option value=\"meal\">%s</option>"
             "<option value=\"desk\">%s</option><option value=\"meeting\">%s</option></select> ",
             html_say(h, "Motif", "Reason"), html_say(h, "pause", "break"),
             html_say(h, "repas", "meal"), html_say(h, "accueil sur place", "desk"),
             html_say(h, "réunion", "meeting"));
}

static void put_button(struct html *h, const struct view_house *house, enum view_deed deed)
{
    static const struct {
        const char *key, *french, *english;
    } buttons[] = {[DEED_SIGN_IN] = {"M", "Se mettre en poste", "Start work"},
                   [DEED_READY] = {"D", "Disponible", "Free"},
                   [DEED_PAUSE] = {"P", "En pause", "Pause"},
                   [DEED_SIGN_OUT] = {"Q", "Quitter le poste", "End work"},
                   [DEED_MORE_TIME] = {"T", "Trois minutes de plus", "Three more minutes"}};
    console_form(h, house, deed);
    if (deed == DEED_PAUSE)
        put_reasons(h);
    html_put(h,
             "<button type=\"submit\" data-key=\"%s\" aria-keyshortcuts=\"%s\">%s <kbd>%s</kbd>"
             "</button></form>\n",
             buttons[deed].key, buttons[deed].key,
             html_say(h, buttons[deed].french, buttons[deed].english), buttons[deed].key);
}

/* A robot of the house calls: who is new tries everything, and nobody waits for it. */
static void put_practice(struct html *h, const struct view_house *house)
{
    console_form(h, house, DEED_TALK);
    html_put(h,
             "<button type=\"submit\" name=\"geste\" value=\"entrainement\" class=\"second\" "
             "data-key=\"W\" aria-keyshortcuts=\"W\">%s <kbd>W</kbd></button></form>\n",
             html_say(h, "Appel d’entraînement", "Practice call"));
}

static void put_buttons(struct html *h, const struct view_house *house,
                        const struct acd_look_agent *a)
{
    html_put(h, "<div class=\"deeds\">\n");
    if (a->state == AGENT_STATE_SIGNED_OUT)
        put_button(h, house, DEED_SIGN_IN);
    if (a->state == AGENT_STATE_PAUSED || a->state == AGENT_STATE_WRAP_UP)
        put_button(h, house, DEED_READY);
    if (a->state == AGENT_STATE_WRAP_UP)
        put_button(h, house, DEED_MORE_TIME);
    if (a->state != AGENT_STATE_SIGNED_OUT && a->state != AGENT_STATE_PAUSED)
        put_button(h, house, DEED_PAUSE);
    if (a->state != AGENT_STATE_SIGNED_OUT)
        put_button(h, house, DEED_SIGN_OUT);
    if (a->state == AGENT_STATE_READY || a->state == AGENT_STATE_PAUSED)
        put_practice(h, house);
    html_put(h, "</div>\n");
}

/* The wrap-up, and a pause that was not asked for, end by themselves. */
static void put_end(struct html *h, const struct view_house *house, const struct acd_look_agent *a)
{
    bool is_wrap_up = a->state == AGENT_STATE_WRAP_UP;
    if (!a->until_at || !(is_wrap_up || a->state == AGENT_STATE_PAUSED))
        return;
    html_put(h, "<p>%s <time data-until=\"%lld\">",
             is_wrap_up ? html_say(h, "Disponible dans", "Free in")
                        : html_say(h, "De nouveau disponible dans", "Free again in"),
             (long long)a->until_at);
    html_duration(h, a->until_at - house->now_at);
    html_put(h, "</time>%s</p>\n", html_say(h, ", sans rien faire.", ", by itself."));
}

static void put_state(struct html *h, const struct view_house *house,
                      const struct acd_look_agent *a, ms_t since_at)
{
    html_put(h,
             "<section id=\"state\" class=\"post %s\" aria-labelledby=\"state-t\">\n"
             "<div role=\"status\"><h2 id=\"state-t\">%s</h2></div>\n<p>",
             states[a->state].kind, html_say(h, states[a->state].french, states[a->state].english));
    if (a->pause != PAUSE_NONE)
        html_put(h, "%s, ", view_pause_words(h, a->pause));
    html_put(h, "%s", html_say(h, "depuis ", "for "));
    board_since(h, house, since_at);
    html_put(h, "</p>\n");
    put_end(h, house, a);
    if (a->leaves)
        html_put(
            h, "<p>%s</p>\n",
            html_say(h, "Vous quittez le poste après cet appel.", "You end work after this call."));
    put_buttons(h, house, a);
    html_put(h, "</section>\n");
}

/* ---- who waits for what they serve -------------------------------------------------------- */

static void put_waiting(struct html *h, const struct view_house *house,
                        const struct view_console *console)
{
    const struct directory_agent *agent = console->agent;
    html_put(h,
             "<section id=\"waiting\" aria-labelledby=\"waiting-t\">\n"
             "<h2 id=\"waiting-t\">%s</h2>\n"
             "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table>\n"
             "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\" class=\"n\">%s</th>"
             "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">%s</th></tr>"
             "</thead>\n<tbody>\n",
             html_say(h, "Qui attend", "Who waits"),
             html_say(h, "Qui attend, par service", "Who waits, by service"),
             html_say(h, "Service", "Service"), html_say(h, "Attendent", "Waiting"),
             html_say(h, "Depuis, au plus", "Longest"), html_say(h, "Messages écrits", "Written"));
    for (unsigned i = 0; i < agent->services_n; i++) {
        const struct directory_service *s = &house->directory->services[agent->services[i]];
        uint32_t slot = acd_look_queue_slot(house->acd, s->number);
        struct acd_look_queue q;
        if (slot == SLOT_NONE || !view_queue(house, slot, &q))
            continue;
        html_put(h,
                 "<tr id=\"s%u\"><th scope=\"row\">%s</th><td class=\"n\">%u</td><td class=\"n\">",
                 q.id, s->name, q.waiting_n);
        board_since(h, house, q.asked_at);
        html_put(h, "</td><td class=\"n\">%u</td></tr>\n", q.texts_n);
    }
    html_put(h, "</tbody></table></div>\n</section>\n");
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void put_main(struct html *h, const struct view_house *house,
                     const struct view_console *console)
{
    struct acd_look_agent a;
    uint32_t slot =
        console->agent ? acd_look_agent_slot(house->acd, console->agent->number) : SLOT_NONE;
    if (!console->agent || slot == SLOT_NONE || !acd_look_agent(house->acd, slot, &a)) {
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Ce compte n’est lié à aucun agent de l’annuaire. Qui administre le "
                          "service le fait par" HTML_HARD ": decroche user agent.",
                          "This account is no agent of the directory. Who runs the service says "
                          "so by: decroche user agent."));
        return;
    }
    put_state(h, house, &a, house->agents[slot].id == a.id ? house->agents[slot].since_at : 0);
    html_put(h, "<div class=\"work\">\n");
    console_call(h, house, console, &a);
    console_written(h, house, console, &a);
    console_sheets(h, house, console, &a);
    html_put(h, "</div>\n<div class=\"rest\">\n");
    console_due(h, house, console);
    put_waiting(h, house, console);
    console_day(h, console);
    html_put(h, "</div>\n");
}

void view_console(struct html *h, const struct view_house *house,
                  const struct view_console *console)
{
    const struct view_frame frame = {.title = html_say(h, "Mon poste", "My post"),
                                     .section = VIEW_SECTION_AGENT,
                                     .script = "agent.js",
                                     .here = CONSOLE_PATH,
                                     .kind = "console"};
    if (!console->is_fragment)
        view_frame_begin(h, house, &frame);
    if (!console->is_fragment && console->agent)
        view_headset(h, house);
    html_put(h, "<div id=\"told\">\n");
    if (console->refusal)
        html_put(h, "<p class=\"warning\" role=\"alert\">%s</p>\n", console->refusal);
    if (console->is_sent && !console->refusal)
        html_put(h, "<p class=\"notice\" role=\"status\">%s</p>\n",
                 html_say(h, "Le SMS est en route.", "The text message is on its way."));
    if (console->is_noted && !console->refusal)
        html_put(h, "<p class=\"notice\" role=\"status\">%s</p>\n",
                 html_say(h, "La note est enregistrée.", "The note is stored."));
    if (console->is_agreed && !console->refusal)
        console_agreed(h, console);
    if (console->is_unslotted && !console->refusal)
        html_put(h, "<p class=\"notice\" role=\"status\">%s</p>\n",
                 html_say(h, "Le rappel est annulé.", "The callback is cancelled."));
    html_put(h, "</div>\n<div id=\"live\" data-live=\"" CONSOLE_PATH "?part=main%s",
             html_say(h, "&langue=fr", "&langue=en"));
    if (console->card.is_open && console->card.reference)
        html_put(h, "&amp;reference=%u", console->card.reference);
    else if (console->card.is_open)
        html_put(h, "&amp;nom=%llu", (unsigned long long)console->card.contact_id);
    html_put(h, "\" data-now=\"%lld\">\n", (long long)house->now_at);
    put_main(h, house, console);
    html_put(h, "</div>\n");
    if (!console->is_fragment)
        view_frame_end(h, house, &frame);
}
