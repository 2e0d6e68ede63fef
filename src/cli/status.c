/* status.c — `decroche status`: what the running service says of itself, on a calm page.
 * Called by main.c. The page is rendered by the service; this only shows it. */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/live.h"

#define WATCH_MS 1000
#define CLEAR "\033[H\033[2J"

static const char usage[] =
    "decroche status -c FILE | --socket PATH [--watch] [--json]\n"
    "\n"
    "Shows, in French, who waits in which queue, who is at work, the calls of today, and what is\n"
    "wrong with its cure. Asks the running service over its Unix socket: run it as the user of "
    "the\n"
    "service or as root. -c: the settings name the socket (web.socket). --watch: again each "
    "second,\n"
    "until Ctrl-C. --json: the same as /api/v1/status, one object a line.\n"
    "\n"
    "exit: 0 shown   1 the service answers, but cannot say yet   2 usage   3 no service there\n";

static int show(const struct cli_args *a, const char *socket, const char *before)
{
    const struct live_request request = {.socket = socket,
                                         .target = "/api/v1/status",
                                         .accept = a->is_json ? "application/json" : "text/plain"};
    return live_show(a, &request, before);
}

static int run(const struct cli_args *a, const char *socket)
{
    int code = show(a, socket, "");
    if (!a->is_watch || code == CLI_CANNOT)
        return code;
    bool clears = isatty(STDOUT_FILENO) && !a->is_json;
    for (;;) { /* until Ctrl-C; a service that restarts comes back by itself */
        (void)poll(NULL, 0, WATCH_MS);
        if (ferror(stdout))
            return CLI_OK; /* the reader of a pipe has left */
        (void)show(a, socket, clears ? CLEAR : a->is_json ? "" : "\n");
    }
}

int cli_status(int argc, char **argv)
{
    static const struct cli_command command = {.name = "status", .usage = usage, .is_live = true};
    return live_run(&command, argc, argv, run);
}
