/* run.c — the loop of a run: the earliest of writer, app, late reports and world, again and again.
 * Called by cli/sim.c, tests, benches. Cost: O(log n) an event; no tick.
 * Order at one instant: commits, then the app's timers, then reports, then the cast, then
 * the world: fixed, so that a run is its seed. */
#include <stdlib.h>
#include <string.h>

#include "sim/run.h"
#include "sim/state.h"

#define ALIGN 64
#define NODE 1
#define COMMIT_MS_MIN 2
#define COMMIT_MS_MAX 20
#define CONTACTS_MIN 2000u
#define LANES_MIN 256u
#define LANES_MAX 16384u
#define QUARTERS_MORE 100 /* after the end: calls that are still in the house came before */
#define WEEK_MS ((ms_t)7 * 24 * 3600 * 1000)
#define DAY_MS ((ms_t)24 * 3600 * 1000)

bool sim_broken(struct sim *sim, const char *rule)
{
    if (!sim->totals.broken)
        sim->totals.broken = rule;
    return false;
}

static void *take(size_t n)
{
    return aligned_alloc(ALIGN, (n + ALIGN - 1) / ALIGN * ALIGN);
}

static void on_event(const struct event *ev, void *arg)
{
    struct sim *sim = arg;
    kpi_fold(sim->kpi, ev);
    if (ev->kind == EV_DAY_CLOSED)
        sim->day_closed_at = ev->at;
}

static struct acd_limits limits_for(const struct sim_args *args)
{
    const struct plan_profile *p = args->profile;
    uint32_t contacts = 2 * plan_callers_max(p);
    return (struct acd_limits){.contacts_max = contacts > CONTACTS_MIN ? contacts : CONTACTS_MIN,
                               .agents_max = plan_agents_n(p) + (args->has_cast ? CAST_STAFF_N : 0),
                               .queues_max = p->services_n,
                               .lanes_max =
                                   contacts < LANES_MAX ? LANES_MIN + contacts : LANES_MAX};
}

struct acd_limits sim_limits(const struct sim *sim)
{
    return limits_for(&sim->args);
}

static struct kpi_limits kpi_limits_for(const struct sim_args *args)
{
    ms_t length_ms = args->until_at - args->from_at;
    uint64_t quarters = (uint64_t)(length_ms / KPI_QUARTER_MS) + QUARTERS_MORE, week = 0, most = 0;
    for (unsigned d = 0; d < WEEK_DAYS; d++) {
        week += args->profile->arrivals[d];
        most = args->profile->arrivals[d] > most ? args->profile->arrivals[d] : most;
    }
    /* Two weeks of people at most: 7 days of being followed, and 7 of their repeated calls. */
    uint64_t days = (uint64_t)(length_ms / DAY_MS) + 1;
    uint64_t persons = (days < 7 ? most * days : 2 * week) * 5 / 4 + 1000;
    return (struct kpi_limits){
        .intervals_max = (uint32_t)(quarters < KPI_INTERVALS_MAX ? quarters : KPI_INTERVALS_MAX),
        .persons_max = (uint32_t)(persons < KPI_PERSONS_MAX ? persons : KPI_PERSONS_MAX)};
}

static bool take_memory(struct sim *sim)
{
    sim->app_memory = take(app_bytes(&sim->limits));
    sim->acd_memory = take(acd_bytes(&sim->limits));
    sim->twin_memory = sim->args.forgets ? NULL : take(acd_bytes(&sim->limits));
    sim->kpi_memory = take(kpi_bytes(&sim->kpi_limits));
    sim->world_memory = take(plan_world_bytes(sim->args.profile));
    sim->cast_memory = sim->args.has_cast ? take(cast_bytes()) : NULL;
    return sim->app_memory && sim->acd_memory && (sim->twin_memory || sim->args.forgets) &&
           sim->kpi_memory && sim->world_memory && (sim->cast_memory || !sim->args.has_cast);
}

static void open_cast(struct sim *sim)
{
    const struct sim_args *a = &sim->args;
    if (!a->has_cast)
        return;
    assert(!a->crash_at); /* the cast does not outlive the house */
    sim->cast = cast_open(sim->cast_memory,
                          &(struct cast_args){.seed = a->seed,
                                              .from_at = a->from_at,
                                              .first_agent = plan_agents_n(a->profile) + 1});
    cast_meet(sim->cast, sim->acd);
    sim->phone.cast = sim->cast;
}

struct sim *sim_open(const struct sim_args *args)
{
    struct sim *sim = calloc(1, sizeof(*sim));
    if (!sim)
        return NULL;
    sim->args = *args;
    sim->limits = limits_for(args);
    sim->kpi_limits = kpi_limits_for(args);
    sim_disk_open(&sim->disk, args->seed);
    if (!take_memory(sim)) {
        sim_drop(sim);
        return NULL;
    }
    sim->acd = acd_open(sim->acd_memory, &sim->limits);
    if (sim->twin_memory)
        sim->twin = acd_open(sim->twin_memory, &sim->limits);
    sim->world = plan_world_open(sim->world_memory,
                                 &(struct plan_world_args){.profile = args->profile,
                                                           .seed = args->seed,
                                                           .midnight_at = args->midnight_at,
                                                           .weekday = args->weekday,
                                                           .from_at = args->from_at,
                                                           .until_at = args->until_at,
                                                           .node = NODE});
    open_cast(sim);
    sim->phone.world = sim->world;
    sim->phone.disk = &sim->disk;
    sim->phone.faults = args->faults;
    sim_phone_open(&sim->phone, args->seed);
    sim->now_at = args->from_at;
    sim->next_crash_at = args->crash_at;
    sim->keeps_marks = args->crash_at != 0;
    sim->disk.lies = args->disk_lies;
    return sim;
}

void sim_drop(struct sim *sim)
{
    if (!sim)
        return;
    sim_journal_drop(sim->journal);
    sim_phone_drop(&sim->phone);
    sim_disk_drop(&sim->disk);
    free(sim->app_memory);
    free(sim->acd_memory);
    free(sim->twin_memory);
    free(sim->kpi_memory);
    free(sim->world_memory);
    free(sim->cast_memory);
    free(sim);
}

void sim_start_journal(struct sim *sim)
{
    sim->epoch++;
    sim->app = NULL; /* it speaks to the journal that goes now */
    const struct sim_args *a = &sim->args;
    struct sim_journal_args args = {
        .disk = &sim->disk,
        .ring_events = a->ring_events ? a->ring_events : SIM_RING_EVENTS,
        .commit_ms_min = COMMIT_MS_MIN,
        .commit_ms_max = COMMIT_MS_MAX,
        .stall_ppm = a->stall_ppm,
        .stall_ms = a->stall_ms,
        .down_from_at = a->down_from_at,
        .down_to_at = a->down_to_at,
        .on_append = sim->keeps_marks ? sim_mark : NULL,
        .arg = sim,
        .forgets = a->forgets,
        .seed = a->seed + sim->epoch,
    };
    sim_journal_drop(sim->journal);
    sim->journal = sim_journal_open(&args);
    sim_journal_time(sim->journal, sim->now_at);
    sim->phone.journal = sim_journal_port(sim->journal);
}

static void set_time(struct sim *sim, ms_t now_at)
{
    sim->now_at = now_at;
    sim->phone.now_at = now_at;
    sim_journal_time(sim->journal, now_at);
}

bool sim_start_app(struct sim *sim)
{
    set_time(sim, sim->now_at);
    acd_clear(sim->acd);
    sim->kpi = kpi_open(sim->kpi_memory, &sim->kpi_limits,
                        &(struct kpi_args){sim->args.from_at, sim->args.offset_ms});
    sim->app = app_open(sim->app_memory, &sim->limits,
                        &(struct app_args){.acd = sim->acd,
                                           .journal = sim_journal_port(sim->journal),
                                           .edges = &sim->phone.port,
                                           .epoch = sim->epoch,
                                           .snapshot_events = sim->args.snapshot_events,
                                           .node = NODE,
                                           .is_simulated = true,
                                           .seed = sim->args.seed});
    app_on_event(sim->app, on_event, sim);
    sim->day_closed_at = 0;
    sim->disk.crash_at = sim->next_crash_at;
    if (app_start(sim->app, sim->now_at))
        return sim_broken(sim, "le journal qui a survécu ne se relit pas");
    return true;
}

static void command(struct sim *sim, const struct command *cmd)
{
    sim->totals.commands_n++;
    enum acd_verdict verdict = app_command(sim->app, cmd, sim->now_at);
    sim->totals.refused_n += verdict >= ACD_REFUSED_UNKNOWN;
}

static ms_t least(ms_t a, ms_t b)
{
    return a < b ? a : b;
}

static ms_t next_at(const struct sim *sim)
{
    ms_t at = least(sim_journal_next_at(sim->journal), app_next_at(sim->app));
    ms_t cast_at = sim->cast ? cast_next_at(sim->cast) : MS_NEVER;
    at = least(at, least(sim_phone_next_at(&sim->phone), plan_world_next_at(sim->world)));
    return least(at, cast_at);
}

/* Everything due at now_at, one thing; the loop comes back for the next. */
static void turn(struct sim *sim)
{
    struct command cmd;
    if (sim_journal_next_at(sim->journal) <= sim->now_at) {
        if (sim_journal_run(sim->journal, sim->now_at))
            app_run(sim->app, sim->now_at);
    } else if (app_next_at(sim->app) <= sim->now_at) {
        app_run(sim->app, sim->now_at);
    } else if (sim_phone_next_at(&sim->phone) <= sim->now_at) {
        if (sim_phone_due(&sim->phone, &cmd))
            command(sim, &cmd);
    } else if (sim->cast && cast_next_at(sim->cast) <= sim->now_at) {
        if (cast_due(sim->cast, sim->now_at, &cmd))
            command(sim, &cmd);
    } else if (plan_world_due(sim->world, sim->now_at, &cmd)) {
        for (unsigned n = sim_phone_hear(&sim->phone, &cmd); n; n--)
            command(sim, &cmd);
    }
}

/* The house is empty: no leg, no report on its way, nothing that waits for the journal. */
static bool is_over(const struct sim *sim)
{
    struct app_status status;
    if (sim->now_at < sim->args.until_at || !plan_world_is_quiet(sim->world) ||
        sim_phone_next_at(&sim->phone) != MS_NEVER || (sim->cast && !cast_is_over(sim->cast)))
        return false;
    app_status(sim->app, &status);
    return !status.backlog_n && !status.held_n && !status.gap_n &&
           status.committed_id == status.last_id;
}

static bool run_until_empty(struct sim *sim)
{
    ms_t end_at = sim->args.until_at + SIM_DRAIN_MS_MAX;
    while (!is_over(sim)) {
        ms_t at = next_at(sim);
        if (at > end_at)
            return sim_broken(sim, "la maison ne se vide pas un jour après le dernier appel");
        if (at > sim->now_at)
            set_time(sim, at);
        turn(sim);
        if (sim->disk.is_dead && !sim_crash(sim))
            return false;
        if (sim->totals.broken)
            return false;
    }
    return true;
}

static void sum_up(struct sim *sim)
{
    struct sim_totals *t = &sim->totals;
    struct sim_journal_totals j = sim_journal_totals(sim->journal);
    t->state_hash = acd_hash(sim->acd);
    t->bytes_hash = j.bytes_hash;
    t->events_n = acd_last_id(sim->acd);
    t->event_bytes_n = j.bytes_n;
    t->commits_n += j.commits_n;
    t->stalls_n += j.stalls_n;
    t->snapshots_n += j.snapshots_n;
    t->effects_n = sim->phone.effects_n;
    t->late_n = sim->phone.late_n;
    t->lost_n = sim->phone.lost_n;
    t->doubled_n = sim->phone.doubled_n;
    t->ops_n = sim->disk.ops_n;
    t->ended_at = sim->now_at;
    t->world = plan_world_counts(sim->world);
    if (sim->app)
        app_status(sim->app, &t->app);
}

/* The last day is closed: every call that was pending gets its class. A crash may forget that it
 * was; then it is closed again. */
static bool close_day(struct sim *sim)
{
    const struct command close = {.kind = CMD_DAY_CLOSE};
    ms_t at = sim->now_at;
    do {
        command(sim, &close);
        if ((sim->disk.is_dead && !sim_crash(sim)) || !run_until_empty(sim))
            return false;
    } while (sim->day_closed_at < at);
    return true;
}

bool sim_run(struct sim *sim)
{
    sim_start_journal(sim);
    bool ok = sim_start_app(sim) && (!sim->disk.is_dead || sim_crash(sim)) && run_until_empty(sim);
    ok = ok && close_day(sim);
    sum_up(sim);
    if (sim->phone.early_id)
        sim_broken(sim, "une promesse est sortie avant son enregistrement");
    const char *rule = ok && !sim->args.forgets ? sim_check(sim) : NULL;
    if (rule)
        sim_broken(sim, rule);
    return !sim->totals.broken;
}

struct sim_totals sim_totals(const struct sim *sim)
{
    return sim->totals;
}

const struct kpi *sim_kpi(const struct sim *sim)
{
    return sim->kpi;
}

const struct cast *sim_cast(const struct sim *sim)
{
    return sim->cast;
}

bool sim_events(const struct sim *sim, journal_event_fn *fn, void *arg)
{
    const struct journal_port *port = sim_journal_port(sim->journal);
    uint64_t last_good_id;
    return !port->read(port->arg, 0, fn, arg, &last_good_id);
}
