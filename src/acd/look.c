/* look.c — see look.h.
 * Called by app/readmodel and view, on the reader thread's own state. Changes nothing. */
#include "acd/lists.h"
#include "acd/look.h"
#include "acd/regain.h"
#include "acd/wait.h"

uint32_t acd_look_queues_n(const struct acd *a)
{
    return a->k.queues_n;
}

uint32_t acd_look_agents_n(const struct acd *a)
{
    return a->k.agents_n;
}

uint32_t acd_look_queue_slot(const struct acd *a, uint32_t id)
{
    return queue_find(a, id);
}

uint32_t acd_look_agent_slot(const struct acd *a, uint32_t id)
{
    return agent_find(a, id);
}

/* In order of key, which is never later than asking: once a key is later than the oldest asking
 * found, nobody behind it can have asked earlier. */
static ms_t oldest_asked_at(const struct acd *a, const struct queue *q)
{
    ms_t oldest_at = MS_NEVER;
    uint32_t i = q->waiting.first;
    for (; i != SLOT_NONE && a->nodes[i].key < oldest_at; i = tree_next(a->nodes, i)) {
        const struct contact *c = &a->contacts[contact_of_node(i)];
        if (c->asked_at < oldest_at)
            oldest_at = c->asked_at;
    }
    return oldest_at == MS_NEVER ? 0 : oldest_at;
}

static uint32_t pool_ready_n(const struct acd *a, const struct pool *p)
{
    uint32_t n = 0;
    uint32_t i = p->idle_first[MEDIUM_VOICE];
    for (; i != SLOT_NONE; i = a->agents[i].idle_next[MEDIUM_VOICE])
        n++;
    return n;
}

bool acd_look_queue(const struct acd *a, uint32_t slot, ms_t now_at, struct acd_look_queue *out)
{
    const struct queue *q = &a->queues[slot];
    if (!q->id)
        return false;
    *out = (struct acd_look_queue){.id = q->id,
                                   .hours = (enum hours)q->hours,
                                   .closes_at = q->closes_at,
                                   .waiting_n = q->waiting_n,
                                   .texts_n = q->written_n,
                                   .asked_at = oldest_asked_at(a, q),
                                   .helps_n = q->helps_n,
                                   .shut_until_at = q->shut_until_at,
                                   .is_shut = q->is_shut,
                                   .agents_n = q->agents_n,
                                   .is_production = q->is_production};
    for (uint32_t m = q->members; m != SLOT_NONE; m = a->members[m].next) {
        const struct pool *p = &a->pools[m / POOL_QUEUES];
        out->signed_n += p->signed_n;
        out->active_n += p->active_n;
        out->ready_n += pool_ready_n(a, p);
    }
    const struct wait_estimate e = wait_estimate_last(a, q, now_at);
    bool is_free = !q->waiting_n && out->ready_n;
    out->band = is_free ? BAND_B0_2 : wait_band(&e);
    return true;
}

/* The queue of what it is offered or speaks about. */
static uint32_t agent_queue_id(const struct acd *a, const struct agent *g)
{
    uint32_t contact = g->offered != SLOT_NONE ? g->offered : g->contacts;
    if (contact == SLOT_NONE || a->contacts[contact].queue == SLOT_NONE)
        return 0;
    return a->queues[a->contacts[contact].queue].id;
}

static uint32_t talk_queue_id(const struct acd *a, const struct agent *g)
{
    bool has_talk = g->state == AGENT_STATE_JOINED || g->state == AGENT_STATE_WRAP_UP;
    return has_talk && g->talk_offer_id && g->queue != SLOT_NONE ? a->queues[g->queue].id : 0;
}

bool acd_look_agent(const struct acd *a, uint32_t slot, struct acd_look_agent *out)
{
    const struct agent *g = &a->agents[slot];
    if (!g->id)
        return false;
    *out = (struct acd_look_agent){.id = g->id,
                                   .state = (enum agent_state)g->state,
                                   .pause = (enum pause)g->pause,
                                   .queue_id = agent_queue_id(a, g),
                                   .texts_n = g->written_n,
                                   .texts_max = a->pools[g->pool].capacity[MEDIUM_TEXT],
                                   .talk_contact_id = g->talk_contact_id,
                                   .talk_queue_id = talk_queue_id(a, g),
                                   .conclusion = (enum conclusion)g->conclusion,
                                   .moved_until_at = g->moved_until_at,
                                   .queues_n = a->pools[g->pool].queues_n,
                                   .until_at = g->until_at,
                                   .leaves = g->plan_leaves,
                                   .is_robot = a->pools[g->pool].is_robot};
    for (uint32_t i = g->contacts; i != SLOT_NONE; i = a->contacts[i].agent_next)
        out->contacts_n++;
    uint32_t first = g->offered != SLOT_NONE ? g->offered : g->contacts;
    out->contact_id = first != SLOT_NONE ? a->contacts[first].id : 0;
    return true;
}

struct acd_look_help acd_look_help(const struct acd *a, uint32_t slot, uint32_t i)
{
    const struct queue *q = &a->queues[slot];
    assert(i < q->helps_n);
    return (struct acd_look_help){.site_id = q->helps[i].site_id, .until_at = q->helps[i].until_at};
}

uint32_t acd_look_agent_queue(const struct acd *a, uint32_t slot, uint32_t i)
{
    const struct pool *p = &a->pools[a->agents[slot].pool];
    assert(i < p->queues_n);
    return a->queues[p->queues[i]].id;
}

struct acd_look_counts acd_look_counts(const struct acd *a)
{
    struct acd_look_counts out = {.contacts_n = a->k.contacts_live_n};
    for (uint32_t i = 0; i < a->k.queues_n; i++)
        if (a->queues[i].id)
            out.waiting_n += a->queues[i].waiting_n;
    for (uint32_t i = 0; i < a->k.agents_n; i++)
        if (a->agents[i].id && !a->pools[a->agents[i].pool].is_robot)
            out.agents_n[a->agents[i].state]++;
    return out;
}

uint32_t acd_look_calls_n(const struct acd *a)
{
    return a->k.contacts_n;
}

bool acd_look_call(const struct acd *a, uint32_t slot, struct acd_look_call *out)
{
    static const enum acd_look_state states[CONTACT_STATES] = {
        [CONTACT_OPEN] = ACD_LOOK_MENU,       [CONTACT_WAITING] = ACD_LOOK_WAITING,
        [CONTACT_OFFERED] = ACD_LOOK_OFFERED, [CONTACT_JOINED] = ACD_LOOK_JOINED,
        [CONTACT_AFTER] = ACD_LOOK_AFTER,
    };
    const struct contact *c = &a->contacts[slot];
    if (c->state == CONTACT_NONE || !(c->flags & CONTACT_ON_LINE))
        return false;
    *out = (struct acd_look_call){.contact_id = c->id,
                                  .call_id = c->call_id,
                                  .leg_id = c->leg_id,
                                  .person_id = c->person_id,
                                  .offer_id = c->offer_id,
                                  .queue_id = c->queue == SLOT_NONE ? 0 : a->queues[c->queue].id,
                                  .reference = c->reference,
                                  .asked_at = c->asked_at,
                                  .node = c->node,
                                  .state = states[c->state]};
    return true;
}

bool acd_look_call_of(const struct acd *a, uint64_t call_id, struct acd_look_call *out)
{
    uint32_t i = contact_find(a, call_id);
    return i != SLOT_NONE && acd_look_call(a, i, out) && out->call_id == call_id;
}

bool acd_look_call_of_contact(const struct acd *a, uint64_t contact_id, struct acd_look_call *out)
{
    uint32_t i = contact_find(a, contact_id);
    return i != SLOT_NONE && a->contacts[i].id == contact_id && acd_look_call(a, i, out);
}

/* ---- promises ----------------------------------------------------------------------------- */

bool acd_look_callback(const struct acd *a, uint32_t slot, struct acd_look_callback *out)
{
    const struct contact *c = &a->contacts[slot];
    if (c->state == CONTACT_NONE || !(c->flags & CONTACT_DIALLED))
        return false;
    const struct queue *q = &a->queues[c->queue];
    *out = (struct acd_look_callback){.contact_id = c->id,
                                      .person_id = c->person_id,
                                      .offer_id = c->offer_id,
                                      .queue_id = q->id,
                                      .reference = c->reference,
                                      .place_at = c->place_at,
                                      .not_before_at = c->not_before_at,
                                      .until_at = c->state == CONTACT_PROMISED ? c->due_at : 0,
                                      .attempts_n = c->attempts_n,
                                      .attempts_max = q->attempts_max,
                                      .is_discreet = (c->flags & CONTACT_DISCREET) != 0,
                                      .is_on_line = (c->flags & CONTACT_ON_LINE) != 0,
                                      .is_due = c->state == CONTACT_WAITING,
                                      .hours = q->hours,
                                      .phase = c->offer_id ? (enum offer_phase)c->phase
                                                           : OFFER_PHASE_NONE,
                                      .asked_at = c->asked_at,
                                      .band = (enum band)c->band};
    return true;
}

bool acd_look_callback_of(const struct acd *a, uint64_t contact_id, struct acd_look_callback *out)
{
    uint32_t i = contact_find(a, contact_id);
    return i != SLOT_NONE && a->contacts[i].id == contact_id && acd_look_callback(a, i, out);
}

bool acd_calls_back(const struct acd *a, uint32_t queue_id)
{
    uint32_t i = queue_find(a, queue_id);
    return i != SLOT_NONE && a->queues[i].attempts_max > 0;
}

/* ---- who wrote ---------------------------------------------------------------------------- */

bool acd_look_text(const struct acd *a, uint32_t slot, struct acd_look_text *out)
{
    const struct contact *c = &a->contacts[slot];
    if (c->state != CONTACT_WRITTEN && c->state != CONTACT_TAKEN)
        return false;
    bool is_taken = c->state == CONTACT_TAKEN;
    *out = (struct acd_look_text){.contact_id = c->id,
                                  .call_id = c->call_id,
                                  .person_id = c->person_id,
                                  .queue_id = a->queues[c->queue].id,
                                  .reference = c->reference,
                                  .agent_id = is_taken ? a->agents[c->agent].id : 0,
                                  .place_at = c->place_at,
                                  .key_at = c->key_at,
                                  .taken_at = is_taken ? c->joined_at : 0,
                                  .until_at = c->due_at,
                                  .texts_n = c->attempts_n,
                                  .is_answered = (c->flags & CONTACT_ANSWERED) != 0,
                                  .is_unread = (c->flags & CONTACT_UNREAD) != 0,
                                  .is_leaving = (c->flags & CONTACT_LEAVING) != 0};
    return true;
}

bool acd_look_text_of(const struct acd *a, uint64_t contact_id, struct acd_look_text *out)
{
    uint32_t i = contact_find(a, contact_id);
    return i != SLOT_NONE && a->contacts[i].id == contact_id && acd_look_text(a, i, out);
}

/* ---- places kept -------------------------------------------------------------------------- */

bool acd_look_place(const struct acd *a, uint32_t slot, ms_t now_at, struct acd_look_place *out)
{
    const struct contact *c = &a->contacts[slot];
    if (c->state == CONTACT_NONE || !regain_is_open(c, now_at))
        return false;
    bool is_promise = c->flags & CONTACT_DIALLED;
    *out = (struct acd_look_place){.contact_id = c->id,
                                   .person_id = c->person_id,
                                   .place_at = c->place_at,
                                   .until_at = is_promise ? 0 : c->due_at,
                                   .returns_n = (uint8_t)contact_returns_n(c),
                                   .is_promise = is_promise,
                                   .is_by_house = regain_is_by_house(c),
                                   .is_ours = regain_is_ours(c)};
    return true;
}

bool acd_look_place_of(const struct acd *a, uint64_t contact_id, ms_t now_at,
                       struct acd_look_place *out)
{
    uint32_t i = contact_find(a, contact_id);
    return i != SLOT_NONE && a->contacts[i].id == contact_id && acd_look_place(a, i, now_at, out);
}

ms_t acd_look_regain_ms(const struct acd *a, uint32_t queue_id)
{
    uint32_t i = queue_find(a, queue_id);
    return i == SLOT_NONE ? 0 : a->queues[i].regain_ms;
}

bool acd_look_contact_of(const struct acd *a, uint64_t contact_id, struct acd_look_contact *out)
{
    uint32_t i = contact_find(a, contact_id);
    if (i == SLOT_NONE || a->contacts[i].id != contact_id)
        return false;
    const struct contact *c = &a->contacts[i];
    *out = (struct acd_look_contact){.person_id = c->person_id,
                                     .queue_id = c->queue == SLOT_NONE ? 0 : a->queues[c->queue].id,
                                     .needs = c->needs,
                                     .reference = c->reference,
                                     .entry_id = c->entry_id,
                                     .is_pending = c->state == CONTACT_PENDING};
    return true;
}

bool acd_look_person_is_here(const struct acd *a, uint64_t person_id)
{
    for (uint32_t i = 0; person_id && i < a->k.contacts_n; i++)
        if (a->contacts[i].state != CONTACT_NONE && a->contacts[i].person_id == person_id)
            return true;
    return false;
}
