/* wait.c — how well a wait is foretold (design §3.9, ADR 26): four estimators on simulated days,
 * each judged by the band that it would have had spoken at entry. The error is the distance of the
 * true wait from that band, 0 within it. Ours is acd/wait.c; the others live here alone:
 *   last      the wait of the last person of the queue who was answered (last to enter service)
 *   pace      the mean time between two steps of the queue, answers and departures, times the steps
 *   erlang_a  sum of 1/(n·mu + i·theta): agents at work, their handling time, patience, as measured
 *   line      ours: the steps of all queues that share their agents, weighed with Erlang-A
 * Above are those answered later than the upper bound; above_or_left counts those as well who gave
 * up after it.
 *   [SEED=N] bench-wait PROFILE… [DAYS]        prints "profile.estimator.figure value unit" */
#include <stdio.h>
#include <stdlib.h>

#include "acd/lists.h"
#include "acd/pool.h"
#include "acd/wait.h"
#include "bench/measure.h"
#include "config/profile.h"
#include "sim/run.h"

#define HOUR ((ms_t)3600 * 1000)
#define MIDNIGHT ((ms_t)1794783600000)
#define CONTACTS (1u << 22) /* by id, modulo: ids of those who wait are near each other */
#define QUEUES 64
#define MINUTE_MS 60000.0
#define WINDOW_MS 900000.0 /* what was seen counts a third after a quarter of an hour */

enum estimator { LAST, PACE, ERLANG_A, LINE, ESTIMATORS };
static const char *const names[ESTIMATORS] = {"last", "pace", "erlang_a", "line"};

/* What was foretold to one person, by each. */
struct foretold {
    uint64_t contact_id;
    ms_t asked_at;
    bool is_told;
    enum band band[ESTIMATORS];
};

struct pace_of_queue {
    double last_ms;             /* wait of the last one answered; 0: none yet */
    double handle_ms, handle_n; /* fading sums */
    double waited_ms, left_n;
    ms_t faded_at;
};

struct score {
    uint64_t n, above_n, below_n, silent_n, banded_n, left_n, left_above_n;
    double outside_ms;
};

struct judge {
    struct acd *acd;
    struct foretold *people; /* owned */
    struct pace_of_queue queues[QUEUES];
    struct score scores[ESTIMATORS];
};

static struct foretold *person(struct judge *j, uint64_t contact_id)
{
    return &j->people[contact_id % CONTACTS];
}

static double power(double base, double exponent_ms)
{
    double v = 1;
    for (; exponent_ms >= 1000; exponent_ms -= 1000)
        v *= base; /* by the second: no libm in the benches */
    return v;
}

static struct pace_of_queue *fade(struct judge *j, uint32_t queue, ms_t at)
{
    struct pace_of_queue *p = &j->queues[queue % QUEUES];
    if (at > p->faded_at && p->faded_at) {
        double keeps = power(1 - 1000 / WINDOW_MS, (double)(at - p->faded_at));
        p->handle_ms *= keeps;
        p->handle_n *= keeps;
        p->waited_ms *= keeps;
        p->left_n *= keeps;
    }
    p->faded_at = at;
    return p;
}

/* ---- the estimators ----------------------------------------------------------------------- */

/* Steps that are near to independent: one wait in ten is 13 tenths of their spread above. */
static struct wait_estimate around(double mean_ms, uint32_t before_n)
{
    double spread_ms = mean_ms;
    for (uint32_t root = 1; root * root <= before_n + 1; root++)
        spread_ms = mean_ms / root;
    struct wait_estimate e = {.before_n = before_n, .is_known = mean_ms >= 0};
    e.mean_ms = (ms_t)mean_ms;
    e.lo_ms = (ms_t)(mean_ms - 0.7 * spread_ms);
    e.hi_ms = (ms_t)(mean_ms + 1.3 * spread_ms);
    return e;
}

static double pace_ms(const struct queue *q, uint32_t before_n, ms_t now_at)
{
    uint32_t now_minute = (uint32_t)(now_at / 60000), n = 0;
    double busy_ms = q->waiting_n ? (double)(now_at - q->busy_since_at) : 0;
    for (unsigned i = 0; i < ARRAY_LEN(q->rate); i++) {
        if (q->rate[i].minute + ACD_RATE_MINUTES <= now_minute)
            continue;
        n += q->rate[i].left_n;
        busy_ms += q->rate[i].busy_ms;
    }
    return n < ACD_RATE_EVENTS_MIN ? -1 : busy_ms / n * (before_n + 1);
}

static double erlang_a_ms(const struct judge *j, const struct contact *c,
                          const struct pace_of_queue *p, uint32_t before_n)
{
    const struct queue *q = &j->acd->queues[c->queue];
    double n = pool_active_n(j->acd, c->queue), sum_ms = 0;
    double handle_ms = p->handle_n > 1 ? p->handle_ms / p->handle_n : (double)q->handle_ms;
    double theta = p->waited_ms > 0 ? p->left_n / p->waited_ms : 0;
    if (n <= 0 || handle_ms + (double)q->wrap_up_ms <= 0)
        return -1;
    double mu = 1 / (handle_ms + (double)q->wrap_up_ms);
    for (uint32_t i = 0; i <= before_n; i++)
        sum_ms += 1 / (n * mu + i * theta);
    return sum_ms;
}

static void foretell(struct judge *j, const struct event *ev)
{
    uint32_t slot = contact_find(j->acd, ev->contact_told.contact_id);
    const struct contact *c = &j->acd->contacts[slot];
    struct foretold *f = person(j, c->id);
    const struct pace_of_queue *p = fade(j, c->queue, ev->at);
    uint32_t before_n = wait_before(j->acd, c);
    struct wait_estimate e[ESTIMATORS];
    e[LINE] = wait_estimate(j->acd, c, ev->at);
    e[LAST] = around(p->last_ms > 0 ? p->last_ms : -1, before_n);
    e[PACE] = around(pace_ms(&j->acd->queues[c->queue], before_n, ev->at), before_n);
    e[ERLANG_A] = around(erlang_a_ms(j, c, p, before_n), before_n);
    *f = (struct foretold){.contact_id = c->id, .asked_at = c->asked_at, .is_told = true};
    for (unsigned i = 0; i < ESTIMATORS; i++)
        f->band[i] = wait_band(&e[i]);
}

/* ---- what became of it -------------------------------------------------------------------- */

static double lower_ms(enum band band)
{
    static const double minutes[BAND_N] = {
        [BAND_B2_5] = 2,    [BAND_B5_10] = 5,   [BAND_B10_15] = 10, [BAND_B10_20] = 10,
        [BAND_B15_30] = 15, [BAND_B30_60] = 30, [BAND_B60] = 60};
    return minutes[band] * MINUTE_MS;
}

static void score(struct judge *j, const struct foretold *f, double waited_ms)
{
    for (unsigned i = 0; i < ESTIMATORS; i++) {
        struct score *s = &j->scores[i];
        double hi_ms = (double)wait_band_ms(f->band[i]), lo_ms = lower_ms(f->band[i]);
        s->n++;
        s->silent_n += f->band[i] == BAND_SILENT || f->band[i] == BAND_UNKNOWN;
        if (hi_ms <= 0)
            continue;
        s->banded_n++;
        s->above_n += waited_ms > hi_ms;
        s->below_n += waited_ms < lo_ms;
        s->outside_ms += waited_ms > hi_ms ? waited_ms - hi_ms : 0;
        s->outside_ms += waited_ms < lo_ms ? lo_ms - waited_ms : 0;
    }
}

static void score_left(struct judge *j, const struct foretold *f, double waited_ms)
{
    for (unsigned i = 0; i < ESTIMATORS; i++) {
        double hi_ms = (double)wait_band_ms(f->band[i]);
        j->scores[i].left_n++;
        j->scores[i].left_above_n += hi_ms > 0 && waited_ms > hi_ms;
    }
}

static void joined(struct judge *j, const struct event *ev)
{
    uint32_t slot = contact_find(j->acd, ev->offer_joined.contact_id);
    const struct contact *c = &j->acd->contacts[slot];
    struct foretold *f = person(j, c->id);
    struct pace_of_queue *p = fade(j, c->queue, ev->at);
    double waited_ms = (double)(ev->at - c->asked_at);
    p->last_ms = waited_ms > 1 ? waited_ms : 1;
    p->waited_ms += waited_ms;
    if (f->contact_id == c->id && f->is_told)
        score(j, f, waited_ms);
    f->is_told = false;
}

/* Before the event is folded: afterwards nobody knows where it stood. */
static void before(struct judge *j, const struct event *ev)
{
    if (ev->kind == EV_OFFER_ENDED && ev->offer_ended.talk_ms) {
        uint32_t slot = contact_find(j->acd, ev->offer_ended.contact_id);
        struct pace_of_queue *p = fade(j, j->acd->contacts[slot].queue, ev->at);
        p->handle_ms += (double)ev->offer_ended.talk_ms;
        p->handle_n += 1;
    }
    if (ev->kind == EV_CALL_ENDED) {
        uint32_t slot = contact_find(j->acd, ev->call_ended.contact_id);
        const struct contact *c = &j->acd->contacts[slot];
        struct foretold *f = person(j, c->id);
        if (c->state != CONTACT_WAITING)
            return;
        struct pace_of_queue *p = fade(j, c->queue, ev->at);
        p->waited_ms += (double)(ev->at - c->asked_at);
        p->left_n += 1;
        if (f->contact_id == c->id && f->is_told)
            score_left(j, f, (double)(ev->at - c->asked_at));
        f->is_told = false;
    }
}

static bool take(const struct event *ev, void *arg)
{
    struct judge *j = arg;
    before(j, ev);
    acd_apply(j->acd, ev);
    if (ev->kind == EV_CONTACT_TOLD && ev->contact_told.what == TOLD_ENTRY)
        foretell(j, ev);
    if (ev->kind == EV_OFFER_JOINED)
        joined(j, ev);
    return true;
}

/* ---- the days ----------------------------------------------------------------------------- */

static double percent(uint64_t n, uint64_t of)
{
    return of ? 100 * (double)n / (double)of : 0;
}

static void print(const char *profile, const struct judge *j)
{
    for (unsigned i = 0; i < ESTIMATORS; i++) {
        const struct score *s = &j->scores[i];
        const char *name = names[i];
        double banded_n = s->banded_n ? (double)s->banded_n : 1;
        printf("%s.%s.told %llu waits\n", profile, name, (unsigned long long)s->n);
        printf("%s.%s.error %.1f s\n", profile, name, s->outside_ms / banded_n / 1000);
        printf("%s.%s.above %.1f %%\n", profile, name, percent(s->above_n, s->banded_n));
        printf("%s.%s.above_or_left %.1f %%\n", profile, name,
               percent(s->above_n + s->left_above_n, s->banded_n + s->left_above_n));
        printf("%s.%s.below %.1f %%\n", profile, name, percent(s->below_n, s->banded_n));
        printf("%s.%s.silent %.1f %%\n", profile, name, percent(s->silent_n, s->n));
    }
    printf("%s.gave_up %llu waits\n", profile, (unsigned long long)j->scores[0].left_n);
}

static bool judge_profile(const char *path, unsigned days, uint64_t seed)
{
    static struct plan_profile profile;
    static struct judge j;
    struct config_errors errors = {.file = path};
    const struct acd_limits limits = {.contacts_max = ACD_CONTACTS_DEFAULT,
                                      .agents_max = ACD_AGENTS_DEFAULT,
                                      .queues_max = ACD_QUEUES_DEFAULT,
                                      .lanes_max = ACD_LANES_DEFAULT};
    void *memory = aligned_alloc(64, acd_bytes(&limits));
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    char label[64];
    snprintf(label, sizeof(label), "%.*s", (int)strcspn(name, "."), name);
    memset(&j, 0, sizeof(j));
    j.people = calloc(CONTACTS, sizeof(*j.people));
    if (!memory || !j.people || config_profile_load(&profile, path, &errors))
        return false;
    j.acd = acd_open(memory, &limits);
    const struct sim_args args = {.profile = &profile,
                                  .seed = seed,
                                  .midnight_at = MIDNIGHT,
                                  .offset_ms = HOUR,
                                  .from_at = MIDNIGHT,
                                  .until_at = MIDNIGHT + (ms_t)days * 24 * HOUR};
    struct sim *sim = sim_open(&args);
    bool is_done = sim && sim_run(sim) && sim_events(sim, take, &j);
    if (is_done)
        print(label, &j);
    sim_drop(sim);
    free(j.people);
    free(memory);
    return is_done;
}

int main(int argc, char **argv)
{
    unsigned days = 5;
    const char *chance = getenv("SEED");
    uint64_t seed = chance ? strtoull(chance, NULL, 10) : 1;
    int profiles_n = argc - 1;
    if (argc > 2 && strspn(argv[argc - 1], "0123456789") == strlen(argv[argc - 1])) {
        days = (unsigned)strtoul(argv[argc - 1], NULL, 10);
        profiles_n--;
    }
    if (profiles_n < 1 || !days) {
        fputs("usage: bench-wait PROFILE… [DAYS]\n", stderr);
        return 2;
    }
    for (int i = 1; i <= profiles_n; i++)
        if (!judge_profile(argv[i], days, seed)) {
            fprintf(stderr, "bench-wait: %s cannot be judged\n", argv[i]);
            return 1;
        }
    return 0;
}
