/* line_slots.h — a caller chooses the half hour in which to be called (voice-script §4, §5
 * cb.slots). Included by src/app/line*.c only. */
#ifndef APP_LINE_SLOTS_H
#define APP_LINE_SLOTS_H

#include "app/slots.h"
#include "say/callback.h"

struct line;
struct lines;

struct line_slots {
    ms_t page_at[SAY_SLOTS_MAX]; /* what was just read out, by the wall */
    ms_t from_at, until_at;      /* what was chosen, or what is told instead; 0: nothing yet */
    uint8_t page_n, days, nth;   /* how far in the days that are read out by twos */
};

/* Is there a free half hour for callers of this queue? */
bool line_slots_any(const struct lines *l, const struct line *line, uint32_t queue_id);
/* Reads the next two out; false: there is none. Behind the last ones, the first once more. */
bool line_slots_page(struct lines *l, struct line *line, struct say_list *list);
/* The half hour of key 1 or 2; false: there is none, or somebody has just had it. */
bool line_slots_choose(struct lines *l, struct line *line, char key);
/* « C’est noté. Nous vous rappellerons demain, entre … » */
void line_slots_say_done(const struct lines *l, const struct line *line, struct say_list *list);
/* It is told again, as it was sold. */
void line_slots_tell(struct line *line, const struct slot *slot);
/* After closing, in their order: from the opening on, for as long as those before them take. */
void line_slots_after_closing(struct lines *l, struct line *line);

/* Where the number of a caller who did not come to a queue leads to; 0: nowhere. */
uint32_t line_slots_queue(const struct line *line);
/* Sold to a caller whose contact the heart has just promised a call, then. */
bool line_slots_keep(struct lines *l, const struct slot *slot);
/* The same to a caller who did not come to the queue. False: it could not be noted. */
bool line_slots_sell(struct lines *l, struct line *line, const struct slot *slot);
/* The heart writes it down; agent_id: who agreed on it with the person, 0: nobody. */
bool line_slots_tell_heart(struct lines *l, const struct slot *slot, uint32_t agent_id);
/* Can this half hour of the wall be sold now? */
bool line_slots_is_free(const struct lines *l, uint32_t queue_id, ms_t from_at);
/* It was not noted, or is given back. */
void line_slots_cancel(struct lines *l, uint64_t contact_id, enum cancelled_by by);
/* Its contact is over: the half hour is free, unless it is one of another day. */
void line_slots_over(struct lines *l, uint64_t contact_id);
/* It is no more. */
void line_slots_forget(struct lines *l, uint64_t contact_id);

/* What is due. */
void line_slots_run(struct lines *l);
/* The contact that is to be called with this reference, by this queue; 0: none. Walks over all. */
uint64_t line_slots_promised(const struct lines *l, uint32_t reference, uint32_t queue_id);
ms_t line_slots_next_at(const struct lines *l);

#endif
