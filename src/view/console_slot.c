/* console_slot.c — a half hour in which the person is called, chosen with them: those that are
 * free, by day; or the one that was agreed on, with the words to read out (voice-script §5
 * cb.done.slot, cb.ref, cb.proof). Called by console_call.c and console.c. */
#include "base/civil.h"
#include "directory/number.h"
#include "view/console_parts.h"
#include "view/parts.h"

#define MINUTES_PER_HOUR 60u
#define HALF_MINUTES 30u
#define FRENCH_CODE 33u
#define FRENCH_DIGITS 1000000000u /* past them */
#define MASKED_DIGITS 10000u

/* ---- words -------------------------------------------------------------------------------- */

static const char *const weekdays[][2] = {{"lundi", "Monday"},       {"mardi", "Tuesday"},
                                          {"mercredi", "Wednesday"}, {"jeudi", "Thursday"},
                                          {"vendredi", "Friday"},    {"samedi", "Saturday"},
                                          {"dimanche", "Sunday"}};
static const char *const months[][2] = {
    {"janvier", "January"}, {"février", "February"},  {"mars", "March"},
    {"avril", "April"},     {"mai", "May"},           {"juin", "June"},
    {"juillet", "July"},    {"août", "August"},       {"septembre", "September"},
    {"octobre", "October"}, {"novembre", "November"}, {"décembre", "December"}};

/* « jeudi 26 novembre » */
static void put_day(struct html *h, calendar_day day)
{
    const struct civil date = calendar_date(day);
    const char *const *weekday = weekdays[calendar_weekday(day)];
    const char *const *month = months[date.month - 1];
    html_put(h, "%s %u%s" HTML_HARD "%s", html_say(h, weekday[0], weekday[1]), date.day,
             date.day == 1 ? html_say(h, "er", "") : "", html_say(h, month[0], month[1]));
}

/* « 10 h », « 10 h 30 »; 10:00, 10:30 */
static void put_hour(struct html *h, unsigned minute)
{
    unsigned hour = minute / MINUTES_PER_HOUR, rest = minute % MINUTES_PER_HOUR;
    html_put(h, "%u%s", hour, html_say(h, HTML_HARD "h", ":"));
    if (rest || h->is_english)
        html_put(h, "%s%u%u", html_say(h, HTML_HARD, ""), rest / 10, rest % 10);
}

static void put_half(struct html *h, const struct view_slots *s, ms_t at)
{
    unsigned minute = calendar_local(s->zone, at).minute;
    html_put(h, "%s", html_say(h, "entre ", "between "));
    put_hour(h, minute);
    html_put(h, "%s", html_say(h, " et ", " and "));
    put_hour(h, minute + HALF_MINUTES);
}

/* « jeudi 26 novembre entre 10 h et 10 h 30 » */
static void put_slot(struct html *h, const struct view_slots *s, ms_t at)
{
    put_day(h, calendar_local(s->zone, at).day);
    html_put(h, " ");
    put_half(h, s, at);
}

/* « 05 36 49 xx xx »: enough to recognise it. */
static void put_masked(struct html *h, uint64_t e164)
{
    uint64_t rest = e164 - (uint64_t)FRENCH_CODE * FRENCH_DIGITS;
    char room[VIEW_NUMBER_BYTES];
    if (e164 / FRENCH_DIGITS == FRENCH_CODE) {
        unsigned shown = (unsigned)(rest / MASKED_DIGITS);
        html_put(h, "0%u" HTML_HARD "%u%u" HTML_HARD "%u%u" HTML_HARD "xx" HTML_HARD "xx",
                 shown / 10000, shown / 1000 % 10, shown / 100 % 10, shown / 10 % 10, shown % 10);
        return;
    }
    struct text number = view_number(room, e164, false);
    html_put(h, "%.*s", (int)number.n, number.p);
}

static void put_reference(struct html *h, const struct view_slots *s)
{
    char room[VIEW_REFERENCE_BYTES];
    struct text reference = view_reference(room, s->reference, true);
    html_put(h, "%.*s", (int)reference.n, reference.p);
}

/* ---- agreed ------------------------------------------------------------------------------- */

void console_agreed(struct html *h, const struct view_console *console)
{
    const struct view_slots *s = console->slots;
    if (!s || s->state != VIEW_SLOTS_AGREED)
        return;
    html_put(h, "<p class=\"notice\" role=\"status\">%s",
             html_say(h, "C’est noté. Rappel ", "It is noted. Callback on "));
    put_slot(h, s, s->agreed_at);
    html_put(h, "%s", html_say(h, ". Référence ", ". Reference "));
    put_reference(h, s);
    html_put(h, ".</p>\n");
}

static void put_read_out(struct html *h, const struct view_slots *s)
{
    html_put(h, "<p class=\"say\">%s",
             html_say(h, "«" HTML_HARD "C’est noté. Nous vous rappellerons ",
                      "“It is noted. We will call you back on "));
    put_slot(h, s, s->agreed_at);
    html_put(h, "%s",
             html_say(h, ". Votre numéro de demande est le ", ". Your request number is "));
    put_reference(h, s);
    html_put(h, "%s</p>\n",
             html_say(h,
                      ". La personne qui vous rappellera vous dira ce numéro. Sinon, "
                      "raccrochez" HTML_HARD ": ce n’est pas nous." HTML_HARD "»",
                      ". The person who calls you back will tell you this number. If not, hang "
                      "up: it is not us.”"));
}

static void put_agreed(struct html *h, const struct view_house *house, const struct view_slots *s)
{
    html_put(h, "<div id=\"agreed\" class=\"agreed\">\n<h3 id=\"agreed-t\">%s</h3>\n<p>",
             html_say(h, "Rappel convenu", "Agreed callback"));
    put_slot(h, s, s->agreed_at);
    html_put(h, "%s", html_say(h, ", au ", ", on "));
    put_masked(h, s->e164);
    html_put(h, "%s", html_say(h, ". Référence ", ". Reference "));
    put_reference(h, s);
    html_put(h, ".%s%s</p>\n",
             s->is_discreet ? html_say(h, " Discret" HTML_HARD ": ni service ni sujet.",
                                       " Discreet: neither service nor subject.")
                            : "",
             s->is_texted ? html_say(h, " Un SMS le confirme, sauf si la personne n’en veut pas.",
                                     " A text message confirms it, unless they want none.")
                          : "");
    if (!s->is_after)
        put_read_out(h, s);
    console_form(h, house, DEED_UNSLOT);
    html_put(h,
             "<input type=\"hidden\" name=\"demande\" value=\"%llu\">"
             "<button type=\"submit\" class=\"second\">%s</button></form>\n</div>\n",
             (unsigned long long)s->contact_id,
             html_say(h, "Annuler ce rappel", "Cancel this callback"));
}

/* ---- free --------------------------------------------------------------------------------- */

static void put_choice(struct html *h, const struct view_slots *s, ms_t at)
{
    unsigned minute = calendar_local(s->zone, at).minute;
    html_put(h,
             "<label id=\"slot-%lld\"><input type=\"radio\" name=\"creneau\" value=\"%lld\" "
             "required%s> ",
             (long long)at, (long long)at, at == s->picked_at ? " checked" : "");
    put_hour(h, minute);
    html_put(h, "%s", html_say(h, " à ", " to "));
    put_hour(h, minute + HALF_MINUTES);
    html_put(h, "</label>\n");
}

/* One day folds: a house that is open round the clock has forty-seven of them in each. */
static void put_day_of(struct html *h, const struct view_house *house, const struct view_slots *s,
                       const struct view_slot_day *of)
{
    calendar_day today = calendar_local(s->zone, house->now_at).day;
    calendar_day day = calendar_local(s->zone, of->at[0]).day;
    html_put(h, "<summary id=\"day-%lld\">", (long long)day);
    if (day <= today + 1)
        html_put(h, "%s",
                 day == today ? html_say(h, "aujourd’hui, ", "today, ")
                              : html_say(h, "demain, ", "tomorrow, "));
    put_day(h, day);
    html_put(h, "</summary>\n<fieldset class=\"halves\" aria-labelledby=\"day-%lld\">\n",
             (long long)day);
    for (unsigned n = 0; n < of->n; n++)
        put_choice(h, s, of->at[n]);
    html_put(h, "</fieldset>\n");
}

/* The first is open, and the one that was asked for in vain. */
static void put_days(struct html *h, const struct view_house *house, const struct view_slots *s)
{
    calendar_day picked = s->picked_at ? calendar_local(s->zone, s->picked_at).day : INT32_MIN;
    bool is_first = true;
    for (unsigned i = 0; i < VIEW_SLOT_DAYS; i++) {
        if (!s->days[i].n)
            continue;
        calendar_day day = calendar_local(s->zone, s->days[i].at[0]).day;
        html_put(h, "<details id=\"slots-%lld\"%s>", (long long)day,
                 is_first || day == picked ? " open" : "");
        put_day_of(h, house, s, &s->days[i]);
        html_put(h, "</details>\n");
        is_first = false;
    }
}

/* Their own number is taken, unless another is typed; of who withheld it, one must be. */
static void put_number(struct html *h, const struct view_slots *s)
{
    html_put(h, "<p id=\"slot-number\">");
    if (s->e164) {
        html_put(h, "%s", html_say(h, "On appellera le ", "The number to be called is "));
        put_masked(h, s->e164);
        html_put(h, ".");
    } else {
        html_put(h, "%s",
                 html_say(h, "Son numéro n’est pas connu" HTML_HARD ": demandez-le.",
                          "Their number is not known: ask for it."));
    }
    html_put(h,
             "</p>\n<div class=\"deeds\"><label for=\"slot-other\">%s</label> "
             "<input id=\"slot-other\" name=\"numero\" inputmode=\"tel\" size=\"14\" "
             "maxlength=\"32\" autocomplete=\"off\"%s></div>\n",
             s->e164 ? html_say(h, "ou un autre numéro", "or another number")
                     : html_say(h, "numéro à appeler", "number to be called"),
             s->e164 ? "" : " required");
    html_put(h,
             "<p><label id=\"slot-discreet\"><input type=\"checkbox\" name=\"discret\" "
             "value=\"oui\"> %s</label></p>\n",
             html_say(h, "Rappel discret" HTML_HARD ": ni service ni sujet n’est dit d’abord",
                      "Discreet: neither service nor subject is said first"));
}

static void put_form(struct html *h, const struct view_house *house, const struct view_slots *s)
{
    console_form(h, house, DEED_SLOT);
    html_put(h, "<input type=\"hidden\" name=\"demande\" value=\"%llu\">\n",
             (unsigned long long)s->contact_id);
    put_days(h, house, s);
    put_number(h, s);
    html_put(h, "<button type=\"submit\">%s</button></form>\n",
             html_say(h, "Noter ce rappel", "Note this callback"));
}

static void put_empty(struct html *h, enum view_slots_state state)
{
    html_put(h, "<p class=\"empty\">%s</p>\n",
             state == VIEW_SLOTS_OFF
                 ? html_say(h,
                            "Ce service ne rappelle pas à une heure choisie. Qui règle "
                            "l’accueil l’ouvre par gate.callbacks et callback.slots.",
                            "This service calls nobody at a chosen time. Who runs the house "
                            "opens it by gate.callbacks and callback.slots.")
                 : html_say(h,
                            "Aucune demi-heure n’est libre d’ici cinq jours. Écrivez une note et "
                            "donnez la suite «" HTML_HARD "à rappeler" HTML_HARD
                            "», ou proposez le guichet.",
                            "No half hour is free within five days. Write a note and say “to "
                            "call back”, or name the desk."));
}

void console_slots(struct html *h, const struct view_house *house,
                   const struct view_console *console)
{
    const struct view_slots *s = console->slots;
    if (!s || s->state == VIEW_SLOTS_HIDDEN)
        return;
    if (s->state == VIEW_SLOTS_AGREED) {
        put_agreed(h, house, s);
        return;
    }
    html_put(h,
             "<details id=\"slots\" class=\"slots\"%s><summary data-key=\"B\" "
             "aria-keyshortcuts=\"B\">%s <kbd>B</kbd></summary>\n",
             s->picked_at ? " open" : "",
             html_say(h, "Rappeler à une heure convenue", "Call back at an agreed time"));
    if (s->state == VIEW_SLOTS_FREE && s->days_n)
        put_form(h, house, s);
    else
        put_empty(h, s->state);
    html_put(h, "</details>\n");
}
