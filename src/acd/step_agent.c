/* step_agent.c — agents sign in and out, get ready, pause, are lost.
 * Called by acd_step() and by due work. Cost: O(queues of the agent).
 * Invariant: nobody is made ready by surprise; who is ready has been matched. */
#include "acd/lists.h"
#include "acd/step.h"

static void say_paused(struct step *s, const struct agent *g, enum pause reason)
{
    step_say(s, (struct event){.kind = EV_AGENT_PAUSED,
                               .agent_paused = {.agent_id = g->id, .reason = reason}});
}

/* What was written to the house stays there. */
static void say_out(struct step *s, const struct agent *g)
{
    step_texts_back(s, agent_find(s->a, g->id));
    step_say(s,
             (struct event){.kind = EV_AGENT_SIGNED_OUT, .agent_signed_out = {.agent_id = g->id}});
}

static void say_ready(struct step *s, uint32_t agent)
{
    step_say(s, (struct event){
                    .kind = EV_AGENT_READY,
                    .agent_ready = {.agent_id = s->a->agents[agent].id, .idle_at = s->now_at}});
    step_offer_agent(s, agent);
}

static void say_planned(struct step *s, const struct agent *g, bool leaves, enum pause reason)
{
    step_say(s, (struct event){
                    .kind = EV_AGENT_PLANNED,
                    .agent_planned = {.agent_id = g->id, .leaves = leaves, .reason = reason}});
}

/* The wrap-up is over or there is none: what was planned, or ready. */
static void after_wrap_up(struct step *s, uint32_t agent)
{
    const struct agent *g = &s->a->agents[agent];
    if (g->plan_leaves && g->contacts == SLOT_NONE)
        say_out(s, g);
    else if (g->plan_leaves)
        say_paused(s, g, PAUSE_NONE); /* leaves with the last written conversation */
    else if (g->plan_pause)
        say_paused(s, g, (enum pause)g->plan_pause);
    else
        say_ready(s, agent);
}

void step_release_agent(struct step *s, uint32_t agent)
{
    struct acd *a = s->a;
    const struct agent *g = &a->agents[agent];
    if (g->state == AGENT_STATE_WRAP_UP) {
        ms_t wrap_up_ms = g->until_at ? 0 : a->queues[g->queue].wrap_up_ms;
        if (wrap_up_ms)
            step_say(s, (struct event){.kind = EV_AGENT_WRAP_UP,
                                       .agent_wrap_up = {.agent_id = g->id,
                                                         .ends_at = s->now_at + wrap_up_ms}});
        else
            after_wrap_up(s, agent);
        return;
    }
    if (g->plan_leaves && g->contacts == SLOT_NONE && g->offered == SLOT_NONE)
        say_out(s, g);
    else
        step_offer_agent(s, agent);
}

enum acd_verdict step_agent_sign_in(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_sign_in.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (s->a->agents[i].state != AGENT_STATE_SIGNED_OUT)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_AGENT_SIGNED_IN,
                               .agent_signed_in = {.agent_id = cmd->agent_sign_in.agent_id}});
    return ACD_DONE;
}

/* Takes the unanswered offer away from an agent; its contact goes back after the agent has moved.
 */
static uint32_t take_offer(struct step *s, uint32_t agent, enum offer_end why)
{
    uint32_t contact = s->a->agents[agent].offered;
    if (contact != SLOT_NONE)
        step_end_offer(s, contact, why);
    return contact;
}

enum acd_verdict step_agent_sign_out(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_sign_out.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct agent *g = &s->a->agents[i];
    if (g->state == AGENT_STATE_SIGNED_OUT || g->plan_leaves)
        return ACD_NOTHING;
    uint32_t contact = take_offer(s, i, OFFER_END_AGENT_LEFT);
    if (g->contacts != SLOT_NONE)
        say_planned(s, g, true, PAUSE_NONE);
    else
        say_out(s, g);
    if (contact != SLOT_NONE)
        step_return_contact(s, contact, OFFER_END_AGENT_LEFT);
    return ACD_DONE;
}

enum acd_verdict step_agent_ready(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_ready.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct agent *g = &s->a->agents[i];
    switch ((enum agent_state)g->state) {
    case AGENT_STATE_SIGNED_OUT:
        return ACD_REFUSED_STATE;
    case AGENT_STATE_PAUSED:
    case AGENT_STATE_WRAP_UP:
        say_ready(s, i);
        return ACD_DONE;
    case AGENT_STATE_READY:
    case AGENT_STATE_OFFERED:
    case AGENT_STATE_JOINED:
        if (!g->plan_leaves && !g->plan_pause)
            return ACD_NOTHING;
        say_planned(s, g, false, PAUSE_NONE); /* stays after all */
        step_offer_agent(s, i);
        return ACD_DONE;
    }
    return ACD_NOTHING;
}

enum acd_verdict step_agent_pause(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_pause.agent_id);
    enum pause reason = cmd->agent_pause.reason;
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (reason == PAUSE_NONE || (unsigned)reason >= PAUSE_N)
        return ACD_REFUSED_RANGE;
    const struct agent *g = &s->a->agents[i];
    if (g->state == AGENT_STATE_SIGNED_OUT)
        return ACD_REFUSED_STATE;
    if (g->state == AGENT_STATE_JOINED) {
        say_planned(s, g, false, reason);
        return ACD_DONE;
    }
    uint32_t contact = take_offer(s, i, OFFER_END_AGENT_LEFT);
    say_paused(s, g, reason);
    if (contact != SLOT_NONE)
        step_return_contact(s, contact, OFFER_END_AGENT_LEFT);
    return ACD_DONE;
}

/* By so much each time, never past the longest from now: nobody is away by wrapping up. */
enum acd_verdict step_agent_more_time(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_more_time.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct agent *g = &s->a->agents[i];
    if (g->state != AGENT_STATE_WRAP_UP)
        return ACD_REFUSED_STATE;
    ms_t ends_at = g->until_at + ACD_MORE_TIME_MS, last_at = s->now_at + ACD_WRAP_UP_MS_MAX;
    ends_at = ends_at < last_at ? ends_at : last_at;
    if (ends_at <= g->until_at)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_AGENT_WRAP_UP,
                               .agent_wrap_up = {.agent_id = g->id, .ends_at = ends_at}});
    return ACD_DONE;
}

/* The voice conversation of an agent; others are written and do not need its telephone. */
static uint32_t voice_of(const struct acd *a, const struct agent *g)
{
    uint32_t i = g->contacts;
    while (i != SLOT_NONE && a->contacts[i].medium != MEDIUM_VOICE)
        i = a->contacts[i].agent_next;
    return i;
}

enum acd_verdict step_agent_lost(struct step *s, const struct command *cmd)
{
    uint32_t i = agent_find(s->a, cmd->agent_lost.agent_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct agent *g = &s->a->agents[i];
    if (g->state == AGENT_STATE_SIGNED_OUT || g->state == AGENT_STATE_PAUSED)
        return ACD_NOTHING;
    uint32_t contact = take_offer(s, i, OFFER_END_FAILED);
    enum offer_end why = OFFER_END_FAILED;
    if (g->state == AGENT_STATE_JOINED) {
        contact = voice_of(s->a, g);
        why = OFFER_END_AGENT_LOST;
        step_end_offer(s, contact, why);
    }
    say_paused(s, g, PAUSE_LINE_LOST);
    if (contact != SLOT_NONE)
        step_return_contact(s, contact, why);
    return ACD_DONE;
}
