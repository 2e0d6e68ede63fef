/* reload.c — `decroche reload`: the running service reads its files again. Called by main.c. */
#include "cli/args.h"
#include "cli/live.h"

static const char usage[] =
    "decroche reload -c FILE | --socket PATH [--json]\n"
    "\n"
    "Has the running service read its settings, directory, flows and secrets again, and waits "
    "until\n"
    "they are in force. No call is dropped: those in course keep what they began with. A wrong "
    "file\n"
    "refuses all of them, every mistake is said as by `decroche check`, and what was in force "
    "stays.\n"
    "Keys that only a start can change are named. SIGHUP does the same and tells the log.\n"
    "\n"
    "exit: 0 in force   1 refused, or not known yet   2 usage   3 no service there\n";

static int ask(const struct cli_args *a, const char *socket)
{
    const struct live_request request = {.socket = socket,
                                         .target = "/api/v1/reload",
                                         .accept = a->is_json ? "application/json" : "text/plain",
                                         .is_post = true};
    return live_show(a, &request, "");
}

int cli_reload(int argc, char **argv)
{
    static const struct cli_command command = {.name = "reload", .usage = usage, .is_live = true};
    return live_run(&command, argc, argv, ask);
}
