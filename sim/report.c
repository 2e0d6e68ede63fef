/* report.c — the figures of a run for people. Called by cli/sim.c. Cost: a page.
 * French typography: a narrow no-break space before % ; ? ! and in thousands, a no-break space
 * before the colon and inside guillemets. « simulé » stands beside each figure of a simulated
 * journal. */
#include <string.h>

#include "sim/report_parts.h"

#define SECOND_MS 1000
#define MINUTE_MS 60000
#define HOUR_MS 3600000
#define DAY_MS 86400000
#define TEXT_MAX SIM_TEXT_MAX
#define THIN SIM_THIN
#define HARD SIM_HARD

static void count_line(const struct sim_sheet *to, const char *label, uint64_t n)
{
    char text[TEXT_MAX];
    sim_column(to, label, sim_number(text, n));
    fputs("\n", to->file);
}

static void rate_line(const struct sim_sheet *to, const char *label, struct kpi_rate r)
{
    char rate[TEXT_MAX], n[TEXT_MAX], of[TEXT_MAX];
    sim_column(to, label, sim_percent(rate, r.ppm));
    fprintf(to->file, "   %s sur %s   [%s]\n", sim_number(n, r.n), sim_number(of, r.of), r.id);
}

static void title(const struct sim_sheet *to, const char *text)
{
    fprintf(to->file, "\n%s\n", text);
}

static const char *const days[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                   "vendredi", "samedi", "dimanche"};

/* "lundi 8 h 30", in local time; the first day of a simulation is a Monday. */
static const char *instant(char to[TEXT_MAX], const struct sim_report *r, ms_t at)
{
    ms_t since = at - r->midnight_at;
    snprintf(to, TEXT_MAX, "%s %lld" HARD "h" HARD "%02lld", days[since / DAY_MS % 7],
             (long long)(since % DAY_MS / HOUR_MS), (long long)(since % HOUR_MS / MINUTE_MS));
    return to;
}

static void head(const struct sim_sheet *to, const struct sim_report *r)
{
    char from[TEXT_MAX], until[TEXT_MAX], n[TEXT_MAX];
    fprintf(to->file,
            "Simulation «" HARD "%s" HARD "», graine %llu" HARD ": de %s à %s, %s agents\n",
            r->profile->name, (unsigned long long)r->seed, instant(from, r, r->from_at),
            instant(until, r, r->until_at), sim_number(n, plan_agents_n(r->profile)));
    if (r->totals.broken)
        fprintf(to->file, "RÈGLE ENFREINTE" HARD ": %s.\n", r->totals.broken);
}

static void published(const struct sim_sheet *to, const struct kpi *k)
{
    const struct kpi_counts *c = kpi_total(k);
    struct kpi_persons p = kpi_persons(k);
    title(to, "Taux publiés");
    rate_line(to, "Décroché par un agent, rappels honorés compris", kpi_rate(c, KPI_AGENT));
    rate_line(to, "  dont décroché directement", kpi_rate(c, KPI_AGENT_DIRECT));
    rate_line(to, "  sans les abandons courts (à côté, jamais à la place)",
              kpi_rate(c, KPI_AGENT_WITHOUT_SHORT));
    rate_line(to, "Décroché global, réponses enregistrées comprises", kpi_rate(c, KPI_GLOBAL));
    rate_line(to, "Personnes jointes sous 24" HARD "h", kpi_rate(c, KPI_PERSON_24H));
    rate_line(to, "Personnes jamais jointes en 7 jours", kpi_rate_never(&p));
    if (p.open_n)
        count_line(to, "  pas encore jointes, leurs 7 jours ne sont pas passés", p.open_n);
    rate_line(to, "Rappels honorés", kpi_rate(c, KPI_CALLBACK));
}

static void sorted(const struct sim_sheet *to, const struct kpi_counts *c)
{
    title(to, "D’où viennent ces nombres");
    count_line(to, "Appels reçus", kpi_received(c));
    count_line(to, "  hors des horaires publiés", c->calls[OUTCOME_OUT_OF_HOURS]);
    count_line(to, "  raccrochés dans le menu, sans rien demander",
               c->calls[OUTCOME_IVR_ABANDONED]);
    count_line(to, "  réponse enregistrée écoutée jusqu’au bout", c->calls[OUTCOME_IVR_RESOLVED]);
    count_line(to, "Ont demandé une personne (dénominateur)", kpi_asked(c));
    count_line(to, "  décrochés par une personne", c->calls[OUTCOME_ANSWERED]);
    count_line(to, "  rappelés et joints", c->calls[OUTCOME_CALLBACK_HONOURED]);
    count_line(to, "  rappelés sans succès", c->calls[OUTCOME_CALLBACK_FAILED]);
    count_line(to, "  abandons", c->calls[OUTCOME_ABANDONED]);
    count_line(to, "  abandons courts", c->calls[OUTCOME_ABANDONED_SHORT]);
    count_line(to, "  refusés (fermé, personne, surcharge)", c->calls[OUTCOME_TURNED_AWAY]);
    count_line(to, "    dont refusés sans trace à l’appel", c->shed_n);
    count_line(to, "  coupés par nous", c->calls[OUTCOME_CUT_OFF]);
    count_line(to, "Comptés en bloc, journal indisponible", c->gap_n);
    fputs("Le dénominateur n’exclut que les appels nommés au-dessus de lui, et les appels de\n"
          "contrôle ci-dessous. Abandons courts, refus et coupures y sont tous.\n",
          to->file);
    count_line(to, "Appels de contrôle (robot), hors de tout taux", c->calls[OUTCOME_TEST]);
    count_line(to, "Numéros masqués, hors des taux par personne", c->withheld_n);
    count_line(to, "Personnes non suivies, faute de place", c->persons_lost_n);
}

static void wait_line(const struct sim_sheet *to, const char *label, struct kpi_waits w)
{
    char mean[TEXT_MAX], p50[TEXT_MAX], p90[TEXT_MAX], n[TEXT_MAX];
    sim_column(to, label, w.n ? sim_duration(mean, w.mean_ms) : "—");
    if (w.n)
        fprintf(to->file, "   moitié%s en %s, neuf sur dix%s en %s",
                w.p50_is_over ? " au-delà de" : "", sim_duration(p50, (ms_t)w.p50_s * SECOND_MS),
                w.p90_is_over ? " au-delà de" : "", sim_duration(p90, (ms_t)w.p90_s * SECOND_MS));
    fprintf(to->file, "   N" HARD "=" HARD "%s\n", sim_number(n, w.n));
}

/* People who were told a wait and then answered: as told, sooner, later. */
static void bands_lines(const struct sim_sheet *to, const struct kpi *k)
{
    uint64_t kept = 0, sooner = 0, n = 0;
    for (unsigned b = 0; b < BAND_N; b++) {
        struct kpi_band band = kpi_band(k, (enum band)b);
        kept += band.kept_n;
        sooner += band.sooner_n;
        n += band.spoken_n;
    }
    uint64_t later = n - kept - sooner;
    rate_line(to, "Attente annoncée, décroché dans la fourchette dite",
              (struct kpi_rate){"annonce-tenue-1", kept, n, kpi_ppm(kept, n)});
    rate_line(to, "  plus tôt que dit",
              (struct kpi_rate){"annonce-plus-tot-1", sooner, n, kpi_ppm(sooner, n)});
    rate_line(to, "  plus tard que dit",
              (struct kpi_rate){"annonce-plus-tard-1", later, n, kpi_ppm(later, n)});
}

static void waits(const struct sim_sheet *to, const struct kpi *k)
{
    const struct kpi_counts *c = kpi_total(k);
    char text[TEXT_MAX], n[TEXT_MAX];
    title(to, "Attente et conversation");
    rate_line(to, "Décrochés en 20" HARD "s au plus", kpi_rate(c, KPI_SOON_20));
    rate_line(to, "Décrochés en 60" HARD "s au plus", kpi_rate(c, KPI_SOON_60));
    rate_line(to, "Décrochés en 180" HARD "s au plus", kpi_rate(c, KPI_SOON_180));
    wait_line(to, "Attente moyenne des appels décrochés", kpi_waits(k, KPI_WAIT_ANSWERED));
    wait_line(to, "Attente moyenne des abandons", kpi_waits(k, KPI_WAIT_ABANDONED));
    uint64_t mean = c->talk_n ? (2 * c->talk_ms + c->talk_n) / (2 * (uint64_t)c->talk_n) : 0;
    sim_column(to, "Durée moyenne de conversation",
               c->talk_n ? sim_duration(text, (ms_t)mean) : "—");
    fprintf(to->file, "   N" HARD "=" HARD "%s\n", sim_number(n, c->talk_n));
    bands_lines(to, k);
}

static void others(const struct sim_sheet *to, const struct kpi *k)
{
    const struct kpi_counts *c = kpi_total(k);
    title(to, "Autres parts");
    rate_line(to, "Refusés", kpi_rate(c, KPI_TURNED_AWAY));
    rate_line(to, "Coupés par nous", kpi_rate(c, KPI_CUT_OFF));
    rate_line(to, "Hors des horaires publiés", kpi_rate(c, KPI_OUT_OF_HOURS));
    rate_line(to, "Ont rappelé dans les 24" HARD "h", kpi_rate(c, KPI_REPEAT_24H));
    rate_line(to, "Ont rappelé dans les 7 jours", kpi_rate(c, KPI_REPEAT_7D));
}

static void world(const struct sim_sheet *to, const struct sim_totals *t)
{
    title(to, "Le monde simulé");
    count_line(to, "Premiers appels", t->world.fresh_n);
    count_line(to, "Rappels d’eux-mêmes après un échec", t->world.redials_n);
    count_line(to, "Lignes d’agent perdues", t->world.line_deaths_n);
    count_line(to, "Fermetures exceptionnelles", t->world.closings_n);
    count_line(to, "Absences d’agents", t->world.absences_n);
    count_line(to, "Lignes en cours au plus fort", t->world.live_peak_n);
    if (t->world.unborn_n)
        count_line(to, "Appels non simulés, faute de place (callers_max)", t->world.unborn_n);
    if (t->world.unheard_n)
        count_line(to, "Appels que la maison n’a pas pris", t->world.unheard_n);
    if (t->crashes_n) {
        count_line(to, "Pannes provoquées, états comparés à chacune", t->crashes_n);
        count_line(to, "  dont repris depuis un instantané et sa suite", t->from_snapshot_n);
    }
}

static void prints(const struct sim_sheet *to, const struct sim_totals *t)
{
    char n[TEXT_MAX];
    title(to,
          "Empreintes (même profil, mêmes options, même graine" HARD ": mêmes valeurs partout)");
    fprintf(to->file, "état         %016llx\névénements   %016llx   %s événements\n",
            (unsigned long long)t->state_hash, (unsigned long long)t->bytes_hash,
            sim_number(n, t->events_n));
}

void sim_report_figures(FILE *to, const struct kpi *kpi)
{
    const struct sim_sheet sheet = {to, kpi_is_simulated(kpi)};
    published(&sheet, kpi);
    sorted(&sheet, kpi_total(kpi));
    waits(&sheet, kpi);
    others(&sheet, kpi);
}

void sim_report_text(FILE *to, const struct sim_report *r)
{
    const struct sim_sheet sheet = {to, false}; /* what the run itself was */
    head(&sheet, r);
    sim_report_figures(to, r->kpi);
    world(&sheet, &r->totals);
    prints(&sheet, &r->totals);
}
