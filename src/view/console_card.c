/* console_card.c — who is on the line: how long they waited, what was promised, what they had
 * before; folded until they give a reference or a name, for a number is not a person (design §3.8).
 * Called by console_call.c. */
#include "directory/choice.h"
#include "view/board_parts.h"
#include "view/console_parts.h"
#include "view/parts.h"

/* One who waited longer is told that we know. */
#define LONG_WAIT_MS ((ms_t)5 * 60 * 1000)
#define MINUTE_MS 60000

/* Of one call, to the agent who has the person on the line. */
static const struct {
    const char *french, *english;
} outcomes[OUTCOME_N] = {
    [OUTCOME_ANSWERED] = {"répondu", "answered"},
    [OUTCOME_ABANDONED] = {"a raccroché en attendant", "hung up while waiting"},
    [OUTCOME_ABANDONED_SHORT] = {"a raccroché aussitôt", "hung up at once"},
    [OUTCOME_TURNED_AWAY] = {"n’a pu joindre personne", "could reach nobody"},
    [OUTCOME_CUT_OFF] = {"coupé par notre faute", "cut off by us"},
    [OUTCOME_CALLBACK_HONOURED] = {"rappelé", "called back"},
    [OUTCOME_CALLBACK_FAILED] = {"rappelé, sans joindre la personne", "called back in vain"},
    [OUTCOME_IVR_RESOLVED] = {"a entendu un message", "heard a message"},
    [OUTCOME_IVR_ABANDONED] = {"a raccroché au menu", "hung up in the menu"},
    [OUTCOME_OUT_OF_HOURS] = {"a appelé hors horaires", "called out of hours"},
    [OUTCOME_TEST] = {"essai", "test"},
};

/* ---- wait and promise --------------------------------------------------------------------- */

void console_wait(struct html *h, const struct view_house *house, ms_t asked_at, ms_t joined_at)
{
    ms_t wait_ms = joined_at - asked_at;
    html_put(h, "<div><dt>%s</dt><dd>",
             joined_at ? html_say(h, "a attendu", "waited")
                       : html_say(h, "attend quelqu’un depuis", "has waited for"));
    if (joined_at)
        html_duration(h, wait_ms);
    else
        board_since(h, house, asked_at);
    html_put(h, "</dd></div>\n");
}

/* Said by the agent, once they speak. */
void console_sorry(struct html *h, ms_t wait_ms)
{
    unsigned minutes = (unsigned)(wait_ms / MINUTE_MS);
    if (wait_ms < LONG_WAIT_MS)
        return;
    html_put(h, "<p class=\"say\">%s%u%s</p>\n",
             html_say(h, "«" HTML_HARD "Vous avez attendu ", "“You have waited "), minutes,
             html_say(h, " minutes, je vous prie de nous excuser." HTML_HARD "»",
                      " minutes, please excuse us.”"));
}

void console_promise(struct html *h, const struct view_house *house,
                     const struct acd_look_callback *back)
{
    char room[32];
    struct text_out at = {.p = room, .max = sizeof(room)};
    html_put(h, "<div><dt>%s</dt><dd>%u / %u</dd></div>\n",
             html_say(h, "rappel promis, essai", "promised call, attempt"), back->attempts_n + 1u,
             back->attempts_max);
    view_put_time(&at, house, back->asked_at ? back->asked_at : back->place_at);
    html_put(h, "<div><dt>%s</dt><dd>%.*s</dd></div>\n", html_say(h, "demandé à", "asked for at"),
             (int)at.n, at.p);
}

void console_way(struct html *h, const struct view_house *house, const struct view_way *way)
{
    static const char *const hows[MENU_LEFT_HOW_N][2] = {
        [MENU_LEFT_HOW_NO_KEY] = {"aucune touche", "no key"},
        [MENU_LEFT_HOW_CHOSEN] = {"", ""},
        [MENU_LEFT_HOW_PERSON] = {"une personne (touche 0)", "a person (key 0)"},
    };
    if (!way->is_known)
        return;
    html_put(h, "<div><dt>%s</dt><dd id=\"way\">",
             html_say(h, "choix au menu", "chosen in the menu"));
    for (unsigned i = 0; i < way->steps_n; i++) {
        const char *words = directory_choice_words(house->directory, way->flow, way->steps[i]);
        html_put(h, "%s%s", i ? " › " : "",
                 words ? words
                       : html_say(h, "un choix qui n’existe plus", "a choice that is no more"));
    }
    html_put(h, "%s%s</dd></div>\n", way->steps_n && way->how != MENU_LEFT_HOW_CHOSEN ? " › " : "",
             html_say(h, hows[way->how][0], hows[way->how][1]));
}

/* ---- what they had before ----------------------------------------------------------------- */

static void put_past_row(struct html *h, const struct view_house *house,
                         const struct view_past *row)
{
    static const char *const concluded[CONCLUSION_N][2] = {
        [CONCLUSION_NONE] = {"", ""},
        [CONCLUSION_ANSWERED] = {"répondu", "answered"},
        [CONCLUSION_TO_CALL_BACK] = {"à rappeler", "to call back"},
        [CONCLUSION_PASSED_ON] = {"passé à quelqu’un", "passed on"},
        [CONCLUSION_APPOINTMENT] = {"rendez-vous", "appointment"},
        [CONCLUSION_DIRECTED] = {"orienté ailleurs", "directed elsewhere"},
        [CONCLUSION_NOT_UNDERSTOOD] = {"pas compris", "not understood"},
    };
    char room[32];
    struct text_out at = {.p = room, .max = sizeof(room)};
    const struct directory_service *service =
        row->queue_id ? view_service(house, row->queue_id) : NULL;
    view_put_time(&at, house, row->at);
    html_put(h, "<tr><td>%.*s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n", (int)at.n, at.p,
             service ? service->name : "—",
             html_say(h, outcomes[row->outcome].french, outcomes[row->outcome].english),
             html_say(h, concluded[row->conclusion][0], concluded[row->conclusion][1]));
}

static void put_open(struct html *h, const struct view_house *house, const struct view_card *card)
{
    if (!card->past_n) {
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h, "C’est la première fois que ce numéro nous appelle.",
                          "This number calls us for the first time."));
        return;
    }
    html_put(h,
             "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"past-t\">"
             "<table id=\"past\" class=\"listed\"><caption id=\"past-t\">%s</caption><thead><tr>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
             html_say(h, "Ses derniers appels", "Their last calls"), html_say(h, "Quand", "When"),
             html_say(h, "Service", "Service"), html_say(h, "Ce qui s’est passé", "What happened"),
             html_say(h, "Suite donnée", "What came of it"));
    for (unsigned i = 0; i < card->past_n; i++)
        put_past_row(h, house, &card->past[i]);
    html_put(h, "</tbody></table></div>\n");
}

/* ---- folded ------------------------------------------------------------------------------- */

static void put_language(struct html *h)
{
    if (h->is_said)
        html_put(h, "<input type=\"hidden\" name=\"langue\" value=\"%s\">",
                 html_say(h, "fr", "en"));
}

static void put_folded(struct html *h, const struct view_card *card)
{
    html_put(
        h, "<p class=\"empty\">%s</p>\n",
        html_say(h,
                 "Le dossier reste plié jusqu’à ce que la personne donne sa référence ou son "
                 "nom" HTML_HARD ": un numéro n’est pas une personne.",
                 "The file stays folded until the person gives a reference or a name: a number "
                 "is not a person."));
    html_put(h,
             "<div class=\"deeds\">\n<form method=\"get\" action=\"" CONSOLE_PATH "\">"
             "<label for=\"reference\">%s <kbd>F</kbd></label> "
             "<input id=\"reference\" name=\"reference\" inputmode=\"numeric\" size=\"12\" "
             "autocomplete=\"off\" data-key=\"F\" aria-keyshortcuts=\"F\" required> ",
             html_say(h, "Référence", "Reference"));
    put_language(h);
    html_put(h,
             "<button type=\"submit\" class=\"second\">%s</button></form>\n"
             "<form method=\"get\" action=\"" CONSOLE_PATH "\">"
             "<input type=\"hidden\" name=\"nom\" value=\"%llu\">",
             html_say(h, "Ouvrir", "Open"), (unsigned long long)card->contact_id);
    put_language(h);
    html_put(h,
             "<button type=\"submit\" class=\"second\" data-key=\"N\" aria-keyshortcuts=\"N\">%s "
             "<kbd>N</kbd></button></form>\n</div>\n",
             html_say(h, "Son nom est donné", "The name was given"));
}

void console_card(struct html *h, const struct view_house *house, const struct view_card *card)
{
    html_put(h, "<div id=\"card\">\n");
    if (card->is_open)
        put_open(h, house, card);
    else
        put_folded(h, card);
    html_put(h, "</div>\n");
}
