/* robot_args.h — what `decroche call` and `decroche load` are told. Called by these two.
 * A bad value is told in one line, with its bounds. */
#ifndef CLI_ROBOT_ARGS_H
#define CLI_ROBOT_ARGS_H

#include "cli/cli.h"
#include "cli/robots.h"
#include "config/settings.h"

#define ROBOT_ARGS_CALLS_MAX 1000000
#define ROBOT_ARGS_TIME_MS_MAX ((ms_t)24 * 3600 * 1000)
#define ROBOT_ARGS_NUMBER_MAX 32
#define ROBOT_ARGS_RATE_MAX 1000 /* calls a second */

struct robot_options {
    const char *command; /* "call" or "load" */
    const char *settings, *to, *from, *number, *agents_from;
    char keys[MEDIA_KEYS_MAX + 1]; /* without the commas */
    struct robot_called called[ROBOT_CALLED_MAX];
    uint32_t called_n;
    uint64_t calls, agents, seed;
    uint32_t rate_milli;
    ms_t for_ms, hold_ms, patience_ms, after_ms, talk_ms, answer_ms, speak_ms;
    enum robot_mode mode;
    bool is_json, is_help, is_mute, is_yes;
};

/* An exit code; CLI_OK with is_help: print the usage. */
int robot_options_read(struct robot_options *o, int argc, char **argv);
/* One line on standard error. Returns CLI_USAGE. */
int robot_usage(const struct robot_options *o, const char *what, const char *which);
int robot_cannot(const struct robot_options *o, const char *what, int err, const char *cure);

/* Where the service is: of --to, else of the settings, which are read. An exit code. */
int robot_service(const struct robot_options *o, struct address *to);

#endif
