/* state.c — memory of the heart, its hash, and the walk that checks it.
 * Called at start, every 1,000 events (hash) and by tests (check).
 * Invariant: equal content, equal hash, whatever slots objects live in. */
#include "acd/lists.h"
#include "base/hash.h"

#define ACD_ALIGNED(p) (((uintptr_t)(p) % ARENA_ALIGN) == 0)

/* One code for counting and for handing out. */
static void lay_out(struct acd *a, struct arena *arena, const struct acd_limits *l)
{
    assert(l->contacts_max && l->agents_max && l->queues_max && l->lanes_max >= CONTACT_RINGS);
    assert(l->contacts_max <= ACD_POOL_MAX && l->agents_max <= ACD_POOL_MAX);
    assert(l->queues_max <= ACD_POOL_MAX && l->lanes_max <= ACD_POOL_MAX);
    a->contacts = arena_take(arena, l->contacts_max, sizeof(*a->contacts));
    a->nodes = arena_take(arena, (size_t)l->contacts_max * 2, sizeof(*a->nodes));
    a->agents = arena_take(arena, l->agents_max, sizeof(*a->agents));
    a->pools = arena_take(arena, (size_t)l->agents_max + 1, sizeof(*a->pools));
    a->members = arena_take(arena, ((size_t)l->agents_max + 1) * POOL_QUEUES, sizeof(*a->members));
    a->lanes = arena_take(arena, l->lanes_max, sizeof(*a->lanes));
    a->queues = arena_take(arena, l->queues_max, sizeof(*a->queues));
    map_open(&a->ids, arena, l->contacts_max * 3);
    map_open(&a->agent_ids, arena, l->agents_max);
    map_open(&a->queue_ids, arena, l->queues_max);
    map_open(&a->pool_keys, arena, l->agents_max + 1);
    map_open(&a->chains, arena, l->lanes_max);
    heap_open(&a->timers, arena, l->contacts_max + l->agents_max + l->queues_max);
}

size_t acd_bytes(const struct acd_limits *limits)
{
    struct arena arena = {0};
    struct acd probe;
    arena_take(&arena, 1, sizeof(struct acd));
    lay_out(&probe, &arena, limits);
    return arena.used;
}

struct acd *acd_open(void *memory, const struct acd_limits *limits)
{
    assert(memory && ACD_ALIGNED(memory));
    struct arena arena = {.base = memory, .size = acd_bytes(limits)};
    struct acd *a = arena_take(&arena, 1, sizeof(*a));
    a->limits = *limits;
    lay_out(a, &arena, limits);
    struct counters *k = &a->k;
    k->contact_free = k->agent_free = k->pool_free = k->lane_free = SLOT_NONE;
    k->orphans = k->pending = SLOT_NONE;
    return a;
}

void acd_clear(struct acd *a)
{
    struct acd_limits limits = a->limits;
    acd_open(a, &limits);
}

ms_t acd_last_at(const struct acd *a)
{
    return a->k.last_at;
}

uint64_t acd_last_id(const struct acd *a)
{
    return a->k.last_id;
}

bool acd_has_work(const struct acd *a)
{
    return a->k.lost_n || a->k.orphans != SLOT_NONE || a->k.day_left_n || a->k.sweeps_n;
}

ms_t acd_next_at(const struct acd *a)
{
    if (acd_has_work(a))
        return a->k.last_at;
    const struct heap_entry *first = heap_first(&a->timers);
    return first ? first->at : MS_NEVER;
}

static uint64_t fold_ms(uint64_t h, ms_t v)
{
    return hash_fold(h, (uint64_t)v);
}

static uint64_t hash_contact(const struct acd *a, const struct contact *c)
{
    uint64_t h = hash_fold(hash_fold(hash_fold(c->id, c->call_id), c->offer_id), c->person_id);
    h = hash_fold(hash_fold(hash_fold(h, c->needs), c->leg_id),
                  (uint64_t)c->leg_id << 16 | c->node);
    h = fold_ms(fold_ms(fold_ms(fold_ms(h, c->place_at), c->key_at), c->arrived_at), c->asked_at);
    h = fold_ms(fold_ms(fold_ms(fold_ms(h, c->wait_since_at), c->wait_ms), c->talk_ms), c->due_at);
    for (unsigned r = 0; r < CONTACT_RINGS; r++)
        h = fold_ms(h, c->ring_at[r]);
    h = fold_ms(fold_ms(fold_ms(fold_ms(h, c->tell_at), c->bound_at), c->told_at), c->longer_at);
    h = fold_ms(fold_ms(fold_ms(h, c->joined_at), c->not_before_at), c->drop_first_at);
    h = hash_fold(h, c->queue == SLOT_NONE ? 0 : a->queues[c->queue].id);
    h = hash_fold(h, c->agent == SLOT_NONE ? 0 : a->agents[c->agent].id);
    h = hash_fold(h, (uint64_t)c->site_id << 32 | c->area_id);
    h = hash_fold(h, (uint64_t)c->portfolio_id << 32 | c->entry_id);
    h = hash_fold(h, (uint64_t)c->reference << 32 | (uint64_t)c->flags << 16 | c->node);
    h = hash_fold(h, (uint64_t)c->state << 40 | (uint64_t)c->kind << 32 |
                         (uint64_t)c->medium << 24 | (uint64_t)c->channel << 16 |
                         (uint64_t)c->priority << 8 | c->ring);
    return hash_fold(h, (uint64_t)c->phase << 24 | (uint64_t)c->band << 16 |
                            (uint64_t)c->before_told << 8 | c->attempts_n);
}

static uint64_t hash_agent(const struct acd *a, const struct agent *g)
{
    const struct pool *p = &a->pools[g->pool];
    uint64_t h = hash_fold(hash_fold(g->id, p->skills), (uint64_t)p->site_id << 32 | p->area_id);
    h = hash_fold(h, (uint64_t)p->portfolio_id << 8 | p->is_robot);
    for (unsigned i = 0; i < p->queues_n; i++)
        h += hash_mix(a->queues[p->queues[i]].id);
    for (unsigned m = 0; m < MEDIUM_N; m++)
        h = hash_fold(h, (uint64_t)p->capacity[m] << 8 | g->load[m]);
    h = fold_ms(fold_ms(h, g->idle_at), g->until_at);
    h = hash_fold(h, g->offered == SLOT_NONE ? 0 : a->contacts[g->offered].id);
    h = hash_fold(h, g->queue == SLOT_NONE ? 0 : a->queues[g->queue].id);
    return hash_fold(h, (uint64_t)g->state << 32 | (uint64_t)g->pause << 24 |
                            (uint64_t)g->plan_pause << 16 | (uint64_t)g->plan_leaves << 8 |
                            g->is_auto_back_used);
}

static uint64_t hash_queue(const struct queue *q)
{
    uint64_t h = hash_fold(q->id, (uint64_t)q->waiting_n << 32 | q->agents_n);
    for (unsigned r = 0; r < CONTACT_RINGS; r++)
        h = fold_ms(h, q->ring_ms[r]);
    h = fold_ms(fold_ms(fold_ms(h, q->offer_ms), q->wrap_up_ms), q->short_ms);
    h = fold_ms(fold_ms(fold_ms(h, q->no_answer_back_ms), q->handle_ms), q->regain_ms);
    h = fold_ms(fold_ms(fold_ms(h, q->closing_lead_ms), q->closes_at), q->lead_at);
    h = hash_fold(fold_ms(fold_ms(h, q->opened_at), q->sweep_key_at), q->sweep_id);
    for (unsigned i = 0; i < ARRAY_LEN(q->rate); i++)
        h = hash_fold(h, (uint64_t)q->rate[i].minute << 32 | q->rate[i].left_n);
    return hash_fold(h, (uint64_t)q->hours << 16 | (uint64_t)q->sweep << 8 | q->is_production);
}

uint64_t acd_hash(const struct acd *a)
{
    const struct counters *k = &a->k;
    uint64_t sum = 0, h = fold_ms(hash_fold(k->last_id, k->epoch), k->last_at);
    for (uint32_t i = 0; i < k->contacts_n; i++)
        if (a->contacts[i].state != CONTACT_NONE)
            sum += hash_mix(hash_contact(a, &a->contacts[i]));
    for (uint32_t i = 0; i < k->agents_n; i++)
        if (a->agents[i].id)
            sum += hash_mix(hash_agent(a, &a->agents[i]));
    for (uint32_t i = 0; i < k->queues_n; i++)
        if (a->queues[i].id)
            sum += hash_mix(hash_queue(&a->queues[i]));
    for (unsigned i = 0; i < ACD_PRIORITIES; i++)
        h = fold_ms(h, k->head_start_ms[i]);
    for (unsigned i = 0; i < OUTCOME_N; i++)
        h = hash_fold(h, k->outcomes_n[i]);
    for (unsigned i = 0; i < ACD_NODES_MAX && k->nodes[i].is_used; i++)
        h = hash_fold(h, (uint64_t)k->nodes[i].id << 1 | k->nodes[i].is_lost);
    return hash_fold(hash_fold(h, sum), (uint64_t)k->day_left_n << 32 | k->lost_n);
}
