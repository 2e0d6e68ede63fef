/* check.c — the journal of a run, read again from its first event: one class per call, time that
 * never goes back, the same state and the same figures as those that lived.
 * Called by run.c at the end. Cost: one replay and two bits an event. */
#include <stdlib.h>
#include <string.h>

#include "sim/state.h"

struct check {
    uint8_t *arrived, *classed; /* owned: a bit per event id */
    uint64_t arrivals_n, classes_n, last_id;
    ms_t last_at;
    const char *broken;
};

static bool get(const uint8_t *bits, uint64_t id)
{
    return bits[id / 8] >> (id % 8) & 1;
}

static void set(uint8_t *bits, uint64_t id)
{
    bits[id / 8] |= (uint8_t)(1u << (id % 8));
}

static const char *check_outcome(struct check *c, const struct event *ev)
{
    uint64_t id = ev->call_outcome.call_id;
    if (id >= ev->id || !get(c->arrived, id))
        return "une classe a été donnée à un appel qui n’est pas arrivé";
    if (get(c->classed, id))
        return "un appel a reçu deux classes";
    if (ev->call_outcome.outcome == OUTCOME_NONE)
        return "un appel a reçu une classe vide";
    set(c->classed, id);
    c->classes_n++;
    return NULL;
}

static bool check_event(const struct event *ev, void *arg)
{
    struct check *c = arg;
    if (ev->at < c->last_at)
        c->broken = "le temps du journal recule";
    if (ev->id > c->last_id)
        c->broken = "le journal contient plus d’événements que l’état";
    c->last_at = ev->at;
    if (!c->broken && ev->kind == EV_CALL_ARRIVED) {
        set(c->arrived, ev->id);
        c->arrivals_n++;
    }
    if (!c->broken && ev->kind == EV_CALL_OUTCOME)
        c->broken = check_outcome(c, ev);
    return !c->broken;
}

static const char *check_classes(struct sim *sim)
{
    uint64_t last_id = acd_last_id(sim->acd);
    struct check c = {.last_id = last_id};
    c.arrived = calloc(last_id / 8 + 1, 1);
    c.classed = calloc(last_id / 8 + 1, 1);
    assert(c.arrived && c.classed);
    if (!sim_events(sim, check_event, &c) && !c.broken)
        c.broken = "le journal ne se relit pas";
    if (!c.broken && c.arrivals_n != c.classes_n)
        c.broken = "un appel n’a pas reçu de classe";
    free(c.arrived);
    free(c.classed);
    return c.broken;
}

static const char *check_replay(struct sim *sim)
{
    size_t n = kpi_bytes(&sim->kpi_limits);
    void *memory = aligned_alloc(ARENA_ALIGN, (n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN);
    assert(memory);
    struct kpi *kpi = kpi_open(memory, &sim->kpi_limits,
                               &(struct kpi_args){sim->args.from_at, sim->args.offset_ms});
    uint64_t hash;
    const char *rule = NULL;
    if (!sim_replay(sim, &hash, kpi))
        rule = "le journal ne se relit pas";
    else if (hash != acd_hash(sim->acd))
        rule = "l’état relu depuis le début n’est pas celui qui vivait";
    else if (memcmp(kpi, sim->kpi, n))
        rule = "les chiffres recalculés ne sont pas ceux qui ont été affichés";
    free(memory);
    return rule;
}

const char *sim_check(struct sim *sim)
{
    const char *rule = check_classes(sim);
    return rule ? rule : check_replay(sim);
}
