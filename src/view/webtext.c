/* webtext.c — see webtext.h. Labels, hints tied to their fields, an error that has the focus and
 * says the cure (WCAG 2.1 1.3.5, 3.3.1 to 3.3.3). The sentences are the written twins of what
 * callers hear (voice-script §13). */
#include <string.h>

#include "view/frame.h"
#include "view/parts.h"
#include "view/webtext.h"

#define HERE "/ecrire"
#define BEFORE_TOLD_MAX 10
#define MINUTES_OF_HOUR 60
#define WEEK_MS ((ms_t)7 * 24 * 60 * 60 * 1000)
#define DAY_MS ((ms_t)24 * 60 * 60 * 1000)

/* ---- what is wrong ------------------------------------------------------------------------ */

static const struct {
    const char *french, *english;
    bool wants_phone;
} faults[VIEW_WEBTEXT_FAULTS] = {
    [VIEW_WEBTEXT_NO_SERVICE] = {"Choisissez le service auquel vous écrivez.",
                                 "Choose the service to which you write.", false},
    [VIEW_WEBTEXT_EMPTY] = {"Rien n’est écrit. Écrivez votre demande, puis envoyez.",
                            "Nothing is written. Write your request, then send it.", false},
    [VIEW_WEBTEXT_LONG] = {"Ce message est trop long" HTML_HARD ": 500 signes au plus. "
                           "Raccourcissez-le, ou envoyez-le en deux fois.",
                           "This message is too long: 500 signs at most. Shorten it, or send it in "
                           "two parts.",
                           false},
    [VIEW_WEBTEXT_LONG_NAME] = {"Ce prénom est trop long" HTML_HARD ": 30 signes au plus.",
                                "This first name is too long: 30 signs at most.", false},
    [VIEW_WEBTEXT_NO_NUMBER] = {"Ce numéro de téléphone n’en est pas un. Corrigez-le, ou laissez "
                                "la case vide.",
                                "This is no telephone number. Correct it, or leave the box empty.",
                                false},
    [VIEW_WEBTEXT_FULL] = {"Trop de messages attendent" HTML_HARD ": le vôtre n’est pas gardé. "
                           "Réessayez plus tard, ou téléphonez",
                           "Too many messages wait: yours is not kept. Try again later, or call",
                           true},
    [VIEW_WEBTEXT_ADDRESS] = {"Trop de messages viennent de cette connexion" HTML_HARD
                              ": le vôtre n’est pas gardé. Attendez une réponse, ou téléphonez",
                              "Too many messages come from this connection: yours is not kept. "
                              "Wait for an answer, or call",
                              true},
    [VIEW_WEBTEXT_MINUTE] = {"Vous avez envoyé plusieurs messages en une minute" HTML_HARD
                             ": celui-ci n’est pas gardé. Renvoyez-le dans une minute.",
                             "You have sent several messages within a minute: this one is not "
                             "kept. Send it again in a minute.",
                             false},
    [VIEW_WEBTEXT_OVER] = {"Cette demande est close, ou elle a trop de messages" HTML_HARD
                           ": celui-ci n’est pas gardé. Écrivez une autre demande, ou téléphonez",
                           "This request is closed, or has too many messages: this one is not "
                           "kept. Write another request, or call",
                           true},
    [VIEW_WEBTEXT_SYSTEM] = {"Panne de notre côté. Votre message n’est pas gardé pour l’instant. "
                             "Renvoyez-le" HTML_HARD
                             ": il ne comptera qu’une fois. Vous pouvez aussi téléphoner",
                             "Fault on our side. Your message is not kept for now. Send it again: "
                             "it counts once. You may also call",
                             true},
    [VIEW_WEBTEXT_ORIGIN] = {"Ce message ne vient pas de cette page" HTML_HARD
                             ": il n’est pas gardé. Vérifiez l’adresse, puis renvoyez-le.",
                             "This message does not come from this page: it is not kept. Check the "
                             "address, then send it again.",
                             false},
};

static const char *phone_of(const struct view_house *house)
{
    const struct directory *d = house->directory;
    return d && d->numbers_n ? d->numbers[0].shown : NULL;
}

static void put_fault(struct html *h, const struct view_house *house, enum view_webtext_fault fault)
{
    const char *phone = phone_of(house);
    if (fault == VIEW_WEBTEXT_WELL)
        return;
    html_put(h, "<p class=\"warning\" role=\"alert\" id=\"erreur\" tabindex=\"-1\" autofocus>%s",
             html_say(h, faults[fault].french, faults[fault].english));
    if (faults[fault].wants_phone && phone)
        html_put(h, " %s<span class=\"number\">%s</span>.", html_say(h, "au ", ""), phone);
    else if (faults[fault].wants_phone)
        html_put(h, ".");
    html_put(h, "</p>\n");
}

/* ---- the form ----------------------------------------------------------------------------- */

static void put_service(struct html *h, const struct directory_service *s, bool is_chosen)
{
    html_put(h,
             "<p class=\"choice\"><input type=\"radio\" name=\"service\" id=\"service-%s\" "
             "value=\"%s\" required",
             s->id, s->id);
    if (is_chosen)
        html_put(h, " checked");
    html_put(h, "><label for=\"service-%s\">%s", s->id, s->name);
    if (s->purpose[0])
        html_put(h, "<span class=\"note\">%s</span>", s->purpose);
    html_put(h, "</label></p>\n");
}

static void put_services(struct html *h, const struct directory *d,
                         const struct view_webtext_form *form)
{
    html_put(
        h, "<fieldset class=\"services\"><legend>%s</legend>\n",
        html_say(h, "À quel service écrivez-vous" HTML_THIN "?", "To which service do you write?"));
    for (uint32_t i = 0; i < d->services_n; i++)
        if (form->offered[i])
            put_service(h, &d->services[i], text_equal(text_of(d->services[i].id), form->service));
    html_put(h, "</fieldset>\n");
}

static void put_box(struct html *h, struct text typed, const char *label)
{
    html_put(h,
             "<p><label for=\"texte\">%s</label>\n"
             "<textarea id=\"texte\" name=\"texte\" rows=\"6\" maxlength=\"%u\" required "
             "aria-describedby=\"reste\">\n%.*s</textarea>\n"
             "<span class=\"note\" id=\"reste\" data-max=\"%u\">%u %s</span></p>\n",
             label, VIEW_WEBTEXT_SIGNS, (int)typed.n, typed.p, VIEW_WEBTEXT_SIGNS,
             VIEW_WEBTEXT_SIGNS, html_say(h, "signes au plus", "signs at most"));
}

static void put_person(struct html *h, const struct view_webtext_form *form)
{
    html_put(h,
             "<p><label for=\"prenom\">%s</label>\n<input id=\"prenom\" name=\"prenom\" "
             "type=\"text\" maxlength=\"%u\" autocomplete=\"given-name\" value=\"%.*s\"></p>\n",
             html_say(h, "Votre prénom (facultatif)", "Your first name (optional)"),
             VIEW_WEBTEXT_NAME, (int)form->name.n, form->name.p);
    html_put(h,
             "<p><label for=\"numero\">%s</label>\n<input id=\"numero\" name=\"numero\" "
             "type=\"tel\" maxlength=\"24\" autocomplete=\"tel\" value=\"%.*s\" "
             "aria-describedby=\"pourquoi\"><span class=\"note\" id=\"pourquoi\">%s</span></p>\n",
             html_say(h, "Votre téléphone (facultatif)", "Your telephone number (optional)"),
             (int)form->number.n, form->number.p,
             html_say(h, "Seulement si l’on peut vous appeler. La réponse se lit sur le site.",
                      "Only if you may be called. The answer is read on the site."));
}

/* Nobody is written to here: where to go instead. */
static void put_off(struct html *h, const struct view_house *house)
{
    const char *phone = phone_of(house);
    html_put(h, "<p class=\"lead\">%s",
             html_say(h, "On n’écrit pas à ce service par le site. Vous pouvez téléphoner",
                      "This service cannot be written to on the site. You can call"));
    if (phone)
        html_put(h, " %s<span class=\"number\">%s</span>", html_say(h, "au ", ""), phone);
    html_put(h, ".</p>\n");
}

static void put_form(struct html *h, const struct view_house *house,
                     const struct view_webtext_form *form)
{
    html_put(h, "<p class=\"lead\">%s%s%s</p>\n", html_say(h, "Bonjour. ", "Hello. "),
             house->directory->organisation.name,
             html_say(h, ". Écrivez votre demande, nous lisons.",
                      ". Write your request, we are reading."));
    html_put(h,
             "<form class=\"letter\" method=\"post\" action=\"" HERE "%s\">\n"
             "<input type=\"hidden\" name=\"cle\" value=\"%s\">\n",
             html_query(h), form->secret);
    put_services(h, house->directory, form);
    put_box(h, form->typed, html_say(h, "Votre demande", "Your request"));
    put_person(h, form);
    html_put(h, "<p><button type=\"submit\">%s</button></p>\n</form>\n",
             html_say(h, "Envoyer", "Send"));
    html_put(h, "<p class=\"note\">%s</p>\n",
             html_say(h,
                      "Une personne du service vous lit et vous répond. Ensuite s’ouvre une page "
                      "qui n’est qu’à vous" HTML_HARD ": gardez son adresse, la réponse s’y lit.",
                      "Somebody of the service reads and answers. Then a page of your own opens: "
                      "keep its address, the answer is read there."));
}

void view_webtext_form(struct html *h, const struct view_house *house,
                       const struct view_webtext_form *form)
{
    const struct view_frame frame = {
        .title = html_say(h, "Écrire à un service", "Write to a service"),
        .before = form->fault ? html_say(h, "Erreur" HTML_HARD ": ", "Error: ") : "",
        .here = HERE,
        .script = "ecrire.js",
        .kind = "ecrire"};
    view_frame_begin(h, house, &frame);
    put_fault(h, house, form->fault);
    if (form->offered && form->secret)
        put_form(h, house, form);
    else if (!form->fault)
        put_off(h, house);
    view_frame_end(h, house, &frame);
}

/* ---- the state, in words ------------------------------------------------------------------ */

static const char *const days[2][7] = {
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}};

/* « lundi », « lundi 28/12 » beyond a week. */
static void put_day(struct html *h, const struct view_house *house, ms_t at)
{
    const struct calendar_local local = calendar_local(house->zone, at);
    const struct civil date = calendar_date(local.day);
    html_put(h, "%s", days[h->is_english][calendar_weekday(local.day)]);
    if (at - house->now_at >= WEEK_MS)
        html_put(h, " %u/%u", (unsigned)date.day, (unsigned)date.month);
}

static void put_hour(struct html *h, const struct view_house *house, ms_t at)
{
    unsigned minute = (unsigned)calendar_local(house->zone, at).minute;
    unsigned hours = minute / MINUTES_OF_HOUR, rest = minute % MINUTES_OF_HOUR;
    if (h->is_english)
        html_put(h, "%u:%u%u", hours, rest / 10, rest % 10);
    else if (rest)
        html_put(h, "%u" HTML_HARD "h" HTML_HARD "%u%u", hours, rest / 10, rest % 10);
    else
        html_put(h, "%u" HTML_HARD "h", hours);
}

static void put_closed(struct html *h, const struct view_house *house, ms_t opens_at)
{
    if (opens_at == MS_NEVER) {
        html_put(h, "%s",
                 html_say(h, "Fermé. Votre message est gardé.", "Closed. Your message is kept."));
        return;
    }
    html_put(h, "%s", html_say(h, "Fermé. Ouverture ", "Closed. Opens "));
    put_day(h, house, opens_at);
    html_put(h, "%s", html_say(h, " à ", " "));
    put_hour(h, house, opens_at);
    html_put(
        h, "%s",
        html_say(h, ". Votre message est gardé, réponse ", ". Your message is kept; answer on "));
    put_day(h, house, opens_at);
    html_put(h, ".");
}

static void put_place(struct html *h, uint32_t before_n)
{
    html_put(h, "%s",
             html_say(h,
                      "Vous êtes dans la file. Vous gardez votre place même si la page se ferme.",
                      "You are in the queue. You keep your place even if this page closes."));
    if (!before_n)
        html_put(h, " %s",
                 html_say(h, "Vous êtes la prochaine personne.", "You are the next person."));
    else if (before_n <= BEFORE_TOLD_MAX)
        html_put(h, " %u" HTML_HARD "%s", before_n,
                 before_n == 1 ? html_say(h, "personne avant vous.", "person before you.")
                               : html_say(h, "personnes avant vous.", "people before you."));
}

/* {Prénom}: what stands before the first space. */
static void put_here(struct html *h, const char *agent)
{
    size_t n = agent ? strcspn(agent, " ") : 0;
    if (n)
        html_put(h, "%.*s %s", (int)n, agent, html_say(h, "vous répond.", "is here."));
    else
        html_put(h, "%s", html_say(h, "Une personne vous répond.", "Somebody is here."));
}

static void put_state(struct html *h, const struct view_house *house,
                      const struct view_webtext *page)
{
    html_put(h, "<p id=\"state\" class=\"lead\" role=\"status\" data-state=\"%u\">",
             (unsigned)page->state);
    switch (page->state) {
    case VIEW_WEBTEXT_TAKEN:
        put_here(h, page->agent);
        break;
    case VIEW_WEBTEXT_DONE:
        html_put(h, "%s", html_say(h, "C’est terminé.", "This is over."));
        break;
    case VIEW_WEBTEXT_WAITS:
        if (page->opens_at)
            put_closed(h, house, page->opens_at);
        else
            put_place(h, page->before_n);
        break;
    default:
        html_put(h, "%s", html_say(h, "Votre message est gardé.", "Your message is kept."));
    }
    html_put(h, "</p>\n");
}

/* ---- the page of one person --------------------------------------------------------------- */

void view_webtext_message(struct html *h, const struct view_house *house,
                          const struct view_text_message *m)
{
    char room[32];
    struct text_out at = {.p = room, .max = sizeof(room)};
    bool is_theirs = m->from == VIEW_TEXT_PERSON;
    view_put_time(&at, house, m->at);
    html_put(h, "<li class=\"%s\"><p class=\"from\">%s, %.*s</p><p class=\"words\">%.*s</p></li>\n",
             is_theirs ? "person" : "agent",
             is_theirs ? html_say(h, "Vous", "You") : html_say(h, "Le service", "The service"),
             (int)at.n, at.p, (int)m->utf8.n, m->utf8.p);
}

static void put_again(struct html *h, const struct view_webtext *page)
{
    html_put(h,
             "<form class=\"letter\" method=\"post\" action=\"" HERE "/%s%s\">\n"
             "<input type=\"hidden\" name=\"n\" value=\"%u\">\n",
             page->secret, html_query(h), page->texts_n);
    put_box(h, page->typed, html_say(h, "Écrire à nouveau", "Write again"));
    html_put(h, "<p><button type=\"submit\">%s</button></p>\n</form>\n",
             html_say(h, "Envoyer", "Send"));
    html_put(h,
             "<form method=\"post\" action=\"" HERE "/%s%s\"><p>"
             "<button class=\"second\" type=\"submit\" name=\"fin\" value=\"oui\">%s</button>"
             "</p></form>\n",
             page->secret, html_query(h), html_say(h, "J’ai terminé", "I have finished"));
}

static void put_done(struct html *h, const struct view_webtext *page)
{
    unsigned kept_n = (unsigned)(page->keep_ms / DAY_MS);
    html_put(h, "<p>%s <a href=\"" HERE "%s\">%s</a></p>\n",
             html_say(h, "Autre chose à demander" HTML_THIN "?", "Anything else to ask?"),
             html_query(h), html_say(h, "Écrire une autre demande", "Write another request"));
    if (kept_n)
        html_put(
            h, "<p class=\"note\">%s %u %s</p>\n",
            html_say(h, "Cette page se lit encore", "This page can be read for"), kept_n,
            html_say(
                h, kept_n > 1 ? "jours, puis elle est effacée." : "jour, puis elle est effacée.",
                kept_n > 1 ? "more days, then it is erased." : "more day, then it is erased."));
}

static void put_page(struct html *h, const struct view_house *house,
                     const struct view_webtext *page)
{
    const struct directory_service *service = view_service(house, page->queue_id);
    put_fault(h, house, page->fault);
    html_put(h, "<div id=\"live\">\n");
    put_state(h, house, page);
    if (service)
        html_put(h, "<p class=\"note\">%s %s</p>\n",
                 html_say(h, "Votre demande à" HTML_HARD ":", "Your request to:"), service->name);
    html_put(h, "<ol id=\"thread\" class=\"thread\" aria-live=\"polite\" aria-label=\"%s\">\n",
             html_say(h, "Ce qui a été écrit", "What was written"));
    page->messages(h, page->arg);
    html_put(h, "</ol>\n</div>\n");
    if (page->state == VIEW_WEBTEXT_DONE) {
        put_done(h, page);
        return;
    }
    html_put(h, "<p id=\"again\"><a href=\"" HERE "/%s%s\">%s</a></p>\n", page->secret,
             html_query(h),
             html_say(h, "Voir s’il y a une réponse", "See whether there is an answer"));
    put_again(h, page);
    html_put(h, "<p class=\"note\">%s</p>\n",
             html_say(h,
                      "Gardez l’adresse de cette page" HTML_HARD
                      ": la réponse ne se lit que là. Ne la montrez "
                      "à personne.",
                      "Keep the address of this page: the answer is only read here. Show it to "
                      "nobody."));
}

void view_webtext(struct html *h, const struct view_house *house, const struct view_webtext *page)
{
    char digits[VIEW_REFERENCE_BYTES], title[64], here[64];
    struct text pairs = view_reference(digits, page->reference, true);
    struct text_out title_out = {.p = title, .max = sizeof(title) - 1};
    struct text_out here_out = {.p = here, .max = sizeof(here) - 1};
    text_put(&title_out, text_of(html_say(h, "Votre demande ", "Your request ")));
    text_put(&title_out, pairs);
    title[title_out.n] = '\0';
    text_put(&here_out, TEXT(HERE "/"));
    text_put(&here_out, text_of(page->secret));
    here[here_out.n] = '\0';
    const struct view_frame frame = {
        .title = title,
        .before = page->fault ? html_say(h, "Erreur" HTML_HARD ": ", "Error: ") : "",
        .here = here,
        .script = "ecrire.js",
        .kind = "ecrire",
        .is_unlisted = true};
    view_frame_begin(h, house, &frame);
    put_page(h, house, page);
    view_frame_end(h, house, &frame);
}

void view_webtext_unknown(struct html *h, const struct view_house *house)
{
    const struct view_frame frame = {
        .title = html_say(h, "Aucune demande à cette adresse", "No request at this address"),
        .before = "",
        .here = HERE,
        .kind = "ecrire",
        .is_unlisted = true};
    view_frame_begin(h, house, &frame);
    html_put(h, "<p class=\"lead\">%s</p>\n<p><a href=\"" HERE "%s\">%s</a></p>\n",
             html_say(h,
                      "L’adresse n’est pas la bonne, ou la demande est effacée. Vérifiez "
                      "l’adresse, ou écrivez à nouveau.",
                      "The address is not right, or the request is erased. Check the address, or "
                      "write again."),
             html_query(h), html_say(h, "Écrire à un service", "Write to a service"));
    view_frame_end(h, house, &frame);
}
