/* legs.c — see legs.h.
 * Called by app for every event. Cost: O(1).
 * Invariant: a row from call_arrived until the leg has ended; of a slot, whose
 * instant has come, and of who writes, there is no leg. */
#include "app/legs.h"

void legs_open(struct legs *legs, struct arena *arena, uint32_t n_max)
{
    legs->rows = arena_take(arena, n_max, sizeof(*legs->rows));
    map_open(&legs->ids, arena, n_max * 2);
    legs->n = 0;
    legs->free = SLOT_NONE;
}

const struct leg_row *legs_get(const struct legs *legs, uint64_t id)
{
    uint32_t i = id ? map_get(&legs->ids, id) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &legs->rows[i];
}

void legs_add(struct legs *legs, const struct leg_row *row)
{
    uint32_t i = legs->free;
    if (i != SLOT_NONE)
        legs->free = legs->rows[i].free_next;
    else
        i = legs->n++;
    legs->rows[i] = *row;
    map_put(&legs->ids, row->call_id, i);
    map_put(&legs->ids, row->contact_id, i);
}

void legs_keep(struct legs *legs, uint64_t id)
{
    uint32_t i = map_get(&legs->ids, id);
    assert(i != SLOT_NONE);
    legs->rows[i].is_kept = true;
}

bool legs_is_kept(const struct legs *legs, uint64_t id)
{
    const struct leg_row *row = legs_get(legs, id);
    return row && row->is_kept;
}

/* The call is another contact's now. */
static void regain(struct legs *legs, const struct event *ev)
{
    const struct leg_row row = {.contact_id = ev->place_regained.contact_id,
                                .call_id = ev->place_regained.call_id,
                                .leg_id = ev->place_regained.leg_id,
                                .node = ev->place_regained.leg_node};
    uint32_t i = map_get(&legs->ids, row.call_id);
    if (i == SLOT_NONE) { /* it arrived before the snapshot that we started from */
        legs_add(legs, &row);
        return;
    }
    map_remove(&legs->ids, legs->rows[i].contact_id);
    legs->rows[i].contact_id = row.contact_id;
    map_put(&legs->ids, row.contact_id, i);
}

void legs_before(struct legs *legs, const struct event *ev)
{
    bool has_leg = ev->kind == EV_CALL_ARRIVED && ev->call_arrived.channel != CHANNEL_CALLBACK &&
                   ev->call_arrived.channel != CHANNEL_SMS &&
                   ev->call_arrived.channel != CHANNEL_WEB;
    if (has_leg)
        legs_add(legs, &(struct leg_row){.contact_id = ev->call_arrived.contact_id,
                                         .call_id = ev->id,
                                         .leg_id = ev->call_arrived.leg_id,
                                         .node = ev->call_arrived.leg_node});
    if (ev->kind == EV_PLACE_REGAINED)
        regain(legs, ev);
}

void legs_after(struct legs *legs, const struct event *ev)
{
    if (ev->kind != EV_CALL_ENDED)
        return;
    uint32_t i = map_get(&legs->ids, ev->call_ended.call_id);
    if (i == SLOT_NONE)
        return; /* it arrived before the snapshot that we started from */
    map_remove(&legs->ids, legs->rows[i].call_id);
    map_remove(&legs->ids, legs->rows[i].contact_id);
    legs->rows[i].free_next = legs->free;
    legs->free = i;
}
