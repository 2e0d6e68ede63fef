/* workday.h — what each agent did today: conversations, their length, what came of them, answers in
 * writing. A fold of the reader's, by slot of the agent; shown to that agent alone. Called by
 * app/readmodel.c, read by app/pages_console.c. Over given memory. Cost: O(1). */
#ifndef APP_WORKDAY_H
#define APP_WORKDAY_H

#include "acd/acd.h"
#include "base/calendar.h"
#include "view/console.h"

/* With whom an agent speaks, or spoke last: the heart forgets the contact before the wrap-up is
 * over.
 */
struct workday_talk {
    uint64_t contact_id, person_id; /* contact_id 0: nobody yet; person_id 0: a withheld number */
    uint64_t needs;                 /* skills */
    uint32_t reference;             /* without its check digit */
    uint32_t entry_id;              /* what they dialled; 0: not known */
};

struct workday {
    struct view_workday *rows;  /* by slot; borrowed from the arena */
    struct workday_talk *talks; /* the same */
    uint32_t *ids;              /* whose the row is: slots are used again */
    uint32_t agents_max;
    calendar_day day;
};

struct arena;
void workday_open(struct workday *w, struct arena *arena, uint32_t agents_max);
/* One event, after it was applied to this state. */
void workday_fold(struct workday *w, const struct acd *acd, const struct event *ev, enum zone zone);
/* All zeros: nothing yet on this day. */
struct view_workday workday_of(const struct workday *w, const struct acd *acd, uint32_t agent_id,
                               calendar_day today);

/* All zeros: they speak with nobody, and have no wrap-up. */
struct workday_talk workday_talk(const struct workday *w, const struct acd *acd, uint32_t agent_id);

#endif
