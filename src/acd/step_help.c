/* step_help.c — help is asked for and ended; those who waited are looked at, some at a time.
 * Called by acd_step() and by due work. Cost: a look at each who waits in that queue, once.
 * Invariant: at rest nobody waits whose next ring help is to open (acd_check); none opens twice for
 * it while the person waits. */
#include "acd/help.h"
#include "acd/lists.h"
#include "acd/step.h"

/* People looked at in one unit who need nothing. */
#define LOOKS 256

enum acd_verdict step_help_ask(struct step *s, const struct command *cmd)
{
    uint32_t i = queue_find(s->a, cmd->help_ask.queue_id);
    ms_t for_ms = cmd->help_ask.for_ms;
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (for_ms <= 0 || for_ms > ACD_HELP_MS_MAX)
        return ACD_REFUSED_RANGE;
    const struct queue *q = &s->a->queues[i];
    uint32_t site_id = cmd->help_ask.site_id;
    bool is_asked = help_is_asked(q, site_id);
    if (!is_asked && q->helps_n == ACD_HELPS_PER_QUEUE)
        return ACD_REFUSED_FULL;
    if (is_asked && q->helps[help_place(q, site_id)].until_at == s->now_at + for_ms)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_HELP_ASKED,
                               .help_asked = {.queue_id = q->id,
                                              .site_id = site_id,
                                              .until_at = s->now_at + for_ms,
                                              .by_id = cmd->help_ask.by_id}});
    return ACD_DONE;
}

enum acd_verdict step_help_end(struct step *s, const struct command *cmd)
{
    uint32_t i = queue_find(s->a, cmd->help_end.queue_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (!help_is_asked(&s->a->queues[i], cmd->help_end.site_id))
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_HELP_ENDED,
                               .help_ended = {.queue_id = cmd->help_end.queue_id,
                                              .site_id = cmd->help_end.site_id,
                                              .by_id = cmd->help_end.by_id}});
    return ACD_DONE;
}

void step_help_now(struct step *s, uint32_t contact)
{
    if (help_is_due(s->a, &s->a->contacts[contact]))
        step_widen(s, contact, RING_WHY_HELP);
}

bool step_help_due(struct step *s, uint32_t queue)
{
    const struct queue *q = &s->a->queues[queue];
    for (unsigned i = 0; i < q->helps_n; i++) {
        if (q->helps[i].until_at > s->now_at)
            continue;
        step_say(s, (struct event){.kind = EV_HELP_ENDED,
                                   .help_ended = {.queue_id = q->id,
                                                  .site_id = q->helps[i].site_id,
                                                  .by_itself = true}});
        return true;
    }
    return false;
}

static void say_swept(struct step *s, const struct queue *q, const struct contact *last, bool done)
{
    step_say(s, (struct event){.kind = EV_HELP_SWEPT,
                               .help_swept = {.queue_id = q->id,
                                              .from_key_at = last ? last->key_at : q->help_key_at,
                                              .from_id = last ? last->id : q->help_id,
                                              .done = done}});
}

/* In the order of the queue, so that who stands first is offered first. */
void step_help_sweep(struct step *s)
{
    const struct acd *a = s->a;
    uint32_t i = 0;
    while (i < a->k.queues_n && (!a->queues[i].id || !a->queues[i].is_helping))
        i++;
    assert(i < a->k.queues_n);
    const struct queue *q = &a->queues[i];
    const struct contact *c = NULL;
    ms_t key_at = q->help_key_at;
    uint64_t id = q->help_id;
    for (unsigned looks = 0; looks < LOOKS; looks++) {
        uint32_t node = tree_after(&q->waiting, a->nodes, key_at, id);
        if (node == SLOT_NONE) {
            say_swept(s, q, c, true);
            return;
        }
        uint32_t next = contact_of_node(node);
        c = &a->contacts[next];
        key_at = c->key_at;
        id = c->id;
        if (help_is_due(a, c)) {
            step_offer_contact(s, next); /* its ring first */
            break;
        }
    }
    say_swept(s, q, c, false);
}
