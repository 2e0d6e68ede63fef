/* wishes.c — see wishes.h. */
#include <string.h>

#include "app/wishes.h"

void wishes_open(struct wishes *w, struct arena *arena)
{
    w->rows = arena_take(arena, WISHES_MAX, sizeof(*w->rows));
    map_open(&w->ids, arena, WISHES_MAX);
    map_open(&w->numbers, arena, WISHES_MAX);
    w->used = w->n = 0;
    w->free = SLOT_NONE;
}

struct wish *wishes_find(const struct wishes *w, uint64_t contact_id)
{
    uint32_t i = contact_id ? map_get(&w->ids, contact_id) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &w->rows[i];
}

/* ---- by number: few have more than one ------------------------------------------------------ */

static void link_number(struct wishes *w, struct wish *row)
{
    row->next_same = SLOT_NONE;
    if (!row->e164)
        return;
    row->next_same = map_get(&w->numbers, row->e164);
    map_put(&w->numbers, row->e164, (uint32_t)(row - w->rows));
}

static void unlink_number(struct wishes *w, const struct wish *row)
{
    uint32_t i = (uint32_t)(row - w->rows);
    uint32_t at = row->e164 ? map_get(&w->numbers, row->e164) : SLOT_NONE;
    if (at == i && row->next_same == SLOT_NONE)
        map_remove(&w->numbers, row->e164);
    else if (at == i)
        map_put(&w->numbers, row->e164, row->next_same);
    while (at != SLOT_NONE && at != i) {
        struct wish *before = &w->rows[at];
        at = before->next_same;
        if (at == i)
            before->next_same = row->next_same;
    }
}

const struct wish *wishes_first(const struct wishes *w, uint64_t e164)
{
    uint32_t i = e164 ? map_get(&w->numbers, e164) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &w->rows[i];
}

const struct wish *wishes_next(const struct wishes *w, const struct wish *wish)
{
    return wish->next_same == SLOT_NONE ? NULL : &w->rows[wish->next_same];
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
    } else {
        unlink_number(w, row);
    }
    *row = *wish;
    link_number(w, row);
    return true;
}

void wishes_remove(struct wishes *w, uint64_t contact_id)
{
    struct wish *row = wishes_find(w, contact_id);
    if (!row)
        return;
    map_remove(&w->ids, contact_id);
    unlink_number(w, row);
    memset(row, 0, sizeof(*row)); /* a number was in it */
    row->next_free = w->free;
    w->free = (uint32_t)(row - w->rows);
    w->n--;
}
