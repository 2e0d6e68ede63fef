/* pool.c — see pool.h.
 * Called by apply. Cost: signing in or out touches the lanes of the agent's queues and scopes;
 * going idle is O(1), since who becomes idle last stands last. Invariant: pools with equal content
 * are one pool; idle lists are in order of (idle_at, id). */
#include <string.h>

#include "acd/lane.h"
#include "acd/pool.h"
#include "base/hash.h"

static uint64_t content_key(const struct pool *p)
{
    uint64_t h = hash_fold(1, p->skills);
    h = hash_fold(h, (uint64_t)p->site_id << 32 | p->area_id);
    h = hash_fold(h, (uint64_t)p->portfolio_id << 8 | p->is_robot);
    for (unsigned m = 0; m < MEDIUM_N; m++)
        h = hash_fold(h, p->capacity[m]);
    for (unsigned i = 0; i < p->queues_n; i++)
        h = hash_fold(h, p->queues[i]);
    return h ? h : 1;
}

bool pool_is_same(const struct pool *a, const struct pool *b)
{
    return a->skills == b->skills && a->site_id == b->site_id && a->area_id == b->area_id &&
           a->portfolio_id == b->portfolio_id && a->is_robot == b->is_robot &&
           a->queues_n == b->queues_n && !memcmp(a->capacity, b->capacity, sizeof(a->capacity)) &&
           !memcmp(a->queues, b->queues, a->queues_n * sizeof(a->queues[0]));
}

static void join_queues(struct acd *a, uint32_t pool)
{
    const struct pool *p = &a->pools[pool];
    for (uint32_t i = 0; i < p->queues_n; i++) {
        struct queue *q = &a->queues[p->queues[i]];
        uint32_t m = pool * POOL_QUEUES + i;
        a->members[m] = (struct member){.next = q->members, .prev = SLOT_NONE};
        if (q->members != SLOT_NONE)
            a->members[q->members].prev = m;
        q->members = m;
    }
}

static void leave_queues(struct acd *a, uint32_t pool)
{
    const struct pool *p = &a->pools[pool];
    for (uint32_t i = 0; i < p->queues_n; i++) {
        const struct member *m = &a->members[pool * POOL_QUEUES + i];
        if (m->prev != SLOT_NONE)
            a->members[m->prev].next = m->next;
        else
            a->queues[p->queues[i]].members = m->next;
        if (m->next != SLOT_NONE)
            a->members[m->next].prev = m->prev;
    }
}

static uint32_t pool_make(struct acd *a, const struct pool *want, uint64_t key)
{
    uint32_t i = a->k.pool_free;
    if (i != SLOT_NONE)
        a->k.pool_free = a->pools[i].agents_n;
    else
        i = a->k.pools_n++;
    struct pool *p = &a->pools[i];
    *p = *want;
    p->map_key = key;
    p->agents_n = p->signed_n = p->active_n = 0;
    for (unsigned m = 0; m < MEDIUM_N; m++)
        p->idle_first[m] = p->idle_last[m] = SLOT_NONE;
    map_put(&a->pool_keys, key, i);
    join_queues(a, i);
    return i;
}

uint32_t pool_keep(struct acd *a, const struct pool *want)
{
    uint64_t key = content_key(want);
    uint32_t i = map_get(&a->pool_keys, key);
    while (i != SLOT_NONE && !pool_is_same(&a->pools[i], want)) {
        key = key + 1 ? key + 1 : 1; /* two contents, one key: practically never */
        i = map_get(&a->pool_keys, key);
    }
    if (i == SLOT_NONE)
        i = pool_make(a, want, key);
    struct pool *p = &a->pools[i];
    p->agents_n++;
    for (unsigned q = 0; q < p->queues_n; q++)
        a->queues[p->queues[q]].agents_n++;
    return i;
}

void pool_release(struct acd *a, uint32_t pool)
{
    struct pool *p = &a->pools[pool];
    for (unsigned q = 0; q < p->queues_n; q++)
        a->queues[p->queues[q]].agents_n--;
    if (--p->agents_n)
        return;
    assert(!p->signed_n);
    leave_queues(a, pool);
    map_remove(&a->pool_keys, p->map_key);
    p->map_key = 0; /* marks a free slot */
    p->agents_n = a->k.pool_free;
    a->k.pool_free = pool;
}

struct signing {
    const struct pool *pool;
    int n_by;
    uint64_t id;
};

static void count_chain(struct acd *a, uint32_t lane, const struct signing *s)
{
    for (uint32_t i = lane; i != SLOT_NONE; i = a->lanes[i].chain_next)
        if (lane_admits(&a->lanes[i], s->pool))
            lane_count(a, i, s->n_by, s->id);
}

uint32_t pool_active_n(const struct acd *a, uint32_t queue)
{
    uint32_t n = 0;
    for (uint32_t m = a->queues[queue].members; m != SLOT_NONE; m = a->members[m].next)
        n += a->pools[m / POOL_QUEUES].active_n;
    return n;
}

void pool_count_signed(struct acd *a, uint32_t pool, int n_by, uint64_t id)
{
    struct pool *p = &a->pools[pool];
    p->signed_n += (uint32_t)n_by;
    const struct signing s = {p, n_by, id};
    for (unsigned q = 0; q < p->queues_n; q++)
        for (unsigned scope = 0; scope < SCOPES; scope++)
            count_chain(a, lane_chain(a, p->queues[q], scope, lane_scope_id(p, scope)), &s);
}

unsigned acd_agent_open_media(const struct acd *a, const struct agent *agent)
{
    if (agent->state != AGENT_STATE_READY || agent->plan_leaves || agent->plan_pause)
        return 0;
    const struct pool *p = &a->pools[agent->pool];
    unsigned mask = 0, load = 0;
    for (unsigned m = 0; m < MEDIUM_N; m++) {
        load += agent->load[m];
        if (agent->load[m] < p->capacity[m])
            mask |= 1u << m;
    }
    if (agent->load[MEDIUM_VOICE])
        return 0;
    return load ? mask & ~(1u << MEDIUM_VOICE) : mask;
}

static void idle_unlink(struct acd *a, uint32_t agent, unsigned m)
{
    struct agent *g = &a->agents[agent];
    struct pool *p = &a->pools[g->pool];
    if (g->idle_prev[m] != SLOT_NONE)
        a->agents[g->idle_prev[m]].idle_next[m] = g->idle_next[m];
    else
        p->idle_first[m] = g->idle_next[m];
    if (g->idle_next[m] != SLOT_NONE)
        a->agents[g->idle_next[m]].idle_prev[m] = g->idle_prev[m];
    else
        p->idle_last[m] = g->idle_prev[m];
    g->idle_mask &= (uint8_t) ~(1u << m);
    a->k.idle_n[m]--;
}

static bool idles_longer(const struct agent *x, const struct agent *y)
{
    return x->idle_at != y->idle_at ? x->idle_at < y->idle_at : x->id < y->id;
}

static void idle_link(struct acd *a, uint32_t agent, unsigned m)
{
    struct agent *g = &a->agents[agent];
    struct pool *p = &a->pools[g->pool];
    uint32_t after = p->idle_last[m];
    if (p->idle_first[m] != SLOT_NONE && idles_longer(g, &a->agents[p->idle_first[m]]))
        after = SLOT_NONE; /* an offer withdrawn: it was the longest idle */
    while (after != SLOT_NONE && idles_longer(g, &a->agents[after]))
        after = a->agents[after].idle_prev[m];
    g->idle_prev[m] = after;
    g->idle_next[m] = after == SLOT_NONE ? p->idle_first[m] : a->agents[after].idle_next[m];
    if (after == SLOT_NONE)
        p->idle_first[m] = agent;
    else
        a->agents[after].idle_next[m] = agent;
    if (g->idle_next[m] == SLOT_NONE)
        p->idle_last[m] = agent;
    else
        a->agents[g->idle_next[m]].idle_prev[m] = agent;
    g->idle_mask |= (uint8_t)(1u << m);
    a->k.idle_n[m]++;
}

void acd_agent_refresh_idle(struct acd *a, uint32_t agent)
{
    struct agent *g = &a->agents[agent];
    unsigned want = acd_agent_open_media(a, g);
    for (unsigned m = 0; m < MEDIUM_N; m++) {
        bool is_in = g->idle_mask & 1u << m, must = want & 1u << m;
        if (is_in && !must)
            idle_unlink(a, agent, m);
        else if (!is_in && must)
            idle_link(a, agent, m);
    }
}
