/* call.c — `decroche call`: one real call, told as it happens.
 * Called by main.c. Cost: one call. Invariant: the line is hung up before the program ends. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/robot_args.h"
#include "cli/robot_words.h"

static const char usage[] =
    "decroche call NUMBER -c FILE | --to IP:PORT [--from NUMBER] [--keys 1,2] [--after 4s]\n"
    "              [--talk 10s] [--hold 30s] [--mute] [--json]\n"
    "\n"
    "Places one real call (SIP and RTP) to the running service, and tells in French what happens:\n"
    "ringing, the answer, the first sound and its level, keys, who hung up, packets and losses.\n"
    "This machine must be an access (trunks) of the service.\n"
    "\n"
    "  --from NUMBER  the number that is shown; none: withheld\n"
    "  --keys KEYS    pressed --after (4s) the answer\n"
    "  --talk TIME    sends a tone that long after the answer, then silence; --mute: nothing\n"
    "  --hold TIME    hangs up that long after the answer (30s)\n"
    "\n"
    "exit: 0 answered, and heard   1 refused, silent or broken off   2 usage   3 the world "
    "failed\n";

#define HOLD_MS ((ms_t)30000)
#define AFTER_MS ((ms_t)4000)
/* So long the last packets and answers may take. */
#define END_MS ((ms_t)2000)

struct call {
    const struct robot_options *o;
    ms_t begun_at;
    bool is_counted;
};

static void tell(const struct robot_news *news, void *arg)
{
    struct call *c = arg;
    const struct robot_words words = {news, c->o->keys, news->at - c->begun_at};
    if (news->kind == ROBOT_COUNTED)
        c->is_counted = true;
    if (c->o->is_json)
        robot_words_json(stdout, &words);
    else
        robot_words_text(stdout, &words);
    fflush(stdout);
}

static void run(struct robots *r, struct call *c, int signals)
{
    struct robot *robot = robots_brain(r);
    robot_begin(robot, c->begun_at);
    while (!robot_is_done(robot)) {
        robots_turn(r, MS_NEVER, signals);
        if (robots_asked_to_end(signals))
            robot_stop(robot);
    }
    ms_t end_at = os_clock_boot_ms() + END_MS;
    while (robot_uncounted_n(robot) && os_clock_boot_ms() < end_at)
        robots_turn(r, end_at, -1);
    robots_turn(r, os_clock_boot_ms() + 200, -1); /* the answer to our BYE */
}

static int place(const struct robot_options *o, const struct address *to)
{
    struct call call = {.o = o};
    const struct robot_plan plan = {.called = o->called,
                                    .called_n = 1,
                                    .caller = o->from ? text_of(o->from) : TEXT_NONE,
                                    .keys = text_of(o->keys),
                                    .keys_after_ms = o->after_ms ? o->after_ms : AFTER_MS,
                                    .rate_milli = ROBOT_RATE_MILLI_MAX,
                                    .calls_n = 1,
                                    .hold_ms = o->hold_ms ? o->hold_ms : HOLD_MS,
                                    .talk_ms = o->talk_ms,
                                    .is_mute = o->is_mute};
    const struct robots_args args = {
        .to = *to, .plan = &plan, .callers_max = 1, .seed = 1, .tell = tell, .tell_arg = &call};
    struct robots *r;
    int signals = robots_signals();
    int err = signals < 0 ? errno : robots_open(&r, &args);
    if (err)
        return robot_cannot(o, "call", err, "is this address reached from here?");
    call.begun_at = os_clock_boot_ms();
    run(r, &call, signals);
    struct histogram spacing;
    robots_spacing(r, &spacing);
    if (o->is_json)
        robot_spacing_json(stdout, &spacing);
    else
        robot_spacing_text(stdout, &spacing);
    const struct robot_stats *s = robot_stats(robots_brain(r));
    int code = s->up_n && s->heard_n && !robot_failed_n(s) ? CLI_OK : CLI_FINDING;
    robots_drop(r);
    close(signals);
    return code;
}

int cli_call(int argc, char **argv)
{
    struct robot_options o;
    struct address to;
    int code = robot_options_read(&o, argc, argv);
    if (code)
        return code;
    if (o.is_help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    code = robot_service(&o, &to);
    code = code ? code : place(&o, &to);
    if (fflush(stdout))
        return robot_cannot(&o, "standard output", errno, "is there room?");
    return code;
}
