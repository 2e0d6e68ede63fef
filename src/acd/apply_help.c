/* apply_help.c — what events of help do to a queue; its rings open by ring_opened.
 * Called by acd_apply(). Cost: sites that ask in one queue. */
#include <string.h>

#include "acd/apply.h"
#include "acd/help.h"

static void set_helping(struct acd *a, struct queue *q, bool is_helping)
{
    a->k.helps_n += is_helping;
    a->k.helps_n -= q->is_helping;
    q->is_helping = is_helping;
    q->help_key_at = is_helping ? INT64_MIN : 0;
    q->help_id = 0;
}

void apply_help_asked(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->help_asked.queue_id), site_id = ev->help_asked.site_id;
    struct queue *q = &a->queues[i];
    unsigned at = help_place(q, site_id);
    if (!help_is_asked(q, site_id)) {
        assert(q->helps_n < ACD_HELPS_PER_QUEUE);
        memmove(&q->helps[at + 1], &q->helps[at], (q->helps_n - at) * sizeof(q->helps[0]));
        q->helps_n++;
        set_helping(a, q, q->waiting_n != 0);
    }
    q->helps[at] = (struct help){.until_at = ev->help_asked.until_at, .site_id = site_id};
    acd_queue_refresh_timer(a, i);
}

void apply_help_swept(struct acd *a, const struct event *ev)
{
    struct queue *q = &a->queues[acd_queue_must(a, ev->help_swept.queue_id)];
    if (ev->help_swept.done) {
        set_helping(a, q, false);
        return;
    }
    q->help_key_at = ev->help_swept.from_key_at;
    q->help_id = ev->help_swept.from_id;
}

void apply_help_ended(struct acd *a, const struct event *ev)
{
    uint32_t i = acd_queue_must(a, ev->help_ended.queue_id);
    struct queue *q = &a->queues[i];
    unsigned at = help_place(q, ev->help_ended.site_id);
    assert(help_is_asked(q, ev->help_ended.site_id));
    q->helps_n--;
    memmove(&q->helps[at], &q->helps[at + 1], (q->helps_n - at) * sizeof(q->helps[0]));
    q->helps[q->helps_n] = (struct help){0};
    acd_queue_refresh_timer(a, i);
}

void acd_help_forget(struct acd *a, uint32_t queue)
{
    set_helping(a, &a->queues[queue], false);
}
