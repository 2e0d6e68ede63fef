/* callbacks_outside.c — what people outside see of a life of prop/callbacks: promises heard,
 * telephones that ring, messages, answers of the API. No crash undoes it, so it is compared with
 * what the house does afterwards:
 *   heard        who has heard a promise is called, or gives it up; nobody of them is lost
 *   one_ring     no telephone rings twice at once, nor twice for one attempt
 *   own_time     … nor before the instant that its owner was told, nor once they were let go
 *   one_message  nobody is written to twice of one attempt; an attempt that counts has rung
 * Called by the app through its port. Invariant: knows people by their references alone. */
#include "test/prop/callbacks.h"

static struct person *by_offer(struct life *l, uint64_t offer_id)
{
    for (unsigned i = 0; i < l->people_n; i++)
        if (offer_id && l->people[i].offer_id == offer_id)
            return &l->people[i];
    return NULL;
}

static struct person *by_call(struct life *l, uint64_t call_id)
{
    for (unsigned i = l->people_n; i-- > 0;)
        if (l->people[i].call_id == call_id)
            return &l->people[i];
    return NULL;
}

bool callbacks_rings(const struct life *l, const struct person *p)
{
    const struct outsider *o = &l->outside[p->reference];
    return o->is_ringing && o->rung_offer == p->offer_id;
}

/* « C’est noté »: to who is still on the line, and for whom it still stands. */
static void on_promise(struct life *l, const struct effect *e)
{
    const struct person *p = by_call(l, e->call_tell_promise.call_id);
    if (!e->call_tell_promise.call_id)
        return; /* the agent tells them: callbacks_answer() */
    bool stands = p && !p->has_hung_up && (p->is_dialled || p->is_sold);
    if (!stands)
        return;
    struct outsider *o = &l->outside[p->reference];
    o->has_heard = true;
    o->has_slot = p->is_sold;
    o->not_before_at = e->call_tell_promise.not_before_at;
    l->met.heard_n++;
}

/* Told that nothing can be noted: what was promised is taken back. */
static void on_no_promise(struct life *l, const struct effect *e)
{
    uint64_t agreed_id = e->call_tell_no_promise.contact_id;
    const struct person *p =
        agreed_id ? callbacks_person(l, agreed_id) : by_call(l, e->call_tell_no_promise.call_id);
    if (!p || l->later_n == LATER)
        return;
    l->met.unheard_n++;
    if (agreed_id)
        l->outside[p->reference].unnoted_id = e->after_id;
    if (p->is_sold)
        l->later[l->later_n++] = (struct command){.kind = CMD_SLOT_CANCEL,
                                                  .slot_cancel = {.contact_id = p->id,
                                                                  .reference = p->reference,
                                                                  .by = CANCELLED_BY_HOUSE}};
    else
        l->later[l->later_n++] = (struct command){.kind = CMD_CALLBACK_WITHDRAW,
                                                  .callback_withdraw = {.call_id = p->call_id}};
}

static void on_dial(struct life *l, const struct effect *e)
{
    const struct person *p = by_offer(l, e->callback_dial.offer_id);
    if (!p || p->where != OFFERED)
        return; /* over meanwhile: the line looks, and dials nobody */
    struct outsider *o = &l->outside[p->reference];
    if (o->is_ringing)
        callbacks_fail("one_ring: a telephone that rings is called again");
    if (o->rung_offer == p->offer_id)
        callbacks_fail("one_ring: called twice for one offer");
    l->met.redials_n += o->dials_n > 0;
    if (++o->dials_n > l->dials_n[p->reference])
        callbacks_fail("one_ring: called again for an attempt that a crash has made forgotten");
    if (l->now_at < o->not_before_at)
        callbacks_fail("own_time: called before the instant that was told");
    if (o->is_let_go)
        callbacks_fail("own_time: called, though told that nobody calls any more");
    if (o->contact_id != p->id)
        o->dials_here_n = o->told_tries_n = 0;
    o->contact_id = p->id;
    o->dials_here_n++;
    o->is_ringing = true;
    o->rung_offer = p->offer_id;
    l->met.dials_n++;
}

static void on_stop(struct life *l, uint64_t offer_id)
{
    for (uint32_t i = 0; i < l->references_n; i++)
        if (l->outside[i].rung_offer == offer_id)
            l->outside[i].is_ringing = false;
}

/* A message: « nous avons essayé de vous joindre ». */
static void on_tried(struct life *l, const struct effect *e)
{
    const struct person *p = callbacks_person(l, e->callback_tried.contact_id);
    struct outsider *o = &l->outside[p->reference];
    if (o->contact_id == p->id && p->tried_n <= o->told_tries_n)
        callbacks_fail("one_message: written to twice of one attempt");
    if (o->contact_id != p->id || p->tried_n > o->dials_here_n)
        callbacks_fail("one_message: an attempt counts, and no telephone has rung");
    o->told_tries_n = p->tried_n;
    l->met.texts_n++;
}

static void emit(void *arg, const struct effect *e)
{
    struct life *l = arg;
    if (!callbacks_op(l))
        return;
    switch (e->kind) {
    case EFFECT_CALL_TELL_PROMISE:
        on_promise(l, e);
        return;
    case EFFECT_CALL_TELL_NO_PROMISE:
        on_no_promise(l, e);
        return;
    case EFFECT_CALLBACK_DIAL:
        on_dial(l, e);
        return;
    case EFFECT_OFFER_STOP:
        on_stop(l, e->offer_stop.offer_id);
        return;
    case EFFECT_CALLBACK_TRIED:
        on_tried(l, e);
        return;
    default:
        return;
    }
}

const struct edges_port callbacks_edges = {.arg = &life, .emit = emit};

/* The time that they chose; or agreed on, and were told by the agent. What could not be noted
 * nobody was told. */
static void answer_slot(struct life *l, const struct event *ev)
{
    bool is_sold = ev->kind == EV_SLOT_SOLD;
    struct outsider *o =
        &l->outside[is_sold ? ev->slot_sold.reference : ev->slot_cancelled.reference];
    if (is_sold)
        o->not_before_at = ev->slot_sold.from_at;
    if (is_sold && ev->slot_sold.agent_id && ev->id > o->unnoted_id)
        o->has_heard = o->has_slot = true;
    if (!is_sold && ev->slot_cancelled.by != CANCELLED_BY_HOUSE)
        o->is_let_go = true;
    if (!is_sold && ev->slot_cancelled.by == CANCELLED_BY_HOUSE)
        o->has_heard = o->has_slot = false, o->not_before_at = 0;
}

void callbacks_answer(struct life *l, const struct event *ev)
{
    const struct person *p;
    if (ev->kind == EV_CALLBACK_MOVED) {
        p = callbacks_person(l, ev->callback_moved.contact_id);
        l->outside[p->reference].not_before_at = ev->callback_moved.not_before_at;
    }
    if (ev->kind == EV_CALLBACK_CANCELLED) {
        p = callbacks_person(l, ev->callback_cancelled.contact_id);
        l->outside[p->reference].is_let_go = true;
    }
    if (ev->kind == EV_SLOT_SOLD || ev->kind == EV_SLOT_CANCELLED)
        answer_slot(l, ev);
}

/* Called and spoken with, or in vain as often as was told, or let go. */
static bool is_kept(const struct life *l, uint32_t reference)
{
    for (unsigned i = l->people_n; i-- > 0;) {
        const struct person *p = &l->people[i];
        if (p->reference != reference)
            continue;
        bool is_end =
            p->how == SETTLED_ANSWERED || p->how == SETTLED_LAPSED || p->how == SETTLED_CANCELLED;
        return p->where == DONE && p->is_dialled && is_end;
    }
    return false;
}

void callbacks_check_heard(struct life *l)
{
    for (uint32_t i = 0; i < l->references_n; i++) {
        const struct outsider *o = &l->outside[i];
        if (o->has_heard && !o->is_let_go && !is_kept(l, i))
            callbacks_fail("heard: somebody who was promised a call is lost");
        l->met.slots_n += o->has_heard && o->has_slot;
    }
}
