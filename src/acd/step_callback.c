/* step_callback.c — whom we call back: promised, tried, reached, given up (design §3.7).
 * Called by acd_step() and by due work. Cost: O(log promised).
 * Invariant: one place, given before: a promise moves nobody; one agent at a time is kept for it,
 * and nobody is called while the queue is closed. */
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/step.h"

#define PERCENT 100

enum acd_verdict step_queue_callbacks(struct step *s, const struct command *cmd)
{
    uint32_t i = queue_find(s->a, cmd->queue_callbacks.queue_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct queue *q = &s->a->queues[i];
    const struct event ev = {
        .kind = EV_QUEUE_CALLBACKS,
        .queue_callbacks = {.queue_id = q->id,
                            .attempts_max = cmd->queue_callbacks.attempts_max,
                            .share_percent = cmd->queue_callbacks.share_percent,
                            .gap_ms = cmd->queue_callbacks.gap_ms,
                            .keep_ms = cmd->queue_callbacks.keep_ms,
                            .dial_ms = cmd->queue_callbacks.dial_ms}};
    bool is_range = ev.queue_callbacks.attempts_max <= ACD_ATTEMPTS_MAX &&
                    ev.queue_callbacks.share_percent <= PERCENT &&
                    step_is_duration(ev.queue_callbacks.gap_ms) &&
                    step_is_duration(ev.queue_callbacks.keep_ms) &&
                    step_is_duration(ev.queue_callbacks.dial_ms);
    if (!is_range || (ev.queue_callbacks.attempts_max && !ev.queue_callbacks.dial_ms))
        return ACD_REFUSED_RANGE;
    if (q->attempts_max == ev.queue_callbacks.attempts_max &&
        q->share_percent == ev.queue_callbacks.share_percent &&
        q->gap_ms == ev.queue_callbacks.gap_ms && q->keep_ms == ev.queue_callbacks.keep_ms &&
        q->dial_ms == ev.queue_callbacks.dial_ms)
        return ACD_NOTHING;
    step_say(s, ev);
    return ACD_DONE;
}

/* ---- promised ----------------------------------------------------------------------------- */

void step_say_promised(struct step *s, uint32_t contact, const struct event *how)
{
    const struct contact *c = &s->a->contacts[contact];
    struct event ev = *how;
    ev.kind = EV_CALLBACK_PROMISED;
    ev.callback_promised.contact_id = c->id;
    ev.callback_promised.call_id = c->call_id;
    ev.callback_promised.queue_id = s->a->queues[c->queue].id;
    step_say(s, ev);
}

/* May this queue call this caller? A robot of ours is not called, nor who is called already. */
static bool may_promise(const struct acd *a, const struct contact *c, uint32_t queue)
{
    return a->queues[queue].attempts_max && c->kind == CONTACT_KIND_LINE &&
           !(c->flags & (CONTACT_IS_TEST | CONTACT_DIALLED));
}

/* The queue that was asked for, or that of who waits already. */
static uint32_t queue_of(const struct acd *a, const struct contact *c, uint32_t queue_id)
{
    if (c->state == CONTACT_OPEN)
        return queue_find(a, queue_id);
    return !queue_id || a->queues[c->queue].id == queue_id ? c->queue : SLOT_NONE;
}

static enum acd_verdict judge(const struct step *s, uint32_t contact, const struct command *cmd)
{
    const struct acd *a = s->a;
    const struct contact *c = &a->contacts[contact];
    ms_t not_before_at = cmd->callback_promise.not_before_at;
    bool is_range = !not_before_at ||
                    (not_before_at > s->now_at && not_before_at - s->now_at <= ACD_DURATION_MS_MAX);
    if (!is_range || cmd->callback_promise.priority >= ACD_PRIORITIES ||
        !step_is_duration(cmd->callback_promise.needs_ms))
        return ACD_REFUSED_RANGE;
    if (c->state != CONTACT_OPEN && c->state != CONTACT_WAITING)
        return ACD_REFUSED_STATE;
    uint32_t queue = queue_of(a, c, cmd->callback_promise.queue_id);
    if (queue == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (!may_promise(a, c, queue))
        return ACD_REFUSED_STATE;
    if (!lane_has_room(a, 6)) /* those of the line, and those of whom we call */
        return ACD_REFUSED_FULL;
    return c->state == CONTACT_OPEN && step_refusal_of(a, queue) < REFUSAL_N ? ACD_REFUSED_CLOSED
                                                                             : ACD_DONE;
}

enum acd_verdict step_callback_promise(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->callback_promise.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    enum acd_verdict verdict = judge(s, i, cmd);
    if (verdict != ACD_DONE)
        return verdict;
    const struct command like = {
        .kind = CMD_CALL_QUEUE,
        .call_queue = {.call_id = c->call_id,
                       .queue_id = cmd->callback_promise.queue_id,
                       .needs = cmd->callback_promise.needs,
                       .needs_ms = cmd->callback_promise.needs_ms,
                       .priority = cmd->callback_promise.priority,
                       .site_id = cmd->callback_promise.site_id,
                       .area_id = cmd->callback_promise.area_id,
                       .portfolio_id = cmd->callback_promise.portfolio_id}};
    if (c->state == CONTACT_OPEN)
        step_say_queued(s, i, queue_of(s->a, c, cmd->callback_promise.queue_id), &like);
    const struct event how = {
        .callback_promised = {.not_before_at = cmd->callback_promise.not_before_at,
                              .is_discreet = cmd->callback_promise.is_discreet}};
    step_say_promised(s, i, &how);
    return ACD_DONE;
}

/* Nobody has heard of it: as if it had not been said. */
enum acd_verdict step_callback_withdraw(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->callback_withdraw.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->state != CONTACT_PROMISED)
        return ACD_REFUSED_STATE;
    if (!lane_has_room(s->a, 3))
        return ACD_REFUSED_FULL;
    step_say(s, (struct event){.kind = EV_CALLBACK_WITHDRAWN,
                               .callback_withdrawn = {.contact_id = c->id}});
    step_offer_contact(s, i);
    return ACD_DONE;
}

/* Who waited, or had just begun to speak, is called first and discreetly: the place is old. */
void step_promise_after_fault(struct step *s, uint32_t contact)
{
    const struct contact *c = &s->a->contacts[contact];
    const struct event how = {.callback_promised = {.is_discreet = true, .by_house = true}};
    bool has_waited = c->state == CONTACT_WAITING || c->state == CONTACT_AFTER;
    if (has_waited && c->person_id && !(c->flags & CONTACT_ANSWERED) &&
        may_promise(s->a, c, c->queue) && lane_has_room(s->a, 3))
        step_say_promised(s, contact, &how);
}

/* ---- tried -------------------------------------------------------------------------------- */

void step_class_if_open(struct step *s, uint32_t contact, enum outcome outcome)
{
    if (s->a->contacts[contact].flags & CONTACT_UNCLASSED)
        step_class_call(s, contact, outcome);
}

/* A fault of ours is no attempt. After the last one nobody calls any more, and the place is kept.
 */
static void say_tried(struct step *s, uint32_t contact, enum callback_result result)
{
    const struct contact *c = &s->a->contacts[contact];
    const struct queue *q = &s->a->queues[c->queue];
    bool is_fault = result == CALLBACK_RESULT_FAULT;
    unsigned attempts_n = c->attempts_n + !is_fault;
    bool goes_on = attempts_n < q->attempts_max;
    bool has_spoken = c->flags & CONTACT_ANSWERED;
    step_say(s,
             (struct event){
                 .kind = EV_CALLBACK_TRIED,
                 .callback_tried = {
                     .contact_id = c->id,
                     .result = result,
                     .attempts_n = (uint8_t)attempts_n,
                     .not_before_at =
                         !goes_on ? 0 : s->now_at + (is_fault ? ACD_CALLBACK_AGAIN_MS : q->gap_ms),
                     .until_at = goes_on ? 0 : s->now_at + q->keep_ms}});
    if (!goes_on)
        step_class_if_open(s, contact,
                           has_spoken ? OUTCOME_CALLBACK_HONOURED : OUTCOME_CALLBACK_FAILED);
}

void step_tried(struct step *s, uint32_t contact, enum callback_result result)
{
    uint32_t agent = s->a->contacts[contact].agent;
    step_end_offer(s, contact, OFFER_END_NOT_REACHED);
    say_tried(s, contact, result);
    step_release_agent(s, agent);
}

/* ---- reached ------------------------------------------------------------------------------ */

/* Somebody spoke with them for long enough, now or before. */
static bool settles_if_answered(struct step *s, uint32_t contact)
{
    if (!(s->a->contacts[contact].flags & CONTACT_ANSWERED))
        return false;
    step_class_if_open(s, contact, OUTCOME_CALLBACK_HONOURED);
    step_settle(s, contact, SETTLED_ANSWERED);
    return true;
}

/* They are called at the time that was agreed on, and not before it for what broke off. */
bool step_settles_agreed(struct step *s, uint32_t contact)
{
    return s->a->contacts[contact].flags & CONTACT_AGREED && settles_if_answered(s, contact);
}

void step_end_dialled(struct step *s, uint32_t contact, enum offer_end why)
{
    uint32_t agent = s->a->contacts[contact].agent;
    step_end_offer(s, contact, why);
    if (!settles_if_answered(s, contact))
        say_tried(s, contact, CALLBACK_RESULT_FAULT); /* we let them go too soon */
    step_release_agent(s, agent);
}

void step_lose_dialled(struct step *s, uint32_t contact)
{
    uint32_t agent = s->a->contacts[contact].agent;
    step_end_offer(s, contact, OFFER_END_FAILED);
    if (!settles_if_answered(s, contact))
        step_say_returned(s, contact, OFFER_END_FAILED); /* held with the others, then due */
    step_release_agent(s, agent);
}

/* ---- taken back --------------------------------------------------------------------------- */

/* Nobody has been dialled: the agent who is kept for it is free again. */
static bool is_only_kept(const struct contact *c)
{
    return c->state == CONTACT_OFFERED && c->phase == OFFER_PHASE_RESERVED;
}

static void let_agent_go(struct step *s, uint32_t contact)
{
    step_end_offer(s, contact, OFFER_END_WITHDRAWN);
    step_say_returned(s, contact, OFFER_END_WITHDRAWN);
}

void step_cancel_promise(struct step *s, uint32_t contact, enum cancelled_by by, enum outcome class)
{
    const struct contact *c = &s->a->contacts[contact];
    step_say(s, (struct event){.kind = EV_CALLBACK_CANCELLED,
                               .callback_cancelled = {.contact_id = c->id, .by = by}});
    step_class_if_open(s, contact, class);
}

/* By the person, it was given up; by the house, it was not kept. */
enum acd_verdict step_callback_cancel(struct step *s, const struct command *cmd)
{
    uint32_t i = contact_find(s->a, cmd->callback_cancel.contact_id);
    if (i == SLOT_NONE || s->a->contacts[i].id != cmd->callback_cancel.contact_id)
        return ACD_REFUSED_UNKNOWN;
    enum cancelled_by by = cmd->callback_cancel.by;
    if ((unsigned)by >= CANCELLED_BY_N)
        return ACD_REFUSED_RANGE;
    const struct contact *c = &s->a->contacts[i];
    bool is_kept = is_only_kept(c);
    bool stands = c->state == CONTACT_PROMISED || c->state == CONTACT_WAITING || is_kept;
    uint32_t agent = c->agent;
    if (!(c->flags & CONTACT_DIALLED) || !stands || c->flags & CONTACT_ON_LINE)
        return ACD_REFUSED_STATE;
    if (is_kept)
        let_agent_go(s, i);
    step_cancel_promise(s, i, by,
                        by == CANCELLED_BY_PERSON ? OUTCOME_ABANDONED : OUTCOME_CALLBACK_FAILED);
    step_settle(s, i, SETTLED_CANCELLED);
    if (is_kept)
        step_release_agent(s, agent);
    return ACD_DONE;
}

/* They were reached, and said so: no attempt is counted, and nobody calls again. */
static void cancel_while_called(struct step *s, uint32_t contact)
{
    uint32_t agent = s->a->contacts[contact].agent;
    let_agent_go(s, contact);
    step_cancel_promise(s, contact, CANCELLED_BY_PERSON, OUTCOME_ABANDONED);
    step_settle(s, contact, SETTLED_CANCELLED);
    step_release_agent(s, agent);
}

enum acd_verdict step_callback_result(struct step *s, const struct command *cmd)
{
    uint32_t i = step_offer_find(s->a, cmd->callback_result.offer_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if ((unsigned)cmd->callback_result.result >= CALLBACK_RESULT_N)
        return ACD_REFUSED_RANGE;
    const struct contact *c = &s->a->contacts[i];
    bool is_called = c->state == CONTACT_OFFERED && c->phase >= OFFER_PHASE_DIALLING;
    if (!(c->flags & CONTACT_DIALLED) || !is_called)
        return ACD_REFUSED_STATE;
    if (cmd->callback_result.result == CALLBACK_RESULT_CANCELLED)
        cancel_while_called(s, i);
    else
        step_tried(s, i, cmd->callback_result.result);
    return ACD_DONE;
}
