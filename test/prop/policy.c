/* policy.c — callbacks with and without, at several loads: one line of figures a run, for
 * docs/callback-policy.md (tools/policy.py). A load of 100 % is as much talk and wrap-up, asked for
 * by first calls, as the agents at work can give. The account is made from the events alone, beside
 * the core: who waits, since when, who was passed over; what was promised, and when we called.
 *   prop-policy [PROFILE DAYS SEED LOAD…]    prints a head, then a row of integers each
 * exit: 0   1 somebody was passed over without the rule's name, starved, or was called later than
 * promised more than once in twenty   2 usage
 * The profile has one site, no needs, no priorities, and agents who serve all: whoever waits with
 * an older place could have been taken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/profile.h"
#include "say/callback.h"
#include "sim/run.h"

#define HOUR ((ms_t)3600 * 1000)
#define MINUTE ((ms_t)60000)
#define MIDNIGHT ((ms_t)1794783600000)
#define PEOPLE (1u << 21) /* by contact id, modulo */
#define WAITING_MAX 4096
#define WAITS_MAX (1u << 20)
#define AGENTS 64
#define STARVES_MS (2 * HOUR) /* of open time, from the promise to the first call */
#define KEPT_PERCENT_MIN 95
#define PPM 1000000

enum doing { OUT, AWAY, IDLE, KEPT, RINGS, TALKS, AFTER, DOINGS };

struct person {
    uint64_t id;
    ms_t key_at, told_at, promised_at, open_ms; /* open_ms: the open time at the promise */
    uint32_t queue_id;
    enum band band;
    bool waits, is_dialled, was_called;
};

struct waits {
    ms_t *ms; /* owned */
    uint32_t n;
};

struct ledger {
    struct person *people; /* owned */
    struct person *waiting[WAITING_MAX];
    unsigned waiting_n;
    struct waits line, called;
    enum doing doing[AGENTS];
    ms_t since_at[AGENTS], spent_ms[DOINGS];
    uint64_t outcomes_n[OUTCOME_N], promised_n, kept_n, sooner_n, shares_n, violations_n, starved_n;
    uint64_t attempts_n, cancelled_n;
    bool is_open;
    ms_t now_at, open_ms;
};

/* ---- the account -------------------------------------------------------------------------- */

static struct person *person(struct ledger *a, uint64_t id)
{
    struct person *p = &a->people[id % PEOPLE];
    if (p->id != id)
        *p = (struct person){.id = id};
    return p;
}

static void wait_begins(struct ledger *a, struct person *p)
{
    if (p->waits || a->waiting_n == WAITING_MAX)
        return;
    p->waits = true;
    a->waiting[a->waiting_n++] = p;
}

static void wait_ends(struct ledger *a, struct person *p)
{
    unsigned i = 0;
    if (!p->waits)
        return;
    p->waits = false;
    while (a->waiting[i] != p)
        i++;
    a->waiting[i] = a->waiting[--a->waiting_n];
}

static void agent_does(struct ledger *a, uint32_t agent_id, enum doing doing)
{
    uint32_t i = agent_id % AGENTS;
    a->spent_ms[a->doing[i]] += a->now_at - a->since_at[i];
    a->since_at[i] = a->now_at;
    a->doing[i] = doing;
}

static void note(struct waits *w, ms_t ms)
{
    if (w->n < WAITS_MAX)
        w->ms[w->n++] = ms;
}

/* Who has an older place and waits; whom we call may be passed over by the rule of the share. */
static void check_order(struct ledger *a, const struct person *p, enum rule rule)
{
    bool passed_over = false;
    for (unsigned i = 0; i < a->waiting_n; i++) {
        const struct person *o = a->waiting[i];
        bool is_earlier = o->key_at < p->key_at || (o->key_at == p->key_at && o->id < p->id);
        if (o == p || !is_earlier || (o->is_dialled && !a->is_open))
            continue;
        a->violations_n += !o->is_dialled || rule != RULE_SHARE;
        passed_over = true;
    }
    a->shares_n += rule == RULE_SHARE;
    a->violations_n += rule == RULE_SHARE && (p->is_dialled || !passed_over);
}

static void fold_promised(struct ledger *a, struct person *p)
{
    wait_ends(a, p);
    p->is_dialled = true;
    p->promised_at = a->now_at;
    p->open_ms = a->open_ms;
    a->promised_n++;
}

/* Midnight after: « aujourd’hui » is said when no time is. */
static ms_t day_end(ms_t at)
{
    return MIDNIGHT + ((at - MIDNIGHT) / (24 * HOUR) + 1) * 24 * HOUR;
}

/* The first call: is it within what was told? */
static void fold_called(struct ledger *a, struct person *p)
{
    static const struct {
        ms_t lo_min, hi_min;
    } told[BAND_N] = {[BAND_B0_2] = {0, 2},     [BAND_B2_5] = {2, 5},     [BAND_B5_10] = {5, 10},
                      [BAND_B10_15] = {10, 15}, [BAND_B10_20] = {10, 20}, [BAND_B15_30] = {15, 30},
                      [BAND_B30_60] = {30, 60}, [BAND_B60] = {60, 600}};
    enum band band = say_asap_band(p->band);
    ms_t lo_at = p->promised_at + told[band].lo_min * MINUTE;
    ms_t hi_at = p->promised_at + told[band].hi_min * MINUTE;
    a->attempts_n++;
    if (p->was_called)
        return;
    p->was_called = true;
    if (!told[band].hi_min)
        hi_at = day_end(p->promised_at);
    a->kept_n += a->now_at <= hi_at;
    a->sooner_n += a->now_at < lo_at && told[band].hi_min;
    a->starved_n += a->open_ms - p->open_ms > STARVES_MS;
    note(&a->called, a->now_at - p->promised_at);
}

static void fold_offer(struct ledger *a, const struct event *ev)
{
    struct person *p = person(a, ev->offer_made.contact_id);
    check_order(a, p, ev->offer_made.rule);
    wait_ends(a, p);
    agent_does(a, ev->offer_made.agent_id, p->is_dialled ? KEPT : RINGS);
}

static void fold_joined(struct ledger *a, const struct event *ev)
{
    const struct person *p = person(a, ev->offer_joined.contact_id);
    agent_does(a, ev->offer_joined.agent_id, TALKS);
    if (!p->is_dialled)
        note(&a->line, ev->offer_joined.wait_ms);
}

static void fold_contact(struct ledger *a, const struct event *ev)
{
    struct person *p;
    switch (ev->kind) {
    case EV_CONTACT_QUEUED:
        p = person(a, ev->contact_queued.contact_id);
        p->key_at = ev->contact_queued.key_at;
        p->queue_id = ev->contact_queued.queue_id;
        wait_begins(a, p);
        break;
    case EV_CONTACT_RETURNED:
        wait_begins(a, person(a, ev->contact_returned.contact_id));
        break;
    case EV_CONTACT_TOLD:
        p = person(a, ev->contact_told.contact_id);
        p->band = ev->contact_told.band;
        p->told_at = ev->at;
        break;
    case EV_CALL_ENDED:
        p = person(a, ev->call_ended.contact_id);
        if (!p->is_dialled)
            wait_ends(a, p);
        break;
    case EV_CALL_OUTCOME:
        a->outcomes_n[ev->call_outcome.outcome]++;
        break;
    default:
        wait_ends(a, person(a, ev->contact_settled.contact_id));
        break;
    }
}

static void fold_callback(struct ledger *a, const struct event *ev)
{
    switch (ev->kind) {
    case EV_CALLBACK_PROMISED:
        fold_promised(a, person(a, ev->callback_promised.contact_id));
        break;
    case EV_CALLBACK_DUE:
        wait_begins(a, person(a, ev->callback_due.contact_id));
        break;
    case EV_CALLBACK_HELD:
        wait_ends(a, person(a, ev->callback_held.contact_id));
        break;
    default:
        wait_ends(a, person(a, ev->callback_cancelled.contact_id));
        a->cancelled_n++;
        break;
    }
}

static void fold_agent(struct ledger *a, const struct event *ev)
{
    switch (ev->kind) {
    case EV_AGENT_SIGNED_IN:
        agent_does(a, ev->agent_signed_in.agent_id, AWAY);
        break;
    case EV_AGENT_READY:
        agent_does(a, ev->agent_ready.agent_id, IDLE);
        break;
    case EV_AGENT_PAUSED:
        agent_does(a, ev->agent_paused.agent_id, AWAY);
        break;
    case EV_AGENT_WRAP_UP:
        agent_does(a, ev->agent_wrap_up.agent_id, AFTER);
        break;
    case EV_OFFER_ENDED:
        agent_does(a, ev->offer_ended.agent_id, ev->offer_ended.talk_ms ? AFTER : IDLE);
        break;
    default:
        agent_does(a, ev->agent_signed_out.agent_id, OUT);
        break;
    }
}

static void fold_hours(struct ledger *a, const struct event *ev)
{
    if (ev->queue_hours.queue_id == 1)
        a->is_open = ev->queue_hours.hours == HOURS_OPEN;
}

/* Whose telephone rings: the offer says only its own id. */
static uint64_t offers[AGENTS][2];

static void fold_rings(struct ledger *a, const struct event *ev)
{
    if (ev->kind == EV_OFFER_MADE) {
        offers[ev->offer_made.agent_id % AGENTS][0] = ev->id;
        offers[ev->offer_made.agent_id % AGENTS][1] = ev->offer_made.contact_id;
        return;
    }
    for (unsigned i = 0; i < AGENTS; i++)
        if (offers[i][0] == ev->offer_advanced.offer_id)
            fold_called(a, person(a, offers[i][1]));
}

static bool fold(const struct event *ev, void *arg)
{
    struct ledger *a = arg;
    a->open_ms += a->is_open && a->now_at ? ev->at - a->now_at : 0;
    a->now_at = ev->at;
    switch (ev->kind) {
    case EV_CONTACT_QUEUED:
    case EV_CONTACT_RETURNED:
    case EV_CONTACT_TOLD:
    case EV_CALL_ENDED:
    case EV_CALL_OUTCOME:
    case EV_CONTACT_SETTLED:
        fold_contact(a, ev);
        break;
    case EV_CALLBACK_PROMISED:
    case EV_CALLBACK_DUE:
    case EV_CALLBACK_HELD:
    case EV_CALLBACK_CANCELLED:
        fold_callback(a, ev);
        break;
    case EV_OFFER_MADE:
        fold_rings(a, ev);
        fold_offer(a, ev);
        break;
    case EV_OFFER_ADVANCED:
        if (ev->offer_advanced.phase == OFFER_PHASE_DIALLING)
            fold_rings(a, ev);
        break;
    case EV_OFFER_JOINED:
        fold_joined(a, ev);
        break;
    case EV_AGENT_SIGNED_IN:
    case EV_AGENT_READY:
    case EV_AGENT_PAUSED:
    case EV_AGENT_WRAP_UP:
    case EV_AGENT_SIGNED_OUT:
    case EV_OFFER_ENDED:
        fold_agent(a, ev);
        break;
    case EV_QUEUE_HOURS:
        fold_hours(a, ev);
        break;
    default:
        break;
    }
    return true;
}

/* ---- the runs ----------------------------------------------------------------------------- */

/* First calls that ask for somebody, of a week, that fill the agents' time. */
static double capacity(const struct plan_profile *p)
{
    double work_ms = 0, each_ms = (double)(p->house.handle_ms + p->staff.pick_up.mean_ms);
    for (unsigned g = 0; g < p->groups_n; g++)
        for (unsigned d = 0; d < WEEK_DAYS; d++)
            for (unsigned s = 0; s < p->groups[g].shift[d].n; s++) {
                const struct day_span *span = &p->groups[g].shift[d].span[s];
                double ms = (double)(span->to_minute - span->from_minute) * (double)MINUTE;
                ms -= (double)(2 * p->staff.rest_ms + p->staff.meal_ms);
                work_ms += ms * p->groups[g].agents_n * (PPM - p->staff.absent_ppm) / PPM;
            }
    return work_ms / each_ms;
}

static void set_load(struct plan_profile *p, unsigned load_percent)
{
    double asks = (double)(PPM - p->people.menu_abandon_ppm) / PPM *
                  (double)(PPM - p->people.informed_ppm) / PPM;
    double sum = 0, want = capacity(p) * load_percent / 100 / asks;
    for (unsigned d = 0; d < WEEK_DAYS; d++)
        sum += p->arrivals[d];
    for (unsigned d = 0; d < WEEK_DAYS; d++)
        p->arrivals[d] = (uint32_t)(p->arrivals[d] * want / sum);
}

static int compare(const void *a, const void *b)
{
    ms_t x = *(const ms_t *)a, y = *(const ms_t *)b;
    return (x > y) - (x < y);
}

static long long mean_s(const struct waits *w)
{
    ms_t sum = 0;
    for (uint32_t i = 0; i < w->n; i++)
        sum += w->ms[i];
    return w->n ? sum / w->n / 1000 : 0;
}

static long long quantile_s(struct waits *w, unsigned percent)
{
    qsort(w->ms, w->n, sizeof(*w->ms), compare);
    return w->n ? w->ms[(uint64_t)(w->n - 1) * percent / 100] / 1000 : 0;
}

static unsigned long long thousandths(uint64_t n, uint64_t of)
{
    return of ? (n * 1000 + of / 2) / of : 0;
}

static void print(unsigned load, bool calls_back, struct ledger *a)
{
    const uint64_t *o = a->outcomes_n;
    uint64_t served_n = o[OUTCOME_ANSWERED] + o[OUTCOME_CALLBACK_HONOURED];
    uint64_t left_n = o[OUTCOME_ABANDONED] + o[OUTCOME_ABANDONED_SHORT];
    uint64_t asked_n = served_n + left_n + o[OUTCOME_CALLBACK_FAILED] + o[OUTCOME_TURNED_AWAY] +
                       o[OUTCOME_CUT_OFF];
    ms_t at_work_ms = a->spent_ms[IDLE] + a->spent_ms[KEPT] + a->spent_ms[RINGS] +
                      a->spent_ms[TALKS] + a->spent_ms[AFTER];
    printf("%u\t%s\t%llu\t%llu\t%llu\t%llu\t%llu\t%lld\t%lld\t%lld\t%lld\t%lld\t%llu\t%llu\t%llu\t"
           "%llu\t%llu\t%llu\t%llu\t%llu\n",
           load, calls_back ? "with" : "without", (unsigned long long)asked_n,
           thousandths(served_n, asked_n), thousandths(left_n, asked_n),
           (unsigned long long)a->promised_n,
           thousandths(o[OUTCOME_CALLBACK_HONOURED],
                       o[OUTCOME_CALLBACK_HONOURED] + o[OUTCOME_CALLBACK_FAILED]),
           mean_s(&a->line), quantile_s(&a->line, 90), mean_s(&a->called),
           quantile_s(&a->called, 90), quantile_s(&a->called, 100),
           thousandths(a->kept_n, a->called.n), thousandths(a->sooner_n, a->called.n),
           (unsigned long long)a->violations_n, (unsigned long long)a->shares_n,
           (unsigned long long)a->starved_n,
           thousandths((uint64_t)a->spent_ms[IDLE], (uint64_t)at_work_ms),
           thousandths((uint64_t)a->spent_ms[KEPT], (uint64_t)at_work_ms),
           (unsigned long long)(a->promised_n - a->called.n));
}

static const char head[] =
    "load\tcallbacks\tasked\tserved_pm\tleft_pm\tpromised\thonoured_pm\tline_mean_s\tline_p90_s\t"
    "called_mean_s\tcalled_p90_s\tcalled_max_s\tkept_pm\tsooner_pm\tviolations\tby_share\tstarved\t"
    "idle_pm\tkept_agent_pm\tnot_called";

static bool is_sound(unsigned load, const struct ledger *a)
{
    if (a->violations_n)
        fprintf(stderr, "property FAILED: order: %llu passed over at %u %%\n",
                (unsigned long long)a->violations_n, load);
    if (a->starved_n)
        fprintf(stderr, "property FAILED: starvation: %llu at %u %%\n",
                (unsigned long long)a->starved_n, load);
    bool is_kept = a->kept_n * 100 >= (uint64_t)KEPT_PERCENT_MIN * a->called.n;
    if (!is_kept)
        fprintf(stderr, "property FAILED: kept: %llu of %u promises at %u %%\n",
                (unsigned long long)a->kept_n, a->called.n, load);
    return !a->violations_n && !a->starved_n && is_kept;
}

static bool live(const struct plan_profile *like, unsigned load, bool calls_back,
                 struct sim_args args)
{
    static struct plan_profile profile;
    static struct ledger a;
    profile = *like;
    set_load(&profile, load);
    if (!calls_back)
        profile.callbacks.attempts_max = 0;
    args.profile = &profile;
    memset(&a, 0, sizeof(a));
    a.people = calloc(PEOPLE, sizeof(*a.people));
    a.line.ms = calloc(WAITS_MAX, sizeof(ms_t));
    a.called.ms = calloc(WAITS_MAX, sizeof(ms_t));
    struct sim *sim = sim_open(&args);
    if (!a.people || !a.line.ms || !a.called.ms || !sim)
        exit(3);
    bool is_done = sim_run(sim) && sim_events(sim, fold, &a);
    if (!is_done)
        fprintf(stderr, "prop-policy: %s\n", sim_totals(sim).broken);
    print(load, calls_back, &a);
    sim_drop(sim);
    free(a.people);
    free(a.line.ms);
    free(a.called.ms);
    return is_done && is_sound(load, &a);
}

int main(int argc, char **argv)
{
    static struct plan_profile profile;
    static char *usual[] = {"", "sim/profiles/rappels-nancy.yaml", "5", "1", "90", "130"};
    argv = argc == 1 ? usual : argv;
    argc = argc == 1 ? (int)ARRAY_LEN(usual) : argc;
    struct config_errors errors = {.file = argc > 1 ? argv[1] : ""};
    if (argc < 5 || config_profile_load(&profile, argv[1], &errors) || profile.sites_n != 1 ||
        profile.people.language_ppm || profile.people.priority_ppm || profile.people.written_ppm) {
        fputs("usage: prop-policy [PROFILE DAYS SEED LOAD…]\n", stderr);
        return 2;
    }
    ms_t days = (ms_t)strtoul(argv[2], NULL, 10);
    const struct sim_args args = {.seed = strtoull(argv[3], NULL, 10),
                                  .midnight_at = MIDNIGHT,
                                  .offset_ms = HOUR,
                                  .from_at = MIDNIGHT,
                                  .until_at = MIDNIGHT + days * 24 * HOUR};
    bool all_sound = true;
    puts(head);
    for (int i = 4; i < argc; i++)
        for (unsigned calls_back = 0; calls_back < 2; calls_back++)
            all_sound &= live(&profile, (unsigned)strtoul(argv[i], NULL, 10), calls_back, args);
    return !all_sound;
}
