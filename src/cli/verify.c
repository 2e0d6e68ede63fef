/* verify.c — `decroche verify`: is this journal what was written?
 * Called by main.c. */
#include "cli/report.h"

static const char usage[] =
    "decroche verify FILE [--json]\n"
    "\n"
    "Reads a journal (or a backup) from its first event to its last and checks the pages of the\n"
    "database, the chain of hashes, the numbers of the events, the seals of closed months. "
    "Changes\n"
    "nothing; may run beside the service. Says the first broken place and the cure.\n"
    "\n"
    "An end that was cut off with care leaves a sound chain: compare the hash with the one that\n"
    "was published, or with that of a backup.\n"
    "\n"
    "exit: 0 sound   1 broken   2 usage   3 cannot be read\n";

int cli_verify(int argc, char **argv)
{
    static const struct cli_command command = {.name = "verify", .usage = usage, .files_n = 1};
    struct cli_args a = {.command = &command};
    struct journal_report r;
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    if (a.is_help)
        return CLI_OK;
    struct sql_args sql = {.path = a.file[0]};
    journal_verify(&r, &sql);
    cli_report_print(&a, a.file[0], &r);
    return cli_report_exit(&r);
}
