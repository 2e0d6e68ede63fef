/* apply_callback.c — what events do to those whom we call.
 * Called by acd_apply(). Cost: O(log promised). Invariant: whom we call stands either among those
 * who wait, or among those who are not to wait yet, or is being called; nobody does once the last
 * attempt is over and the place is kept for a while. */
#include "acd/apply.h"
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/touch.h"

void apply_queue_callbacks(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->queue_callbacks.queue_id);
    struct queue *q = &a->queues[i];
    q->attempts_max = ev->queue_callbacks.attempts_max;
    q->share_percent = ev->queue_callbacks.share_percent;
    q->gap_ms = ev->queue_callbacks.gap_ms;
    q->keep_ms = ev->queue_callbacks.keep_ms;
    q->dial_ms = ev->queue_callbacks.dial_ms;
}

void acd_queue_note_hold(struct acd *a, uint32_t queue)
{
    struct queue *q = &a->queues[queue];
    bool must = q->hours != HOURS_OPEN && q->dialled.root != SLOT_NONE;
    a->k.holds_n += must;
    a->k.holds_n -= q->must_hold;
    q->must_hold = must;
}

void acd_promised_enter(struct acd *a, uint32_t contact)
{
    const struct contact *c = &a->contacts[contact];
    struct tree_node *node = &a->nodes[tree_node_of(contact, NODE_DIALLED)];
    node->key = c->not_before_at;
    node->tie = c->id;
    tree_insert(&a->queues[c->queue].promised, a->nodes, tree_node_of(contact, NODE_DIALLED));
    acd_queue_refresh_timer(a, c->queue);
}

static void leave_promised(struct acd *a, uint32_t contact)
{
    uint32_t queue = a->contacts[contact].queue;
    tree_remove(&a->queues[queue].promised, a->nodes, tree_node_of(contact, NODE_DIALLED));
    acd_queue_refresh_timer(a, queue);
}

/* To the lanes that its flags name now. */
static void name_lanes_anew(struct acd *a, uint32_t contact)
{
    const struct contact *c = &a->contacts[contact];
    const uint32_t named[] = {c->lane, c->advisor_lane, c->network_lane};
    acd_lanes_name(a, contact);
    for (unsigned k = 0; k < ARRAY_LEN(named); k++)
        lane_release(a, named[k]);
}

/* From now on in lanes of their own, which are passed over when enough agents are kept. */
void apply_callback_promised(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->callback_promised.contact_id);
    struct contact *c = &a->contacts[i];
    if (c->state == CONTACT_WAITING)
        acd_lanes_leave(a, i, ev->at);
    acd_contact_move(a, i, ev->kind);
    c->flags |= CONTACT_DIALLED | (ev->callback_promised.is_discreet ? CONTACT_DISCREET : 0);
    c->kind = CONTACT_KIND_CALLBACK;
    c->not_before_at = ev->callback_promised.not_before_at;
    c->tell_at = MS_NEVER;
    c->due_at = 0;
    name_lanes_anew(a, i);
    acd_contact_refresh_timer(a, i);
}

void apply_callback_withdrawn(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->callback_withdrawn.contact_id);
    struct contact *c = &a->contacts[i];
    acd_contact_move(a, i, ev->kind);
    c->flags &= ~(uint32_t)(CONTACT_DIALLED | CONTACT_DISCREET);
    c->kind = CONTACT_KIND_LINE;
    c->not_before_at = 0;
    c->tell_at = ev->at + ACD_TELL_EVERY_MS;
    name_lanes_anew(a, i);
    acd_lanes_enter(a, i, ev->at);
    acd_contact_refresh_timer(a, i);
}

void apply_callback_due(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->callback_due.contact_id);
    leave_promised(a, i);
    acd_contact_move(a, i, ev->kind);
    acd_lanes_enter(a, i, ev->at);
    acd_contact_refresh_timer(a, i);
}

void apply_callback_held(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->callback_held.contact_id);
    acd_lanes_leave(a, i, ev->at);
    acd_contact_move(a, i, ev->kind);
    a->contacts[i].not_before_at = a->contacts[i].due_at = 0;
    acd_promised_enter(a, i);
    acd_contact_refresh_timer(a, i);
}

void apply_callback_tried(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->callback_tried.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    c->attempts_n = ev->callback_tried.attempts_n;
    c->not_before_at = ev->callback_tried.not_before_at;
    c->due_at = ev->callback_tried.until_at;
    if (!c->due_at)
        acd_promised_enter(a, i);
    acd_contact_refresh_timer(a, i);
}

void apply_callback_cancelled(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->callback_cancelled.contact_id);
    struct contact *c = &a->contacts[i];
    if (c->state == CONTACT_WAITING)
        acd_lanes_leave(a, i, ev->at);
    else if (!c->due_at)
        leave_promised(a, i);
    acd_contact_move(a, i, ev->kind);
    acd_contact_refresh_timer(a, i);
}

/* Between an agent and whom they speak with, or spoke with last: it may be over. */
static void agreed(struct acd *a, const struct event *ev)
{
    const struct agent *g = &a->agents[acd_agent_must(a, ev->slot_sold.agent_id)];
    uint32_t i = contact_find(a, ev->slot_sold.contact_id);
    assert(g->talk_contact_id == ev->slot_sold.contact_id);
    if (i == SLOT_NONE)
        return;
    acd_touch_contact(a, i);
    acd_contact_move(a, i, ev->kind);
    a->contacts[i].flags |= CONTACT_AGREED;
}

/* Its contact is over, but for what was agreed on in a conversation that goes on. */
void apply_slot_cancelled(struct acd *a, const struct event *ev)
{
    uint32_t i = contact_find(a, ev->slot_cancelled.contact_id);
    if (i == SLOT_NONE || !(a->contacts[i].flags & CONTACT_AGREED))
        return;
    acd_touch_contact(a, i);
    a->contacts[i].flags &= ~(uint32_t)CONTACT_AGREED;
}

/* From now on a row of the store, until its day; a caller who is still there hears the rest. What
 * an agent agreed on with whom they speak, or spoke last, changes nothing here. */
void apply_slot_sold(struct acd *a, const struct event *ev)
{
    if (ev->slot_sold.agent_id) {
        agreed(a, ev);
        return;
    }
    uint32_t i = acd_contact_must(a, ev->slot_sold.contact_id);
    assert(a->contacts[i].state == CONTACT_OPEN || a->contacts[i].state == CONTACT_PROMISED);
    if (a->contacts[i].state == CONTACT_PROMISED)
        leave_promised(a, i);
    acd_contact_move(a, i, ev->kind);
    acd_contact_refresh_timer(a, i);
}

void apply_callback_moved(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->callback_moved.contact_id);
    struct contact *c = &a->contacts[i];
    if (c->state == CONTACT_WAITING)
        acd_lanes_leave(a, i, ev->at);
    else
        leave_promised(a, i);
    acd_contact_move(a, i, ev->kind);
    c->not_before_at = ev->callback_moved.not_before_at;
    c->due_at = 0;
    acd_promised_enter(a, i);
    acd_contact_refresh_timer(a, i);
}

/* The heart knows no number. */
void apply_callback_renumbered(struct acd *a, const struct event *ev)
{
    acd_contact_move(a, acd_contact_must(a, ev->callback_renumbered.contact_id), ev->kind);
}
