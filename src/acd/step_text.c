/* step_text.c — written contacts: opened, joined, taken, answered, given back, over (ADR 31).
 * Called by acd_step() and by due work. Cost: O(log written); taking: the queues of one agent.
 * Invariant: taken strictly in the order of places; nobody is offered one, and no wait of a caller
 * changes by it. */
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/step.h"

/* ---- somebody writes ---------------------------------------------------------------------- */

enum acd_verdict step_text_arrive(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    uint32_t queue = queue_find(a, cmd->text_arrive.queue_id);
    if (queue == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (!step_has_room(a, cmd->text_arrive.leg_node) || !lane_has_room(a, 1))
        return ACD_REFUSED_FULL;
    uint64_t contact_id =
        step_say(s, (struct event){.kind = EV_CONTACT_OPENED,
                                   .contact_opened = {.kind = CONTACT_KIND_WRITTEN,
                                                      .medium = MEDIUM_TEXT,
                                                      .person_id = cmd->text_arrive.person_id,
                                                      .place_at = s->now_at,
                                                      .reference = cmd->text_arrive.reference}});
    uint64_t call_id = step_say(
        s, (struct event){
               .kind = EV_CALL_ARRIVED,
               .call_arrived = {.contact_id = contact_id,
                                .leg_node = cmd->text_arrive.leg_node,
                                .channel = cmd->text_arrive.is_web ? CHANNEL_WEB : CHANNEL_SMS,
                                .entry_id = cmd->text_arrive.entry_id}});
    step_say(s, (struct event){.kind = EV_TEXT_OPENED,
                               .text_opened = {.contact_id = contact_id,
                                               .call_id = call_id,
                                               .queue_id = cmd->text_arrive.queue_id,
                                               .until_at = s->now_at + ACD_TEXT_KEEP_MS}});
    return ACD_DONE;
}

/* The written contact of this id; SLOT_NONE: there is none that is open. */
static uint32_t text_find(const struct acd *a, uint64_t contact_id)
{
    uint32_t i = contact_find(a, contact_id);
    if (i == SLOT_NONE || a->contacts[i].id != contact_id)
        return SLOT_NONE;
    uint8_t state = a->contacts[i].state;
    return state == CONTACT_WRITTEN || state == CONTACT_TAKEN ? i : SLOT_NONE;
}

enum acd_verdict step_text_join(struct step *s, const struct command *cmd)
{
    uint32_t i = text_find(s->a, cmd->text_join.contact_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->attempts_n >= ACD_TEXTS_MAX)
        return ACD_REFUSED_FULL;
    ms_t keep_ms = c->state == CONTACT_TAKEN ? ACD_TEXT_HOLD_MS : ACD_TEXT_KEEP_MS;
    step_say(s, (struct event){.kind = EV_TEXT_JOINED,
                               .text_joined = {.contact_id = c->id,
                                               .texts_n = (uint8_t)(c->attempts_n + 1),
                                               .until_at = s->now_at + keep_ms}});
    return ACD_DONE;
}

/* ---- an agent ----------------------------------------------------------------------------- */

/* The first of all queues that this agent serves; SLOT_NONE: nobody waits there. */
static uint32_t first_for(const struct acd *a, const struct pool *p)
{
    uint32_t best = SLOT_NONE;
    for (unsigned q = 0; q < p->queues_n; q++) {
        uint32_t node = a->queues[p->queues[q]].written.first;
        if (node == SLOT_NONE)
            continue;
        const struct tree_node *n = &a->nodes[node];
        if (best == SLOT_NONE || tree_less(n->key, n->tie, &a->nodes[best]))
            best = node;
    }
    return best == SLOT_NONE ? SLOT_NONE : contact_of_node(best);
}

/* Who is with a caller, or whose telephone rings, reads nothing meanwhile. */
static enum acd_verdict judge_taker(const struct acd *a, const struct agent *g)
{
    const struct pool *p = &a->pools[g->pool];
    if (p->is_robot)
        return ACD_REFUSED_ROBOT;
    if (g->state == AGENT_STATE_SIGNED_OUT || g->state == AGENT_STATE_OFFERED ||
        g->state == AGENT_STATE_JOINED || g->plan_leaves)
        return ACD_REFUSED_STATE;
    return g->written_n < p->capacity[MEDIUM_TEXT] ? ACD_DONE : ACD_REFUSED_FULL;
}

static ms_t waited_ms(const struct step *s, const struct contact *c)
{
    return c->wait_ms + (c->wait_since_at ? s->now_at - c->wait_since_at : 0);
}

enum acd_verdict step_text_take(struct step *s, const struct command *cmd)
{
    const struct acd *a = s->a;
    uint32_t agent = agent_find(a, cmd->text_take.agent_id);
    if (agent == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    enum acd_verdict verdict = judge_taker(a, &a->agents[agent]);
    if (verdict != ACD_DONE)
        return verdict;
    uint32_t i = first_for(a, &a->pools[a->agents[agent].pool]);
    if (i == SLOT_NONE)
        return ACD_NOTHING;
    const struct contact *c = &a->contacts[i];
    step_say(s, (struct event){.kind = EV_TEXT_TAKEN,
                               .text_taken = {.contact_id = c->id,
                                              .call_id = c->call_id,
                                              .agent_id = cmd->text_take.agent_id,
                                              .queue_id = a->queues[c->queue].id,
                                              .wait_ms = waited_ms(s, c),
                                              .until_at = s->now_at + ACD_TEXT_HOLD_MS}});
    return ACD_DONE;
}

/* ACD_DONE when this agent has it. */
static enum acd_verdict judge_holder(const struct acd *a, uint32_t contact, uint32_t agent_id)
{
    if (contact == SLOT_NONE || agent_find(a, agent_id) == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &a->contacts[contact];
    bool has_it = c->state == CONTACT_TAKEN && a->agents[c->agent].id == agent_id;
    return has_it ? ACD_DONE : ACD_REFUSED_STATE;
}

enum acd_verdict step_text_answer(struct step *s, const struct command *cmd)
{
    uint32_t i = text_find(s->a, cmd->text_answer.contact_id);
    enum acd_verdict verdict = judge_holder(s->a, i, cmd->text_answer.agent_id);
    if (verdict != ACD_DONE)
        return verdict;
    step_say(s, (struct event){.kind = EV_TEXT_ANSWERED,
                               .text_answered = {.contact_id = cmd->text_answer.contact_id,
                                                 .agent_id = cmd->text_answer.agent_id,
                                                 .until_at = s->now_at + ACD_TEXT_HOLD_MS}});
    return ACD_DONE;
}

/* Told twice, or of one after which another was sent: nothing new. */
enum acd_verdict step_text_told(struct step *s, const struct command *cmd)
{
    uint32_t i = text_find(s->a, cmd->text_told.contact_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    bool is_sent = cmd->text_told.is_sent, is_leaving = c->flags & CONTACT_LEAVING;
    bool is_first = is_sent && !(c->flags & CONTACT_ANSWERED);
    if (!is_leaving && !is_first)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_TEXT_TOLD,
                               .text_told = {.contact_id = c->id,
                                             .call_id = c->call_id,
                                             .is_sent = is_sent,
                                             .wait_ms = waited_ms(s, c)}});
    return ACD_DONE;
}

/* Answered, and nothing came since. */
static bool is_quiet(const struct contact *c)
{
    return c->flags & CONTACT_ANSWERED && !(c->flags & (CONTACT_UNREAD | CONTACT_LEAVING));
}

/* What its agent leaves behind and nobody waits for is over at once; a colleague may be asked. */
static void say_returned(struct step *s, uint32_t contact, enum text_back why)
{
    const struct contact *c = &s->a->contacts[contact];
    bool is_over = why == TEXT_BACK_LEFT && is_quiet(c);
    step_say(s, (struct event){
                    .kind = EV_TEXT_RETURNED,
                    .text_returned = {.contact_id = c->id,
                                      .agent_id = s->a->agents[c->agent].id,
                                      .why = why,
                                      .until_at = s->now_at + (is_over ? 0 : ACD_TEXT_KEEP_MS)}});
}

enum acd_verdict step_text_return(struct step *s, const struct command *cmd)
{
    uint32_t i = text_find(s->a, cmd->text_return.contact_id);
    enum acd_verdict verdict = judge_holder(s->a, i, cmd->text_return.agent_id);
    if (verdict != ACD_DONE)
        return verdict;
    say_returned(s, i, TEXT_BACK_AGENT);
    return ACD_DONE;
}

/* Hours are no matter, as when it was written. */
enum acd_verdict step_text_move(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    uint32_t i = text_find(a, cmd->text_move.contact_id);
    uint32_t queue = queue_find(a, cmd->text_move.queue_id);
    enum acd_verdict verdict = judge_holder(a, i, cmd->text_move.agent_id);
    if (verdict != ACD_DONE || queue == SLOT_NONE)
        return verdict != ACD_DONE ? verdict : ACD_REFUSED_UNKNOWN;
    if (a->contacts[i].queue == queue)
        return ACD_NOTHING;
    if (!lane_has_room(a, 1))
        return ACD_REFUSED_FULL;
    step_say(s, (struct event){.kind = EV_TEXT_MOVED,
                               .text_moved = {.contact_id = cmd->text_move.contact_id,
                                              .agent_id = cmd->text_move.agent_id,
                                              .queue_id = cmd->text_move.queue_id,
                                              .until_at = s->now_at + ACD_TEXT_KEEP_MS}});
    return ACD_DONE;
}

void step_texts_back(struct step *s, uint32_t agent)
{
    const struct agent *g = &s->a->agents[agent];
    for (unsigned n = 0; n < ACD_CAPACITY_MAX && g->written != SLOT_NONE; n++)
        say_returned(s, g->written, TEXT_BACK_LEFT);
}

/* ---- over --------------------------------------------------------------------------------- */

static bool is_by_person(enum text_end how)
{
    return how == TEXT_END_STOPPED || how == TEXT_END_CANCELLED;
}

/* The first rule of design §3.5 that applies to what nobody heard. */
static enum outcome class_of(const struct contact *c, enum text_end how)
{
    if (c->flags & CONTACT_ANSWERED)
        return OUTCOME_ANSWERED;
    if (!(c->flags & CONTACT_SERVED))
        return OUTCOME_TURNED_AWAY;
    return is_by_person(how) ? OUTCOME_ABANDONED : OUTCOME_CUT_OFF;
}

static enum settled settled_of(enum outcome outcome, enum text_end how)
{
    if (outcome == OUTCOME_ANSWERED)
        return SETTLED_ANSWERED;
    return is_by_person(how) ? SETTLED_CANCELLED : SETTLED_LAPSED;
}

static void end(struct step *s, uint32_t contact, enum text_end how)
{
    const struct acd *a = s->a;
    const struct contact *c = &a->contacts[contact];
    step_say(s, (struct event){
                    .kind = EV_TEXT_ENDED,
                    .text_ended = {.contact_id = c->id,
                                   .call_id = c->call_id,
                                   .agent_id = c->agent == SLOT_NONE ? 0 : a->agents[c->agent].id,
                                   .how = how}});
    enum ended_by by = how == TEXT_END_CLOSED ? ENDED_BY_AGENT
                       : is_by_person(how)    ? ENDED_BY_CALLER
                                              : ENDED_BY_SYSTEM;
    step_say(s, (struct event){.kind = EV_CALL_ENDED,
                               .call_ended = {.call_id = c->call_id,
                                              .contact_id = c->id,
                                              .by = by,
                                              .wait_ms = waited_ms(s, c)}});
    enum outcome outcome = class_of(c, how);
    step_say_outcome(s, contact, outcome);
    step_settle(s, contact, settled_of(outcome, how));
}

/* An answer that is on its way decides first: its agent may not say that nobody answered. */
static bool is_undecided(const struct contact *c)
{
    return c->flags & CONTACT_LEAVING && !(c->flags & CONTACT_ANSWERED);
}

enum acd_verdict step_text_end(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    enum text_end how = cmd->text_end.how;
    uint32_t i = text_find(a, cmd->text_end.contact_id), agent_id = cmd->text_end.agent_id;
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (how != TEXT_END_CLOSED && !is_by_person(how))
        return ACD_REFUSED_RANGE; /* the others come with time */
    enum acd_verdict verdict = how == TEXT_END_CLOSED ? judge_holder(a, i, agent_id) : ACD_DONE;
    if (verdict != ACD_DONE)
        return verdict;
    if (how == TEXT_END_CLOSED && is_undecided(&a->contacts[i]))
        return ACD_REFUSED_STATE;
    end(s, i, how);
    return ACD_DONE;
}

/* Kept for so long in the queue, or for so long with an agent who has done nothing. What was
 * answered, and to which nothing more came, is over; anything else stands where it stood. */
void step_text_due(struct step *s, uint32_t contact)
{
    const struct contact *c = &s->a->contacts[contact];
    if (is_quiet(c))
        end(s, contact, TEXT_END_QUIET);
    else if (c->state == CONTACT_TAKEN)
        say_returned(s, contact, TEXT_BACK_IDLE);
    else
        end(s, contact, TEXT_END_LAPSED);
}
