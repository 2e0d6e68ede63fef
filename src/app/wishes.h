/* wishes.h — numbers of those whom we promised to call, by their contact. The journal knows no
 * number: here they stand while the promise does, and in the store as rows (ADR 25).
 * Called by app/line*.c. Over given memory. Cost: O(1). */
#ifndef APP_WISHES_H
#define APP_WISHES_H

#include "base/map.h"

/* Promises that stand at once; past it none is made. */
#define WISHES_MAX 16384u

struct wish {
    uint64_t contact_id, person_id; /* person 0: who withheld the number, and keyed in another */
    uint64_t e164, shown_e164;      /* to call; ours that is shown, 0: the first of the house */
    bool is_gated;                  /* the gate counts it among the open ones */
    uint32_t next_free;
    uint32_t next_same; /* of this number */
};

struct wishes {
    struct wish *rows; /* borrowed from the arena */
    struct map ids, numbers;
    uint32_t used, free, n;
};

void wishes_open(struct wishes *w, struct arena *arena);
/* The row of this contact; NULL: there is none. */
struct wish *wishes_find(const struct wishes *w, uint64_t contact_id);
/* Adds it, or replaces its row. False: there is no room. */
bool wishes_put(struct wishes *w, const struct wish *wish);
void wishes_remove(struct wishes *w, uint64_t contact_id);
/* Those at a number, the newest first; NULL: no further one. */
const struct wish *wishes_first(const struct wishes *w, uint64_t e164);
const struct wish *wishes_next(const struct wishes *w, const struct wish *wish);

#endif
