/* board_agents.c — who is at work and what they do, on the board. Called by board.c. In the order
 * of the directory: nobody is compared with anybody. */
#include "view/board.h"
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/parts.h"

struct state_words {
    enum agent_state state;
    const char *french, *english;
};

const char *view_pause_words(const struct html *h, enum pause pause)
{
    static const char *const words[PAUSE_N][2] = {
        [PAUSE_NONE] = {"", ""},
        [PAUSE_REST] = {"pause", "break"},
        [PAUSE_MEAL] = {"repas", "meal"},
        [PAUSE_DESK] = {"accueil sur place", "desk"},
        [PAUSE_MEETING] = {"réunion", "meeting"},
        [PAUSE_NO_ANSWER] = {"n’a pas décroché", "did not answer"},
        [PAUSE_LINE_LOST] = {"ligne perdue", "line lost"},
        [PAUSE_SIGN_IN] = {"vient d’arriver", "has just signed in"},
        [PAUSE_SUPERVISOR] = {"mis en pause", "paused by a supervisor"},
        [PAUSE_CALLING] = {"en communication sortante", "calling out"},
    };
    return html_say(h, words[pause][0], words[pause][1]);
}

const char *view_state_words(const struct html *h, enum agent_state state)
{
    static const char *const words[AGENT_STATE_N][2] = {
        [AGENT_STATE_SIGNED_OUT] = {"Pas en poste", "Not at work"},
        [AGENT_STATE_READY] = {"Disponible", "Free"},
        [AGENT_STATE_OFFERED] = {"Un appel lui est présenté", "Being offered a call"},
        [AGENT_STATE_JOINED] = {"En conversation", "In conversation"},
        [AGENT_STATE_WRAP_UP] = {"Termine un dossier", "Finishing"},
        [AGENT_STATE_PAUSED] = {"En pause", "Paused"},
    };
    return html_say(h, words[state][0], words[state][1]);
}

/* To their page, for who may order about them. */
static void put_name(struct html *h, const struct view_house *house,
                     const struct directory_agent *entry, const char *name)
{
    bool is_linked = board_may(house) && entry && view_sees_names(house) &&
                     rights_order(house->rights, house->directory, entry);
    if (is_linked)
        html_put(h, "<a class=\"who\" href=\"" VIEW_AGENT_PATH "%s%s\">%s</a>", entry->id,
                 html_query(h), name);
    else
        html_put(h, "<span class=\"who\">%s</span>", name);
}

static void put_listened(struct html *h, const struct view_house *house,
                         const struct acd_look_agent *a)
{
    struct acd_look_call call;
    bool is_listened = a->contact_id &&
                       acd_look_call_of_contact(house->acd, a->contact_id, &call) &&
                       view_listen_of(&house->deeds, call.call_id);
    if (is_listened)
        html_put(h, "<span class=\"tag\">%s</span> ", html_say(h, "écouté", "listened to"));
}

static void put_agent(struct html *h, const struct view_house *house, uint32_t slot,
                      const struct acd_look_agent *a)
{
    const struct directory_agent *entry = view_agent_entry(house, a->id);
    const struct directory_service *service = a->queue_id ? view_service(house, a->queue_id) : NULL;
    const char *name =
        entry && view_sees_names(house) ? entry->name : html_say(h, "un agent", "an agent");
    html_put(h, "<li id=\"a%u\">", a->id);
    put_name(h, house, entry, name);
    html_put(h, "%s ", a->is_robot ? html_say(h, " (robot)", " (robot)") : "");
    if (a->moved_until_at) {
        html_put(h, "<span class=\"tag\">%s", html_say(h, "déplacé jusqu’à ", "moved until "));
        board_until(h, house, a->moved_until_at);
        html_put(h, "</span> ");
    }
    put_listened(h, house, a);
    if (a->pause != PAUSE_NONE)
        html_put(h, "<span class=\"why\">%s</span> ", view_pause_words(h, a->pause));
    else if (service)
        html_put(h, "<span class=\"why\">%s</span> ", service->name);
    board_since(h, house, house->agents[slot].id == a->id ? house->agents[slot].since_at : 0);
    html_put(h, "</li>\n");
}

/* In this state, and of those whom who looks may see. */
static bool is_seen(const struct view_house *house, uint32_t slot, struct acd_look_agent *a)
{
    return acd_look_agent(house->acd, slot, a) &&
           view_sees_agent(house, view_agent_entry(house, a->id));
}

static uint32_t count_state(const struct view_house *house, enum agent_state state)
{
    struct acd_look_agent a;
    uint32_t n = 0;
    for (uint32_t i = 0; i < acd_look_agents_n(house->acd); i++)
        n += is_seen(house, i, &a) && a.state == state;
    return n;
}

static void put_state(struct html *h, const struct view_house *house, const struct state_words *w)
{
    struct acd_look_agent a;
    uint32_t n = count_state(house, w->state), shown = 0;
    html_put(
        h, "<section class=\"state\" id=\"state%u\"><h3>%s <span class=\"count\">%u</span></h3>\n",
        (unsigned)w->state, html_say(h, w->french, w->english), n);
    if (n)
        html_put(h, "<ul>\n");
    for (uint32_t i = 0; i < acd_look_agents_n(house->acd) && shown < VIEW_BOARD_NAMES_MAX; i++) {
        if (!is_seen(house, i, &a) || a.state != w->state)
            continue;
        put_agent(h, house, i, &a);
        shown++;
    }
    if (n > shown)
        html_put(h, "<li>%s%u%s</li>\n", html_say(h, "et ", "and "), n - shown,
                 html_say(h, " autres", " others"));
    if (n)
        html_put(h, "</ul>\n");
    html_put(h, "</section>\n");
}

void board_agents(struct html *h, const struct view_house *house)
{
    static const struct state_words states[] = {
        {AGENT_STATE_READY, "Disponibles", "Free"},
        {AGENT_STATE_OFFERED, "Un appel leur est présenté", "Being offered a call"},
        {AGENT_STATE_JOINED, "En conversation", "In conversation"},
        {AGENT_STATE_WRAP_UP, "Terminent un dossier", "Finishing"},
        {AGENT_STATE_PAUSED, "En pause", "Paused"},
    };
    html_put(h,
             "<section id=\"agents\" aria-labelledby=\"agents-t\">\n<h2 id=\"agents-t\">%s</h2>\n",
             html_say(h, "Qui est en poste", "Who is at work"));
    if (count_state(house, AGENT_STATE_SIGNED_OUT) == acd_look_agents_n(house->acd))
        html_put(
            h, "<p class=\"empty\">%s</p>\n",
            html_say(
                h,
                "Personne n’est en poste. Un agent se met en poste depuis son téléphone" HTML_HARD
                ": *71, son code, puis *72.",
                "Nobody is at work. Agents sign in from their telephone: *71, their code, "
                "then *72."));
    html_put(h, "<div class=\"states\">\n");
    for (unsigned i = 0; i < ARRAY_LEN(states); i++)
        put_state(h, house, &states[i]);
    html_put(h, "</div>\n</section>\n");
}
