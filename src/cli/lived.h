/* lived.h — a simulated life as a journal file, marked as such by its first event.
 * Called by sim.c. */
#ifndef CLI_LIVED_H
#define CLI_LIVED_H

#include "sim/run.h"

/* 0: path may be made. EEXIST: there is a file, and nothing is ever written into or over one; *why
 * says which kind of file it is. */
MUST_CHECK int lived_may_write(const char **why, const char *path);

/* The events of the run, in batches as a writer makes them: same run, same chain of hashes. It
 * stands under its name only when it is whole. 0 or errno. */
MUST_CHECK int lived_write(const char *path, const struct sim *sim);

#endif
