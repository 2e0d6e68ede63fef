/* wait.c — the wait as an interval.
 * The queue moves one place each time somebody is offered or gives up. The mean time between two
 * such steps while anybody waited, over the last minutes, times the steps that are left, is the
 * mean wait; steps being near to independent, its spread grows with their root. With too few recent
 * steps the settings' handling time over the agents signed in stands in, with a wide spread; with
 * nobody signed in, nothing is said. Rates answered and given up are both in, so patience is
 * accounted for. Called by step when a waiting person is to be told something. Cost: O(log
 * waiting). Integers only. */
#include "acd/lane.h"
#include "acd/wait.h"

#define MINUTE_MS ((ms_t)60000)
/* One wait in ten is longer than the mean and 13 tenths of a standard deviation; one in four is
 * shorter than the mean less 7 tenths. */
#define ABOVE_TENTHS 13
#define BELOW_TENTHS 7

static uint64_t square_root(uint64_t v)
{
    uint64_t root = 0, bit = 1;
    while (bit <= v / 4)
        bit *= 4;
    for (; bit; bit >>= 2) {
        if (v >= root + bit) {
            v -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

/* Mean ms between two steps of the queue while it is busy, measured; 0 when too few were seen. */
static ms_t measured_step_ms(const struct queue *q, ms_t now_at)
{
    uint32_t now_minute = (uint32_t)(now_at / MINUTE_MS), n = 0;
    ms_t busy_ms = q->waiting_n ? now_at - q->busy_since_at : 0;
    for (unsigned i = 0; i < ARRAY_LEN(q->rate); i++) {
        if (q->rate[i].minute + ACD_RATE_MINUTES <= now_minute)
            continue;
        n += q->rate[i].left_n;
        busy_ms += q->rate[i].busy_ms;
    }
    return n < ACD_RATE_EVENTS_MIN ? 0 : busy_ms / n;
}

static uint32_t queue_signed_n(const struct acd *a, const struct queue *q)
{
    uint32_t n = 0;
    for (uint32_t m = q->members; m != SLOT_NONE; m = a->members[m].next)
        n += a->pools[m / POOL_QUEUES].signed_n;
    return n;
}

uint32_t wait_before(const struct acd *a, const struct contact *c)
{
    return tree_count_below(&a->queues[c->queue].waiting, a->nodes, c->key_at, c->id);
}

/* For one more behind before_n people, when eligible_n agents may take it. */
static struct wait_estimate estimate(const struct queue *q, struct wait_estimate e,
                                     uint32_t eligible_n, ms_t now_at)
{
    if (!eligible_n)
        return e;
    ms_t steps = (ms_t)e.before_n + 1;
    ms_t step_ms = measured_step_ms(q, now_at);
    if (step_ms) {
        ms_t spread_ms = step_ms * (ms_t)square_root((uint64_t)steps * 100) / 10;
        ms_t mean_ms = step_ms * steps;
        e.lo_ms = mean_ms - spread_ms * BELOW_TENTHS / 10;
        e.hi_ms = mean_ms + spread_ms * ABOVE_TENTHS / 10;
    } else {
        ms_t mean_ms = steps * (q->handle_ms + q->wrap_up_ms) / eligible_n;
        e.lo_ms = mean_ms / 2;
        e.hi_ms = mean_ms * 2;
    }
    e.is_known = step_ms || q->handle_ms;
    return e;
}

struct wait_estimate wait_estimate(const struct acd *a, const struct contact *c, ms_t now_at)
{
    struct wait_estimate e = {.before_n = wait_before(a, c)};
    return estimate(&a->queues[c->queue], e, a->lanes[c->network_lane].eligible_n, now_at);
}

struct wait_estimate wait_estimate_last(const struct acd *a, const struct queue *q, ms_t now_at)
{
    struct wait_estimate e = {.before_n = q->waiting_n};
    return estimate(q, e, queue_signed_n(a, q), now_at);
}

uint32_t wait_served_until(const struct acd *a, const struct queue *q, ms_t now_at, ms_t at)
{
    if (at <= now_at)
        return 0;
    uint32_t signed_n = queue_signed_n(a, q);
    if (!signed_n)
        return 0;
    ms_t step_ms = measured_step_ms(q, now_at);
    if (!step_ms)
        step_ms = (q->handle_ms + q->wrap_up_ms) / signed_n;
    if (!step_ms)
        return UINT32_MAX;
    ms_t n = (at - now_at) / step_ms;
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static const struct band_row {
    enum band band;
    uint8_t lo_min, hi_min;
} bands[] = {
    {BAND_B0_2, 0, 2},     {BAND_B2_5, 2, 5},     {BAND_B5_10, 5, 10},   {BAND_B10_15, 10, 15},
    {BAND_B10_20, 10, 20}, {BAND_B15_30, 15, 30}, {BAND_B30_60, 30, 60},
};

enum band wait_band(const struct wait_estimate *e)
{
    if (!e->is_known)
        return BAND_UNKNOWN;
    if (e->lo_ms >= 60 * MINUTE_MS)
        return BAND_B60;
    /* The bands are coarse and stand side by side: the first whose upper end is passed, by a sixth
     * of it at most, in one case of ten; if the wait is not likely to be shorter than its lower
     * end. An interval that no band fits is not spoken; one that may last beyond the last is
     * unknown. */
    for (unsigned i = 0; i < ARRAY_LEN(bands); i++)
        if (e->hi_ms * 6 <= bands[i].hi_min * MINUTE_MS * 7)
            return e->lo_ms >= bands[i].lo_min * MINUTE_MS ? bands[i].band : BAND_SILENT;
    return BAND_UNKNOWN;
}

ms_t wait_band_ms(enum band band)
{
    for (unsigned i = 0; i < ARRAY_LEN(bands); i++)
        if (bands[i].band == band)
            return bands[i].hi_min * MINUTE_MS;
    return 0;
}
