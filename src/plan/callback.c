/* callback.c — callbacks as people live them: offered, asked for, waited for, met or missed.
 * Called by caller.c, staff.c and world.c. Cost: O(log callers) a deed.
 * Invariant: chance is drawn from a stream of its own, and only when the house calls back, so that
 * a profile without callbacks lives as it always did. */
#include "event/band.h"
#include "plan/state.h"

#define PPM_ONE 1000000u
#define OFFER_HEARD_MS ((ms_t)11000)  /* voice-script: cb.offer */
#define CHOOSES_MS ((ms_t)10000)      /* at most, to press */
#define PROMISE_HEARD_MS ((ms_t)7000) /* cb.done.asap */
#define AGAIN_MS_MIN (5 * MINUTE_MS)
#define AGAIN_MS_MAX (30 * MINUTE_MS)

static const struct plan_callbacks *rules(const struct plan_world *w)
{
    return &w->args.profile->callbacks;
}

struct command callback_settings(const struct plan_world *w, uint32_t service)
{
    const struct plan_callbacks *c = rules(w);
    return (struct command){.kind = CMD_QUEUE_CALLBACKS,
                            .queue_callbacks = {.queue_id = service + 1,
                                                .attempts_max = c->attempts_max,
                                                .share_percent = c->share_percent,
                                                .gap_ms = c->gap_ms,
                                                .keep_ms = c->keep_ms,
                                                .dial_ms = c->dial_ms}};
}

/* Once a call, when the wait that is told, or that was, is long; by those whose number is shown. */
void callback_offered(struct plan_world *w, struct caller *c, const struct effect *e, ms_t now_at)
{
    const struct plan_callbacks *r = rules(w);
    ms_t told_ms = band_minutes(e->call_tell.band).from * MINUTE_MS; /* the least that was said */
    bool is_long = told_ms >= r->after_ms || now_at - c->asked_at >= r->after_ms;
    if (!r->attempts_max || c->state != CALLER_ASKED || c->was_offered || c->is_written ||
        c->is_robot || !is_long)
        return;
    c->was_offered = true;
    w->counts.offered_n++;
    bool accepts = prng_chance(&w->callbacks, r->accept_ppm);
    ms_t at = now_at + OFFER_HEARD_MS + prng_between(&w->callbacks, 0, CHOOSES_MS);
    if (accepts && c->person_id && at < c->patience_at)
        caller_plan(w, c, DEED_PROMISE, at);
}

/* Until it is noted the caller stays on the line. */
bool callback_press(struct plan_world *w, struct caller *c, struct command *cmd)
{
    *cmd =
        (struct command){.kind = CMD_CALLBACK_PROMISE, .callback_promise = {.call_id = c->call_id}};
    caller_plan(w, c, DEED_HANG_UP, c->patience_at);
    return true;
}

void callback_noted(struct plan_world *w, struct caller *c, const struct effect *e, ms_t now_at)
{
    if (c->state != CALLER_ASKED)
        return;
    c->contact_id = e->call_tell_promise.contact_id;
    c->is_promised = true;
    c->ended_by = ENDED_BY_CALLER;
    map_put(&w->promised, c->contact_id, (uint32_t)(c - w->callers));
    w->counts.promised_n++;
    caller_plan(w, c, DEED_HANG_UP, now_at + PROMISE_HEARD_MS);
    if (prng_chance(&w->callbacks, rules(w)->redial_ppm) &&
        caller_again(w, c, now_at + prng_between(&w->callbacks, AGAIN_MS_MIN, AGAIN_MS_MAX)))
        w->counts.again_n++;
}

static struct caller *promised(struct plan_world *w, uint64_t contact_id)
{
    uint32_t i = contact_id ? map_get(&w->promised, contact_id) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &w->callers[i];
}

/* Who called again, and was answered, says so; unless they were called in the meantime. */
bool callback_cancel(struct plan_world *w, struct caller *c, struct command *cmd)
{
    struct caller *first = promised(w, c->contact_id);
    *cmd = (struct command){
        .kind = CMD_CALLBACK_CANCEL,
        .callback_cancel = {.contact_id = c->contact_id, .by = CANCELLED_BY_PERSON}};
    caller_leave(w, c);
    if (!first || first->state != CALLER_PROMISED)
        return false;
    callback_over(w, first);
    return true;
}

void callback_waits(struct plan_world *w, struct caller *c)
{
    caller_enter(w, c, CALLER_PROMISED);
    heap_remove(&w->timers, (uint32_t)(c - w->callers));
}

void callback_over(struct plan_world *w, struct caller *c)
{
    map_remove(&w->promised, c->contact_id);
    caller_leave(w, c);
}

enum phone_deed callback_meets(struct plan_world *w, uint64_t contact_id, ms_t *after_ms)
{
    const struct plan_callbacks *r = rules(w);
    const struct caller *c = promised(w, contact_id);
    uint64_t at = prng_below(&w->callbacks, PPM_ONE);
    *after_ms = prng_law_ms(&w->callbacks, &w->answer) + 1;
    bool rings_on = *after_ms >= r->dial_ms;
    if (!c || c->state != CALLER_PROMISED || at < r->nobody_ppm || rings_on) {
        *after_ms = r->dial_ms - 1;
        return PHONE_NOBODY;
    }
    return at >= r->nobody_ppm + r->machine_ppm ? PHONE_ANSWER : PHONE_TAKEN;
}

void callback_missed(struct plan_world *w, uint64_t contact_id)
{
    struct caller *c = promised(w, contact_id);
    if (c && c->state == CALLER_PROMISED && ++c->attempts_n >= rules(w)->attempts_max)
        callback_over(w, c);
}

bool callback_joined(struct plan_world *w, const struct effect *e, ms_t now_at)
{
    uint32_t id = e->offer_join.agent_id;
    struct caller *c = id && id <= w->agents_n ? promised(w, w->agents[id - 1].contact_id) : NULL;
    if (!c || c->state != CALLER_PROMISED)
        return false;
    caller_speaks(w, c, e->offer_join.offer_id, now_at);
    return true;
}

void callback_cut(struct plan_world *w, uint64_t contact_id, uint64_t offer_id)
{
    struct caller *c = promised(w, contact_id);
    if (c && c->state == CALLER_TALKING && c->offer_id == offer_id)
        callback_waits(w, c);
}
