/* apply.c — the fold: which function records which event; queues and the house's own events.
 * Called by step, replay and the reader's own fold. Cost: see each function; no search.
 * Invariant: total for any event of a sound journal; ids follow each other without a gap. */
#include "acd/apply.h"
#include "acd/help.h"
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/touch.h"

uint32_t acd_contact_must(struct acd *a, uint64_t id)
{
    uint32_t i = contact_find(a, id);
    assert(i != SLOT_NONE);
    acd_touch_contact(a, i);
    return i;
}

uint32_t acd_agent_must(struct acd *a, uint32_t id)
{
    uint32_t i = agent_find(a, id);
    assert(i != SLOT_NONE);
    acd_touch_agent(a, i);
    return i;
}

uint32_t acd_queue_must(struct acd *a, uint32_t id)
{
    uint32_t i = queue_find(a, id);
    assert(i != SLOT_NONE);
    acd_touch_queue(a, i);
    return i;
}

static uint32_t queue_make(struct acd *a, uint32_t id)
{
    uint32_t i = 0;
    while (i < a->k.queues_n && a->queues[i].id)
        i++;
    if (i == a->k.queues_n)
        a->k.queues_n++;
    assert(i < a->limits.queues_max);
    acd_touch_queue(a, i);
    a->queues[i] = (struct queue){.id = id,
                                  .members = SLOT_NONE,
                                  .waiting = TREE_EMPTY,
                                  .promised = TREE_EMPTY,
                                  .dialled = TREE_EMPTY,
                                  .written = TREE_EMPTY,
                                  .hours = HOURS_CLOSED_PUBLISHED,
                                  .own_hours = HOURS_CLOSED_PUBLISHED};
    map_put(&a->queue_ids, id, i);
    return i;
}

bool acd_queue_is_set(const struct acd *a, const struct event *ev)
{
    uint32_t i = queue_find(a, ev->queue_set.queue_id);
    if (i == SLOT_NONE)
        return false;
    const struct queue *q = &a->queues[i];
    return q->ring_ms[RING_SITE] == ev->queue_set.ring_site_ms &&
           q->ring_ms[RING_AREA] == ev->queue_set.ring_area_ms &&
           q->ring_ms[RING_NETWORK] == ev->queue_set.ring_network_ms &&
           q->offer_ms == ev->queue_set.offer_ms && q->wrap_up_ms == ev->queue_set.wrap_up_ms &&
           q->short_ms == ev->queue_set.short_ms &&
           q->no_answer_back_ms == ev->queue_set.no_answer_back_ms &&
           q->handle_ms == ev->queue_set.handle_ms && q->regain_ms == ev->queue_set.regain_ms &&
           q->closing_lead_ms == ev->queue_set.closing_lead_ms &&
           q->is_production == ev->queue_set.is_production;
}

void apply_queue_set(struct acd *a, const struct event *ev)
{
    uint32_t i = queue_find(a, ev->queue_set.queue_id);
    if (i == SLOT_NONE)
        i = queue_make(a, ev->queue_set.queue_id);
    acd_touch_queue(a, i);
    struct queue *q = &a->queues[i];
    q->ring_ms[RING_SITE] = ev->queue_set.ring_site_ms;
    q->ring_ms[RING_AREA] = ev->queue_set.ring_area_ms;
    q->ring_ms[RING_NETWORK] = ev->queue_set.ring_network_ms;
    q->offer_ms = ev->queue_set.offer_ms;
    q->wrap_up_ms = ev->queue_set.wrap_up_ms;
    q->short_ms = ev->queue_set.short_ms;
    q->no_answer_back_ms = ev->queue_set.no_answer_back_ms;
    q->handle_ms = ev->queue_set.handle_ms;
    q->regain_ms = ev->queue_set.regain_ms;
    q->closing_lead_ms = ev->queue_set.closing_lead_ms;
    q->is_production = ev->queue_set.is_production;
}

static void queue_set_sweep(struct acd *a, struct queue *q, uint8_t sweep)
{
    a->k.sweeps_n -= q->sweep != 0;
    a->k.sweeps_n += sweep != 0;
    q->sweep = sweep;
    q->sweep_key_at = INT64_MIN;
    q->sweep_id = 0;
}

void acd_queue_refresh_timer(struct acd *a, uint32_t queue)
{
    const struct queue *q = &a->queues[queue];
    ms_t at = q->lead_at ? q->lead_at : MS_NEVER;
    if (q->hours == HOURS_OPEN && q->promised.first != SLOT_NONE &&
        a->nodes[q->promised.first].key < at)
        at = a->nodes[q->promised.first].key;
    if (q->helps_n && help_next_at(q) < at)
        at = help_next_at(q);
    if (q->is_shut && q->shut_until_at && q->shut_until_at < at)
        at = q->shut_until_at;
    heap_set(&a->timers, timer_of_queue(a, queue), at, 0);
}

/* As callers meet it: what a person closed is closed by a person while its own hours say open. Who
 * waits is told at the published closing, and when a person closes. */
static void queue_follow_hours(struct acd *a, uint32_t i, ms_t at)
{
    struct queue *q = &a->queues[i];
    uint8_t before = q->hours;
    bool is_shut = q->is_shut && q->own_hours == HOURS_OPEN;
    q->hours = is_shut ? HOURS_CLOSED_BY_PERSON : q->own_hours;
    if (q->hours == HOURS_OPEN && before == HOURS_CLOSED_PUBLISHED)
        q->opened_at = at;
    bool closes = q->hours == HOURS_CLOSED_PUBLISHED && before != HOURS_CLOSED_PUBLISHED;
    closes |= is_shut && before == HOURS_OPEN;
    queue_set_sweep(a, q, closes && q->waiting_n ? 2 : 0);
    acd_queue_note_hold(a, i);
    acd_queue_refresh_timer(a, i);
    /* Only lanes of the network depend on the hours. */
    uint32_t lane = lane_chain(a, i, RING_NETWORK, 0);
    for (; lane != SLOT_NONE; lane = a->lanes[lane].chain_next)
        lane_refresh_orphan(a, lane);
}

void apply_queue_hours(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->queue_hours.queue_id);
    struct queue *q = &a->queues[i];
    q->own_hours = (uint8_t)ev->queue_hours.hours;
    q->closes_at = ev->queue_hours.closes_at;
    q->lead_at = ev->queue_hours.lead_at;
    queue_follow_hours(a, i, ev->at);
}

static void apply_queue_shut(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->queue_shut.queue_id);
    a->queues[i].is_shut = true;
    a->queues[i].shut_until_at = ev->queue_shut.until_at;
    queue_follow_hours(a, i, ev->at);
}

static void apply_queue_reopened(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->queue_reopened.queue_id);
    a->queues[i].is_shut = false;
    a->queues[i].shut_until_at = 0;
    queue_follow_hours(a, i, ev->at);
}

void apply_queue_dropped(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->queue_dropped.queue_id);
    struct queue *q = &a->queues[i];
    assert(!q->named_n && !q->agents_n);
    queue_set_sweep(a, q, 0);
    acd_help_forget(a, i);
    heap_remove(&a->timers, timer_of_queue(a, i));
    map_remove(&a->queue_ids, q->id);
    q->id = 0;
}

void apply_queue_sweep(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->queue_sweep.queue_id);
    struct queue *q = &a->queues[i];
    queue_set_sweep(a, q, ev->queue_sweep.done ? 0 : ev->queue_sweep.at_close ? 2 : 1);
    q->sweep_key_at = ev->queue_sweep.from_key_at;
    q->sweep_id = ev->queue_sweep.from_id;
    if (!ev->queue_sweep.at_close) {
        q->lead_at = 0;
        acd_queue_refresh_timer(a, i);
    }
}

static struct rate_minute *rate_minute_at(struct queue *q, ms_t at)
{
    uint32_t minute = (uint32_t)(at / 60000);
    struct rate_minute *r = &q->rate[minute % ARRAY_LEN(q->rate)];
    if (r->minute != minute)
        *r = (struct rate_minute){.minute = minute};
    return r;
}

void acd_queue_count_busy(struct acd *a, uint32_t queue, ms_t at)
{
    acd_touch_queue(a, queue);
    struct queue *q = &a->queues[queue];
    ms_t busy_ms = at - q->busy_since_at;
    if (q->waiting_n && busy_ms > 0)
        rate_minute_at(q, at)->busy_ms +=
            (uint32_t)(busy_ms < RATE_BUSY_MS_MAX ? busy_ms : RATE_BUSY_MS_MAX);
    q->busy_since_at = at;
}

void acd_queue_count_left(struct acd *a, uint32_t queue, ms_t at)
{
    acd_touch_queue(a, queue);
    rate_minute_at(&a->queues[queue], at)->left_n++;
}

static void apply_priority_set(struct acd *a, const struct event *ev)
{
    assert(ev->priority_set.priority < ACD_PRIORITIES);
    a->k.head_start_ms[ev->priority_set.priority] = ev->priority_set.head_start_ms;
}

static void apply_started(struct acd *a, const struct event *ev)
{
    a->k.epoch = ev->started.epoch;
}

static void apply_node_lost(struct acd *a, const struct event *ev)
{
    unsigned i = acd_node_find(a, ev->node_lost.node);
    assert(i < ACD_NODES_MAX && a->k.nodes[i].is_used && !a->k.nodes[i].is_lost);
    a->k.nodes[i].is_lost = true;
    a->k.lost_n++;
}

static void apply_node_swept(struct acd *a, const struct event *ev)
{
    unsigned i = acd_node_find(a, ev->node_swept.node);
    assert(i < ACD_NODES_MAX && a->k.nodes[i].is_lost && a->k.nodes[i].live == SLOT_NONE);
    a->k.nodes[i].is_lost = false;
    a->k.lost_n--;
}

static void apply_shed(struct acd *a, const struct event *ev)
{
    a->k.outcomes_n[OUTCOME_TURNED_AWAY] += ev->shed.n;
}

static void apply_gap(struct acd *a, const struct event *ev)
{
    for (unsigned i = 0; i < ev->gap.outcomes_n && i < OUTCOME_N; i++)
        a->k.outcomes_n[i] += ev->gap.outcomes[i];
}

static void apply_day_closed(struct acd *a, const struct event *ev)
{
    assert(ev->day_closed.after_n == a->k.pending_n);
    a->k.day_left_n = ev->day_closed.after_n;
}

static void apply_nothing(struct acd *a, const struct event *ev)
{
    (void)a;
    (void)ev;
}

static apply_fn *const functions[EVENT_KIND_MAX + 1] = {
    [EV_QUEUE_SET] = apply_queue_set,
    [EV_QUEUE_HOURS] = apply_queue_hours,
    [EV_QUEUE_DROPPED] = apply_queue_dropped,
    [EV_QUEUE_CALLBACKS] = apply_queue_callbacks,
    [EV_CALLBACK_PROMISED] = apply_callback_promised,
    [EV_CALLBACK_WITHDRAWN] = apply_callback_withdrawn,
    [EV_CALLBACK_DUE] = apply_callback_due,
    [EV_CALLBACK_HELD] = apply_callback_held,
    [EV_CALLBACK_TRIED] = apply_callback_tried,
    [EV_CALLBACK_CANCELLED] = apply_callback_cancelled,
    [EV_SLOT_SOLD] = apply_slot_sold,
    [EV_SLOT_CANCELLED] = apply_slot_cancelled,
    [EV_CALLBACK_MOVED] = apply_callback_moved,
    [EV_CALLBACK_RENUMBERED] = apply_callback_renumbered,
    [EV_NEVER_LISTED] = apply_nothing,
    [EV_TEXT_OPENED] = apply_text_opened,
    [EV_TEXT_JOINED] = apply_text_joined,
    [EV_TEXT_TAKEN] = apply_text_taken,
    [EV_TEXT_ANSWERED] = apply_text_answered,
    [EV_TEXT_TOLD] = apply_text_told,
    [EV_TEXT_RETURNED] = apply_text_returned,
    [EV_TEXT_MOVED] = apply_text_moved,
    [EV_TEXT_ENDED] = apply_text_ended,
    [EV_HELP_ASKED] = apply_help_asked,
    [EV_HELP_SWEPT] = apply_help_swept,
    [EV_HELP_ENDED] = apply_help_ended,
    [EV_QUEUE_SHUT] = apply_queue_shut,
    [EV_QUEUE_REOPENED] = apply_queue_reopened,
    [EV_CONVERSATION_CONCLUDED] = apply_conversation_concluded,
    [EV_AGENT_MOVED] = apply_agent_moved,
    [EV_AGENT_MOVED_BACK] = apply_agent_moved_back,
    [EV_PRIORITY_SET] = apply_priority_set,
    [EV_AGENT_SET] = apply_agent_set,
    [EV_AGENT_DROPPED] = apply_agent_dropped,
    [EV_AGENT_SIGNED_IN] = apply_agent_signed_in,
    [EV_AGENT_SIGNED_OUT] = apply_agent_signed_out,
    [EV_AGENT_READY] = apply_agent_ready,
    [EV_AGENT_PAUSED] = apply_agent_paused,
    [EV_AGENT_WRAP_UP] = apply_agent_wrap_up,
    [EV_AGENT_PLANNED] = apply_agent_planned,
    [EV_CONTACT_OPENED] = apply_contact_opened,
    [EV_CALL_ARRIVED] = apply_call_arrived,
    [EV_CALL_REFUSED] = apply_call_refused,
    [EV_RECORDING_REFUSED] = apply_recording_refused,
    [EV_CALL_LISTENED] = apply_call_listened,
    [EV_CALL_ALERTED] = apply_call_alerted,
    [EV_CALL_INFORMED] = apply_call_informed,
    [EV_CONTACT_QUEUED] = apply_contact_queued,
    [EV_RING_OPENED] = apply_ring_opened,
    [EV_NEEDS_LIFTED] = apply_needs_lifted,
    [EV_CONTACT_TOLD] = apply_contact_told,
    [EV_OFFER_MADE] = apply_offer_made,
    [EV_OFFER_ADVANCED] = apply_offer_advanced,
    [EV_OFFER_JOINED] = apply_offer_joined,
    [EV_OFFER_MEDIA] = apply_offer_media,
    [EV_OFFER_ENDED] = apply_offer_ended,
    [EV_CONTACT_RETURNED] = apply_contact_returned,
    [EV_CONTACT_MOVED] = apply_contact_moved,
    [EV_CALL_ENDED] = apply_call_ended,
    [EV_CALL_PENDING] = apply_call_pending,
    [EV_CALL_OUTCOME] = apply_call_outcome,
    [EV_CONTACT_DROPPED] = apply_contact_dropped,
    [EV_CONTACT_SETTLED] = apply_contact_settled,
    [EV_CALL_REJOINS] = apply_call_rejoins,
    [EV_PLACE_REGAINED] = apply_place_regained,
    [EV_QUEUE_SWEEP] = apply_queue_sweep,
    [EV_REFERENCE_TOLD] = apply_reference_told,
    [EV_STARTED] = apply_started,
    [EV_NODE_LOST] = apply_node_lost,
    [EV_NODE_SWEPT] = apply_node_swept,
    [EV_SHED] = apply_shed,
    [EV_GAP] = apply_gap,
    [EV_JOURNAL_RESET] = apply_nothing,
    [EV_CLOCK_STEP] = apply_nothing,
    [EV_MENU_LEFT] = apply_nothing,
    [EV_SIMULATED] = apply_nothing,
    [EV_DAY_CLOSED] = apply_day_closed,
};

void acd_apply(struct acd *a, const struct event *ev)
{
    assert((unsigned)ev->kind <= EVENT_KIND_MAX && functions[ev->kind]);
    assert(ev->id > a->k.last_id && ev->at >= a->k.last_at);
    functions[ev->kind](a, ev);
    acd_touch_done(a);
    a->k.last_id = ev->id;
    a->k.last_at = ev->at;
}
