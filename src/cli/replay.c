/* replay.c — `decroche replay`: the events of a journal, one a line.
 * Called by main.c. */
#include <errno.h>
#include <inttypes.h>

#include "cli/args.h"
#include "event/print.h"
#include "journal/walk.h"

static const char usage[] =
    "decroche replay FILE [--from ID] [--to ID] [--json]\n"
    "\n"
    "Prints the events of a journal (or a backup) in their order, one a line, each batch checked\n"
    "against the chain first. Changes nothing; may run beside the service. --json: one object a\n"
    "line, instants in ms since 1970 UTC.\n"
    "\n"
    "exit: 0 all printed   1 broken after the last line printed   2 usage   3 cannot be read\n";

struct printer {
    const struct cli_args *a;
};

static bool print_event(const struct event *ev, void *arg)
{
    const struct printer *p = arg;
    char line[EVENT_PRINT_MAX];
    if (ev->id > p->a->to_id)
        return false;
    event_print(line, ev, p->a->is_json ? EVENT_FORM_JSON : EVENT_FORM_TEXT);
    return puts(line) >= 0; /* the reader of a pipe may leave */
}

static int tell_break(const struct cli_args *a, const struct journal_walk *w)
{
    fprintf(stderr, "decroche replay: %s: after event %" PRIu64 ": %s — %s\n", a->file[0],
            w->good_id, journal_fault_why(w->fault), journal_fault_cure(w->fault));
    return CLI_FINDING;
}

static int replay(const struct cli_args *a, sqlite3 *db)
{
    struct printer p = {a};
    struct journal_reading r = {a->from_id ? a->from_id - 1 : 0, print_event, &p};
    struct journal_walk w = {.st = NULL};
    int err = journal_walk_open(&w, db, r.after_id);
    if (!err)
        err = journal_walk_read(&w, &r);
    int code = err == EBADMSG || err == ENOTSUP ? tell_break(a, &w) : CLI_OK;
    if (err && !code)
        code = cli_cannot(a, a->file[0], err, "run it as the user of the service");
    journal_walk_drop(&w);
    return code;
}

int cli_replay(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "replay", .usage = usage, .files_n = 1, .has_range = true};
    struct cli_args a = {.command = &command};
    sqlite3 *db = NULL;
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    if (a.is_help)
        return CLI_OK;
    struct sql_args sql = {.path = a.file[0], .is_read_only = true};
    int err = sql_open(&db, &sql);
    int code = err ? cli_cannot(&a, a.file[0], err, "check the name") : replay(&a, db);
    sql_drop(db);
    return code;
}
