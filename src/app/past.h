/* past.h — what people had from us before: the newest calls of each, with their class and what the
 * agent said of them. A fold of the reader's, by person; the card of a caller shows it once they
 * have given a reference or a name (design §3.8). Called by app/readmodel.c, read by
 * app/pages_console.c. Over given memory. Cost: O(1), and a look through PAST_RECENT_N. */
#ifndef APP_PAST_H
#define APP_PAST_H

#include "acd/acd.h"
#include "base/map.h"
#include "view/console.h"

/* People remembered; past it whoever was met first is forgotten: their calls stay in the journal.
 */
#define PAST_PEOPLE_MAX 16384u
/* Calls just over, or conversations just concluded: the two are told apart, in either order. */
#define PAST_RECENT_N 256u

struct past_person {
    uint64_t person_id;
    uint64_t call_ids[VIEW_PAST_MAX];
    struct view_past rows[VIEW_PAST_MAX]; /* the newest first */
    unsigned n;
};

struct past {
    struct past_person *people; /* borrowed from the arena */
    struct map of;
    uint32_t used, next;
    struct {
        uint64_t call_id, person_id; /* person_id 0: its class is not told yet */
        enum conclusion conclusion;
    } recent[PAST_RECENT_N];
    unsigned recent_at;
};

struct arena;
void past_open(struct past *p, struct arena *arena);
/* One event, after it was applied to this state. */
void past_fold(struct past *p, const struct acd *acd, const struct event *ev);
/* NULL: nobody knows this person, or nothing of them is remembered. */
const struct past_person *past_of(const struct past *p, uint64_t person_id);

#endif
