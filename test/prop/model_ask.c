/* model_ask.c — questions to the model: who is who, who may take whom, does all hold at rest? */
#include "test/prop/model.h"

struct model_contact *model_contact(struct model *m, uint64_t id)
{
    for (unsigned i = 0; id && i < m->contacts_n; i++)
        if (m->contacts[i].id == id)
            return &m->contacts[i];
    return NULL;
}

struct model_contact *model_by_offer(struct model *m, uint64_t offer_id)
{
    for (unsigned i = 0; offer_id && i < m->contacts_n; i++)
        if (m->contacts[i].offer_id == offer_id)
            return &m->contacts[i];
    return NULL;
}

struct model_agent *model_agent(struct model *m, uint32_t id)
{
    for (unsigned i = 0; id && i < m->agents_n; i++)
        if (m->agents[i].id == id)
            return &m->agents[i];
    return NULL;
}

struct model_queue *model_queue(struct model *m, uint32_t id)
{
    for (unsigned i = 0; id && i < m->queues_n; i++)
        if (m->queues[i].id == id)
            return &m->queues[i];
    return NULL;
}

static bool serves(const struct model_agent *g, const struct model_contact *c)
{
    if (!g->id || !g->capacity[c->medium])
        return false;
    for (unsigned i = 0; i < g->queues_n; i++)
        if (g->queue_ids[i] == c->queue_id)
            return true;
    return false;
}

bool model_competent(const struct model_agent *g, const struct model_contact *c)
{
    return !(c->needs & ~g->skills) && serves(g, c);
}

/* What is lifted sooner or later keeps nobody from being served. */
bool model_served(const struct model *m, const struct model_contact *c)
{
    for (unsigned i = 0; i < m->agents_n; i++)
        if (m->agents[i].state != AGENT_STATE_SIGNED_OUT &&
            (c->needs_until_at ? serves(&m->agents[i], c) : model_competent(&m->agents[i], c)))
            return true;
    return false;
}

bool model_in_ring(const struct model_agent *g, const struct model_contact *c, unsigned ring)
{
    switch (ring) {
    case RING_ADVISOR:
        return c->portfolio_id && g->portfolio_id == c->portfolio_id;
    case RING_SITE:
        return c->site_id && g->site_id == c->site_id;
    case RING_AREA:
        return c->area_id && g->area_id == c->area_id;
    default:
        return true;
    }
}

bool model_open(const struct model_agent *g, enum medium medium)
{
    unsigned load = 0;
    for (unsigned i = 0; i < MEDIUM_N; i++)
        load += g->load[i];
    if (g->state != AGENT_STATE_READY || g->plan_leaves || g->plan_pause)
        return false;
    if (g->load[MEDIUM_VOICE] || (medium == MEDIUM_VOICE && load))
        return false;
    return g->load[medium] < g->capacity[medium];
}

static bool has_free_agent(const struct model *m, const struct model_contact *c)
{
    for (unsigned i = 0; i < m->agents_n; i++) {
        const struct model_agent *g = &m->agents[i];
        bool fits = model_open(g, c->medium) && model_competent(g, c);
        for (unsigned r = 0; fits && r <= c->ring; r++)
            if (model_in_ring(g, c, r))
                return true;
    }
    return false;
}

static const char *agents_at_rest(const struct model *m)
{
    for (unsigned i = 0; i < m->agents_n; i++)
        if (m->agents[i].must_pause)
            return "no_answer: an agent who did not answer was not paused";
    return NULL;
}

const char *model_at_rest(const struct model *m)
{
    const char *why = agents_at_rest(m);
    if (!why)
        why = model_closing_at_rest(m);
    if (why)
        return why;
    for (unsigned i = 0; i < m->contacts_n; i++) {
        const struct model_contact *c = &m->contacts[i];
        if (!c->id)
            continue;
        if (c->state == MC_ENDED && !c->pending)
            return "one_outcome: a call ended without a class";
        if (c->state == MC_AFTER && !c->on_line)
            return "one_outcome: nobody on the line, nothing decided";
        if (c->state == MC_OFFERED && c->offer_ends_at <= m->now_at)
            return "no_answer: a telephone rings for longer than its offer lasts";
        if (c->state != MC_WAITING)
            continue;
        for (unsigned r = c->ring + 1; r < 4; r++)
            if (c->ring_at[r] <= m->now_at)
                return "rings: a threshold passed and the ring did not open";
        if (c->is_line && c->last_told_at + ACD_TELL_EVERY_MS < m->now_at)
            return "rhythm: a waiting caller heard nothing for more than two minutes";
        why = model_needs_at_rest(m, c);
        if (why)
            return why;
        if (has_free_agent(m, c))
            return "no_idle_hands: a ready agent and a contact it could take both wait";
    }
    return NULL;
}
