/* board_alerts.c — what wants somebody now, in the order of what matters: an agent who called for
 * somebody, what is wrong with the house, people who wait where nobody is at work, promises that
 * are late or about to be. Called by board.c. Cost: a walk over services and calls. */
#include "event/band.h"
#include "view/board.h"
#include "view/board_pages.h"
#include "view/board_parts.h"
#include "view/frame.h"
#include "view/parts.h"
#include "view/words.h"

#define MINUTE_MS ((ms_t)60000)
/* A promise is about to be late so long before the instant that was announced. */
#define SOON_MS (5 * MINUTE_MS)

/* A button « Vu ». */
struct board_see {
    uint64_t id;
    const char *what; /* for who hears the button and not what stands before it */
    bool is_alarm, has_key, is_large;
};

/* ---- promises ------------------------------------------------------------------------------- */

/* The instant until which a call was announced; 0: none was, or nobody waits for it now. */
static ms_t announced_at(const struct acd_look_callback *c)
{
    const struct band_minutes minutes = band_minutes(c->band);
    bool has_end = minutes.until && minutes.until != BAND_MINUTES_MORE;
    return has_end && !c->not_before_at && !c->until_at ? c->asked_at + minutes.until * MINUTE_MS
                                                        : 0;
}

struct board_promises board_count_promises(const struct view_house *house)
{
    struct board_promises p = {0};
    struct acd_look_callback c;
    for (uint32_t i = 0; i < acd_look_calls_n(house->acd); i++) {
        if (!acd_look_callback(house->acd, i, &c) || !view_sees_queue(house, c.queue_id))
            continue;
        ms_t at = announced_at(&c);
        p.open_n++;
        p.waiting_n += c.is_due;
        p.late_n += at && house->now_at > at;
        p.soon_n += at && house->now_at <= at && house->now_at + SOON_MS > at;
    }
    return p;
}

static void put_promises(struct html *h, const struct view_house *house)
{
    const struct board_promises p = board_count_promises(house);
    if (p.late_n)
        html_put(h, "<li id=\"l-late\"><strong>%u%s</strong></li>\n", p.late_n,
                 p.late_n > 1
                     ? html_say(h, " rappels promis sont en retard", " promised calls are late")
                     : html_say(h, " rappel promis est en retard", " promised call is late"));
    if (p.soon_n)
        html_put(h, "<li id=\"l-soon\">%u%s</li>\n", p.soon_n,
                 p.soon_n > 1
                     ? html_say(h, " rappels promis seront en retard dans moins de 5\u00a0min",
                                " promised calls will be late within 5\u00a0min")
                     : html_say(h, " rappel promis sera en retard dans moins de 5\u00a0min",
                                " promised call will be late within 5\u00a0min"));
}

/* ---- agents who called for somebody --------------------------------------------------------- */

static bool is_of_day(const struct view_house *house, const struct view_alert *alert)
{
    return view_sees_agent(house, view_agent_entry(house, alert->agent_id)) &&
           house->now_at - alert->at < VIEW_ALERT_MS;
}

static const struct view_seen *seen_of(const struct view_house *house, uint64_t at)
{
    const struct view_seen *seen =
        house->deeds.seen ? &house->deeds.seen[at % VIEW_ALERTS_MAX] : NULL;
    return seen && seen->at ? seen : NULL;
}

static const char *name_of(const struct html *h, const struct view_house *house, uint32_t number)
{
    const struct directory_agent *entry = view_agent_entry(house, number);
    return entry && view_sees_names(house) ? entry->name : html_say(h, "un agent", "an agent");
}

/* For who may supervise: it goes when somebody has seen it, and not before. */
static void put_see(struct html *h, const struct view_house *house, const struct board_see *see)
{
    if (!board_may(house) || see->is_large)
        return;
    html_put(h, " <form class=\"see\" method=\"post\" action=\"" VIEW_ALERTS_PATH "/");
    if (see->is_alarm)
        html_put(h, "a");
    html_put(h, "%llu%s\">", (unsigned long long)see->id, html_query(h));
    view_frame_csrf(h, house);
    if (see->has_key)
        html_put(h,
                 "<button type=\"submit\" data-key=\"V\" aria-keyshortcuts=\"V\" "
                 "aria-label=\"%s%s\">%s <kbd>V</kbd></button></form>",
                 html_say(h, "Vu" HTML_HARD ": ", "Seen: "), see->what, html_say(h, "Vu", "Seen"));
    else
        html_put(h,
                 "<button type=\"submit\" class=\"second\" aria-label=\"%s%s\">%s</button></form>",
                 html_say(h, "Vu" HTML_HARD ": ", "Seen: "), see->what, html_say(h, "Vu", "Seen"));
}

static void put_alert(struct html *h, const struct view_house *house,
                      const struct view_alert *alert, const struct board_see *how)
{
    struct board_see see = *how;
    see.id = alert->id;
    see.what = name_of(h, house, alert->agent_id);
    html_put(h, "<li id=\"l%llu\" class=\"alert\"><strong>%s%s</strong>, ",
             (unsigned long long)alert->id, see.what,
             html_say(h, " appelle à l’aide pendant un appel", " calls for help during a call"));
    html_put(h, "%s", html_say(h, "il y a ", "since "));
    board_since(h, house, alert->at);
    if (alert->listener_id)
        html_put(h, "%s%s", html_say(h, HTML_HARD ": est venu ", ": came "),
                 name_of(h, house, alert->listener_id));
    put_see(h, house, &see);
    if (!alert->listener_id)
        html_put(h, "<br><span class=\"cure\">→ %s</span>",
                 html_say(h,
                          "Personne n’est encore venu" HTML_HARD ": l’écouter depuis sa page, ou "
                          "aller le voir.",
                          "Nobody has come yet: listen from their page, or go and see them."));
    html_put(h, "</li>\n");
}

/* Those that nobody has seen, the newest first: announced at once. */
static void put_alerts(struct html *h, const struct view_house *house,
                       const struct view_board *board)
{
    uint64_t n = house->deeds.alerts_n, first = n > VIEW_ALERTS_MAX ? n - VIEW_ALERTS_MAX : 0;
    struct board_see see = {.has_key = true, .is_large = board->is_large};
    html_put(h, "<div id=\"alerts\" role=\"alert\">");
    for (uint64_t i = n; i > first; i--) {
        const struct view_alert *alert = &house->deeds.alerts[(i - 1) % VIEW_ALERTS_MAX];
        if (!is_of_day(house, alert) || seen_of(house, i - 1))
            continue;
        html_put(h, see.has_key ? "<section class=\"health down\"><ul>\n" : "");
        put_alert(h, house, alert, &see);
        see.has_key = false;
    }
    html_put(h, see.has_key ? "</div>\n" : "</ul></section></div>\n");
}

/* ---- the list of the day -------------------------------------------------------------------- */

static void put_row(struct html *h, const struct view_house *house,
                    const struct view_board_alerts *page, uint64_t at)
{
    const struct view_alert *alert = &house->deeds.alerts[at % VIEW_ALERTS_MAX];
    const struct view_seen *seen = seen_of(house, at);
    html_put(h, "<tr id=\"r%llu\"><th scope=\"row\">", (unsigned long long)alert->id);
    board_at(h, house, alert->at);
    html_put(h, "</th><td>%s</td><td>%s</td><td>", name_of(h, house, alert->agent_id),
             alert->listener_id ? name_of(h, house, alert->listener_id)
                                : html_say(h, "personne", "nobody"));
    if (seen) {
        html_put(h, "%s", html_say(h, "à ", "at "));
        board_at(h, house, seen->at);
        board_by(h, page->accounts, seen->by_id);
    } else {
        html_put(h, "%s", html_say(h, "pas encore", "not yet"));
    }
    html_put(h, "</td></tr>\n");
}

void view_board_alerts(struct html *h, const struct view_house *house,
                       const struct view_board_alerts *page)
{
    const struct board_page whole = {.title = html_say(h, "Alertes du jour", "Alerts of the day"),
                                     .path = VIEW_ALERTS_PATH,
                                     .id = "",
                                     .is_fragment = page->is_fragment};
    uint64_t n = house->deeds.alerts_n, first = n > VIEW_ALERTS_MAX ? n - VIEW_ALERTS_MAX : 0;
    board_page_begin(h, house, &whole);
    html_put(h,
             "<section id=\"list\" aria-labelledby=\"list-t\">\n<h2 id=\"list-t\">%s</h2>\n"
             "<p class=\"empty\">%s</p>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"%s\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
             "</thead>\n<tbody>\n",
             html_say(h, "Appels à l’aide des agents", "Agents’ calls for help"),
             html_say(h,
                      "Ceux de vingt-quatre heures, trente-deux au plus, les plus récents d’abord. "
                      "Aucun ici" HTML_HARD ": personne n’a fait *9.",
                      "Those of twenty-four hours, thirty-two at most, the newest first. None: "
                      "nobody pressed *9."),
             html_say(h, "Les alertes, une par ligne", "The alerts, one a line"),
             html_say(h, "Quand", "When"), html_say(h, "Qui appelait", "Who called"),
             html_say(h, "Qui est venu", "Who came"), html_say(h, "Vu", "Seen"));
    for (uint64_t i = n; i > first; i--)
        if (is_of_day(house, &house->deeds.alerts[(i - 1) % VIEW_ALERTS_MAX]))
            put_row(h, house, page, i - 1);
    html_put(h, "</tbody></table></div>\n</section>\n");
    board_page_end(h, house, &whole);
}

/* ---- people who wait for nobody ------------------------------------------------------------- */

static unsigned each_empty(struct html *h, const struct view_house *house)
{
    struct acd_look_queue q;
    unsigned n = 0;
    for (uint32_t i = 0; i < acd_look_queues_n(house->acd); i++) {
        if (!view_queue(house, i, &q) || !view_sees_queue(house, q.id) || !q.waiting_n ||
            q.signed_n)
            continue;
        const struct directory_service *service = view_service(house, q.id);
        n++;
        if (!h)
            continue;
        html_put(h, "<li id=\"l-s%u\"><strong>%s</strong>%s", q.id,
                 service ? service->name : html_say(h, "service inconnu", "unknown service"),
                 html_say(h, HTML_HARD ": personne n’est en poste, ", ": nobody is at work, "));
        html_put(h, "%u%s<br><span class=\"cure\">→ %s</span></li>\n", q.waiting_n,
                 q.waiting_n > 1 ? html_say(h, " attendent.", " wait.")
                                 : html_say(h, " attend.", " waits."),
                 html_say(h, "Déplacer quelqu’un, ou demander de l’aide.",
                          "Move somebody, or ask for help."));
    }
    return n;
}

/* ---- the house ------------------------------------------------------------------------------ */

static void put_alarm(struct html *h, const struct view_house *house,
                      const struct view_board *board, enum view_alarm alarm)
{
    const struct view_seen *seen =
        house->deeds.alarms_seen ? &house->deeds.alarms_seen[alarm] : NULL;
    enum view_language language = h->is_english ? VIEW_ENGLISH : VIEW_FRENCH;
    struct view_sentence s = view_words_alarm(alarm, house->alarms, language);
    html_put(h, "<li id=\"l-a%u\"><strong>%s</strong>", (unsigned)alarm, s.what);
    if (s.why[0])
        html_put(h, " (%s)", s.why);
    html_put(h, "%s", html_say(h, ", depuis ", ", for "));
    board_since(h, house, house->alarms->since_at[alarm]);
    if (seen && seen->at) {
        html_put(h, "%s", html_say(h, ", vu à ", ", seen at "));
        board_at(h, house, seen->at);
        board_by(h, board->accounts, seen->by_id);
    } else {
        const struct board_see see = {
            .id = alarm, .what = s.what, .is_alarm = true, .is_large = board->is_large};
        put_see(h, house, &see);
    }
    html_put(h, "<br><span class=\"cure\">→ %s</span></li>\n", s.cure);
}

void board_alerts(struct html *h, const struct view_house *house, const struct view_board *board)
{
    static const char *const classes[] = {"well", "degraded", "down"};
    static const char *const words[][2] = {
        {"Tout va bien", "All is well"}, {"À surveiller", "To be watched"}, {"En panne", "Down"}};
    const struct board_promises p = board_count_promises(house);
    enum view_health health = view_words_health(house->alarms);
    bool is_any = each_empty(NULL, house) || p.late_n || p.soon_n;
    if (health == VIEW_WELL && is_any)
        health = VIEW_DEGRADED;
    put_alerts(h, house, board);
    html_put(h, "<section id=\"health\" class=\"health %s\" role=\"status\">\n<p>%s</p>\n",
             classes[health], html_say(h, words[health][0], words[health][1]));
    if (health != VIEW_WELL) {
        html_put(h, "<ul>\n");
        for (unsigned i = 0; i < VIEW_ALARM_N; i++)
            if (house->alarms->since_at[i])
                put_alarm(h, house, board, (enum view_alarm)i);
        each_empty(h, house);
        put_promises(h, house);
        html_put(h, "</ul>\n");
    }
    if (!board->is_large && house->who && house->deeds.alerts_n)
        html_put(h, "<p><a href=\"" VIEW_ALERTS_PATH "%s\">%s</a></p>\n", html_query(h),
                 html_say(h, "Alertes du jour", "Alerts of the day"));
    html_put(h, "</section>\n");
}
