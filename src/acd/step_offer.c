/* step_offer.c — offers: made, advanced, confirmed, refused, ended; and what a waiting person is
 * told. Called by acd_step() and by due work. Invariant: one offer per contact, one unanswered
 * offer per agent; after each decision the side that became free has been matched. */
#include "acd/help.h"
#include "acd/lists.h"
#include "acd/match.h"
#include "acd/step.h"
#include "acd/wait.h"

static enum rule rule_of(const struct step *s, const struct match *m)
{
    const struct contact *c = &s->a->contacts[m->contact];
    if (m->by_share)
        return RULE_SHARE;
    if (help_opens(c, m->ring, s->now_at))
        return RULE_HELP;
    if (c->flags & CONTACT_RETURNED)
        return RULE_RETURNED;
    return c->key_at < c->place_at ? RULE_HEAD_START : RULE_PLACE;
}

ms_t step_waited_ms(const struct step *s, const struct contact *c)
{
    if (c->flags & CONTACT_DIALLED)
        return s->now_at - c->asked_at;
    return c->wait_ms + s->now_at - c->wait_since_at;
}

void step_say_offer(struct step *s, const struct match *m, enum rule rule, enum offer_phase phase)
{
    const struct acd *a = s->a;
    const struct contact *c = &a->contacts[m->contact];
    const struct queue *q = &a->queues[c->queue];
    step_say(s, (struct event){.kind = EV_OFFER_MADE,
                               .offer_made = {.contact_id = c->id,
                                              .call_id = c->call_id,
                                              .agent_id = a->agents[m->agent].id,
                                              .queue_id = q->id,
                                              .phase = phase,
                                              .ends_at = s->now_at + q->offer_ms,
                                              .ring = m->ring,
                                              .rule = rule,
                                              .wait_ms = step_waited_ms(s, c)}});
}

static void offer(struct step *s, const struct match *m)
{
    const struct contact *c = &s->a->contacts[m->contact];
    bool dials = c->kind == CONTACT_KIND_CALLBACK;
    step_say_offer(s, m, rule_of(s, m), dials ? OFFER_PHASE_RESERVED : OFFER_PHASE_OFFERED);
}

/* An agent who has just become free may have an older promise to take before this contact. */
bool step_offer_contact(struct step *s, uint32_t contact)
{
    step_help(s, contact);
    struct match m = match_contact(s->a, contact);
    while (m.agent != SLOT_NONE) {
        struct match first = match_agent(s->a, m.agent);
        if (first.contact == SLOT_NONE || first.contact == contact) {
            m.by_share = first.contact == contact && first.by_share;
            offer(s, &m);
            return true;
        }
        offer(s, &first);
        m = match_contact(s->a, contact);
    }
    return false;
}

bool step_offer_agent(struct step *s, uint32_t agent)
{
    struct match m = match_agent(s->a, agent);
    if (m.contact == SLOT_NONE)
        return false;
    offer(s, &m);
    return true;
}

bool step_counts(const struct contact *c, ms_t talk_ms, enum offer_end why)
{
    const unsigned both = CONTACT_MEDIA_CALLER | CONTACT_MEDIA_AGENT;
    if ((c->flags & both) != both)
        return false;
    return why == OFFER_END_CALLER_LEFT || talk_ms >= ACD_ANSWERED_MS_MIN;
}

void step_end_offer(struct step *s, uint32_t contact, enum offer_end why)
{
    const struct acd *a = s->a;
    const struct contact *c = &a->contacts[contact];
    bool joined = c->state == CONTACT_JOINED;
    ms_t talk_ms = joined ? s->now_at - c->joined_at : 0;
    step_say(s, (struct event){.kind = EV_OFFER_ENDED,
                               .offer_ended = {.offer_id = c->offer_id,
                                               .contact_id = c->id,
                                               .agent_id = a->agents[c->agent].id,
                                               .queue_id = a->queues[c->queue].id,
                                               .why = why,
                                               .talk_ms = talk_ms,
                                               .counts = joined && step_counts(c, talk_ms, why)}});
}

void step_say_returned(struct step *s, uint32_t contact, enum offer_end why)
{
    const struct contact *c = &s->a->contacts[contact];
    step_say(s, (struct event){.kind = EV_CONTACT_RETURNED,
                               .contact_returned = {
                                   .contact_id = c->id, .why = why, .ring = (enum ring)c->ring}});
}

void step_return_contact(struct step *s, uint32_t contact, enum offer_end why)
{
    bool is_dialled = s->a->contacts[contact].flags & CONTACT_DIALLED;
    if (is_dialled && step_settles_agreed(s, contact))
        return;
    step_say_returned(s, contact, why);
    if (why == OFFER_END_AGENT_LOST && !is_dialled)
        step_tell(s, contact, TOLD_AGENT_LOST);
    step_offer_contact(s, contact);
}

uint32_t step_offer_find(const struct acd *a, uint64_t offer_id)
{
    uint32_t i = contact_find(a, offer_id);
    return i != SLOT_NONE && a->contacts[i].offer_id == offer_id ? i : SLOT_NONE;
}

enum acd_verdict step_offer_advance(struct step *s, const struct command *cmd)
{
    uint32_t i = step_offer_find(s->a, cmd->offer_advance.offer_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->phase >= OFFER_PHASE_OFFERED)
        return ACD_REFUSED_STATE;
    const struct queue *q = &s->a->queues[c->queue];
    ms_t ends_ms = q->offer_ms;
    if (c->flags & CONTACT_DIALLED) /* it rings; somebody has answered: who? */
        ends_ms = c->phase == OFFER_PHASE_RESERVED ? q->dial_ms : ACD_CALLBACK_ASK_MS;
    ms_t ends_at = s->now_at + ends_ms;
    step_say(s, (struct event){.kind = EV_OFFER_ADVANCED,
                               .offer_advanced = {.offer_id = c->offer_id,
                                                  .phase = (enum offer_phase)(c->phase + 1),
                                                  .ends_at = ends_at}});
    return ACD_DONE;
}

enum acd_verdict step_offer_confirm(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    uint32_t i = step_offer_find(a, cmd->offer_confirm.offer_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &a->contacts[i];
    if (c->phase == OFFER_PHASE_JOINED)
        return ACD_NOTHING;
    bool is_early = c->flags & CONTACT_DIALLED && c->phase == OFFER_PHASE_DIALLING;
    if (c->phase != OFFER_PHASE_OFFERED && !is_early)
        return ACD_REFUSED_STATE;
    uint32_t agent = c->agent;
    step_say(s, (struct event){.kind = EV_OFFER_JOINED,
                               .offer_joined = {.offer_id = c->offer_id,
                                                .contact_id = c->id,
                                                .call_id = c->call_id,
                                                .agent_id = a->agents[agent].id,
                                                .queue_id = a->queues[c->queue].id,
                                                .wait_ms = step_waited_ms(s, c),
                                                .band = (enum band)c->band,
                                                .told_at = c->told_at}});
    step_offer_agent(s, agent); /* a text leaves room for another */
    return ACD_DONE;
}

/* Taken back before it was answered, which is nobody's doing: the agent stays at work. */
static enum acd_verdict withdraw(struct step *s, uint32_t contact)
{
    uint32_t agent = s->a->contacts[contact].agent;
    step_end_offer(s, contact, OFFER_END_WITHDRAWN);
    step_return_contact(s, contact, OFFER_END_WITHDRAWN);
    step_offer_agent(s, agent);
    return ACD_DONE;
}

enum acd_verdict step_offer_decline(struct step *s, const struct command *cmd)
{
    uint32_t i = step_offer_find(s->a, cmd->offer_decline.offer_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    enum offer_end why = cmd->offer_decline.why;
    if (why != OFFER_END_DECLINED && why != OFFER_END_FAILED && why != OFFER_END_WITHDRAWN)
        return ACD_REFUSED_RANGE;
    if (c->state != CONTACT_OFFERED)
        return ACD_REFUSED_STATE;
    if (why == OFFER_END_WITHDRAWN)
        return withdraw(s, i);
    uint32_t agent_id = s->a->agents[c->agent].id;
    enum pause reason = why == OFFER_END_DECLINED ? PAUSE_NO_ANSWER : PAUSE_LINE_LOST;
    uint32_t queue_id = s->a->queues[c->queue].id;
    step_end_offer(s, i, why);
    step_say(s, (struct event){.kind = EV_AGENT_PAUSED,
                               .agent_paused = {
                                   .agent_id = agent_id, .reason = reason, .queue_id = queue_id}});
    step_return_contact(s, i, why);
    return ACD_DONE;
}

enum acd_verdict step_offer_media(struct step *s, const struct command *cmd)
{
    uint32_t i = step_offer_find(s->a, cmd->offer_media.offer_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if ((unsigned)cmd->offer_media.side >= SIDE_N)
        return ACD_REFUSED_RANGE;
    const struct contact *c = &s->a->contacts[i];
    if (c->state != CONTACT_JOINED)
        return ACD_REFUSED_STATE;
    unsigned flag =
        cmd->offer_media.side == SIDE_CALLER ? CONTACT_MEDIA_CALLER : CONTACT_MEDIA_AGENT;
    if (c->flags & flag)
        return ACD_NOTHING;
    step_say(
        s, (struct event){.kind = EV_OFFER_MEDIA,
                          .offer_media = {.offer_id = c->offer_id, .side = cmd->offer_media.side}});
    return ACD_DONE;
}

enum acd_verdict step_offer_end(struct step *s, const struct command *cmd)
{
    uint32_t i = step_offer_find(s->a, cmd->offer_end.offer_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    enum offer_end why = cmd->offer_end.why;
    bool is_dialled = c->flags & CONTACT_DIALLED;
    if (c->state != CONTACT_JOINED)
        return ACD_REFUSED_STATE;
    if (is_dialled && (why == OFFER_END_FINISHED || why == OFFER_END_CALLER_LEFT)) {
        step_end_dialled(s, i, why);
        return ACD_DONE;
    }
    if (why != OFFER_END_FINISHED && why != OFFER_END_AGENT_LOST && why != OFFER_END_WITHDRAWN)
        return ACD_REFUSED_RANGE;
    uint32_t agent = c->agent, agent_id = s->a->agents[agent].id;
    uint32_t queue_id = s->a->queues[c->queue].id;
    bool voice = c->medium == MEDIUM_VOICE;
    step_end_offer(s, i, why);
    if (why == OFFER_END_AGENT_LOST && voice)
        step_say(s, (struct event){.kind = EV_AGENT_PAUSED,
                                   .agent_paused = {.agent_id = agent_id,
                                                    .reason = PAUSE_LINE_LOST,
                                                    .queue_id = queue_id}});
    else
        step_release_agent(s, agent);
    if (why != OFFER_END_FINISHED)
        step_return_contact(s, i, why);
    return ACD_DONE;
}

static ms_t next_tell_at(const struct contact *c, ms_t now_at, ms_t bound_at)
{
    ms_t first_at = c->asked_at + ACD_TELL_FIRST_MS, at = first_at;
    if (now_at >= first_at)
        at = first_at + ((now_at - first_at) / ACD_TELL_EVERY_MS + 1) * ACD_TELL_EVERY_MS;
    return bound_at > now_at && bound_at < at ? bound_at : at;
}

/* "Longer than we said" at most once in five minutes. */
static bool may_say_longer(const struct contact *c, ms_t now_at)
{
    return !c->longer_at || now_at - c->longer_at >= ACD_LONGER_EVERY_MS;
}

void step_tell(struct step *s, uint32_t contact, enum told what)
{
    const struct contact *c = &s->a->contacts[contact];
    struct wait_estimate e = wait_estimate(s->a, c, s->now_at);
    enum band band = wait_band(&e);
    bool silent = what == TOLD_DIRECT || what == TOLD_CLOSING_KEPT || what == TOLD_CLOSING_CANNOT;
    if (what == TOLD_RHYTHM && band > (enum band)c->band && band < BAND_UNKNOWN && c->bound_at)
        what = TOLD_LONGER;
    if (what == TOLD_LONGER && !may_say_longer(c, s->now_at)) {
        what = TOLD_RHYTHM;
        band = BAND_SILENT; /* nothing new that is true and may be said */
    }
    bool says_before = !silent && e.before_n <= ACD_BEFORE_TOLD_MAX && e.before_n <= c->before_told;
    ms_t bound_ms = silent ? 0 : wait_band_ms(band);
    ms_t bound_at = bound_ms ? s->now_at + bound_ms : 0;
    bool later = !bound_at || bound_at > c->bound_at;
    if (what != TOLD_LONGER && c->bound_at > s->now_at && later)
        bound_at = c->bound_at; /* only "longer than we said" moves a promise */
    bool is_line = c->kind == CONTACT_KIND_LINE;
    step_say(s, (struct event){
                    .kind = EV_CONTACT_TOLD,
                    .contact_told = {
                        .contact_id = c->id,
                        .what = what,
                        .before_n = says_before ? (uint8_t)e.before_n : ACD_BEFORE_NONE,
                        .band = silent ? BAND_SILENT : band,
                        .bound_at = bound_at,
                        .tell_at = is_line ? next_tell_at(c, s->now_at, bound_at) : MS_NEVER}});
}
