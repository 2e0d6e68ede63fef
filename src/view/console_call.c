/* console_call.c — whom the agent has on the line: service, wait, what is said first; what came of
 * it, by one key. Called by console.c. */
#include "directory/commands.h"
#include "view/board_parts.h"
#include "view/console_parts.h"
#include "view/parts.h"

/* ---- who is on the line ------------------------------------------------------------------- */

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

static const char *service_name(const struct html *h, const struct directory_service *service,
                                uint32_t queue_id)
{
    if (queue_id == DIRECTORY_PRACTICE)
        return html_say(h, "Appel d’entraînement", "Practice call");
    return service ? service->name : html_say(h, "service inconnu", "unknown service");
}

/* When they spoke; 0: it rings still. */
static ms_t joined_at(const struct view_house *house, const struct acd_look_agent *a)
{
    uint32_t slot = acd_look_agent_slot(house->acd, a->id);
    bool is_joined = a->state == AGENT_STATE_JOINED && house->agents[slot].id == a->id;
    return is_joined ? house->agents[slot].since_at : 0;
}

static void put_card(struct html *h, const struct view_house *house,
                     const struct view_console *console, const struct acd_look_agent *a)
{
    struct acd_look_call call;
    struct acd_look_callback back;
    const struct directory_service *service = a->queue_id ? view_service(house, a->queue_id) : NULL;
    ms_t joined = joined_at(house, a), asked_at = 0;
    html_put(h, "<p class=\"lead\">%s</p>\n<dl class=\"facts\">\n",
             service_name(h, service, a->queue_id));
    bool is_back = acd_look_callback_of(house->acd, a->contact_id, &back);
    if (!is_back && acd_look_call_of_contact(house->acd, a->contact_id, &call))
        asked_at = call.asked_at;
    if (asked_at)
        console_wait(h, house, asked_at, joined);
    if (is_back)
        console_promise(h, house, &back);
    console_way(h, house, &console->card.way);
    html_put(h, "</dl>\n");
    put_greeting(h, house, console, is_back ? &back : NULL);
    if (asked_at)
        console_sorry(h, (joined ? joined : house->now_at) - asked_at);
    console_card(h, house, &console->card);
}

/* ---- what came of it ---------------------------------------------------------------------- */

/* The six words of voice-script §9, each with its key; the one that was said stands pressed. */
static const struct {
    enum conclusion conclusion;
    const char *french, *english;
} words[] = {{CONCLUSION_ANSWERED, "répondu", "answered"},
             {CONCLUSION_TO_CALL_BACK, "à rappeler", "to call back"},
             {CONCLUSION_PASSED_ON, "passé à quelqu’un", "passed on"},
             {CONCLUSION_APPOINTMENT, "rendez-vous", "appointment"},
             {CONCLUSION_DIRECTED, "orienté ailleurs", "directed elsewhere"},
             {CONCLUSION_NOT_UNDERSTOOD, "pas compris", "not understood"}};

static void put_conclusion(struct html *h, const struct view_house *house,
                           const struct acd_look_agent *a)
{
    console_form(h, house, DEED_CONCLUDE);
    html_put(h, "<fieldset class=\"outcome\"><legend>%s</legend>\n",
             html_say(h, "Suite donnée", "What came of it"));
    for (unsigned i = 0; i < ARRAY_LEN(words); i++)
        html_put(h,
                 "<button type=\"submit\" name=\"suite\" value=\"%s\" data-key=\"%u\" "
                 "aria-keyshortcuts=\"%u\" aria-pressed=\"%s\">%s <kbd>%u</kbd></button>\n",
                 conclusion_name(words[i].conclusion), i + 1, i + 1,
                 a->conclusion == words[i].conclusion ? "true" : "false",
                 html_say(h, words[i].french, words[i].english), i + 1);
    html_put(h, "</fieldset></form>\n");
}

/* Distress, threat: somebody comes on the line, and the numbers stand there. */
static void put_alert(struct html *h, const struct view_house *house)
{
    html_put(h, "<div class=\"alarm\">\n");
    console_form(h, house, DEED_ALERT);
    html_put(
        h,
        "<button type=\"submit\" data-key=\"A\" aria-keyshortcuts=\"A\">%s <kbd>A</kbd>"
        "</button></form>\n<p>%s</p>\n</div>\n",
        html_say(h, "Alerte" HTML_HARD ": appeler de l’aide", "Alert: call for help"),
        html_say(h,
                 "Détresse ou menace. On sonne chez un responsable, qui vous rejoint. Idées de "
                 "suicide" HTML_HARD ": 3114. Urgence de santé" HTML_HARD ": 15. Danger" HTML_HARD
                 ": 17.",
                 "Distress or threat. A supervisor is rung and joins you. Thoughts of suicide: "
                 "3114. Medical emergency: 15. Danger: 17."));
}

/* Hung up, and not ready yet: of whom the conclusion is. */
static void put_after(struct html *h, const struct view_house *house,
                      const struct acd_look_agent *a)
{
    const struct directory_service *service =
        a->talk_queue_id ? view_service(house, a->talk_queue_id) : NULL;
    html_put(h, "<p class=\"lead\">%s</p>\n<p>%s</p>\n", service_name(h, service, a->talk_queue_id),
             html_say(h,
                      "L’appel est terminé. Dites la suite donnée, puis «" HTML_HARD
                      "Disponible" HTML_HARD "»" HTML_HARD ": deux touches suffisent.",
                      "The call is over. Say what came of it, then “Free”: two keys are enough."));
}

/* Whoever listens is never hidden from the agent (ADR 50). */
static void put_listened(struct html *h, const struct view_house *house,
                         const struct acd_look_agent *a)
{
    static const char *const ways[LISTENING_N][2] = {
        [LISTENING_NONE] = {"", ""},
        [LISTENING_LISTEN] = {" écoute cet appel.", " listens to this call."},
        [LISTENING_WHISPER] = {" vous parle, à vous seul.", " speaks to you alone."},
        [LISTENING_JOIN] = {" parle avec vous deux.", " speaks with you both."}};
    struct acd_look_call call;
    bool has_call = acd_look_call_of_contact(house->acd, a->contact_id, &call);
    const struct view_listen *listen =
        has_call ? view_listen_of(&house->deeds, call.call_id) : NULL;
    html_put(h, "<p id=\"listened\" class=\"third\" role=\"status\">");
    if (listen) {
        const struct directory_agent *entry = view_agent_entry(house, listen->listener_id);
        html_put(h, "%s%s", entry ? entry->name : html_say(h, "Une responsable", "A supervisor"),
                 html_say(h, ways[listen->mode][0], ways[listen->mode][1]));
    }
    html_put(h, "</p>\n");
}

void console_call(struct html *h, const struct view_house *house,
                  const struct view_console *console, const struct acd_look_agent *a)
{
    bool has_talk =
        a->talk_contact_id && (a->state == AGENT_STATE_JOINED || a->state == AGENT_STATE_WRAP_UP);
    html_put(h, "<section id=\"call\" aria-labelledby=\"call-t\">\n<h2 id=\"call-t\">%s</h2>\n",
             html_say(h, "L’appel", "The call"));
    if (a->contact_id)
        put_card(h, house, console, a);
    else if (has_talk)
        put_after(h, house, a);
    else
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Personne pour l’instant. Quand vous êtes disponible, l’appel qui attend "
                          "depuis le plus longtemps sonne à votre téléphone, et s’affiche ici.",
                          "Nobody for now. When you are free, the call that has waited longest "
                          "rings at your telephone, and is shown here."));
    if (has_talk && a->state == AGENT_STATE_JOINED)
        put_listened(h, house, a);
    if (has_talk && a->state == AGENT_STATE_JOINED)
        console_talk(h, house, console, a);
    if (has_talk) {
        put_conclusion(h, house, a);
        console_slots(h, house, console);
        console_notes(h, house, console);
        console_note(h, house, console, a->talk_contact_id);
    }
    if (has_talk && a->state == AGENT_STATE_JOINED)
        put_alert(h, house);
    html_put(h, "</section>\n");
}
