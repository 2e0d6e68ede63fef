/* model.c — see model.h. The fold, and the properties that one event can break. */
#include <string.h>

#include "test/prop/model.h"

/* turned_away has a strict definition: remember whether anybody was ever there during the wait. */
static void note_served(struct model *m)
{
    for (unsigned i = 0; i < m->contacts_n; i++) {
        struct model_contact *c = &m->contacts[i];
        bool counts = c->asked_at && c->on_line;
        if (counts && model_served(m, c))
            c->was_served = true;
    }
}

static const char *fold_agent_set(struct model *m, const struct event *ev)
{
    struct model_agent *g = model_agent(m, ev->agent_set.agent_id);
    if (!g)
        g = &m->agents[m->agents_n++];
    g->id = ev->agent_set.agent_id;
    g->site_id = ev->agent_set.site_id;
    g->area_id = ev->agent_set.area_id;
    g->portfolio_id = ev->agent_set.portfolio_id;
    g->skills = ev->agent_set.skills;
    g->is_robot = ev->agent_set.is_robot;
    g->queues_n = ev->agent_set.queue_ids_n;
    memcpy(g->queue_ids, ev->agent_set.queue_ids, sizeof(g->queue_ids));
    for (unsigned i = 0; i < MEDIUM_N; i++)
        g->capacity[i] = i < ev->agent_set.capacity_n ? ev->agent_set.capacity[i] : 0;
    for (unsigned i = 0; i < g->queues_n; i++) {
        const struct model_queue *q = model_queue(m, g->queue_ids[i]);
        if (g->is_robot && q && q->is_production)
            return "robots_apart: a robot serves a queue that a production trunk feeds";
    }
    return NULL;
}

/* Does anybody else, signed in and not paused, serve the queue of the offer that g missed? */
static bool is_served_by_others(const struct model *m, const struct model_agent *g)
{
    for (unsigned i = 0; i < m->agents_n; i++) {
        const struct model_agent *o = &m->agents[i];
        bool active = o->state != AGENT_STATE_SIGNED_OUT && o->state != AGENT_STATE_PAUSED;
        for (unsigned q = 0; o != g && active && q < o->queues_n; q++)
            if (o->queue_ids[q] == g->missed_queue_id)
                return true;
    }
    return false;
}

static const char *fold_agent(struct model *m, const struct event *ev)
{
    /* agent_id is the first field of all of these */
    struct model_agent *g = model_agent(m, ev->agent_ready.agent_id);
    if (!g)
        return "known: an event names an agent that is not set up";
    unsigned i = (unsigned)(g - m->agents);
    bool surprise = false;
    switch (ev->kind) {
    case EV_AGENT_SIGNED_IN:
        g->state = AGENT_STATE_PAUSED;
        g->pause = PAUSE_SIGN_IN;
        g->until_at = 0;
        break;
    case EV_AGENT_SIGNED_OUT:
        g->state = AGENT_STATE_SIGNED_OUT;
        g->plan_leaves = g->plan_pause = g->auto_back_used = false;
        break;
    case EV_AGENT_READY:
        if (ev->agent_ready.by_itself && is_served_by_others(m, g))
            return "back_once: an agent came back by itself while others serve its queue";
        surprise = g->state == AGENT_STATE_PAUSED && !m->ready_asked[i] &&
                   !ev->agent_ready.by_itself &&
                   !(m->passing.agent_id == g->id && g->pause == PAUSE_CALLING);
        if (ev->agent_ready.by_itself &&
            (g->auto_back_used || !g->until_at || g->until_at > ev->at))
            return "back_once: an agent came back by itself too early, or twice";
        g->auto_back_used = ev->agent_ready.by_itself;
        g->state = AGENT_STATE_READY;
        g->idle_at = ev->agent_ready.idle_at;
        g->plan_leaves = g->plan_pause = false;
        g->until_at = 0;
        break;
    case EV_AGENT_PAUSED:
        g->state = AGENT_STATE_PAUSED;
        g->pause = ev->agent_paused.reason;
        g->must_pause = false;
        if (ev->agent_paused.queue_id)
            g->missed_queue_id = ev->agent_paused.queue_id;
        g->until_at = ev->agent_paused.back_at;
        g->plan_pause = false;
        break;
    case EV_AGENT_WRAP_UP:
        g->until_at = ev->agent_wrap_up.ends_at;
        break;
    default:
        g->plan_leaves = ev->agent_planned.leaves;
        g->plan_pause = ev->agent_planned.reason != PAUSE_NONE;
        break;
    }
    m->ready_asked[i] = false;
    return surprise ? "no_surprise: a paused agent was made ready unasked" : NULL;
}

/* A person wished it so: neither order nor rings, but both must be free for it. */
static bool is_wished(const struct event *ev)
{
    return ev->offer_made.rule == RULE_PASSED || ev->offer_made.rule == RULE_PICKED_UP;
}

/* Order, rings, longest idle: all that an offer can do wrong, against everybody else. */
static const char *check_offer(const struct model *m, const struct model_contact *c,
                               const struct model_agent *g, const struct event *ev)
{
    if (c->node < 64 && m->lost_nodes >> c->node & 1)
        return "no_ghost: a caller is offered whose node is lost";
    if (c->state != MC_WAITING || c->offer_id)
        return "one_offer: a contact is offered that does not wait";
    if (g->offer_id || !model_open(g, c->medium))
        return "one_offer: an agent is offered a contact that it cannot take now";
    if (is_wished(ev))
        return c->id == m->passing.contact_id && g->id == m->passing.agent_id &&
                       c->medium == MEDIUM_VOICE
                   ? NULL
                   : "passed: offered by a wish that nobody had";
    if (!model_competent(g, c))
        return "skills: the agent lacks what the contact needs";
    unsigned ring = ev->offer_made.ring;
    if (ring > c->ring && !(ring == RING_ADVISOR))
        return "rings: offered in a ring that is not open";
    if (!model_in_ring(g, c, ring))
        return "rings: the agent is not in the ring of the offer";
    for (unsigned i = 0; i < m->contacts_n; i++) {
        const struct model_contact *o = &m->contacts[i];
        if (o == c || o->state != MC_WAITING || !model_competent(g, o) || !model_open(g, o->medium))
            continue;
        bool reach = false;
        for (unsigned r = 0; r <= o->ring; r++)
            reach |= model_in_ring(g, o, r);
        bool earlier = o->key_at < c->key_at || (o->key_at == c->key_at && o->id < c->id);
        if (reach && earlier)
            return "order: somebody with an earlier key could have been offered to this agent";
    }
    for (unsigned i = 0; i < m->agents_n; i++) {
        const struct model_agent *o = &m->agents[i];
        if (o == g || !model_open(o, c->medium) || !model_competent(o, c))
            continue;
        for (unsigned r = 0; r < ring; r++)
            if (model_in_ring(o, c, r))
                return "narrow_first: an agent of a narrower ring was free";
        if (model_in_ring(o, c, ring) && o->idle_at < g->idle_at)
            return "longest_idle: another agent of the ring was idle for longer";
    }
    return NULL;
}

static const char *fold_offer(struct model *m, const struct event *ev)
{
    struct model_contact *c = model_contact(m, ev->offer_made.contact_id);
    struct model_agent *g = model_agent(m, ev->offer_made.agent_id);
    if (!c || !g)
        return "known: an offer names what does not exist";
    const char *why = check_offer(m, c, g, ev);
    c->state = MC_OFFERED;
    c->offer_id = g->offer_id = ev->id;
    c->agent_id = g->id;
    c->phase = ev->offer_made.phase;
    c->offer_ends_at = ev->offer_made.ends_at;
    g->state = AGENT_STATE_OFFERED;
    return why;
}

static void fold_offer_joined(struct model *m, struct model_contact *c, ms_t at)
{
    struct model_agent *g = model_agent(m, c->agent_id);
    c->state = MC_JOINED;
    c->joined_at = at;
    c->confirmed = true;
    c->media[0] = c->media[1] = false;
    c->wait_since_at = 0;
    c->is_test |= g->is_robot;
    g->offer_id = 0;
    g->load[c->medium]++;
    g->idle_at = at;
    g->state = c->medium == MEDIUM_VOICE ? AGENT_STATE_JOINED : AGENT_STATE_READY;
}

static const char *fold_offer_ended(struct model *m, struct model_contact *c,
                                    const struct event *ev)
{
    struct model_agent *g = model_agent(m, c->agent_id);
    ms_t talk_ms = c->state == MC_JOINED ? ev->at - c->joined_at : 0;
    bool ours = ev->offer_ended.why != OFFER_END_CALLER_LEFT;
    bool counts = c->state == MC_JOINED && c->media[0] && c->media[1] &&
                  (!ours || talk_ms >= ACD_ANSWERED_MS_MIN);
    if (c->state == MC_JOINED) {
        g->load[c->medium]--;
        c->answered |= counts;
        c->cut_short |= !counts && ours;
        if (c->medium == MEDIUM_VOICE)
            g->state = AGENT_STATE_WRAP_UP;
    } else {
        g->offer_id = 0;
        g->state = AGENT_STATE_READY;
        g->must_pause = ev->offer_ended.why == OFFER_END_NO_ANSWER;
    }
    c->state = MC_AFTER;
    c->offer_id = 0;
    c->agent_id = 0;
    if (counts != ev->offer_ended.counts || talk_ms != ev->offer_ended.talk_ms)
        return "counts: a conversation counted, or not, against the rule";
    return NULL;
}

/* The class by the text of design §3.5, first rule that applies. */
static enum outcome expected_outcome(struct model *m, const struct model_contact *c)
{
    const struct model_queue *q = model_queue(m, c->queue_id);
    bool fault = c->by == ENDED_BY_FAULT,
         ours = fault || c->by == ENDED_BY_SYSTEM || c->by == ENDED_BY_AGENT;
    if (c->is_test)
        return OUTCOME_TEST;
    if (c->closed)
        return OUTCOME_OUT_OF_HOURS;
    if (c->answered)
        return OUTCOME_ANSWERED;
    if (c->cut_short)
        return OUTCOME_CUT_OFF; /* pending first */
    if (c->refused || (c->asked_at && !c->was_served))
        return OUTCOME_TURNED_AWAY;
    if (c->confirmed || c->told_cannot || fault || (ours && (c->asked_at || !c->informed)))
        return OUTCOME_CUT_OFF;
    if (c->asked_at)
        return c->ended_at - c->asked_at < q->short_ms ? OUTCOME_ABANDONED_SHORT
                                                       : OUTCOME_ABANDONED;
    return c->informed ? OUTCOME_IVR_RESOLVED : OUTCOME_IVR_ABANDONED;
}

static const char *fold_outcome(struct model *m, struct model_contact *c, const struct event *ev)
{
    if (++c->outcomes_n > 1)
        return "one_outcome: a call has two classes";
    if (!c->call_over)
        return "one_outcome: a class before the end of the call";
    bool waits = c->cut_short && !c->answered && !c->is_test && !c->closed;
    if (waits && !c->pending)
        return "one_outcome: classed before the day's end, while we may still call back";
    if (ev->call_outcome.outcome != expected_outcome(m, c))
        return "outcome: the class is not the first rule that applies";
    c->pending = false;
    c->outcome = ev->call_outcome.outcome;
    return NULL;
}

static const char *fold_told(struct model *m, struct model_contact *c, const struct event *ev)
{
    unsigned before = ev->contact_told.before_n;
    if (c->state != MC_WAITING)
        return "told: somebody who does not wait was told";
    if (before != ACD_BEFORE_NONE && before > c->before_told)
        return "told: a count larger than the last one told was said";
    unsigned real = 0;
    for (unsigned i = 0; i < m->contacts_n; i++) {
        const struct model_contact *o = &m->contacts[i];
        bool same = o->state == MC_WAITING && o->queue_id == c->queue_id;
        real += same && (o->key_at < c->key_at || (o->key_at == c->key_at && o->id < c->id));
    }
    if (before != ACD_BEFORE_NONE && before != real)
        return "told: the count of people before is false";
    c->last_told_at = ev->at;
    if (before != ACD_BEFORE_NONE)
        c->before_told = before;
    return model_closing_told(m, c, ev);
}

static void fold_queued(struct model *m, struct model_contact *c, const struct event *ev)
{
    (void)m;
    c->state = MC_WAITING;
    c->queue_id = ev->contact_queued.queue_id;
    c->needs = ev->contact_queued.needs;
    c->needs_until_at = ev->contact_queued.needs_until_at;
    c->site_id = ev->contact_queued.site_id;
    c->area_id = ev->contact_queued.area_id;
    c->portfolio_id = ev->contact_queued.portfolio_id;
    c->key_at = ev->contact_queued.key_at;
    c->ring = ev->contact_queued.ring;
    c->ring_at[RING_SITE] = ev->contact_queued.ring_site_at;
    c->ring_at[RING_AREA] = ev->contact_queued.ring_area_at;
    c->ring_at[RING_NETWORK] = ev->contact_queued.ring_network_at;
    c->asked_at = c->wait_since_at = ev->at;
    c->closed = false;
    c->was_served = c->was_moved; /* who sent them has spoken with them */
}

/* To another queue, of which nothing was told yet. */
static const char *fold_moved(struct model_contact *c, const struct event *ev)
{
    if (c->queue_id != ev->contact_moved.queue_id)
        return "known: a contact leaves a queue that it was not in";
    c->state = MC_OPEN;
    c->was_moved = true;
    c->told_closing = false;
    return NULL;
}

static const char *fold_queued_checked(struct model *m, struct model_contact *c,
                                       const struct event *ev)
{
    if (c->state != MC_OPEN)
        return "known: a contact was queued that was not in the menu";
    ms_t start = c->place_at - ev->contact_queued.key_at;
    bool bounded = start >= 0 && start <= ACD_HEAD_START_MS_MAX;
    bool right = start == m->head_start_ms[ev->contact_queued.priority];
    const struct model_queue *q = model_queue(m, ev->contact_queued.queue_id);
    fold_queued(m, c, ev);
    if (!bounded || !right)
        return "head_start: the key is not the place minus the head start of the class";
    return q->hours == HOURS_OPEN ? model_rings_queued(m, c, q) : "closing: queued while closed";
}

static const char *fold_call_ended(struct model *m, struct model_contact *c, const struct event *ev)
{
    if (c->call_over)
        return "one_outcome: a call ended twice";
    if (c->state == MC_OFFERED || c->state == MC_JOINED)
        return "one_offer: a call ended with its offer standing";
    bool let_go =
        c->state == MC_WAITING && ev->call_ended.by == ENDED_BY_SYSTEM && !m->ending_asked;
    const char *why = let_go ? model_closing_let_go(m, c) : NULL;
    c->state = MC_ENDED;
    c->call_over = true;
    c->on_line = false;
    c->by = ev->call_ended.by;
    c->ended_at = ev->at;
    return why;
}

static const char *fold_settled(struct model *m, struct model_contact *c, const struct event *ev)
{
    if (c->outcomes_n != 1)
        return "one_outcome: a contact settled while its call had no class";
    if (c->state != MC_DROPPED && model_keeps_place(m, c))
        return "place_kept: a wish that was not met lost its place at once";
    if (c->state == MC_DROPPED && c->dropped_until_at > ev->at)
        return "place_kept: a place lapsed before its time";
    c->state = MC_NONE;
    c->id = 0;
    return NULL;
}

static const char *fold_contact(struct model *m, const struct event *ev, struct model_contact *c)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        c->call_id = ev->id;
        c->node = ev->call_arrived.leg_node;
        c->on_line = true;
        c->is_test = ev->call_arrived.is_test;
        return NULL;
    case EV_CALL_REFUSED:
        if (ev->call_refused.why == REFUSAL_CLOSED_PUBLISHED)
            c->closed = true;
        else
            c->refused = true;
        return NULL;
    case EV_CALL_INFORMED:
        c->informed = true;
        return NULL;
    case EV_RECORDING_REFUSED:
    case EV_CALL_LISTENED:
    case EV_CALL_ALERTED:
    case EV_MENU_LEFT:
        return NULL;
    case EV_CONTACT_MOVED:
        return fold_moved(c, ev);
    case EV_CONTACT_QUEUED:
        return fold_queued_checked(m, c, ev);
    case EV_RING_OPENED:
        return model_ring_opened(m, c, ev);
    case EV_NEEDS_LIFTED:
        return model_needs_lifted(m, c, ev);
    case EV_CONTACT_TOLD:
        return fold_told(m, c, ev);
    case EV_CONTACT_RETURNED:
        c->state = MC_WAITING;
        if (!c->wait_since_at)
            c->wait_since_at = ev->at;
        return NULL;
    case EV_CALL_ENDED:
        return fold_call_ended(m, c, ev);
    case EV_CALL_PENDING:
        c->pending = c->was_pending = true;
        return c->cut_short ? NULL : "one_outcome: pending without a reason";
    case EV_CALL_OUTCOME:
        return fold_outcome(m, c, ev);
    case EV_CONTACT_DROPPED:
        return model_dropped(m, c, ev);
    case EV_CALL_REJOINS:
        return model_rejoins(m, c, ev);
    case EV_PLACE_REGAINED:
        return model_regained(m, c, ev);
    default:
        return fold_settled(m, c, ev);
    }
}

static const char *fold_of_offer(struct model *m, const struct event *ev)
{
    /* offer_id is the first field of all of these */
    struct model_contact *c = model_by_offer(m, ev->offer_ended.offer_id);
    if (!c)
        return "known: an event names an offer that does not stand";
    switch (ev->kind) {
    case EV_OFFER_JOINED:
        if (c->state != MC_OFFERED || c->phase != OFFER_PHASE_OFFERED)
            return "one_offer: joined without an offer that rings";
        fold_offer_joined(m, c, ev->at);
        return NULL;
    case EV_OFFER_MEDIA:
        c->media[ev->offer_media.side] = true;
        return NULL;
    case EV_OFFER_ENDED:
        return fold_offer_ended(m, c, ev);
    default:
        c->phase = ev->offer_advanced.phase;
        c->offer_ends_at = ev->offer_advanced.ends_at;
        return NULL;
    }
}

static uint64_t contact_id_of(const struct event *ev)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        return ev->call_arrived.contact_id;
    case EV_CALL_REFUSED:
        return ev->call_refused.contact_id;
    case EV_CALL_INFORMED:
        return ev->call_informed.contact_id;
    case EV_RECORDING_REFUSED:
        return ev->recording_refused.contact_id;
    case EV_CALL_LISTENED:
        return ev->call_listened.contact_id;
    case EV_CALL_ALERTED:
        return ev->call_alerted.contact_id;
    case EV_MENU_LEFT:
        return ev->menu_left.contact_id;
    case EV_CONTACT_MOVED:
        return ev->contact_moved.contact_id;
    case EV_CONTACT_QUEUED:
        return ev->contact_queued.contact_id;
    case EV_RING_OPENED:
        return ev->ring_opened.contact_id;
    case EV_NEEDS_LIFTED:
        return ev->needs_lifted.contact_id;
    case EV_CONTACT_TOLD:
        return ev->contact_told.contact_id;
    case EV_CONTACT_RETURNED:
        return ev->contact_returned.contact_id;
    case EV_CALL_ENDED:
        return ev->call_ended.contact_id;
    case EV_CALL_PENDING:
        return ev->call_pending.contact_id;
    case EV_CALL_OUTCOME:
        return ev->call_outcome.contact_id;
    case EV_CONTACT_DROPPED:
        return ev->contact_dropped.contact_id;
    case EV_CONTACT_SETTLED:
        return ev->contact_settled.contact_id;
    case EV_CALL_REJOINS:
        return ev->call_rejoins.contact_id;
    case EV_PLACE_REGAINED:
        return ev->place_regained.contact_id;
    default:
        return 0;
    }
}

static void fold_opened(struct model *m, const struct event *ev)
{
    unsigned i = 0;
    while (i < m->contacts_n && m->contacts[i].id)
        i++;
    if (i == m->contacts_n)
        m->contacts_n++;
    assert(i < MODEL_CONTACTS);
    m->contacts[i] = (struct model_contact){.id = ev->id,
                                            .state = MC_OPEN,
                                            .medium = ev->contact_opened.medium,
                                            .is_line = ev->contact_opened.kind == CONTACT_KIND_LINE,
                                            .person_id = ev->contact_opened.person_id,
                                            .place_at = ev->contact_opened.place_at,
                                            .before_told = ACD_BEFORE_NONE};
}

static const char *fold_queue_set(struct model *m, const struct event *ev)
{
    struct model_queue *q = model_queue(m, ev->queue_set.queue_id);
    if (!q) {
        q = &m->queues[m->queues_n++];
        *q = (struct model_queue){.id = ev->queue_set.queue_id, .hours = HOURS_CLOSED_PUBLISHED};
    }
    q->is_production = ev->queue_set.is_production;
    q->short_ms = ev->queue_set.short_ms;
    q->offer_ms = ev->queue_set.offer_ms;
    q->regain_ms = ev->queue_set.regain_ms;
    q->closing_lead_ms = ev->queue_set.closing_lead_ms;
    q->ring_ms[RING_SITE] = ev->queue_set.ring_site_ms;
    q->ring_ms[RING_AREA] = ev->queue_set.ring_area_ms;
    q->ring_ms[RING_NETWORK] = ev->queue_set.ring_network_ms;
    for (unsigned i = 0; q->is_production && i < m->agents_n; i++)
        for (unsigned j = 0; m->agents[i].is_robot && j < m->agents[i].queues_n; j++)
            if (m->agents[i].queue_ids[j] == q->id)
                return "robots_apart: a production trunk feeds a queue that a robot serves";
    return NULL;
}

static void fold_node(struct model *m, const struct event *ev)
{
    uint16_t node = ev->kind == EV_NODE_LOST ? ev->node_lost.node : ev->node_swept.node;
    if (node >= 64)
        return;
    if (ev->kind == EV_NODE_LOST)
        m->lost_nodes |= UINT64_C(1) << node;
    else
        m->lost_nodes &= ~(UINT64_C(1) << node);
}

static const char *fold_one(struct model *m, const struct event *ev)
{
    struct model_contact *c = model_contact(m, contact_id_of(ev));
    switch (ev->kind) {
    case EV_QUEUE_SET:
        return fold_queue_set(m, ev);
    case EV_QUEUE_HOURS:
        return model_closing_hours(m, ev);
    case EV_QUEUE_SWEEP:
        return model_closing_sweep(m, ev);
    case EV_NODE_LOST:
    case EV_NODE_SWEPT:
        fold_node(m, ev);
        return NULL;
    case EV_PRIORITY_SET:
        m->head_start_ms[ev->priority_set.priority] = ev->priority_set.head_start_ms;
        return NULL;
    case EV_AGENT_SET:
        return fold_agent_set(m, ev);
    case EV_AGENT_SIGNED_IN:
    case EV_AGENT_SIGNED_OUT:
    case EV_AGENT_READY:
    case EV_AGENT_PAUSED:
    case EV_AGENT_WRAP_UP:
    case EV_AGENT_PLANNED:
        return fold_agent(m, ev);
    case EV_CONTACT_OPENED:
        fold_opened(m, ev);
        return NULL;
    case EV_OFFER_MADE:
        return fold_offer(m, ev);
    case EV_OFFER_ADVANCED:
    case EV_OFFER_JOINED:
    case EV_OFFER_MEDIA:
    case EV_OFFER_ENDED:
        return fold_of_offer(m, ev);
    default:
        return c ? fold_contact(m, ev, c) : NULL;
    }
}

const char *model_fold(struct model *m, const struct event *ev)
{
    if (ev->id != m->last_id + 1)
        return "ids: event ids have a gap";
    if (ev->at < m->now_at)
        return "ids: time went back";
    m->last_id = ev->id;
    m->now_at = ev->at;
    const char *why = fold_one(m, ev);
    note_served(m);
    return why;
}
