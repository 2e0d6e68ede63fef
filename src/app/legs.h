/* legs.h — which leg belongs to which call: a fold of its own, so that effects name legs and the
 * core names none. Included by app/ only. */
#ifndef APP_LEGS_H
#define APP_LEGS_H

#include "base/map.h"
#include "event/event.h"

struct leg_row {
    uint64_t contact_id, call_id, leg_id;
    uint32_t free_next;
    uint16_t node;
    bool is_kept; /* of an earlier process, and goes on */
};

struct legs {
    struct leg_row *rows; /* borrowed from the arena */
    struct map ids;       /* contact or call → row */
    uint32_t n, free;
};

void legs_open(struct legs *legs, struct arena *arena, uint32_t n_max);
/* The row of a contact or call, or NULL. */
const struct leg_row *legs_get(const struct legs *legs, uint64_t id);
/* There is room for each live contact. */
void legs_add(struct legs *legs, const struct leg_row *row);
void legs_keep(struct legs *legs, uint64_t id);
bool legs_is_kept(const struct legs *legs, uint64_t id);
/* Before the effects of an event, and after them. */
void legs_before(struct legs *legs, const struct event *ev);
void legs_after(struct legs *legs, const struct event *ev);

#endif
