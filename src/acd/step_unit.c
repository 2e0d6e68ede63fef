/* step_unit.c — due work, the smallest piece at a time: lost nodes, lanes without agents, closing,
 * then timers in the order of their instants.
 * Called by CMD_TICK. Cost: at most ACD_EVENTS_PER_UNIT events.
 * Invariant: each unit makes progress, so that work ends; nothing is due twice. */
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/pool.h"
#include "acd/step.h"
#include "acd/wait.h"

/* Contacts looked at in one unit of a closing sweep that need not be told anything. */
#define SWEEP_LOOKS 256

/* Whom we call waits for the queue to open, with nothing that could run out meanwhile. */
static void say_held(struct step *s, uint32_t contact)
{
    step_say(s, (struct event){.kind = EV_CALLBACK_HELD,
                               .callback_held = {.contact_id = s->a->contacts[contact].id}});
}

/* Anybody who waits to be called; SLOT_NONE: nobody. */
static uint32_t who_waits_to_be_called(const struct acd *a)
{
    for (uint32_t i = 0; i < a->k.queues_n; i++)
        if (a->queues[i].id && a->queues[i].dialled.first != SLOT_NONE)
            return contact_of_node(a->queues[i].dialled.first);
    return SLOT_NONE;
}

/* Whom we call waits until the node is swept, and is then matched with whoever is free. */
static void unit_lost_node(struct step *s)
{
    struct acd *a = s->a;
    uint32_t calling = who_waits_to_be_called(a);
    for (unsigned i = 0; i < ACD_NODES_MAX; i++) {
        const struct node *node = &a->k.nodes[i];
        if (!node->is_lost)
            continue;
        if (node->live != SLOT_NONE && a->contacts[node->live].flags & CONTACT_ON_LINE)
            step_end_call(s, node->live, ENDED_BY_FAULT);
        else if (node->live != SLOT_NONE)
            step_lose_dialled(s, node->live);
        else if (calling != SLOT_NONE)
            say_held(s, calling);
        else
            step_say(s, (struct event){.kind = EV_NODE_SWEPT, .node_swept = {.node = node->id}});
        return;
    }
}

static void unit_day(struct step *s)
{
    uint32_t contact = s->a->k.pending;
    bool is_dialled = s->a->contacts[contact].flags & CONTACT_DIALLED;
    step_class_call(s, contact, is_dialled ? OUTCOME_CALLBACK_FAILED : OUTCOME_CUT_OFF);
}

static bool lane_can_be(const struct acd *a, const struct lane_key *key)
{
    return lane_find(a, key) != SLOT_NONE || lane_has_room(a, 1);
}

/* The widest ring whose threshold has passed. */
static enum ring ring_due(const struct contact *c, ms_t now_at)
{
    unsigned r = RING_NETWORK;
    while (r > c->ring + 1u && c->ring_at[r] > now_at)
        r--;
    return (enum ring)r;
}

/* The next ring in which more than n of those who may answer are signed in, else the network. */
static enum ring ring_staffed(const struct acd *a, const struct contact *c, uint32_t n)
{
    for (unsigned r = c->ring + 1u; r < RING_NETWORK; r++) {
        struct lane_key key = lane_key_of(c, r);
        if (key.scope_id && lane_eligible(a, &key) > n)
            return (enum ring)r;
    }
    return RING_NETWORK;
}

static enum ring ring_next(const struct step *s, const struct contact *c, enum ring_why why)
{
    if (why == RING_WHY_TIME)
        return ring_due(c, s->now_at);
    /* A ring that brings nobody would be no help. */
    return ring_staffed(s->a, c, why == RING_WHY_HELP ? s->a->lanes[c->lane].eligible_n : 0);
}

static void say_lifted(struct step *s, uint32_t contact, enum ring_why why)
{
    step_say(
        s, (struct event){.kind = EV_NEEDS_LIFTED,
                          .needs_lifted = {.contact_id = s->a->contacts[contact].id, .why = why}});
}

static void lift_needs(struct step *s, uint32_t contact, enum ring_why why)
{
    say_lifted(s, contact, why);
    step_offer_contact(s, contact);
}

void step_widen(struct step *s, uint32_t contact, enum ring_why why)
{
    const struct contact *c = &s->a->contacts[contact];
    enum ring ring = ring_next(s, c, why);
    struct lane_key key = lane_key_of(c, ring);
    if (!lane_can_be(s->a, &key) && key.is_soft) {
        say_lifted(s, contact, RING_WHY_FULL); /* the lane without needs is there */
        return;
    }
    if (!lane_can_be(s->a, &key)) {
        ring = RING_NETWORK; /* every waiting contact has a lane of the network */
        why = RING_WHY_FULL;
    }
    step_say(s, (struct event){.kind = EV_RING_OPENED,
                               .ring_opened = {.contact_id = c->id, .ring = ring, .why = why}});
}

static void open_ring(struct step *s, uint32_t contact, enum ring_why why)
{
    step_widen(s, contact, why);
    step_offer_contact(s, contact);
}

static void unit_hold(struct step *s)
{
    const struct acd *a = s->a;
    uint32_t i = 0;
    while (i < a->k.queues_n && (!a->queues[i].id || !a->queues[i].must_hold))
        i++;
    assert(i < a->k.queues_n);
    say_held(s, contact_of_node(a->queues[i].dialled.first));
}

static void unit_orphan(struct step *s)
{
    const struct lane *l = &s->a->lanes[s->a->k.orphans];
    uint32_t contact = contact_of_node(l->waiting.first);
    if (l->scope == RING_NETWORK && l->is_soft)
        lift_needs(s, contact, RING_WHY_NOBODY);
    else if (l->scope == RING_NETWORK && l->is_dialled)
        say_held(s, contact);
    else if (l->scope == RING_NETWORK)
        step_end_call(s, contact, ENDED_BY_SYSTEM); /* closed, and nobody is left: let go */
    else
        open_ring(s, contact, RING_WHY_NOBODY);
}

static void say_sweep(struct step *s, const struct queue *q, const struct contact *last, bool done)
{
    step_say(s, (struct event){.kind = EV_QUEUE_SWEEP,
                               .queue_sweep = {.queue_id = q->id,
                                               .at_close = q->sweep == 2,
                                               .from_key_at = last ? last->key_at : q->sweep_key_at,
                                               .from_id = last ? last->id : q->sweep_id,
                                               .done = done}});
}

/* Before closing everybody from the cursor on is told that we cannot; at closing those who have
 * somebody and were not told otherwise hear that they will be served. */
static void unit_sweep(struct step *s)
{
    const struct acd *a = s->a;
    uint32_t i = 0;
    while (i < a->k.queues_n && (!a->queues[i].id || !a->queues[i].sweep))
        i++;
    assert(i < a->k.queues_n);
    const struct queue *q = &a->queues[i];
    const struct contact *c = NULL;
    ms_t key_at = q->sweep_key_at;
    uint64_t id = q->sweep_id;
    for (unsigned looks = 0; looks < SWEEP_LOOKS; looks++) {
        uint32_t node = tree_after(&q->waiting, a->nodes, key_at, id);
        if (node == SLOT_NONE) {
            say_sweep(s, q, c, true);
            return;
        }
        uint32_t next = contact_of_node(node);
        c = &a->contacts[next];
        key_at = c->key_at;
        id = c->id;
        if (!(c->flags & CONTACT_CLOSING_TOLD) && c->kind == CONTACT_KIND_LINE) {
            /* Closed by a person, nobody is let go: some may have nobody who could answer. */
            bool is_kept = q->sweep == 2 && a->lanes[c->network_lane].eligible_n;
            step_tell(s, next, is_kept ? TOLD_CLOSING_KEPT : TOLD_CLOSING_CANNOT);
            break;
        }
    }
    say_sweep(s, q, c, false);
}

static void promise_due(struct step *s, uint32_t queue)
{
    uint32_t contact = contact_of_node(s->a->queues[queue].promised.first);
    step_say(s, (struct event){.kind = EV_CALLBACK_DUE,
                               .callback_due = {.contact_id = s->a->contacts[contact].id}});
    step_offer_contact(s, contact);
}

static void queue_due(struct step *s, uint32_t queue)
{
    const struct acd *a = s->a;
    const struct queue *q = &a->queues[queue];
    if (step_shut_due(s, queue) || step_help_due(s, queue))
        return;
    if (!q->lead_at || q->lead_at > s->now_at) {
        promise_due(s, queue);
        return;
    }
    /* From the first whom we cannot serve on; its id less one, for the sweep looks after. */
    uint32_t n = wait_served_until(a, q, s->now_at, q->closes_at);
    uint32_t node = tree_at(&q->waiting, a->nodes, n);
    struct event ev = {.kind = EV_QUEUE_SWEEP,
                       .queue_sweep = {.queue_id = q->id, .done = node == SLOT_NONE}};
    if (node != SLOT_NONE) {
        ev.queue_sweep.from_key_at = a->nodes[node].key;
        ev.queue_sweep.from_id = a->nodes[node].tie - 1;
    }
    step_say(s, ev);
}

static void agent_due(struct step *s, uint32_t agent)
{
    const struct acd *a = s->a;
    const struct agent *g = &a->agents[agent];
    if (step_move_due(s, agent))
        return;
    if (g->state == AGENT_STATE_WRAP_UP) {
        step_release_agent(s, agent);
        return;
    }
    /* Others serve: stays paused until the agent says otherwise. */
    if (pool_active_n(a, g->queue)) {
        step_say(
            s, (struct event){.kind = EV_AGENT_PAUSED,
                              .agent_paused = {.agent_id = g->id, .reason = (enum pause)g->pause}});
        return;
    }
    step_say(s, (struct event){
                    .kind = EV_AGENT_READY,
                    .agent_ready = {.agent_id = g->id, .idle_at = s->now_at, .by_itself = true}});
    step_offer_agent(s, agent);
}

static void offer_due(struct step *s, uint32_t contact)
{
    struct acd *a = s->a;
    uint32_t agent = a->contacts[contact].agent;
    if (a->contacts[contact].flags & CONTACT_DIALLED &&
        a->contacts[contact].phase != OFFER_PHASE_RESERVED) {
        step_tried(s, contact, CALLBACK_RESULT_NOBODY);
        return;
    }
    const struct agent *g = &a->agents[agent];
    const struct queue *q = &a->queues[a->contacts[contact].queue];
    bool back = q->no_answer_back_ms && !g->is_auto_back_used;
    struct event paused = {.kind = EV_AGENT_PAUSED,
                           .agent_paused = {.agent_id = g->id,
                                            .reason = PAUSE_NO_ANSWER,
                                            .back_at = back ? s->now_at + q->no_answer_back_ms : 0,
                                            .queue_id = q->id}};
    step_end_offer(s, contact, OFFER_END_NO_ANSWER);
    step_say(s, paused);
    step_return_contact(s, contact, OFFER_END_NO_ANSWER);
}

static void contact_due(struct step *s, uint32_t contact)
{
    const struct contact *c = &s->a->contacts[contact];
    if (c->state == CONTACT_OFFERED) {
        offer_due(s, contact);
        return;
    }
    if (c->state == CONTACT_WRITTEN || c->state == CONTACT_TAKEN) {
        step_text_due(s, contact);
        return;
    }
    if (c->state == CONTACT_DROPPED || c->state == CONTACT_PROMISED) {
        step_settle(s, contact, SETTLED_LAPSED);
        return;
    }
    if (contact_needs_until(c) <= s->now_at) {
        lift_needs(s, contact, RING_WHY_TIME);
        return;
    }
    if (c->tell_at > s->now_at) {
        open_ring(s, contact, RING_WHY_TIME);
        return;
    }
    bool passed = c->bound_at && c->bound_at <= s->now_at;
    step_tell(s, contact, passed ? TOLD_LONGER : TOLD_RHYTHM);
}

bool step_unit(struct step *s)
{
    struct acd *a = s->a;
    if (a->k.lost_n)
        unit_lost_node(s);
    else if (a->k.orphans != SLOT_NONE)
        unit_orphan(s);
    else if (a->k.day_left_n)
        unit_day(s);
    else if (a->k.sweeps_n)
        unit_sweep(s);
    else if (a->k.holds_n)
        unit_hold(s);
    else if (a->k.helps_n)
        step_help_sweep(s);
    else {
        const struct heap_entry *first = heap_first(&a->timers);
        if (!first || first->at > s->now_at)
            return false;
        uint32_t item = first->item;
        if (item < timer_of_agent(a, 0))
            contact_due(s, item);
        else if (item < timer_of_queue(a, 0))
            agent_due(s, item - timer_of_agent(a, 0));
        else
            queue_due(s, item - timer_of_queue(a, 0));
    }
    return true;
}
