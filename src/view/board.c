/* board.c — see board.h. Cost: a walk over services, agents and calls. No ranking: names stand in
 * the order of the directory, and no figure is a person's. What moves with the clock is <time
 * data-since>, so that a quiet house sends nothing. */
#include "event/band.h"
#include "view/board.h"
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/frame.h"
#include "view/parts.h"
#include "view/words.h"

#define PATH "/supervision"

void board_since(struct html *h, const struct view_house *house, ms_t since_at)
{
    if (!since_at) {
        html_put(h, "—");
        return;
    }
    html_put(h, "<time class=\"since\" data-since=\"%lld\">", (long long)since_at);
    html_duration(h, view_since_ms(house, since_at));
    html_put(h, "</time>");
}

/* ---- services ----------------------------------------------------------------------------- */

const char *board_estimate(const struct html *h, const struct acd_look_queue *q)
{
    static const char *const english[BAND_N] = {
        [BAND_SILENT] = "—",
        [BAND_B0_2] = "under 2\u00a0min",
        [BAND_B2_5] = "2 to 5\u00a0min",
        [BAND_B5_10] = "5 to 10\u00a0min",
        [BAND_B10_15] = "10 to 15\u00a0min",
        [BAND_B10_20] = "10 to 20\u00a0min",
        [BAND_B15_30] = "15 to 30\u00a0min",
        [BAND_B30_60] = "30 to 60\u00a0min",
        [BAND_B60] = "over an hour",
        [BAND_UNKNOWN] = "unknown",
    };
    static const char *const closed[HOURS_N] = {
        [HOURS_OPEN] = "",
        [HOURS_CLOSED_PUBLISHED] = "closed",
        [HOURS_CLOSED_BY_PERSON] = "closed by hand",
    };
    if (q->hours != HOURS_OPEN)
        return html_say(h, view_words_hours(q->hours), closed[q->hours]);
    return html_say(h, view_words_band(q->band), english[q->band]);
}

void board_rate(struct html *h, const struct kpi_counts *c)
{
    struct kpi_rate rate = kpi_rate(c, KPI_AGENT);
    if (rate.ppm == KPI_NO_RATE) {
        html_put(h, "—");
        return;
    }
    html_number(h, rate.n);
    html_put(h, "%s", html_say(h, " sur ", " of "));
    html_number(h, rate.of);
    html_put(h, " (");
    html_tenths(h, kpi_tenths(rate.ppm));
    html_put(h, ")");
}

static void put_cell(struct html *h, uint64_t n, bool is_alert)
{
    html_put(h, "<td class=\"n%s%s\">", n ? "" : " zero", is_alert ? " alert" : "");
    html_number(h, n);
    html_put(h, "</td>");
}

static void put_service(struct html *h, const struct view_house *house, uint32_t slot,
                        bool is_linked)
{
    static const struct kpi_counts none;
    struct acd_look_queue q;
    if (!view_queue(house, slot, &q) || !view_sees_queue(house, q.id))
        return;
    const struct directory_service *service = view_service(house, q.id);
    html_put(h, "<tr id=\"s%u\"><th scope=\"row\">", q.id);
    if (service && is_linked)
        html_put(h, "<a href=\"" VIEW_SERVICE_PATH "%s%s\">%s</a>", service->id, html_query(h),
                 service->name);
    else
        html_put(h, "%s",
                 service ? service->name : html_say(h, "service inconnu", "unknown service"));
    board_tags(h, house, &q, slot);
    html_put(h, "</th>");
    put_cell(h, q.waiting_n, q.waiting_n && !q.signed_n);
    html_put(h, "<td class=\"n\">");
    board_since(h, house, q.asked_at);
    html_put(h, "</td>");
    put_cell(h, q.signed_n, !q.signed_n && q.hours == HOURS_OPEN);
    put_cell(h, q.ready_n, false);
    html_put(h, "<td>%s</td><td class=\"n\">", board_estimate(h, &q));
    board_rate(h, house->queue_day ? &house->queue_day[slot] : &none);
    html_put(h, "</td>");
    put_cell(h, q.texts_n, false);
    html_put(h, "</tr>\n");
}

static void put_services(struct html *h, const struct view_house *house, bool is_linked)
{
    static const char *const heads[][2] = {{"Attendent", "Waiting"},
                                           {"Depuis, au plus", "Longest"},
                                           {"En poste", "At work"},
                                           {"Disponibles", "Free"},
                                           {"Attente annoncée", "Wait announced"},
                                           {"Ont eu quelqu’un", "Reached somebody"},
                                           {"Messages écrits", "Written"}};
    html_put(h,
             "<section id=\"services\" aria-labelledby=\"services-t\">\n"
             "<h2 id=\"services-t\">%s</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"%s\"><table>\n<thead><tr><th scope=\"col\">%s</th>",
             html_say(h, "Par service", "By service"),
             html_say(h, "Tableau, qui défile s’il est trop large", "Table, scrolls when too wide"),
             html_say(h, "Service", "Service"));
    for (unsigned i = 0; i < ARRAY_LEN(heads); i++)
        html_put(h, "<th scope=\"col\">%s</th>", html_say(h, heads[i][0], heads[i][1]));
    html_put(h, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < acd_look_queues_n(house->acd); i++)
        put_service(h, house, i, is_linked);
    html_put(h, "</tbody></table></div>\n</section>\n");
}

/* ---- callbacks ---------------------------------------------------------------------------- */

void board_fact(struct html *h, const char *name, uint64_t n, bool is_alert)
{
    html_put(h, "<div%s><dt>%s</dt><dd>", is_alert ? " class=\"alert\"" : "", name);
    html_number(h, n);
    html_put(h, "</dd></div>\n");
}

static void put_promises(struct html *h, const struct view_house *house)
{
    const struct board_promises p = board_count_promises(house);
    const struct kpi_counts day = view_seen_day(house);
    html_put(h,
             "<section id=\"promises\" aria-labelledby=\"promises-t\">\n"
             "<h2 id=\"promises-t\">%s</h2>\n<dl class=\"facts\">\n",
             html_say(h, "Rappels promis", "Calls promised"));
    board_fact(h, html_say(h, "à faire", "to be made"), p.open_n, false);
    board_fact(h, html_say(h, "dont c’est le tour", "whose turn it is"), p.waiting_n, false);
    board_fact(h, html_say(h, "en retard sur l’annonce", "later than announced"), p.late_n,
               p.late_n);
    board_fact(h, html_say(h, "tenus aujourd’hui", "kept today"),
               day.calls[OUTCOME_CALLBACK_HONOURED], false);
    board_fact(h, html_say(h, "manqués aujourd’hui", "missed today"),
               day.calls[OUTCOME_CALLBACK_FAILED], false);
    html_put(h, "</dl>\n</section>\n");
}

/* ---- what was lost ------------------------------------------------------------------------ */

/* Who of them is still to be reached, for who may have them called back. */
static void put_unreached(struct html *h, const struct view_house *house)
{
    html_put(h,
             "<section id=\"unreached\" aria-labelledby=\"unreached-t\">\n"
             "<h2 id=\"unreached-t\">%s</h2>\n<p class=\"lead\">",
             html_say(h, "Jamais joints aujourd’hui", "Never reached today"));
    html_number(h, house->unreached_n);
    html_put(h, "%s</p>\n",
             house->unreached_n > 1 ? html_say(h, " personnes", " people")
                                    : html_say(h, " personne", " person"));
    html_put(h, "<p><a href=\"" VIEW_UNREACHED_PATH "%s\">%s</a></p>\n</section>\n", html_query(h),
             html_say(h, "Voir qui, et faire rappeler", "See who, and have them called back"));
}

void board_lost(struct html *h, const struct kpi_counts *day)
{
    static const struct {
        enum outcome outcome;
        const char *french, *english;
    } rows[] = {
        {OUTCOME_ABANDONED, "ont raccroché en attendant", "hung up while waiting"},
        {OUTCOME_ABANDONED_SHORT, "ont raccroché aussitôt", "hung up at once"},
        {OUTCOME_TURNED_AWAY, "refusés, ou personne en poste", "turned away, or nobody at work"},
        {OUTCOME_CUT_OFF, "coupés par notre faute", "cut off by us"},
        {OUTCOME_IVR_ABANDONED, "ont raccroché dans le menu", "hung up in the menu"},
        {OUTCOME_OUT_OF_HOURS, "hors horaires", "outside of hours"},
    };
    html_put(h,
             "<section id=\"lost\" aria-labelledby=\"lost-t\">\n<h2 id=\"lost-t\">%s</h2>\n"
             "<dl class=\"facts\">\n",
             html_say(h, "Appels perdus aujourd’hui", "Calls lost today"));
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        board_fact(h, html_say(h, rows[i].french, rows[i].english), day->calls[rows[i].outcome],
                   false);
    html_put(h, "</dl>\n<details><summary>%s</summary><p>%s</p></details>\n</section>\n",
             html_say(h, "Ce que veut dire chaque ligne", "What each line means"),
             html_say(h,
                      "En attendant" HTML_HARD ": la personne a raccroché alors que quelqu’un "
                      "était en poste. Aussitôt" HTML_HARD ": de même, dans les premières "
                      "secondes" HTML_THIN "; compté à part, jamais retiré. Refusé" HTML_HARD
                      ": pendant les horaires publiés, fermé à la main, débordé, ou personne en "
                      "poste de toute l’attente. Coupé par notre faute" HTML_HARD ": panne, ligne "
                      "perdue, ou nous avons raccroché aussitôt. Dans le menu" HTML_HARD ": avant "
                      "d’avoir demandé quelqu’un. Hors horaires" HTML_HARD ": ceux qui étaient "
                      "publiés avant le jour.",
                      "While waiting: the person hung up though somebody was at work. At once: the "
                      "same within the first seconds; counted apart, never left out. Turned away: "
                      "within published hours, closed by hand, overloaded, or nobody at work "
                      "during all of the wait. Cut off by us: a fault, a lost line, or we hung up "
                      "at once. In the menu: before asking for anybody. Outside of hours: those "
                      "that were published before the day."));
}

/* ---- lines to the operators --------------------------------------------------------------- */

static void put_trunk(struct html *h, const struct view_house *house, const struct vitals_trunk *t)
{
    uint32_t i =
        house->directory ? directory_trunk_find(house->directory, t->number) : DIRECTORY_NONE;
    uint32_t used = (uint32_t)t->calls_in_n + t->calls_out_n;
    if (i == DIRECTORY_NONE)
        return;
    html_put(h, "<div%s><dt>%s%s</dt><dd>%u",
             t->channels && used * 10 >= t->channels * 9u ? " class=\"alert\"" : "",
             house->directory->trunks[i].id,
             t->link == VITALS_LINK_DOWN ? html_say(h, " (ne répond pas)", " (does not answer)")
                                         : "",
             used);
    if (t->channels)
        html_put(h, " / %u", t->channels);
    html_put(h, "</dd></div>\n");
}

static void put_lines(struct html *h, const struct view_house *house)
{
    const struct vitals *v = house->vitals;
    html_put(h, "<section id=\"lines\" aria-labelledby=\"lines-t\">\n<h2 id=\"lines-t\">%s</h2>\n",
             html_say(h, "Lignes utilisées / louées", "Lines used / rented"));
    if (v->trunks_n) {
        html_put(h, "<dl class=\"facts\">\n");
        for (uint32_t i = 0; i < v->trunks_n && i < VITALS_TRUNKS_MAX; i++)
            put_trunk(h, house, &v->trunks[i]);
        html_put(h, "</dl>\n</section>\n");
        return;
    }
    html_put(h, "<p class=\"empty\">%s</p>\n</section>\n",
             html_say(h, "Aucun accès à un opérateur n’est déclaré dans l’annuaire.",
                      "The directory names no access to an operator."));
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void put_main(struct html *h, const struct view_house *house, const struct view_board *board)
{
    if (!house->is_ready) {
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Les chiffres sont recalculés depuis le journal" HTML_THIN
                          "; ils seront là dans un instant.",
                          "The figures are being recomputed from the journal; in a moment."));
        return;
    }
    if (house->is_simulated)
        html_put(h, "<p class=\"notice simulated\">%s</p>\n",
                 html_say(h,
                          "Simulation\u00a0: aucun de ces appels n’a eu lieu, personne "
                          "n’a attendu.",
                          "A simulation: none of these calls took place, nobody has waited."));
    board_alerts(h, house, board);
    board_reach(h, house);
    view_notice_line(h, house, !board->is_large && board_may(house) && view_sees_all(house));
    put_services(h, house, house->who && !board->is_large);
    html_put(h, "<div class=\"columns\">\n");
    const struct kpi_counts day = view_seen_day(house);
    put_promises(h, house);
    board_lost(h, &day);
    if (board_may(house) && view_sees_all(house) && !board->is_large)
        put_unreached(h, house);
    if (view_sees_all(house))
        put_lines(h, house);
    html_put(h, "</div>\n");
    if (!board->is_large)
        board_agents(h, house);
    if (view_sees_all(house))
        board_quarters(h, house);
}

void view_board(struct html *h, const struct view_house *house, const struct view_board *board)
{
    const struct view_frame frame = {
        .title = html_say(h, "En ce moment", "Now"),
        .section = VIEW_SECTION_SUPERVISION,
        .script = board->is_large ? "live.js" : "board.js",
        .here = PATH,
        .kind = board->is_large ? "board large" : "board",
    };
    if (!board->is_fragment)
        view_frame_begin(h, house, &frame);
    html_put(h, "<div id=\"live\" data-live=\"%s?part=main%s%s\" data-now=\"%lld\">\n", PATH,
             html_say(h, "&langue=fr", "&langue=en"), board->is_large ? "&ecran=grand" : "",
             (long long)house->now_at);
    put_main(h, house, board);
    html_put(h, "</div>\n");
    if (!board->is_fragment)
        view_frame_end(h, house, &frame);
}
