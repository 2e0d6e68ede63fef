/* caller.c — a robot who calls: dials, listens, presses keys, speaks, waits, hangs up.
 * Called by robot.c. Cost: O(log callers) a happening. Invariant: a caller has one timer, the
 * earliest of what it means to do. */
#include "robot/parts.h"

static uint32_t slot_of(const struct robot *r, const struct caller *c)
{
    return (uint32_t)(c - r->callers);
}

static void tell(struct robot *r, const struct caller *c, struct robot_news news)
{
    news.caller_i = slot_of(r, c);
    news.at = r->now_at;
    if (r->args.tell)
        r->args.tell(&news, r->args.tell_arg);
}

static ms_t earlier(ms_t a, ms_t b)
{
    return a < b ? a : b;
}

static void wait(struct robot *r, struct caller *c)
{
    ms_t at = earlier(earlier(c->keys_at, c->quiet_at), earlier(c->unheard_at, c->hang_at));
    robot_set_timer(r, slot_of(r, c), at);
}

/* Gives its place back. */
static void leave(struct robot *r, struct caller *c)
{
    uint32_t slot = slot_of(r, c);
    robot_set_timer(r, slot, MS_NEVER);
    map_remove(&r->legs, c->leg_id);
    *c = (struct caller){.state = CALLER_FREE, .next_free = r->free};
    r->free = slot;
    r->n--;
}

/* ---- placing ------------------------------------------------------------------------------ */

static struct text choose(struct robot *r)
{
    const struct robot_plan *plan = r->args.plan;
    uint64_t at = r->weights_n > 1 ? prng_below(&r->chance, r->weights_n) : 0;
    for (uint32_t i = 0; i < plan->called_n; i++) {
        if (at < plan->called[i].weight)
            return plan->called[i].number;
        at -= plan->called[i].weight;
    }
    return plan->called[0].number;
}

static void fail(struct robot *r, struct caller *c)
{
    r->stats.no_room_n++;
    if (c)
        tell(r, c, (struct robot_news){.kind = ROBOT_NO_ROOM});
}

void robot_caller_place(struct robot *r)
{
    const struct robot_plan *plan = r->args.plan;
    const struct phone_dial dial = {.number = choose(r), .caller = plan->caller, .is_plain = true};
    if (r->free == SLOT_NONE && r->used == r->args.callers_max) {
        fail(r, NULL);
        return;
    }
    uint32_t slot = r->free == SLOT_NONE ? r->used : r->free;
    struct caller *c = &r->callers[slot];
    uint64_t leg_id = r->phone.dial(r->phone.arg, &dial);
    if (!leg_id) {
        fail(r, c);
        return;
    }
    if (r->free == SLOT_NONE)
        r->used++;
    else
        r->free = c->next_free;
    *c = (struct caller){.leg_id = leg_id,
                         .state = CALLER_DIALLED,
                         .placed_at = r->now_at,
                         .keys_at = MS_NEVER,
                         .quiet_at = MS_NEVER,
                         .unheard_at = MS_NEVER,
                         .hang_at = r->now_at + (plan->setup_ms ? plan->setup_ms : ROBOT_SETUP_MS)};
    map_put(&r->legs, leg_id, slot);
    r->n++;
    r->stats.placed_n++;
    r->stats.calls_most_n = r->n > r->stats.calls_most_n ? r->n : r->stats.calls_most_n;
    tell(r, c, (struct robot_news){.kind = ROBOT_PLACED});
    wait(r, c);
}

/* ---- what happens ------------------------------------------------------------------------- */

static void refused(struct robot *r, struct caller *c, uint16_t status)
{
    r->stats.refused_n++;
    r->stats.refused[status < ROBOT_STATUS_MAX ? status : 0]++;
    tell(r, c,
         (struct robot_news){
             .kind = ROBOT_REFUSED, .status = status, .after_ms = r->now_at - c->placed_at});
    leave(r, c);
}

static ms_t since_up(const struct robot *r, const struct caller *c)
{
    return c->state == CALLER_UP ? r->now_at - c->up_at : 0;
}

void robot_caller_hang_up(struct robot *r, struct caller *c)
{
    r->phone.hang_up(r->phone.arg, c->leg_id);
    r->stats.hung_up_n++;
    tell(r, c, (struct robot_news){.kind = ROBOT_HUNG_UP, .after_ms = since_up(r, c)});
    leave(r, c);
}

static void up(struct robot *r, struct caller *c)
{
    const struct robot_plan *plan = r->args.plan;
    c->state = CALLER_UP;
    c->up_at = r->now_at;
    c->hang_at = plan->hold_ms ? r->now_at + plan->hold_ms : MS_NEVER;
    if (plan->patience_ms)
        c->hang_at =
            earlier(c->hang_at, r->now_at + prng_exponential_ms(&r->chance, plan->patience_ms));
    c->keys_at = plan->keys.n ? r->now_at + plan->keys_after_ms : MS_NEVER;
    c->quiet_at = plan->talk_ms ? r->now_at + plan->talk_ms : MS_NEVER;
    c->unheard_at = r->now_at + ROBOT_UNHEARD_MS;
    r->stats.up_n++;
    histogram_add(&r->stats.setup_ms, (uint64_t)(r->now_at - c->placed_at));
    tell(r, c, (struct robot_news){.kind = ROBOT_UP, .after_ms = r->now_at - c->placed_at});
    robot_say(r, c->leg_id,
              plan->talk_ms   ? MEDIA_LOOP
              : plan->is_mute ? MEDIA_NOTHING
                              : MEDIA_SILENCE);
    wait(r, c);
}

/* It came a moment ago; before our side knew of the answer: at once. */
static void heard(struct robot *r, struct caller *c, const struct phone_report *report)
{
    ms_t after_ms = report->sound.at > c->up_at ? report->sound.at - c->up_at : 0;
    if (c->is_heard)
        return;
    c->is_heard = true;
    c->unheard_at = MS_NEVER;
    r->stats.heard_n++;
    histogram_add(&r->stats.sound_ms, (uint64_t)after_ms);
    tell(r, c,
         (struct robot_news){
             .kind = ROBOT_SOUND, .after_ms = after_ms, .level_cdb = report->sound.level_cdb});
    if (r->args.plan->ends_on_sound)
        robot_caller_hang_up(r, c);
    else
        wait(r, c);
}

static void ended(struct robot *r, struct caller *c, bool is_broken)
{
    r->stats.ended_n += !is_broken;
    r->stats.broken_n += is_broken;
    tell(r, c,
         (struct robot_news){.kind = is_broken ? ROBOT_BROKEN : ROBOT_ENDED,
                             .after_ms = since_up(r, c)});
    leave(r, c);
}

void robot_caller_report(struct robot *r, struct caller *c, const struct phone_report *report)
{
    switch (report->kind) {
    case PHONE_RINGS:
        tell(r, c, (struct robot_news){.kind = ROBOT_RINGS, .after_ms = r->now_at - c->placed_at});
        return;
    case PHONE_UP:
        up(r, c);
        return;
    case PHONE_REFUSED:
        refused(r, c, report->status);
        return;
    case PHONE_SOUND:
        heard(r, c, report);
        return;
    case PHONE_ENDED:
        ended(r, c, report->is_fault);
        return;
    case PHONE_LOST:
        r->phone.hang_up(r->phone.arg, c->leg_id);
        ended(r, c, true);
        return;
    default:
        return;
    }
}

/* ---- what is due -------------------------------------------------------------------------- */

static void press(struct robot *r, struct caller *c)
{
    bool is_sent = r->phone.press(r->phone.arg, c->leg_id, r->args.plan->keys);
    c->keys_at = MS_NEVER;
    tell(r, c,
         (struct robot_news){.kind = is_sent ? ROBOT_KEYS : ROBOT_NO_KEYS,
                             .after_ms = since_up(r, c)});
}

void robot_caller_due(struct robot *r, struct caller *c)
{
    if (c->hang_at <= r->now_at && c->state == CALLER_DIALLED) {
        r->phone.hang_up(r->phone.arg, c->leg_id);
        refused(r, c, 408);
        return;
    }
    if (c->hang_at <= r->now_at) {
        robot_caller_hang_up(r, c);
        return;
    }
    if (c->keys_at <= r->now_at)
        press(r, c);
    if (c->quiet_at <= r->now_at) {
        c->quiet_at = MS_NEVER;
        robot_say(r, c->leg_id, MEDIA_SILENCE);
    }
    if (c->unheard_at <= r->now_at) {
        c->unheard_at = MS_NEVER;
        r->stats.unheard_n++;
        tell(r, c, (struct robot_news){.kind = ROBOT_UNHEARD, .after_ms = since_up(r, c)});
    }
    wait(r, c);
}
