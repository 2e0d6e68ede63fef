/* wait.c — the wait as an interval (ADR 26).
 * Queues that have agents in common move together: their contacts are one line, in the order of
 * their keys. The mean time between two steps of that line (somebody is offered, or gives up) while
 * anybody waited, over the last minutes, times the steps that are left, is the mean wait. What was
 * seen is weighed with what was to be expected, Erlang-A by its middle term: agents, handling time
 * and patience. Steps being near to independent, the spread is that of their number, and that of
 * how well their pace is known. Who waits for a wider ring alone, with an agent free in it, waits
 * until it opens. With nobody signed in, nothing is said. Called by step when a waiting person is
 * to be told something. Cost: O(log waiting) for each queue of the line, PEERS_MAX of them at most;
 * while somebody is idle, the pools of the queue. Integers only. */
#include "acd/lane.h"
#include "acd/match.h"
#include "acd/wait.h"

#define MINUTE_MS ((ms_t)60000)
/* Chosen by bench/wait.c (ADR 26): one wait in ten or fewer is above the band that they lead to. */
#define ABOVE_TENTHS 11
#define BELOW_TENTHS 7
/* What is expected weighs as much as so many steps that were seen. */
#define EXPECTED_STEPS 8
/* The pace of later differs from that of now by a third or so: people come and go, and some of
 * those who gave up had stood behind. */
#define DRIFT_PPM 120000
/* Mean patience of who waits, for want of a measure (domain.md §5.4: 180 to 300 s). */
#define PATIENCE_MS ((ms_t)180000)
/* Rounding outwards: a band is told when its upper end holds the bound, and when the mean is no
 * less than so much of its lower end. */
#define NEAR_TENTHS 6
#define PEERS_MAX 16
#define POOLS_LOOKED 4 /* their queues are the line; further pools rarely add one */

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

/* ---- the line: a queue and those that have agents in common with it ------------------------- */

struct line {
    const struct queue *queues[PEERS_MAX];
    unsigned n;
};

static void line_add(struct line *line, const struct queue *q)
{
    unsigned i = 0;
    while (i < line->n && line->queues[i] != q)
        i++;
    if (i == line->n && line->n < PEERS_MAX)
        line->queues[line->n++] = q;
}

static struct line line_of(const struct acd *a, const struct queue *q)
{
    struct line line = {.queues = {q}, .n = 1};
    uint32_t m = q->members;
    for (unsigned i = 0; i < POOLS_LOOKED && m != SLOT_NONE; i++, m = a->members[m].next) {
        const struct pool *p = &a->pools[m / POOL_QUEUES];
        for (unsigned k = 0; k < p->queues_n; k++)
            line_add(&line, &a->queues[p->queues[k]]);
    }
    return line;
}

/* A minute is as busy as the busiest of its queues. */
static struct rate_minute line_minute(const struct line *line, uint32_t minute)
{
    struct rate_minute sum = {.minute = minute};
    for (unsigned i = 0; i < line->n; i++) {
        const struct rate_minute *r = &line->queues[i]->rate[minute % (ACD_RATE_MINUTES + 1)];
        if (r->minute != minute)
            continue;
        sum.left_n += r->left_n;
        sum.busy_ms = r->busy_ms > sum.busy_ms ? r->busy_ms : sum.busy_ms;
    }
    return sum;
}

/* Steps seen in the last minutes, and how long they took. */
static uint32_t line_seen(const struct line *line, ms_t now_at, ms_t *busy_ms)
{
    uint32_t now_minute = (uint32_t)(now_at / MINUTE_MS), n = 0;
    ms_t since_ms = 0;
    for (unsigned i = 0; i < line->n; i++) {
        const struct queue *q = line->queues[i];
        if (q->waiting_n && now_at - q->busy_since_at > since_ms)
            since_ms = now_at - q->busy_since_at;
    }
    *busy_ms = since_ms;
    for (uint32_t back = 0; back < ACD_RATE_MINUTES && back <= now_minute; back++) {
        struct rate_minute r = line_minute(line, now_minute - back);
        n += r.left_n;
        *busy_ms += r.busy_ms;
    }
    return n;
}

/* ---- the estimate -------------------------------------------------------------------------- */

/* One step in the middle of so many, by Erlang-A: agents_n people answer, steps/2 + 1 give up. */
static ms_t expected_step_ms(const struct queue *q, ms_t steps, uint32_t agents_n)
{
    ms_t handle_ms = q->handle_ms + q->wrap_up_ms;
    return 2 * handle_ms * PATIENCE_MS / (2 * agents_n * PATIENCE_MS + handle_ms * (steps + 1));
}

static void spread(struct wait_estimate *e, ms_t steps, ms_t known_n)
{
    uint64_t ppm = 1000000 / (uint64_t)steps + 1000000 / (uint64_t)known_n + DRIFT_PPM;
    ms_t spread_ms = e->mean_ms * (ms_t)square_root(ppm) / 1000;
    e->lo_ms = e->mean_ms - spread_ms * BELOW_TENTHS / 10;
    e->hi_ms = e->mean_ms + spread_ms * ABOVE_TENTHS / 10;
    if (e->lo_ms < 0)
        e->lo_ms = 0;
}

/* For one more behind line_n people of the line, when eligible_n agents may take it. */
static void estimate(const struct line *line, struct wait_estimate *e, uint32_t eligible_n,
                     ms_t now_at)
{
    const struct queue *q = line->queues[0];
    ms_t steps = (ms_t)e->line_n + 1, busy_ms;
    uint32_t seen_n = line_seen(line, now_at, &busy_ms);
    ms_t weight = q->handle_ms ? EXPECTED_STEPS : 0;
    if (!eligible_n || (!weight && seen_n < ACD_RATE_EVENTS_MIN))
        return;
    ms_t known_n = seen_n + weight;
    busy_ms += weight * expected_step_ms(q, steps, eligible_n);
    e->is_known = true;
    e->mean_ms = steps * busy_ms / known_n;
    spread(e, steps, known_n);
}

/* Somebody is free whom only a ring that is still closed keeps from this contact. */
static void shorten_by_ring(const struct acd *a, const struct contact *c, ms_t now_at,
                            struct wait_estimate *e)
{
    ms_t opens_at = match_opens_at(a, c);
    if (opens_at == MS_NEVER)
        return;
    ms_t opens_ms = opens_at > now_at ? opens_at - now_at : 0;
    ms_t hi_ms = opens_ms + a->queues[c->queue].offer_ms;
    if (e->is_known && e->hi_ms <= hi_ms)
        return;
    e->is_known = true;
    e->hi_ms = hi_ms;
    e->mean_ms = opens_ms < e->mean_ms || !e->mean_ms ? opens_ms : e->mean_ms;
    e->lo_ms = e->lo_ms < opens_ms ? e->lo_ms : opens_ms;
}

static uint32_t line_before(const struct acd *a, const struct line *line, ms_t key_at, uint64_t id)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < line->n; i++)
        n += tree_count_below(&line->queues[i]->waiting, a->nodes, key_at, id);
    return n;
}

struct wait_estimate wait_estimate(const struct acd *a, const struct contact *c, ms_t now_at)
{
    struct line line = line_of(a, &a->queues[c->queue]);
    struct wait_estimate e = {.before_n = wait_before(a, c),
                              .line_n = line_before(a, &line, c->key_at, c->id)};
    estimate(&line, &e, a->lanes[c->network_lane].eligible_n, now_at);
    shorten_by_ring(a, c, now_at, &e);
    return e;
}

struct wait_estimate wait_estimate_last(const struct acd *a, const struct queue *q, ms_t now_at)
{
    struct line line = line_of(a, q);
    struct wait_estimate e = {.before_n = q->waiting_n};
    for (unsigned i = 0; i < line.n; i++)
        e.line_n += line.queues[i]->waiting_n;
    estimate(&line, &e, queue_signed_n(a, q), now_at);
    return e;
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
    /* The bands are coarse and stand side by side: the first that holds the upper bound, if the
     * wait is not likely to be far below its lower end. An interval that no band fits is not
     * spoken; one that may last beyond the last is unknown. */
    for (unsigned i = 0; i < ARRAY_LEN(bands); i++)
        if (e->hi_ms <= bands[i].hi_min * MINUTE_MS)
            return e->mean_ms * 10 >= bands[i].lo_min * MINUTE_MS * NEAR_TENTHS ? bands[i].band
                                                                                : BAND_SILENT;
    return BAND_UNKNOWN;
}

ms_t wait_band_ms(enum band band)
{
    for (unsigned i = 0; i < ARRAY_LEN(bands); i++)
        if (bands[i].band == band)
            return bands[i].hi_min * MINUTE_MS;
    return 0;
}
