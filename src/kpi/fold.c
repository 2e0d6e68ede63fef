/* fold.c — one event into the figures. Called once per event by sim/ and the reader thread.
 * Cost: O(1); kinds that count nothing are left at the switch.
 * Invariant: the fold of a journal depends on its events only: from any snapshot, the same bytes.
 */
#include <string.h>

#include "base/division.h"
#include "event/band.h"
#include "kpi/state.h"

#define ALIGN 64
#define SECOND_MS 1000
#define MINUTE_MS ((ms_t)60 * 1000)

static const ms_t soon_ms[KPI_SOON_S_N] = {20000, 60000, 180000};

static size_t aligned(size_t n)
{
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t interval_bytes(const struct kpi_limits *limits)
{
    return aligned(limits->intervals_max * sizeof(struct kpi_counts));
}

size_t kpi_bytes(const struct kpi_limits *limits)
{
    assert(limits->intervals_max <= KPI_INTERVALS_MAX);
    assert(limits->persons_max && limits->persons_max <= KPI_PERSONS_MAX);
    return aligned(sizeof(struct kpi)) + interval_bytes(limits) +
           kpi_person_bytes(limits->persons_max);
}

struct kpi *kpi_open(void *memory, const struct kpi_limits *limits, const struct kpi_args *args)
{
    struct kpi *k = memory;
    memset(memory, 0, kpi_bytes(limits));
    k->offset_ms = args->offset_ms;
    k->intervals_max = limits->intervals_max;
    k->intervals_at = aligned(sizeof(*k));
    k->first_quarter = floor_div(args->from_at + args->offset_ms, KPI_QUARTER_MS);
    k->last_at = args->from_at;
    kpi_person_open(k, k->intervals_at + interval_bytes(limits), limits->persons_max);
    return k;
}

static void add_wait(struct kpi *k, enum kpi_wait which, ms_t wait_ms)
{
    struct kpi_histogram *h = &k->waits[which];
    ms_t s = wait_ms / SECOND_MS;
    assert(wait_ms >= 0);
    h->n++;
    h->sum_ms += (uint64_t)wait_ms;
    h->seconds[s < KPI_WAIT_SECONDS_MAX ? s : KPI_WAIT_SECONDS_MAX]++;
}

/* The figures of one call that one set of counts holds. */
static void count_call(struct kpi_counts *c, const struct event *ev)
{
    ms_t wait_ms = ev->call_outcome.wait_ms, talk_ms = ev->call_outcome.talk_ms;
    enum outcome outcome = ev->call_outcome.outcome;
    c->calls[outcome]++;
    if (outcome == OUTCOME_ANSWERED) {
        c->wait_answered_ms += (uint64_t)wait_ms;
        for (unsigned i = 0; i < KPI_SOON_S_N; i++)
            c->soon_n[i] += wait_ms <= soon_ms[i];
    }
    if (outcome == OUTCOME_ABANDONED || outcome == OUTCOME_ABANDONED_SHORT)
        c->wait_abandoned_ms += (uint64_t)wait_ms;
    bool is_spoken = ev->call_outcome.channel != CHANNEL_SMS &&
                     ev->call_outcome.channel != CHANNEL_WEB; /* aht is of conversations */
    if (is_spoken && (outcome == OUTCOME_ANSWERED || outcome == OUTCOME_CALLBACK_HONOURED)) {
        c->talk_ms += (uint64_t)talk_ms;
        c->talk_n++;
    }
    if (!kpi_is_asking(outcome))
        return;
    c->withheld_n += !ev->call_outcome.person_id;
    c->identified_n += ev->call_outcome.person_id != 0;
}

static ms_t reached_at(const struct event *ev)
{
    if (ev->call_outcome.outcome == OUTCOME_CALLBACK_HONOURED)
        return ev->at - ev->call_outcome.talk_ms;
    if (ev->call_outcome.outcome == OUTCOME_ANSWERED)
        return ev->call_outcome.asked_at + ev->call_outcome.wait_ms;
    return MS_NEVER;
}

static void fold_outcome(struct kpi *k, const struct event *ev)
{
    enum outcome outcome = ev->call_outcome.outcome;
    uint32_t i = kpi_interval_of(k, ev->call_outcome.arrived_at);
    struct kpi_counts *interval = kpi_interval_counts(k, i);
    count_call(&k->total, ev);
    if (interval)
        count_call(interval, ev);
    if (outcome == OUTCOME_ANSWERED)
        add_wait(k, KPI_WAIT_ANSWERED, ev->call_outcome.wait_ms);
    if (outcome == OUTCOME_ABANDONED || outcome == OUTCOME_ABANDONED_SHORT)
        add_wait(k, KPI_WAIT_ABANDONED, ev->call_outcome.wait_ms);
    if (outcome == OUTCOME_IVR_ABANDONED)
        add_wait(k, KPI_WAIT_MENU, ev->at - ev->call_outcome.arrived_at);
    if (kpi_is_asking(outcome) && ev->call_outcome.person_id)
        kpi_person_asked(k, &(struct kpi_asking){.person_id = ev->call_outcome.person_id,
                                                 .arrived_at = ev->call_outcome.arrived_at,
                                                 .reached_at = reached_at(ev),
                                                 .interval = i});
}

static void count_shed(struct kpi_counts *c, const struct event *ev)
{
    c->calls[OUTCOME_TURNED_AWAY] += ev->shed.n;
    c->shed_n += ev->shed.n;
}

static void fold_shed(struct kpi *k, const struct event *ev)
{
    uint32_t i = kpi_interval_of(k, ev->shed.quarter_at);
    count_shed(&k->total, ev);
    if (i != KPI_OUTSIDE)
        count_shed(kpi_interval_counts(k, i), ev);
}

static void count_gap(struct kpi_counts *c, const struct event *ev)
{
    for (unsigned o = 0; o < ev->gap.outcomes_n && o < OUTCOME_N; o++)
        c->calls[o] += ev->gap.outcomes[o];
    c->gap_n += ev->gap.n;
}

static void fold_gap(struct kpi *k, const struct event *ev)
{
    uint32_t i = kpi_interval_of(k, ev->gap.from_at);
    count_gap(&k->total, ev);
    if (i != KPI_OUTSIDE)
        count_gap(kpi_interval_counts(k, i), ev);
}

/* What was said before counts no more; counts that began since then have not seen it. */
static void count_concluded(struct kpi_counts *c, const struct event *ev)
{
    enum conclusion is = ev->conversation_concluded.conclusion,
                    was = ev->conversation_concluded.was;
    if (was != CONCLUSION_NONE && c->concluded[was])
        c->concluded[was]--;
    if (is != CONCLUSION_NONE)
        c->concluded[is]++;
}

void kpi_counts_fold(struct kpi_counts *c, const struct event *ev)
{
    switch (ev->kind) {
    case EV_CONVERSATION_CONCLUDED:
        count_concluded(c, ev);
        break;
    case EV_CALL_OUTCOME:
        count_call(c, ev);
        break;
    case EV_SHED:
        count_shed(c, ev);
        break;
    case EV_GAP:
        count_gap(c, ev);
        break;
    default:
        break;
    }
}

/* The spoken band against the wait that remained when it was spoken (design §3.9). */
static void fold_joined(struct kpi *k, const struct event *ev)
{
    enum band band = ev->offer_joined.band;
    const struct band_minutes minutes = band_minutes(band);
    if (!minutes.until)
        return;
    ms_t left_ms = ev->at - ev->offer_joined.told_at;
    bool is_above = left_ms >= minutes.from * MINUTE_MS;
    bool is_below = left_ms <= minutes.until * MINUTE_MS || band == BAND_B60;
    k->bands[band].spoken_n++;
    k->bands[band].kept_n += is_above && is_below;
    k->bands[band].sooner_n += !is_above;
}

void kpi_fold(struct kpi *k, const struct event *ev)
{
    k->last_id = ev->id;
    k->last_at = ev->at;
    switch (ev->kind) {
    case EV_CALL_OUTCOME:
        fold_outcome(k, ev);
        break;
    case EV_SHED:
        fold_shed(k, ev);
        break;
    case EV_GAP:
        fold_gap(k, ev);
        break;
    case EV_OFFER_JOINED:
        fold_joined(k, ev);
        break;
    case EV_CONVERSATION_CONCLUDED:
        count_concluded(&k->total, ev);
        break;
    case EV_SIMULATED:
        k->simulated_n++;
        break;
    default:
        break;
    }
}

uint64_t kpi_last_id(const struct kpi *k)
{
    return k->last_id;
}

bool kpi_is_simulated(const struct kpi *k)
{
    return k->simulated_n;
}

const struct kpi_counts *kpi_total(const struct kpi *k)
{
    return &k->total;
}

struct kpi_band kpi_band(const struct kpi *k, enum band band)
{
    return k->bands[band];
}

/* Nearest rank: the least second that at least q tenths of all do not pass. */
static uint32_t percentile(const struct kpi_histogram *h, uint64_t tenths)
{
    uint64_t rank = (h->n * tenths + 9) / 10, seen = 0;
    uint32_t s = 0;
    for (; s < KPI_WAIT_SECONDS_MAX; s++) {
        seen += h->seconds[s];
        if (seen >= rank)
            break;
    }
    return s;
}

struct kpi_waits kpi_waits(const struct kpi *k, enum kpi_wait which)
{
    const struct kpi_histogram *h = &k->waits[which];
    struct kpi_waits w = {.n = h->n};
    if (!h->n)
        return w;
    w.mean_ms = (ms_t)((2 * h->sum_ms + h->n) / (2 * h->n));
    w.p50_s = percentile(h, 5);
    w.p90_s = percentile(h, 9);
    w.p50_is_over = w.p50_s == KPI_WAIT_SECONDS_MAX;
    w.p90_is_over = w.p90_s == KPI_WAIT_SECONDS_MAX;
    return w;
}
