/* places.c — see places.h. */
#include <string.h>

#include "app/places.h"

void places_open(struct places *p, struct arena *arena, uint32_t max)
{
    p->rows = arena_take(arena, max, sizeof(*p->rows));
    map_open(&p->ids, arena, max);
    map_open(&p->persons, arena, max);
    p->max = max;
    p->used = p->n = 0;
    p->free = SLOT_NONE;
}

static void link_first(struct places *p, uint32_t i)
{
    struct place *row = &p->rows[i];
    row->prev = SLOT_NONE;
    row->next = map_get(&p->persons, row->person_id);
    if (row->next != SLOT_NONE)
        p->rows[row->next].prev = i;
    map_put(&p->persons, row->person_id, i);
}

bool places_put(struct places *p, uint64_t contact_id, uint64_t person_id)
{
    if (!contact_id || !person_id || map_get(&p->ids, contact_id) != SLOT_NONE)
        return true;
    if (p->n == p->max)
        return false;
    uint32_t i = p->free;
    if (i != SLOT_NONE)
        p->free = p->rows[i].next;
    else
        i = p->used++;
    p->rows[i] = (struct place){.contact_id = contact_id, .person_id = person_id};
    map_put(&p->ids, contact_id, i);
    link_first(p, i);
    p->n++;
    return true;
}

void places_remove(struct places *p, uint64_t contact_id)
{
    uint32_t i = contact_id ? map_get(&p->ids, contact_id) : SLOT_NONE;
    if (i == SLOT_NONE)
        return;
    const struct place row = p->rows[i];
    map_remove(&p->ids, contact_id);
    if (row.prev == SLOT_NONE)
        map_remove(&p->persons, row.person_id);
    else
        p->rows[row.prev].next = row.next;
    if (row.next != SLOT_NONE)
        p->rows[row.next].prev = row.prev;
    if (row.prev == SLOT_NONE && row.next != SLOT_NONE)
        map_put(&p->persons, row.person_id, row.next);
    memset(&p->rows[i], 0, sizeof(p->rows[i]));
    p->rows[i].next = p->free;
    p->free = i;
    p->n--;
}

const struct place *places_next(const struct places *p, uint64_t person_id,
                                const struct place *after)
{
    uint32_t first = person_id ? map_get(&p->persons, person_id) : SLOT_NONE;
    uint32_t i = after ? after->next : first;
    return i == SLOT_NONE ? NULL : &p->rows[i];
}
