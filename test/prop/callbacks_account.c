/* callbacks_account.c — the account of prop/callbacks: what each promise has come to, by the
 * events. Called after each of them. Invariant: it knows nothing of the state of the heart. */
#include "test/prop/callbacks.h"

/* They stand in the order of their ids. */
static struct person *by_contact(struct life *l, uint64_t id)
{
    unsigned from = 0, to = l->people_n;
    while (from < to) {
        unsigned middle = (from + to) / 2;
        if (l->people[middle].id < id)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == l->people_n || l->people[from].id != id)
        callbacks_fail("known: an event names nobody");
    return &l->people[from];
}

struct person *callbacks_person(struct life *l, uint64_t contact_id)
{
    return by_contact(l, contact_id);
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
    l->met.shares_n += rule == RULE_SHARE;
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
    if (p->is_dialled && ev->at < p->not_before_at)
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
    l->met.withdrawn_n++;
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
    l->met.ends_n[how] += p->is_dialled;
    p->where = DONE;
    p->how = how;
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
    l->met.moved_n++;
}

/* Nobody has two wishes that wait for a call; and a time that was sold is called once. A row
 * whose sale a crash has made forgotten is called too: that is what they asked for. */
static void one_of_them(struct life *l)
{
    const struct person *now = &l->people[l->people_n - 1];
    unsigned due_n = 0, sold_n = 0;
    for (unsigned i = 0; i < l->people_n; i++) {
        const struct person *p = &l->people[i];
        if (p->reference != now->reference)
            continue;
        bool was_kept = p->where == DONE && p->how == SETTLED_ANSWERED; /* then agreed on anew */
        bool is_forgotten = !p->is_due && !p->is_sold && (!p->is_dialled || was_kept);
        due_n += p->is_due;
        sold_n += p->is_sold || is_forgotten;
        if (p != now && p->where != DONE && p->is_dialled)
            callbacks_fail("one_place: somebody is to be called by two promises");
    }
    if (now->is_due && due_n > sold_n)
        callbacks_fail("one_place: a time that was sold once is called twice");
}

static void fold_advanced(struct life *l, const struct event *ev)
{
    struct person *p = by_offer(l, ev->offer_advanced.offer_id);
    bool is_dialling = ev->offer_advanced.phase == OFFER_PHASE_DIALLING;
    p->is_rung = true;
    p->asked_at = ev->at;
    l->dials_n[p->reference] += p->is_dialled && is_dialling;
}

static void fold_call(struct life *l, const struct event *ev)
{
    struct person *p;
    switch (ev->kind) {
    case EV_CONTACT_OPENED:
        if (l->people_n == PEOPLE)
            callbacks_fail("bounded: more people than this account has room for");
        l->people[l->people_n++] =
            (struct person){.id = ev->id,
                            .key_at = ev->contact_opened.place_at,
                            .reference = ev->contact_opened.reference,
                            .is_due = ev->contact_opened.kind == CONTACT_KIND_CALLBACK,
                            .where = ON_LINE};
        one_of_them(l);
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
    case EV_CALL_PENDING:
        by_contact(l, ev->call_pending.contact_id)->is_pending = true;
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

void callbacks_fold(const struct event *ev, void *arg)
{
    struct life *l = arg;
    switch (ev->kind) {
    case EV_CONTACT_OPENED:
    case EV_CALL_ARRIVED:
    case EV_CONTACT_QUEUED:
    case EV_CALL_ENDED:
    case EV_CALL_PENDING:
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
        l->met.agreed_n += ev->slot_sold.agent_id != 0;
        break;
    case EV_CALLBACK_DUE:
    case EV_CONTACT_RETURNED:
        by_contact(l, ev->callback_due.contact_id)->where = WAITS; /* the first field of both */
        break;
    case EV_CALLBACK_HELD:
        by_contact(l, ev->callback_held.contact_id)->where = PROMISED;
        l->met.held_n++;
        break;
    case EV_CALLBACK_MOVED:
    case EV_CALLBACK_CANCELLED:
        fold_changed(l, ev);
        break;
    case EV_OFFER_MADE:
        fold_offer(l, ev);
        break;
    case EV_OFFER_ADVANCED:
        fold_advanced(l, ev);
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
