/* profile.h — a simulation profile, from its file into struct plan_profile.
 * Called by cli/sim.c and by tests. Cost: once, at start. Refused whole at the first doubt; all
 * mistakes are told in one run. */
#ifndef CONFIG_PROFILE_H
#define CONFIG_PROFILE_H

#include "config/yaml.h"
#include "plan/profile.h"

/* 0, or errno with errors listed (EINVAL: the file is wrong). */
MUST_CHECK int config_profile_load(struct plan_profile *out, const char *path,
                                   struct config_errors *errors);

/* The same from memory. */
MUST_CHECK int config_profile_read(struct plan_profile *out, const char *text, size_t n,
                                   struct config_errors *errors);

#endif
