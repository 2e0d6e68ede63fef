/* status.c — `decroche status`: what the running service says of itself, on a calm page.
 * Called by main.c. The page is rendered by the service; this only shows it. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/live.h"
#include "cli/nagios.h"

#define WATCH_MS 1000
#define NAGIOS_BYTES 4096
/* Added to the exit code of a plugin that has said its line. */
#define NAGIOS_SAID 100
#define CLEAR "\033[H\033[2J"

static const char usage[] =
    "decroche status -c FILE | --socket PATH [--watch | --nagios] [--json]\n"
    "\n"
    "Shows, in French, who waits in which queue, who is at work, the calls of today, and what is\n"
    "wrong with its cure. Asks the running service over its Unix socket: run it as the user of "
    "the\n"
    "service or as root. -c: the settings name the socket (web.socket). --watch: again each "
    "second,\n"
    "until Ctrl-C. --json: the same as /api/v1/status, one object a line.\n"
    "--nagios: one line for Nagios and its kin, with figures; exit 0 OK, 1 WARNING, 2 CRITICAL,\n"
    "3 UNKNOWN.\n"
    "\n"
    "exit: 0 shown   1 the service answers, but cannot say yet   2 usage   3 no service there\n";

static int show(const struct cli_args *a, const char *socket, const char *before)
{
    const struct live_request request = {.socket = socket,
                                         .target = "/api/v1/status",
                                         .accept = a->is_json ? "application/json" : "text/plain"};
    return live_show(a, &request, before);
}

/* ---- for Nagios ---- */

static int ask_page(struct live_answer *answer, const char *socket, const char *target)
{
    const struct live_request request = {
        .socket = socket, .target = target, .accept = "application/json"};
    int err = live_ask(answer, &request);
    if (!err && answer->status == 403) {
        live_drop(answer);
        err = EACCES;
    }
    return err;
}

static enum nagios examine(struct text_out *out, const char *socket)
{
    struct live_answer health, figures;
    int err = ask_page(&health, socket, "/health");
    if (err)
        return nagios_silent(out, err);
    err = ask_page(&figures, socket, "/api/v1/status");
    const struct nagios_seen seen = {.health = health.body,
                                     .figures = err ? TEXT_NONE : figures.body,
                                     .figures_status = err ? 0 : figures.status};
    enum nagios level = nagios_line(out, &seen);
    live_drop(&health);
    live_drop(&figures);
    return level;
}

static int run_nagios(const char *socket)
{
    char line[NAGIOS_BYTES];
    struct text_out out = {.p = line, .max = sizeof(line)};
    enum nagios level = examine(&out, socket);
    fwrite(line, 1, out.n, stdout);
    return NAGIOS_SAID + (int)level;
}

static int run(const struct cli_args *a, const char *socket)
{
    if (a->is_nagios)
        return run_nagios(socket);
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
    static const struct cli_command command = {
        .name = "status", .usage = usage, .is_live = true, .has_nagios = true};
    bool is_nagios = false;
    for (int i = 1; i < argc; i++)
        is_nagios |= !strcmp(argv[i], "--nagios");
    int code = live_run(&command, argc, argv, run);
    if (code >= NAGIOS_SAID)
        return code - NAGIOS_SAID;
    if (is_nagios && code != CLI_OK) { /* a plugin that does not know says so on standard output */
        puts("DECROCHE UNKNOWN - arguments ou réglages faux, voir decroche status --help");
        return NAGIOS_UNKNOWN;
    }
    return code;
}
