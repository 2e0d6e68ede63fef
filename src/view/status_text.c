/* status_text.c — what `decroche status` prints: a calm page in French.
 * Called by app/pages.c for Accept: text/plain. Cost: a walk over queues and agents.
 * French typography: a no-break space before the colon, narrow ones before % and in thousands. */
#include "gsm/fault.h"
#include "view/api.h"
#include "view/parts.h"
#include "view/words.h"

#define SECOND_MS 1000
#define SECONDS_PER_DAY 86400
#define THIN "\u202f"
#define HARD "\u00a0"
#define TEXT_BYTES 96
#define NAME_WIDTH 32

/* A cell being written, so that its width is known before it is put. */
struct cell {
    char bytes[TEXT_BYTES];
    struct text_out out;
};

static void cell_open(struct cell *c)
{
    c->out = (struct text_out){.p = c->bytes, .max = sizeof(c->bytes)};
}

static void pad(struct text_out *out, unsigned n)
{
    while (n-- > 0)
        text_put(out, TEXT(" "));
}

/* The first n characters; a longer text ends in "…". */
static void put_left(struct text_out *out, struct text t, unsigned n)
{
    unsigned all = view_width(t);
    if (all <= n) {
        text_put(out, t);
        pad(out, n - all);
        return;
    }
    struct text head = {t.p, 0};
    while (view_width(head) < n - 1 || ((uint8_t)t.p[head.n] & 0xc0) == 0x80)
        head.n++;
    text_put(out, head);
    text_put(out, TEXT("…"));
}

static void put_right(struct text_out *out, const struct cell *c, unsigned n)
{
    struct text t = {c->bytes, c->out.n};
    unsigned all = view_width(t);
    pad(out, all < n ? n - all : 0);
    text_put(out, t);
}

/* 1 234 567 */
static void put_number(struct text_out *out, uint64_t v)
{
    if (v < 1000) {
        text_put_number(out, v);
        return;
    }
    unsigned rest = (unsigned)(v % 1000);
    put_number(out, v / 1000);
    view_say(out, THIN);
    view_say(out, rest < 10 ? "00" : rest < 100 ? "0" : "");
    text_put_number(out, rest);
}

static void put_two(struct text_out *out, uint64_t v)
{
    view_say(out, v < 10 ? "0" : "");
    text_put_number(out, v);
}

/* 1 h 02 min, 4 min 30 s, 9 s */
static void put_duration(struct text_out *out, ms_t ms)
{
    uint64_t s = (uint64_t)ms / SECOND_MS;
    if (s >= 3600) {
        put_number(out, s / 3600);
        view_say(out, HARD "h" HARD);
        put_two(out, s / 60 % 60);
        view_say(out, HARD "min");
    } else if (s >= 60) {
        text_put_number(out, s / 60);
        view_say(out, HARD "min" HARD);
        put_two(out, s % 60);
        view_say(out, HARD "s");
    } else {
        text_put_number(out, s);
        view_say(out, HARD "s");
    }
}

/* 14 h 05 min 09 s of the site's wall clock. */
static void put_clock(struct text_out *out, const struct view_house *h, ms_t at)
{
    ms_t seconds = (at + calendar_offset_ms(h->zone, at)) / SECOND_MS % SECONDS_PER_DAY;
    put_two(out, (uint64_t)seconds / 3600);
    view_say(out, ":");
    put_two(out, (uint64_t)seconds / 60 % 60);
    view_say(out, ":");
    put_two(out, (uint64_t)seconds % 60);
}

/* samedi 21 novembre 2026 */
static void put_day(struct text_out *out, calendar_day day)
{
    static const char *const days[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                       "vendredi", "samedi", "dimanche"};
    static const char *const months[] = {"janvier",   "février", "mars",     "avril",
                                         "mai",       "juin",    "juillet",  "août",
                                         "septembre", "octobre", "novembre", "décembre"};
    struct civil date = calendar_date(day);
    view_say(out, days[calendar_weekday(day)]);
    view_say(out, " ");
    text_put_number(out, date.day);
    view_say(out, date.day == 1 ? "er" HARD : HARD);
    view_say(out, months[date.month - 1]);
    view_say(out, " ");
    text_put_number(out, (uint64_t)date.year);
}

static void put_alarm(struct text_out *out, const struct view_house *h, enum view_alarm alarm)
{
    struct view_sentence s = view_words_alarm(alarm, h->alarms, VIEW_FRENCH);
    view_say(out, "  • ");
    view_say(out, s.what);
    if (s.why[0]) {
        view_say(out, " (");
        view_say(out, s.why);
        view_say(out, ")");
    }
    view_say(out, ", depuis ");
    put_duration(out, view_since_ms(h, h->alarms->since_at[alarm]));
    view_say(out, "\n    → ");
    view_say(out, s.cure);
    view_say(out, "\n");
}

static void put_health(struct text_out *out, const struct view_house *h)
{
    static const char *const words[] = {"tout va bien", "à surveiller", "en panne"};
    view_say(out, "État" HARD ": ");
    view_say(out, words[view_words_health(h->alarms)]);
    view_say(out, "\n");
    for (unsigned i = 0; i < VIEW_ALARM_N; i++)
        if (h->alarms->since_at[i])
            put_alarm(out, h, (enum view_alarm)i);
}

static void put_column(struct text_out *out, uint64_t v, unsigned n)
{
    struct cell c;
    cell_open(&c);
    put_number(&c.out, v);
    put_right(out, &c, n);
}

static void put_queue(struct text_out *out, const struct view_house *h, uint32_t slot)
{
    struct acd_look_queue q;
    struct cell c;
    if (!view_queue(h, slot, &q))
        return;
    const struct directory_service *service = view_service(h, q.id);
    cell_open(&c);
    view_say(&c.out, "file ");
    text_put_number(&c.out, q.id);
    put_left(out, service ? text_of(service->name) : (struct text){c.bytes, c.out.n}, NAME_WIDTH);
    put_column(out, q.waiting_n, 9);
    cell_open(&c);
    if (q.asked_at)
        put_duration(&c.out, view_since_ms(h, q.asked_at));
    else
        view_say(&c.out, "—");
    put_right(out, &c, 15);
    put_column(out, q.signed_n, 10);
    put_column(out, q.ready_n, 13);
    view_say(out, "  ");
    view_say(out, q.hours == HOURS_OPEN ? view_words_band(q.band) : view_words_hours(q.hours));
    view_say(out, "\n");
}

static void put_queues(struct text_out *out, const struct view_house *h)
{
    put_left(out, TEXT("File"), NAME_WIDTH);
    view_say(out, "  attente  plus longue  en poste  disponibles  attente estimée\n");
    for (uint32_t i = 0; i < acd_look_queues_n(h->acd); i++)
        put_queue(out, h, i);
}

static void put_agents(struct text_out *out, const struct view_house *h)
{
    struct acd_look_counts counts = acd_look_counts(h->acd);
    view_say(out, "\nAgents" HARD ": ");
    for (unsigned s = 1; s <= AGENT_STATE_N; s++) {
        enum agent_state state = (enum agent_state)(s % AGENT_STATE_N); /* the absent last */
        view_say(out, view_words_agent_state(state));
        view_say(out, HARD);
        put_number(out, counts.agents_n[state]);
        view_say(out, s < AGENT_STATE_N ? " · " : "\n");
    }
}

static void put_lines(struct text_out *out, const struct view_house *h)
{
    const struct vitals *v = h->vitals;
    if (!v->legs_n)
        return;
    view_say(out, "Lignes en communication" HARD ": ");
    put_number(out, v->legs_n);
    view_say(out, " · par TLS" HARD ": ");
    put_number(out, v->legs_tls_n);
    view_say(out, " · au son chiffré" HARD ": ");
    put_number(out, v->legs_srtp_n);
    view_say(out, "\n");
}

/* A gateway that takes messages is no news. */
static void put_sms(struct text_out *out, const struct view_house *h)
{
    enum gsm_fault fault = (enum gsm_fault)h->vitals->sms.fault;
    if (!h->vitals->sms.is_on || fault == GSM_FAULT_NONE)
        return;
    view_say(out, "SMS" HARD ": la passerelle n’est pas jointe, ");
    view_say(out, gsm_fault_words(fault));
    view_say(out, THIN "; les messages attendent\n    → ");
    view_say(out, gsm_fault_cure(fault));
    view_say(out, "\n");
}

static void put_texts(struct text_out *out, const struct view_house *h)
{
    struct acd_look_queue q;
    uint32_t n = 0;
    for (uint32_t i = 0; i < acd_look_queues_n(h->acd); i++)
        n += view_queue(h, i, &q) ? q.texts_n : 0;
    if (!n)
        return;
    view_say(out, "Messages écrits à prendre" HARD ": ");
    put_number(out, n);
    view_say(out, " (decroche texts)\n");
}

static void put_rate(struct text_out *out, struct kpi_rate rate)
{
    if (rate.ppm == KPI_NO_RATE)
        return;
    uint32_t tenths = kpi_tenths(rate.ppm);
    view_say(out, ", soit ");
    text_put_number(out, tenths / 10);
    view_say(out, ",");
    text_put_number(out, tenths % 10);
    view_say(out, THIN "%");
}

static void put_today(struct text_out *out, const struct view_house *h)
{
    const struct kpi_counts *c = h->day;
    bool is_first = true;
    view_say(out, "Aujourd’hui" HARD ": ");
    put_number(out, kpi_received(c));
    view_say(out, kpi_received(c) > 1 ? " appels reçus" : " appel reçu");
    view_say(out, THIN "; ");
    put_number(out, kpi_asked(c));
    view_say(out, kpi_asked(c) > 1 ? " demandaient un agent, " : " demandait un agent, ");
    put_number(out, kpi_answered(c));
    view_say(out, kpi_answered(c) > 1 ? " ont eu une réponse" : " a eu une réponse");
    put_rate(out, kpi_rate(c, KPI_AGENT));
    view_say(out, "\n");
    for (unsigned o = 1; o < OUTCOME_N; o++) {
        if (!c->calls[o])
            continue;
        view_say(out, is_first ? "  " : " · ");
        view_say(out, view_words_outcome((enum outcome)o));
        view_say(out, HARD);
        put_number(out, c->calls[o]);
        is_first = false;
    }
    view_say(out, is_first ? "" : "\n");
}

static void put_progress(struct text_out *out, const struct view_house *h)
{
    view_say(out, "Chiffres recalculés jusqu’à l’événement ");
    put_number(out, h->last_id);
    if (h->committed_id) {
        view_say(out, " sur ");
        put_number(out, h->committed_id);
    }
    view_say(out, ".\n");
}

void view_status_text(struct text_out *out, const struct view_house *h)
{
    if (h->directory) {
        view_say(out, h->directory->organisation.name);
        view_say(out, " — ");
    }
    put_day(out, h->today);
    view_say(out, ", ");
    put_clock(out, h, h->now_at);
    view_say(out, "\n");
    put_health(out, h);
    view_say(out, "\n");
    if (!h->is_ready) {
        put_progress(out, h);
        return;
    }
    put_queues(out, h);
    put_agents(out, h);
    put_lines(out, h);
    put_texts(out, h);
    view_put_trunks(out, h);
    view_put_gate_text(out, h);
    put_sms(out, h);
    put_today(out, h);
}
