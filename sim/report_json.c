/* report_json.c — the same figures for programs. Called by cli/sim.c.
 * Rates in millionths (ppm, null when there is nothing to divide by) with their counts.
 * Invariant: a name is never renamed; new ones are appended. */
#include "sim/report_parts.h"

static const char *const rate_names[KPI_RATE_N] = {
    [KPI_AGENT] = "agent",
    [KPI_AGENT_DIRECT] = "agent_direct",
    [KPI_AGENT_WITHOUT_SHORT] = "agent_without_short",
    [KPI_GLOBAL] = "global",
    [KPI_CALLBACK] = "callback_honoured",
    [KPI_SOON_20] = "answered_20s",
    [KPI_SOON_60] = "answered_60s",
    [KPI_SOON_180] = "answered_180s",
    [KPI_TURNED_AWAY] = "turned_away",
    [KPI_CUT_OFF] = "cut_off",
    [KPI_OUT_OF_HOURS] = "out_of_hours",
    [KPI_REPEAT_24H] = "repeat_24h",
    [KPI_REPEAT_7D] = "repeat_7d",
    [KPI_PERSON_24H] = "persons_24h",
};

/* The name of a profile may hold quotes. */
static void string(FILE *to, const char *s)
{
    fputc('"', to);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            fputc('\\', to);
        if ((unsigned char)*s < 0x20)
            fprintf(to, "\\u%04x", (unsigned)*s);
        else
            fputc(*s, to);
    }
    fputc('"', to);
}

static void number(FILE *to, const char *name, uint64_t n)
{
    fprintf(to, "\"%s\": %llu", name, (unsigned long long)n);
}

static void rate(FILE *to, const char *name, struct kpi_rate r, bool is_simulated)
{
    fprintf(to, "\"%s\": {\"id\": \"%s\", \"n\": %llu, \"of\": %llu, \"ppm\": ", name, r.id,
            (unsigned long long)r.n, (unsigned long long)r.of);
    if (r.ppm == KPI_NO_RATE)
        fputs("null", to);
    else
        fprintf(to, "%u", r.ppm);
    fputs(is_simulated ? ", \"simulated\": true}" : "}", to);
}

void sim_json_calls(FILE *to, const struct kpi_counts *c)
{
    fputs("{", to);
    for (unsigned o = 1; o < OUTCOME_N; o++) {
        number(to, outcome_name((enum outcome)o), c->calls[o]);
        fputs(o + 1 < OUTCOME_N ? ", " : "}", to);
    }
}

static void persons(FILE *to, const struct kpi_persons *p)
{
    const struct {
        const char *name;
        uint64_t n;
    } rows[] = {{"n", p->n},
                {"reached_24h", p->reached_24h_n},
                {"reached_7d", p->reached_7d_n},
                {"followed_7d", p->followed_n},
                {"never_7d", p->never_n},
                {"open", p->open_n},
                {"not_followed", p->lost_n}};
    fputs("\"persons\": {", to);
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        fputs(i ? ", " : "", to);
        number(to, rows[i].name, rows[i].n);
    }
    fputs("}", to);
}

void sim_json_rates(FILE *to, const struct sim_figures *f, const char *lead)
{
    fputs("\"rates\": {", to);
    for (unsigned i = 0; i < KPI_RATE_N; i++) {
        fputs(lead, to);
        rate(to, rate_names[i], kpi_rate(&f->counts, (enum kpi_rate_id)i), f->is_simulated);
        fputs(*lead ? "," : ", ", to);
    }
    fputs(lead, to);
    rate(to, "persons_never_7d", kpi_rate_never(&f->persons), f->is_simulated);
    fputs(*lead == '\n' ? "\n  },\n  " : "}, ", to);
    persons(to, &f->persons);
}

static void wait(FILE *to, const char *name, struct kpi_waits w)
{
    fprintf(to,
            "  \"%s\": {\"n\": %llu, \"mean_ms\": %lld, \"p50_s\": %u, \"p50_is_over\": %s, "
            "\"p90_s\": %u, \"p90_is_over\": %s},\n",
            name, (unsigned long long)w.n, (long long)w.mean_ms, w.p50_s,
            w.p50_is_over ? "true" : "false", w.p90_s, w.p90_is_over ? "true" : "false");
}

static void bands(FILE *to, const struct kpi *k)
{
    fputs("  \"bands\": {", to);
    for (unsigned b = 0; b < BAND_N; b++) {
        struct kpi_band band = kpi_band(k, (enum band)b);
        fprintf(to, "%s\"%s\": {\"spoken\": %u, \"kept\": %u, \"sooner\": %u}", b ? ", " : "",
                band_name((enum band)b), band.spoken_n, band.kept_n, band.sooner_n);
    }
    fputs("},\n", to);
}

static void quarters(FILE *to, const struct kpi *k)
{
    fputs("  \"quarters\": [", to);
    bool is_first = true;
    for (uint32_t i = 0; i < kpi_intervals_n(k); i++) {
        const struct kpi_counts *c = kpi_interval(k, i);
        if (!kpi_received(c) && !c->calls[OUTCOME_TEST])
            continue;
        fprintf(to, "%s\n    {\"at\": %lld, \"calls\": ", is_first ? "" : ",",
                (long long)kpi_interval_at(k, i));
        sim_json_calls(to, c);
        fputs("}", to);
        is_first = false;
    }
    fputs("\n  ],\n", to);
}

static void world(FILE *to, const struct sim_totals *t)
{
    const struct plan_world_counts *w = &t->world;
    fprintf(to,
            "  \"world\": {\"calls\": %llu, \"fresh\": %llu, \"redials\": %llu, \"robots\": %llu, "
            "\"unheard\": %llu, \"not_simulated\": %llu, \"line_deaths\": %llu, "
            "\"closings\": %llu, \"absences\": %llu, \"live_peak\": %u},\n",
            (unsigned long long)w->calls_n, (unsigned long long)w->fresh_n,
            (unsigned long long)w->redials_n, (unsigned long long)w->robots_n,
            (unsigned long long)w->unheard_n, (unsigned long long)w->unborn_n,
            (unsigned long long)w->line_deaths_n, (unsigned long long)w->closings_n,
            (unsigned long long)w->absences_n, w->live_peak_n);
    fprintf(to,
            "  \"crashes\": %llu, \"from_snapshot\": %llu, \"commits\": %llu,\n"
            "  \"events\": %llu, \"state_hash\": \"%016llx\", \"events_hash\": \"%016llx\",\n",
            (unsigned long long)t->crashes_n, (unsigned long long)t->from_snapshot_n,
            (unsigned long long)t->commits_n, (unsigned long long)t->events_n,
            (unsigned long long)t->state_hash, (unsigned long long)t->bytes_hash);
    fputs("  \"broken_rule\": ", to);
    if (t->broken)
        string(to, t->broken);
    else
        fputs("null", to);
}

void sim_report_json(FILE *to, const struct sim_report *r)
{
    const struct kpi_counts *c = kpi_total(r->kpi);
    fprintf(to,
            "{\n  \"simulated\": %s, \"profile\": ", kpi_is_simulated(r->kpi) ? "true" : "false");
    string(to, r->profile->name);
    fprintf(to, ", \"seed\": \"%llu\", \"from_at\": %lld, \"until_at\": %lld,\n",
            (unsigned long long)r->seed, (long long)r->from_at, (long long)r->until_at);
    fputs("  \"calls\": ", to);
    sim_json_calls(to, c);
    fprintf(to,
            ",\n  \"received\": %llu, \"in_hours\": %llu, \"asked\": %llu, \"shed\": %u, "
            "\"gap\": %u, \"withheld\": %u,\n",
            (unsigned long long)kpi_received(c), (unsigned long long)kpi_in_hours(c),
            (unsigned long long)kpi_asked(c), c->shed_n, c->gap_n, c->withheld_n);
    const struct sim_figures figures = {*c, kpi_persons(r->kpi), kpi_is_simulated(r->kpi)};
    fputs("  ", to);
    sim_json_rates(to, &figures, "\n    ");
    fputs(",\n", to);
    wait(to, "wait_answered", kpi_waits(r->kpi, KPI_WAIT_ANSWERED));
    wait(to, "wait_abandoned", kpi_waits(r->kpi, KPI_WAIT_ABANDONED));
    fprintf(to, "  \"talk_ms\": %llu, \"talk_n\": %u,\n", (unsigned long long)c->talk_ms,
            c->talk_n);
    bands(to, r->kpi);
    quarters(to, r->kpi);
    world(to, &r->totals);
    fputs("\n}\n", to);
}
