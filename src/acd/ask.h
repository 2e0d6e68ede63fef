/* ask.h — questions of those who speak to people: what is true at this moment.
 * Called by app/ between steps. Read-only. Cost: O(queues of an agent). */
#ifndef ACD_ASK_H
#define ACD_ASK_H

#include "acd/acd.h"

/* Agents signed in who may take this waiting contact, busy or paused ones included. */
uint32_t acd_eligible_n(const struct acd *a, uint64_t contact_id);

struct acd_agent_look {
    enum agent_state state;
    enum pause pause;
    uint32_t waiting_n; /* in the queues that it serves */
    uint32_t left_n;    /* of them, in queues where it is the last one signed in */
    uint32_t alone_n;   /* open queues in which it is the last one signed in */
    uint32_t others_n;  /* paused: agents at work (ready, or with somebody) in one of its queues */
};
/* Does this agent, signed in or not, serve this queue? */
bool acd_agent_serves(const struct acd *a, uint32_t agent_id, uint32_t queue_id);
/* False: nobody knows this agent. */
bool acd_agent_look(const struct acd *a, uint32_t agent_id, struct acd_agent_look *look);

#endif
