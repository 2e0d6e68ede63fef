/* ways.h — what the keys of menus chose before people came to somebody: a fold of the reader's, by
 * contact, so that the card shows it, and the same after a restart (ADR 48). Called by
 * app/readmodel.c, read by app/desk.c. Over given memory. Cost: O(1). */
#ifndef APP_WAYS_H
#define APP_WAYS_H

#include "acd/acd.h"
#include "base/map.h"
#include "view/console.h"

/* Ways that are remembered, of who waits or speaks; past it the oldest is forgotten. */
#define WAYS_MAX 16384u

struct ways_row {
    uint64_t contact_id;
    struct view_way way;
};

struct ways {
    struct ways_row *rows; /* borrowed from the arena */
    struct map of;         /* by contact */
    uint32_t next;
};

struct arena;
void ways_open(struct ways *w, struct arena *arena);
void ways_fold(struct ways *w, const struct event *ev);
/* is_known false: none. */
struct view_way ways_of(const struct ways *w, uint64_t contact_id);

#endif
