/* touch.c — see touch.h.
 * Called by apply for each event. Cost: some 40 words hashed once the event is recorded; what was
 * there before is remembered with the object. Invariant: equal content, equal hash, whatever slots
 * the objects live in: each object is hashed by ids, never by slots, and the shares are added. */
#include "acd/touch.h"
#include "base/hash.h"

static uint64_t fold_ms(uint64_t h, ms_t v)
{
    return hash_fold(h, (uint64_t)v);
}

static_assert(offsetof(struct contact, hash) % 8 == 0, "content is hashed as words");

static uint64_t hash_contact(const struct acd *a, const struct contact *c)
{
    if (c->state == CONTACT_NONE)
        return 0;
    uint32_t queue_id = c->queue == SLOT_NONE ? 0 : a->queues[c->queue].id;
    uint32_t agent_id = c->agent == SLOT_NONE ? 0 : a->agents[c->agent].id;
    return hash_words((uint64_t)queue_id << 32 | agent_id, c, CONTACT_WORDS);
}

static uint64_t hash_moved(const struct acd *a, const struct agent *g, uint64_t h)
{
    h = fold_ms(h, g->moved_until_at);
    for (unsigned i = 0; i < g->own_queues_n; i++)
        h += hash_mix(hash_mix(a->queues[g->own_queues[i]].id));
    return h;
}

static uint64_t hash_agent(const struct acd *a, const struct agent *g)
{
    if (!g->id)
        return 0;
    const struct pool *p = &a->pools[g->pool];
    uint64_t h = hash_fold(hash_fold(g->id, p->skills), (uint64_t)p->site_id << 32 | p->area_id);
    h = hash_fold(h, (uint64_t)p->portfolio_id << 8 | p->is_robot);
    for (unsigned i = 0; i < p->queues_n; i++)
        h += hash_mix(a->queues[p->queues[i]].id);
    for (unsigned m = 0; m < MEDIUM_N; m++)
        h = hash_fold(h, (uint64_t)p->capacity[m] << 8 | g->load[m]);
    h = fold_ms(fold_ms(h, g->idle_at), g->until_at);
    h = hash_fold(h, g->offered == SLOT_NONE ? 0 : a->contacts[g->offered].id);
    h = hash_fold(h, g->queue == SLOT_NONE ? 0 : a->queues[g->queue].id);
    if (g->conclusion) /* what was not said before has the hash that it always had; so below */
        h = hash_fold(h, g->talk_offer_id << 8 | g->conclusion);
    if (g->moved_until_at)
        h = hash_moved(a, g, h);
    return hash_fold(h, (uint64_t)g->state << 32 | (uint64_t)g->pause << 24 |
                            (uint64_t)g->plan_pause << 16 | (uint64_t)g->plan_leaves << 8 |
                            g->is_auto_back_used);
}

/* What supervisors have asked for. */
static uint64_t hash_supervised(const struct queue *q, uint64_t h)
{
    if (q->is_shut)
        h = hash_fold(fold_ms(h, q->shut_until_at), (uint64_t)q->own_hours << 8 | q->is_shut);
    for (unsigned i = 0; i < q->helps_n; i++)
        h = hash_fold(fold_ms(h, q->helps[i].until_at), q->helps[i].site_id);
    if (q->is_helping)
        h = hash_fold(fold_ms(h, q->help_key_at), q->help_id);
    return h;
}

static uint64_t hash_queue(const struct queue *q)
{
    if (!q->id)
        return 0;
    uint64_t h = q->id;
    for (unsigned r = 0; r < CONTACT_RINGS; r++)
        h = fold_ms(h, q->ring_ms[r]);
    h = fold_ms(fold_ms(fold_ms(h, q->offer_ms), q->wrap_up_ms), q->short_ms);
    h = fold_ms(fold_ms(fold_ms(h, q->no_answer_back_ms), q->handle_ms), q->regain_ms);
    h = fold_ms(fold_ms(fold_ms(h, q->closing_lead_ms), q->closes_at), q->lead_at);
    if (q->attempts_max) { /* a state without callbacks has the hash that it always had */
        h = fold_ms(fold_ms(fold_ms(h, q->gap_ms), q->keep_ms), q->dial_ms);
        h = hash_fold(h, (uint64_t)q->attempts_max << 8 | q->share_percent);
    }
    if (q->is_shut || q->helps_n || q->is_helping)
        h = hash_supervised(q, h);
    h = hash_fold(fold_ms(fold_ms(fold_ms(h, q->opened_at), q->busy_since_at), q->sweep_key_at),
                  q->sweep_id);
    for (unsigned i = 0; i < ARRAY_LEN(q->rate); i++)
        h = hash_fold(hash_fold(h, (uint64_t)q->rate[i].minute << 32 | q->rate[i].left_n),
                      q->rate[i].busy_ms);
    return hash_fold(h, (uint64_t)q->hours << 16 | (uint64_t)q->sweep << 8 | q->is_production);
}

void acd_touch_contact(struct acd *a, uint32_t contact)
{
    if (a->touched.contact == contact)
        return;
    assert(a->touched.contact == SLOT_NONE);
    a->touched.contact = contact;
    a->k.sum -= a->contacts[contact].hash;
}

void acd_touch_agent(struct acd *a, uint32_t agent)
{
    if (a->touched.agent == agent)
        return;
    assert(a->touched.agent == SLOT_NONE);
    a->touched.agent = agent;
    a->k.sum -= a->agents[agent].hash;
}

void acd_touch_queue(struct acd *a, uint32_t queue)
{
    if (a->touched.queue == queue)
        return;
    assert(a->touched.queue == SLOT_NONE);
    a->touched.queue = queue;
    a->k.sum -= a->queues[queue].hash;
}

void acd_touch_done(struct acd *a)
{
    struct touched *t = &a->touched;
    if (t->contact != SLOT_NONE) {
        struct contact *c = &a->contacts[t->contact];
        c->hash = hash_contact(a, c);
        a->k.sum += c->hash;
    }
    if (t->agent != SLOT_NONE) {
        struct agent *g = &a->agents[t->agent];
        g->hash = hash_agent(a, g);
        a->k.sum += g->hash;
    }
    if (t->queue != SLOT_NONE) {
        struct queue *q = &a->queues[t->queue];
        q->hash = hash_queue(q);
        a->k.sum += q->hash;
    }
    *t = (struct touched){SLOT_NONE, SLOT_NONE, SLOT_NONE};
}

uint64_t acd_touch_walk(const struct acd *a)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < a->k.contacts_n; i++)
        sum += hash_contact(a, &a->contacts[i]);
    for (uint32_t i = 0; i < a->k.agents_n; i++)
        sum += hash_agent(a, &a->agents[i]);
    for (uint32_t i = 0; i < a->k.queues_n; i++)
        sum += hash_queue(&a->queues[i]);
    return sum;
}

uint64_t acd_hash(const struct acd *a)
{
    const struct counters *k = &a->k;
    uint64_t h = fold_ms(hash_fold(k->last_id, k->epoch), k->last_at);
    for (unsigned i = 0; i < ACD_PRIORITIES; i++)
        h = fold_ms(h, k->head_start_ms[i]);
    for (unsigned i = 0; i < OUTCOME_N; i++)
        h = hash_fold(h, k->outcomes_n[i]);
    for (unsigned i = 0; i < ACD_NODES_MAX && k->nodes[i].is_used; i++)
        h = hash_fold(h, (uint64_t)k->nodes[i].id << 1 | k->nodes[i].is_lost);
    return hash_fold(hash_fold(h, k->sum), (uint64_t)k->day_left_n << 32 | k->lost_n);
}
