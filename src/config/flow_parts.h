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

/* A prompt, a list of them, and the name of a step; told when they are wrong (0, IVR_NO_STEP). */
ivr_prompt flow_read_prompt(struct flow_reading *r, const struct config_node *node);
uint8_t flow_read_step_name(struct flow_reading *r, const struct config_node *node);

/* flow_values.c: what the step e says behind its own key (node), or in all of its keys. */
void flow_read_value(struct flow_reading *r, struct ivr_step *step, const struct config_node *node);
void flow_read_collect(struct flow_reading *r, struct ivr_step *step, const struct config_node *e);
void flow_read_branch(struct flow_reading *r, struct ivr_step *step,
                      const struct config_node *node);
void flow_read_lang(struct flow_reading *r, struct ivr_step *step, const struct config_node *node);
void flow_read_languages(struct flow_reading *r, const struct config_node *node);
void flow_read_transfer(struct flow_reading *r, struct ivr_step *step,
                        const struct config_node *node);
/* When all steps are known: is the agent of the queue that takes over? */
void flow_check_transfer(struct flow_reading *r, const struct ivr_step *step,
                         const struct config_node *e);
/* After its prompts. */
void flow_read_message(struct flow_reading *r, struct ivr_step *step, const struct config_node *e);

/* The steps as things that others name. */
struct config_things flow_steps(const struct flow_reading *r);
/* The step of this place in the list. */
const struct config_node *flow_step_node(const struct flow_reading *r, unsigned step);

/* Fills ids from the list; false when there is no list to go on with. */
MUST_CHECK bool flow_read_ids(struct flow_reading *r);
/* When all steps are known: labels that nobody would see. */
void flow_check_labels(struct flow_reading *r);
/* Fills the steps, after the ids. */
void flow_read_steps(struct flow_reading *r);

#endif
