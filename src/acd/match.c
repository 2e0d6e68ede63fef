/* match.c — who answers whom.
 * Two directions, because either side may be the one that was missing: a contact looks for the
 * longest-idle agent of its narrowest open ring; an agent looks for the first contact by key (place
 * − head start) among those it may take. Between steps no pair that could meet waits on both sides,
 * so looking for the side that changed is enough. Called by step only. Cost: contact: the pools of
 * its queue, and none when nobody is idle; agent: five lanes chains for each of its queues. The day
 * a queue has thousands of idle pools, keep a heap of pool heads per queue. Invariant: never leaves
 * a ready agent and a contact it could take (prop/rules.c). */
#include "acd/lane.h"
#include "acd/match.h"
#include "acd/pool.h"

/* The narrowest ring that has both, open or not; CONTACT_RINGS: none. */
static unsigned ring_of_both(const struct contact *c, const struct pool *pool)
{
    if (c->needs & ~pool->skills || !pool->capacity[c->medium])
        return CONTACT_RINGS;
    if (c->portfolio_id && c->portfolio_id == pool->portfolio_id)
        return RING_ADVISOR;
    if (c->site_id && c->site_id == pool->site_id)
        return RING_SITE;
    if (c->area_id && c->area_id == pool->area_id)
        return RING_AREA;
    return RING_NETWORK;
}

unsigned match_ring(const struct contact *c, const struct pool *pool)
{
    unsigned ring = ring_of_both(c, pool);
    return ring <= c->ring ? ring : CONTACT_RINGS;
}

/* Nobody is called while it is closed, nor while those are looked after whom a process has lost. */
static bool is_shut(const struct acd *a, uint32_t queue)
{
    return a->queues[queue].hours != HOURS_OPEN || a->k.lost_n;
}

struct match match_contact(const struct acd *a, uint32_t contact)
{
    const struct contact *c = &a->contacts[contact];
    struct match best = {contact, SLOT_NONE, RING_NETWORK, false};
    if (!a->k.idle_n[c->medium] || (c->flags & CONTACT_DIALLED && is_shut(a, c->queue)))
        return best;
    unsigned best_ring = CONTACT_RINGS;
    for (uint32_t m = a->queues[c->queue].members; m != SLOT_NONE; m = a->members[m].next) {
        const struct pool *pool = &a->pools[m / POOL_QUEUES];
        uint32_t first = pool->idle_first[c->medium];
        if (first == SLOT_NONE)
            continue;
        unsigned ring = match_ring(c, pool);
        if (ring == CONTACT_RINGS || ring > best_ring)
            continue;
        const struct agent *g = &a->agents[first];
        const struct agent *b = best.agent == SLOT_NONE ? NULL : &a->agents[best.agent];
        bool longer = !b || g->idle_at < b->idle_at || (g->idle_at == b->idle_at && g->id < b->id);
        if (ring < best_ring || longer) {
            best_ring = ring;
            best.agent = first;
        }
    }
    if (best.agent != SLOT_NONE)
        best.ring = (enum ring)best_ring;
    return best;
}

ms_t match_opens_at(const struct acd *a, const struct contact *c)
{
    ms_t at = MS_NEVER;
    if (!a->k.idle_n[c->medium])
        return at;
    for (uint32_t m = a->queues[c->queue].members; m != SLOT_NONE; m = a->members[m].next) {
        const struct pool *pool = &a->pools[m / POOL_QUEUES];
        if (pool->idle_first[c->medium] == SLOT_NONE)
            continue;
        unsigned ring = ring_of_both(c, pool);
        if (ring > RING_ADVISOR && ring < CONTACT_RINGS && c->ring_at[ring] < at)
            at = c->ring_at[ring];
    }
    return at;
}

#define PERCENT 100

struct seeking {
    const struct pool *pool;
    unsigned open; /* media, as bits */
    uint32_t node; /* the best so far, or SLOT_NONE */
    uint32_t live; /* the best of those whom we need not call */
};

static void note(const struct acd *a, uint32_t *best, uint32_t node)
{
    const struct tree_node *first = &a->nodes[node];
    if (*best == SLOT_NONE || tree_less(first->key, first->tie, &a->nodes[*best]))
        *best = node;
}

static void look_in_chain(const struct acd *a, uint32_t lane, struct seeking *s)
{
    for (uint32_t i = lane; i != SLOT_NONE; i = a->lanes[i].chain_next) {
        const struct lane *l = &a->lanes[i];
        if (!l->n || !(s->open & 1u << l->medium) || l->needs & ~s->pool->skills)
            continue;
        if (l->is_dialled && is_shut(a, l->queue))
            continue;
        note(a, &s->node, l->waiting.first);
        if (!l->is_dialled)
            note(a, &s->live, l->waiting.first);
    }
}

/* As many agents of its queue are kept for callbacks as may be, and somebody is there (§3.7). */
static bool is_past_share(const struct acd *a, const struct seeking *s)
{
    const struct contact *c = &a->contacts[contact_of_node(s->node)];
    const struct queue *q = &a->queues[c->queue];
    if (!(c->flags & CONTACT_DIALLED) || s->live == SLOT_NONE)
        return false;
    uint64_t share_n = (uint64_t)pool_active_n(a, c->queue) * q->share_percent / PERCENT;
    return q->reserved_n >= (share_n ? share_n : 1); /* one at least: nobody starves */
}

struct match match_agent(const struct acd *a, uint32_t agent)
{
    const struct agent *g = &a->agents[agent];
    struct match none = {SLOT_NONE, agent, RING_NETWORK, false};
    const struct pool *p = &a->pools[g->pool];
    struct seeking s = {p, acd_agent_open_media(a, g), SLOT_NONE, SLOT_NONE};
    if (!s.open)
        return none;
    for (unsigned q = 0; q < p->queues_n; q++) {
        if (!a->queues[p->queues[q]].waiting_n)
            continue;
        for (unsigned scope = 0; scope < SCOPES; scope++) {
            uint32_t id = lane_scope_id(p, scope);
            bool some = a->queues[p->queues[q]].scope_n[scope] && (id || scope == RING_NETWORK);
            if (some)
                look_in_chain(a, lane_chain(a, p->queues[q], scope, id), &s);
        }
    }
    if (s.node == SLOT_NONE)
        return none;
    bool by_share = is_past_share(a, &s);
    uint32_t contact = contact_of_node(by_share ? s.live : s.node);
    unsigned ring = match_ring(&a->contacts[contact], p);
    assert(ring < CONTACT_RINGS);
    return (struct match){contact, agent, (enum ring)ring, by_share};
}
