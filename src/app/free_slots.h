/* free_slots.h — which half hours of a queue can be sold (ADR 27): the same for who chooses by
 * keys, on the main thread, and for the agent's page, on the reader's. Called by app/line_slots.c
 * and app/pages_slot.c. Pure. Cost: a look at the hours of each half hour asked about. */
#ifndef APP_FREE_SLOTS_H
#define APP_FREE_SLOTS_H

#include "app/slots.h"
#include "directory/directory.h"

#define FREE_SLOT_MINUTES ((unsigned)(SLOT_MS / 60000))
/* Not sooner than this: who is told a time has it. */
#define FREE_LEAD_MS ((ms_t)15 * 60 * 1000)
/* Today and five days more (voice-script §5, cb.slots.none). */
#define FREE_DAYS_N 6u
/* A day ends at 23:30: « vingt-quatre heures » is no hour. */
#define FREE_LAST_MINUTE (24u * 60 - FREE_SLOT_MINUTES)
#define FREE_DAY_MAX (FREE_LAST_MINUTE / FREE_SLOT_MINUTES)

/* Whose half hours, by the clock of its hours; weeks 0: nobody's, and never open. */
struct free_slots {
    const struct directory *directory;
    uint64_t weeks;
    ms_t wall_at;
    uint32_t queue_id;
    uint32_t each_max;                /* sold of each; 0: none */
    uint16_t dials_from, dials_until; /* minutes of a day in which a machine dials */
    enum zone zone;
    uint32_t (*sold_n)(const void *arg, uint32_t queue_id, ms_t from_at);
    const void *arg;
};

/* weeks and zone of this queue. */
void free_slots_of(struct free_slots *of, const struct directory *d, uint32_t queue_id);
/* Does one begin at this instant of the wall, and can it be sold? */
bool free_slots_is(const struct free_slots *of, ms_t at);
/* Those that begin on the day so far ahead, from this minute and before that one: how many. */
struct free_between {
    unsigned ahead, from, until; /* minutes */
};
unsigned free_slots_day(const struct free_slots *of, const struct free_between *when,
                        ms_t out[FREE_DAY_MAX]);

#endif
