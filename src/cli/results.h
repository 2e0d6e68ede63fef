/* results.h — the published figures of a whole journal, recomputed from its events.
 * Called by replay.c. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include "cli/args.h"
#include "journal/walk.h"

/* Prints them; days are those of Europe/Paris, by the offset of the first event. The exit code. */
int cli_results(const struct cli_args *a, sqlite3 *db);

/* Says where the reading broke. Returns CLI_FINDING. */
int cli_tell_break(const struct cli_args *a, const struct journal_walk *w);

#endif
