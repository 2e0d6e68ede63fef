/* load.c — `decroche load`: many real calls at a time, bounded, measured as callers hear them.
 * Called by main.c. Cost: what the calls cost. Invariant: whatever ends it, every call is hung up,
 * every robot agent signed out, and the results are printed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/load.h"

static const char usage[] =
    "decroche load -c FILE | --to IP:PORT --called NUMBER[=WEIGHT] … [--rate 1] [--calls N | --for "
    "60s]\n"
    "              [--hold 20s] [--patience TIME] [--keys 1,2] [--after 4s] [--talk TIME] "
    "[--mute]\n"
    "              [--from NUMBER] [--agents N] [--agents-from FILE] [--agents-do answer]\n"
    "              [--answer 2s] [--speak 30s] [--seed 1] [--json] [--yes]\n"
    "\n"
    "Places many real calls (SIP and RTP), --rate a second, and says in French what the callers\n"
    "noticed: set-up, first sound, lost packets and their spacing, failures by status, who ended.\n"
    "docs/operations.md says how to read it. Ctrl-C hangs all calls up and prints the results; a\n"
    "second one ends at once. A target that is not this machine is refused without --yes.\n"
    "\n"
    "  --hold TIME         a caller hangs up that long after the answer (20s)\n"
    "  --patience TIME     or after a time drawn with that mean, whichever is first\n"
    "  --agents N          so many of the agents in the secrets of -c FILE register and sign in;\n"
    "                      -c and --to go together then\n"
    "  --agents-from FILE  or those of that file: LINE SECRET CODE, one a line\n"
    "  --agents-do WHAT    answer after --answer, and speak for --speak; ignore: never pick up;\n"
    "                      refuse: busy; die: after --speak neither sound nor SIP comes from the "
    "telephone\n"
    "  --mute              callers send nothing; else silence, after the tone of --talk\n"
    "  --seed N            of chance: which number, whose patience\n"
    "\n"
    "exit: 0 all calls went well   1 some failed   2 usage   3 the world failed\n";

#define RATE_MILLI 1000
#define HOLD_MS ((ms_t)20000)
#define AFTER_MS ((ms_t)4000)
#define ANSWER_MS ((ms_t)2000)
#define SPEAK_MS ((ms_t)30000)
/* A drawn patience is hardly ever longer than so many means; set-up and end of a call. */
#define PATIENCE_MEANS 8
#define AROUND_MS ((ms_t)5000)
/* Agents have so long to register and sign in; to sign out; and the last counts to come. */
#define SIGN_IN_MS ((ms_t)40000)
#define SIGN_OUT_MS ((ms_t)15000)
#define END_MS ((ms_t)3000)
#define LINE_MS ((ms_t)1000)
/* Greetings of the last calls are over by then. */
#define CALM_AFTER_MS ((ms_t)4000)
#define PLAIN_LINE_MS ((ms_t)5000)

/* ---- what is asked for -------------------------------------------------------------------- */

static void put_defaults(struct robot_options *o)
{
    o->rate_milli = o->rate_milli ? o->rate_milli : RATE_MILLI;
    o->hold_ms = o->hold_ms || o->patience_ms ? o->hold_ms : HOLD_MS;
    o->after_ms = o->after_ms ? o->after_ms : AFTER_MS;
    o->answer_ms = o->answer_ms ? o->answer_ms : ANSWER_MS;
    o->speak_ms = o->speak_ms ? o->speak_ms : SPEAK_MS;
}

uint64_t load_calls_at_once(const struct robot_options *o)
{
    ms_t stay_ms = o->patience_ms * PATIENCE_MEANS;
    if (o->hold_ms && (!stay_ms || o->hold_ms < stay_ms))
        stay_ms = o->hold_ms;
    uint64_t n = (uint64_t)o->rate_milli * (uint64_t)(stay_ms + AROUND_MS) / 1000000 + 1;
    uint64_t all =
        o->calls ? o->calls : (uint64_t)o->rate_milli * (uint64_t)o->for_ms / 1000000 + 1;
    return n < all ? n : all;
}

static int refuse(const struct robot_options *o, const char *why)
{
    fprintf(stderr, "decroche %s: %s\n", o->command, why);
    return CLI_USAGE;
}

static int check(const struct robot_options *o)
{
    char why[256];
    uint64_t n = load_calls_at_once(o);
    if (!o->calls == !o->for_ms || (o->calls && !o->called_n))
        return robot_usage(o, "say either --calls N or --for TIME (agents alone: --for)", "");
    if (o->calls * 1000000 / o->rate_milli > (uint64_t)ROBOT_ARGS_TIME_MS_MAX)
        return refuse(o, "à ce rythme, ces appels dureraient plus de 24\u00a0heures\u00a0: "
                         "augmentez --rate ou diminuez --calls");
    if (n <= ROBOT_CALLERS_MAX)
        return CLI_OK;
    snprintf(why, sizeof(why),
             "cela ferait jusqu’à %llu appels à la fois, %u au plus\u00a0: diminuez --rate, --hold "
             "ou --patience",
             (unsigned long long)n, ROBOT_CALLERS_MAX);
    return refuse(o, why);
}

static int check_target(const struct robot_options *o, const struct address *to)
{
    char why[320], at[ADDRESS_TEXT_MAX];
    struct text_out out = {.p = at, .max = sizeof(at) - 1};
    address_put(&out, to);
    at[out.n] = '\0';
    if (address_is_loopback(to) || o->is_yes)
        return CLI_OK;
    snprintf(why, sizeof(why),
             "%s n’est pas l’adresse que cette machine a pour elle seule (127.0.0.1)\u00a0: une "
             "charge y gênerait un vrai service et de vrais "
             "appelants\u202f; si c’est bien voulu, ajoutez --yes",
             at);
    return refuse(o, why);
}

/* ---- running ------------------------------------------------------------------------------ */

struct load {
    const struct robot_options *o;
    struct robots *robots;
    struct robot *robot;
    int signals;
    unsigned asked_n; /* signals to end */
    ms_t begun_at, line_at;
    struct histogram calm_from, calm_to; /* spacing, of before and after a time without changes */
    uint64_t calm_over_n;                /* calls that were over when it began */
    ms_t calm_at;
    enum { CALM_NOT_YET, CALM_NOW, CALM_OVER } calm;
    bool is_terminal;
};

static void show_progress(struct load *l)
{
    const struct robot_stats *s = robot_stats(l->robot);
    ms_t now_at = os_clock_boot_ms();
    if (now_at < l->line_at)
        return;
    l->line_at = now_at + (l->is_terminal ? LINE_MS : PLAIN_LINE_MS);
    fprintf(stderr,
            "%s%4lld\u00a0s  %llu lancés, %u en ligne, %llu décrochés, %llu en échec, postes "
            "%u prêts%s",
            l->is_terminal ? "\r" : "", (long long)((now_at - l->begun_at) / 1000),
            (unsigned long long)s->placed_n, robot_callers_n(l->robot), (unsigned long long)s->up_n,
            (unsigned long long)robot_failed_n(s), s->agents_ready_n,
            l->is_terminal ? "\033[K" : "\n");
}

/* All are there: how does it sound until the first of them leaves? */
static void watch_calm(struct load *l)
{
    const struct robot_stats *s = robot_stats(l->robot);
    uint64_t over_n = s->hung_up_n + s->ended_n + s->broken_n + s->refused_n;
    ms_t now_at = os_clock_boot_ms();
    if (l->calm == CALM_OVER || !robot_has_placed(l->robot) || now_at < l->calm_at)
        return;
    bool is_first = !l->calm_at;
    l->calm_at = now_at + (is_first ? CALM_AFTER_MS : LINE_MS);
    if (is_first)
        return;
    if (l->calm == CALM_NOT_YET) {
        robots_spacing(l->robots, &l->calm_from);
        l->calm_over_n = over_n;
        l->calm = CALM_NOW;
    } else if (over_n == l->calm_over_n) {
        robots_spacing(l->robots, &l->calm_to);
    } else {
        l->calm = CALM_OVER;
    }
}

/* False: ends at once. */
static bool turn(struct load *l, ms_t until_at)
{
    robots_turn(l->robots, until_at < l->line_at ? until_at : l->line_at, l->signals);
    show_progress(l);
    watch_calm(l);
    while (robots_asked_to_end(l->signals)) {
        l->asked_n++;
        robot_stop(l->robot);
    }
    return l->asked_n < 2;
}

static bool are_agents_settled(const struct load *l, uint32_t n)
{
    const struct robot_stats *s = robot_stats(l->robot);
    return s->agents_ready_n + s->agents_failed_n >= n;
}

static void run(struct load *l, uint32_t agents_n)
{
    l->begun_at = l->line_at = os_clock_boot_ms();
    ms_t until_at = l->begun_at + SIGN_IN_MS;
    bool goes_on = true;
    while (goes_on && !l->asked_n && !are_agents_settled(l, agents_n) &&
           os_clock_boot_ms() < until_at)
        goes_on = turn(l, until_at);
    robot_begin(l->robot, os_clock_boot_ms());
    while (goes_on && !robot_is_done(l->robot))
        goes_on = turn(l, MS_NEVER);
    robot_stop(l->robot);
    robot_sign_out(l->robot);
    until_at = os_clock_boot_ms() + SIGN_OUT_MS;
    while (goes_on && robot_leaving_n(l->robot) && os_clock_boot_ms() < until_at)
        goes_on = turn(l, until_at);
    until_at = os_clock_boot_ms() + END_MS;
    while (goes_on && robot_uncounted_n(l->robot) && os_clock_boot_ms() < until_at)
        goes_on = turn(l, until_at);
    robots_turn(l->robots, os_clock_boot_ms() + 200, -1); /* answers to the last BYEs */
    if (l->is_terminal)
        fputs("\r\033[K", stderr);
}

static int print(struct load *l)
{
    struct load_result result = {.stats = robot_stats(l->robot),
                                 .media = robots_media(l->robots),
                                 .lasted_ms = os_clock_boot_ms() - l->begun_at,
                                 .agents_n = (uint32_t)l->o->agents,
                                 .is_cut = l->asked_n > 0};
    robots_spacing(l->robots, &result.spacing);
    result.calm = l->calm_to;
    if (l->calm_to.n)
        histogram_since(&result.calm, &l->calm_from);
    if (l->o->is_json)
        load_print_json(stdout, &result);
    else
        load_print_text(stdout, &result);
    if (fflush(stdout))
        return robot_cannot(l->o, "standard output", errno, "is there room?");
    bool is_well = !robot_failed_n(result.stats) && (result.stats->placed_n || !l->o->called_n);
    return is_well && !result.stats->agents_failed_n ? CLI_OK : CLI_FINDING;
}

static int load(const struct robot_options *o, const struct address *to,
                const struct load_lines *lines)
{
    const struct robot_plan plan = {.called = o->called,
                                    .called_n = o->called_n,
                                    .caller = o->from ? text_of(o->from) : TEXT_NONE,
                                    .keys = text_of(o->keys),
                                    .keys_after_ms = o->after_ms,
                                    .rate_milli = o->rate_milli,
                                    .calls_n = (uint32_t)o->calls,
                                    .for_ms = o->for_ms,
                                    .hold_ms = o->hold_ms,
                                    .patience_ms = o->patience_ms,
                                    .talk_ms = o->talk_ms,
                                    .is_mute = o->is_mute};
    const struct robots_args args = {.to = *to,
                                     .plan = &plan,
                                     .lines = lines->of,
                                     .lines_n = lines->n,
                                     .codes = lines->set ? &lines->set->settings.short_codes : NULL,
                                     .callers_max = (uint32_t)load_calls_at_once(o),
                                     .mode = o->mode,
                                     .answer_ms = o->answer_ms,
                                     .talk_ms = o->speak_ms,
                                     .seed = o->seed};
    struct load l = {.o = o, .is_terminal = isatty(STDERR_FILENO)}; /* 27 KiB: two histograms */
    l.signals = robots_signals();
    int err = l.signals < 0 ? errno : robots_open(&l.robots, &args);
    if (err == EMFILE)
        return robot_cannot(o, "load", err, "allow more open files (ulimit -n), two for each call");
    if (err)
        return robot_cannot(o, "load", err, "is this address reached from here?");
    l.robot = robots_brain(l.robots);
    run(&l, lines->n);
    int code = print(&l);
    robots_drop(l.robots);
    close(l.signals);
    return code;
}

int cli_load(int argc, char **argv)
{
    struct robot_options o;
    struct address to;
    struct load_lines lines = {.n = 0};
    int code = robot_options_read(&o, argc, argv);
    if (!code && o.is_help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    if (!code)
        put_defaults(&o);
    code = code ? code : check(&o);
    code = code ? code : robot_service(&o, &to);
    code = code ? code : check_target(&o, &to);
    code = code ? code : load_lines_read(&lines, &o);
    if (!code) {
        o.agents = lines.n;
        code = load(&o, &to, &lines);
    }
    load_lines_drop(&lines);
    return code;
}
