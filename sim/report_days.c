/* report_days.c — the days of a journal, one a line, and their sum. Called by cli/results.c.
 * Days are those of the fold's local time; days without a call are left out.
 * Cost: 96 additions a day. Invariant: a line of a simulated journal begins with its mark, so that
 * a figure that is cut out and pasted elsewhere takes it along. */
#include <string.h>

#include "base/calendar.h"
#include "base/division.h"
#include "sim/report_parts.h"

#define DATE_WIDTH 17
#define CELLS_N 9

static const char *const weekdays[] = {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."};

/* Headings of two lines, and widths. */
static const struct cell {
    const char *over, *under;
    int width;
} cells[CELLS_N] = {
    {"", "reçus", 8},
    {"hors", "horaires", 10},
    {"dans", "le menu", 9},
    {"demandé", "une personne", 14},
    {"", "décrochés", 11},
    {"taux de", "décroché", 10},
    {"abandons, refus", "et coupures", 17},
    {"personnes", "jointes 24 h", 13},
    {"essais", "(hors taux)", 13},
};

static void pad(FILE *to, const char *text, int width)
{
    int n = width - sim_width(text);
    fprintf(to, "%*s%s", n > 0 ? n : 0, "", text);
}

static void heading(const struct sim_sheet *to)
{
    int indent = DATE_WIDTH + (to->is_simulated ? sim_width(SIM_MARK) + 2 : 0);
    for (unsigned line = 0; line < 2; line++) {
        fprintf(to->file, "%*s", indent, "");
        for (unsigned i = 0; i < CELLS_N; i++)
            pad(to->file, line ? cells[i].under : cells[i].over, cells[i].width);
        fputs("\n", to->file);
    }
}

static void day_line(const struct sim_sheet *to, calendar_day day, const struct kpi_counts *c)
{
    struct civil date = calendar_date(day);
    uint64_t menu = c->calls[OUTCOME_IVR_ABANDONED] + c->calls[OUTCOME_IVR_RESOLVED];
    char text[CELLS_N][SIM_TEXT_MAX];
    const char *values[CELLS_N] = {
        sim_number(text[0], kpi_received(c)),
        sim_number(text[1], c->calls[OUTCOME_OUT_OF_HOURS]),
        sim_number(text[2], menu),
        sim_number(text[3], kpi_asked(c)),
        sim_number(text[4], kpi_answered(c)),
        sim_percent(text[5], kpi_rate(c, KPI_AGENT).ppm),
        sim_number(text[6], kpi_asked(c) - kpi_answered(c)),
        sim_percent(text[7], kpi_rate(c, KPI_PERSON_24H).ppm),
        sim_number(text[8], c->calls[OUTCOME_TEST]),
    };
    fprintf(to->file, "%s%s %02u/%02u/%04d  ", to->is_simulated ? SIM_MARK "  " : "",
            weekdays[calendar_weekday(day)], date.day, date.month, date.year);
    for (unsigned i = 0; i < CELLS_N; i++)
        pad(to->file, values[i], cells[i].width);
    fputs("\n", to->file);
}

/* Day i of the fold; false: nobody called. */
static bool day_counts(struct kpi_counts *c, const struct kpi *k, uint32_t i)
{
    *c = kpi_day(k, kpi_interval_at(k, 0) + (ms_t)i * KPI_DAY_MS);
    return kpi_received(c) || c->calls[OUTCOME_TEST];
}

static calendar_day day_of(const struct kpi *k, ms_t offset_ms, uint32_t i)
{
    return (calendar_day)floor_div(kpi_interval_at(k, 0) + offset_ms, KPI_DAY_MS) + (int32_t)i;
}

/* The fold begins within a day: the last quarter may lie one day further. */
static uint32_t days_n(const struct kpi *k)
{
    return kpi_intervals_n(k) ? kpi_intervals_n(k) / 96 + 2 : 0;
}

unsigned sim_report_days_text(FILE *to, const struct kpi *k, ms_t offset_ms)
{
    const struct sim_sheet sheet = {to, kpi_is_simulated(k)};
    struct kpi_counts c;
    unsigned n = 0;
    heading(&sheet);
    for (uint32_t i = 0; i < days_n(k); i++) {
        if (!day_counts(&c, k, i))
            continue;
        day_line(&sheet, day_of(k, offset_ms, i), &c);
        n++;
    }
    return n;
}

static void object(FILE *to, const struct sim_figures *f)
{
    fprintf(to, "\"simulated\": %s, \"calls\": ", f->is_simulated ? "true" : "false");
    sim_json_calls(to, &f->counts);
    fprintf(to, ", \"received\": %llu, \"in_hours\": %llu, \"asked\": %llu, ",
            (unsigned long long)kpi_received(&f->counts),
            (unsigned long long)kpi_in_hours(&f->counts),
            (unsigned long long)kpi_asked(&f->counts));
    sim_json_rates(to, f, "");
    fputs("}\n", to);
}

void sim_report_days_json(FILE *to, const struct kpi *k, ms_t offset_ms)
{
    struct sim_figures f = {.is_simulated = kpi_is_simulated(k)};
    for (uint32_t i = 0; i < days_n(k); i++) {
        if (!day_counts(&f.counts, k, i))
            continue;
        struct civil date = calendar_date(day_of(k, offset_ms, i));
        f.persons = kpi_day_persons(k, kpi_interval_at(k, 0) + (ms_t)i * KPI_DAY_MS);
        fprintf(to, "{\"day\": \"%04d-%02u-%02u\", ", date.year, date.month, date.day);
        object(to, &f);
    }
    f.counts = *kpi_total(k);
    f.persons = kpi_persons(k);
    fputs("{\"day\": \"all\", ", to);
    object(to, &f);
}
