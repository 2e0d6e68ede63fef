/* console_talk.c — what an agent does with the one they speak with: somebody is called in addition,
 * the person is passed on, or goes back to the queue (ADR 43); whom they called, and how far that
 * is. Called by console_call.c. Cost: a look at each agent and service, in a conversation. */
#include "view/console_parts.h"
#include "view/parts.h"

/* Shown of those who could be called; others by their line. */
#define COLLEAGUES_MAX 60u
#define SERVICES_MAX 60u

/* ---- whom --------------------------------------------------------------------------------- */

enum rank { RANK_FREE, RANK_AWAY, RANK_BUSY, RANKS };

static enum rank rank_of(const struct acd_look_agent *a)
{
    if (a->state == AGENT_STATE_READY || a->state == AGENT_STATE_WRAP_UP)
        return RANK_FREE;
    return a->state == AGENT_STATE_PAUSED && a->pause != PAUSE_CALLING ? RANK_AWAY : RANK_BUSY;
}

/* Of one rank, in the order of the directory. */
struct colleagues {
    struct acd_look_agent of[RANKS][COLLEAGUES_MAX];
    unsigned n[RANKS];
};

/* Who can be called is told to whoever may call them, by keys too: their name, and whether they
 * are free. */
static void find_colleagues(struct colleagues *all, const struct view_house *house,
                            const struct directory_agent *me)
{
    struct acd_look_agent a;
    *all = (struct colleagues){.n = {0}};
    for (uint32_t i = 0; i < acd_look_agents_n(house->acd); i++) {
        if (!acd_look_agent(house->acd, i, &a) || a.id == me->number || a.is_robot ||
            a.state == AGENT_STATE_SIGNED_OUT || !view_agent_entry(house, a.id))
            continue;
        enum rank rank = rank_of(&a);
        if (all->n[rank] < COLLEAGUES_MAX)
            all->of[rank][all->n[rank]++] = a;
    }
}

static void put_colleagues(struct html *h, const struct view_house *house,
                           const struct directory_agent *me)
{
    static const char *const states[RANKS][2] = {
        {"disponible", "free"}, {"en pause", "paused"}, {"occupé", "busy"}};
    struct colleagues all;
    unsigned left_n = COLLEAGUES_MAX;
    find_colleagues(&all, house, me);
    html_put(h, "<optgroup label=\"%s\">", html_say(h, "Un collègue", "A colleague"));
    for (unsigned rank = 0; rank < RANKS; rank++)
        for (unsigned i = 0; i < all.n[rank] && left_n; i++, left_n--) {
            const struct directory_agent *g = view_agent_entry(house, all.of[rank][i].id);
            html_put(h, "<option id=\"who-%s\" value=\"agent:%s\"%s>%s (%s)</option>", g->id, g->id,
                     rank == RANK_BUSY ? " disabled" : "", g->name,
                     html_say(h, states[rank][0], states[rank][1]));
        }
    html_put(h, "</optgroup>");
}

/* Those that are closed stand there, for who looks for them. */
static void put_services(struct html *h, const struct view_house *house, uint32_t queue_id)
{
    const struct directory *d = house->directory;
    struct acd_look_queue q;
    unsigned n = 0;
    html_put(h, "<optgroup label=\"%s\">",
             html_say(h, "Un service (pour passer l’appel)", "A service (to pass the call on)"));
    for (uint32_t i = 0; i < d->services_n && n < SERVICES_MAX; i++) {
        uint32_t slot = acd_look_queue_slot(house->acd, d->services[i].number);
        if (d->services[i].number == queue_id || slot == SLOT_NONE || !view_queue(house, slot, &q))
            continue;
        bool is_closed = q.hours != HOURS_OPEN || q.is_shut;
        html_put(h, "<option id=\"to-%s\" value=\"service:%s\"%s>%s%s</option>", d->services[i].id,
                 d->services[i].id, is_closed ? " disabled" : "", d->services[i].name,
                 is_closed ? html_say(h, " (fermé)", " (closed)") : "");
        n++;
    }
    html_put(h, "</optgroup>");
}

static void put_whom(struct html *h, const struct view_house *house,
                     const struct view_console *console, uint32_t queue_id)
{
    html_put(h,
             "<div><label for=\"qui\">%s <kbd>G</kbd></label> <select id=\"qui\" name=\"qui\" "
             "data-key=\"G\" aria-keyshortcuts=\"G\"><option value=\"\">%s</option>",
             html_say(h, "Qui", "Whom"), html_say(h, "choisir…", "choose…"));
    put_colleagues(h, house, console->agent);
    put_services(h, house, queue_id);
    if (house->directory->interpreters_n)
        html_put(h, "<option id=\"who--i\" value=\"interprete\">%s</option>",
                 html_say(h, "L’interprète", "The interpreter"));
    html_put(h,
             "</select></div>\n<div><label for=\"numero\">%s</label> <input id=\"numero\" "
             "name=\"numero\" inputmode=\"tel\" size=\"14\" maxlength=\"32\" "
             "autocomplete=\"off\"></div>\n",
             html_say(h, "ou un numéro, un poste", "or a number, a post"));
}

/* ---- what can be done --------------------------------------------------------------------- */

struct talk_button {
    const char *deed, *key, *french, *english;
};
static const struct talk_button consult = {"consulter", "O", "Consulter", "Consult"};
static const struct talk_button pass = {"passer", "U", "Passer l’appel", "Pass the call on"};
static const struct talk_button three = {"trois", "J", "À trois", "All three"};
static const struct talk_button resume = {"reprendre", "Z", "Reprendre la personne",
                                          "Back to the person"};
static const struct talk_button back = {"rendre", "Y", "Rendre à la file", "Back to the queue"};

static void put_button(struct html *h, const struct talk_button *b, bool is_second)
{
    html_put(h,
             "<button type=\"submit\" name=\"geste\" value=\"%s\" class=\"%s\" data-key=\"%s\" "
             "aria-keyshortcuts=\"%s\">%s <kbd>%s</kbd></button>\n",
             b->deed, is_second ? "second" : "first", b->key, b->key,
             html_say(h, b->french, b->english), b->key);
}

static bool is_with_third(enum talk_shown shown)
{
    return shown == TALK_SHOWN_RINGS || shown == TALK_SHOWN_RINGS_PASS ||
           shown == TALK_SHOWN_RINGS_THREE || shown == TALK_SHOWN_CONSULT ||
           shown == TALK_SHOWN_THREE;
}

static void put_sms(struct html *h)
{
    html_put(h,
             "<button type=\"submit\" name=\"geste\" value=\"sms\" class=\"second\">%s</button>\n",
             html_say(h, "Envoyer le numéro de demande par SMS",
                      "Send the request number as a text message"));
}

/* Who was called back stays with who called (ADR 25), and may be written to. */
static void put_back(struct html *h, const struct view_house *house, uint64_t contact_id)
{
    console_form(h, house, DEED_TALK);
    html_put(h,
             "<input type=\"hidden\" name=\"demande\" value=\"%llu\"><div class=\"talk deeds\">\n",
             (unsigned long long)contact_id);
    put_sms(h);
    html_put(h, "</div></form>\n");
}

static void put_deeds(struct html *h, const struct view_house *house,
                      const struct view_console *console, const struct acd_look_agent *a)
{
    enum talk_shown shown = console->third.shown;
    bool is_third = is_with_third(shown);
    console_form(h, house, DEED_TALK);
    html_put(h,
             "<input type=\"hidden\" name=\"demande\" value=\"%llu\">"
             "<fieldset class=\"talk\"><legend>%s</legend>\n",
             (unsigned long long)a->contact_id,
             is_third ? html_say(h, "L’appel en cours", "The call in course")
                      : html_say(h, "Demander à quelqu’un, passer l’appel",
                                 "Ask somebody, pass the call on"));
    if (!is_third) {
        html_put(h, "<div class=\"deeds\">\n");
        put_whom(h, house, console, a->queue_id);
        html_put(h, "</div>\n");
    }
    html_put(h, "<div class=\"deeds\">\n");
    if (!is_third)
        put_button(h, &consult, false);
    if (shown != TALK_SHOWN_RINGS_PASS)
        put_button(h, &pass, false);
    if (shown != TALK_SHOWN_THREE && shown != TALK_SHOWN_RINGS_THREE)
        put_button(h, &three, false);
    if (is_third)
        put_button(h, &resume, false);
    put_button(h, &back, true);
    put_sms(h);
    html_put(h, "</div></fieldset></form>\n");
}

/* ---- how far it is ------------------------------------------------------------------------ */

static const char *third_name(const struct html *h, const struct view_house *house,
                              const struct talk_third *third)
{
    const struct directory_agent *g =
        third->agent_id ? view_agent_entry(house, third->agent_id) : NULL;
    if (g)
        return g->name;
    return third->is_interpreter
               ? html_say(h, "l’interprète", "the interpreter")
               : html_say(h, "la personne appelée au-dehors", "the person called outside");
}

/* Before and behind the name. */
static const struct {
    const char *french[2], *english[2];
} sentences[TALK_SHOWNS] = {
    [TALK_SHOWN_ALONE] = {{"", ""}, {"", ""}},
    [TALK_SHOWN_RINGS] = {{"On appelle ", ". Qui a appelé entend la musique."},
                          {"Calling ", ". The caller hears music."}},
    [TALK_SHOWN_RINGS_PASS] = {{"On appelle ", ", à qui l’appel passe dès sa réponse."},
                               {"Calling ", ", who gets the call with the first word."}},
    [TALK_SHOWN_RINGS_THREE] = {{"On appelle ", ". À sa réponse, vous serez à trois."},
                                {"Calling ", ". Then all three will speak."}},
    [TALK_SHOWN_CONSULT] = {{"Vous parlez avec ", ". Qui a appelé entend la musique."},
                            {"You speak with ", ". The caller hears music."}},
    [TALK_SHOWN_THREE] = {{"Vous êtes à trois, avec ", "."}, {"All three speak, with ", "."}},
    [TALK_SHOWN_UNANSWERED] = {{"Pas de réponse\u00a0: ",
                                ". Vous êtes de nouveau avec qui a appelé."},
                               {"No answer: ", ". You are with the caller again."}},
    [TALK_SHOWN_LEFT] = {{"A raccroché\u00a0: ", ". Vous êtes de nouveau avec qui a appelé."},
                         {"Hung up: ", ". You are with the caller again."}},
};

static void put_third(struct html *h, const struct view_house *house,
                      const struct talk_third *third)
{
    html_put(h, "<p id=\"third\" class=\"third\" role=\"status\">");
    if (third->shown != TALK_SHOWN_ALONE)
        html_put(
            h, "%s%s%s",
            html_say(h, sentences[third->shown].french[0], sentences[third->shown].english[0]),
            third_name(h, house, third),
            html_say(h, sentences[third->shown].french[1], sentences[third->shown].english[1]));
    html_put(h, "</p>\n");
}

/* Who practises passes nobody on. */
void console_talk(struct html *h, const struct view_house *house,
                  const struct view_console *console, const struct acd_look_agent *a)
{
    struct acd_look_callback promise;
    struct acd_look_queue q;
    uint32_t slot = acd_look_queue_slot(house->acd, a->queue_id);
    if (acd_look_callback_of(house->acd, a->contact_id, &promise)) {
        put_back(h, house, a->contact_id);
        return;
    }
    if (slot == SLOT_NONE || !view_queue(house, slot, &q))
        return;
    put_third(h, house, &console->third);
    put_deeds(h, house, console, a);
}
