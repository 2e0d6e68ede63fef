/* match.h — who answers whom. Reads the state only. Included by the files of acd/. */
#ifndef ACD_MATCH_H
#define ACD_MATCH_H

#include "acd/state.h"

/* A pair to be offered; slots, SLOT_NONE when there is none. ring: the narrowest that has both. */
struct match {
    uint32_t contact, agent;
    enum ring ring;
    bool by_share; /* the order says another one, whom we call: enough agents are kept for that */
};

/* The longest-idle agent in the narrowest open ring of a waiting contact. */
struct match match_contact(const struct acd *a, uint32_t contact);
/* The first contact, by key, that this agent may take now. */
struct match match_agent(const struct acd *a, uint32_t agent);
/* May this pool take this contact now, and in which ring? CONTACT_RINGS: no. */
unsigned match_ring(const struct contact *c, const struct pool *pool);
/* When somebody who is free now may take this waiting contact, by the ring alone; MS_NEVER: nobody
 * is. */
ms_t match_opens_at(const struct acd *a, const struct contact *c);

#endif
