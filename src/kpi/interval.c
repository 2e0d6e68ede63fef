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
