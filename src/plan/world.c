/* world.c — the world's own clockwork: settings at start, hours, days, arrivals, mishaps; and the
 * dispatch of what is due. Called by sim/. Cost: one heap operation and one deed an event.
 * Invariant: time never goes back; chance is drawn from three streams, so that another number of
 * agents meets the same callers. */
#include <string.h>

#include "plan/state.h"

#define ALIGN 64
#define PPM_ONE 1000000u
#define US_MS 1000
#define CALLERS_MIN 1000u
#define CALLERS_SHARE 8 /* of a day: on the line, or about to call again */
#define DAY_CLOSE_MINUTE (DAY_MINUTES - 1)
#define REOPEN_TRY_MS ((ms_t)60 * MINUTE_MS)
#define QUEUE_COMMANDS 3 /* set, hours, callbacks */
#define SERVICE_NONE SLOT_NONE

uint32_t plan_agents_n(const struct plan_profile *profile)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < profile->groups_n; i++)
        n += profile->groups[i].agents_n;
    return n;
}

uint32_t plan_callers_max(const struct plan_profile *profile)
{
    uint32_t most = 0;
    if (profile->callers_max)
        return profile->callers_max;
    for (unsigned d = 0; d < WEEK_DAYS; d++)
        most = profile->arrivals[d] > most ? profile->arrivals[d] : most;
    uint32_t n = CALLERS_MIN + most / CALLERS_SHARE;
    return n < PLAN_CALLERS_MAX ? n : PLAN_CALLERS_MAX;
}

/* Two passes with the same code: the first counts (base/arena.h). */
static struct plan_world *lay_out(struct arena *arena, const struct plan_profile *profile)
{
    struct plan_world *w = arena_take(arena, 1, sizeof(*w));
    uint32_t callers = plan_callers_max(profile), agents = plan_agents_n(profile);
    struct caller *callers_at = arena_take(arena, callers, sizeof(*callers_at));
    struct agent *agents_at = arena_take(arena, agents, sizeof(*agents_at));
    struct heap timers;
    heap_open(&timers, arena, callers + 2 * agents + WORLD_ITEMS);
    struct map promised;
    map_open(&promised, arena, profile->callbacks.attempts_max ? callers : 1);
    if (!w)
        return NULL;
    w->callers = callers_at;
    w->agents = agents_at;
    w->timers = timers;
    w->promised = promised;
    w->callers_max = callers;
    w->agents_n = agents;
    return w;
}

size_t plan_world_bytes(const struct plan_profile *profile)
{
    struct arena arena = {0};
    lay_out(&arena, profile);
    return arena.used + ALIGN;
}

static void hire(struct plan_world *w)
{
    const struct plan_profile *p = w->args.profile;
    uint32_t i = 0;
    for (unsigned g = 0; g < p->groups_n; g++) {
        /* The first of a group have the language: a share too small for one still has one. */
        uint64_t speak = (uint64_t)p->groups[g].agents_n * p->groups[g].language_ppm;
        uint64_t with_language = (speak + PPM_ONE - 1) / PPM_ONE;
        for (uint32_t k = 0; k < p->groups[g].agents_n; k++, i++)
            w->agents[i] = (struct agent){.id = i + 1,
                                          .group = (uint8_t)g,
                                          .site = i % p->sites_n + 1,
                                          .has_language = k < with_language};
    }
}

static void plan_item(struct plan_world *w, enum world_item item, ms_t at)
{
    heap_set(&w->timers, item_of_world(w, item), at, 0);
}

static void plan_every(struct plan_world *w, enum world_item item, ms_t now_at, ms_t every_ms)
{
    if (every_ms)
        plan_item(w, item, now_at + prng_exponential_ms(&w->staff, every_ms) + 1);
}

static void plan_arrival(struct plan_world *w)
{
    w->arrival_us = arrival_next_us(w);
    if (w->arrival_us != MS_NEVER)
        plan_item(w, WORLD_ARRIVAL, w->arrival_us / US_MS);
}

struct plan_world *plan_world_open(void *memory, const struct plan_world_args *args)
{
    const struct plan_profile *p = args->profile;
    struct arena arena = {.base = memory, .size = plan_world_bytes(p)};
    struct plan_world *w = lay_out(&arena, p);
    assert(w); /* there is memory */
    w->args = *args;
    w->caller_free = w->closed_service = SLOT_NONE;
    prng_seed(&w->arrivals, args->seed);
    prng_seed(&w->people, args->seed ^ UINT64_C(0x70656f706c65));
    prng_seed(&w->staff, args->seed ^ UINT64_C(0x7374616666));
    prng_seed(&w->callbacks, args->seed ^ UINT64_C(0x63616c6c6261));
    w->shared_seed = prng_next(&w->people) | 1;
    w->patience = prng_weibull(p->people.patience.mean_ms, p->people.patience.cv_milli);
    w->menu = prng_lognormal(p->people.menu.mean_ms, p->people.menu.cv_milli);
    w->pick_up = prng_lognormal(p->staff.pick_up.mean_ms, p->staff.pick_up.cv_milli);
    w->wrap_up = prng_lognormal(p->staff.wrap_up.mean_ms, p->staff.wrap_up.cv_milli);
    if (p->callbacks.attempts_max)
        w->answer = prng_lognormal(p->callbacks.answer.mean_ms, p->callbacks.answer.cv_milli);
    for (unsigned i = 0; i < p->services_n; i++)
        w->handle[i] =
            prng_lognormal(p->services[i].handle.mean_ms, p->services[i].handle.cv_milli);
    hire(w);
    struct day_place d = day_of(w, args->from_at);
    plan_item(w, WORLD_SETUP, args->from_at);
    plan_item(w, WORLD_DAY, args->from_at);
    plan_item(w, WORLD_HOURS, hours_change_after(w, args->from_at));
    ms_t close_at = d.midnight_at + DAY_CLOSE_MINUTE * MINUTE_MS;
    plan_item(w, WORLD_DAY_CLOSE, close_at > args->from_at ? close_at : close_at + DAY_MS);
    w->arrival_us = args->from_at * US_MS;
    plan_arrival(w);
    if (p->control_every_ms)
        plan_item(w, WORLD_ROBOT, args->from_at + p->control_every_ms);
    plan_every(w, WORLD_DEATH, args->from_at, p->staff.line_death_every_ms);
    plan_every(w, WORLD_CLOSING, args->from_at, p->closing_every_ms);
    return w;
}

static struct command queue_hours(const struct plan_world *w, uint32_t service, ms_t now_at)
{
    ms_t closes_at = hours_closes_at(w, now_at);
    enum hours hours = closes_at ? HOURS_OPEN : HOURS_CLOSED_PUBLISHED;
    if (closes_at && service == w->closed_service)
        hours = HOURS_CLOSED_BY_PERSON;
    return (struct command){
        .kind = CMD_QUEUE_HOURS,
        .queue_hours = {.queue_id = service + 1, .hours = hours, .closes_at = closes_at}};
}

static struct command queue_set(const struct plan_world *w, uint32_t service)
{
    const struct plan_house *h = &w->args.profile->house;
    return (struct command){.kind = CMD_QUEUE_SET,
                            .queue_set = {.queue_id = service + 1,
                                          .ring_site_ms = h->ring_site_ms,
                                          .ring_area_ms = h->ring_area_ms,
                                          .ring_network_ms = h->ring_network_ms,
                                          .offer_ms = h->offer_ms,
                                          .wrap_up_ms = h->wrap_up_ms,
                                          .short_ms = h->short_ms,
                                          .no_answer_back_ms = h->no_answer_back_ms,
                                          .handle_ms = h->handle_ms,
                                          .regain_ms = h->regain_ms,
                                          .closing_lead_ms = h->closing_lead_ms,
                                          .is_production = true}};
}

static void queue_setup(const struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd)
{
    uint32_t each_n = w->args.profile->callbacks.attempts_max ? QUEUE_COMMANDS : QUEUE_COMMANDS - 1;
    uint32_t service = i / each_n, which = i % each_n;
    if (which == 2)
        *cmd = callback_settings(w, service);
    else
        *cmd = which ? queue_hours(w, service, now_at) : queue_set(w, service);
}

/* Priorities, queues with their hours of this instant, agents: one at a time, all at one instant.
 */
static bool setup_due(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    uint32_t services_n = w->args.profile->services_n, i = w->setup_next++;
    if (i == 0) {
        *cmd = (struct command){
            .kind = CMD_PRIORITY_SET,
            .priority_set = {.priority = PLAN_PRIORITY,
                             .head_start_ms = w->args.profile->house.head_start_ms}};
        return true;
    }
    i--;
    uint32_t each_n = w->args.profile->callbacks.attempts_max ? QUEUE_COMMANDS : QUEUE_COMMANDS - 1;
    if (i < each_n * services_n) {
        queue_setup(w, i, now_at, cmd);
        return true;
    }
    i -= each_n * services_n;
    if (i < w->agents_n) {
        staff_setup(w, i, cmd);
        return true;
    }
    plan_item(w, WORLD_SETUP, MS_NEVER);
    return false;
}

static bool hours_due(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    *cmd = queue_hours(w, w->hours_next++, now_at);
    if (w->hours_next < w->args.profile->services_n)
        return true;
    w->hours_next = 0;
    plan_item(w, WORLD_HOURS, hours_change_after(w, now_at));
    return true;
}

static bool day_due(struct plan_world *w, ms_t now_at)
{
    struct day_place d = day_of(w, now_at);
    plan_item(w, WORLD_DAY, d.midnight_at + DAY_MS);
    staff_day(w, d.midnight_at, d.weekday, now_at);
    return false;
}

static bool day_close_due(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    plan_item(w, WORLD_DAY_CLOSE, now_at + DAY_MS);
    *cmd = (struct command){.kind = CMD_DAY_CLOSE};
    return true;
}

static bool arrival_due(struct plan_world *w, ms_t now_at)
{
    plan_item(w, WORLD_ARRIVAL, MS_NEVER);
    caller_born(w, now_at, false);
    plan_arrival(w);
    return false;
}

static bool robot_due(struct plan_world *w, ms_t now_at)
{
    ms_t next_at = now_at + w->args.profile->control_every_ms;
    plan_item(w, WORLD_ROBOT, next_at < w->args.until_at ? next_at : MS_NEVER);
    caller_born(w, now_at, true);
    return false;
}

static bool death_due(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    plan_item(w, WORLD_DEATH, MS_NEVER);
    plan_every(w, WORLD_DEATH, now_at, w->args.profile->staff.line_death_every_ms);
    return staff_death(w, now_at, cmd);
}

/* Closes a queue for a while, by a person, or ends that. Only in published hours. */
static bool closing_due(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    const struct plan_profile *p = w->args.profile;
    plan_item(w, WORLD_CLOSING, MS_NEVER);
    uint32_t service = w->closed_service;
    if (service != SERVICE_NONE) {
        w->closed_service = SERVICE_NONE;
        plan_every(w, WORLD_CLOSING, now_at, p->closing_every_ms);
    } else if (!hours_closes_at(w, now_at)) {
        plan_every(w, WORLD_CLOSING, now_at, REOPEN_TRY_MS);
        return false;
    } else {
        service = (uint32_t)prng_below(&w->staff, p->services_n);
        w->closed_service = service;
        w->counts.closings_n++;
        plan_item(w, WORLD_CLOSING, now_at + p->closing_ms);
    }
    *cmd = queue_hours(w, service, now_at);
    return true;
}

static bool world_due(struct plan_world *w, unsigned item, ms_t now_at, struct command *cmd)
{
    switch ((enum world_item)item) {
    case WORLD_SETUP:
        return setup_due(w, now_at, cmd);
    case WORLD_HOURS:
        return hours_due(w, now_at, cmd);
    case WORLD_DAY:
        return day_due(w, now_at);
    case WORLD_DAY_CLOSE:
        return day_close_due(w, now_at, cmd);
    case WORLD_ARRIVAL:
        return arrival_due(w, now_at);
    case WORLD_ROBOT:
        return robot_due(w, now_at);
    case WORLD_DEATH:
        return death_due(w, now_at, cmd);
    case WORLD_GHOST:
        return ghost_due(w, now_at, cmd);
    default:
        assert(item == WORLD_CLOSING);
        return closing_due(w, now_at, cmd);
    }
}

ms_t plan_world_next_at(const struct plan_world *w)
{
    const struct heap_entry *first = heap_first(&w->timers);
    return first ? first->at : MS_NEVER;
}

bool plan_world_due(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    const struct heap_entry *first = heap_first(&w->timers);
    if (!first || first->at > now_at)
        return false;
    uint32_t item = first->item;
    if (item < item_of_phone(w, 0))
        return caller_due(w, item, now_at, cmd);
    if (item < item_of_day(w, 0))
        return staff_phone_due(w, item - item_of_phone(w, 0), now_at, cmd);
    if (item < item_of_world(w, WORLD_SETUP))
        return staff_day_due(w, item - item_of_day(w, 0), now_at, cmd);
    return world_due(w, item - item_of_world(w, WORLD_SETUP), now_at, cmd);
}

void plan_world_effect(struct plan_world *w, const struct effect *effect, ms_t now_at)
{
    bool is_called = effect->kind == EFFECT_OFFER_JOIN && !effect->offer_join.leg_id;
    if (is_called && !callback_joined(w, effect, now_at))
        staff_alone(w, effect, now_at);
    caller_effect(w, effect, now_at);
    staff_effect(w, effect, now_at);
}

void plan_world_crash(struct plan_world *w, ms_t now_at, ms_t back_at)
{
    w->counts.crashes_n++;
    caller_crash(w, now_at, back_at);
    staff_crash(w, back_at);
    w->setup_next = 0; /* the house reads its settings again */
    plan_item(w, WORLD_SETUP, back_at);
}

bool plan_world_is_quiet(const struct plan_world *w)
{
    return !w->counts.live_n && !w->ghosts_n;
}

struct plan_world_counts plan_world_counts(const struct plan_world *w)
{
    return w->counts;
}
