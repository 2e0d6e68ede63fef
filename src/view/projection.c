/* projection.c — see projection.h. */
#include "view/parts.h"
#include "view/projection.h"

#define WEEK_DAYS 7
#define WHOLE_PERCENT 100u
#define QUARTER_MINUTES 15u

/* The first x for which (answered + x) ÷ (asked + x) is the target. */
static uint64_t needed_of(const struct view_projection *p)
{
    uint64_t wanted = PROJECTION_TARGET_PERCENT * p->asked, has = WHOLE_PERCENT * p->answered;
    uint64_t step = WHOLE_PERCENT - PROJECTION_TARGET_PERCENT;
    return wanted > has ? (wanted - has + step - 1) / step : 0;
}

const struct kpi_counts *view_quarter(const struct view_house *house, calendar_day day, uint32_t q)
{
    const struct kpi *k = house->kpi;
    if (!k || q >= VIEW_QUARTERS)
        return NULL;
    ms_t at = calendar_instant(house->zone, day, q * QUARTER_MINUTES);
    ms_t i = at - kpi_interval_at(k, 0);
    bool is_there = i >= 0 && i / KPI_QUARTER_MS < (ms_t)kpi_intervals_n(k);
    return is_there ? kpi_interval(k, (uint32_t)(i / KPI_QUARTER_MS)) : NULL;
}

/* From this quarter on; false: that day is not whole in the journal, or nobody called. */
static bool count_week_ago(const struct view_house *house, uint64_t *asked)
{
    struct calendar_local now = calendar_local(house->zone, house->now_at);
    uint64_t all = 0;
    *asked = 0;
    if (!view_quarter(house, house->today - WEEK_DAYS, 0))
        return false;
    for (uint32_t q = 0; q < VIEW_QUARTERS; q++) {
        const struct kpi_counts *c = view_quarter(house, house->today - WEEK_DAYS, q);
        uint64_t n = c ? kpi_asked(c) : 0;
        all += n;
        *asked += q >= now.minute / QUARTER_MINUTES ? n : 0;
    }
    return all > 0;
}

static enum view_reach reach_of(const struct view_projection *p)
{
    if (!p->asked)
        return REACH_NONE;
    if (!p->needed)
        return REACH_NOW;
    if (!p->is_known)
        return REACH_UNKNOWN;
    return p->needed <= p->expected ? REACH_POSSIBLE : REACH_LOST;
}

struct view_projection view_projection(const struct view_house *house,
                                       const struct kpi_counts *today)
{
    struct view_projection p = {.asked = kpi_asked(today), .answered = kpi_answered(today)};
    p.needed = needed_of(&p);
    p.is_known = view_sees_all(house) && count_week_ago(house, &p.expected);
    if (p.asked + p.expected)
        p.best_tenths = kpi_tenths(kpi_ppm(p.answered + p.expected, p.asked + p.expected));
    p.reach = reach_of(&p);
    return p;
}
