/* robot_args.c — see robot_args.h. Cost: once. Invariant: what passes is within every bound of
 * robot/ and cli/robots. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/robot_args.h"
#include "config/value.h"

enum kind {
    KIND_TEXT,
    KIND_COUNT,
    KIND_TIME,
    KIND_FLAG,
    KIND_KEYS,
    KIND_CALLED,
    KIND_RATE,
    KIND_MODE
};
enum { FOR_CALL = 1, FOR_LOAD = 2 };

static const struct option {
    const char *name;
    size_t at; /* in struct robot_options */
    enum kind kind;
    unsigned whose;
    uint64_t min, max;
} options[] = {
    {"-c", offsetof(struct robot_options, settings), KIND_TEXT, 3, 0, 0},
    {"--config", offsetof(struct robot_options, settings), KIND_TEXT, 3, 0, 0},
    {"--to", offsetof(struct robot_options, to), KIND_TEXT, 3, 0, 0},
    {"--from", offsetof(struct robot_options, from), KIND_TEXT, 3, 0, 0},
    {"--keys", offsetof(struct robot_options, keys), KIND_KEYS, 3, 0, 0},
    {"--after", offsetof(struct robot_options, after_ms), KIND_TIME, 3, 0, 0},
    {"--hold", offsetof(struct robot_options, hold_ms), KIND_TIME, 3, 0, 0},
    {"--talk", offsetof(struct robot_options, talk_ms), KIND_TIME, 3, 0, 0},
    {"--json", offsetof(struct robot_options, is_json), KIND_FLAG, 3, 0, 0},
    {"--mute", offsetof(struct robot_options, is_mute), KIND_FLAG, 3, 0, 0},
    {"--yes", offsetof(struct robot_options, is_yes), KIND_FLAG, 3, 0, 0},
    {"--called", 0, KIND_CALLED, FOR_LOAD, 0, 0},
    {"--rate", 0, KIND_RATE, FOR_LOAD, 0, 0},
    {"--calls", offsetof(struct robot_options, calls), KIND_COUNT, FOR_LOAD, 1,
     ROBOT_ARGS_CALLS_MAX},
    {"--for", offsetof(struct robot_options, for_ms), KIND_TIME, FOR_LOAD, 0, 0},
    {"--patience", offsetof(struct robot_options, patience_ms), KIND_TIME, FOR_LOAD, 0, 0},
    {"--agents", offsetof(struct robot_options, agents), KIND_COUNT, FOR_LOAD, 1, ROBOT_AGENTS_MAX},
    {"--agents-from", offsetof(struct robot_options, agents_from), KIND_TEXT, FOR_LOAD, 0, 0},
    {"--agents-do", 0, KIND_MODE, FOR_LOAD, 0, 0},
    {"--answer", offsetof(struct robot_options, answer_ms), KIND_TIME, FOR_LOAD, 0, 0},
    {"--speak", offsetof(struct robot_options, speak_ms), KIND_TIME, FOR_LOAD, 0, 0},
    {"--seed", offsetof(struct robot_options, seed), KIND_COUNT, FOR_LOAD, 0, UINT32_MAX},
};

int robot_usage(const struct robot_options *o, const char *what, const char *which)
{
    fprintf(stderr, "decroche %s: %s%s — see `decroche %s --help`\n", o->command, what, which,
            o->command);
    return CLI_USAGE;
}

int robot_cannot(const struct robot_options *o, const char *what, int err, const char *cure)
{
    char why[128];
    fprintf(stderr, "decroche %s: %s: %s — %s\n", o->command, what,
            strerror_r(err, why, sizeof(why)), cure);
    return CLI_CANNOT;
}

/* ---- values ------------------------------------------------------------------------------- */

static int read_count(struct robot_options *o, const struct option *option, const char *value)
{
    char bounds[96];
    int64_t v;
    if (config_integer(&v, value) && v >= 0 && (uint64_t)v >= option->min &&
        (uint64_t)v <= option->max) {
        *(uint64_t *)(void *)((char *)o + option->at) = (uint64_t)v;
        return CLI_OK;
    }
    snprintf(bounds, sizeof(bounds), "%s wants a whole number from %llu to %llu, not ",
             option->name, (unsigned long long)option->min, (unsigned long long)option->max);
    return robot_usage(o, bounds, value);
}

static int read_time(struct robot_options *o, const struct option *option, const char *value)
{
    ms_t *at = (ms_t *)(void *)((char *)o + option->at);
    if (config_duration(at, value) && *at <= ROBOT_ARGS_TIME_MS_MAX)
        return CLI_OK;
    char what[96];
    snprintf(what, sizeof(what), "%s wants a time of 24h at most, as 500ms, 20s or 5min, not ",
             option->name);
    return robot_usage(o, what, value);
}

/* Digits with or without commas. */
static int read_keys(struct robot_options *o, const char *value)
{
    struct text_out out = {.p = o->keys, .max = MEDIA_KEYS_MAX};
    for (const char *k = value; *k; k++) {
        if (*k == ',')
            continue;
        if (!strchr("0123456789*#", *k))
            return robot_usage(o, "--keys wants 0 to 9, * and #, not ", value);
        text_put(&out, (struct text){k, 1});
    }
    if (out.is_cut || !out.n)
        return robot_usage(o, "--keys wants 1 to 16 keys, not ", value);
    return CLI_OK;
}

static bool is_number(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if (!strchr("0123456789+*#_-abcdefghijklmnopqrstuvwxyz", t.p[i]))
            return false;
    return t.n > 0 && t.n <= ROBOT_ARGS_NUMBER_MAX;
}

/* NUMBER or NUMBER=WEIGHT. */
static int read_called(struct robot_options *o, const char *value)
{
    struct text rest = text_of(value), number = text_cut(&rest, '=');
    uint64_t weight = 1;
    bool has_weight = memchr(value, '=', strlen(value)) != NULL;
    if (o->called_n == ROBOT_CALLED_MAX)
        return robot_usage(o, "at most 16 numbers are called by turns; too many: ", value);
    if (!is_number(number) || (has_weight && (!text_number(rest, 1000, &weight) || !weight)))
        return robot_usage(o,
                           "a number is digits, as 0536490010 or 0536490010=3 with its weight "
                           "(1 to 1000), not ",
                           value);
    o->called[o->called_n++] = (struct robot_called){number, (uint32_t)weight};
    return CLI_OK;
}

static int read_rate(struct robot_options *o, const char *value)
{
    uint32_t milli;
    if (!config_milli(&milli, value) || !milli || milli > ROBOT_RATE_MILLI_MAX)
        return robot_usage(o, "--rate wants calls a second, 0.001 to 1000, not ", value);
    o->rate_milli = milli;
    return CLI_OK;
}

static int read_mode(struct robot_options *o, const char *value)
{
    static const char *const words[] = {[ROBOT_ANSWERS] = "answer",
                                        [ROBOT_IGNORES] = "ignore",
                                        [ROBOT_REFUSES] = "refuse",
                                        [ROBOT_DIES] = "die"};
    for (unsigned i = 0; i < ARRAY_LEN(words); i++)
        if (!strcmp(words[i], value)) {
            o->mode = (enum robot_mode)i;
            return CLI_OK;
        }
    return robot_usage(o, "--agents-do wants answer, ignore, refuse or die, not ", value);
}

static int read_value(struct robot_options *o, const struct option *option, const char *value)
{
    switch (option->kind) {
    case KIND_TEXT:
        *(const char **)(void *)((char *)o + option->at) = value;
        return CLI_OK;
    case KIND_COUNT:
        return read_count(o, option, value);
    case KIND_TIME:
        return read_time(o, option, value);
    case KIND_KEYS:
        return read_keys(o, value);
    case KIND_CALLED:
        return read_called(o, value);
    case KIND_RATE:
        return read_rate(o, value);
    default:
        return read_mode(o, value);
    }
}

/* ---- the line ----------------------------------------------------------------------------- */

static const struct option *find(const char *name, unsigned whose)
{
    for (unsigned i = 0; i < ARRAY_LEN(options); i++)
        if (!strcmp(options[i].name, name) && options[i].whose & whose)
            return &options[i];
    return NULL;
}

static int read_word(struct robot_options *o, const char *word, unsigned whose)
{
    if (word[0] == '-')
        return robot_usage(o, "unknown option ", word);
    if (whose != FOR_CALL)
        return robot_usage(o, "numbers are told by --called, not by ", word);
    if (o->number)
        return robot_usage(o, "one number at a time; too many: ", word);
    o->number = word;
    return read_called(o, word);
}

static int read_all(struct robot_options *o, int argc, char **argv)
{
    unsigned whose = !strcmp(o->command, "call") ? FOR_CALL : FOR_LOAD;
    for (int i = 1; i < argc; i++) {
        const struct option *option = find(argv[i], whose);
        int code = CLI_OK;
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            o->is_help = true;
        else if (!option)
            code = read_word(o, argv[i], whose);
        else if (option->kind == KIND_FLAG)
            *((bool *)o + option->at) = true;
        else if (i + 1 == argc)
            code = robot_usage(o, "a value lacks after ", argv[i]);
        else
            code = read_value(o, option, argv[++i]);
        if (code)
            return code;
    }
    return CLI_OK;
}

int robot_options_read(struct robot_options *o, int argc, char **argv)
{
    *o = (struct robot_options){.command = argv[0], .seed = 1};
    int code = read_all(o, argc, argv);
    if (code || o->is_help)
        return code;
    if (!o->settings == !o->to && !(o->settings && o->to && o->agents))
        return robot_usage(o, "say either -c FILE or --to HOST:PORT", "");
    if (o->from && !is_number(text_of(o->from)))
        return robot_usage(o, "--from wants the digits of a number, not ", o->from);
    if (!o->called_n && !o->agents && !o->agents_from)
        return robot_usage(o, "which number is to be called?", "");
    return CLI_OK;
}

/* ---- where the service is ----------------------------------------------------------------- */

static int of_settings(const struct robot_options *o, struct address *to)
{
    struct settings *s = calloc(1, sizeof(*s));
    struct config_errors *errors = calloc(1, sizeof(*errors));
    int err = s && errors ? config_settings_load(s, o->settings, errors) : ENOMEM;
    struct address_pair self;
    int code = CLI_OK;
    if (err && errors && errors->n)
        cli_print_errors(stderr, errors);
    if (err)
        code = err == EINVAL ? CLI_FINDING
                             : robot_cannot(o, o->settings, err, "name the file of settings");
    else if (!address_pair_read(&self, text_of(s->phone.address)) || !s->phone.port)
        code =
            robot_usage(o, "phone.port is 0 in the settings: say where it is by --to ", "IP:PORT");
    if (!code) {
        *to = address_to_reach(address_pair_first(&self));
        to->port = (uint16_t)s->phone.port;
    }
    free(s);
    free(errors);
    return code;
}

#define SIP_PORT 5060

int robot_service(const struct robot_options *o, struct address *to)
{
    if (!o->to)
        return of_settings(o, to);
    if (!address_read(to, text_of(o->to)))
        return robot_usage(o, "--to wants an IP address, as 127.0.0.1:5060, not ", o->to);
    if (!to->port)
        to->port = SIP_PORT;
    return CLI_OK;
}
