/* unreached.h — who was never reached today: people whose calls asked for somebody and got nobody,
 * until one is answered (ADR 37). A fold of the reader's, by person: who called three times stands
 * once. Called by app/readmodel.c, read by app/pages_unreached.c. Over given memory. Cost: O(1). */
#ifndef APP_UNREACHED_H
#define APP_UNREACHED_H

#include "acd/acd.h"
#include "base/calendar.h"
#include "base/map.h"

/* People of one day; past it they are counted, and stand in no row. */
#define UNREACHED_MAX 8192u
/* Calls that were refused and have not ended: of so many it is known which queue they asked for. */
#define UNREACHED_REFUSED_MAX 256u

struct unreached_row {
    uint64_t contact_id;  /* of the first of these calls: the order of the list */
    uint64_t person_id;   /* 0: the number was withheld; then each call stands alone */
    uint64_t promised_id; /* the newest contact under which a callback was promised; 0: none */
    ms_t first_at, last_at;
    uint32_t queue_id, reference; /* of the newest; 0: it came to no queue */
    uint32_t calls_n;
    enum outcome outcome; /* of the newest */
    bool is_used;
    uint32_t next_free;
};

struct unreached {
    struct unreached_row *rows; /* borrowed from the arena */
    struct map persons, contacts;
    uint32_t used, free, n, lost_n; /* lost: found no room */
    calendar_day day;
    struct {
        uint64_t contact_id;
        uint32_t queue_id;
    } refused[UNREACHED_REFUSED_MAX];
    unsigned refused_at;
    uint64_t cancelled_id; /* by its person: the class that follows is no call without an answer */
};

struct arena;
void unreached_open(struct unreached *u, struct arena *arena);
/* One event, after it was applied to this state. */
void unreached_fold(struct unreached *u, const struct acd *acd, const struct event *ev,
                    enum zone zone);
/* The row of who was told this reference, without its check digit; NULL: nobody. */
const struct unreached_row *unreached_find(const struct unreached *u, uint32_t reference);

#endif
