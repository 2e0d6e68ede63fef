/* interval.c — quarters of an hour of the site's wall clock. Called by fold.c and by readers.
 * Cost: one division. Invariant: a call is counted in the quarter of its arrival, for ever. */
#include "base/division.h"
#include "kpi/state.h"

uint32_t kpi_interval_of(struct kpi *k, ms_t at)
{
    ms_t i = floor_div(at + k->offset_ms, KPI_QUARTER_MS) - k->first_quarter;
    if (i < 0 || i >= (ms_t)k->intervals_max)
        return KPI_OUTSIDE;
    if ((uint32_t)i >= k->intervals_n)
        k->intervals_n = (uint32_t)i + 1;
    return (uint32_t)i;
}

static struct kpi_counts *intervals(const struct kpi *k)
{
    return (struct kpi_counts *)(uintptr_t)((const uint8_t *)k + k->intervals_at);
}

struct kpi_counts *kpi_interval_counts(struct kpi *k, uint32_t i)
{
    return i == KPI_OUTSIDE ? NULL : &intervals(k)[i];
}

uint32_t kpi_intervals_n(const struct kpi *k)
{
    return k->intervals_n;
}

const struct kpi_counts *kpi_interval(const struct kpi *k, uint32_t i)
{
    assert(i < k->intervals_n);
    return &intervals(k)[i];
}

ms_t kpi_interval_at(const struct kpi *k, uint32_t i)
{
    return (k->first_quarter + (ms_t)i) * KPI_QUARTER_MS - k->offset_ms;
}

struct kpi_counts kpi_day(const struct kpi *k, ms_t at)
{
    struct kpi_counts sum = {.shed_n = 0};
    ms_t day = floor_div(at + k->offset_ms, KPI_DAY_MS);
    ms_t first = day * (KPI_DAY_MS / KPI_QUARTER_MS) - k->first_quarter;
    for (ms_t i = first; i < first + KPI_DAY_MS / KPI_QUARTER_MS; i++)
        if (i >= 0 && i < (ms_t)k->intervals_n)
            kpi_counts_add(&sum, &intervals(k)[i]);
    return sum;
}

struct kpi_persons kpi_day_persons(const struct kpi *k, ms_t at)
{
    const struct kpi_counts c = kpi_day(k, at);
    ms_t ends_at = (floor_div(at + k->offset_ms, KPI_DAY_MS) + 1) * KPI_DAY_MS - k->offset_ms;
    bool is_over = ends_at + KPI_NEVER_AFTER_MS <= k->last_at;
    uint64_t others = c.persons_n - c.persons_7d_n;
    return (struct kpi_persons){.n = c.persons_n,
                                .reached_24h_n = c.persons_24h_n,
                                .reached_7d_n = c.persons_7d_n,
                                .followed_n = is_over ? c.persons_n : 0,
                                .never_n = is_over ? others : 0,
                                .open_n = is_over ? 0 : others,
                                .lost_n = c.persons_lost_n};
}
