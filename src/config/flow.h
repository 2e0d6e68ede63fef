/* flow.h — flows/NAME.yaml into struct ivr_flow: the menus of the numbers.
 * Called by cli/check and by main.c at start and on reload. All flows that the directory names are
 * read in one run and refused together; what comes out has passed ivr_check(). */
#ifndef CONFIG_FLOW_H
#define CONFIG_FLOW_H

#include "config/yaml.h"
#include "directory/directory.h"
#include "ivr/flow.h"

struct config_flow {
    char id[DIRECTORY_ID_BYTES]; /* as the numbers name it */
    struct ivr_flow flow;
    char ids[IVR_STEPS_MAX][DIRECTORY_ID_BYTES]; /* of its steps */
};

struct config_flows {
    struct config_flow *list; /* owned; each once, in the order of the numbers */
    uint32_t n;
};

/* Each flow that a number of the directory names, from folder/NAME.yaml. errors->file at the call:
 * the directory's own name, where a number that names a missing flow stands. 0 and *out to drop; or
 * errno (EINVAL: a file is wrong or missing) with every error in the list, file after file. */
MUST_CHECK int config_flows_load(struct config_flows *out, const char *folder,
                                 const struct directory *directory, struct config_errors *errors);

/* The flow of this name, or NULL. */
const struct ivr_flow *config_flows_find(const struct config_flows *flows, const char *id);
void config_flows_drop(struct config_flows *flows);

/* What the keys of these flows lead to, in words, into the directory that they were read with; 0 or
 * ENOMEM. Dropped with the directory. */
MUST_CHECK int config_choices_load(struct directory *d, const struct config_flows *flows);
void config_choices_drop(struct directory *d);

/* One flow, from a file or from a NUL-terminated text (errors->file is then the caller's). */
MUST_CHECK int config_flow_load(struct ivr_flow *out, const char *path,
                                const struct directory *directory, struct config_errors *errors);
MUST_CHECK int config_flow_read(struct ivr_flow *out, const char *text,
                                const struct directory *directory, struct config_errors *errors);

#endif
