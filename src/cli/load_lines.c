/* load_lines.c — the lines that robot agents register: of a file of their own, or of the secrets of
 * the service. Called by load.c. Cost: once. Invariant: no message holds a secret; memory that held
 * one is wiped. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/load.h"
#include "os/file.h"

static bool put(struct load_lines *lines, struct robots_line line)
{
    if (lines->n == ROBOT_AGENTS_MAX)
        return false;
    lines->of[lines->n++] = line;
    return true;
}

static int make_room(struct load_lines *lines, const struct robot_options *o)
{
    lines->of = calloc(ROBOT_AGENTS_MAX, sizeof(*lines->of));
    return lines->of ? CLI_OK : robot_cannot(o, "load", ENOMEM, "free some memory");
}

/* ---- of a file ---------------------------------------------------------------------------- */

uint32_t load_lines_parse(struct load_lines *lines, struct text bytes)
{
    for (uint32_t number = 1; bytes.n; number++) {
        struct text row = text_cut(&bytes, '\n');
        struct text rest = text_trim(text_cut(&row, '\r'));
        if (!rest.n || *rest.p == '#')
            continue;
        struct robots_line line;
        line.user = text_word(&rest);
        line.secret = text_word(&rest);
        line.code = text_word(&rest);
        bool is_whole = line.user.n && line.secret.n >= CONFIG_SECRET_MIN && line.code.n &&
                        line.secret.n <= CONFIG_SECRET_MAX && line.code.n <= CONFIG_CODE_MAX;
        if (!is_whole || text_trim(rest).n || !put(lines, line))
            return number;
    }
    return 0;
}

static int of_file(struct load_lines *lines, const struct robot_options *o)
{
    char where[64];
    size_t n = 0;
    lines->bytes = malloc(LOAD_LINES_BYTES_MAX);
    if (!lines->bytes)
        return robot_cannot(o, "load", ENOMEM, "free some memory");
    int err = os_file_read(o->agents_from, lines->bytes, LOAD_LINES_BYTES_MAX, &n);
    if (err)
        return robot_cannot(o, o->agents_from, err, "name a file that can be read");
    uint32_t wrong = load_lines_parse(lines, (struct text){lines->bytes, n});
    if (!wrong)
        return CLI_OK;
    snprintf(where, sizeof(where), ":%u: each line is LINE SECRET CODE; 1,000 lines at most",
             wrong);
    return robot_usage(o, o->agents_from, where);
}

/* ---- of the secrets ----------------------------------------------------------------------- */

static void take(struct load_lines *lines, const struct robot_options *o)
{
    const struct config_secrets *secrets = &lines->set->secrets;
    for (uint32_t i = 0; i < secrets->n && lines->n < o->agents; i++) {
        const struct config_secret *s = &secrets->agents[i];
        struct text user = directory_agent_line(&lines->set->directory->agents[s->agent]);
        if (user.n && s->secret[0] && s->code[0])
            put(lines, (struct robots_line){user, text_of(s->secret), text_of(s->code)});
    }
}

static int of_settings(struct load_lines *lines, const struct robot_options *o)
{
    struct config_errors *errors = calloc(1, sizeof(*errors));
    int err = errors ? config_set_load(&lines->set, o->settings, NULL, errors) : ENOMEM;
    if (err && errors && errors->n)
        cli_print_errors(stderr, errors);
    free(errors);
    if (err == EINVAL)
        return CLI_FINDING;
    if (err)
        return robot_cannot(o, o->settings, err, "name the file of settings");
    take(lines, o);
    if (lines->n == o->agents)
        return CLI_OK;
    char why[128];
    snprintf(why, sizeof(why), "the secrets hold %u agents with a line and a code, --agents wants ",
             lines->n);
    char wanted[24];
    snprintf(wanted, sizeof(wanted), "%llu", (unsigned long long)o->agents);
    return robot_usage(o, why, wanted);
}

int load_lines_read(struct load_lines *lines, const struct robot_options *o)
{
    *lines = (struct load_lines){.n = 0};
    if (!o->agents && !o->agents_from)
        return CLI_OK;
    if (!o->agents_from && !o->settings)
        return robot_usage(o, "whose lines? Add -c FILE or --agents-from FILE", "");
    int code = make_room(lines, o);
    if (code)
        return code;
    code = o->agents_from ? of_file(lines, o) : of_settings(lines, o);
    if (!code && o->agents && lines->n > o->agents)
        lines->n = (uint32_t)o->agents;
    return code;
}

void load_lines_drop(struct load_lines *lines)
{
    if (lines->bytes)
        explicit_bzero(lines->bytes, LOAD_LINES_BYTES_MAX);
    free(lines->bytes);
    free(lines->of);
    config_set_drop(lines->set);
}
