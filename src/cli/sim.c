/* sim.c — decroche sim: a service lived through in seconds, with the code that serves in life.
 * Called by main.c. Reads a profile, runs sim/run.c, prints the figures.
 * Invariant: the same command line prints the same bytes, on every CPU. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lived.h"
#include "config/profile.h"
#include "config/value.h"
#include "event/print.h"
#include "sim/report.h"

#define MINUTE_MS ((ms_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
/* Monday 16 November 2026, 00:00 in Paris (UTC + 1 h): the Monday of the demonstration. */
#define MONDAY_AT ((ms_t)1794783600000)
#define PARIS_OFFSET_MS HOUR_MS
#define EARLY_MS (15 * MINUTE_MS) /* agents come before the first call */
#define HOURS_DEFAULT 8
#define HOURS_MAX 168
#define DAYS_MAX 366
#define CRASH_EVERY_MIN 50
#define SNAPSHOT_EVENTS 500 /* with crashes, so that restarts begin at one */
#define ERRORS_TEXT_MAX 12000

struct options {
    const char *profile, *events, *journal;
    uint64_t seed, hours, days, crash_every;
    bool is_json, is_help, has_hours;
};

static const char usage[] =
    "decroche sim --profile FILE [--hours H | --days D] [--seed N] [--json]\n"
    "             [--events FILE] [--journal FILE] [--crash-every N]\n"
    "\n"
    "Lives through a whole service (calls, waiting, agents, mishaps) with the code that serves in\n"
    "life, and prints its indicators, in French. The same seed gives the same bytes on every "
    "CPU.\n"
    "\n"
    "  --profile FILE   who calls when, who answers, how people are (see sim/profiles/)\n"
    "  --hours H        H hours from the first opening of Monday (8)\n"
    "  --days D         D whole days from Monday 00:00 instead\n"
    "  --seed N         of chance (1)\n"
    "  --crash-every N  kills the process each N writes, syncs and effects; checks that nothing "
    "is\n"
    "                   lost and that the state read again is the one that lived\n"
    "  --events FILE    writes all events there, one a line, as JSON\n"
    "  --journal FILE   makes a journal of it, which `decroche replay` and `verify` read. Its "
    "first\n"
    "                   event marks it as simulated for ever: no service continues it. The file\n"
    "                   must not be there yet\n"
    "  --json           prints the indicators as JSON\n"
    "\n"
    "exit: 0 every rule held   1 a rule was broken   2 usage, or a wrong profile   3 the world\n"
    "failed (no such file, disk full, no memory)\n";

static int usage_error(const char *what, const char *which)
{
    fprintf(stderr, "decroche sim: %s%s — see `decroche sim --help`\n", what, which);
    return CLI_USAGE;
}

/* A whole number within bounds. */
static bool read_number(uint64_t *out, const char *text, uint64_t min, uint64_t max)
{
    int64_t v;
    if (!config_integer(&v, text) || v < 0 || (uint64_t)v < min || (uint64_t)v > max)
        return false;
    *out = (uint64_t)v;
    return true;
}

static const struct option {
    const char *name;
    size_t at; /* of the value in struct options */
    uint64_t min, max;
    bool is_text;
} options[] = {
    {"--profile", offsetof(struct options, profile), 0, 0, true},
    {"--events", offsetof(struct options, events), 0, 0, true},
    {"--journal", offsetof(struct options, journal), 0, 0, true},
    {"--seed", offsetof(struct options, seed), 0, 1000000000000000000, false},
    {"--hours", offsetof(struct options, hours), 1, HOURS_MAX, false},
    {"--days", offsetof(struct options, days), 1, DAYS_MAX, false},
    {"--crash-every", offsetof(struct options, crash_every), CRASH_EVERY_MIN, UINT32_MAX, false},
};

static int read_value(struct options *o, const struct option *option, const char *value)
{
    char bounds[96];
    void *at = (char *)o + option->at;
    if (!value)
        return usage_error("a value lacks after ", option->name);
    if (option->is_text) {
        *(const char **)at = value;
        return CLI_OK;
    }
    o->has_hours |= at == &o->hours;
    if (read_number(at, value, option->min, option->max))
        return CLI_OK;
    snprintf(bounds, sizeof(bounds), "%s wants a whole number from %llu to %llu, not ",
             option->name, (unsigned long long)option->min, (unsigned long long)option->max);
    return usage_error(bounds, value);
}

static int read_option(struct options *o, const char *name, const char *value)
{
    for (unsigned i = 0; i < ARRAY_LEN(options); i++)
        if (!strcmp(options[i].name, name))
            return read_value(o, &options[i], value);
    return usage_error("unknown option ", name);
}

static int read_options(struct options *o, int argc, char **argv)
{
    *o = (struct options){.seed = 1, .hours = HOURS_DEFAULT};
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            o->is_help = true;
        } else if (!strcmp(argv[i], "--json")) {
            o->is_json = true;
        } else {
            int err = read_option(o, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
            if (err)
                return err;
            i++;
        }
    }
    if (o->is_help)
        return CLI_OK;
    if (!o->profile)
        return usage_error("what is to be simulated? Add --profile ",
                           "sim/profiles/haute-lisiere.yaml");
    if (o->days && o->has_hours)
        return usage_error("--hours and --days do not go together; keep one", "");
    return CLI_OK;
}

/* The first opening of the week, from Monday 00:00; the week itself when there is none. */
static ms_t first_opening(const struct plan_profile *p)
{
    for (unsigned d = 0; d < WEEK_DAYS; d++)
        if (p->hours[d].n)
            return MONDAY_AT + (ms_t)d * DAY_MS + p->hours[d].span[0].from_minute * MINUTE_MS;
    return MONDAY_AT;
}

static struct sim_args args_of(const struct options *o, const struct plan_profile *p)
{
    struct sim_args args = {.profile = p,
                            .seed = o->seed,
                            .midnight_at = MONDAY_AT,
                            .offset_ms = PARIS_OFFSET_MS,
                            .crash_at = o->crash_every,
                            .crash_every = o->crash_every,
                            .snapshot_events = o->crash_every ? SNAPSHOT_EVENTS : 0};
    ms_t opening_at = first_opening(p);
    if (o->days) {
        args.from_at = MONDAY_AT;
        args.until_at = MONDAY_AT + (ms_t)o->days * DAY_MS;
    } else {
        args.from_at = opening_at >= MONDAY_AT + EARLY_MS ? opening_at - EARLY_MS : MONDAY_AT;
        args.until_at = opening_at + (ms_t)o->hours * HOUR_MS;
    }
    return args;
}

static int cannot(const char *what, int err, const char *cure)
{
    char why[128];
    fprintf(stderr, "decroche sim: %s: %s — %s\n", what, strerror_r(err, why, sizeof(why)), cure);
    return CLI_CANNOT;
}

static bool write_event(const struct event *ev, void *arg)
{
    char line[EVENT_PRINT_MAX];
    event_print(line, ev, EVENT_FORM_JSON);
    return fprintf(arg, "%s\n", line) > 0;
}

static int write_events(const struct sim *sim, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return cannot(path, errno, "name a file that can be written");
    bool ok = sim_events(sim, write_event, f) && !ferror(f);
    bool closed = !fclose(f);
    return ok && closed ? CLI_OK : cannot(path, errno ? errno : EIO, "is there room?");
}

/* Before anything is lived: a file that is there is never touched. */
static int may_write(const struct options *o)
{
    const char *why = NULL;
    int err = o->journal ? lived_may_write(&why, o->journal) : 0;
    if (err == EEXIST)
        fprintf(stderr, "decroche sim: %s %s — name a new file\n", o->journal, why);
    else if (err)
        cannot(o->journal, err, "name a file in a folder that is there");
    return err ? CLI_CANNOT : CLI_OK;
}

static int write_journal(const struct sim *sim, const char *path)
{
    int err = lived_write(path, sim);
    return err ? cannot(path, err, "name a new file in a folder that may be written to") : CLI_OK;
}

static int run(const struct options *o, const struct plan_profile *p)
{
    struct sim_args args = args_of(o, p);
    struct sim *sim = sim_open(&args);
    if (!sim)
        return cannot(o->profile, ENOMEM, "make callers_max smaller in the profile");
    int code = sim_run(sim) ? CLI_OK : CLI_FINDING;
    struct sim_report report = {.kpi = sim_kpi(sim),
                                .profile = p,
                                .totals = sim_totals(sim),
                                .seed = o->seed,
                                .midnight_at = args.midnight_at,
                                .from_at = args.from_at,
                                .until_at = args.until_at};
    if (o->is_json)
        sim_report_json(stdout, &report);
    else
        sim_report_text(stdout, &report);
    int err = o->events ? write_events(sim, o->events) : CLI_OK;
    if (!err && o->journal)
        err = write_journal(sim, o->journal);
    sim_drop(sim);
    if (fflush(stdout))
        err = cannot("standard output", errno, "is there room?");
    return err ? err : code;
}

/* A profile that cannot be read is the world's failure, a wrong one is the writer's. */
static int load_and_run(const struct options *o, struct plan_profile *profile,
                        struct config_errors *errors)
{
    char text[ERRORS_TEXT_MAX];
    errors->file = o->profile;
    int err = may_write(o);
    if (err)
        return err;
    err = config_profile_load(profile, o->profile, errors);
    if (!err)
        return run(o, profile);
    config_errors_text(errors, text, sizeof(text));
    fputs(text, stderr);
    return err == EINVAL ? CLI_USAGE : CLI_CANNOT;
}

int cli_sim(int argc, char **argv)
{
    struct options o;
    int code = read_options(&o, argc, argv);
    if (code)
        return code;
    if (o.is_help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    struct plan_profile *profile = malloc(sizeof(*profile));
    struct config_errors *errors = calloc(1, sizeof(*errors));
    if (profile && errors)
        code = load_and_run(&o, profile, errors);
    else
        code = cannot(o.profile, ENOMEM, "free some memory");
    free(profile);
    free(errors);
    return code;
}
