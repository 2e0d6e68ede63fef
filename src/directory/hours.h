/* hours.h — is it open now, and until when? Opening hours of weeks, holidays, exceptions, in the
 * time zone of the organisation. Called by app for queues and numbers, later by the menu. Pure. */
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

/* weeks: bits of d->weeks; open when any of them is. HOURS_CLOSED_BY_PERSON: the published hours
 * say open, an exception that was not published before the day says closed (design §3.5). */
enum hours directory_hours_at(const struct directory *d, uint64_t weeks, ms_t at);
struct directory_opening directory_opening_at(const struct directory *d, uint64_t weeks, ms_t at);
/* The next instant after at when it opens; at itself when it is open. MS_NEVER as above. */
ms_t directory_opens_at(const struct directory *d, uint64_t weeks, ms_t at);

#endif
