/* apply_agent.c — what events do to agents.
 * Called by acd_apply(). Cost: O(1), but signing in or out touches the lanes that the agent serves.
 * Invariant: an agent stands in the idle lists of exactly the media it may be offered. */
#include <string.h>

#include "acd/apply.h"
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/pool.h"
#include "acd/touch.h"

static bool is_signed_in(uint8_t state)
{
    return state != AGENT_STATE_SIGNED_OUT;
}

static bool is_active(uint8_t state)
{
    return is_signed_in(state) && state != AGENT_STATE_PAUSED;
}

void acd_agent_refresh_timer(struct acd *a, uint32_t agent)
{
    const struct agent *g = &a->agents[agent];
    bool runs = g->until_at && (g->state == AGENT_STATE_WRAP_UP || g->state == AGENT_STATE_PAUSED);
    ms_t at = runs ? g->until_at : MS_NEVER;
    if (g->moved_until_at && g->moved_until_at < at)
        at = g->moved_until_at;
    heap_set(&a->timers, timer_of_agent(a, agent), at, 0);
}

/* The wrap-up is over: nobody asks any more what came of the conversation. */
static void forget_talk(struct agent *g)
{
    g->talk_offer_id = g->talk_contact_id = g->talk_call_id = 0;
    g->conclusion = CONCLUSION_NONE;
}

void acd_agent_move(struct acd *a, uint32_t agent, enum agent_move move)
{
    struct agent *g = &a->agents[agent];
    int next = table_agent_next((enum agent_state)g->state, move);
    assert(next >= 0);
    struct pool *p = &a->pools[g->pool];
    p->active_n += (uint32_t)is_active((uint8_t)next) - (uint32_t)is_active(g->state);
    g->state = (uint8_t)next;
    acd_agent_refresh_idle(a, agent);
}

static uint32_t agent_make(struct acd *a, uint32_t id)
{
    uint32_t i = a->k.agent_free;
    if (i != SLOT_NONE)
        a->k.agent_free = a->agents[i].pool;
    else
        i = a->k.agents_n++;
    assert(i < a->limits.agents_max);
    acd_touch_agent(a, i);
    a->agents[i] = (struct agent){.id = id,
                                  .pool = SLOT_NONE,
                                  .offered = SLOT_NONE,
                                  .contacts = SLOT_NONE,
                                  .written = SLOT_NONE,
                                  .queue = SLOT_NONE};
    map_put(&a->agent_ids, id, i);
    return i;
}

static void sort_slots(uint32_t *slots, unsigned n)
{
    for (unsigned i = 1; i < n; i++) {
        uint32_t v = slots[i];
        unsigned j = i;
        for (; j > 0 && slots[j - 1] > v; j--)
            slots[j] = slots[j - 1];
        slots[j] = v;
    }
}

/* Moves an agent to the pool that fits what it now is; its presence is counted there instead. */
static void agent_change_pool(struct acd *a, uint32_t agent, const struct pool *want, uint64_t id)
{
    struct agent *g = &a->agents[agent];
    uint32_t old = g->pool, new = pool_keep(a, want);
    uint8_t state = g->state;
    if (old != SLOT_NONE) {
        g->state = AGENT_STATE_SIGNED_OUT; /* out of the old idle lists */
        acd_agent_refresh_idle(a, agent);
        g->state = state;
    }
    g->pool = new;
    a->pools[new].active_n += is_active(state);
    if (is_signed_in(state))
        pool_count_signed(a, new, 1, id);
    if (old != SLOT_NONE) {
        a->pools[old].active_n -= is_active(state);
        if (is_signed_in(state))
            pool_count_signed(a, old, -1, id);
        pool_release(a, old);
    }
    acd_agent_refresh_idle(a, agent);
}

/* The pool that the event speaks of. */
static struct pool pool_wanted(const struct acd *a, const struct event *ev)
{
    struct pool want = {.skills = ev->agent_set.skills,
                        .site_id = ev->agent_set.site_id,
                        .area_id = ev->agent_set.area_id,
                        .portfolio_id = ev->agent_set.portfolio_id,
                        .queues_n = ev->agent_set.queue_ids_n,
                        .is_robot = ev->agent_set.is_robot};
    for (unsigned m = 0; m < MEDIUM_N && m < ev->agent_set.capacity_n; m++)
        want.capacity[m] = ev->agent_set.capacity[m];
    for (unsigned q = 0; q < want.queues_n; q++) {
        want.queues[q] = queue_find(a, ev->agent_set.queue_ids[q]);
        assert(want.queues[q] != SLOT_NONE);
    }
    sort_slots(want.queues, want.queues_n);
    return want;
}

/* Swaps the queues of a pool with those that a moved agent comes back to. */
static void swap_own(struct agent *g, struct pool *p)
{
    uint32_t slots[ACD_QUEUES_PER_AGENT];
    uint8_t n = p->queues_n;
    memcpy(slots, p->queues, sizeof(slots));
    memcpy(p->queues, g->own_queues, sizeof(slots));
    memcpy(g->own_queues, slots, sizeof(slots));
    p->queues_n = g->own_queues_n;
    g->own_queues_n = n;
}

bool acd_agent_is_set(const struct acd *a, const struct event *ev)
{
    uint32_t i = agent_find(a, ev->agent_set.agent_id);
    if (i == SLOT_NONE)
        return false;
    struct pool want = pool_wanted(a, ev), is = a->pools[a->agents[i].pool];
    struct agent own = a->agents[i];
    if (own.moved_until_at)
        swap_own(&own, &is);
    return pool_is_same(&is, &want);
}

void apply_agent_set(struct acd *a, const struct event *ev)
{
    uint32_t i = agent_find(a, ev->agent_set.agent_id);
    struct pool want = pool_wanted(a, ev);
    if (i == SLOT_NONE)
        i = agent_make(a, ev->agent_set.agent_id);
    acd_touch_agent(a, i);
    struct agent *g = &a->agents[i];
    if (g->moved_until_at) { /* what it serves now stays; it comes back to those of the event */
        const struct pool is = a->pools[g->pool];
        memcpy(g->own_queues, is.queues, sizeof(g->own_queues));
        g->own_queues_n = is.queues_n;
        swap_own(g, &want);
    }
    agent_change_pool(a, i, &want, ev->id);
}

void apply_agent_moved(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_moved.agent_id);
    struct agent *g = &a->agents[i];
    struct pool want = a->pools[g->pool];
    if (!g->moved_until_at) {
        memcpy(g->own_queues, want.queues, sizeof(g->own_queues));
        g->own_queues_n = want.queues_n;
    }
    want.queues_n = ev->agent_moved.queue_ids_n;
    for (unsigned q = 0; q < want.queues_n; q++) {
        want.queues[q] = queue_find(a, ev->agent_moved.queue_ids[q]);
        assert(want.queues[q] != SLOT_NONE);
    }
    sort_slots(want.queues, want.queues_n);
    g->moved_until_at = ev->agent_moved.until_at;
    agent_change_pool(a, i, &want, ev->id);
    acd_agent_refresh_timer(a, i);
}

void apply_agent_moved_back(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_moved_back.agent_id);
    struct agent *g = &a->agents[i];
    struct pool want = a->pools[g->pool];
    assert(g->moved_until_at);
    swap_own(g, &want);
    g->own_queues_n = 0;
    g->moved_until_at = 0;
    agent_change_pool(a, i, &want, ev->id);
    acd_agent_refresh_timer(a, i);
}

void apply_conversation_concluded(struct acd *a, const struct event *ev)
{
    struct agent *g = &a->agents[acd_agent_must(a, ev->conversation_concluded.agent_id)];
    assert(g->talk_offer_id == ev->conversation_concluded.offer_id);
    g->conclusion = (uint8_t)ev->conversation_concluded.conclusion;
}

void apply_agent_dropped(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_dropped.agent_id);
    struct agent *g = &a->agents[i];
    assert(g->state == AGENT_STATE_SIGNED_OUT && g->contacts == SLOT_NONE);
    pool_release(a, g->pool);
    g->moved_until_at = 0;
    acd_agent_refresh_timer(a, i);
    map_remove(&a->agent_ids, g->id);
    g->id = 0;
    g->pool = a->k.agent_free;
    a->k.agent_free = i;
}

void apply_agent_signed_in(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_signed_in.agent_id);
    acd_agent_move(a, i, AGENT_SIGNS_IN);
    a->agents[i].pause = PAUSE_SIGN_IN;
    a->agents[i].until_at = 0;
    pool_count_signed(a, a->agents[i].pool, 1, ev->id);
}

void apply_agent_signed_out(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_signed_out.agent_id);
    struct agent *g = &a->agents[i];
    assert(g->contacts == SLOT_NONE && g->offered == SLOT_NONE && !g->written_n);
    acd_agent_move(a, i, AGENT_SIGNS_OUT);
    g->plan_leaves = false;
    g->plan_pause = g->pause = PAUSE_NONE;
    g->until_at = 0;
    g->queue = SLOT_NONE;
    forget_talk(g);
    g->is_auto_back_used = false;
    acd_agent_refresh_timer(a, i);
    pool_count_signed(a, g->pool, -1, ev->id);
}

void apply_agent_ready(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_ready.agent_id);
    struct agent *g = &a->agents[i];
    g->idle_at = ev->agent_ready.idle_at;
    g->plan_leaves = false;
    g->plan_pause = g->pause = PAUSE_NONE;
    g->until_at = 0;
    g->queue = SLOT_NONE;
    forget_talk(g);
    g->is_auto_back_used = ev->agent_ready.by_itself;
    acd_agent_move(a, i, AGENT_GETS_READY);
    acd_agent_refresh_timer(a, i);
}

void apply_agent_paused(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_paused.agent_id);
    struct agent *g = &a->agents[i];
    g->pause = (uint8_t)ev->agent_paused.reason;
    g->plan_pause = PAUSE_NONE;
    g->until_at = ev->agent_paused.back_at;
    forget_talk(g);
    g->queue = SLOT_NONE;
    if (ev->agent_paused.queue_id && g->until_at)
        g->queue = acd_queue_must(a, ev->agent_paused.queue_id);
    acd_agent_move(a, i, AGENT_PAUSES);
    acd_agent_refresh_timer(a, i);
}

void apply_agent_wrap_up(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_wrap_up.agent_id);
    acd_agent_move(a, i, AGENT_WRAPS_UP);
    a->agents[i].until_at = ev->agent_wrap_up.ends_at;
    acd_agent_refresh_timer(a, i);
}

void apply_agent_planned(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_agent_must(a, ev->agent_planned.agent_id);
    a->agents[i].plan_leaves = ev->agent_planned.leaves;
    a->agents[i].plan_pause = (uint8_t)ev->agent_planned.reason;
    acd_agent_move(a, i, AGENT_PLANS);
}
