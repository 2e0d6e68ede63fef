/* pool.h — pools: groups of agents who may take the same contacts, and their idle lists.
 * Included by the files of acd/ only. */
#ifndef ACD_POOL_H
#define ACD_POOL_H

#include "acd/state.h"

/* Same content: fields before the counts, but map_key. */
bool pool_is_same(const struct pool *a, const struct pool *b);
/* The pool with the content of want (fields before the counts), made if need be, one agent more. */
uint32_t pool_keep(struct acd *a, const struct pool *want);
/* One agent less; the pool goes with its last. */
void pool_release(struct acd *a, uint32_t pool);
/* An agent of the pool signs in (+1) or out (−1) by the event id. */
void pool_count_signed(struct acd *a, uint32_t pool, int n_by, uint64_t id);

/* Agents at work in this queue: signed in and not paused. */
uint32_t pool_active_n(const struct acd *a, uint32_t queue);

/* Media in which this agent may be offered a contact now, as bits. */
unsigned acd_agent_open_media(const struct acd *a, const struct agent *agent);
/* Stands in exactly the idle lists of acd_agent_open_media(), ordered by idle_at. */
void acd_agent_refresh_idle(struct acd *a, uint32_t agent);

#endif
