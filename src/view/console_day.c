/* console_day.c — who of their services is to be called today, and what the agent did today: seen
 * by that agent alone, compared with nobody. Called by console.c. */
#include "view/console_parts.h"
#include "view/parts.h"

/* ---- who is to be called ------------------------------------------------------------------ */

static void put_due(struct html *h, const struct view_house *house, const struct view_due *due)
{
    char room[32], digits[VIEW_REFERENCE_BYTES];
    struct text_out at = {.p = room, .max = sizeof(room)};
    const struct directory_service *service =
        due->queue_id ? view_service(house, due->queue_id) : NULL;
    struct text reference = view_reference(digits, due->reference, true);
    html_put(h, "<tr><td>");
    if (due->at)
        view_put_time(&at, house, due->at);
    html_put(h, "%.*s%s", (int)at.n, at.p, due->at ? "" : html_say(h, "à son tour", "in its turn"));
    html_put(h, "</td><td>%.*s</td><td>%s</td><td>", (int)reference.n, reference.p,
             service ? service->name : "—");
    if (due->is_slot)
        html_put(h, "%s", html_say(h, "heure choisie", "chosen time"));
    else
        html_put(h, "%s %u / %u", html_say(h, "essai", "attempt"), due->attempts_n + 1u,
                 due->attempts_max);
    html_put(h, "</td></tr>\n");
}

void console_due(struct html *h, const struct view_house *house, const struct view_console *console)
{
    html_put(h, "<section id=\"due\" aria-labelledby=\"due-t\">\n<h2 id=\"due-t\">%s</h2>\n",
             html_say(h, "Rappels promis aujourd’hui", "Calls promised for today"));
    if (!console->due_n) {
        html_put(h, "<p class=\"empty\">%s</p>\n</section>\n",
                 html_say(h,
                          "Aucun dans vos services. Un rappel promis se fait tout seul" HTML_HARD
                          ": votre téléphone sonne quand vient son tour.",
                          "None in your services. A promised call is made by itself: your "
                          "telephone rings when its turn comes."));
        return;
    }
    html_put(h,
             "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
             "<table class=\"listed\"><thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
             "</thead>\n<tbody>\n",
             html_say(h, "Liste des rappels", "List of calls"), html_say(h, "Quand", "When"),
             html_say(h, "Demande", "Request"), html_say(h, "Service", "Service"),
             html_say(h, "Où en est-on", "State"));
    for (unsigned i = 0; i < console->due_n; i++)
        put_due(h, house, &console->due[i]);
    html_put(h, "</tbody></table></div>\n");
    if (console->due_more_n)
        html_put(h, "<p>%s %u.</p>\n", html_say(h, "Et d’autres" HTML_HARD ":", "And others:"),
                 console->due_more_n);
    html_put(h, "</section>\n");
}

/* ---- the day of the agent ----------------------------------------------------------------- */

static void put_count(struct html *h, const char *words, uint32_t n)
{
    if (n)
        html_put(h, "<div><dt>%s</dt><dd>%u</dd></div>\n", words, n);
}

void console_day(struct html *h, const struct view_console *console)
{
    const struct view_workday *d = &console->day;
    const uint32_t *c = d->conclusions;
    html_put(h,
             "<section id=\"day\" aria-labelledby=\"day-t\">\n<h2 id=\"day-t\">%s</h2>\n"
             "<p class=\"cure\">%s</p>\n<dl class=\"facts\">\n"
             "<div><dt>%s</dt><dd>%u</dd></div>\n<div><dt>%s</dt><dd>",
             html_say(h, "Ma journée", "My day"),
             html_say(h, "Ces chiffres ne sont montrés qu’à vous.",
                      "These figures are shown to you alone."),
             html_say(h, "conversations", "conversations"), d->calls_n,
             html_say(h, "temps de conversation", "time in conversation"));
    html_duration(h, d->talk_ms);
    html_put(h, "</dd></div>\n");
    put_count(h, html_say(h, "réponses écrites", "written answers"), d->texts_n);
    put_count(h, html_say(h, "répondu", "answered"), c[CONCLUSION_ANSWERED]);
    put_count(h, html_say(h, "à rappeler", "to call back"), c[CONCLUSION_TO_CALL_BACK]);
    put_count(h, html_say(h, "passé à quelqu’un", "passed on"), c[CONCLUSION_PASSED_ON]);
    put_count(h, html_say(h, "rendez-vous", "appointment"), c[CONCLUSION_APPOINTMENT]);
    put_count(h, html_say(h, "orienté ailleurs", "directed elsewhere"), c[CONCLUSION_DIRECTED]);
    put_count(h, html_say(h, "pas compris", "not understood"), c[CONCLUSION_NOT_UNDERSTOOD]);
    html_put(h, "</dl>\n</section>\n");
}
