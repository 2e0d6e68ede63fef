/* backup.c — `decroche backup`: a verified copy of the database, beside the running service.
 * Called by main.c. */
#include <errno.h>

#include "cli/report.h"
#include "journal/backup.h"
#include "os/file.h"
#include "store/never.h"

static const char usage[] =
    "decroche backup FILE COPY [--json]\n"
    "\n"
    "Copies the whole database FILE, as it is at one instant, into the new file COPY, and "
    "verifies\n"
    "the copy. May run beside the service. Never overwrites. COPY holds telephone numbers: only\n"
    "its owner may read it, keep it as long as the law allows and no longer. Beside it goes\n"
    "COPY" STORE_NEVER_SUFFIX ", the key of those who are never called: keep both together.\n"
    "\n"
    "exit: 0 copied and sound   1 FILE is broken, no copy kept   2 usage   3 cannot\n";

static const char *cure_of(int err)
{
    switch (err) {
    case EEXIST:
        return "nothing is overwritten: choose another name";
    case ENOSPC:
        return "make room, or choose another disk";
    case ENOENT:
        return "check both names";
    default:
        return "run it as the user of the service, on a disk that answers";
    }
}

/* What the copy is worth without: nobody could be called back from it. */
static int copy_key(const struct cli_args *a)
{
    int err = store_never_key_copy(a->file[1], a->file[0]);
    if (!err)
        return CLI_OK;
    return cli_cannot(a, "the key of who is never called", err,
                      "FILE" STORE_NEVER_SUFFIX
                      " must go with the copy, as COPY" STORE_NEVER_SUFFIX);
}

int cli_backup(int argc, char **argv)
{
    static const struct cli_command command = {.name = "backup", .usage = usage, .files_n = 2};
    struct cli_args a = {.command = &command};
    struct journal_report r;
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    if (a.is_help)
        return CLI_OK;
    int err = journal_backup(&r, a.file[0], a.file[1]);
    if (err && r.verdict != JOURNAL_BROKEN)
        return cli_cannot(&a, err == EEXIST ? a.file[1] : a.file[0], err, cure_of(err));
    cli_report_print(&a, err ? a.file[0] : a.file[1], &r);
    int code = cli_report_exit(&r);
    return code == CLI_OK ? copy_key(&a) : code;
}
