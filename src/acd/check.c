/* check.c — the walk that proves a state sound; for tests and after each restart.
 * Called by acd_check(). Cost: every lane against every pool of its queue.
 * What it asserts is the list of invariants that the other files rely on. */
#include "acd/help.h"
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/match.h"
#include "acd/pool.h"
#include "acd/touch.h"

static void check_lane(const struct acd *a, uint32_t lane)
{
    const struct lane *l = &a->lanes[lane];
    const struct lane_key key = {l->needs,  l->queue,   l->scope_id,  l->scope,
                                 l->medium, l->is_soft, l->is_dialled};
    uint32_t eligible_n = 0;
    for (uint32_t m = a->queues[l->queue].members; m != SLOT_NONE; m = a->members[m].next)
        if (lane_admits(l, &a->pools[m / POOL_QUEUES]))
            eligible_n += a->pools[m / POOL_QUEUES].signed_n;
    assert(eligible_n == l->eligible_n && lane_find(a, &key) == lane);
    assert(l->n <= l->refs);
    assert(l->n == (l->waiting.root == SLOT_NONE ? 0 : a->nodes[l->waiting.root].n));
    if (l->n)
        assert(tree_after(&l->waiting, a->nodes, INT64_MIN, 0) == l->waiting.first);
}

static void check_contact_lanes(const struct acd *a, uint32_t contact)
{
    const struct contact *c = &a->contacts[contact];
    bool waits = c->state == CONTACT_WAITING;
    const struct tree_node *nodes = &a->nodes[contact * NODES];
    assert((nodes[NODE_RING].n > 0) == waits);
    assert((nodes[NODE_QUEUE].n > 0) == (waits || c->state == CONTACT_WRITTEN));
    bool too = waits && c->advisor_lane != SLOT_NONE && c->ring != RING_ADVISOR;
    assert((nodes[NODE_ADVISOR].n > 0) == too);
    if (!waits)
        return;
    struct lane_key widest = lane_key_widest(c);
    assert(lane_find(a, &widest) == c->network_lane);
    assert(a->lanes[c->lane].is_soft == (c->needs_s != 0));
    assert(nodes[NODE_RING].key == c->key_at && nodes[NODE_RING].tie == c->id);
    assert(a->lanes[c->lane].scope == c->ring && a->lanes[c->lane].queue == c->queue);
    assert(!help_is_due(a, c)); /* help that is asked for is given */
    /* No idle hands: nobody ready could take this contact. */
    assert(match_contact(a, contact).agent == SLOT_NONE);
}

static void check_contact(const struct acd *a, uint32_t contact)
{
    const struct contact *c = &a->contacts[contact];
    assert(contact_find(a, c->id) == contact);
    assert(!c->call_id || contact_find(a, c->call_id) == contact);
    assert(!c->offer_id || contact_find(a, c->offer_id) == contact);
    bool has_agent = c->state == CONTACT_OFFERED || c->state == CONTACT_JOINED;
    bool is_taken = c->state == CONTACT_TAKEN, is_written = is_taken || c->state == CONTACT_WRITTEN;
    assert((has_agent || is_taken) == (c->agent != SLOT_NONE) && has_agent == (c->offer_id != 0));
    assert(c->state != CONTACT_OFFERED || agent_of(a, c)->offered == contact);
    assert(c->state != CONTACT_GONE); /* between two events of one step only */
    bool is_on_line = c->flags & CONTACT_ON_LINE;
    bool is_unclassed = c->flags & CONTACT_UNCLASSED || c->state == CONTACT_PENDING;
    bool is_dialled = c->flags & CONTACT_DIALLED;
    bool on_line = c->state != CONTACT_PENDING && c->state != CONTACT_DROPPED && !is_written;
    assert(is_dialled || (on_line == is_on_line && !(c->flags & CONTACT_UNCLASSED)));
    assert(!is_dialled || !is_on_line || c->state == CONTACT_PROMISED);
    assert((c->call_id != 0) == (is_on_line || is_unclassed || is_written));
    assert(!is_written || (c->medium == MEDIUM_TEXT && c->due_at));
    bool has_node = a->nodes[tree_node_of(contact, NODE_DIALLED)].n > 0;
    bool is_called =
        c->state == CONTACT_WAITING || (c->state == CONTACT_PROMISED && !is_on_line && !c->due_at);
    assert(has_node == (is_dialled && is_called));
    check_contact_lanes(a, contact);
}

static void check_agent(const struct acd *a, uint32_t agent)
{
    const struct agent *g = &a->agents[agent];
    assert(g->idle_mask == acd_agent_open_media(a, g));
    assert((g->state == AGENT_STATE_OFFERED) == (g->offered != SLOT_NONE));
    unsigned load = 0, contacts_n = 0;
    for (unsigned m = 0; m < MEDIUM_N; m++)
        load += g->load[m];
    for (uint32_t i = g->contacts; i != SLOT_NONE; i = a->contacts[i].agent_next) {
        assert(a->contacts[i].agent == agent && a->contacts[i].state == CONTACT_JOINED);
        contacts_n++;
    }
    assert(load == contacts_n);
    unsigned written_n = 0;
    for (uint32_t i = g->written; i != SLOT_NONE; i = a->contacts[i].agent_next) {
        assert(a->contacts[i].agent == agent && a->contacts[i].state == CONTACT_TAKEN);
        written_n++;
    }
    assert(written_n == g->written_n && (!written_n || g->state != AGENT_STATE_SIGNED_OUT));
    assert((g->state == AGENT_STATE_JOINED) == (g->load[MEDIUM_VOICE] > 0));
    assert(g->state != AGENT_STATE_SIGNED_OUT || !load);
    assert(!g->conclusion || g->talk_offer_id);
    assert(g->moved_until_at || !g->own_queues_n);
    assert(match_agent(a, agent).contact == SLOT_NONE);
}

static void check_pool(const struct acd *a, uint32_t pool)
{
    const struct pool *p = &a->pools[pool];
    for (unsigned m = 0; m < MEDIUM_N; m++) {
        uint32_t before = SLOT_NONE;
        for (uint32_t i = p->idle_first[m]; i != SLOT_NONE; i = a->agents[i].idle_next[m]) {
            assert(a->agents[i].pool == pool && a->agents[i].idle_prev[m] == before);
            assert(before == SLOT_NONE || a->agents[before].idle_at <= a->agents[i].idle_at);
            before = i;
        }
        assert(p->idle_last[m] == before);
    }
    assert(p->signed_n <= p->agents_n && p->active_n <= p->signed_n);
}

static void check_queue(const struct acd *a, uint32_t queue)
{
    const struct queue *q = &a->queues[queue];
    uint32_t scopes_n = 0;
    for (unsigned scope = 0; scope < CONTACT_RINGS; scope++)
        scopes_n += q->scope_n[scope];
    uint32_t tree_n = q->waiting.root == SLOT_NONE ? 0 : a->nodes[q->waiting.root].n;
    uint32_t dialled_n = q->dialled.root == SLOT_NONE ? 0 : a->nodes[q->dialled.root].n;
    uint32_t reserved_n = 0;
    for (uint32_t i = 0; i < a->k.contacts_n; i++) {
        const struct contact *c = &a->contacts[i];
        reserved_n +=
            c->state == CONTACT_OFFERED && c->flags & CONTACT_DIALLED && c->queue == queue;
    }
    assert(q->written_n == (q->written.root == SLOT_NONE ? 0 : a->nodes[q->written.root].n));
    assert(reserved_n == q->reserved_n && dialled_n <= q->waiting_n);
    bool is_shut = q->is_shut && q->own_hours == HOURS_OPEN;
    assert(q->hours == (is_shut ? HOURS_CLOSED_BY_PERSON : q->own_hours) && !q->is_helping);
    assert(!dialled_n || q->hours == HOURS_OPEN); /* at rest */
    assert(scopes_n == q->waiting_n && tree_n == q->waiting_n && q->waiting_n <= q->named_n);
}

void acd_check(const struct acd *a)
{
    uint32_t contacts_n = 0;
    assert(a->k.sum == acd_touch_walk(a));
    for (uint32_t i = 0; i < a->k.contacts_n; i++) {
        if (a->contacts[i].state == CONTACT_NONE)
            continue;
        contacts_n++;
        check_contact(a, i);
    }
    assert(contacts_n == a->k.contacts_live_n);
    for (uint32_t i = 0; i < a->k.agents_n; i++)
        if (a->agents[i].id)
            check_agent(a, i);
    for (uint32_t i = 0; i < a->k.pools_n; i++)
        if (a->pools[i].map_key)
            check_pool(a, i);
    for (uint32_t i = 0; i < a->k.lanes_n; i++)
        check_lane(a, i);
    for (uint32_t i = 0; i < a->k.queues_n; i++)
        if (a->queues[i].id)
            check_queue(a, i);
}
