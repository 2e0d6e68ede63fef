/* board_alerts.c — what wants somebody now, in the order of what matters: an agent who called for
 * somebody, what is wrong with the house, people who wait where nobody is at work, promises that
 * are late or about to be. Called by board.c. Cost: a walk over services and calls. */
#include "event/band.h"
#include "view/board.h"
#include "view/board_parts.h"
#include "view/parts.h"
#include "view/words.h"

#define MINUTE_MS ((ms_t)60000)
/* A promise is about to be late so long before the instant that was announced. */
#define SOON_MS (5 * MINUTE_MS)
/* An alert to which nobody came stays so long after its call. */
#define ALERT_MS (30 * MINUTE_MS)

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

/* While its call lasts, and for a while longer when nobody came; of whom who looks may see. */
static bool is_shown(const struct view_house *house, const struct view_alert *alert)
{
    struct acd_look_call call;
    bool is_live = acd_look_call_of(house->acd, alert->call_id, &call);
    return view_sees_agent(house, view_agent_entry(house, alert->agent_id)) &&
           (is_live || (!alert->listener_id && house->now_at - alert->at < ALERT_MS));
}

static const char *name_of(const struct html *h, const struct view_house *house, uint32_t number)
{
    const struct directory_agent *entry = view_agent_entry(house, number);
    return entry && view_sees_names(house) ? entry->name : html_say(h, "un agent", "an agent");
}

static void put_alert(struct html *h, const struct view_house *house,
                      const struct view_alert *alert)
{
    html_put(h, "<li id=\"l%llu\" class=\"alert\"><strong>%s%s</strong>, ",
             (unsigned long long)alert->id, name_of(h, house, alert->agent_id),
             html_say(h, " appelle à l’aide pendant un appel", " calls for help during a call"));
    html_put(h, "%s", html_say(h, "depuis ", "for "));
    board_since(h, house, alert->at);
    if (alert->listener_id)
        html_put(h, "%s%s</li>\n", html_say(h, HTML_HARD ": y est ", ": there is "),
                 name_of(h, house, alert->listener_id));
    else
        html_put(h, "<br><span class=\"cure\">→ %s</span></li>\n",
                 html_say(h,
                          "Personne n’est encore venu" HTML_HARD ": l’écouter depuis sa page, ou "
                          "aller le voir.",
                          "Nobody has come yet: listen from their page, or go and see them."));
}

/* The newest first; how many. */
static unsigned each_alert(struct html *h, const struct view_house *house)
{
    uint64_t n = house->deeds.alerts_n, first = n > VIEW_ALERTS_MAX ? n - VIEW_ALERTS_MAX : 0;
    unsigned shown_n = 0;
    for (uint64_t i = n; i > first; i--) {
        const struct view_alert *alert = &house->deeds.alerts[(i - 1) % VIEW_ALERTS_MAX];
        if (!is_shown(house, alert))
            continue;
        shown_n++;
        if (h)
            put_alert(h, house, alert);
    }
    return shown_n;
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

static void put_alarm(struct html *h, const struct view_house *house, enum view_alarm alarm)
{
    enum view_language language = h->is_english ? VIEW_ENGLISH : VIEW_FRENCH;
    struct view_sentence s = view_words_alarm(alarm, house->alarms, language);
    html_put(h, "<li id=\"l-a%u\"><strong>%s</strong>", (unsigned)alarm, s.what);
    if (s.why[0])
        html_put(h, " (%s)", s.why);
    html_put(h, "%s", html_say(h, ", depuis ", ", for "));
    board_since(h, house, house->alarms->since_at[alarm]);
    html_put(h, "<br><span class=\"cure\">→ %s</span></li>\n", s.cure);
}

void board_alerts(struct html *h, const struct view_house *house)
{
    static const char *const classes[] = {"well", "degraded", "down"};
    static const char *const words[][2] = {
        {"Tout va bien", "All is well"}, {"À surveiller", "To be watched"}, {"En panne", "Down"}};
    const struct board_promises p = board_count_promises(house);
    enum view_health health = view_words_health(house->alarms);
    bool is_any = each_alert(NULL, house) || each_empty(NULL, house) || p.late_n || p.soon_n;
    if (health == VIEW_WELL && is_any)
        health = VIEW_DEGRADED;
    html_put(h, "<section id=\"health\" class=\"health %s\" role=\"status\">\n<p>%s</p>\n",
             classes[health], html_say(h, words[health][0], words[health][1]));
    if (health != VIEW_WELL) {
        html_put(h, "<ul>\n");
        each_alert(h, house);
        for (unsigned i = 0; i < VIEW_ALARM_N; i++)
            if (house->alarms->since_at[i])
                put_alarm(h, house, (enum view_alarm)i);
        each_empty(h, house);
        put_promises(h, house);
        html_put(h, "</ul>\n");
    }
    html_put(h, "</section>\n");
}
