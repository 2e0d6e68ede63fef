/* step_slot.c — times to be called at: sold, due, given back (design §3.7, §3.12).
 * Called by acd_step(). Cost: O(log waiting). Invariants: between its sale and its instant a slot
 * is nothing here, but a row of the store; so a week-end of requests holds no contact, and has no
 * place before that of Monday's first caller. What an agent agreed on changes nothing of the call:
 * it counts whatever ends it, and nobody is promised a second one for it. */
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/step.h"

static bool may_sell(const struct acd *a, const struct contact *c, uint32_t queue)
{
    bool is_on_line = c->flags & CONTACT_ON_LINE;
    bool is_at_door = c->state == CONTACT_OPEN && is_on_line && !(c->flags & CONTACT_IS_TEST);
    bool is_promised =
        c->state == CONTACT_PROMISED && !is_on_line && !c->due_at && c->queue == queue;
    return a->queues[queue].attempts_max && (is_at_door || is_promised);
}

static void say_sold(struct step *s, const struct command *cmd, uint32_t reference)
{
    step_say(s, (struct event){.kind = EV_SLOT_SOLD,
                               .slot_sold = {.contact_id = cmd->slot_sell.contact_id,
                                             .queue_id = cmd->slot_sell.queue_id,
                                             .reference = reference,
                                             .from_at = cmd->slot_sell.from_at,
                                             .until_at = cmd->slot_sell.until_at,
                                             .agent_id = cmd->slot_sell.agent_id}});
}

/* ---- by an agent -------------------------------------------------------------------------- */

/* Of this contact, or of one that is over. In the conversation: of one that counts, however it
 * ends, for who is cut off before is promised a call by the house. Behind it: nobody else has the
 * person, and nothing else is promised them. */
static bool may_agree(const struct step *s, const struct agent *g, uint32_t contact)
{
    const struct acd *a = s->a;
    const struct contact *c = contact == SLOT_NONE ? NULL : &a->contacts[contact];
    bool is_test = a->pools[g->pool].is_robot || (c && c->flags & CONTACT_IS_TEST);
    if (is_test)
        return false;
    if (g->state == AGENT_STATE_JOINED)
        return c && c->state == CONTACT_JOINED && &a->agents[c->agent] == g &&
               step_counts(c, s->now_at - c->joined_at, OFFER_END_FAILED);
    return g->state == AGENT_STATE_WRAP_UP &&
           (!c || c->state == CONTACT_AFTER || c->state == CONTACT_PENDING);
}

static enum acd_verdict agree(struct step *s, const struct command *cmd)
{
    const struct acd *a = s->a;
    uint32_t agent = agent_find(a, cmd->slot_sell.agent_id);
    uint32_t i = contact_find(a, cmd->slot_sell.contact_id);
    bool is_here = i != SLOT_NONE && a->contacts[i].id == cmd->slot_sell.contact_id;
    if (agent == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct agent *g = &a->agents[agent];
    if (g->talk_contact_id != cmd->slot_sell.contact_id ||
        !may_agree(s, g, is_here ? i : SLOT_NONE))
        return ACD_REFUSED_STATE;
    say_sold(s, cmd, is_here ? a->contacts[i].reference : cmd->slot_sell.reference);
    return ACD_DONE;
}

/* ---- sold --------------------------------------------------------------------------------- */

static bool is_range(const struct step *s, ms_t from_at, ms_t until_at)
{
    return from_at > s->now_at && from_at - s->now_at <= ACD_DURATION_MS_MAX &&
           until_at > from_at && until_at - from_at <= ACD_DURATION_MS_MAX;
}

/* Who was promised a call for another day was not reached today: the call of today says so, and
 * that of the day tells whether the promise was kept. */
enum acd_verdict step_slot_sell(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    uint32_t i = contact_find(a, cmd->slot_sell.contact_id);
    uint32_t queue = queue_find(a, cmd->slot_sell.queue_id);
    bool is_here = i != SLOT_NONE && a->contacts[i].id == cmd->slot_sell.contact_id;
    bool is_agents = cmd->slot_sell.agent_id != 0;
    if (queue == SLOT_NONE || !cmd->slot_sell.contact_id || (!is_here && !is_agents))
        return ACD_REFUSED_UNKNOWN;
    if (!is_range(s, cmd->slot_sell.from_at, cmd->slot_sell.until_at))
        return ACD_REFUSED_RANGE;
    if (is_agents)
        return a->queues[queue].attempts_max ? agree(s, cmd) : ACD_REFUSED_STATE;
    if (!may_sell(a, &a->contacts[i], queue))
        return ACD_REFUSED_STATE;
    bool is_promised = a->contacts[i].state == CONTACT_PROMISED;
    say_sold(s, cmd, a->contacts[i].reference);
    if (!is_promised)
        return ACD_DONE;
    step_class_if_open(s, i, OUTCOME_CALLBACK_FAILED);
    step_settle(s, i, SETTLED_LATER);
    return ACD_DONE;
}

/* Told to whoever asks the journal; nothing here is the slot's. */
enum acd_verdict step_slot_cancel(struct step *s, const struct command *cmd)
{
    if ((unsigned)cmd->slot_cancel.by >= CANCELLED_BY_N)
        return ACD_REFUSED_RANGE;
    step_say(s, (struct event){.kind = EV_SLOT_CANCELLED,
                               .slot_cancelled = {.contact_id = cmd->slot_cancel.contact_id,
                                                  .reference = cmd->slot_cancel.reference,
                                                  .by = cmd->slot_cancel.by}});
    return ACD_DONE;
}

static enum acd_verdict judge_due(const struct step *s, const struct command *cmd, uint32_t queue)
{
    const struct acd *a = s->a;
    ms_t from_at = cmd->slot_due.from_at;
    if (queue == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (from_at > s->now_at || s->now_at - from_at > ACD_DURATION_MS_MAX ||
        !step_is_duration(cmd->slot_due.needs_ms))
        return ACD_REFUSED_RANGE;
    if (!a->queues[queue].attempts_max)
        return ACD_REFUSED_STATE;
    bool has_room = step_has_room(a, cmd->slot_due.leg_node) && lane_has_room(a, 6);
    return has_room ? ACD_DONE : ACD_REFUSED_FULL;
}

static uint64_t say_arrived(struct step *s, const struct command *cmd)
{
    uint64_t contact_id =
        step_say(s, (struct event){.kind = EV_CONTACT_OPENED,
                                   .contact_opened = {.kind = CONTACT_KIND_CALLBACK,
                                                      .medium = MEDIUM_VOICE,
                                                      .person_id = cmd->slot_due.person_id,
                                                      .place_at = cmd->slot_due.from_at,
                                                      .reference = cmd->slot_due.reference}});
    step_say(s, (struct event){.kind = EV_CALL_ARRIVED,
                               .call_arrived = {.contact_id = contact_id,
                                                .leg_node = cmd->slot_due.leg_node,
                                                .channel = CHANNEL_CALLBACK,
                                                .entry_id = cmd->slot_due.entry_id}});
    return contact_id;
}

/* A call like one that came now, of somebody who is not on the line and is promised one: in one
 * command, for no crash may leave half of it. */
enum acd_verdict step_slot_due(struct step *s, const struct command *cmd)
{
    uint32_t queue = queue_find(s->a, cmd->slot_due.queue_id);
    enum acd_verdict verdict = judge_due(s, cmd, queue);
    if (verdict != ACD_DONE)
        return verdict;
    uint32_t i = contact_find(s->a, say_arrived(s, cmd));
    const struct contact *c = &s->a->contacts[i];
    const struct command like = {.kind = CMD_CALL_QUEUE,
                                 .call_queue = {.call_id = c->call_id,
                                                .queue_id = cmd->slot_due.queue_id,
                                                .needs = cmd->slot_due.needs,
                                                .needs_ms = cmd->slot_due.needs_ms}};
    step_say_queued(s, i, queue, &like);
    const struct event how = {.callback_promised = {.is_discreet = cmd->slot_due.is_discreet}};
    step_say_promised(s, i, &how);
    step_end_call(s, i, ENDED_BY_CALLER);
    return ACD_DONE;
}
