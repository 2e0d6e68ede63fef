/* slots.c — see slots.h. */
#include <string.h>

#include "app/slots.h"

void slots_open(struct slots *s, struct arena *arena)
{
    s->rows = arena_take(arena, SLOTS_MAX, sizeof(*s->rows));
    map_open(&s->ids, arena, SLOTS_MAX);
    map_open(&s->sold, arena, SLOTS_MAX);
    heap_open(&s->due, arena, SLOTS_MAX);
    s->used = s->n = 0;
    s->free = SLOT_NONE;
}

/* Half hours since 1970 fit in 32 bits for a long time. */
static uint64_t key_of(uint32_t queue_id, ms_t from_at)
{
    return (uint64_t)queue_id << 32 | (uint32_t)(from_at / SLOT_MS);
}

uint32_t slots_sold_n(const struct slots *s, uint32_t queue_id, ms_t from_at)
{
    uint32_t n = map_get(&s->sold, key_of(queue_id, from_at));
    return n == SLOT_NONE ? 0 : n;
}

static void count(struct slots *s, const struct slot *slot, uint32_t n)
{
    uint64_t key = key_of(slot->queue_id, slot->from_at);
    if (n)
        map_put(&s->sold, key, n);
    else
        map_remove(&s->sold, key);
}

struct slot *slots_find(const struct slots *s, uint64_t contact_id)
{
    uint32_t i = contact_id ? map_get(&s->ids, contact_id) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &s->rows[i];
}

bool slots_put(struct slots *s, const struct slot *slot)
{
    if (s->n == SLOTS_MAX || !slot->queue_id || slots_find(s, slot->contact_id))
        return false;
    uint32_t i = s->free;
    if (i != SLOT_NONE)
        s->free = s->rows[i].next_free;
    else
        i = s->used++;
    s->rows[i] = *slot;
    s->n++;
    map_put(&s->ids, slot->contact_id, i);
    count(s, slot, slots_sold_n(s, slot->queue_id, slot->from_at) + 1);
    heap_set(&s->due, i, slot->from_at, (ms_t)i);
    return true;
}

void slots_remove(struct slots *s, uint64_t contact_id)
{
    struct slot *slot = slots_find(s, contact_id);
    if (!slot)
        return;
    uint32_t i = (uint32_t)(slot - s->rows);
    count(s, slot, slots_sold_n(s, slot->queue_id, slot->from_at) - 1);
    map_remove(&s->ids, contact_id);
    heap_remove(&s->due, i);
    memset(slot, 0, sizeof(*slot)); /* a number was in it */
    slot->next_free = s->free;
    s->free = i;
    s->n--;
}

struct slot *slots_first(const struct slots *s, ms_t *at)
{
    const struct heap_entry *first = heap_first(&s->due);
    *at = first ? first->at : MS_NEVER;
    return first ? &s->rows[first->item] : NULL;
}

void slots_look_at(struct slots *s, const struct slot *slot, ms_t at)
{
    heap_set(&s->due, (uint32_t)(slot - s->rows), at, slot->from_at);
}
