/* admin_parts.c — what the pages of the administration share: their places, what became of a
 * change, the end of a form. Called by view/admin*.c. */
#include "view/admin.h"
#include "view/frame.h"

static void put_place(struct html *h, const char *page, const char *here, const char *name)
{
    bool is_here = text_equal(text_of(page), text_of(here));
    html_put(h, "<li><a href=\"/administration%s%s%s\"", *page ? "/" : "", page, html_query(h));
    if (is_here)
        html_put(h, " aria-current=\"page\"");
    html_put(h, ">%s</a></li>\n", name);
}

static void put_places(struct html *h, const char *here)
{
    html_put(h, "<nav class=\"places\" aria-label=\"%s\"><ul>\n",
             html_say(h, "Administration", "Administration"));
    put_place(h, "", here, html_say(h, "Vue d’ensemble", "Overview"));
    for (unsigned i = 0; i < view_lists_n; i++)
        put_place(h, view_lists[i].page, here,
                  html_say(h, view_lists[i].french, view_lists[i].english));
    put_place(h, "fiches", here, html_say(h, "Fiches", "Answer sheets"));
    put_place(h, "phrases", here, html_say(h, "Phrases", "Sentences"));
    put_place(h, "sms", here, html_say(h, "SMS", "Text messages"));
    put_place(h, "conservation", here, html_say(h, "Conservation", "Retention"));
    put_place(h, "fichiers", here, html_say(h, "Fichiers", "Files"));
    put_place(h, "historique", here, html_say(h, "Historique", "History"));
    put_place(h, "comptes", here, html_say(h, "Comptes et journal", "Accounts and log"));
    html_put(h, "</ul></nav>\n");
}

static const char *script_of(const char *page)
{
    if (text_equal(text_of(page), TEXT("operateurs")))
        return "trials.js";
    return text_equal(text_of(page), TEXT("phrases")) ? "record.js" : "keys.js";
}

void view_admin_begin(struct html *h, const struct view_house *house, const char *title,
                      const char *page)
{
    const struct view_frame frame = {.title = title,
                                     .before = "",
                                     .section = VIEW_SECTION_ADMINISTRATION,
                                     .script = script_of(page),
                                     .here = "",
                                     .kind = "admin"};
    view_frame_begin(h, house, &frame);
    put_places(h, page);
}

void view_admin_end(struct html *h, const struct view_house *house)
{
    const struct view_frame frame = {.section = VIEW_SECTION_ADMINISTRATION};
    view_frame_end(h, house, &frame);
}

void view_admin_instant(struct html *h, const struct view_house *house, ms_t at)
{
    const struct calendar_local local = calendar_local(house->zone, at);
    const struct civil day = calendar_date(local.day);
    unsigned minute = local.minute;
    if (h->is_english)
        html_put(h, "%u/%u/%u, %u:%u%u", day.day, day.month, (unsigned)day.year, minute / 60,
                 minute % 60 / 10, minute % 10);
    else
        html_put(h, "%u/%u/%u à %u" HTML_HARD "h" HTML_HARD "%u%u", day.day, day.month,
                 (unsigned)day.year, minute / 60, minute % 60 / 10, minute % 10);
}

/* ---- a change -------------------------------------------------------------------------------- */

static void put_mistakes(struct html *h, const struct files_told *told)
{
    html_put(h, "<ul>\n");
    for (unsigned i = 0; i < told->n; i++) {
        const struct files_mistake *m = &told->mistakes[i];
        html_put(h, "<li>%s", m->file);
        if (m->line)
            html_put(h, ", %s %u", html_say(h, "ligne", "line"), m->line);
        if (m->file[0])
            html_put(h, HTML_HARD ": ");
        html_put(h, "%s<br><span class=\"cure\">→ %s</span></li>\n", m->what, m->cure);
    }
    if (told->more_n)
        html_put(h, "<li>+%u</li>\n", told->more_n);
    html_put(h, "</ul>\n");
}

static const char *sentence(struct html *h, const struct files_told *told)
{
    switch (told->state) {
    case FILES_TRIED:
        return html_say(h, "Tout est juste. Rien n’est changé tant que vous n’avez pas enregistré.",
                        "All of it is right. Nothing is changed until you save.");
    case FILES_REFUSED:
        return html_say(h, "Rien n’a changé" HTML_HARD ": les réglages d’avant restent en vigueur.",
                        "Nothing has changed: the settings of before are still in force.");
    default:
        return html_say(h,
                        "La réponse n’est pas venue à temps. Regardez l’historique avant de "
                        "recommencer.",
                        "The answer did not come in time. Look at the history before you do it "
                        "again.");
    }
}

void view_admin_told(struct html *h, const struct view_admin *a)
{
    bool is_wrong = a->told && a->told->state != FILES_TRIED;
    if (a->told) {
        html_put(h, "<div class=\"%s\" role=\"alert\" tabindex=\"-1\" autofocus><p>%s</p>\n",
                 is_wrong ? "warning" : "notice", sentence(h, a->told));
        if (a->told->n)
            put_mistakes(h, a->told);
        html_put(h, "</div>\n");
    }
    if (a->done) {
        html_put(h, "<p class=\"notice\" role=\"status\">%s ",
                 html_say(h, "C’est en vigueur, et noté dans l’historique" HTML_HARD ":",
                          "It is in force, and stands in the history:"));
        html_put(h, "<a href=\"/administration/version?n=%u\">%s %u</a>.</p>\n", a->done,
                 html_say(h, "version", "version"), a->done);
    }
    if (a->is_same)
        html_put(h, "<p class=\"notice\" role=\"status\">%s</p>\n",
                 html_say(h, "Rien n’était à changer.", "There was nothing to change."));
}

void view_admin_buttons(struct html *h, const char *note, bool may_remove)
{
    html_put(h,
             "<p><label for=\"note\">%s</label>\n<input id=\"note\" name=\"note\" type=\"text\" "
             "maxlength=\"100\" value=\"%s\"></p>\n<p class=\"deeds\">\n"
             "<button name=\"faire\" value=\"enregistrer\">%s</button>\n"
             "<button class=\"plain\" name=\"faire\" value=\"essayer\">%s</button>\n",
             html_say(h, "Pourquoi ce changement (facultatif, pour l’historique)",
                      "Why this change (optional, for the history)"),
             note, html_say(h, "Enregistrer et mettre en vigueur", "Save and put in force"),
             html_say(h, "Vérifier seulement", "Check only"));
    if (may_remove)
        html_put(h, "<button class=\"plain\" name=\"faire\" value=\"retirer\">%s</button>\n",
                 html_say(h, "Retirer", "Remove"));
    html_put(
        h, "</p>\n<p class=\"empty\">%s</p>\n",
        html_say(h,
                 "Tout est vérifié avant d’être écrit. Les appels en cours ne sont pas coupés. "
                 "L’historique permet de revenir en arrière.",
                 "All is checked before it is written. Calls in course go on. The history "
                 "lets you go back."));
}

const char *view_admin_who(struct html *h, const struct view_admin *a, uint64_t account_id,
                           struct account *room)
{
    if (!account_id)
        return html_say(h, "sur la machine", "on the machine");
    if (a->accounts && a->accounts->by_id &&
        !a->accounts->by_id(a->accounts->arg, account_id, room))
        return room->name;
    return html_say(h, "un compte retiré depuis", "an account removed since");
}
