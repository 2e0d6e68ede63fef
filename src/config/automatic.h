/* automatic.h — may a machine open the calls back (callback.confirm: key)? Only from a number of
 * ours, in a range that the plan gives to machines. Called by config/set and cli. */
#ifndef CONFIG_AUTOMATIC_H
#define CONFIG_AUTOMATIC_H

#include "config/settings.h"
#include "directory/directory.h"

/* 0, or EINVAL with what is wrong in the list. *e164: that number; 0: a human speaks first.
 * errors->file is the caller's: that of the settings. */
MUST_CHECK int config_automatic_read(uint64_t *e164, const struct settings *s,
                                     const struct directory *directory,
                                     struct config_errors *errors);

#endif
