/* flow_parts.h — the reader of flows, between its files. Included by config/flow*.c. */
#ifndef CONFIG_FLOW_PARTS_H
#define CONFIG_FLOW_PARTS_H

#include "config/refer.h"
#include "config/table.h"
#include "ivr/flow.h"

struct flow_reading {
    struct ivr_flow *flow; /* being filled */
    const struct directory *directory;
    const struct config_node *steps; /* the list */
    char ids[IVR_STEPS_MAX][DIRECTORY_ID_BYTES];
    struct config_errors *errors;
};

/* The steps as things that others name. */
struct config_things flow_steps(const struct flow_reading *r);
/* The step of this place in the list. */
const struct config_node *flow_step_node(const struct flow_reading *r, unsigned step);

/* Fills ids from the list; false when there is no list to go on with. */
bool flow_read_ids(struct flow_reading *r);
/* Fills the steps, after the ids. */
void flow_read_steps(struct flow_reading *r);

#endif
