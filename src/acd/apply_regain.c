/* apply_regain.c — what events do to a place that is taken back by calling again.
 * Called by acd_apply(). Cost: O(1).
 * Invariant: place, reference and returns are the contact's and stay; all else is of the new call.
 */
#include "acd/apply.h"
#include "acd/lists.h"
#include "acd/touch.h"

/* Its id leads nowhere until place_regained, in the same step, says whose the call is now. */
void apply_call_rejoins(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->call_rejoins.contact_id);
    struct contact *c = &a->contacts[i];
    assert(c->call_id == ev->call_rejoins.call_id);
    acd_contact_move(a, i, ev->kind);
    acd_live_remove(a, i);
    map_remove(&a->ids, c->call_id);
    c->call_id = 0;
    c->flags &= ~(uint32_t)CONTACT_ON_LINE;
}

static void forget_queue(struct acd *a, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    acd_lanes_forget(a, contact);
    a->queues[c->queue].named_n--;
    c->queue = SLOT_NONE;
}

void apply_place_regained(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->place_regained.contact_id);
    struct contact *c = &a->contacts[i];
    assert(!c->call_id && !c->offer_id);
    acd_contact_move(a, i, ev->kind);
    forget_queue(a, i);
    c->kind = CONTACT_KIND_LINE;
    c->call_id = ev->place_regained.call_id;
    c->leg_id = ev->place_regained.leg_id;
    c->node = ev->place_regained.leg_node;
    c->channel = (uint8_t)ev->place_regained.channel;
    c->entry_id = ev->place_regained.entry_id;
    c->arrived_at = ev->place_regained.arrived_at;
    c->asked_at = c->wait_ms = c->talk_ms = c->due_at = c->not_before_at = 0;
    c->attempts_n = 0;
    c->flags = CONTACT_ON_LINE | (ev->place_regained.is_informed ? CONTACT_INFORMED : 0) |
               (uint32_t)ev->place_regained.returns_n << CONTACT_RETURNS_SHIFT;
    map_put(&a->ids, c->call_id, i);
    acd_live_add(a, i, true);
    acd_contact_refresh_timer(a, i);
}
