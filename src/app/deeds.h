/* deeds.h — who asked for help, closed a queue, moved somebody, and which agents called for
 * somebody: a fold of the reader's beside the heart, which keeps no names (ADR 41). Called by
 * app/readmodel.c. Over given memory. Cost: O(1). */
#ifndef APP_DEEDS_H
#define APP_DEEDS_H

#include "acd/acd.h"
#include "view/deeds.h"

struct arena;

struct deeds {
    struct view_queue_deeds *queues; /* by slot; borrowed from the arena, all of them */
    struct view_agent_deeds *agents;
    struct view_alert *alerts;
    uint64_t alerts_n;
    struct view_listen *listens;
};

void deeds_open(struct deeds *d, struct arena *arena, const struct acd_limits *limits);
/* One event, after it was applied to this state. */
void deeds_fold(struct deeds *d, const struct acd *acd, const struct event *ev);
struct view_deeds deeds_look(const struct deeds *d);

#endif
