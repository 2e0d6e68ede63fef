/* help.h — the next ring, open because somebody has asked for help (design §3.2, ADR 37).
 * Included by files of acd/ only. */
#ifndef ACD_HELP_H
#define ACD_HELP_H

#include "acd/state.h"

/* Where help for this site stands in the queue's list, or would stand. */
unsigned help_place(const struct queue *q, uint32_t site_id);
/* Is help asked for, for people of exactly this site (0: for all)? */
bool help_is_asked(const struct queue *q, uint32_t site_id);
/* When the first of them ends; MS_NEVER: none is asked for. */
ms_t help_next_at(const struct queue *q);
/* A waiting contact whose next ring is to open, for help is asked for: at rest there is none. */
bool help_is_due(const struct acd *a, const struct contact *c);

/* Is this agent's ring, of a contact that waits, open for help alone? */
static inline bool help_opens(const struct contact *c, enum ring ring, ms_t now_at)
{
    return c->flags & CONTACT_HELPED && (unsigned)ring > contact_own_ring(c) &&
           c->ring_at[ring] > now_at;
}

#endif
