/* live.h — a live command asks the running service over its Unix socket (RFC 9112, one request a
 * connection). Called by src/cli/ only. Waits, at most for LIVE_WAIT_S. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "base/text.h"
#include "cli/args.h"
#include "config/settings.h"

#define LIVE_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define LIVE_WAIT_S 10

struct live_answer {
    unsigned status;  /* of HTTP */
    struct text body; /* within bytes */
    char *bytes;      /* owned */
};

struct live_request {
    const char *socket, *target, *accept;
    bool is_post;       /* an order */
    const char *method; /* NULL: as is_post says */
    struct text body;   /* JSON, of an order that has one */
};

/* 0: the service answered. ENOENT, ECONNREFUSED: no service there. EACCES: not for this user.
 * ETIMEDOUT, EPROTO (what came is no answer), EFBIG, ENAMETOOLONG, ENOMEM… */
MUST_CHECK int live_ask(struct live_answer *answer, const struct live_request *request);
/* Why nobody answered, in one line, with what to do. Returns CLI_CANNOT. */
int live_tell_trouble(const struct cli_args *a, const char *socket, int err);
/* A live command from its arguments to its exit code: run gets the socket to ask. */
typedef int live_run_fn(const struct cli_args *a, const char *socket);
int live_run(const struct cli_command *command, int argc, char **argv, live_run_fn *run);
void live_drop(struct live_answer *answer);
/* Asks, and shows the answer's body as it is, after `before`; what refuses an order, for people, on
 * standard error. An exit code: CLI_FINDING when the service did not answer with 200. */
int live_show(const struct cli_args *a, const struct live_request *request, const char *before);

#endif
