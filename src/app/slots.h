/* slots.h — times that were sold to be called at, until they have come: small rows, by the contact
 * under which they were sold, and how many of each half hour (design §3.6, §3.7, §3.12; ADR 27).
 * The journal says that they were sold; the number stands here and in the store.
 * Called by app/line*.c. Over given memory. Cost: O(log n). */
#ifndef APP_SLOTS_H
#define APP_SLOTS_H

#include "base/heap.h"
#include "base/map.h"

/* Slots that stand at once; past it none is sold. */
#define SLOTS_MAX 16384u
#define SLOT_MS ((ms_t)30 * 60 * 1000)

struct slot {
    uint64_t contact_id, person_id; /* person 0: who withheld the number, and keyed in another */
    uint64_t e164, shown_e164;      /* to call; ours that is shown, 0: the first of the house */
    uint64_t needs;                 /* skills, as in call_queue */
    ms_t from_at, until_at;         /* on the wall */
    uint32_t queue_id, reference, entry_id;
    bool is_discreet;
    bool is_promised; /* its contact stands in the heart, which calls: this row only counts */
    uint32_t next_free;
};

struct slots {
    struct slot *rows; /* borrowed from the arena */
    struct map ids, sold;
    struct heap due; /* by the wall */
    uint32_t used, free, n;
};

void slots_open(struct slots *s, struct arena *arena);
/* The row of this contact; NULL: there is none. */
struct slot *slots_find(const struct slots *s, uint64_t contact_id);
/* False: there is no room, or this contact has one. */
bool slots_put(struct slots *s, const struct slot *slot);
void slots_remove(struct slots *s, uint64_t contact_id);
/* How many stand for the half hour of this queue that begins then. */
uint32_t slots_sold_n(const struct slots *s, uint32_t queue_id, ms_t from_at);

/* The row that is to be looked at first; NULL: none. at: when, on the wall. */
struct slot *slots_first(const struct slots *s, ms_t *at);
/* Looked at again then; MS_NEVER: no more. */
void slots_look_at(struct slots *s, const struct slot *slot, ms_t at);

#endif
