/* line_practice.h — an agent speaks with a robot of the house, on the agent's wish.
 * Included by src/app/line*.c and their tests. */
#ifndef APP_LINE_PRACTICE_H
#define APP_LINE_PRACTICE_H

#include "acd/ask.h"
#include "app/line_deeds.h"

/* The robot's line has none: nothing is asked of the telephone for it. */
bool line_has_leg(const struct line *line);

/* May this agent practise now? And what follows once the wish was answered. */
bool line_practice_may(const struct lines *l, const struct acd_agent_look *look);
void line_practice_begin(struct lines *l, uint32_t agent_id);

/* Of the robot: it waits, for a moment; its time has come; its line is forgotten. */
void line_practice_wait(struct lines *l, struct line *line);
void line_practice_timer(struct lines *l, struct line *line);
void line_practice_over(struct lines *l, const struct line *line);

/* Of the agent who speaks with it: the bridge, the end of a sentence, the next one. */
void line_practice_join(struct lines *l, struct line *agent, struct line *caller);
void line_practice_played(struct lines *l, struct line *agent);
void line_practice_next(struct lines *l, struct line *agent);

#endif
