/* deeds.c — see deeds.h. A slot of the heart that somebody else has by now begins anew. */
#include <string.h>

#include "acd/look.h"
#include "app/deeds.h"
#include "base/arena.h"

_Static_assert(VIEW_HELPS_MAX == ACD_HELPS_PER_QUEUE, "as many helps as a queue has");

void deeds_open(struct deeds *d, struct arena *arena, const struct acd_limits *limits)
{
    *d = (struct deeds){0};
    d->queues = arena_take(arena, limits->queues_max, sizeof(*d->queues));
    d->agents = arena_take(arena, limits->agents_max, sizeof(*d->agents));
    d->alerts = arena_take(arena, VIEW_ALERTS_MAX, sizeof(*d->alerts));
    d->listens = arena_take(arena, VIEW_LISTENS_MAX, sizeof(*d->listens));
}

/* NULL: it is no more. */
static struct view_queue_deeds *of_queue(struct deeds *d, const struct acd *acd, uint32_t id)
{
    uint32_t slot = acd_look_queue_slot(acd, id);
    if (slot == SLOT_NONE)
        return NULL;
    if (d->queues[slot].queue_id != id)
        d->queues[slot] = (struct view_queue_deeds){.queue_id = id};
    return &d->queues[slot];
}

/* That of the site goes; order counts for nothing here. */
static void end_help(struct view_queue_deeds *q, uint32_t site_id)
{
    for (uint32_t i = 0; i < q->helps_n; i++)
        if (q->helps[i].site_id == site_id)
            q->helps[i--] = q->helps[--q->helps_n];
}

static void fold_queue(struct deeds *d, const struct acd *acd, const struct event *ev)
{
    uint32_t id = ev->kind == EV_HELP_ASKED   ? ev->help_asked.queue_id
                  : ev->kind == EV_HELP_ENDED ? ev->help_ended.queue_id
                                              : ev->queue_shut.queue_id;
    struct view_queue_deeds *q = of_queue(d, acd, id);
    if (!q)
        return;
    if (ev->kind == EV_QUEUE_SHUT) {
        q->shut_at = ev->at;
        q->shut_by_id = ev->queue_shut.by_id;
    } else if (ev->kind == EV_HELP_ENDED) {
        end_help(q, ev->help_ended.site_id);
    } else {
        end_help(q, ev->help_asked.site_id);
        assert(q->helps_n < VIEW_HELPS_MAX);
        q->helps[q->helps_n].site_id = ev->help_asked.site_id;
        q->helps[q->helps_n++].by_id = ev->help_asked.by_id;
    }
}

static void fold_move(struct deeds *d, const struct acd *acd, const struct event *ev)
{
    uint32_t id = ev->agent_moved.agent_id, slot = acd_look_agent_slot(acd, id);
    if (slot != SLOT_NONE)
        d->agents[slot] = (struct view_agent_deeds){id, ev->agent_moved.by_id};
}

/* From now on in this way, or no longer. Without a place it is not shown. */
static void fold_listen(struct deeds *d, const struct event *ev)
{
    struct view_listen *at = NULL;
    for (unsigned i = 0; i < VIEW_LISTENS_MAX; i++)
        if (d->listens[i].call_id == ev->call_listened.call_id)
            at = &d->listens[i];
    for (unsigned i = 0; !at && i < VIEW_LISTENS_MAX; i++)
        if (!d->listens[i].call_id)
            at = &d->listens[i];
    bool is_over = ev->call_listened.mode == LISTENING_NONE;
    if (!at || (is_over && !at->call_id))
        return;
    *at = (struct view_listen){.call_id = is_over ? 0 : ev->call_listened.call_id,
                               .listener_id = ev->call_listened.listener_id,
                               .mode = ev->call_listened.mode,
                               .by_alert = ev->call_listened.by_alert};
}

/* Somebody comes to a call for which its agent called: the newest alert of it. */
static void fold_listened(struct deeds *d, const struct event *ev)
{
    uint64_t first = d->alerts_n > VIEW_ALERTS_MAX ? d->alerts_n - VIEW_ALERTS_MAX : 0;
    if (!ev->call_listened.by_alert || !ev->call_listened.listener_id)
        return;
    for (uint64_t i = d->alerts_n; i > first; i--) {
        struct view_alert *a = &d->alerts[(i - 1) % VIEW_ALERTS_MAX];
        if (a->call_id != ev->call_listened.call_id)
            continue;
        if (!a->listener_id)
            a->listener_id = ev->call_listened.listener_id;
        return;
    }
}

void deeds_fold(struct deeds *d, const struct acd *acd, const struct event *ev)
{
    switch (ev->kind) {
    case EV_HELP_ASKED:
    case EV_HELP_ENDED:
    case EV_QUEUE_SHUT:
        fold_queue(d, acd, ev);
        break;
    case EV_AGENT_MOVED:
        fold_move(d, acd, ev);
        break;
    case EV_CALL_ALERTED:
        d->alerts[d->alerts_n++ % VIEW_ALERTS_MAX] =
            (struct view_alert){.id = ev->id,
                                .call_id = ev->call_alerted.call_id,
                                .agent_id = ev->call_alerted.agent_id,
                                .at = ev->at};
        break;
    case EV_CALL_LISTENED:
        fold_listen(d, ev);
        fold_listened(d, ev);
        break;
    default:
        break;
    }
}

struct view_deeds deeds_look(const struct deeds *d)
{
    return (struct view_deeds){.queues = d->queues,
                               .agents = d->agents,
                               .alerts = d->alerts,
                               .alerts_n = d->alerts_n,
                               .listens = d->listens};
}
