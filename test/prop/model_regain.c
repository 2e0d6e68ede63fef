/* model_regain.c — see model.h. Whose place is kept, for how long, and what calling again makes of
 * it (design §3.8), told by events alone. */
#include "test/prop/model.h"

/* A wish that we did not meet keeps its place for the queue's regain window, which begins at the
 * first drop, and three returns at most. */
bool model_keeps_place(struct model *m, const struct model_contact *c)
{
    const struct model_queue *q = model_queue(m, c->queue_id);
    bool unmet = c->outcome == OUTCOME_ABANDONED || c->outcome == OUTCOME_ABANDONED_SHORT ||
                 c->outcome == OUTCOME_TURNED_AWAY || c->outcome == OUTCOME_CUT_OFF;
    if (!unmet || !c->asked_at || !c->person_id || !q->regain_ms || c->was_pending)
        return false;
    ms_t first_at = c->drop_first_at ? c->drop_first_at : m->now_at;
    return c->returns_n < 3 && first_at + q->regain_ms > m->now_at;
}

const char *model_dropped(struct model *m, struct model_contact *c, const struct event *ev)
{
    c->state = MC_DROPPED;
    c->dropped_until_at = ev->contact_dropped.until_at;
    if (!model_keeps_place(m, c))
        return "place_kept: a place is kept for a wish that is over";
    if (!c->drop_first_at)
        c->drop_first_at = ev->at;
    bool whole = c->dropped_until_at == c->drop_first_at + model_queue(m, c->queue_id)->regain_ms;
    return whole ? NULL : "place_kept: not for the whole window of the queue";
}

const char *model_rejoins(struct model *m, struct model_contact *c, const struct event *ev)
{
    if (c->state != MC_OPEN || c->call_id != ev->call_rejoins.call_id || c->call_over)
        return "regained: a call goes over that is not in the menu";
    m->rejoining.to_id = ev->call_rejoins.to_id;
    m->rejoining.call_id = c->call_id;
    m->rejoining.person_id = c->person_id;
    m->rejoining.node = c->node;
    c->state = MC_ENDED;
    c->on_line = false;
    c->outcomes_n = 1; /* the class of its call is the other's to give */
    return NULL;
}

/* As a new call of it, with the place and the counts told of before. */
const char *model_regained(struct model *m, struct model_contact *c, const struct event *ev)
{
    const struct model_contact was = *c;
    if (was.state != MC_DROPPED || was.dropped_until_at <= ev->at)
        return "regained: a place that is not kept any more";
    if (m->rejoining.to_id != was.id || m->rejoining.call_id != ev->place_regained.call_id ||
        m->rejoining.node != ev->place_regained.leg_node)
        return "regained: by a call that did not go over";
    if (!was.person_id || m->rejoining.person_id != was.person_id)
        return "regained: by somebody else";
    if (was.returns_n == 3 || ev->place_regained.returns_n != was.returns_n + 1)
        return "regained: a fourth time, or miscounted";
    *c = (struct model_contact){.id = was.id,
                                .state = MC_OPEN,
                                .medium = was.medium,
                                .is_line = true,
                                .person_id = was.person_id,
                                .place_at = was.place_at,
                                .before_told = was.before_told,
                                .drop_first_at = was.drop_first_at,
                                .returns_n = was.returns_n + 1,
                                .call_id = ev->place_regained.call_id,
                                .node = ev->place_regained.leg_node,
                                .on_line = true,
                                .informed = ev->place_regained.is_informed};
    m->rejoining.to_id = 0;
    return NULL;
}
