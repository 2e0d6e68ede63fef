/* console.c — see console.h. Each button is a form of its own, so that all works without a script;
 * its key is written on it and pressed by web/keys.js. The card of who calls stays folded (design
 * §3.8): a number is not a person. */
#include "view/board_parts.h"
#include "view/console.h"
#include "view/frame.h"
#include "view/headset.h"
#include "view/parts.h"

#define PATH "/agent"

const char *const view_deed_names[DEEDS] = {"poste", "disponible", "pause", "depart"};

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

static void put_button(struct html *h, const struct view_house *house, enum view_deed deed)
{
    static const struct {
        const char *key, *french, *english;
    } buttons[DEEDS] = {{"M", "Se mettre en poste", "Start work"},
                        {"D", "Disponible", "Free"},
                        {"P", "En pause", "Pause"},
                        {"Q", "Quitter le poste", "End work"}};
    html_put(h,
             "<form method=\"post\" action=\"" PATH "/%s%s\">"
             "<input type=\"hidden\" name=\"csrf\" value=\"%s\">",
             view_deed_names[deed], html_query(h), house->who ? house->who->csrf : "");
    if (deed == DEED_PAUSE)
        html_put(
            h,
            "<label for=\"motif\">%s</label> <select id=\"motif\" name=\"motif\">"
            "<option value=\"rest\">%s</option><option value=\"meal\">%s</option>"
            "<option value=\"desk\">%s</option><option value=\"meeting\">%s</option></select> ",
            html_say(h, "Motif", "Reason"), html_say(h, "pause", "break"),
            html_say(h, "repas", "meal"), html_say(h, "accueil sur place", "desk"),
            html_say(h, "réunion", "meeting"));
    html_put(h,
             "<button type=\"submit\" data-key=\"%s\" aria-keyshortcuts=\"%s\">%s <kbd>%s</kbd>"
             "</button></form>\n",
             buttons[deed].key, buttons[deed].key,
             html_say(h, buttons[deed].french, buttons[deed].english), buttons[deed].key);
}

static void put_buttons(struct html *h, const struct view_house *house,
                        const struct acd_look_agent *a)
{
    html_put(h, "<div class=\"deeds\">\n");
    if (a->state == AGENT_STATE_SIGNED_OUT)
        put_button(h, house, DEED_SIGN_IN);
    if (a->state == AGENT_STATE_PAUSED || a->state == AGENT_STATE_WRAP_UP)
        put_button(h, house, DEED_READY);
    if (a->state != AGENT_STATE_SIGNED_OUT && a->state != AGENT_STATE_PAUSED)
        put_button(h, house, DEED_PAUSE);
    if (a->state != AGENT_STATE_SIGNED_OUT)
        put_button(h, house, DEED_SIGN_OUT);
    html_put(h, "</div>\n");
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
    if (a->leaves)
        html_put(
            h, "<p>%s</p>\n",
            html_say(h, "Vous quittez le poste après cet appel.", "You end work after this call."));
    put_buttons(h, house, a);
    html_put(h, "</section>\n");
}

/* ---- who is on the line ------------------------------------------------------------------- */

static bool find_call(const struct view_house *house, uint64_t contact_id,
                      struct acd_look_call *call)
{
    for (uint32_t i = 0; contact_id && i < acd_look_calls_n(house->acd); i++)
        if (acd_look_call(house->acd, i, call) && call->contact_id == contact_id)
            return true;
    return false;
}

/* What the agent says first: voice-script §5 cb.say, cb.say.discreet; their name or alias (CRPA
 * L111-2). Who is called back discreetly hears neither service nor subject. */
static void put_greeting(struct html *h, const struct view_house *house,
                         const struct view_console *console, const struct acd_look_callback *back)
{
    char reference[VIEW_REFERENCE_BYTES];
    const char *name = console->agent->name, *organisation = house->directory->organisation.name;
    if (back && back->is_discreet) {
        html_put(h, "<p class=\"say\">%s</p>\n",
                 html_say(h,
                          "« Bonjour. Je rappelle la personne qui a téléphoné. Est-ce que je peux "
                          "lui parler" HTML_THIN "? »",
                          "“Hello. I am calling back the person who telephoned. May I speak to "
                          "them?”"));
        return;
    }
    html_put(h, "<p class=\"say\">%s%s, %s.", html_say(h, "« Bonjour, ", "“Hello, "), name,
             organisation);
    if (back) {
        struct text digits = view_reference(reference, console->reference, true);
        html_put(h, "%s%.*s%s",
                 html_say(h,
                          " Vous nous avez demandé de vous rappeler" HTML_THIN
                          "; votre numéro de demande est le ",
                          " You asked us to call you back; your request number is "),
                 (int)digits.n, digits.p,
                 html_say(h, ". Est-ce un bon moment" HTML_THIN "?", ". Is this a good time?"));
    }
    html_put(h, "%s</p>\n", html_say(h, " »", "”"));
}

static void put_card(struct html *h, const struct view_house *house,
                     const struct view_console *console, const struct acd_look_agent *a)
{
    struct acd_look_call call;
    struct acd_look_callback back;
    const struct directory_service *service = a->queue_id ? view_service(house, a->queue_id) : NULL;
    html_put(h, "<p class=\"lead\">%s</p>\n<dl class=\"facts\">\n",
             service ? service->name : html_say(h, "service inconnu", "unknown service"));
    if (find_call(house, a->contact_id, &call) && call.asked_at) {
        html_put(h, "<div><dt>%s</dt><dd>",
                 html_say(h, "a demandé quelqu’un il y a", "asked for somebody, ago"));
        board_since(h, house, call.asked_at);
        html_put(h, "</dd></div>\n");
    }
    bool is_back = acd_look_callback_of(house->acd, a->contact_id, &back);
    if (is_back)
        html_put(h, "<div><dt>%s</dt><dd>%u / %u</dd></div>\n",
                 html_say(h, "rappel promis, essai", "promised call, attempt"),
                 back.attempts_n + 1u, back.attempts_max);
    html_put(h, "</dl>\n");
    put_greeting(h, house, console, is_back ? &back : NULL);
    html_put(
        h, "<p class=\"empty\">%s</p>\n",
        html_say(h,
                 "Le dossier reste plié jusqu’à ce que la personne donne sa référence ou son "
                 "nom" HTML_HARD ": un numéro n’est pas une personne.",
                 "The file stays folded until the person gives a reference or a name: a number "
                 "is not a person."));
}

static void put_call(struct html *h, const struct view_house *house,
                     const struct view_console *console, const struct acd_look_agent *a)
{
    html_put(h, "<section id=\"call\" aria-labelledby=\"call-t\">\n<h2 id=\"call-t\">%s</h2>\n",
             html_say(h, "L’appel", "The call"));
    if (a->contact_id)
        put_card(h, house, console, a);
    else
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Personne pour l’instant. Quand vous êtes disponible, l’appel qui attend "
                          "depuis le plus longtemps sonne à votre téléphone, et s’affiche ici.",
                          "Nobody for now. When you are free, the call that has waited longest "
                          "rings at your telephone, and is shown here."));
    html_put(h, "</section>\n");
}

/* ---- who waits for what they serve -------------------------------------------------------- */

static void put_waiting(struct html *h, const struct view_house *house,
                        const struct view_console *console)
{
    const struct directory_agent *agent = console->agent;
    html_put(h,
             "<section id=\"waiting\" aria-labelledby=\"waiting-t\">\n"
             "<h2 id=\"waiting-t\">%s</h2>\n<table><thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">%s</th>"
             "<th scope=\"col\" class=\"n\">%s</th></tr></thead>\n<tbody>\n",
             html_say(h, "Qui attend", "Who waits"), html_say(h, "Service", "Service"),
             html_say(h, "Attendent", "Waiting"), html_say(h, "Depuis, au plus", "Longest"),
             html_say(h, "Messages écrits", "Written"));
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
    html_put(h, "</tbody></table>\n</section>\n");
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void put_main(struct html *h, const struct view_house *house,
                     const struct view_console *console)
{
    struct acd_look_agent a;
    uint32_t slot =
        console->agent ? acd_look_agent_slot(house->acd, console->agent->number) : SLOT_NONE;
    if (console->refusal)
        html_put(h, "<p class=\"warning\" role=\"alert\">%s</p>\n", console->refusal);
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
    put_call(h, house, console, &a);
    put_waiting(h, house, console);
}

void view_console(struct html *h, const struct view_house *house,
                  const struct view_console *console)
{
    const struct view_frame frame = {.title = html_say(h, "Mon poste", "My post"),
                                     .section = VIEW_SECTION_AGENT,
                                     .script = "agent.js",
                                     .here = PATH,
                                     .kind = "console"};
    if (!console->is_fragment)
        view_frame_begin(h, house, &frame);
    if (!console->is_fragment && console->agent)
        view_headset(h, house);
    html_put(h, "<div id=\"live\" data-live=\"" PATH "?part=main%s\" data-now=\"%lld\">\n",
             html_say(h, "&langue=fr", "&langue=en"), (long long)house->now_at);
    put_main(h, house, console);
    html_put(h, "</div>\n");
    if (!console->is_fragment)
        view_frame_end(h, house, &frame);
}
