/* board_listen.c — listening to the conversation of an agent, from their page of the board: who
 * does, and the buttons of who may (ADR 50). See board_pages.h. What only the lines know (was the
 * person told, did they refuse) is told by the refusal. */
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/parts.h"

/* Who it is, and what they hear or say. */
static void put_who(struct html *h, const struct view_house *house,
                    const struct view_listen *listen)
{
    static const char *const words[LISTENING_N][2] = {
        [LISTENING_NONE] = {"", ""},
        [LISTENING_LISTEN] = {" écoute cet appel", " listens to this call"},
        [LISTENING_WHISPER] = {" écoute cet appel et parle à l’agent seul",
                               " listens and speaks to the agent alone"},
        [LISTENING_JOIN] = {" parle dans cet appel", " speaks in this call"}};
    const struct directory_agent *entry = view_agent_entry(house, listen->listener_id);
    html_put(h, "%s%s",
             entry && view_sees_names(house) ? entry->name
                                             : html_say(h, "Une responsable", "A supervisor"),
             html_say(h, words[listen->mode][0], words[listen->mode][1]));
}

static void put_deed(struct html *h, const struct view_house *house, const struct board_page *page,
                     const struct board_deed *deed)
{
    board_form(h, house, page, deed->name);
    html_put(h,
             "<input type=\"hidden\" name=\"" VIEW_FIELD_CONTACT "\" value=\"%llu\">"
             "<button type=\"submit\" data-key=\"%s\" aria-keyshortcuts=\"%s\">%s <kbd>%s</kbd>"
             "</button></form>\n",
             (unsigned long long)page->contact_id, deed->key, deed->key,
             html_say(h, deed->french, deed->english), deed->key);
}

static void put_deeds(struct html *h, const struct view_house *house, const struct board_page *page,
                      const struct view_listen *mine)
{
    static const struct {
        enum listening mode;
        struct board_deed deed;
    } deeds[] = {
        {LISTENING_LISTEN, {VIEW_DEED_LISTEN, "E", "Écouter", "Listen"}},
        {LISTENING_WHISPER,
         {VIEW_DEED_WHISPER, "A", "Parler à l’agent seul", "Speak to the agent alone"}},
        {LISTENING_JOIN, {VIEW_DEED_JOIN, "T", "Parler aux deux", "Speak to both"}},
        {LISTENING_NONE, {VIEW_DEED_UNLISTEN, "Q", "Ne plus écouter", "Listen no longer"}}};
    html_put(h, "<div class=\"deeds\">\n");
    for (unsigned i = 0; i < ARRAY_LEN(deeds); i++) {
        bool is_now = deeds[i].mode == (mine ? mine->mode : LISTENING_NONE);
        if (!is_now)
            put_deed(h, house, page, &deeds[i].deed);
    }
    html_put(h, "</div>\n");
}

/* Why there is no button, in words that say what to do. */
static const char *why_not(const struct html *h, const struct view_house *house,
                           const struct acd_look_agent *a)
{
    const struct directory_agent *me = view_me(house);
    const struct directory_service *service = a->queue_id ? view_service(house, a->queue_id) : NULL;
    if (a->state != AGENT_STATE_JOINED || !a->contact_id)
        return html_say(h, "Personne en conversation pour l’instant.",
                        "In no conversation for now.");
    if (service && !service->is_listened)
        return html_say(h,
                        "Ce service ne permet pas l’écoute" HTML_HARD ": l’administration peut "
                        "l’ouvrir, et l’appelant en est alors prévenu avant la file.",
                        "This service allows no listening: the administration may open it, and "
                        "callers are then told so before they wait.");
    if (!me || !directory_agent_listens(me))
        return html_say(h,
                        "Pour écouter, votre compte doit être lié à une personne responsable de "
                        "l’annuaire, avec une ligne d’ici.",
                        "To listen, your account must be that of a supervisor of the directory "
                        "with a line of ours.");
    if (me->number == a->id)
        return html_say(h, "C’est votre propre poste.", "That is you.");
    return NULL;
}

void board_listen(struct html *h, const struct view_house *house, const struct view_board_one *one,
                  const struct board_page *page)
{
    struct acd_look_agent a;
    struct acd_look_call call = {.call_id = 0};
    (void)acd_look_agent(house->acd, one->slot, &a);
    const char *why = why_not(h, house, &a);
    bool has_call = a.contact_id && acd_look_call_of_contact(house->acd, a.contact_id, &call);
    const struct view_listen *listen =
        has_call ? view_listen_of(&house->deeds, call.call_id) : NULL;
    const struct directory_agent *me = view_me(house);
    struct board_page mine = *page;
    mine.contact_id = a.contact_id;
    bool is_mine = listen && me && listen->listener_id == me->number;
    html_put(h,
             "<section id=\"listen\" aria-labelledby=\"listen-t\">\n<h2 id=\"listen-t\">%s</h2>\n"
             "<p role=\"status\">",
             html_say(h, "Écouter la conversation", "Listen to the conversation"));
    if (listen) {
        html_put(h, "<strong>");
        put_who(h, house, listen);
        html_put(h, ".</strong>");
    } else if (one->rings) {
        html_put(h, "<strong>%s</strong>",
                 html_say(h, "Votre téléphone sonne" HTML_HARD ": décrochez pour écouter.",
                          "Your telephone rings: pick up to listen."));
    }
    html_put(h, "</p>\n<p class=\"empty\">%s</p>\n",
             why && !is_mine
                 ? why
                 : html_say(h,
                            "Votre téléphone, ou votre casque sur la page «" HTML_HARD
                            "Mon poste" HTML_HARD "», sonne. L’agent l’entend dire et le lit sur "
                            "son écran. Qui n’a pas été prévenu, ou a refusé par la touche 7, "
                            "n’est pas écouté.",
                            "Your telephone rings, or your headset on the page “My post”. The "
                            "agent hears so and reads it. Who was not told, or refused by key 7, "
                            "is not listened to."));
    if (is_mine || (!why && !listen))
        put_deeds(h, house, &mine, is_mine ? listen : NULL);
    html_put(h, "</section>\n");
}
