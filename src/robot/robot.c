/* robot.c — the robots: their memory, when calls are placed, who hears what happened.
 * Called by cli/ and tests. Cost: O(log n) a happening. Invariant: a leg stands in `legs` as long
 * as a robot holds it; every placed call ends in exactly one of the counts. */
#include <string.h>

#include "robot/parts.h"

#define RATE_UNIT_MS ((ms_t)1000000) /* a rate is told in calls per so long */

static void lay_out(struct robot *r, struct arena *arena, uint32_t callers_max, uint32_t agents_n)
{
    uint32_t items_n = callers_max + agents_n;
    r->callers = arena_take(arena, callers_max, sizeof(*r->callers));
    r->agents = arena_take(arena, agents_n ? agents_n : 1, sizeof(*r->agents));
    map_open(&r->legs, arena, items_n);
    heap_open(&r->timers, arena, items_n);
}

size_t robot_bytes(uint32_t callers_max, uint32_t agents_n)
{
    struct arena arena = {0};
    struct robot probe;
    arena_take(&arena, 1, sizeof(struct robot));
    lay_out(&probe, &arena, callers_max, agents_n);
    return arena.used;
}

struct robot *robot_open(void *memory, const struct robot_args *args, ms_t now_at)
{
    struct arena arena = {
        .base = memory, .size = robot_bytes(args->callers_max, args->agents_n), .is_zeroed = true};
    struct robot *r = arena_take(&arena, 1, sizeof(*r));
    assert(args->callers_max && args->callers_max <= ROBOT_CALLERS_MAX);
    assert(args->agents_n <= ROBOT_AGENTS_MAX && args->plan->called_n <= ROBOT_CALLED_MAX);
    assert(args->plan->rate_milli <= ROBOT_RATE_MILLI_MAX);
    lay_out(r, &arena, args->callers_max, args->agents_n);
    r->args = *args;
    r->phone = *args->phone;
    r->free = SLOT_NONE;
    r->now_at = now_at;
    r->begun_at = MS_NEVER;
    prng_seed(&r->chance, args->seed);
    for (uint32_t i = 0; i < args->plan->called_n; i++)
        r->weights_n += args->plan->called[i].weight;
    for (uint32_t i = 0; i < args->agents_n; i++)
        robot_set_timer(r, args->callers_max + i, now_at + ROBOT_SIGN_FIRST_MS + i);
    return r;
}

void robot_begin(struct robot *r, ms_t now_at)
{
    r->begun_at = now_at;
}

void robot_set_timer(struct robot *r, uint32_t item, ms_t at)
{
    heap_set(&r->timers, item, at, 0);
}

void robot_say(struct robot *r, uint64_t leg_id, enum media_then then)
{
    struct phone_sound sound = {.then = then, .loop_id = r->args.tone_id};
    if (then == MEDIA_LOOP && r->args.tone_id == MEDIA_PROMPT_NONE)
        sound.then = MEDIA_SILENCE;
    r->phone.sound(r->phone.arg, leg_id, &sound);
}

/* ---- when calls are placed ---------------------------------------------------------------- */

static ms_t placed_at(const struct robot *r, uint64_t i)
{
    return r->begun_at + (ms_t)(i * (uint64_t)RATE_UNIT_MS / r->args.plan->rate_milli);
}

/* Of the next call; MS_NEVER: there will be none. */
static ms_t next_call_at(const struct robot *r)
{
    const struct robot_plan *plan = r->args.plan;
    uint64_t so_far = r->stats.placed_n + r->stats.no_room_n;
    bool is_over = r->is_stopped || r->begun_at == MS_NEVER || !plan->rate_milli ||
                   !plan->called_n || (plan->calls_n && so_far >= plan->calls_n);
    if (is_over)
        return MS_NEVER;
    ms_t at = placed_at(r, so_far);
    return plan->for_ms && at - r->begun_at >= plan->for_ms ? MS_NEVER : at;
}

void robot_time(struct robot *r, ms_t now_at)
{
    assert(now_at >= r->now_at);
    r->now_at = now_at;
}

void robot_run(struct robot *r)
{
    const struct heap_entry *first = heap_first(&r->timers);
    for (; first && first->at <= r->now_at; first = heap_first(&r->timers)) {
        uint32_t item = first->item;
        robot_set_timer(r, item, MS_NEVER);
        if (item < r->args.callers_max)
            robot_caller_due(r, &r->callers[item]);
        else
            robot_agent_due(r, &r->agents[item - r->args.callers_max]);
    }
    for (unsigned i = 0; i < ROBOT_PLACED_PER_TURN && next_call_at(r) <= r->now_at; i++)
        robot_caller_place(r);
}

/* Agents alone: until the time is over. */
static ms_t over_at(const struct robot *r)
{
    const struct robot_plan *plan = r->args.plan;
    bool is_open = r->begun_at != MS_NEVER && !plan->called_n && plan->for_ms && !r->is_stopped;
    return is_open ? r->begun_at + plan->for_ms : MS_NEVER;
}

ms_t robot_next_at(const struct robot *r)
{
    const struct heap_entry *first = heap_first(&r->timers);
    ms_t at = next_call_at(r);
    at = over_at(r) < at ? over_at(r) : at;
    return first && first->at < at ? first->at : at;
}

void robot_stop(struct robot *r)
{
    r->is_stopped = true;
    for (uint32_t i = 0; i < r->used; i++)
        if (r->callers[i].state != CALLER_FREE)
            robot_caller_hang_up(r, &r->callers[i]);
}

void robot_sign_out(struct robot *r)
{
    r->is_stopped = true;
    for (uint32_t i = 0; i < r->args.agents_n; i++)
        robot_agent_sign_out(r, &r->agents[i]);
}

uint32_t robot_leaving_n(const struct robot *r)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->args.agents_n; i++)
        n += r->agents[i].state == AGENT_LEAVING || r->agents[i].state == AGENT_LEAVES;
    return n;
}

bool robot_has_placed(const struct robot *r)
{
    return r->begun_at != MS_NEVER && next_call_at(r) == MS_NEVER;
}

bool robot_is_done(const struct robot *r)
{
    bool is_awaited = over_at(r) != MS_NEVER && r->now_at < over_at(r);
    return !r->n && robot_has_placed(r) && !is_awaited;
}

uint32_t robot_uncounted_n(const struct robot *r)
{
    return r->ups_n > r->stats.counted_n ? r->ups_n - r->stats.counted_n : 0;
}

uint32_t robot_callers_n(const struct robot *r)
{
    return r->n;
}

const struct robot_stats *robot_stats(const struct robot *r)
{
    return &r->stats;
}

uint64_t robot_failed_n(const struct robot_stats *s)
{
    return s->refused_n + s->broken_n + s->unheard_n + s->no_room_n;
}

/* ---- what happened ------------------------------------------------------------------------ */

static void count(struct robot *r, const struct phone_report *report)
{
    struct robot_stats *s = &r->stats;
    const struct media_counts *c = &report->counts;
    s->sent_n += c->sent_n;
    s->received_n += c->received_n;
    s->lost_n += c->lost_n;
    s->jitter_ms_max = c->jitter_ms > s->jitter_ms_max ? c->jitter_ms : s->jitter_ms_max;
    s->counted_n++;
    const struct robot_news news = {.kind = ROBOT_COUNTED, .at = r->now_at, .counts = *c};
    if (r->args.tell)
        r->args.tell(&news, r->args.tell_arg);
}

void robot_report(const struct phone_report *report, void *arg)
{
    struct robot *r = arg;
    if (report->kind == PHONE_COUNTED) {
        count(r, report);
        return;
    }
    if (report->kind == PHONE_ARRIVED) {
        robot_agent_arrived(r, report);
        return;
    }
    uint32_t item = report->kind == PHONE_AWAY ? SLOT_NONE : map_get(&r->legs, report->leg_id);
    if (item == SLOT_NONE)
        return;
    r->ups_n += report->kind == PHONE_UP;
    if (item < r->args.callers_max)
        robot_caller_report(r, &r->callers[item], report);
    else
        robot_agent_report(r, &r->agents[item - r->args.callers_max], report);
}

bool robot_knows(struct text called, uint64_t aor, void *arg)
{
    const struct robot *r = arg;
    (void)aor;
    for (uint32_t i = 0; i < r->args.agents_n; i++)
        if (text_equal(r->args.agents[i].user, called))
            return true;
    return false;
}
