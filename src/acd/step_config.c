/* step_config.c — queues, priorities and agents as settings and directory give them.
 * Called by acd_step(). Cost: O(1). Every bound is checked here and named in limits.h. */
#include "acd/apply.h"
#include "acd/lists.h"
#include "acd/step.h"

static bool robot_serves(const struct acd *a, const struct queue *q)
{
    for (uint32_t m = q->members; m != SLOT_NONE; m = a->members[m].next)
        if (a->pools[m / POOL_QUEUES].is_robot)
            return true;
    return false;
}

enum acd_verdict step_queue_set(struct step *s, const struct command *cmd)
{
    const struct acd *a = s->a;
    struct event ev = {.kind = EV_QUEUE_SET,
                       .queue_set = {.queue_id = cmd->queue_set.queue_id,
                                     .ring_site_ms = cmd->queue_set.ring_site_ms,
                                     .ring_area_ms = cmd->queue_set.ring_area_ms,
                                     .ring_network_ms = cmd->queue_set.ring_network_ms,
                                     .offer_ms = cmd->queue_set.offer_ms,
                                     .wrap_up_ms = cmd->queue_set.wrap_up_ms,
                                     .short_ms = cmd->queue_set.short_ms,
                                     .no_answer_back_ms = cmd->queue_set.no_answer_back_ms,
                                     .handle_ms = cmd->queue_set.handle_ms,
                                     .regain_ms = cmd->queue_set.regain_ms,
                                     .closing_lead_ms = cmd->queue_set.closing_lead_ms,
                                     .is_production = cmd->queue_set.is_production}};
    const ms_t durations[] = {ev.queue_set.ring_site_ms,    ev.queue_set.ring_area_ms,
                              ev.queue_set.ring_network_ms, ev.queue_set.wrap_up_ms,
                              ev.queue_set.short_ms,        ev.queue_set.no_answer_back_ms,
                              ev.queue_set.handle_ms,       ev.queue_set.regain_ms,
                              ev.queue_set.closing_lead_ms, ev.queue_set.offer_ms};
    for (unsigned i = 0; i < ARRAY_LEN(durations); i++)
        if (!step_is_duration(durations[i]))
            return ACD_REFUSED_RANGE;
    if (!ev.queue_set.queue_id || !ev.queue_set.offer_ms)
        return ACD_REFUSED_RANGE;
    uint32_t i = queue_find(a, ev.queue_set.queue_id);
    if (i == SLOT_NONE && a->queue_ids.n == a->limits.queues_max)
        return ACD_REFUSED_FULL;
    if (i != SLOT_NONE && ev.queue_set.is_production && robot_serves(a, &a->queues[i]))
        return ACD_REFUSED_ROBOT;
    if (acd_queue_is_set(a, &ev))
        return ACD_NOTHING;
    step_say(s, ev);
    return ACD_DONE;
}

enum acd_verdict step_queue_hours(struct step *s, const struct command *cmd)
{
    uint32_t i = queue_find(s->a, cmd->queue_hours.queue_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if ((unsigned)cmd->queue_hours.hours >= HOURS_N || cmd->queue_hours.closes_at < 0)
        return ACD_REFUSED_RANGE;
    const struct queue *q = &s->a->queues[i];
    bool same =
        q->own_hours == cmd->queue_hours.hours && q->closes_at == cmd->queue_hours.closes_at;
    if (same)
        return ACD_NOTHING;
    ms_t closes_at = cmd->queue_hours.closes_at, lead_at = 0;
    bool ahead = cmd->queue_hours.hours != HOURS_CLOSED_PUBLISHED && closes_at > s->now_at;
    if (ahead)
        lead_at =
            closes_at - q->closing_lead_ms > s->now_at ? closes_at - q->closing_lead_ms : s->now_at;
    step_say(s, (struct event){.kind = EV_QUEUE_HOURS,
                               .queue_hours = {.queue_id = q->id,
                                               .hours = cmd->queue_hours.hours,
                                               .closes_at = closes_at,
                                               .lead_at = lead_at}});
    return ACD_DONE;
}

/* Its wrap-up or pause still names it; or it was moved, and comes back to it. */
static bool is_named_by(const struct agent *g, uint32_t queue)
{
    bool is_own = false;
    for (unsigned q = 0; q < g->own_queues_n; q++)
        is_own |= g->own_queues[q] == queue;
    return is_own || g->queue == queue;
}

enum acd_verdict step_queue_drop(struct step *s, const struct command *cmd)
{
    uint32_t i = queue_find(s->a, cmd->queue_drop.queue_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (s->a->queues[i].named_n || s->a->queues[i].agents_n)
        return ACD_REFUSED_IN_USE;
    for (uint32_t g = 0; g < s->a->k.agents_n; g++)
        if (s->a->agents[g].id && is_named_by(&s->a->agents[g], i))
            return ACD_REFUSED_IN_USE;
    step_say(s, (struct event){.kind = EV_QUEUE_DROPPED,
                               .queue_dropped = {.queue_id = cmd->queue_drop.queue_id}});
    return ACD_DONE;
}

enum acd_verdict step_priority_set(struct step *s, const struct command *cmd)
{
    ms_t ms = cmd->priority_set.head_start_ms;
    bool bad = cmd->priority_set.priority >= ACD_PRIORITIES;
    if (bad || ms < 0 || ms > ACD_HEAD_START_MS_MAX)
        return ACD_REFUSED_RANGE;
    if (s->a->k.head_start_ms[cmd->priority_set.priority] == ms)
        return ACD_NOTHING;
    step_say(s, (struct event){
                    .kind = EV_PRIORITY_SET,
                    .priority_set = {.priority = cmd->priority_set.priority, .head_start_ms = ms}});
    return ACD_DONE;
}

static enum acd_verdict check_agent(const struct acd *a, const struct command *cmd)
{
    unsigned n = cmd->agent_set.queue_ids_n;
    if (!cmd->agent_set.agent_id || n > ACD_QUEUES_PER_AGENT ||
        cmd->agent_set.capacity_n > MEDIUM_N)
        return ACD_REFUSED_RANGE;
    for (unsigned m = 0; m < cmd->agent_set.capacity_n; m++)
        if (cmd->agent_set.capacity[m] > (m == MEDIUM_VOICE ? 1 : ACD_CAPACITY_MAX))
            return ACD_REFUSED_RANGE;
    for (unsigned i = 0; i < n; i++) {
        uint32_t q = queue_find(a, cmd->agent_set.queue_ids[i]);
        if (q == SLOT_NONE)
            return ACD_REFUSED_UNKNOWN;
        for (unsigned j = 0; j < i; j++)
            if (cmd->agent_set.queue_ids[j] == cmd->agent_set.queue_ids[i])
                return ACD_REFUSED_RANGE;
        if (cmd->agent_set.is_robot && a->queues[q].is_production)
            return ACD_REFUSED_ROBOT;
    }
    uint32_t agent = agent_find(a, cmd->agent_set.agent_id);
    if (agent == SLOT_NONE && a->agent_ids.n == a->limits.agents_max)
        return ACD_REFUSED_FULL;
    bool is_moved = agent != SLOT_NONE && a->agents[agent].moved_until_at;
    return cmd->agent_set.is_robot && is_moved ? ACD_REFUSED_ROBOT : ACD_DONE;
}

enum acd_verdict step_agent_set(struct step *s, const struct command *cmd)
{
    enum acd_verdict verdict = check_agent(s->a, cmd);
    if (verdict != ACD_DONE)
        return verdict;
    struct event ev = {.kind = EV_AGENT_SET,
                       .agent_set = {.agent_id = cmd->agent_set.agent_id,
                                     .site_id = cmd->agent_set.site_id,
                                     .area_id = cmd->agent_set.area_id,
                                     .portfolio_id = cmd->agent_set.portfolio_id,
                                     .skills = cmd->agent_set.skills,
                                     .capacity_n = cmd->agent_set.capacity_n,
                                     .queue_ids_n = cmd->agent_set.queue_ids_n,
                                     .is_robot = cmd->agent_set.is_robot}};
    for (unsigned m = 0; m < cmd->agent_set.capacity_n; m++)
        ev.agent_set.capacity[m] = cmd->agent_set.capacity[m];
    for (unsigned i = 0; i < cmd->agent_set.queue_ids_n; i++)
        ev.agent_set.queue_ids[i] = cmd->agent_set.queue_ids[i];
    if (acd_agent_is_set(s->a, &ev))
        return ACD_NOTHING;
    step_say(s, ev);
    uint32_t agent = agent_find(s->a, ev.agent_set.agent_id);
    step_offer_agent(s, agent); /* what it may take may have changed */
    return ACD_DONE;
}

enum acd_verdict step_agent_drop(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_drop.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (s->a->agents[i].state != AGENT_STATE_SIGNED_OUT)
        return ACD_REFUSED_IN_USE;
    step_say(s, (struct event){.kind = EV_AGENT_DROPPED,
                               .agent_dropped = {.agent_id = cmd->agent_drop.agent_id}});
    return ACD_DONE;
}
