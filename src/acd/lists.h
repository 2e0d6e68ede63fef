/* lists.h — finding objects by id, and the small lists between them.
 * Included by the files of acd/ only; the functions that change are called by apply alone. */
#ifndef ACD_LISTS_H
#define ACD_LISTS_H

#include "acd/state.h"

/* Slot of the contact that has this contact, call or offer id; SLOT_NONE when it is over. */
static inline uint32_t contact_find(const struct acd *a, uint64_t id)
{
    return id ? map_get(&a->ids, id) : SLOT_NONE;
}

static inline uint32_t agent_find(const struct acd *a, uint32_t id)
{
    return id ? map_get(&a->agent_ids, id) : SLOT_NONE;
}

static inline uint32_t queue_find(const struct acd *a, uint32_t id)
{
    return id ? map_get(&a->queue_ids, id) : SLOT_NONE;
}

static inline struct agent *agent_of(const struct acd *a, const struct contact *c)
{
    return &a->agents[c->agent];
}

/* Is a sweep, a lost node or a lane without agents waiting for CMD_TICK? */
bool acd_has_work(const struct acd *a);

/* Index in nodes[] of a node, made if need be; ACD_NODES_MAX when there is no room. */
unsigned acd_node_find(const struct acd *a, uint16_t id);

/* Live calls of a node: those without an agent stand before those with one, so that when the node
 * is lost no agent is offered a caller who is gone. */
void acd_live_add(struct acd *a, uint32_t contact, bool front);
void acd_live_remove(struct acd *a, uint32_t contact);

void acd_pending_add(struct acd *a, uint32_t contact);
void acd_pending_remove(struct acd *a, uint32_t contact);

/* Contacts that an agent has: those that they speak to, or those that they read. */
void acd_agent_contact_add(struct acd *a, uint32_t *list, uint32_t contact);
void acd_agent_contact_remove(struct acd *a, uint32_t *list, uint32_t contact);

#endif
