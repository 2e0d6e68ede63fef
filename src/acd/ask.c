/* ask.c — see ask.h. Called by app/. Changes nothing. */
#include "acd/ask.h"
#include "acd/pool.h"
#include "acd/state.h"
#include "acd/table.h"

uint32_t acd_eligible_n(const struct acd *a, uint64_t contact_id)
{
    uint32_t i = map_get(&a->ids, contact_id);
    if (i == SLOT_NONE || a->contacts[i].network_lane == SLOT_NONE)
        return 0;
    return a->lanes[a->contacts[i].network_lane].eligible_n;
}

/* Agents signed in who serve this queue. */
static uint32_t signed_in_n(const struct acd *a, uint32_t queue)
{
    uint32_t n = 0;
    for (uint32_t m = a->queues[queue].members; m != SLOT_NONE; m = a->members[m].next)
        n += a->pools[m / POOL_QUEUES].signed_n;
    return n;
}

bool acd_agent_serves(const struct acd *a, uint32_t agent_id, uint32_t queue_id)
{
    uint32_t i = map_get(&a->agent_ids, agent_id), queue = map_get(&a->queue_ids, queue_id);
    const struct pool *pool = i == SLOT_NONE ? NULL : &a->pools[a->agents[i].pool];
    for (unsigned q = 0; pool && queue != SLOT_NONE && q < pool->queues_n; q++)
        if (pool->queues[q] == queue)
            return true;
    return false;
}

bool acd_agent_look(const struct acd *a, uint32_t agent_id, struct acd_agent_look *look)
{
    uint32_t i = map_get(&a->agent_ids, agent_id);
    *look = (struct acd_agent_look){0};
    if (i == SLOT_NONE)
        return false;
    const struct agent *g = &a->agents[i];
    const struct pool *pool = &a->pools[g->pool];
    look->state = (enum agent_state)g->state;
    look->pause = (enum pause)g->pause;
    for (unsigned q = 0; q < pool->queues_n; q++) {
        uint32_t waiting_n = a->queues[pool->queues[q]].waiting_n;
        look->waiting_n += waiting_n;
        bool is_alone = signed_in_n(a, pool->queues[q]) <= 1;
        look->left_n += is_alone ? waiting_n : 0;
        look->alone_n += is_alone && a->queues[pool->queues[q]].hours == HOURS_OPEN;
        bool is_missed = g->queue == SLOT_NONE || g->queue == pool->queues[q];
        look->others_n +=
            g->state == AGENT_STATE_PAUSED && is_missed ? pool_active_n(a, pool->queues[q]) : 0;
    }
    return true;
}
