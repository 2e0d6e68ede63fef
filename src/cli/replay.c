/* replay.c — `decroche replay`: the events of a journal, one a line; or what they fold to.
 * Called by main.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "acd/acd.h"
#include "cli/args.h"
#include "cli/results.h"
#include "event/print.h"
#include "journal/walk.h"

static const char usage[] =
    "decroche replay FILE [--from ID] [--to ID] [--hash | --results] [--json]\n"
    "\n"
    "Prints the events of a journal (or a backup) in their order, one a line, each batch checked\n"
    "against the chain first. Changes nothing; may run beside the service. --json: one object a\n"
    "line, instants in ms since 1970 UTC. --hash: prints only the hash of the state to which the\n"
    "events up to --to fold: equal hashes, equal states. --results: the published figures "
    "instead,\n"
    "day by day and in all, in French, recomputed from the events up to --to; beside each figure "
    "of\n"
    "a journal that the simulator lived stands \"simulé\".\n"
    "\n"
    "exit: 0 all printed   1 broken after the last line printed   2 usage   3 cannot be read\n";

struct replay {
    const struct cli_args *a;
    struct acd *acd; /* NULL: no fold */
    void *memory;    /* owned */
};

static bool take_event(const struct event *ev, void *arg)
{
    const struct replay *r = arg;
    char line[EVENT_PRINT_MAX];
    if (ev->id > r->a->to_id)
        return false;
    if (r->acd) {
        acd_apply(r->acd, ev);
        return true;
    }
    event_print(line, ev, r->a->is_json ? EVENT_FORM_JSON : EVENT_FORM_TEXT);
    return puts(line) >= 0; /* the reader of a pipe may leave */
}

static int open_fold(struct replay *r)
{
    static const struct acd_limits limits = {ACD_CONTACTS_DEFAULT, ACD_AGENTS_DEFAULT,
                                             ACD_QUEUES_DEFAULT, ACD_LANES_DEFAULT};
    if (!r->a->is_hash)
        return 0;
    int err = posix_memalign(&r->memory, 64, acd_bytes(&limits));
    if (!err)
        r->acd = acd_open(r->memory, &limits);
    return err;
}

static void print_hash(const struct replay *r)
{
    printf(r->a->is_json ? "{\"last_id\":%" PRIu64 ",\"hash\":\"%016" PRIx64 "\"}\n"
                         : "state after event %" PRIu64 ": hash %016" PRIx64 "\n",
           acd_last_id(r->acd), acd_hash(r->acd));
}

int cli_tell_break(const struct cli_args *a, const struct journal_walk *w)
{
    fprintf(stderr, "decroche replay: %s: after event %" PRIu64 ": %s — %s\n", a->file[0],
            w->good_id, journal_fault_why(w->fault), journal_fault_cure(w->fault));
    return CLI_FINDING;
}

static int replay(struct replay *p, sqlite3 *db)
{
    const struct cli_args *a = p->a;
    uint64_t after_id = a->from_id && !a->is_hash ? a->from_id - 1 : 0;
    struct journal_reading r = {after_id, take_event, p};
    struct journal_walk w = {.st = NULL};
    int err = open_fold(p);
    if (!err)
        err = journal_walk_open(&w, db, after_id);
    if (!err)
        err = journal_walk_read(&w, &r);
    int code = err == EBADMSG || err == ENOTSUP ? cli_tell_break(a, &w) : CLI_OK;
    if (err && !code)
        code = cli_cannot(a, a->file[0], err, "run it as the user of the service");
    if (!err && p->acd)
        print_hash(p);
    journal_walk_drop(&w);
    free(p->memory);
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
    if (a.is_results && (a.is_hash || a.from_id)) {
        fputs("decroche replay: --results goes from the first event on, with neither --from nor "
              "--hash — see `decroche replay --help`\n",
              stderr);
        return CLI_USAGE;
    }
    struct sql_args sql = {.path = a.file[0], .is_read_only = true};
    int err = sql_open(&db, &sql);
    struct replay r = {.a = &a};
    int code = CLI_OK;
    if (err)
        code = cli_cannot(&a, a.file[0], err, "check the name");
    else
        code = a.is_results ? cli_results(&a, db) : replay(&r, db);
    sql_drop(db);
    return code;
}
