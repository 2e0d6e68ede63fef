/* places.h — whose place is kept after a drop, by person, so that who calls again is found. Nothing
 * of it is on disk: the heart has it, and it is made again at each start (ADR 29).
 * Called by app/line*.c. Over given memory. Cost: O(1), and the places of one person. */
#ifndef APP_PLACES_H
#define APP_PLACES_H

#include "base/map.h"

/* Places remembered at once; who is dropped past it takes nothing back. */
#define PLACES_MAX 16384u

struct place {
    uint64_t contact_id, person_id;
    uint32_t next, prev; /* of this person; next: also the next free one */
};

struct places {
    struct place *rows; /* borrowed from the arena */
    struct map ids, persons;
    uint32_t max, used, free, n;
};

void places_open(struct places *p, struct arena *arena, uint32_t max);
/* False: there is no room. Twice is as good as once; person 0 is nobody. */
bool places_put(struct places *p, uint64_t contact_id, uint64_t person_id);
void places_remove(struct places *p, uint64_t contact_id);
/* Those of a person: from NULL on; NULL: no further one. */
const struct place *places_next(const struct places *p, uint64_t person_id,
                                const struct place *after);

#endif
