/* step_shut.c — a person closes a queue and opens it again, over its published hours (ADR 37).
 * Called by acd_step() and by due work. Cost: O(1), and one look at each who waits, to tell them.
 * Invariant: what a person closed neither the directory nor a restart opens. */
#include "acd/lists.h"
#include "acd/step.h"

enum acd_verdict step_queue_shut(struct step *s, const struct command *cmd)
{
    uint32_t i = queue_find(s->a, cmd->queue_shut.queue_id);
    ms_t until_at = cmd->queue_shut.until_at;
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (until_at && (until_at <= s->now_at || until_at - s->now_at > ACD_DURATION_MS_MAX))
        return ACD_REFUSED_RANGE;
    const struct queue *q = &s->a->queues[i];
    if (q->is_shut && q->shut_until_at == until_at)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_QUEUE_SHUT,
                               .queue_shut = {.queue_id = q->id,
                                              .until_at = until_at,
                                              .by_id = cmd->queue_shut.by_id}});
    return ACD_DONE;
}

enum acd_verdict step_queue_reopen(struct step *s, const struct command *cmd)
{
    uint32_t i = queue_find(s->a, cmd->queue_reopen.queue_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (!s->a->queues[i].is_shut)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_QUEUE_REOPENED,
                               .queue_reopened = {.queue_id = cmd->queue_reopen.queue_id,
                                                  .by_id = cmd->queue_reopen.by_id}});
    return ACD_DONE;
}

bool step_shut_due(struct step *s, uint32_t queue)
{
    const struct queue *q = &s->a->queues[queue];
    if (!q->is_shut || !q->shut_until_at || q->shut_until_at > s->now_at)
        return false;
    step_say(s, (struct event){.kind = EV_QUEUE_REOPENED,
                               .queue_reopened = {.queue_id = q->id, .by_itself = true}});
    return true;
}
