/* crash.c — the process died at an op: what survived, what the twins say, the restart.
 * Called by run.c. Cost: two replays. Three states must have one hash at the last event that
 * survived: the live one when it was appended, the replay from 0, the snapshot and its tail.
 * Invariant: nothing that was said to be committed is lost. */
#include "sim/state.h"

void sim_mark(uint64_t last_id, void *arg)
{
    struct sim *sim = arg;
    const struct journal_port *port = sim_journal_port(sim->journal);
    /* The one of the last commit is kept: a crash may leave just that. */
    while (sim->marks_n > 1 &&
           sim->marks[(sim->marks_first + 1) % SIM_MARKS_MAX].id <= port->committed_id(port->arg)) {
        sim->marks_first = (sim->marks_first + 1) % SIM_MARKS_MAX;
        sim->marks_n--;
    }
    if (sim->marks_n == SIM_MARKS_MAX) {
        sim_broken(sim, "trop d’écritures en attente pour comparer les jumeaux");
        return;
    }
    sim->marks[(sim->marks_first + sim->marks_n++) % SIM_MARKS_MAX] =
        (struct sim_mark){last_id, acd_hash(sim->acd)};
}

/* The hash that the live state had at this event; 0: it is not the end of an append. */
static uint64_t live_hash(const struct sim *sim, uint64_t id)
{
    for (uint32_t i = 0; i < sim->marks_n; i++) {
        const struct sim_mark *m = &sim->marks[(sim->marks_first + i) % SIM_MARKS_MAX];
        if (m->id == id)
            return m->hash;
    }
    return 0;
}

struct replay {
    struct acd *acd;
    struct kpi *kpi; /* may be NULL */
};

static bool replay_one(const struct event *ev, void *arg)
{
    struct replay *r = arg;
    if (ev->id > acd_last_id(r->acd))
        acd_apply(r->acd, ev);
    if (r->kpi)
        kpi_fold(r->kpi, ev);
    return true;
}

bool sim_replay(struct sim *sim, uint64_t *hash, struct kpi *kpi)
{
    struct replay r = {.acd = sim->twin, .kpi = kpi};
    acd_clear(sim->twin);
    if (!sim_events(sim, replay_one, &r))
        return sim_broken(sim, "le journal qui a survécu ne se relit pas");
    *hash = acd_hash(sim->twin);
    return true;
}

static bool check_snapshot(struct sim *sim, uint64_t hash)
{
    const struct journal_port *port = sim_journal_port(sim->journal);
    struct journal_snapshot s;
    struct replay r = {.acd = sim->twin};
    uint64_t last_good_id;
    if (port->snapshot_get(port->arg, &s))
        return true; /* none yet */
    acd_clear(sim->twin);
    if (!acd_image_load(sim->twin, s.bytes, s.n) || acd_hash(sim->twin) != s.hash)
        return sim_broken(sim, "un instantané ne redonne pas son état");
    if (port->read(port->arg, s.last_id, replay_one, &r, &last_good_id))
        return sim_broken(sim, "le journal qui a survécu ne se relit pas");
    sim->totals.from_snapshot_n++;
    if (acd_hash(sim->twin) != hash)
        return sim_broken(sim, "l’instantané et sa suite donnent un autre état que le journal");
    return true;
}

static bool check_twins(struct sim *sim)
{
    uint64_t hash = 0, live, last_id;
    if (!sim_replay(sim, &hash, NULL))
        return false;
    last_id = acd_last_id(sim->twin);
    if (last_id) {
        live = live_hash(sim, last_id);
        if (!live)
            return sim_broken(sim, "le journal ne s’arrête pas à la fin d’une écriture");
        if (live != hash)
            return sim_broken(sim, "l’état relu n’est pas celui qui vivait");
    }
    sim->totals.twins_n++;
    return check_snapshot(sim, hash);
}

/* The last mark is all that is left of the life before. */
static void keep_last_mark(struct sim *sim)
{
    uint64_t last_id = acd_last_id(sim->twin), hash = acd_hash(sim->twin);
    sim->marks_first = 0;
    sim->marks_n = last_id ? 1 : 0;
    sim->marks[0] = (struct sim_mark){last_id, hash};
}

static void add_totals(struct sim *sim)
{
    struct sim_journal_totals j = sim_journal_totals(sim->journal);
    sim->totals.commits_n += j.commits_n;
    sim->totals.stalls_n += j.stalls_n;
    sim->totals.snapshots_n += j.snapshots_n;
}

static bool restart(struct sim *sim, uint64_t committed_id)
{
    sim_disk_reboot(&sim->disk);
    sim_phone_crash(&sim->phone);
    plan_world_crash(sim->world, sim->now_at, sim->now_at + SIM_RESTART_MS);
    sim->now_at += SIM_RESTART_MS;
    bool is_late = sim->now_at > sim->args.until_at + SIM_CRASHES_AFTER_MS;
    uint64_t every = is_late ? 0 : sim->args.crash_every;
    sim->next_crash_at = every ? sim->disk.ops_n + every : 0;
    sim_start_journal(sim);
    const struct journal_port *port = sim_journal_port(sim->journal);
    if (port->committed_id(port->arg) < committed_id)
        return sim_broken(sim, "un événement enregistré a été perdu");
    if (!check_twins(sim))
        return false;
    keep_last_mark(sim);
    return sim_start_app(sim);
}

bool sim_crash(struct sim *sim)
{
    while (sim->disk.is_dead) {
        const struct journal_port *port = sim_journal_port(sim->journal);
        sim->totals.crashes_n++;
        add_totals(sim);
        if (!restart(sim, port->committed_id(port->arg)))
            return false;
    }
    return !sim->totals.broken;
}
