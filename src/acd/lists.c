/* lists.c — see lists.h. Called by apply. Cost: O(1); acd_node_find walks at most ACD_NODES_MAX.
 * Invariant: doubly linked, each contact in at most one of live and pending. */
#include "acd/lists.h"

unsigned acd_node_find(const struct acd *a, uint16_t id)
{
    unsigned i = 0;
    while (i < ACD_NODES_MAX && a->k.nodes[i].is_used && a->k.nodes[i].id != id)
        i++;
    return i;
}

static struct node *node_of(struct acd *a, const struct contact *c)
{
    unsigned i = acd_node_find(a, c->node);
    assert(i < ACD_NODES_MAX);
    struct node *node = &a->k.nodes[i];
    if (!node->is_used)
        *node = (struct node){
            .id = c->node, .is_used = true, .live = SLOT_NONE, .live_last = SLOT_NONE};
    return node;
}

void acd_live_add(struct acd *a, uint32_t contact, bool front)
{
    struct contact *c = &a->contacts[contact];
    struct node *node = node_of(a, c);
    c->live_next = front ? node->live : SLOT_NONE;
    c->live_prev = front ? SLOT_NONE : node->live_last;
    if (c->live_next != SLOT_NONE)
        a->contacts[c->live_next].live_prev = contact;
    else
        node->live_last = contact;
    if (c->live_prev != SLOT_NONE)
        a->contacts[c->live_prev].live_next = contact;
    else
        node->live = contact;
}

void acd_live_remove(struct acd *a, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    struct node *node = node_of(a, c);
    if (c->live_next != SLOT_NONE)
        a->contacts[c->live_next].live_prev = c->live_prev;
    else
        node->live_last = c->live_prev;
    if (c->live_prev != SLOT_NONE)
        a->contacts[c->live_prev].live_next = c->live_next;
    else
        node->live = c->live_next;
    c->live_next = c->live_prev = SLOT_NONE;
}

void acd_pending_add(struct acd *a, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    c->pending_prev = SLOT_NONE;
    c->pending_next = a->k.pending;
    if (c->pending_next != SLOT_NONE)
        a->contacts[c->pending_next].pending_prev = contact;
    a->k.pending = contact;
    a->k.pending_n++;
}

void acd_pending_remove(struct acd *a, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    if (c->pending_next != SLOT_NONE)
        a->contacts[c->pending_next].pending_prev = c->pending_prev;
    if (c->pending_prev != SLOT_NONE)
        a->contacts[c->pending_prev].pending_next = c->pending_next;
    else
        a->k.pending = c->pending_next;
    c->pending_next = c->pending_prev = SLOT_NONE;
    a->k.pending_n--;
}

void acd_agent_contact_add(struct acd *a, uint32_t *list, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    c->agent_prev = SLOT_NONE;
    c->agent_next = *list;
    if (c->agent_next != SLOT_NONE)
        a->contacts[c->agent_next].agent_prev = contact;
    *list = contact;
}

void acd_agent_contact_remove(struct acd *a, uint32_t *list, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    if (c->agent_next != SLOT_NONE)
        a->contacts[c->agent_next].agent_prev = c->agent_prev;
    if (c->agent_prev != SLOT_NONE)
        a->contacts[c->agent_prev].agent_next = c->agent_next;
    else
        *list = c->agent_next;
    c->agent_next = c->agent_prev = SLOT_NONE;
}
