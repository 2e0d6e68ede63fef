/* nagios.h — what the running service says of itself, as one line of a Nagios plugin (Monitoring
 * Plugins Development Guidelines: status, text, "|", figures). Called by status.c. */
#ifndef CLI_NAGIOS_H
#define CLI_NAGIOS_H

#include "base/text.h"

/* Exit codes of plugins. */
enum nagios {
    NAGIOS_OK,
    NAGIOS_WARNING,
    NAGIOS_CRITICAL,
    NAGIOS_UNKNOWN,
};

/* A line with its end, from the bodies of /health and /api/v1/status; status: of HTTP, 200 when
 * there are figures. What is no JSON of ours is UNKNOWN. */
struct nagios_seen {
    struct text health, figures;
    unsigned figures_status;
};
enum nagios nagios_line(struct text_out *out, const struct nagios_seen *seen);

/* The service did not answer: err as live_ask() has it. */
enum nagios nagios_silent(struct text_out *out, int err);

#endif
