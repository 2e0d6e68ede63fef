/* hours.c — the published week, and when calls come within it.
 * Called by world.c, staff.c. Cost: a few spans or slots a question.
 * Arrivals are a Poisson process whose rate is constant in each slot: an exponential variate that
 * passes the end of its slot is drawn again from there, which the law allows (no memory).
 * Invariant: days have 24 hours; the simulation knows no summer time. */
#include "base/division.h"
#include "plan/state.h"

#define MS_US ((ms_t)1000)
#define MINUTE_US (MINUTE_MS * MS_US)
#define DAY_US (DAY_MS * MS_US)
#define PPM_ONE 1000000
#define SLOTS_LOOKED_MAX (400u * PLAN_SLOTS_MAX) /* at most 400 days without a call */

struct day_place day_of(const struct plan_world *w, ms_t at)
{
    ms_t since = at - w->args.midnight_at;
    ms_t day = floor_div(since, DAY_MS);
    ms_t weekday = (w->args.weekday + day) % WEEK_DAYS;
    return (struct day_place){
        .midnight_at = w->args.midnight_at + day * DAY_MS,
        .weekday = (unsigned)(weekday < 0 ? weekday + WEEK_DAYS : weekday),
        .since_ms = since - day * DAY_MS,
    };
}

ms_t hours_closes_at(const struct plan_world *w, ms_t at)
{
    struct day_place d = day_of(w, at);
    const struct day_hours *h = &w->args.profile->hours[d.weekday];
    for (unsigned i = 0; i < h->n; i++) {
        ms_t from = h->span[i].from_minute * MINUTE_MS, to = h->span[i].to_minute * MINUTE_MS;
        if (d.since_ms >= from && d.since_ms < to)
            return d.midnight_at + to;
    }
    return 0;
}

static ms_t edge_after(const struct day_hours *h, ms_t since_ms)
{
    for (unsigned i = 0; i < h->n; i++) {
        if (h->span[i].from_minute * MINUTE_MS > since_ms)
            return h->span[i].from_minute * MINUTE_MS;
        if (h->span[i].to_minute * MINUTE_MS > since_ms)
            return h->span[i].to_minute * MINUTE_MS;
    }
    return MS_NEVER;
}

ms_t hours_change_after(const struct plan_world *w, ms_t at)
{
    struct day_place d = day_of(w, at);
    for (unsigned i = 0; i <= WEEK_DAYS; i++) {
        const struct day_hours *h = &w->args.profile->hours[(d.weekday + i) % WEEK_DAYS];
        ms_t edge = edge_after(h, i ? -1 : d.since_ms);
        if (edge != MS_NEVER)
            return d.midnight_at + (ms_t)i * DAY_MS + edge;
    }
    return MS_NEVER;
}

const struct plan_shape *plan_shape_of(const struct plan_profile *profile, unsigned weekday)
{
    for (unsigned i = 0; i < profile->shapes_n; i++)
        if (profile->shapes[i].days >> weekday & 1)
            return &profile->shapes[i];
    return NULL;
}

/* The first slot of this day that ends after since_us; NULL: none. */
static const struct plan_slot *slot_after(const struct plan_world *w, unsigned weekday,
                                          ms_t since_us)
{
    const struct plan_shape *shape = plan_shape_of(w->args.profile, weekday);
    for (unsigned i = 0; shape && i < shape->slots_n; i++) {
        const struct plan_slot *slot = &shape->slots[i];
        if (slot->share_ppm && slot->span.to_minute * MINUTE_US > since_us)
            return slot;
    }
    return NULL;
}

/* Mean time between two calls of this slot. */
static ms_t mean_us(const struct plan_slot *slot, uint32_t arrivals)
{
    uint64_t length_us = (uint64_t)(slot->span.to_minute - slot->span.from_minute) * MINUTE_US;
    uint64_t calls_ppm = (uint64_t)arrivals * slot->share_ppm;
    uint64_t mean = length_us / calls_ppm * PPM_ONE + length_us % calls_ppm * PPM_ONE / calls_ppm;
    return mean < (uint64_t)PRNG_MEAN_MS_MAX ? (ms_t)mean : PRNG_MEAN_MS_MAX;
}

ms_t arrival_next_us(struct plan_world *w)
{
    const struct plan_profile *p = w->args.profile;
    ms_t at = w->arrival_us, until = w->args.until_at * MS_US;
    for (unsigned looks = 0; looks < SLOTS_LOOKED_MAX && at < until; looks++) {
        struct day_place d = day_of(w, at / MS_US);
        ms_t midnight = d.midnight_at * MS_US;
        const struct plan_slot *slot = slot_after(w, d.weekday, at - midnight);
        if (!slot || !p->arrivals[d.weekday]) {
            at = midnight + DAY_US;
            continue;
        }
        ms_t from = midnight + slot->span.from_minute * MINUTE_US;
        at = at > from ? at : from;
        at += prng_exponential_ms(&w->arrivals, mean_us(slot, p->arrivals[d.weekday]));
        ms_t to = midnight + slot->span.to_minute * MINUTE_US;
        if (at < to)
            return at < until ? at : MS_NEVER;
        at = to;
    }
    return MS_NEVER;
}
