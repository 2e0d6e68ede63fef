/* step_move.c — an agent serves other queues for a while, and goes back (ADR 37).
 * Called by acd_step() and by due work. Cost: the queues of one agent.
 * Invariant: what the directory says of a moved agent is kept, and stands again when it is back. */
#include "acd/lists.h"
#include "acd/step.h"

static enum acd_verdict judge(const struct step *s, const struct agent *g,
                              const struct command *cmd)
{
    const struct acd *a = s->a;
    unsigned n = cmd->agent_move.queue_ids_n;
    ms_t until_at = cmd->agent_move.until_at;
    if (!n || n > ACD_QUEUES_PER_AGENT || until_at <= s->now_at ||
        until_at - s->now_at > ACD_DURATION_MS_MAX)
        return ACD_REFUSED_RANGE;
    for (unsigned i = 0; i < n; i++) {
        uint32_t q = queue_find(a, cmd->agent_move.queue_ids[i]);
        if (q == SLOT_NONE)
            return ACD_REFUSED_UNKNOWN;
        for (unsigned j = 0; j < i; j++)
            if (cmd->agent_move.queue_ids[j] == cmd->agent_move.queue_ids[i])
                return ACD_REFUSED_RANGE;
    }
    return a->pools[g->pool].is_robot ? ACD_REFUSED_ROBOT : ACD_DONE; /* it stays where it is */
}

/* Are these the queues that it serves? Each is given once. */
static bool serves_these(const struct acd *a, const struct agent *g, const struct command *cmd)
{
    const struct pool *p = &a->pools[g->pool];
    unsigned same_n = 0;
    for (unsigned i = 0; i < cmd->agent_move.queue_ids_n; i++)
        for (unsigned j = 0; j < p->queues_n; j++)
            same_n += a->queues[p->queues[j]].id == cmd->agent_move.queue_ids[i];
    return same_n == p->queues_n && same_n == cmd->agent_move.queue_ids_n;
}

enum acd_verdict step_agent_move(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_move.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct agent *g = &s->a->agents[i];
    enum acd_verdict verdict = judge(s, g, cmd);
    if (verdict != ACD_DONE)
        return verdict;
    if (g->moved_until_at == cmd->agent_move.until_at && serves_these(s->a, g, cmd))
        return ACD_NOTHING;
    struct event ev = {.kind = EV_AGENT_MOVED,
                       .agent_moved = {.agent_id = g->id,
                                       .queue_ids_n = cmd->agent_move.queue_ids_n,
                                       .until_at = cmd->agent_move.until_at,
                                       .by_id = cmd->agent_move.by_id}};
    for (unsigned q = 0; q < ev.agent_moved.queue_ids_n; q++)
        ev.agent_moved.queue_ids[q] = cmd->agent_move.queue_ids[q];
    step_say(s, ev);
    step_offer_agent(s, i);
    return ACD_DONE;
}

static void say_back(struct step *s, uint32_t agent, uint64_t by_id, bool by_itself)
{
    step_say(s, (struct event){.kind = EV_AGENT_MOVED_BACK,
                               .agent_moved_back = {.agent_id = s->a->agents[agent].id,
                                                    .by_id = by_id,
                                                    .by_itself = by_itself}});
    step_offer_agent(s, agent);
}

enum acd_verdict step_agent_move_back(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_move_back.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (!s->a->agents[i].moved_until_at)
        return ACD_NOTHING;
    say_back(s, i, cmd->agent_move_back.by_id, false);
    return ACD_DONE;
}

bool step_move_due(struct step *s, uint32_t agent)
{
    ms_t until_at = s->a->agents[agent].moved_until_at;
    if (!until_at || until_at > s->now_at)
        return false;
    say_back(s, agent, 0, true);
    return true;
}

/* In the conversation, or after it until the wrap-up ends: then nobody asks any more. */
enum acd_verdict step_conversation_conclude(struct step *s, const struct command *cmd)
{
    const struct acd *a = s->a;
    uint32_t i = agent_find(a, cmd->conversation_conclude.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if ((unsigned)cmd->conversation_conclude.conclusion >= CONCLUSION_N)
        return ACD_REFUSED_RANGE;
    const struct agent *g = &a->agents[i];
    bool has_talk = g->state == AGENT_STATE_JOINED || g->state == AGENT_STATE_WRAP_UP;
    if (!has_talk || !g->talk_offer_id)
        return ACD_REFUSED_STATE;
    if (g->conclusion == cmd->conversation_conclude.conclusion)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_CONVERSATION_CONCLUDED,
                               .conversation_concluded = {
                                   .offer_id = g->talk_offer_id,
                                   .contact_id = g->talk_contact_id,
                                   .call_id = g->talk_call_id,
                                   .agent_id = g->id,
                                   .queue_id = g->queue == SLOT_NONE ? 0 : a->queues[g->queue].id,
                                   .conclusion = cmd->conversation_conclude.conclusion,
                                   .was = (enum conclusion)g->conclusion}});
    return ACD_DONE;
}
