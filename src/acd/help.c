/* help.c — see help.h. Called by apply, step and check. Cost: sites that ask in one queue.
 * Invariant: the sites of a queue's list are in order, each once. */
#include "acd/help.h"

unsigned help_place(const struct queue *q, uint32_t site_id)
{
    unsigned i = 0;
    while (i < q->helps_n && q->helps[i].site_id < site_id)
        i++;
    return i;
}

bool help_is_asked(const struct queue *q, uint32_t site_id)
{
    unsigned i = help_place(q, site_id);
    return i < q->helps_n && q->helps[i].site_id == site_id;
}

ms_t help_next_at(const struct queue *q)
{
    ms_t at = MS_NEVER;
    for (unsigned i = 0; i < q->helps_n; i++)
        if (q->helps[i].until_at < at)
            at = q->helps[i].until_at;
    return at;
}

bool help_is_due(const struct acd *a, const struct contact *c)
{
    const struct queue *q = &a->queues[c->queue];
    if (!q->helps_n || c->state != CONTACT_WAITING || c->ring == RING_NETWORK ||
        c->flags & CONTACT_HELPED)
        return false;
    return help_is_asked(q, 0) || (c->site_id && help_is_asked(q, c->site_id));
}
