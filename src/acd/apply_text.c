/* apply_text.c — what events do to written contacts (ADR 31).
 * Called by acd_apply(). Cost: O(log written) where the order of a queue changes, else O(1).
 * Invariant: a written contact stands in the tree of its queue while nobody has it, or in the list
 * of the one agent who has it; never in a lane, so that no telephone rings for it and nobody on the
 * line is counted behind it. The lane that it names only tells whether anybody could have answered.
 */
#include "acd/apply.h"
#include "acd/lane.h"
#include "acd/lists.h"

/* ---- where it stands ---------------------------------------------------------------------- */

static void stand_in_queue(struct acd *a, uint32_t contact)
{
    const struct contact *c = &a->contacts[contact];
    struct tree_node *node = &a->nodes[tree_node_of(contact, NODE_QUEUE)];
    node->key = c->key_at;
    node->tie = c->id;
    tree_insert(&a->queues[c->queue].written, a->nodes, tree_node_of(contact, NODE_QUEUE));
    a->queues[c->queue].written_n++;
}

static void leave_queue(struct acd *a, uint32_t contact)
{
    struct queue *q = &a->queues[a->contacts[contact].queue];
    tree_remove(&q->written, a->nodes, tree_node_of(contact, NODE_QUEUE));
    q->written_n--;
}

static void give_to(struct acd *a, uint32_t contact, uint32_t agent)
{
    a->contacts[contact].agent = agent;
    acd_agent_contact_add(a, &a->agents[agent].written, contact);
    a->agents[agent].written_n++;
}

static void take_from_agent(struct acd *a, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    struct agent *g = agent_of(a, c);
    acd_agent_contact_remove(a, &g->written, contact);
    g->written_n--;
    c->agent = SLOT_NONE;
}

/* ---- events ------------------------------------------------------------------------------- */

/* call_arrived has made it a call of this process; from here on it needs none. */
void apply_text_opened(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_opened.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    acd_live_remove(a, i);
    c->flags = (c->flags & ~(uint32_t)CONTACT_ON_LINE) | CONTACT_ASKED | CONTACT_UNREAD;
    c->queue = acd_queue_must(a, ev->text_opened.queue_id);
    c->ring = RING_NETWORK;
    c->attempts_n = 1;
    c->asked_at = c->wait_since_at = ev->at;
    c->asked_id = ev->id;
    c->due_at = ev->text_opened.until_at;
    a->queues[c->queue].named_n++;
    acd_lanes_name(a, i);
    stand_in_queue(a, i);
    acd_contact_refresh_timer(a, i);
}

void apply_text_joined(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_joined.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    c->attempts_n = ev->text_joined.texts_n;
    c->flags |= CONTACT_UNREAD;
    c->due_at = ev->text_joined.until_at;
    acd_contact_refresh_timer(a, i);
}

void apply_text_taken(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_taken.contact_id);
    uint32_t agent = acd_agent_must(a, ev->text_taken.agent_id);
    acd_contact_move(a, i, ev->kind);
    leave_queue(a, i);
    give_to(a, i, agent);
    a->contacts[i].joined_at = ev->at;
    a->contacts[i].due_at = ev->text_taken.until_at;
    acd_contact_refresh_timer(a, i);
}

void apply_text_answered(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_answered.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    c->flags = (c->flags & ~(uint32_t)CONTACT_UNREAD) | CONTACT_LEAVING;
    c->due_at = ev->text_answered.until_at;
    acd_contact_refresh_timer(a, i);
}

/* The wait is over with the first answer that left; one that never will is to be written again. */
void apply_text_told(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_told.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    c->flags &= ~(uint32_t)CONTACT_LEAVING;
    if (!ev->text_told.is_sent) {
        c->flags |= CONTACT_UNREAD;
        return;
    }
    c->flags |= CONTACT_ANSWERED;
    c->wait_ms = ev->text_told.wait_ms;
    c->wait_since_at = 0;
}

void apply_text_returned(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_returned.contact_id);
    acd_contact_move(a, i, ev->kind);
    take_from_agent(a, i);
    a->contacts[i].due_at = ev->text_returned.until_at;
    stand_in_queue(a, i);
    acd_contact_refresh_timer(a, i);
}

/* Somebody had it: whatever becomes of it there, it was not turned away. */
void apply_text_moved(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_moved.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    take_from_agent(a, i);
    acd_lanes_forget(a, i);
    a->queues[c->queue].named_n--;
    c->queue = acd_queue_must(a, ev->text_moved.queue_id);
    a->queues[c->queue].named_n++;
    acd_lanes_name(a, i);
    c->flags |= CONTACT_SERVED;
    c->due_at = ev->text_moved.until_at;
    stand_in_queue(a, i);
    acd_contact_refresh_timer(a, i);
}

void apply_text_ended(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->text_ended.contact_id);
    struct contact *c = &a->contacts[i];
    bool was_taken = c->state == CONTACT_TAKEN;
    acd_contact_move(a, i, ev->kind);
    if (was_taken)
        take_from_agent(a, i);
    else
        leave_queue(a, i);
    c->due_at = 0;
    acd_contact_refresh_timer(a, i);
}
