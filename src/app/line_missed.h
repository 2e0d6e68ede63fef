/* line_missed.h — agents whose telephone rang in vain: what lines remember of each, and do about
 * it. Included by line.h only. */
#ifndef APP_LINE_MISSED_H
#define APP_LINE_MISSED_H

#include "app/lines.h"

/* An agent who did not pick up: when, on the wall; when we call. */
struct missed {
    uint32_t agent_id; /* 0: free */
    ms_t wall_at, call_at;
};

void line_missed_tell(struct lines *l, const struct effect *e);
void line_missed_run(struct lines *l);
/* What this agent has to hear of a call that was not taken; false: nothing (any more). */
bool line_missed_words(struct lines *l, uint32_t agent_id, struct say_list *list);

#endif
