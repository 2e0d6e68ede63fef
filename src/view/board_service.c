/* board_service.c — one service: how it goes, who helps, whether it is closed by hand; and the
 * forms of it. See board_pages.h, board_parts.h. */
#include "directory/directory.h"
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/frame.h"
#include "view/parts.h"

#define MINUTE_MS ((ms_t)60000)
#define HELP_MINUTES_MAX (ACD_HELP_MS_MAX / MINUTE_MS)

/* ---- parts of the pages behind the board --------------------------------------------------- */

bool board_may(const struct view_house *house)
{
    return house->who && house->rights && (house->rights->roles & RIGHTS_SUPERVISOR);
}

void board_at(struct html *h, const struct view_house *house, ms_t at)
{
    view_put_time(h->out, house, at); /* digits and words of ours */
}

void board_until(struct html *h, const struct view_house *house, ms_t until_at)
{
    if (until_at == calendar_instant(house->zone, house->today + 1, 0))
        html_put(h, "%s", html_say(h, "la fin du jour", "the end of the day"));
    else
        board_at(h, house, until_at);
}

void board_by(struct html *h, const struct view_accounts *accounts, uint64_t by_id)
{
    const char *name = by_id && accounts ? accounts->name(accounts->arg, by_id) : "";
    if (!by_id)
        html_put(h, "%s",
                 html_say(h, ", par un programme ou en ligne de commande",
                          ", by a program or the command line"));
    else if (*name)
        html_put(h, "%s%s", html_say(h, ", par ", ", by "), name);
    else
        html_put(h, "%s", html_say(h, ", par un compte", ", by an account"));
}

void board_page_begin(struct html *h, const struct view_house *house, const struct board_page *page)
{
    char here[96];
    struct text_out path = {.p = here, .max = sizeof(here) - 1};
    text_put(&path, text_of(page->path));
    text_put(&path, text_of(page->id));
    here[path.n] = '\0';
    const struct view_frame frame = {.title = page->title,
                                     .section = VIEW_SECTION_SUPERVISION,
                                     .script = "board.js",
                                     .here = here,
                                     .kind = "board one"};
    if (!page->is_fragment) {
        view_frame_begin(h, house, &frame);
        html_put(h, "<p><a href=\"/supervision%s\">%s</a></p>\n", html_query(h),
                 html_say(h, "← En ce moment", "← Now"));
        if (page->refusal)
            html_put(h, "<p class=\"warning\" role=\"alert\">%s</p>\n", page->refusal);
    }
    html_put(h, "<div id=\"live\" data-live=\"%s?part=main%s\" data-now=\"%lld\">\n", here,
             html_say(h, "&langue=fr", "&langue=en"), (long long)house->now_at);
}

void board_page_end(struct html *h, const struct view_house *house, const struct board_page *page)
{
    static const struct view_frame frame = {.kind = ""};
    html_put(h, "</div>\n");
    if (!page->is_fragment)
        view_frame_end(h, house, &frame);
}

void board_form(struct html *h, const struct view_house *house, const struct board_page *page,
                const char *deed)
{
    html_put(h, "<form class=\"deed\" method=\"post\" action=\"%s%s%s\">", page->path, page->id,
             html_query(h));
    view_frame_csrf(h, house);
    html_put(h, "<input type=\"hidden\" name=\"" VIEW_DEED_FIELD "\" value=\"%s\">\n", deed);
}

void board_tags(struct html *h, const struct view_house *house, const struct acd_look_queue *q,
                uint32_t slot)
{
    ms_t until_at = 0;
    for (uint32_t i = 0; i < q->helps_n; i++) {
        struct acd_look_help help = acd_look_help(house->acd, slot, i);
        until_at = help.until_at > until_at ? help.until_at : until_at;
    }
    if (until_at) {
        html_put(h, "<span class=\"tag\">%s", html_say(h, "aide jusqu’à ", "help until "));
        board_at(h, house, until_at);
        html_put(h, "</span>");
    }
    if (!q->is_shut)
        return;
    html_put(h, "<span class=\"tag\">%s", html_say(h, "fermé à la main", "closed by hand"));
    if (q->shut_until_at) {
        html_put(h, "%s", html_say(h, " jusqu’à ", " until "));
        board_at(h, house, q->shut_until_at);
    }
    html_put(h, "</span>");
}

/* ---- how it goes ---------------------------------------------------------------------------- */

static void put_since(struct html *h, const struct view_house *house, ms_t asked_at)
{
    html_put(h, "<div><dt>%s</dt><dd>", html_say(h, "depuis, au plus", "longest"));
    board_since(h, house, asked_at);
    html_put(h, "</dd></div>\n");
}

static void put_state(struct html *h, const struct view_house *house,
                      const struct acd_look_queue *q, const struct kpi_counts *day)
{
    html_put(h,
             "<section id=\"state\" aria-labelledby=\"state-t\">\n<h2 id=\"state-t\">%s</h2>\n"
             "<dl class=\"facts\">\n",
             html_say(h, "En ce moment", "Now"));
    board_fact(h, html_say(h, "attendent", "waiting"), q->waiting_n, q->waiting_n && !q->signed_n);
    put_since(h, house, q->asked_at);
    board_fact(h, html_say(h, "en poste", "at work"), q->signed_n,
               !q->signed_n && q->hours == HOURS_OPEN);
    board_fact(h, html_say(h, "disponibles", "free"), q->ready_n, false);
    html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>\n",
             html_say(h, "attente annoncée", "wait announced"), board_estimate(h, q));
    html_put(h, "<div><dt>%s</dt><dd>",
             html_say(h, "ont eu quelqu’un aujourd’hui", "reached somebody today"));
    board_rate(h, day);
    html_put(h, "</dd></div>\n");
    board_fact(h, html_say(h, "messages écrits", "written"), q->texts_n, false);
    html_put(h, "</dl>\n</section>\n");
}

/* ---- help ----------------------------------------------------------------------------------- */

static const char *site_name(const struct html *h, const struct view_house *house, uint32_t number)
{
    const struct directory *d = house->directory;
    for (uint32_t i = 0; number && i < d->sites_n; i++)
        if (d->sites[i].number == number)
            return d->sites[i].name;
    return number ? html_say(h, "un lieu inconnu", "an unknown site")
                  : html_say(h, "tous", "everybody");
}

/* As forms and orders name it; "": everybody's. */
static const char *site_id(const struct view_house *house, uint32_t number)
{
    const struct directory *d = house->directory;
    for (uint32_t i = 0; number && i < d->sites_n; i++)
        if (d->sites[i].number == number)
            return d->sites[i].id;
    return "";
}

/* Who asked; false: the fold of deeds does not know. */
static bool help_by(const struct view_house *house, uint32_t slot, uint32_t site_id, uint64_t *by)
{
    const struct view_queue_deeds *q = house->deeds.queues ? &house->deeds.queues[slot] : NULL;
    for (uint32_t i = 0; q && i < q->helps_n; i++) {
        if (q->helps[i].site_id != site_id)
            continue;
        *by = q->helps[i].by_id;
        return true;
    }
    return false;
}

static void put_helps(struct html *h, const struct view_house *house,
                      const struct view_board_one *one, const struct board_page *page)
{
    struct acd_look_queue q;
    uint64_t by = 0;
    (void)view_queue(house, one->slot, &q);
    for (uint32_t i = 0; i < q.helps_n; i++) {
        struct acd_look_help help = acd_look_help(house->acd, one->slot, i);
        html_put(h, "<li id=\"h%u\"><strong>%s%s</strong>%s", help.site_id,
                 html_say(h, "Pour ", "For "), site_name(h, house, help.site_id),
                 html_say(h, " jusqu’à ", " until "));
        board_at(h, house, help.until_at);
        if (help_by(house, one->slot, help.site_id, &by))
            board_by(h, one->accounts, by);
        if (board_may(house) && view_sees_all(house)) {
            html_put(h, "\n");
            board_form(h, house, page, VIEW_DEED_HELP_END);
            html_put(h,
                     "<input type=\"hidden\" name=\"" VIEW_FIELD_SITE "\" value=\"%s\">"
                     "<button type=\"submit\">%s</button></form>",
                     site_id(house, help.site_id), html_say(h, "Y mettre fin", "End it"));
        }
        html_put(h, "</li>\n");
    }
}

static void put_help_form(struct html *h, const struct view_house *house,
                          const struct board_page *page)
{
    const struct directory *d = house->directory;
    board_form(h, house, page, VIEW_DEED_HELP);
    html_put(h,
             "<p><label for=\"lieu\">%s</label> <select id=\"lieu\" name=\"" VIEW_FIELD_SITE
             "\"><option value=\"\">%s</option>",
             html_say(h, "Pour les usagers de", "For the people of"),
             html_say(h, "tous les lieux", "all sites"));
    for (uint32_t i = 0; i < d->sites_n; i++)
        html_put(h, "<option value=\"%s\">%s</option>", d->sites[i].id, d->sites[i].name);
    html_put(h,
             "</select></p>\n<p><label for=\"minutes\">%s</label> <input id=\"minutes\" name=\""
             "" VIEW_FIELD_MINUTES "\" type=\"number\" min=\"1\" max=\"%u\" value=\"%u\" required> "
             "min</p>\n<button type=\"submit\" data-key=\"A\" aria-keyshortcuts=\"A\">%s "
             "<kbd>A</kbd></button></form>\n",
             html_say(h, "Pendant", "During"), (unsigned)HELP_MINUTES_MAX,
             (unsigned)(d->help_ms / MINUTE_MS), html_say(h, "Demander de l’aide", "Ask for help"));
}

static void put_help(struct html *h, const struct view_house *house,
                     const struct view_board_one *one, const struct board_page *page)
{
    struct acd_look_queue q;
    (void)view_queue(house, one->slot, &q);
    html_put(h, "<section id=\"help\" aria-labelledby=\"help-t\">\n<h2 id=\"help-t\">%s</h2>\n",
             html_say(h, "Aide", "Help"));
    html_put(h, "<p class=\"empty\">%s</p>\n",
             html_say(h,
                      "Ouvre tout de suite le cercle suivant à qui attend et à qui "
                      "arrive" HTML_HARD
                      ": d’autres agents peuvent répondre. L’aide finit d’elle-même.",
                      "Opens the next ring at once, for who waits and who comes: more people may "
                      "answer. It ends by itself."));
    html_put(h, "<div role=\"status\">\n");
    if (q.helps_n) {
        html_put(h, "<ul class=\"stand\">\n");
        put_helps(h, house, one, page);
        html_put(h, "</ul>\n");
    }
    html_put(h, "</div>\n");
    if (board_may(house) && view_sees_all(house))
        put_help_form(h, house, page);
    html_put(h, "</section>\n");
}

/* ---- closed by hand ------------------------------------------------------------------------- */

static void put_shut(struct html *h, const struct view_house *house,
                     const struct view_board_one *one, const struct acd_look_queue *q)
{
    const struct view_queue_deeds *by =
        house->deeds.queues ? &house->deeds.queues[one->slot] : NULL;
    html_put(h, "<p role=\"status\"><strong>%s</strong>",
             html_say(h, "Fermé à la main", "Closed by hand"));
    if (by && by->queue_id == q->id && by->shut_at) {
        html_put(h, "%s", html_say(h, " depuis ", " since "));
        board_at(h, house, by->shut_at);
        board_by(h, one->accounts, by->shut_by_id);
    }
    if (q->shut_until_at) {
        html_put(h, "%s",
                 html_say(h, HTML_THIN "; rouvrira de lui-même à ", "; opens by itself at "));
        board_at(h, house, q->shut_until_at);
    } else {
        html_put(
            h, "%s",
            html_say(h, ", jusqu’à ce qu’une personne le rouvre", ", until a person opens it"));
    }
    html_put(h, ".</p>\n");
}

static void put_shut_form(struct html *h, const struct view_house *house,
                          const struct board_page *page)
{
    board_form(h, house, page, VIEW_DEED_SHUT);
    html_put(
        h,
        "<p><label for=\"jusqua\">%s</label> <input id=\"jusqua\" name=\"" VIEW_FIELD_UNTIL
        "\" type=\"time\" aria-describedby=\"jusqua-a\"> <span id=\"jusqua-a\" "
        "class=\"cure\">%s</span></p>\n"
        "<p class=\"tick\"><input id=\"confirme\" type=\"checkbox\" name=\"" VIEW_FIELD_CONFIRMED
        "\" value=\"oui\" required> <label for=\"confirme\">%s</label></p>\n"
        "<button type=\"submit\" class=\"grave\">%s</button></form>\n",
        html_say(h, "Jusqu’à", "Until"),
        html_say(h, "sans heure" HTML_HARD ": jusqu’à ce qu’une personne rouvre",
                 "without an hour: until a person opens it"),
        html_say(h,
                 "J’ai compris" HTML_HARD ": les appels refusés compteront comme refusés dans "
                 "les résultats publiés.",
                 "I understand: calls refused will count as turned away in the published "
                 "results."),
        html_say(h, "Fermer ce service maintenant", "Close this service now"));
}

static void put_closing(struct html *h, const struct view_house *house,
                        const struct view_board_one *one, const struct board_page *page)
{
    struct acd_look_queue q;
    bool may = board_may(house) && view_sees_all(house);
    (void)view_queue(house, one->slot, &q);
    html_put(
        h, "<section id=\"closing\" aria-labelledby=\"closing-t\">\n<h2 id=\"closing-t\">%s</h2>\n",
        html_say(h, "Fermer ou rouvrir", "Close or open"));
    if (q.is_shut)
        put_shut(h, house, one, &q);
    else
        html_put(
            h, "<p class=\"empty\">%s</p>\n",
            html_say(h,
                     "Les horaires publiés valent. Fermer à la main passe par-dessus" HTML_HARD
                     ": qui attend est prévenu et reste servi, les rappels promis sont tenus, "
                     "et chaque appel refusé pendant les horaires publiés compte comme refusé.",
                     "Published hours hold. Closing by hand goes over them: who waits is told "
                     "and still answered, promised calls are made, and each call refused "
                     "within published hours counts as turned away."));
    if (may && q.is_shut) {
        board_form(h, house, page, VIEW_DEED_REOPEN);
        html_put(h,
                 "<button type=\"submit\" data-key=\"R\" aria-keyshortcuts=\"R\">%s <kbd>R</kbd>"
                 "</button></form>\n",
                 html_say(h, "Rouvrir maintenant", "Open now"));
    } else if (may) {
        put_shut_form(h, house, page);
    }
    if (board_may(house) && !may)
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Demander de l’aide et fermer touchent toute la maison" HTML_HARD ": il "
                          "faut un compte qui la voit tout entière.",
                          "Asking for help and closing concern the whole house: it takes an "
                          "account that sees all of it."));
    html_put(h, "</section>\n");
}

/* ---- the page ------------------------------------------------------------------------------- */

void view_board_service(struct html *h, const struct view_house *house,
                        const struct view_board_one *one)
{
    static const struct kpi_counts none;
    const struct directory_service *service = &house->directory->services[one->index];
    const struct kpi_counts *day = house->queue_day ? &house->queue_day[one->slot] : &none;
    const struct board_page page = {.title = service->name,
                                    .path = VIEW_SERVICE_PATH,
                                    .id = service->id,
                                    .refusal = one->refusal,
                                    .is_fragment = one->is_fragment};
    struct acd_look_queue q;
    (void)view_queue(house, one->slot, &q);
    board_page_begin(h, house, &page);
    html_put(h, "<div class=\"columns\">\n");
    put_state(h, house, &q, day);
    board_lost(h, day);
    html_put(h, "</div>\n<div class=\"columns\">\n");
    put_help(h, house, one, &page);
    put_closing(h, house, one, &page);
    html_put(h, "</div>\n");
    board_page_end(h, house, &page);
}
