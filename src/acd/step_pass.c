/* step_pass.c — an offer or a conversation goes to another agent because people want it so: a
 * transfer, or a call that a colleague picks up.
 * Called by acd_step(). Cost: O(1), and a match for the agent who became free.
 * Invariant: the place is kept; who is named takes nobody else meanwhile; the exception to the
 * order carries its rule in the event (design §3.1). */
#include "acd/lists.h"
#include "acd/match.h"
#include "acd/pool.h"
#include "acd/step.h"

/* Whoever speaks to a colleague about this very caller is on pause for that call alone. */
static bool is_free(const struct acd *a, const struct agent *g)
{
    struct agent as_ready = *g;
    if (g->state == AGENT_STATE_PAUSED && g->pause == PAUSE_CALLING)
        as_ready.state = AGENT_STATE_READY;
    return acd_agent_open_media(a, &as_ready) & 1u << MEDIUM_VOICE;
}

static enum acd_verdict judge(const struct acd *a, const struct contact *c, uint32_t to)
{
    const struct agent *g = &a->agents[to];
    const struct pool *p = &a->pools[g->pool];
    bool is_dialled = c->flags & CONTACT_DIALLED; /* their own telephone holds whom we called */
    if (c->medium != MEDIUM_VOICE || c->agent == to || is_dialled || !is_free(a, g))
        return ACD_REFUSED_STATE;
    if (c->state != CONTACT_JOINED && c->phase != OFFER_PHASE_OFFERED)
        return ACD_REFUSED_STATE;
    if (p->is_robot && a->queues[c->queue].is_production)
        return ACD_REFUSED_ROBOT;
    return ACD_DONE;
}

enum acd_verdict step_offer_pass(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    uint32_t i = step_offer_find(a, cmd->offer_pass.offer_id);
    uint32_t to = agent_find(a, cmd->offer_pass.agent_id);
    if (i == SLOT_NONE || to == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &a->contacts[i];
    enum acd_verdict verdict = judge(a, c, to);
    if (verdict != ACD_DONE)
        return verdict;
    bool joined = c->state == CONTACT_JOINED;
    enum offer_end why = joined ? OFFER_END_PASSED : OFFER_END_PICKED_UP;
    uint32_t from = c->agent;
    if (a->agents[to].state == AGENT_STATE_PAUSED)
        step_say(
            s, (struct event){.kind = EV_AGENT_READY,
                              .agent_ready = {.agent_id = a->agents[to].id, .idle_at = s->now_at}});
    step_end_offer(s, i, why);
    step_say_returned(s, i, why);
    /* Without a match in between: nobody else may be offered either of them. */
    unsigned ring = match_ring(c, &a->pools[a->agents[to].pool]);
    const struct match m = {i, to, ring < CONTACT_RINGS ? (enum ring)ring : RING_NETWORK, false};
    step_say_offer(s, &m, joined ? RULE_PASSED : RULE_PICKED_UP, OFFER_PHASE_OFFERED);
    step_release_agent(s, from);
    return ACD_DONE;
}
