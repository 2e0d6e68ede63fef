/* closed.h — when we open again, in words (voice-script §4, §10).
 * Called by app/ with an opening found by directory/. Pure. */
#ifndef SAY_CLOSED_H
#define SAY_CLOSED_H

#include "base/calendar.h"
#include "say/say.h"

/* Both days as the wall shows them at the place that opens. */
struct say_opening {
    calendar_day today, day; /* day is today or later */
    uint16_t minute;         /* of the day */
};

/* « Nous sommes fermés. Nous ouvrons lundi, à huit heures trente. » Today, tomorrow, the day's name
 * within six days, then the date. */
void say_closed(struct say_list *list, const struct say_opening *opening, enum prompt_lang lang);
/* « à huit heures trente. »; hours end a sentence. Minutes are told in fives, rounded up: nobody
 * finds a closed door at the hour that was told. */
void say_hour(struct say_list *list, uint16_t minute, enum prompt_lang lang);

#endif
