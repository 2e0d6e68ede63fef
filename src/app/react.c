/* react.c — events to effects: the whole table of what the world is asked to do.
 * Called by app for every event that has just become true; never in replay.
 * Cost: one switch. Invariant: reads only the event and the legs. */
#include "app/react.h"

#define TO(row) .leg_node = (row)->node, .leg_id = (row)->leg_id, .call_id = (row)->call_id

/* Told where they are as they enter the queue: what keeps that place for them comes with it. */
static bool enters(enum told what)
{
    return what == TOLD_ENTRY || what == TOLD_DIRECT;
}

static unsigned react_call(const struct leg_row *leg, const struct event *ev, struct effect *out)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        *out = (struct effect){.kind = EFFECT_CALL_ACCEPT, .call_accept = {TO(leg)}};
        return 1;
    case EV_CALL_REFUSED:
        *out = (struct effect){.kind = EFFECT_CALL_TELL_REFUSAL,
                               .call_tell_refusal = {TO(leg), .why = ev->call_refused.why}};
        return 1;
    case EV_CONTACT_QUEUED:
    case EV_CONTACT_RETURNED:
        *out = (struct effect){.kind = EFFECT_CALL_WAIT, .call_wait = {TO(leg)}};
        return 1;
    case EV_CONTACT_TOLD:
        *out = (struct effect){.kind = EFFECT_CALL_TELL,
                               .call_tell = {TO(leg), .what = ev->contact_told.what,
                                             .before_n = ev->contact_told.before_n,
                                             .band = ev->contact_told.band}};
        out[1] = (struct effect){.kind = EFFECT_CALL_TELL_NOTED, .call_tell_noted = {TO(leg)}};
        return enters(ev->contact_told.what) ? 2 : 1;
    case EV_REFERENCE_TOLD:
        *out = (struct effect){
            .kind = EFFECT_CALL_TELL_REFERENCE,
            .call_tell_reference = {TO(leg), .reference = ev->reference_told.reference}};
        return 1;
    case EV_CALLBACK_PROMISED:
        *out = (struct effect){
            .kind = EFFECT_CALL_TELL_PROMISE,
            .call_tell_promise = {TO(leg), .contact_id = ev->callback_promised.contact_id,
                                  .not_before_at = ev->callback_promised.not_before_at}};
        return !ev->callback_promised.by_house; /* whose leg is lost: nobody hears it */
    case EV_SLOT_SOLD:
        *out =
            (struct effect){.kind = EFFECT_CALL_TELL_PROMISE,
                            .call_tell_promise = {TO(leg), .contact_id = ev->slot_sold.contact_id,
                                                  .not_before_at = ev->slot_sold.from_at}};
        return 1;
    case EV_RECORDING_REFUSED:
        *out =
            (struct effect){.kind = EFFECT_CALL_TELL_UNRECORDED, .call_tell_unrecorded = {TO(leg)}};
        return 1;
    case EV_CALL_ENDED:
        if (ev->call_ended.by == ENDED_BY_CALLER)
            return 0;
        *out = (struct effect){.kind = EFFECT_CALL_RELEASE, .call_release = {TO(leg)}};
        return 1;
    default:
        return 0;
    }
}

/* Agreed on with an agent, who tells them: they are written to, wherever their line is. */
static unsigned react_agreed(const struct event *ev, struct effect *out)
{
    *out = (struct effect){.kind = EFFECT_CALL_TELL_PROMISE,
                           .call_tell_promise = {.contact_id = ev->slot_sold.contact_id,
                                                 .not_before_at = ev->slot_sold.from_at}};
    return 1;
}

static unsigned react_offer(const struct legs *legs, const struct event *ev, struct effect *out)
{
    const struct leg_row *leg;
    switch (ev->kind) {
    case EV_OFFER_MADE:
        leg = legs_get(legs, ev->offer_made.contact_id);
        *out = (struct effect){
            .kind = EFFECT_OFFER_RING,
            .offer_ring = {.offer_id = ev->id,
                           .agent_id = ev->offer_made.agent_id,
                           .contact_id = ev->offer_made.contact_id,
                           .leg_node = leg ? leg->node : 0,
                           .leg_id = leg ? leg->leg_id : 0,
                           .ends_at = ev->offer_made.ends_at,
                           .is_callback = ev->offer_made.phase == OFFER_PHASE_RESERVED}};
        return 1;
    case EV_OFFER_ADVANCED:
        *out = (struct effect){.kind = EFFECT_CALLBACK_DIAL,
                               .callback_dial = {.offer_id = ev->offer_advanced.offer_id}};
        return ev->offer_advanced.phase == OFFER_PHASE_DIALLING;
    case EV_CALLBACK_TRIED:
        *out = (struct effect){.kind = EFFECT_CALLBACK_TRIED,
                               .callback_tried = {.contact_id = ev->callback_tried.contact_id}};
        return ev->callback_tried.result != CALLBACK_RESULT_FAULT;
    case EV_NEVER_LISTED:
        *out = (struct effect){.kind = EFFECT_NEVER_NOTED,
                               .never_noted = {.is_added = ev->never_listed.is_added}};
        return 1;
    case EV_CONTACT_DROPPED:
        *out = (struct effect){.kind = EFFECT_PLACE_KEPT,
                               .place_kept = {.contact_id = ev->contact_dropped.contact_id}};
        return 1;
    case EV_CONTACT_SETTLED:
        *out = (struct effect){.kind = EFFECT_CALLBACK_OVER,
                               .callback_over = {.contact_id = ev->contact_settled.contact_id}};
        return 1;
    case EV_OFFER_JOINED:
        leg = legs_get(legs, ev->offer_joined.contact_id);
        *out = (struct effect){.kind = EFFECT_OFFER_JOIN,
                               .offer_join = {.offer_id = ev->offer_joined.offer_id,
                                              .agent_id = ev->offer_joined.agent_id,
                                              .leg_node = leg ? leg->node : 0,
                                              .leg_id = leg ? leg->leg_id : 0}};
        return 1;
    case EV_OFFER_ENDED:
        *out = (struct effect){.kind = EFFECT_OFFER_STOP,
                               .offer_stop = {.offer_id = ev->offer_ended.offer_id,
                                              .agent_id = ev->offer_ended.agent_id}};
        return 1;
    default:
        return 0;
    }
}

static unsigned tell_agent(uint32_t agent_id, enum agent_state state, enum pause reason,
                           struct effect *out)
{
    *out = (struct effect){.kind = EFFECT_AGENT_TELL,
                           .agent_tell = {.agent_id = agent_id, .state = state, .reason = reason}};
    return 1;
}

static unsigned react_agent(const struct event *ev, struct effect *out)
{
    switch (ev->kind) {
    case EV_AGENT_PAUSED:
        return tell_agent(ev->agent_paused.agent_id, AGENT_STATE_PAUSED, ev->agent_paused.reason,
                          out);
    case EV_AGENT_WRAP_UP:
        return tell_agent(ev->agent_wrap_up.agent_id, AGENT_STATE_WRAP_UP, PAUSE_NONE, out);
    case EV_AGENT_READY:
        return tell_agent(ev->agent_ready.agent_id, AGENT_STATE_READY, PAUSE_NONE, out);
    case EV_AGENT_SIGNED_OUT:
        return tell_agent(ev->agent_signed_out.agent_id, AGENT_STATE_SIGNED_OUT, PAUSE_NONE, out);
    default:
        return 0;
    }
}

/* The contact or call that an event of a call names. */
static uint64_t leg_key(const struct event *ev)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        return ev->id;
    case EV_CALL_REFUSED:
        return ev->call_refused.call_id;
    case EV_CONTACT_QUEUED:
        return ev->contact_queued.call_id;
    case EV_CONTACT_RETURNED:
        return ev->contact_returned.contact_id;
    case EV_CONTACT_TOLD:
        return ev->contact_told.contact_id;
    case EV_REFERENCE_TOLD:
        return ev->reference_told.call_id;
    case EV_RECORDING_REFUSED:
        return ev->recording_refused.call_id;
    case EV_CALLBACK_PROMISED:
        return ev->callback_promised.call_id;
    case EV_SLOT_SOLD:
        return ev->slot_sold.contact_id;
    case EV_CALL_ENDED:
        return ev->call_ended.call_id;
    default:
        return 0;
    }
}

unsigned react(const struct legs *legs, const struct event *ev, struct effect out[REACT_MAX])
{
    const struct leg_row *leg = legs_get(legs, leg_key(ev));
    bool is_agreed = ev->kind == EV_SLOT_SOLD && ev->slot_sold.agent_id;
    unsigned n = is_agreed ? react_agreed(ev, out) : leg ? react_call(leg, ev, out) : 0;
    if (!n)
        n = react_offer(legs, ev, out);
    if (!n)
        n = react_agent(ev, out);
    for (unsigned i = 0; i < n; i++)
        out[i].after_id = ev->id;
    return n;
}
