/* wishes.c — see wishes.h. */
#include <string.h>

#include "app/wishes.h"

void wishes_open(struct wishes *w, struct arena *arena)
{
    w->rows = arena_take(arena, WISHES_MAX, sizeof(*w->rows));
    map_open(&w->ids, arena, WISHES_MAX);
    w->used = w->n = 0;
    w->free = SLOT_NONE;
}

struct wish *wishes_find(const struct wishes *w, uint64_t contact_id)
{
    uint32_t i = contact_id ? map_get(&w->ids, contact_id) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &w->rows[i];
}

bool wishes_put(struct wishes *w, const struct wish *wish)
{
    struct wish *row = wishes_find(w, wish->contact_id);
    if (!row) {
        if (w->n == WISHES_MAX)
            return false;
        uint32_t i = w->free;
        if (i != SLOT_NONE)
            w->free = w->rows[i].next_free;
        else
            i = w->used++;
        map_put(&w->ids, wish->contact_id, i);
        w->n++;
        row = &w->rows[i];
    }
    *row = *wish;
    return true;
}

void wishes_remove(struct wishes *w, uint64_t contact_id)
{
    struct wish *row = wishes_find(w, contact_id);
    if (!row)
        return;
    map_remove(&w->ids, contact_id);
    memset(row, 0, sizeof(*row)); /* a number was in it */
    row->next_free = w->free;
    w->free = (uint32_t)(row - w->rows);
    w->n--;
}
