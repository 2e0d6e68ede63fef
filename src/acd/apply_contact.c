/* apply_contact.c — what events do to contacts, their calls and their offers.
 * Called by acd_apply(). Cost: O(log waiting) where a lane changes, else O(1).
 * Invariant: a waiting contact stands in the lane of its ring, and in its advisor's; each
 * contact has at most one offer, each call one class. */
#include "acd/apply.h"
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/pool.h"
#include "acd/touch.h"

void acd_contact_move(struct acd *a, uint32_t contact, enum event_kind kind)
{
    struct contact *c = &a->contacts[contact];
    int next = table_contact_next((enum contact_state)c->state, kind);
    assert(next >= 0);
    c->state = (uint8_t)next;
}

static ms_t next_ring_at(const struct contact *c)
{
    ms_t at = MS_NEVER;
    for (unsigned r = c->ring + 1u; r < CONTACT_RINGS; r++)
        if (c->ring_at[r] < at)
            at = c->ring_at[r];
    return at;
}

void acd_contact_refresh_timer(struct acd *a, uint32_t contact)
{
    const struct contact *c = &a->contacts[contact];
    ms_t at = MS_NEVER;
    if (c->state == CONTACT_WAITING) {
        at = next_ring_at(c);
        if (c->tell_at < at)
            at = c->tell_at;
        if (contact_needs_until(c) < at)
            at = contact_needs_until(c);
    } else if (c->state == CONTACT_OFFERED || c->state == CONTACT_DROPPED ||
               c->state == CONTACT_WRITTEN || c->state == CONTACT_TAKEN) {
        at = c->due_at;
    } else if (c->state == CONTACT_PROMISED && c->due_at) {
        at = c->due_at;
    }
    heap_set(&a->timers, contact, at, c->key_at);
}

static uint32_t keep_lane(struct acd *a, const struct contact *c, unsigned scope)
{
    struct lane_key key = lane_key_of(c, scope);
    return lane_keep(a, &key);
}

/* While it waits for its advisor alone, the second lane is named but not entered. */
static bool is_in_advisor_lane(const struct contact *c)
{
    return c->advisor_lane != SLOT_NONE && c->ring != RING_ADVISOR;
}

void acd_lanes_enter(struct acd *a, uint32_t contact, ms_t at)
{
    struct contact *c = &a->contacts[contact];
    struct queue *q = &a->queues[c->queue];
    for (unsigned which = 0; which < NODES; which++) {
        struct tree_node *node = &a->nodes[contact * NODES + which];
        node->key = c->key_at;
        node->tie = c->id;
    }
    lane_push(a, c->lane, tree_node_of(contact, NODE_RING));
    if (is_in_advisor_lane(c))
        lane_push(a, c->advisor_lane, tree_node_of(contact, NODE_ADVISOR));
    tree_insert(&q->waiting, a->nodes, tree_node_of(contact, NODE_QUEUE));
    acd_queue_count_busy(a, c->queue, at);
    q->waiting_n++;
    if (!(c->flags & CONTACT_DIALLED))
        return;
    tree_insert(&q->dialled, a->nodes, tree_node_of(contact, NODE_DIALLED));
    acd_queue_note_hold(a, c->queue);
}

void acd_lanes_leave(struct acd *a, uint32_t contact, ms_t at)
{
    struct contact *c = &a->contacts[contact];
    struct queue *q = &a->queues[c->queue];
    lane_pull(a, c->lane, tree_node_of(contact, NODE_RING));
    if (is_in_advisor_lane(c))
        lane_pull(a, c->advisor_lane, tree_node_of(contact, NODE_ADVISOR));
    tree_remove(&q->waiting, a->nodes, tree_node_of(contact, NODE_QUEUE));
    acd_queue_count_busy(a, c->queue, at);
    q->waiting_n--;
    if (!(c->flags & CONTACT_DIALLED))
        return;
    tree_remove(&q->dialled, a->nodes, tree_node_of(contact, NODE_DIALLED));
    acd_queue_note_hold(a, c->queue);
}

/* Offered or gave up: a step of the queue, unless it went straight through. */
static void wait_is_over(struct acd *a, uint32_t contact, ms_t at)
{
    const struct contact *c = &a->contacts[contact];
    acd_lanes_leave(a, contact, at);
    if (at > c->asked_at)
        acd_queue_count_left(a, c->queue, at);
}

void apply_contact_opened(struct acd *a, const struct event *ev)
{
    uint32_t i = a->k.contact_free;
    if (i != SLOT_NONE)
        a->k.contact_free = a->contacts[i].agent_next;
    else
        i = a->k.contacts_n++;
    assert(i < a->limits.contacts_max);
    acd_touch_contact(a, i);
    a->contacts[i] = (struct contact){.id = ev->id,
                                      .person_id = ev->contact_opened.person_id,
                                      .place_at = ev->contact_opened.place_at,
                                      .key_at = ev->contact_opened.place_at,
                                      .reference = ev->contact_opened.reference,
                                      .not_before_at = ev->contact_opened.not_before_at,
                                      .attempts_n = ev->contact_opened.attempts_n,
                                      .kind = (uint8_t)ev->contact_opened.kind,
                                      .medium = (uint8_t)ev->contact_opened.medium,
                                      .queue = SLOT_NONE,
                                      .lane = SLOT_NONE,
                                      .advisor_lane = SLOT_NONE,
                                      .network_lane = SLOT_NONE,
                                      .agent = SLOT_NONE,
                                      .agent_next = SLOT_NONE,
                                      .agent_prev = SLOT_NONE,
                                      .live_next = SLOT_NONE,
                                      .live_prev = SLOT_NONE,
                                      .pending_next = SLOT_NONE,
                                      .pending_prev = SLOT_NONE,
                                      .before_told = ACD_BEFORE_NONE};
    acd_contact_move(a, i, ev->kind);
    map_put(&a->ids, ev->id, i);
    a->k.contacts_live_n++;
}

void apply_call_arrived(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->call_arrived.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    assert(!c->call_id);
    c->call_id = ev->id;
    c->leg_id = ev->call_arrived.leg_id;
    c->node = ev->call_arrived.leg_node;
    c->channel = (uint8_t)ev->call_arrived.channel;
    c->entry_id = ev->call_arrived.entry_id;
    c->arrived_at = ev->at;
    c->flags = CONTACT_ON_LINE | (ev->call_arrived.is_test ? CONTACT_IS_TEST : 0);
    map_put(&a->ids, ev->id, i);
    acd_live_add(a, i, true);
}

void apply_call_refused(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->call_refused.contact_id);
    acd_contact_move(a, i, ev->kind);
    bool published = ev->call_refused.why == REFUSAL_CLOSED_PUBLISHED;
    a->contacts[i].flags |= published ? CONTACT_CLOSED : CONTACT_REFUSED;
}

void apply_call_informed(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->call_informed.contact_id);
    acd_contact_move(a, i, ev->kind);
    a->contacts[i].flags |= CONTACT_INFORMED;
}

/* A fact of the person's, that decides nothing here: who answers stays the same. */
void apply_recording_refused(struct acd *a, const struct event *ev)
{
    acd_contact_move(a, acd_contact_must(a, ev->recording_refused.contact_id), ev->kind);
}

/* The same: who listens to whom is decided on the lines. */
void apply_call_listened(struct acd *a, const struct event *ev)
{
    acd_contact_move(a, acd_contact_must(a, ev->call_listened.contact_id), ev->kind);
}

void apply_call_alerted(struct acd *a, const struct event *ev)
{
    acd_contact_move(a, acd_contact_must(a, ev->call_alerted.contact_id), ev->kind);
}

void acd_lanes_name(struct acd *a, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    struct lane_key widest = lane_key_widest(c);
    c->network_lane = lane_keep(a, &widest);
    c->advisor_lane = c->portfolio_id ? keep_lane(a, c, SCOPE_ADVISOR_TOO) : SLOT_NONE;
    c->lane = keep_lane(a, c, c->ring);
}

/* From asking on; of an instant that is there, never 0. */
static uint32_t needs_s_of(const struct event *ev)
{
    ms_t until_at = ev->contact_queued.needs_until_at;
    return until_at > ev->at ? (uint32_t)((until_at - ev->at + 999) / 1000) : 0;
}

void apply_contact_queued(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->contact_queued.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    c->queue = acd_queue_must(a, ev->contact_queued.queue_id);
    c->needs = ev->contact_queued.needs;
    c->priority = ev->contact_queued.priority;
    c->site_id = ev->contact_queued.site_id;
    c->area_id = ev->contact_queued.area_id;
    c->portfolio_id = ev->contact_queued.portfolio_id;
    c->key_at = ev->contact_queued.key_at;
    c->ring = (uint8_t)ev->contact_queued.ring;
    c->ring_at[RING_SITE] = ev->contact_queued.ring_site_at;
    c->ring_at[RING_AREA] = ev->contact_queued.ring_area_at;
    c->ring_at[RING_NETWORK] = ev->contact_queued.ring_network_at;
    c->tell_at = ev->contact_queued.tell_at;
    c->needs_s = needs_s_of(ev);
    c->asked_at = c->wait_since_at = ev->at;
    c->asked_id = ev->id;
    c->flags = (c->flags | CONTACT_ASKED) & ~(CONTACT_CLOSED | CONTACT_HELPED | CONTACT_HELP_MASK);
    a->queues[c->queue].named_n++;
    acd_lanes_name(a, i);
    acd_lanes_enter(a, i, ev->at);
    acd_contact_refresh_timer(a, i);
}

/* Whose ring help opens keeps the one that it had; what opens later by anything else takes its
 * place. */
static void note_help(struct contact *c, const struct event *ev)
{
    bool by_help = ev->ring_opened.why == RING_WHY_HELP;
    uint32_t own = by_help ? c->ring : (uint32_t)ev->ring_opened.ring;
    if (!by_help && !(c->flags & CONTACT_HELPED))
        return; /* its flags stay as they always were */
    c->flags = (c->flags & ~CONTACT_HELP_MASK) | CONTACT_HELPED | own << CONTACT_HELP_SHIFT;
}

void apply_ring_opened(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->ring_opened.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    assert(ev->ring_opened.ring > (enum ring)c->ring);
    uint32_t old = c->lane;
    acd_lanes_leave(a, i, ev->at);
    note_help(c, ev);
    c->ring = (uint8_t)ev->ring_opened.ring;
    c->lane = keep_lane(a, c, c->ring);
    acd_lanes_enter(a, i, ev->at);
    lane_release(a, old);
    acd_contact_refresh_timer(a, i);
}

/* Anyone of the network, its advisors too, by the lane that it has named from the beginning. */
void apply_needs_lifted(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->needs_lifted.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    assert(c->needs_s);
    uint32_t old = c->lane, advisor = c->advisor_lane;
    acd_lanes_leave(a, i, ev->at);
    c->needs = 0;
    c->needs_s = 0;
    c->ring = RING_NETWORK;
    c->flags &= ~(uint32_t)CONTACT_HELPED; /* anyone may answer */
    c->lane = keep_lane(a, c, RING_NETWORK);
    c->advisor_lane = SLOT_NONE;
    acd_lanes_enter(a, i, ev->at);
    lane_release(a, old);
    lane_release(a, advisor);
    acd_contact_refresh_timer(a, i);
}

void apply_contact_told(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->contact_told.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    enum told what = ev->contact_told.what;
    if (ev->contact_told.band != BAND_SILENT) {
        c->band = (uint8_t)ev->contact_told.band;
        c->bound_at = ev->contact_told.bound_at;
        c->told_at = ev->at;
    }
    if (ev->contact_told.before_n != ACD_BEFORE_NONE)
        c->before_told = ev->contact_told.before_n;
    if (what == TOLD_LONGER)
        c->longer_at = ev->at;
    if (what == TOLD_CLOSING_KEPT || what == TOLD_CLOSING_CANNOT)
        c->flags |= CONTACT_CLOSING_TOLD;
    if (what == TOLD_CLOSING_CANNOT)
        c->flags |= CONTACT_SENT_AWAY;
    c->tell_at = ev->contact_told.tell_at;
    acd_contact_refresh_timer(a, i);
}

void apply_reference_told(struct acd *a, const struct event *ev)
{
    acd_contact_move(a, acd_contact_must(a, ev->reference_told.contact_id), ev->kind);
}

void apply_contact_returned(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->contact_returned.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    bool is_dialled = c->flags & CONTACT_DIALLED;
    c->flags |= CONTACT_RETURNED;
    if (!c->wait_since_at && !is_dialled)
        c->wait_since_at = ev->at;
    acd_lanes_enter(a, i, ev->at);
    if (!is_dialled) {
        acd_live_remove(a, i);
        acd_live_add(a, i, true);
    }
    acd_contact_refresh_timer(a, i);
}

static void end_wait(struct contact *c, ms_t at)
{
    if (c->wait_since_at)
        c->wait_ms += at - c->wait_since_at;
    c->wait_since_at = 0;
}

void acd_lanes_forget(struct acd *a, uint32_t contact)
{
    struct contact *c = &a->contacts[contact];
    if (c->lane == SLOT_NONE)
        return;
    lane_release(a, c->lane);
    lane_release(a, c->advisor_lane);
    lane_release(a, c->network_lane);
    c->lane = c->advisor_lane = c->network_lane = SLOT_NONE;
}

/* As if from the menu again, but for its place; somebody has spoken to them. */
void apply_contact_moved(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->contact_moved.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    acd_lanes_forget(a, i);
    a->queues[c->queue].named_n--;
    c->queue = SLOT_NONE;
    c->flags = (c->flags | CONTACT_SERVED) & ~(uint32_t)CONTACT_CLOSING_TOLD;
    acd_live_remove(a, i);
    acd_live_add(a, i, true);
}

void apply_call_ended(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->call_ended.contact_id);
    struct contact *c = &a->contacts[i];
    if (c->state == CONTACT_WAITING)
        wait_is_over(a, i, ev->at);
    acd_contact_move(a, i, ev->kind);
    end_wait(c, ev->at);
    if (c->network_lane != SLOT_NONE) {
        const struct lane *l = &a->lanes[c->network_lane];
        if (l->eligible_n || l->served_id > c->asked_id)
            c->flags |= CONTACT_SERVED;
    }
    if (c->flags & CONTACT_ON_LINE) /* who wrote has no leg */
        acd_live_remove(a, i);
    c->flags &= ~(uint32_t)CONTACT_ON_LINE;
    if (ev->call_ended.by == ENDED_BY_FAULT)
        c->flags |= CONTACT_BY_FAULT;
    if (ev->call_ended.by == ENDED_BY_SYSTEM || ev->call_ended.by == ENDED_BY_AGENT)
        c->flags |= CONTACT_BY_SYSTEM;
    if (c->state == CONTACT_PROMISED)
        acd_promised_enter(a, i);
    else
        acd_lanes_forget(a, i);
    acd_contact_refresh_timer(a, i);
}

void apply_call_pending(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->call_pending.contact_id);
    acd_contact_move(a, i, ev->kind);
    if (a->contacts[i].flags & CONTACT_DIALLED)
        a->contacts[i].flags |= CONTACT_UNCLASSED;
    acd_pending_add(a, i);
}

void apply_call_outcome(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->call_outcome.contact_id);
    struct contact *c = &a->contacts[i];
    assert(c->call_id == ev->call_outcome.call_id);
    if (c->state == CONTACT_PENDING || c->flags & CONTACT_UNCLASSED) {
        c->flags &= ~(uint32_t)CONTACT_UNCLASSED;
        acd_pending_remove(a, i);
        if (a->k.day_left_n)
            a->k.day_left_n--;
    }
    acd_contact_move(a, i, ev->kind);
    map_remove(&a->ids, c->call_id);
    c->call_id = 0;
    a->k.outcomes_n[ev->call_outcome.outcome]++;
}

void apply_contact_dropped(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->contact_dropped.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    assert(!c->call_id);
    c->due_at = ev->contact_dropped.until_at;
    if (!c->drop_first_at)
        c->drop_first_at = ev->at;
    acd_contact_refresh_timer(a, i);
}

void apply_contact_settled(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->contact_settled.contact_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    assert(!c->call_id && !c->offer_id && c->agent == SLOT_NONE);
    acd_lanes_forget(a, i);
    if (c->queue != SLOT_NONE)
        a->queues[c->queue].named_n--;
    acd_contact_refresh_timer(a, i);
    map_remove(&a->ids, c->id);
    c->agent_next = a->k.contact_free;
    a->k.contact_free = i;
    a->k.contacts_live_n--;
}

void apply_offer_made(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->offer_made.contact_id);
    uint32_t agent = acd_agent_must(a, ev->offer_made.agent_id);
    wait_is_over(a, i, ev->at);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    struct agent *g = &a->agents[agent];
    assert(!c->offer_id && g->offered == SLOT_NONE);
    c->offer_id = ev->id;
    c->phase = (uint8_t)ev->offer_made.phase;
    c->due_at = ev->offer_made.ends_at;
    c->agent = agent;
    g->offered = i;
    acd_agent_move(a, agent, AGENT_IS_OFFERED);
    map_put(&a->ids, ev->id, i);
    if (c->flags & CONTACT_DIALLED)
        a->queues[c->queue].reserved_n++;
    else
        acd_live_remove(a, i);
    acd_live_add(a, i, false);
    acd_contact_refresh_timer(a, i);
}

void apply_offer_advanced(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->offer_advanced.offer_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    assert(ev->offer_advanced.phase == (enum offer_phase)(c->phase + 1));
    c->phase = (uint8_t)ev->offer_advanced.phase;
    c->due_at = ev->offer_advanced.ends_at;
    acd_contact_refresh_timer(a, i);
}

void apply_offer_joined(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->offer_joined.offer_id);
    acd_contact_move(a, i, ev->kind);
    struct contact *c = &a->contacts[i];
    struct agent *g = agent_of(a, c);
    acd_touch_agent(a, c->agent);
    end_wait(c, ev->at);
    c->phase = OFFER_PHASE_JOINED;
    c->joined_at = ev->at;
    c->flags &= ~(uint32_t)(CONTACT_MEDIA_CALLER | CONTACT_MEDIA_AGENT);
    c->flags |= CONTACT_CONFIRMED;
    if (a->pools[g->pool].is_robot)
        c->flags |= CONTACT_IS_TEST;
    if (c->flags & CONTACT_DIALLED)
        a->queues[c->queue].reserved_n--;
    g->offered = SLOT_NONE;
    g->load[c->medium]++;
    if (c->medium == MEDIUM_VOICE) {
        g->talk_offer_id = c->offer_id;
        g->talk_contact_id = c->id;
        g->talk_call_id = c->call_id;
    }
    g->queue = c->queue;
    g->idle_at = ev->at;
    acd_agent_contact_add(a, &g->contacts, i);
    acd_agent_move(a, c->agent, c->medium == MEDIUM_VOICE ? AGENT_JOINS_VOICE : AGENT_JOINS_OTHER);
    acd_contact_refresh_timer(a, i);
}

void apply_offer_media(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->offer_media.offer_id);
    acd_contact_move(a, i, ev->kind);
    bool caller = ev->offer_media.side == SIDE_CALLER;
    a->contacts[i].flags |= caller ? CONTACT_MEDIA_CALLER : CONTACT_MEDIA_AGENT;
}

void apply_offer_ended(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_contact_must(a, ev->offer_ended.offer_id);
    struct contact *c = &a->contacts[i];
    struct agent *g = agent_of(a, c);
    acd_touch_agent(a, c->agent);
    uint32_t agent = c->agent;
    bool joined = c->state == CONTACT_JOINED;
    acd_contact_move(a, i, ev->kind);
    if (c->flags & CONTACT_DIALLED) {
        acd_live_remove(a, i);
        a->queues[c->queue].reserved_n -= !joined;
    }
    if (g->state != AGENT_STATE_PAUSED) /* a pause names the queue of the offer that was missed */
        g->queue = c->queue;
    if (joined) {
        acd_agent_contact_remove(a, &g->contacts, i);
        g->load[c->medium]--;
        c->talk_ms += ev->offer_ended.talk_ms;
        if (ev->offer_ended.counts)
            c->flags |= CONTACT_ANSWERED;
        else if (ev->offer_ended.why != OFFER_END_CALLER_LEFT)
            c->flags |= CONTACT_CUT_SHORT;
        acd_agent_move(a, agent, c->medium == MEDIUM_VOICE ? AGENT_ENDS_VOICE : AGENT_ENDS_OTHER);
    } else {
        g->offered = SLOT_NONE;
        acd_agent_move(a, agent, AGENT_LOSES_OFFER);
    }
    map_remove(&a->ids, c->offer_id);
    c->offer_id = 0;
    c->phase = OFFER_PHASE_NONE;
    c->agent = SLOT_NONE;
    acd_contact_refresh_timer(a, i);
}
