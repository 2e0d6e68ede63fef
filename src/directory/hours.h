/* hours.h — is it open now, and until when? Opening hours of weeks and of sites, holidays,
 * exceptions, each in its own time zone. Called by app for queues and numbers, later by the menu
 * and the pages. Pure. */
#ifndef DIRECTORY_HOURS_H
#define DIRECTORY_HOURS_H

#include "directory/directory.h"
#include "event/enums.h"

/* Nothing is looked for farther ahead. */
#define HOURS_LOOK_DAYS 400

struct directory_opening {
    enum hours hours;
    ms_t until_at; /* when that changes; MS_NEVER: not within HOURS_LOOK_DAYS */
};

/* weeks: bits of the first DIRECTORY_PHONE_WEEKS_MAX of d->weeks; open when any of them is, each by
 * its own clock. HOURS_CLOSED_BY_PERSON: the published hours say open, an exception that was not
 * published before the day says closed (design §3.5). */
enum hours directory_hours_at(const struct directory *d, uint64_t weeks, ms_t at);
struct directory_opening directory_opening_at(const struct directory *d, uint64_t weeks, ms_t at);
/* The next instant after at when it opens; at itself when it is open. MS_NEVER as above. */
ms_t directory_opens_at(const struct directory *d, uint64_t weeks, ms_t at);

/* The same of the door of one site; one without hours is never open. */
struct directory_opening directory_site_opening_at(const struct directory *d, uint32_t site,
                                                   ms_t at);
ms_t directory_site_opens_at(const struct directory *d, uint32_t site, ms_t at);

/* Where one may go, and when. place: "" when the site does not travel. */
struct directory_stop {
    const char *place; /* borrowed from the directory */
    ms_t from_at, to_at;
};

/* What is open on a day of the site's own calendar: at most DAY_SPANS_MAX, in order; how many. */
unsigned directory_site_stops(struct directory_stop out[DAY_SPANS_MAX], const struct directory *d,
                              uint32_t site, calendar_day day);
/* The one that is open at an instant, or the next; false: none within HOURS_LOOK_DAYS. */
bool directory_site_next_stop(struct directory_stop *out, const struct directory *d, uint32_t site,
                              ms_t at);
/* Today, where the site is. */
calendar_day directory_site_day(const struct directory *d, uint32_t site, ms_t at);

/* The clock of these hours: their own, or the organisation's; of a set, that of its first. */
struct directory_clock directory_clock_of(const struct directory *d, uint64_t weeks);

/* A moment of voice without the accessible telephone. */
struct directory_gap {
    uint32_t week; /* of voice */
    calendar_day day;
    uint16_t from_minute, to_minute; /* in the week's own zone */
    bool is_weekly;                  /* so on each such weekday; else that very day */
};

/* Is the accessible telephone open whenever voice is? Sets of weeks as above. Law 2005-102, art.
 * 78, and décret 2017-875, art. 2: at the same hours, since 1 October 2026. False: the first gap.
 * Looks at a week, at all days of some years where zones or holidays differ, and at all exceptions.
 */
bool directory_hours_cover(struct directory_gap *gap, const struct directory *d, uint64_t voice,
                           uint64_t accessible);

#endif
