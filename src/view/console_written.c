/* console_written.c — written contacts on the agent's screen: those that they have, with all that
 * was written, an answer that is looked at before it leaves; the next that waits, taken by a key.
 * Called by console.c and app/pages_console.c. */
#include "gsm/coding.h"
#include "view/board_parts.h"
#include "view/console_parts.h"
#include "view/parts.h"
#include "view/webtext.h"

/* ---- the thread --------------------------------------------------------------------------- */

void view_console_message(struct html *h, const struct view_house *house,
                          const struct view_text_message *m)
{
    static const struct {
        const char *kind, *french, *english;
    } froms[] = {[VIEW_TEXT_PERSON] = {"person", "La personne", "The person"},
                 [VIEW_TEXT_AGENT] = {"agent", "Nous", "We"},
                 [VIEW_TEXT_HOUSE] = {"auto", "Message automatique", "Automatic message"}};
    char room[32];
    struct text_out at = {.p = room, .max = sizeof(room)};
    view_put_time(&at, house, m->at);
    html_put(h, "<li class=\"%s\"><p class=\"from\">%s, %.*s", froms[m->from].kind,
             html_say(h, froms[m->from].french, froms[m->from].english), (int)at.n, at.p);
    if (m->words)
        html_put(h, " — %s", html_say(h, m->words, m->state));
    html_put(h, "</p><p class=\"words\">%.*s</p></li>\n", (int)m->utf8.n, m->utf8.p);
}

/* ---- an answer ---------------------------------------------------------------------------- */

/* What they will read, and whether it fits: one text message and no more (ADR 31). */
/* On the page there is no gateway, and no letter that it lacks. */
static void put_room(struct html *h, struct text typed)
{
    uint8_t octets[TEXTS_POST_BYTES * 2];
    size_t n = 0;
    bool is_good = gsm_wide(octets, sizeof(octets), &n, typed);
    html_put(h, "%u %s %u.", is_good ? (unsigned)n / 2 : 0, html_say(h, "signes sur", "signs of"),
             VIEW_WEBTEXT_SIGNS);
    if (!is_good || n / 2 > VIEW_WEBTEXT_SIGNS)
        html_put(h, " <strong>%s</strong>",
                 html_say(h, "Trop long" HTML_HARD ": raccourcissez.", "Too long: shorten it."));
}

static void put_preview(struct html *h, struct text typed, const struct view_text *t)
{
    struct gsm_size size;
    bool is_good = gsm_measure(&size, typed) && typed.n;
    bool is_wide = is_good && size.coding == GSM_CODING_UCS2;
    html_put(h,
             "<div class=\"preview\" id=\"preview-%u\" data-draft=\"answer-%u\" role=\"status\">"
             "<p class=\"from\">%s</p><p class=\"words\">%.*s</p>\n<p>",
             t->reference, t->reference,
             html_say(h, "La personne lira" HTML_HARD ":", "The person will read:"), (int)typed.n,
             typed.p);
    if (t->is_web) {
        put_room(h, typed);
        html_put(h, "</p></div>\n");
        return;
    }
    if (!is_good)
        html_put(h, "%s",
                 html_say(h, "Rien n’est écrit, ou un caractère ne peut pas partir par SMS.",
                          "Nothing is written, or a letter cannot go by text message."));
    else
        html_put(h, "%u %s %u%s %u SMS.", size.units, html_say(h, "signes sur", "signs of"),
                 is_wide ? GSM_WIDE_MAX : GSM_SEPTETS_MAX, html_say(h, ", soit", ":"),
                 size.segments);
    if (is_good && size.segments > 1)
        html_put(h, " <strong>%s</strong>",
                 html_say(h, "Trop long" HTML_HARD ": un seul SMS part. Raccourcissez.",
                          "Too long: only one message leaves. Shorten it."));
    if (is_wide)
        html_put(h, " %s",
                 html_say(h,
                          "Une lettre comme ê, œ ou l’apostrophe courbe ramène la limite à 70 "
                          "signes.",
                          "A letter such as ê, œ or a curly apostrophe brings the limit to 70."));
    html_put(h, "</p></div>\n");
}

static void put_answer(struct html *h, const struct view_house *house,
                       const struct view_console *console, const struct view_text *t)
{
    const struct view_draft *draft = console->draft;
    bool is_mine = draft && draft->reference == t->reference;
    struct text typed = is_mine ? draft->typed : TEXT_NONE;
    if (is_mine && draft->is_preview)
        put_preview(h, typed, t);
    console_form(h, house, DEED_TEXT_ANSWER);
    html_put(h,
             "<input type=\"hidden\" name=\"reference\" value=\"%u\">"
             "<label for=\"answer-%u\">%s <kbd>V</kbd></label>"
             "<textarea id=\"answer-%u\" name=\"texte\" rows=\"3\" data-key=\"V\" "
             "aria-keyshortcuts=\"V\" required>\n%.*s</textarea>\n<div class=\"deeds\">"
             "<button type=\"submit\" name=\"apercu\" value=\"oui\" class=\"second\">%s</button> "
             "<button type=\"submit\">%s</button></div></form>\n",
             t->reference, t->reference, html_say(h, "Votre réponse", "Your answer"), t->reference,
             (int)typed.n, typed.p, html_say(h, "Aperçu", "Preview"),
             t->is_web ? html_say(h, "Envoyer", "Send")
                       : html_say(h, "Envoyer par SMS", "Send as a text message"));
}

/* ---- one of theirs ------------------------------------------------------------------------ */

static void put_deed(struct html *h, const struct view_house *house, enum view_deed deed,
                     const struct view_text *t)
{
    bool is_close = deed == DEED_TEXT_CLOSE;
    console_form(h, house, deed);
    html_put(h,
             "<input type=\"hidden\" name=\"reference\" value=\"%u\">"
             "<button type=\"submit\" class=\"second\">%s</button></form>\n",
             t->reference,
             is_close ? html_say(h, "Terminer", "Close")
                      : html_say(h, "Rendre à la file", "Give it back"));
}

/* To whom it concerns; a directory of one service has nowhere to send it. */
static void put_move(struct html *h, const struct view_house *house, const struct view_text *t)
{
    const struct directory *d = house->directory;
    if (d->services_n < 2)
        return;
    console_form(h, house, DEED_TEXT_MOVE);
    html_put(h,
             "<input type=\"hidden\" name=\"reference\" value=\"%u\">"
             "<label for=\"service-%u\">%s <kbd>L</kbd></label> "
             "<select id=\"service-%u\" name=\"service\" data-key=\"L\" "
             "aria-keyshortcuts=\"L\" required><option value=\"\">%s</option>",
             t->reference, t->reference, html_say(h, "Un autre service", "Another service"),
             t->reference, html_say(h, "choisir…", "choose…"));
    for (uint32_t i = 0; i < d->services_n; i++)
        if (d->services[i].number != t->look.queue_id)
            html_put(h, "<option value=\"%s\">%s</option>", d->services[i].id, d->services[i].name);
    html_put(h, "</select> <button type=\"submit\" class=\"second\">%s</button></form>\n",
             html_say(h, "Lui passer ce message", "Send it there"));
}

static const char *state_of(const struct html *h, const struct acd_look_text *look)
{
    if (look->is_leaving)
        return html_say(h, "la réponse part", "the answer is leaving");
    if (look->is_unread)
        return html_say(h, "à lire", "to be read");
    return look->is_answered ? html_say(h, "répondu", "answered")
                             : html_say(h, "sans réponse", "not answered");
}

/* As it is dialled here: « 05 36 49 12 34 »; of another country as it is. */
static struct text number_of(char room[VIEW_NUMBER_BYTES], uint64_t e164)
{
    struct text_out out = {.p = room, .max = VIEW_NUMBER_BYTES};
    uint64_t national = e164 / 1000000000 == 33 ? e164 % 1000000000 : 0;
    if (!national)
        return view_number(room, e164, true);
    for (uint64_t scale = 100000000; scale; scale /= 100) {
        uint64_t two = national / scale % 100;
        text_put(&out, out.n ? TEXT(HTML_HARD) : TEXT_NONE);
        text_put(&out, two < 10 ? TEXT("0") : TEXT_NONE);
        text_put_number(&out, two);
    }
    return (struct text){room, out.n};
}

/* How they wrote, and what they said of themselves: nothing of it is proved. */
static void put_who(struct html *h, const struct view_text *t)
{
    char room[VIEW_NUMBER_BYTES];
    html_put(h, " · %s",
             t->is_web ? html_say(h, "par le site", "on the site")
                       : html_say(h, "par SMS", "by text message"));
    if (!t->is_web)
        return;
    html_put(h, "</p>\n<p>%s",
             *t->name ? t->name : html_say(h, "N’a pas donné de prénom", "Gave no first name"));
    if (t->e164) {
        struct text number = number_of(room, t->e164);
        html_put(h, " · %s %.*s", html_say(h, "à rappeler au", "may be called at"), (int)number.n,
                 number.p);
    }
}

static void put_text(struct html *h, const struct view_house *house,
                     const struct view_console *console, const struct view_text *t)
{
    char room[VIEW_REFERENCE_BYTES];
    const struct directory_service *service = view_service(house, t->look.queue_id);
    struct text digits = view_reference(room, t->reference, true);
    html_put(h,
             "<article id=\"text-%u\" aria-labelledby=\"text-%u-t\">\n<h3 id=\"text-%u-t\">%s "
             "%.*s</h3>\n<p>%s · %s · %s",
             t->reference, t->reference, t->reference, html_say(h, "Demande", "Request"),
             (int)digits.n, digits.p,
             service ? service->name : html_say(h, "service inconnu", "unknown service"),
             state_of(h, &t->look), html_say(h, "attend depuis ", "waits since "));
    board_since(h, house, t->look.place_at);
    put_who(h, t);
    html_put(h, "</p>\n<ol class=\"thread\">\n");
    if (console->messages)
        console->messages(h, t->look.contact_id, console->arg);
    html_put(h, "</ol>\n");
    put_answer(h, house, console, t);
    html_put(h, "<div class=\"deeds\">\n");
    put_deed(h, house, DEED_TEXT_CLOSE, t);
    put_deed(h, house, DEED_TEXT_BACK, t);
    put_move(h, house, t);
    html_put(h, "</div>\n</article>\n");
}

/* ---- all ---------------------------------------------------------------------------------- */

/* Of the queues that they serve. */
static uint32_t waiting_n(const struct view_house *house, const struct acd_look_agent *a)
{
    struct acd_look_queue q;
    uint32_t n = 0, agent = acd_look_agent_slot(house->acd, a->id);
    for (uint32_t i = 0; i < a->queues_n; i++) {
        uint32_t slot = acd_look_queue_slot(house->acd, acd_look_agent_queue(house->acd, agent, i));
        n += slot != SLOT_NONE && view_queue(house, slot, &q) ? q.texts_n : 0;
    }
    return n;
}

static void put_next(struct html *h, const struct view_house *house, const struct acd_look_agent *a)
{
    uint32_t n = waiting_n(house, a);
    bool is_free = a->state == AGENT_STATE_READY || a->state == AGENT_STATE_PAUSED ||
                   a->state == AGENT_STATE_WRAP_UP;
    html_put(h, "<p>");
    if (!n)
        html_put(h, "%s",
                 html_say(h, "Aucun message n’attend dans vos services.",
                          "No message waits in your services."));
    else
        html_put(h, "%u %s", n,
                 n == 1 ? html_say(h, "message attend.", "message waits.")
                        : html_say(h, "messages attendent.", "messages wait."));
    if (a->texts_n >= a->texts_max)
        html_put(h, " %s",
                 html_say(h, "Vous en avez autant que possible" HTML_HARD ": terminez-en un.",
                          "You have as many as you may: close one."));
    html_put(h, "</p>\n");
    if (!n || !is_free || a->texts_n >= a->texts_max)
        return;
    console_form(h, house, DEED_TEXT_TAKE);
    html_put(h,
             "<button type=\"submit\" data-key=\"E\" aria-keyshortcuts=\"E\">%s <kbd>E</kbd>"
             "</button></form>\n",
             html_say(h, "Prendre le premier", "Take the first"));
}

void console_written(struct html *h, const struct view_house *house,
                     const struct view_console *console, const struct acd_look_agent *a)
{
    if (!a->texts_max)
        return;
    html_put(h,
             "<section id=\"written\" aria-labelledby=\"written-t\">\n"
             "<h2 id=\"written-t\">%s</h2>\n",
             html_say(h, "Messages écrits", "Written messages"));
    for (unsigned i = 0; i < console->texts_n; i++)
        put_text(h, house, console, &console->texts[i]);
    put_next(h, house, a);
    html_put(h, "</section>\n");
}
