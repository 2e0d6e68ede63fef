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

/* The same in pieces, for who reads it while it is written: a new file, events, and what stands in
 * it for others after each lived_commit(). */
struct lived;
MUST_CHECK int lived_open(struct lived **l, const char *path);
bool lived_take(struct lived *l, const struct event *ev); /* false: lived_commit() says why */
MUST_CHECK int lived_commit(struct lived *l);
void lived_drop(struct lived *l); /* what was not committed is not kept; NULL is fine */

#endif
