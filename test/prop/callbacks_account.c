/* callbacks_account.c — the account of prop/callbacks: what each promise has come to, by the
 * events. Called after each of them. Invariant: it knows nothing of the state of the heart. */
#include "test/prop/callbacks.h"

static struct person *by_contact(struct life *l, uint64_t id)
{
    for (unsigned i = 0; i < l->people_n; i++)
        if (l->people[i].id == id)
            return &l->people[i];
    callbacks_fail("known: an event names nobody");
    return NULL;
}

static struct person *by_offer(struct life *l, uint64_t id)
{
    for (unsigned i = 0; i < l->people_n; i++)
        if (l->people[i].offer_id == id)
            return &l->people[i];
    callbacks_fail("known: an event names no offer");
    return NULL;
}

/* All agents serve all queues: whoever waits with an older place could have been taken. */
static void check_order(struct life *l, const struct person *p, enum rule rule)
{
    bool passed_over = false;
    for (unsigned i = 0; i < l->people_n; i++) {
        const struct person *o = &l->people[i];
        bool earlier = o->key_at < p->key_at || (o->key_at == p->key_at && o->id < p->id);
        bool is_held = o->is_dialled && !l->is_open[o->queue_id];
        if (o->where != WAITS || o == p || !earlier || is_held)
            continue;
        if (!o->is_dialled)
            callbacks_fail("order: somebody on the line was passed over");
        passed_over = true;
    }
    if (passed_over && rule != RULE_SHARE)
        callbacks_fail("order: a promise was passed over without the rule's name");
    met.shares_n += rule == RULE_SHARE;
    if (rule == RULE_SHARE && (p->is_dialled || !passed_over))
        callbacks_fail("order: the rule of the share was named for nothing");
}

static void fold_offer(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->offer_made.contact_id);
    if (p->where != WAITS || p->offer_id)
        callbacks_fail("one_at_once: offered, and does not wait");
    if (p->is_dialled && !l->is_open[p->queue_id])
        callbacks_fail("not_early: an agent is kept while the queue is closed");
    if (p->is_dialled && l->now_at < p->not_before_at)
        callbacks_fail("not_early: an agent is kept before the instant promised");
    if (p->is_dialled != (ev->offer_made.phase == OFFER_PHASE_RESERVED))
        callbacks_fail("known: whom we call is called, who is on the line is rung for");
    check_order(l, p, ev->offer_made.rule);
    p->where = OFFERED;
    p->offer_id = ev->id;
    p->agent_id = ev->offer_made.agent_id;
    p->is_rung = false;
}

static void fold_promised(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->callback_promised.contact_id);
    if (p->is_dialled)
        callbacks_fail("one_place: promised twice");
    p->is_dialled = true;
    p->where = PROMISED;
    p->not_before_at = ev->callback_promised.not_before_at;
    l->promised_n++;
}

/* As if nothing had been promised: the same place, on the line. */
static void fold_withdrawn(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->callback_withdrawn.contact_id);
    if (p->where != PROMISED || p->has_hung_up)
        callbacks_fail("withdrawn: nobody is on the line");
    p->is_dialled = false;
    p->where = WAITS;
    p->not_before_at = 0;
    l->promised_n--;
    met.withdrawn_n++;
}

static void fold_settled(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->contact_settled.contact_id);
    enum settled how = ev->contact_settled.how;
    if (p->where == DONE || p->offer_id)
        callbacks_fail("one_place: over twice, or while somebody is called");
    if (p->is_dialled && !p->is_classed)
        callbacks_fail("one_class: a promise is over and its call has no class");
    if (p->is_dialled && how == SETTLED_LAPSED && p->tried_n < ATTEMPTS)
        callbacks_fail("one_place: given up before the last attempt");
    if (p->is_dialled && how != SETTLED_LAPSED && how != SETTLED_ANSWERED &&
        how != SETTLED_CANCELLED && !(how == SETTLED_LATER && p->is_sold))
        callbacks_fail("one_place: a promise ends by another way");
    l->kept_n += p->is_dialled;
    met.ends_n[how] += p->is_dialled;
    p->where = DONE;
}

static void fold_tried(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->callback_tried.contact_id);
    bool counts = ev->callback_tried.result != CALLBACK_RESULT_FAULT;
    p->tried_n += counts;
    if (p->tried_n > ATTEMPTS || ev->callback_tried.attempts_n != p->tried_n)
        callbacks_fail("one_at_once: more attempts than there may be");
    if (!ev->callback_tried.not_before_at != (p->tried_n == ATTEMPTS))
        callbacks_fail("one_place: it goes on after the last attempt, or ends before");
    p->not_before_at = ev->callback_tried.not_before_at;
    p->where = p->not_before_at ? PROMISED : BETWEEN;
}

static void fold_offer_end(struct life *l, const struct event *ev)
{
    struct person *p = by_offer(l, ev->offer_ended.offer_id);
    p->offer_id = 0;
    p->where = BETWEEN;
}

/* By the person or the house, while it stands. */
static void fold_changed(struct life *l, const struct event *ev)
{
    bool is_moved = ev->kind == EV_CALLBACK_MOVED;
    struct person *p =
        by_contact(l, is_moved ? ev->callback_moved.contact_id : ev->callback_cancelled.contact_id);
    if (!p->is_dialled || p->offer_id)
        callbacks_fail("one_at_once: changed while somebody is called");
    if (!is_moved)
        return;
    p->where = PROMISED;
    p->not_before_at = ev->callback_moved.not_before_at;
    met.moved_n++;
}

static void fold_call(struct life *l, const struct event *ev)
{
    struct person *p;
    switch (ev->kind) {
    case EV_CONTACT_OPENED:
        if (l->people_n == PEOPLE)
            callbacks_fail("bounded: more people than this account has room for");
        l->people[l->people_n++] =
            (struct person){.id = ev->id, .key_at = ev->contact_opened.place_at, .where = ON_LINE};
        break;
    case EV_CALL_ARRIVED:
        by_contact(l, ev->call_arrived.contact_id)->call_id = ev->id;
        break;
    case EV_CONTACT_QUEUED:
        p = by_contact(l, ev->contact_queued.contact_id);
        p->where = WAITS;
        p->queue_id = ev->contact_queued.queue_id;
        p->key_at = ev->contact_queued.key_at;
        break;
    case EV_CALL_ENDED:
        p = by_contact(l, ev->call_ended.contact_id);
        p->where = p->is_dialled ? p->where : BETWEEN;
        p->has_hung_up = true;
        break;
    default:
        p = by_contact(l, ev->call_outcome.contact_id);
        p->is_classed = true;
        if (++p->classes_n > 1)
            callbacks_fail("one_class: a call has two");
        if (ev->call_outcome.outcome == OUTCOME_CALLBACK_HONOURED && !p->is_dialled)
            callbacks_fail("one_class: honoured, and nothing was promised");
        break;
    }
}

void callbacks_fold(struct life *l, const struct event *ev)
{
    switch (ev->kind) {
    case EV_CONTACT_OPENED:
    case EV_CALL_ARRIVED:
    case EV_CONTACT_QUEUED:
    case EV_CALL_ENDED:
    case EV_CALL_OUTCOME:
        fold_call(l, ev);
        break;
    case EV_QUEUE_HOURS:
        l->is_open[ev->queue_hours.queue_id] = ev->queue_hours.hours == HOURS_OPEN;
        break;
    case EV_CALLBACK_PROMISED:
        fold_promised(l, ev);
        break;
    case EV_CALLBACK_WITHDRAWN:
        fold_withdrawn(l, ev);
        break;
    case EV_SLOT_SOLD:
        by_contact(l, ev->slot_sold.contact_id)->is_sold = true;
        break;
    case EV_CALLBACK_DUE:
    case EV_CONTACT_RETURNED:
        by_contact(l, ev->callback_due.contact_id)->where = WAITS; /* the first field of both */
        break;
    case EV_CALLBACK_HELD:
        by_contact(l, ev->callback_held.contact_id)->where = PROMISED;
        met.held_n++;
        break;
    case EV_CALLBACK_MOVED:
    case EV_CALLBACK_CANCELLED:
        fold_changed(l, ev);
        break;
    case EV_OFFER_MADE:
        fold_offer(l, ev);
        break;
    case EV_OFFER_ADVANCED:
        by_offer(l, ev->offer_advanced.offer_id)->is_rung = true;
        break;
    case EV_OFFER_JOINED:
        by_offer(l, ev->offer_joined.offer_id)->where = SPEAKS;
        break;
    case EV_OFFER_ENDED:
        fold_offer_end(l, ev);
        break;
    case EV_CALLBACK_TRIED:
        fold_tried(l, ev);
        break;
    case EV_CONTACT_SETTLED:
        fold_settled(l, ev);
        break;
    default:
        break;
    }
}
