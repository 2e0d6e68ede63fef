/* projection.h — is 85 % of today's calls still within reach? The State's promise (Services
 * Publics+, engagement n°6) with its arithmetic, so that anybody can follow it; and the day beside
 * the same day a week ago, by quarters of an hour. Integers only. Pure. Called by the screens. */
#ifndef VIEW_PROJECTION_H
#define VIEW_PROJECTION_H

#include "view/house.h"

#define PROJECTION_TARGET_PERCENT 85u

struct view_projection {
    uint64_t asked, answered; /* of today, classes that are given */
    uint64_t needed;          /* the next so many must all have somebody; 0: it is reached now */
    uint64_t expected;        /* asked for somebody after this hour a week ago; when is_known */
    uint32_t best_tenths;     /* tenths of a per cent if all of those have somebody */
    bool is_known;            /* there is a whole day of a week ago to compare with */
    enum view_reach { REACH_NONE, REACH_NOW, REACH_POSSIBLE, REACH_LOST, REACH_UNKNOWN } reach;
};

/* Of these counts of today. REACH_NONE: nobody has asked for anybody yet. Who sees but a part of
 * the house has no week to compare with: quarters are of the whole. Cost: a walk over a day's
 * quarters. */
struct view_projection view_projection(const struct view_house *house,
                                       const struct kpi_counts *today);

/* Quarter q of a local day, 0 … VIEW_QUARTERS − 1; NULL: nothing was counted then. */
#define VIEW_QUARTERS 96u
const struct kpi_counts *view_quarter(const struct view_house *house, calendar_day day, uint32_t q);

#endif
