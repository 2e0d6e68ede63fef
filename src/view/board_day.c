/* board_day.c — the day on the board: is 85 % within reach, with its arithmetic; quarters of an
 * hour beside the same day a week ago, as a picture and as a table. Called by board.c. */
#include "view/board_parts.h"
#include "view/parts.h"
#include "view/projection.h"

#define WEEK_DAYS 7
#define BAR_W 10u
#define BAR_STEP 12u
#define CHART_H 120u
#define CHART_FOOT 18u
#define QUARTERS_PER_HOUR 4u
#define FIRST_HOUR 8u
#define LAST_HOUR 18u

/* ---- within reach ------------------------------------------------------------------------- */

static const char *const days[][2] = {{"lundi", "Monday"},       {"mardi", "Tuesday"},
                                      {"mercredi", "Wednesday"}, {"jeudi", "Thursday"},
                                      {"vendredi", "Friday"},    {"samedi", "Saturday"},
                                      {"dimanche", "Sunday"}};

static const char *weekday(const struct html *h, const struct view_house *house)
{
    unsigned day = calendar_weekday(house->today);
    return html_say(h, days[day][0], days[day][1]);
}

static void put_asked(struct html *h, uint64_t n)
{
    html_number(h, n);
    html_put(h, "%s",
             n > 1 ? html_say(h, " appels demandaient quelqu’un. ", " calls asked for somebody. ")
                   : html_say(h, " appel demandait quelqu’un. ", " call asked for somebody. "));
}

static void put_answered(struct html *h, uint64_t n)
{
    if (!n) {
        html_put(h, "%s", html_say(h, "Aucun n’a eu quelqu’un", "None reached somebody"));
        return;
    }
    html_number(h, n);
    html_put(h, "%s",
             n > 1 ? html_say(h, " ont eu quelqu’un", " reached somebody")
                   : html_say(h, " a eu quelqu’un", " reached somebody"));
}

static void put_sofar(struct html *h, const struct view_projection *p)
{
    html_put(h, "<p class=\"lead\">");
    if (!p->asked) {
        html_put(h, "%s</p>\n",
                 html_say(h, "Personne n’a encore demandé quelqu’un.",
                          "Nobody has asked for anybody yet."));
        return;
    }
    put_asked(h, p->asked);
    put_answered(h, p->answered);
    html_put(h, "%s<strong>", html_say(h, HTML_HARD ": ", ": "));
    html_tenths(h, kpi_tenths(kpi_ppm(p->answered, p->asked)));
    html_put(h, "</strong>.</p>\n");
}

static void put_needed(struct html *h, const struct view_projection *p)
{
    if (p->needed > 1)
        html_put(h, "%s%llu%s", html_say(h, "il faudrait que les ", "the next "),
                 (unsigned long long)p->needed,
                 html_say(h, " prochains appels aient tous quelqu’un",
                          " calls would all have to reach somebody"));
    else
        html_put(h, "%s",
                 html_say(h, "il faudrait que le prochain appel ait quelqu’un",
                          "the next call would have to reach somebody"));
}

static void put_expected(struct html *h, const struct view_house *house,
                         const struct view_projection *p)
{
    html_put(
        h, "%s%s%s%llu%s", html_say(h, "; ", "; last "), weekday(h, house),
        html_say(h, " dernier, ", ", "), (unsigned long long)p->expected,
        html_say(h,
                 p->expected > 1 ? " sont venus après cette heure" : " est venu après cette heure",
                 " came after this hour"));
}

static void put_reach(struct html *h, const struct view_house *house,
                      const struct view_projection *p)
{
    static const char *const heads[][2] = {
        [REACH_NONE] = {"", ""},
        [REACH_NOW] = {"L’objectif de 85\u202f% est atteint en ce moment.",
                       "The target of 85% is met at this moment."},
        [REACH_POSSIBLE] = {"85\u202f% est encore possible aujourd’hui\u00a0: ",
                            "85% is still possible today: "},
        [REACH_LOST] = {"85\u202f% n’est plus possible aujourd’hui\u00a0: ",
                        "85% is no longer possible today: "},
        [REACH_UNKNOWN] = {"Pour atteindre 85\u202f%, ", "To reach 85%, "}};
    static const char *const classes[] = {"", "now", "possible", "lost", "unknown"};
    if (p->reach == REACH_NONE)
        return;
    html_put(h, "<p class=\"reach %s\">%s", classes[p->reach],
             html_say(h, heads[p->reach][0], heads[p->reach][1]));
    if (p->reach != REACH_NOW)
        put_needed(h, p);
    if (p->reach == REACH_POSSIBLE || p->reach == REACH_LOST)
        put_expected(h, house, p);
    if (p->reach == REACH_LOST) {
        html_put(h, "%s", html_say(h, ", ce serait au mieux ", ", it would be "));
        html_tenths(h, p->best_tenths);
        html_put(h, "%s", html_say(h, "", " at best"));
    }
    html_put(h, "%s</p>\n", p->reach == REACH_NOW ? "" : ".");
}

void board_reach(struct html *h, const struct view_house *house)
{
    struct kpi_counts day = view_seen_day(house);
    struct view_projection p = view_projection(house, &day);
    html_put(h, "<section id=\"today\" aria-labelledby=\"today-t\">\n<h2 id=\"today-t\">%s</h2>\n",
             html_say(h, "Aujourd’hui", "Today"));
    put_sofar(h, &p);
    put_reach(h, house, &p);
    html_put(h, "<details><summary>%s</summary><p>%s</p></details>\n</section>\n",
             html_say(h, "Comment c’est compté", "How it is counted"),
             html_say(h,
                      "Un appel compte quand la personne a demandé quelqu’un pendant les horaires "
                      "publiés. Il a eu quelqu’un quand un agent a répondu et que les deux se sont "
                      "entendus, tout de suite ou par un rappel tenu le jour même. Rien n’est "
                      "retiré" HTML_HARD ": ni les abandons rapides, ni les appels refusés. Les "
                      "rappels promis ne comptent que lorsqu’on sait s’ils sont tenus.",
                      "A call counts when the person asked for somebody within published hours. It "
                      "reached somebody when an agent answered and both heard each other, at once "
                      "or by a callback kept the same day. Nothing is left out, neither quick "
                      "hang-ups nor calls turned away. Promised callbacks count once it is known "
                      "whether they were kept."));
}

/* ---- quarters of an hour ------------------------------------------------------------------ */

struct span {
    uint32_t from, until; /* quarters of the day */
    uint64_t most;
};

static uint64_t asked_in(const struct view_house *house, calendar_day day, uint32_t q)
{
    const struct kpi_counts *c = view_quarter(house, day, q);
    return c ? kpi_asked(c) : 0;
}

/* From 8 to 18 o'clock, or wider where somebody asked outside of that, on either day; by whole
 * hours, so that the picture stands still through the day. */
static struct span span_of(const struct view_house *house)
{
    struct span s = {FIRST_HOUR * QUARTERS_PER_HOUR, LAST_HOUR * QUARTERS_PER_HOUR, 0};
    for (uint32_t q = 0; q < VIEW_QUARTERS; q++) {
        uint64_t now = asked_in(house, house->today, q);
        uint64_t then = asked_in(house, house->today - WEEK_DAYS, q);
        uint64_t most = now > then ? now : then;
        if (!most)
            continue;
        uint32_t hour = q - q % QUARTERS_PER_HOUR;
        s.from = hour < s.from ? hour : s.from;
        s.until = hour + QUARTERS_PER_HOUR > s.until ? hour + QUARTERS_PER_HOUR : s.until;
        s.most = most > s.most ? most : s.most;
    }
    return s;
}

static uint32_t height_of(const struct span *s, uint64_t n)
{
    return (uint32_t)((n * CHART_H + s->most - 1) / s->most);
}

static void put_bar(struct html *h, const char *kind, uint32_t x, uint32_t height)
{
    if (height)
        html_put(h, "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\"/>", kind, x,
                 CHART_H - height, BAR_W, height);
}

static void put_picture(struct html *h, const struct view_house *house, const struct span *s)
{
    uint32_t width = (s->until - s->from) * BAR_STEP;
    html_put(h,
             "<svg class=\"chart\" viewBox=\"0 0 %u %u\" role=\"img\" "
             "aria-labelledby=\"quarters-t\" focusable=\"false\">\n",
             width, CHART_H + CHART_FOOT);
    for (uint32_t q = s->from; q < s->until; q++) {
        const struct kpi_counts *c = view_quarter(house, house->today, q);
        uint32_t x = (q - s->from) * BAR_STEP + 1;
        uint64_t then = asked_in(house, house->today - WEEK_DAYS, q);
        put_bar(h, "asked", x, height_of(s, c ? kpi_asked(c) : 0));
        put_bar(h, "reached", x, height_of(s, c ? kpi_answered(c) : 0));
        if (then)
            html_put(h, "<path class=\"then\" d=\"M%u %uh%u\"/>", x, CHART_H - height_of(s, then),
                     BAR_W);
        if (q % QUARTERS_PER_HOUR == 0)
            html_put(h, "<text x=\"%u\" y=\"%u\">%u" HTML_THIN "h</text>", x,
                     CHART_H + CHART_FOOT - 4, q / QUARTERS_PER_HOUR);
    }
    html_put(h, "</svg>\n");
}

static void put_table(struct html *h, const struct view_house *house, const struct span *s)
{
    html_put(h,
             "<details><summary>%s</summary>\n<table><thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
             "</thead>\n<tbody>\n",
             html_say(h, "Les mêmes chiffres en tableau", "The same figures as a table"),
             html_say(h, "De", "From"), html_say(h, "Demandaient quelqu’un", "Asked for somebody"),
             html_say(h, "Ont eu quelqu’un", "Reached somebody"),
             html_say(h, "Demandaient, il y a 7 jours", "Asked, 7 days ago"));
    for (uint32_t q = s->from; q < s->until; q++) {
        const struct kpi_counts *c = view_quarter(house, house->today, q);
        html_put(h,
                 "<tr><th scope=\"row\">%u" HTML_HARD "h" HTML_HARD "%s%u</th><td class=\"n\">%llu"
                 "</td><td class=\"n\">%llu</td><td class=\"n\">%llu</td></tr>\n",
                 q / QUARTERS_PER_HOUR, q % QUARTERS_PER_HOUR ? "" : "0",
                 q % QUARTERS_PER_HOUR * 15, (unsigned long long)(c ? kpi_asked(c) : 0),
                 (unsigned long long)(c ? kpi_answered(c) : 0),
                 (unsigned long long)asked_in(house, house->today - WEEK_DAYS, q));
    }
    html_put(h, "</tbody></table></details>\n");
}

void board_quarters(struct html *h, const struct view_house *house)
{
    struct span s = span_of(house);
    html_put(h,
             "<section id=\"quarters\" aria-labelledby=\"quarters-t\">\n"
             "<h2 id=\"quarters-t\">%s</h2>\n",
             html_say(h, "Appels par quart d’heure", "Calls by quarter of an hour"));
    if (!s.most) {
        html_put(h, "<p class=\"empty\">%s</p>\n</section>\n",
                 html_say(h,
                          "Le premier appel d’aujourd’hui fera ici la première barre" HTML_THIN
                          "; à côté, le même jour de la semaine dernière.",
                          "Today's first call makes the first bar here, beside the same day of "
                          "last week."));
        return;
    }
    html_put(h,
             "<ul class=\"legend\"><li class=\"reached\">%s</li><li class=\"asked\">%s</li>"
             "<li class=\"then\">%s %s</li></ul>\n",
             html_say(h, "ont eu quelqu’un", "reached somebody"),
             html_say(h, "demandaient quelqu’un", "asked for somebody"), weekday(h, house),
             html_say(h, "dernier", "of last week"));
    put_picture(h, house, &s);
    put_table(h, house, &s);
    html_put(h, "</section>\n");
}
