/* state.c — memory of the heart, and when it must be called next.
 * Called at start and at each turn. Cost: O(1) but for opening.
 * Invariant: counting the memory and handing it out are the same code. */
#include "acd/lists.h"
#define ACD_ALIGNED(p) (((uintptr_t)(p) % ARENA_ALIGN) == 0)

/* One code for counting and for handing out. */
static void lay_out(struct acd *a, struct arena *arena, const struct acd_limits *l)
{
    assert(l->contacts_max && l->agents_max && l->queues_max && l->lanes_max >= CONTACT_RINGS);
    assert(l->contacts_max <= ACD_POOL_MAX && l->agents_max <= ACD_POOL_MAX);
    assert(l->queues_max <= ACD_POOL_MAX && l->lanes_max <= ACD_POOL_MAX);
    a->contacts = arena_take(arena, l->contacts_max, sizeof(*a->contacts));
    a->nodes = arena_take(arena, (size_t)l->contacts_max * NODES, sizeof(*a->nodes));
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
    a->touched = (struct touched){SLOT_NONE, SLOT_NONE, SLOT_NONE};
    k->contact_free = k->agent_free = k->pool_free = SLOT_NONE;
    k->orphans = k->pending = k->spare_first = k->spare_last = SLOT_NONE;
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
    return a->k.lost_n || a->k.orphans != SLOT_NONE || a->k.day_left_n || a->k.sweeps_n ||
           a->k.holds_n || a->k.helps_n;
}

ms_t acd_next_at(const struct acd *a)
{
    if (acd_has_work(a))
        return a->k.last_at;
    const struct heap_entry *first = heap_first(&a->timers);
    return first ? first->at : MS_NEVER;
}
