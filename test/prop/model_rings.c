/* model_rings.c — who may answer widens with the wait: rings and needs, by the events alone.
 * Called by model.c. Cost: everybody. */
#include "test/prop/model.h"

const char *model_ring_opened(struct model *m, struct model_contact *c, const struct event *ev)
{
    unsigned ring = ev->ring_opened.ring;
    if (c->state != MC_WAITING || ring <= c->ring)
        return "rings: a ring opened that was open";
    const char *why = NULL;
    if (ev->ring_opened.why == RING_WHY_TIME && c->ring_at[ring] > ev->at)
        why = "rings: a ring opened before its threshold";
    for (unsigned i = 0; ev->ring_opened.why == RING_WHY_NOBODY && i < m->agents_n; i++) {
        const struct model_agent *g = &m->agents[i];
        bool in = g->state != AGENT_STATE_SIGNED_OUT && model_competent(g, c);
        for (unsigned r = 0; in && r < ring; r++)
            if (r >= c->ring && model_in_ring(g, c, r))
                why = "rings: a ring opened for want of agents while one was signed in";
    }
    c->ring = ring;
    return why;
}

/* What was wanted is given up in time, or when nobody has it, and never what must stay. */
const char *model_needs_lifted(struct model *m, struct model_contact *c, const struct event *ev)
{
    const char *why = NULL;
    if (c->state != MC_WAITING || !c->needs_until_at)
        return "needs: lifted for who does not wait, or whose needs stay";
    if (ev->needs_lifted.why == RING_WHY_TIME && c->needs_until_at > ev->at)
        why = "needs: lifted before their time";
    for (unsigned i = 0; ev->needs_lifted.why == RING_WHY_NOBODY && i < m->agents_n; i++) {
        const struct model_agent *g = &m->agents[i];
        if (g->state != AGENT_STATE_SIGNED_OUT && model_competent(g, c))
            why = "needs: lifted for want of agents while one was signed in";
    }
    c->needs = 0;
    c->needs_until_at = 0;
    c->ring = RING_NETWORK;
    return why;
}

/* The first ring is the narrowest with somebody signed in; wider ones open by the queue's rules. */
const char *model_rings_queued(const struct model *m, const struct model_contact *c,
                               const struct model_queue *q)
{
    const bool exists[] = {c->portfolio_id, c->site_id, c->area_id, true};
    for (unsigned i = 0; i < m->agents_n; i++) {
        const struct model_agent *g = &m->agents[i];
        bool in = g->state != AGENT_STATE_SIGNED_OUT && model_competent(g, c);
        for (unsigned r = 0; in && r < c->ring; r++)
            if (model_in_ring(g, c, r))
                return "rings: queued past a ring in which somebody is signed in";
    }
    for (unsigned r = RING_SITE; r <= RING_NETWORK; r++) {
        ms_t want_at = exists[r] && r > c->ring ? c->asked_at + q->ring_ms[r] : MS_NEVER;
        if (c->ring_at[r] != want_at)
            return "rings: a threshold is not that of the queue";
    }
    return NULL;
}

const char *model_needs_at_rest(const struct model *m, const struct model_contact *c)
{
    if (!c->needs_until_at)
        return NULL;
    if (c->needs_until_at + 1000 <= m->now_at) /* the heart counts in seconds, rounded up */
        return "needs: insisted on past their time";
    for (unsigned i = 0; i < m->agents_n; i++)
        if (m->agents[i].state != AGENT_STATE_SIGNED_OUT && model_competent(&m->agents[i], c))
            return NULL;
    return "needs: somebody waits for what nobody who is signed in has";
}
