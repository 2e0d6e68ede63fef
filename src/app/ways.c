/* ways.c — see ways.h. Invariant: a contact has one way, the last that its person took; who calls
 * again and takes their place back brings the new one along. */
#include <string.h>

#include "app/ways.h"
#include "base/arena.h"

void ways_open(struct ways *w, struct arena *arena)
{
    w->rows = arena_take(arena, WAYS_MAX, sizeof(*w->rows));
    map_open(&w->of, arena, WAYS_MAX);
}

static void forget(struct ways *w, uint64_t contact_id)
{
    uint32_t i = map_get(&w->of, contact_id);
    if (i == SLOT_NONE)
        return;
    map_remove(&w->of, contact_id);
    w->rows[i].contact_id = 0;
}

static void put(struct ways *w, uint64_t contact_id, const struct view_way *way)
{
    forget(w, contact_id);
    struct ways_row *row = &w->rows[w->next];
    if (row->contact_id)
        map_remove(&w->of, row->contact_id);
    *row = (struct ways_row){contact_id, *way};
    map_put(&w->of, contact_id, w->next);
    w->next = (w->next + 1) % WAYS_MAX;
}

struct view_way ways_of(const struct ways *w, uint64_t contact_id)
{
    uint32_t i = contact_id ? map_get(&w->of, contact_id) : SLOT_NONE;
    return i == SLOT_NONE ? (struct view_way){.is_known = false} : w->rows[i].way;
}

static void fold_left(struct ways *w, const struct event *ev)
{
    struct view_way way = {.is_known = true,
                           .steps_n = ev->menu_left.steps_n,
                           .flow = ev->menu_left.flow_id,
                           .how = ev->menu_left.how};
    _Static_assert(sizeof(way.steps) == sizeof(ev->menu_left.steps), "room for all choices");
    memcpy(way.steps, ev->menu_left.steps, sizeof(way.steps));
    put(w, ev->menu_left.contact_id, &way);
}

void ways_fold(struct ways *w, const struct event *ev)
{
    if (ev->kind == EV_MENU_LEFT) {
        fold_left(w, ev);
    } else if (ev->kind == EV_CALL_REJOINS) {
        struct view_way way = ways_of(w, ev->call_rejoins.contact_id);
        if (way.is_known)
            put(w, ev->call_rejoins.to_id, &way);
        forget(w, ev->call_rejoins.contact_id);
    } else if (ev->kind == EV_CONTACT_SETTLED) {
        forget(w, ev->contact_settled.contact_id);
    }
}
