/* supervise.h — orders about agents that have words of their own: agent.c takes them from here. */
#ifndef CLI_SUPERVISE_H
#define CLI_SUPERVISE_H

#include "cli/args.h"

/* move, move-back, outcome. */
bool supervise_has_order(const char *order);
/* An exit code. */
int supervise_agent(const struct cli_args *a, const char *socket);

#endif
