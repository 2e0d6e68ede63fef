/* lane.c — see lane.h.
 * Called by apply; the finders also by match and step. Cost: O(log waiting) to push and pull; a new
 * lane walks the pools of its queue once to count who may serve it.
 * Invariant: a lane that a contact names exists; eligible_n is exact (acd_check). */
#include "acd/lane.h"

/* (queue, scope, scope_id) as a key of the map of chains. */
static uint64_t chain_key(uint32_t queue, unsigned scope, uint32_t scope_id)
{
    return ((uint64_t)queue + 1) << 35 | (uint64_t)scope << 32 | scope_id;
}

struct lane_key lane_key_of(const struct contact *c, unsigned scope)
{
    const uint32_t ids[SCOPES] = {c->portfolio_id, c->site_id, c->area_id, 0, c->portfolio_id};
    return (struct lane_key){.needs = c->needs,
                             .queue = c->queue,
                             .scope_id = ids[scope],
                             .scope = (uint8_t)scope,
                             .medium = c->medium,
                             .is_soft = c->needs_s != 0,
                             .is_dialled = (c->flags & CONTACT_DIALLED) != 0};
}

struct lane_key lane_key_widest(const struct contact *c)
{
    struct lane_key key = lane_key_of(c, RING_NETWORK);
    if (key.is_soft)
        key.needs = key.is_soft = 0;
    return key;
}

uint32_t lane_chain(const struct acd *a, uint32_t queue, unsigned scope, uint32_t scope_id)
{
    return map_get(&a->chains, chain_key(queue, scope, scope_id));
}

static bool is_of(const struct lane *l, const struct lane_key *key)
{
    return l->needs == key->needs && l->medium == key->medium && l->is_soft == key->is_soft &&
           l->is_dialled == key->is_dialled;
}

uint32_t lane_find(const struct acd *a, const struct lane_key *key)
{
    uint32_t i = lane_chain(a, key->queue, key->scope, key->scope_id);
    while (i != SLOT_NONE && !is_of(&a->lanes[i], key))
        i = a->lanes[i].chain_next;
    return i;
}

bool lane_has_room(const struct acd *a, uint32_t n)
{
    return a->limits.lanes_max - a->k.lanes_named_n >= n;
}

uint32_t lane_scope_id(const struct pool *p, unsigned scope)
{
    const uint32_t ids[SCOPES] = {p->portfolio_id, p->site_id, p->area_id, 0, p->portfolio_id};
    return ids[scope];
}

bool lane_admits(const struct lane *lane, const struct pool *pool)
{
    if (lane->needs & ~pool->skills || !pool->capacity[lane->medium])
        return false;
    return lane_scope_id(pool, lane->scope) == lane->scope_id;
}

static uint32_t count_eligible(const struct acd *a, const struct lane *lane)
{
    uint32_t n = 0;
    for (uint32_t m = a->queues[lane->queue].members; m != SLOT_NONE; m = a->members[m].next) {
        const struct pool *pool = &a->pools[m / POOL_QUEUES];
        if (pool->signed_n && lane_admits(lane, pool))
            n += pool->signed_n;
    }
    return n;
}

uint32_t lane_eligible(const struct acd *a, const struct lane_key *key)
{
    uint32_t i = lane_find(a, key);
    if (i != SLOT_NONE)
        return a->lanes[i].eligible_n;
    const struct lane like = {.needs = key->needs,
                              .queue = key->queue,
                              .scope = key->scope,
                              .scope_id = key->scope_id,
                              .medium = key->medium};
    return count_eligible(a, &like);
}

void lane_chain_in(struct acd *a, uint32_t lane)
{
    struct lane *l = &a->lanes[lane];
    uint64_t chain = chain_key(l->queue, l->scope, l->scope_id);
    l->chain_next = map_get(&a->chains, chain);
    map_put(&a->chains, chain, lane);
}

static void chain_out(struct acd *a, uint32_t lane)
{
    const struct lane *l = &a->lanes[lane];
    uint64_t chain = chain_key(l->queue, l->scope, l->scope_id);
    uint32_t i = map_get(&a->chains, chain);
    if (i != lane) {
        while (a->lanes[i].chain_next != lane)
            i = a->lanes[i].chain_next;
        a->lanes[i].chain_next = l->chain_next;
    } else if (l->chain_next != SLOT_NONE) {
        map_put(&a->chains, chain, l->chain_next);
    } else {
        map_remove(&a->chains, chain);
    }
}

/* Lanes that nobody names stay as they are, counts and all, in the order in which they were left:
 * most will be named again. The oldest gives way when there is no unused slot. */
static void spare_add(struct acd *a, uint32_t lane)
{
    struct lane *l = &a->lanes[lane];
    l->spare_next = SLOT_NONE;
    l->spare_prev = a->k.spare_last;
    if (l->spare_prev != SLOT_NONE)
        a->lanes[l->spare_prev].spare_next = lane;
    else
        a->k.spare_first = lane;
    a->k.spare_last = lane;
}

static void spare_remove(struct acd *a, uint32_t lane)
{
    struct lane *l = &a->lanes[lane];
    if (l->spare_next != SLOT_NONE)
        a->lanes[l->spare_next].spare_prev = l->spare_prev;
    else
        a->k.spare_last = l->spare_prev;
    if (l->spare_prev != SLOT_NONE)
        a->lanes[l->spare_prev].spare_next = l->spare_next;
    else
        a->k.spare_first = l->spare_next;
}

static uint32_t lane_slot(struct acd *a)
{
    if (a->k.lanes_n < a->limits.lanes_max)
        return a->k.lanes_n++;
    uint32_t oldest = a->k.spare_first;
    assert(oldest != SLOT_NONE);
    spare_remove(a, oldest);
    chain_out(a, oldest);
    return oldest;
}

static uint32_t lane_make(struct acd *a, const struct lane_key *key)
{
    uint32_t i = lane_slot(a);
    a->lanes[i] = (struct lane){.needs = key->needs,
                                .queue = key->queue,
                                .scope = key->scope,
                                .scope_id = key->scope_id,
                                .medium = key->medium,
                                .is_soft = key->is_soft,
                                .is_dialled = key->is_dialled,
                                .waiting = TREE_EMPTY};
    lane_chain_in(a, i);
    a->lanes[i].eligible_n = count_eligible(a, &a->lanes[i]);
    return i;
}

uint32_t lane_keep(struct acd *a, const struct lane_key *key)
{
    uint32_t i = lane_find(a, key);
    if (i == SLOT_NONE)
        i = lane_make(a, key);
    else if (!a->lanes[i].refs)
        spare_remove(a, i);
    if (!a->lanes[i].refs++)
        a->k.lanes_named_n++;
    return i;
}

void lane_release(struct acd *a, uint32_t lane)
{
    if (lane == SLOT_NONE)
        return; /* a contact without an advisor */
    assert(a->lanes[lane].refs > 0);
    if (--a->lanes[lane].refs)
        return;
    a->k.lanes_named_n--;
    spare_add(a, lane);
}

/* Contacts of a lane must move on when nobody signed in may take them: to the next ring; in the
 * widest one to anyone, when what they want may be lifted; or, after the published closing, out. */
static bool must_move(const struct acd *a, const struct lane *l)
{
    if (!l->n || l->eligible_n || l->scope == SCOPE_ADVISOR_TOO)
        return false;
    return l->scope != RING_NETWORK || l->is_soft ||
           a->queues[l->queue].hours == HOURS_CLOSED_PUBLISHED;
}

void lane_refresh_orphan(struct acd *a, uint32_t lane)
{
    struct lane *l = &a->lanes[lane];
    bool must = must_move(a, l);
    if (must == l->is_orphan)
        return;
    l->is_orphan = must;
    if (must) {
        l->orphan_prev = SLOT_NONE;
        l->orphan_next = a->k.orphans;
        if (l->orphan_next != SLOT_NONE)
            a->lanes[l->orphan_next].orphan_prev = lane;
        a->k.orphans = lane;
        return;
    }
    if (l->orphan_prev != SLOT_NONE)
        a->lanes[l->orphan_prev].orphan_next = l->orphan_next;
    else
        a->k.orphans = l->orphan_next;
    if (l->orphan_next != SLOT_NONE)
        a->lanes[l->orphan_next].orphan_prev = l->orphan_prev;
}

void lane_push(struct acd *a, uint32_t lane, uint32_t node)
{
    struct lane *l = &a->lanes[lane];
    tree_insert(&l->waiting, a->nodes, node);
    l->n++;
    a->queues[l->queue].scope_n[l->scope]++;
    lane_refresh_orphan(a, lane);
}

void lane_pull(struct acd *a, uint32_t lane, uint32_t node)
{
    struct lane *l = &a->lanes[lane];
    tree_remove(&l->waiting, a->nodes, node);
    l->n--;
    a->queues[l->queue].scope_n[l->scope]--;
    lane_refresh_orphan(a, lane);
}

void lane_count(struct acd *a, uint32_t lane, int n_by, uint64_t id)
{
    struct lane *l = &a->lanes[lane];
    l->eligible_n += (uint32_t)n_by;
    if (n_by < 0 && !l->eligible_n)
        l->served_id = id;
    lane_refresh_orphan(a, lane);
}
