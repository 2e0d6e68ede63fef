/* outcome.c — classes into rates: the formulas, each with the id of its definition.
 * Called by readers of the fold (sim, pages). Cost: a few additions.
 * Invariant: every class of calls stands in exactly one of: tests, outside hours, without asking
 * for a person, asking; so that no call can be left out of the figures unseen. */
#include <string.h>

#include "kpi/kpi.h"

#define PPM_ONE 1000000u

#define BIT(outcome) (1u << (outcome))
#define ANSWERED (BIT(OUTCOME_ANSWERED) | BIT(OUTCOME_CALLBACK_HONOURED))
#define NOT_ANSWERED                                                                               \
    (BIT(OUTCOME_CALLBACK_FAILED) | BIT(OUTCOME_ABANDONED) | BIT(OUTCOME_ABANDONED_SHORT) |        \
     BIT(OUTCOME_TURNED_AWAY) | BIT(OUTCOME_CUT_OFF))
#define ASKED (ANSWERED | NOT_ANSWERED)
#define IN_HOURS (ASKED | BIT(OUTCOME_IVR_RESOLVED) | BIT(OUTCOME_IVR_ABANDONED))
#define RECEIVED (IN_HOURS | BIT(OUTCOME_OUT_OF_HOURS))
#define CALLBACKS (BIT(OUTCOME_CALLBACK_HONOURED) | BIT(OUTCOME_CALLBACK_FAILED))

/* Rates that are classes over classes. */
static const struct formula {
    const char *id;
    uint32_t n, of; /* sets of classes */
} formulas[KPI_RATE_N] = {
    [KPI_AGENT] = {"decroche-agent-1", ANSWERED, ASKED},
    [KPI_AGENT_DIRECT] = {"decroche-direct-1", BIT(OUTCOME_ANSWERED), ASKED},
    [KPI_AGENT_WITHOUT_SHORT] = {"decroche-sans-courts-1", ANSWERED,
                                 ASKED & ~BIT(OUTCOME_ABANDONED_SHORT)},
    [KPI_GLOBAL] = {"decroche-global-1", ANSWERED | BIT(OUTCOME_IVR_RESOLVED), RECEIVED},
    [KPI_CALLBACK] = {"rappel-honore-1", BIT(OUTCOME_CALLBACK_HONOURED), CALLBACKS},
    [KPI_TURNED_AWAY] = {"dissuasion-1", BIT(OUTCOME_TURNED_AWAY), ASKED},
    [KPI_CUT_OFF] = {"coupure-1", BIT(OUTCOME_CUT_OFF), ASKED},
    [KPI_OUT_OF_HOURS] = {"hors-horaires-1", BIT(OUTCOME_OUT_OF_HOURS), RECEIVED},
};

/* The others: their ids. */
static const char *const ids[KPI_RATE_N] = {
    [KPI_SOON_20] = "qs-20-1",
    [KPI_SOON_60] = "qs-60-1",
    [KPI_SOON_180] = "qs-180-1",
    [KPI_REPEAT_24H] = "reiteration-24h-1",
    [KPI_REPEAT_7D] = "reiteration-7j-1",
    [KPI_PERSON_24H] = "decroche-personne-24h-1",
};

static uint64_t sum(const struct kpi_counts *c, uint32_t classes)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < OUTCOME_N; i++)
        n += classes >> i & 1 ? c->calls[i] : 0;
    return n;
}

uint64_t kpi_received(const struct kpi_counts *c)
{
    return sum(c, RECEIVED);
}

uint64_t kpi_in_hours(const struct kpi_counts *c)
{
    return sum(c, IN_HOURS);
}

uint64_t kpi_asked(const struct kpi_counts *c)
{
    return sum(c, ASKED);
}

uint64_t kpi_answered(const struct kpi_counts *c)
{
    return sum(c, ANSWERED);
}

bool kpi_is_asking(enum outcome outcome)
{
    return ASKED >> outcome & 1;
}

uint32_t kpi_ppm(uint64_t n, uint64_t of)
{
    assert(n <= of && of <= UINT64_MAX / PPM_ONE / 2);
    return of ? (uint32_t)((2 * n * PPM_ONE + of) / (2 * of)) : KPI_NO_RATE;
}

static struct kpi_rate rate(const char *id, uint64_t n, uint64_t of)
{
    return (struct kpi_rate){id, n, of, kpi_ppm(n, of)};
}

struct kpi_rate kpi_rate(const struct kpi_counts *c, enum kpi_rate_id id)
{
    const struct formula *f = &formulas[id];
    if (f->id)
        return rate(f->id, sum(c, f->n), sum(c, f->of));
    switch (id) {
    case KPI_SOON_20:
    case KPI_SOON_60:
    case KPI_SOON_180:
        return rate(ids[id], c->soon_n[id - KPI_SOON_20], kpi_asked(c));
    case KPI_REPEAT_24H:
        return rate(ids[id], c->repeat_24h_n, c->identified_n);
    case KPI_REPEAT_7D:
        return rate(ids[id], c->repeat_7d_n, c->identified_n);
    default:
        assert(id == KPI_PERSON_24H);
        return rate(ids[id], c->persons_24h_n, c->persons_n);
    }
}

struct kpi_rate kpi_rate_never(const struct kpi_persons *p)
{
    return rate("personnes-jamais-7j-1", p->never_n, p->followed_n);
}

uint32_t kpi_tenths(uint32_t ppm)
{
    assert(ppm <= PPM_ONE);
    return (ppm + 500) / 1000;
}

struct kpi_rate kpi_rate_with_operator(const struct kpi_counts *c, uint32_t refused_n)
{
    assert(refused_n <= KPI_REFUSED_MAX);
    return rate("decroche-operateur-1", kpi_answered(c), kpi_asked(c) + refused_n);
}

void kpi_counts_add(struct kpi_counts *a, const struct kpi_counts *b)
{
    for (unsigned i = 0; i < OUTCOME_N; i++)
        a->calls[i] += b->calls[i];
    for (unsigned i = 0; i < KPI_SOON_S_N; i++)
        a->soon_n[i] += b->soon_n[i];
    a->shed_n += b->shed_n;
    a->gap_n += b->gap_n;
    a->wait_answered_ms += b->wait_answered_ms;
    a->wait_abandoned_ms += b->wait_abandoned_ms;
    a->talk_ms += b->talk_ms;
    a->talk_n += b->talk_n;
    a->withheld_n += b->withheld_n;
    a->repeat_24h_n += b->repeat_24h_n;
    a->repeat_7d_n += b->repeat_7d_n;
    a->identified_n += b->identified_n;
    a->persons_n += b->persons_n;
    a->persons_24h_n += b->persons_24h_n;
    a->persons_7d_n += b->persons_7d_n;
    a->persons_lost_n += b->persons_lost_n;
    for (unsigned i = 0; i < CONCLUSION_N; i++)
        a->concluded[i] += b->concluded[i];
}
