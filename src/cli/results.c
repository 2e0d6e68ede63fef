/* results.c — see results.h. One reading of the file into kpi/, then text or JSON.
 * Called by replay.c. Cost: two million events a second, 25 MB.
 * Invariant: a simulated journal is said to be one before its first figure and beside each. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "cli/results.h"
#include "sim/report.h"

/* People followed at once for 7 days; those past it are counted and told. */
#define PERSONS_MAX (1u << 18)
#define HARD "\u00a0"

struct fold {
    const struct cli_args *a;
    struct kpi *kpi; /* over memory; NULL before the first event */
    void *memory;    /* owned */
    ms_t offset_ms, last_at;
    uint64_t events_n, seed;
};

static const struct kpi_limits limits = {KPI_INTERVALS_MAX, PERSONS_MAX};

static bool take_event(const struct event *ev, void *arg)
{
    struct fold *f = arg;
    if (ev->id > f->a->to_id)
        return false;
    if (!f->kpi) {
        f->offset_ms = calendar_offset_ms(ZONE_EUROPE_PARIS, ev->at);
        f->kpi = kpi_open(f->memory, &limits, &(struct kpi_args){ev->at, f->offset_ms});
    }
    if (ev->kind == EV_SIMULATED)
        f->seed = ev->simulated.seed;
    kpi_fold(f->kpi, ev);
    f->last_at = ev->at;
    f->events_n++;
    return true;
}

static void print_text(const struct fold *f)
{
    if (kpi_is_simulated(f->kpi))
        printf("JOURNAL SIMULÉ, graine %" PRIu64 HARD
               ": aucun de ces appels n’a eu lieu. %s, %" PRIu64 " événements.\n\n",
               f->seed, f->a->file[0], f->events_n);
    else
        printf("%s, %" PRIu64 " événements.\n\n", f->a->file[0], f->events_n);
    unsigned n = sim_report_days_text(stdout, f->kpi, f->offset_ms);
    printf("\nLes %u jours ensemble%s\n", n, kpi_is_simulated(f->kpi) ? " (simulé)" : "");
    sim_report_figures(stdout, f->kpi);
}

static void print(const struct fold *f)
{
    if (!f->kpi && f->a->is_json)
        puts("{\"day\": \"all\", \"events\": 0}");
    else if (!f->kpi)
        printf("%s" HARD ": aucun événement, donc aucun résultat.\n", f->a->file[0]);
    else if (f->a->is_json)
        sim_report_days_json(stdout, f->kpi, f->offset_ms);
    else
        print_text(f);
}

int cli_results(const struct cli_args *a, sqlite3 *db)
{
    struct fold f = {.a = a};
    struct journal_reading reading = {0, take_event, &f};
    struct journal_walk w = {.st = NULL};
    int err = posix_memalign(&f.memory, 64, kpi_bytes(&limits));
    if (!err)
        err = journal_walk_open(&w, db, 0);
    if (!err)
        err = journal_walk_read(&w, &reading);
    int code = CLI_OK;
    if (err == EBADMSG || err == ENOTSUP) /* figures of a part would look like those of the whole */
        code = cli_tell_break(a, &w);
    else if (err)
        code = cli_cannot(a, a->file[0], err, "run it as the user of the service");
    else
        print(&f);
    journal_walk_drop(&w);
    free(f.memory);
    return code;
}
