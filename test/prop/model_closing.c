/* model_closing.c — see model.h. Closing as design §3.12 has it, told by events alone: who entered
 * during hours is served while somebody who could stays; whoever cannot be served hears it before;
 * nobody is let go within the published hours, and nobody waits for no one after them. */
#include "test/prop/model.h"

const char *model_closing_hours(struct model *m, const struct event *ev)
{
    struct model_queue *q = model_queue(m, ev->queue_hours.queue_id);
    bool closes =
        ev->queue_hours.hours == HOURS_CLOSED_PUBLISHED && q->hours != HOURS_CLOSED_PUBLISHED;
    q->hours = ev->queue_hours.hours;
    q->closes_at = ev->queue_hours.closes_at;
    q->lead_at = ev->queue_hours.lead_at;
    for (unsigned i = 0; closes && i < m->contacts_n; i++) {
        struct model_contact *c = &m->contacts[i];
        if (c->state == MC_WAITING && c->is_line && c->queue_id == q->id)
            c->was_there = true;
    }
    bool ahead = q->hours != HOURS_CLOSED_PUBLISHED && q->closes_at > ev->at;
    ms_t lead_at = q->closes_at - q->closing_lead_ms;
    if (q->lead_at != (!ahead ? 0 : lead_at > ev->at ? lead_at : ev->at))
        return "closing: the waiting are to be told at another instant than the queue's rule says";
    return NULL;
}

/* Of two who came in one instant the second may be the first whom we cannot serve. */
static bool is_behind(const struct model_contact *c, ms_t key_at, uint64_t id)
{
    return c->key_at > key_at || (c->key_at == key_at && c->id > id);
}

/* All who wait on the line behind (key_at, id) have heard about closing. */
static bool all_told(const struct model *m, const struct model_queue *q, ms_t key_at, uint64_t id)
{
    for (unsigned i = 0; i < m->contacts_n; i++) {
        const struct model_contact *c = &m->contacts[i];
        bool waits = c->state == MC_WAITING && c->is_line && c->queue_id == q->id;
        if (waits && is_behind(c, key_at, id) && !c->told_closing)
            return false;
    }
    return true;
}

const char *model_closing_sweep(struct model *m, const struct event *ev)
{
    struct model_queue *q = model_queue(m, ev->queue_sweep.queue_id);
    bool at_close = ev->queue_sweep.at_close, is_first = !at_close && q->lead_at;
    if (at_close && q->hours != HOURS_CLOSED_PUBLISHED)
        return "closing: told as at closing while the queue is open";
    if (!at_close && q->closes_at <= ev->at)
        return "closing: told as before closing, and none is ahead";
    if (is_first) {
        q->lead_at = 0;
        q->sweep_key_at = ev->queue_sweep.from_key_at;
        q->sweep_id = ev->queue_sweep.from_id;
        return NULL;
    }
    ms_t from_key_at = at_close ? INT64_MIN : q->sweep_key_at;
    if (ev->queue_sweep.done && !all_told(m, q, from_key_at, at_close ? 0 : q->sweep_id))
        return "closing: the round is over and somebody was not told";
    return NULL;
}

const char *model_closing_told(struct model *m, struct model_contact *c, const struct event *ev)
{
    const struct model_queue *q = model_queue(m, c->queue_id);
    bool cannot = ev->contact_told.what == TOLD_CLOSING_CANNOT;
    bool kept = ev->contact_told.what == TOLD_CLOSING_KEPT;
    c->told_cannot |= cannot;
    c->told_closing |= cannot || kept;
    if (cannot && (q->closes_at <= ev->at || q->hours == HOURS_CLOSED_PUBLISHED))
        return "closing: told that we cannot before a closing that is unknown or past";
    if (kept && q->hours != HOURS_CLOSED_PUBLISHED)
        return "closing: told that we close while the queue is open";
    if (kept && !model_served(m, c))
        return "closing: told that we will answer, with nobody there who could";
    return NULL;
}

const char *model_closing_let_go(struct model *m, const struct model_contact *c)
{
    const struct model_queue *q = model_queue(m, c->queue_id);
    if (q->hours != HOURS_CLOSED_PUBLISHED)
        return "no_dissuasion: a waiting caller was let go within the published hours";
    if (model_served(m, c))
        return "closing: let go while somebody who could answer is signed in";
    return NULL;
}

const char *model_closing_at_rest(const struct model *m)
{
    for (unsigned i = 0; i < m->queues_n; i++)
        if (m->queues[i].lead_at && m->queues[i].lead_at <= m->now_at)
            return "closing: it is time to tell the waiting, and nobody does";
    for (unsigned i = 0; i < m->contacts_n; i++) {
        const struct model_contact *c = &m->contacts[i];
        if (!c->id || c->state != MC_WAITING)
            continue;
        unsigned q = 0;
        while (m->queues[q].id != c->queue_id)
            q++;
        if (m->queues[q].hours != HOURS_CLOSED_PUBLISHED)
            continue;
        if (!model_served(m, c))
            return "closing: left waiting after closing, with nobody there who could answer";
        if (c->was_there && !c->told_closing)
            return "closing: waited at closing and was not told";
    }
    return NULL;
}
