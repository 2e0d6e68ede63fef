/* restore.c — `decroche restore`: a backup takes the place of the database, which is kept.
 * Called by main.c. */
#include <errno.h>

#include "cli/report.h"
#include "journal/backup.h"
#include "os/clock.h"
#include "os/file.h"
#include "store/account.h"
#include "store/never.h"

static const char usage[] =
    "decroche restore COPY FILE [--json]\n"
    "\n"
    "Verifies the backup COPY, then puts it in the place of the database FILE. The present FILE "
    "is\n"
    "kept beside it under a dated name; nothing is deleted. Refused while a service runs on FILE.\n"
    "What happened after the backup is only in the file set aside. Browser sessions have ended.\n"
    "\n"
    "exit: 0 restored   1 COPY is broken, nothing changed   2 usage   3 cannot, nothing changed\n";

static const char *cure_of(int err)
{
    switch (err) {
    case EBUSY:
        return "a service runs on it: stop it first";
    case ENOSPC:
        return "make room: the present file and the backup must both fit";
    case ENOENT:
        return "check both names";
    default:
        return "run it as the user of the service, on a disk that answers";
    }
}

/* The list of the backup stands under the key of the backup; that of the present file stays when it
 * is the same, and is never overwritten. */
static int copy_key(const struct cli_args *a)
{
    int err = store_never_key_copy(a->file[1], a->file[0]);
    if (!err)
        return CLI_OK;
    return cli_cannot(a, "the key of who is never called", err,
                      "the database is restored; set FILE" STORE_NEVER_SUFFIX
                      " aside, and put COPY" STORE_NEVER_SUFFIX " in its place");
}

/* Who signed out since the backup stays signed out; the others sign in again. */
static int end_sessions(const struct cli_args *a)
{
    const struct sql_args sql = {.path = a->file[1]};
    int err = store_account_end_sessions(&sql);
    return err ? cli_cannot(a, a->file[1], err,
                            "the database is restored, with the browser sessions of the backup; "
                            "`decroche user end` ends them")
               : CLI_OK;
}

int cli_restore(int argc, char **argv)
{
    static const struct cli_command command = {.name = "restore", .usage = usage, .files_n = 2};
    struct cli_args a = {.command = &command};
    struct journal_report r;
    char aside[OS_PATH_MAX];
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    if (a.is_help)
        return CLI_OK;
    struct journal_restore_args restore = {a.file[0], a.file[1], os_clock_wall_at()};
    int err = journal_restore(&r, aside, &restore);
    if (err && r.verdict != JOURNAL_BROKEN)
        return cli_cannot(&a, err == EBUSY ? a.file[1] : a.file[0], err, cure_of(err));
    cli_report_print(&a, err ? a.file[0] : a.file[1], &r);
    if (!err && aside[0])
        fprintf(stderr, "decroche restore: the file before is kept as %s\n", aside);
    int code = cli_report_exit(&r);
    code = code == CLI_OK ? copy_key(&a) : code;
    return code == CLI_OK ? end_sessions(&a) : code;
}
