/* check.c — `decroche check`: are these settings and their directory right?
 * Called by main.c. Says every mistake of both files at once, each with its line and its cure. */
#include <errno.h>
#include <stdlib.h>

#include "cli/args.h"
#include "config/directory.h"
#include "config/settings.h"

static const char usage[] =
    "decroche check -c FILE\n"
    "\n"
    "Reads a file of settings and the directory that it names, and says every mistake of both:\n"
    "file:line:column, what is wrong, how to set it right. Changes nothing. The service refuses\n"
    "a wrong file whole and goes on with what it had.\n"
    "\n"
    "exit: 0 all is well   1 mistakes   2 usage   3 cannot be read\n";

/* Room for all errors of one file as text. */
#define TEXT_BYTES (CONFIG_ERRORS_MAX * (2 * CONFIG_SENTENCE_MAX + CONFIG_PATH_BYTES))

static void print_errors(const struct config_errors *errors)
{
    char *text = malloc(TEXT_BYTES);
    if (!text)
        return;
    config_errors_text(errors, text, TEXT_BYTES);
    fputs(text, stdout);
    free(text);
}

static void print_json_errors(const struct config_errors *errors)
{
    for (unsigned i = 0; i < errors->n; i++) {
        const struct config_error *e = &errors->list[i];
        printf("{\"file\":");
        cli_json_text(stdout, e->file);
        printf(",\"line\":%u,\"column\":%u,\"what\":", e->line, e->column);
        cli_json_text(stdout, e->what);
        printf(",\"cure\":");
        cli_json_text(stdout, e->cure);
        printf("}\n");
    }
}

static void tell(const struct cli_args *a, const struct config_errors *errors)
{
    if (errors->n && a->is_json)
        print_json_errors(errors);
    else if (errors->n)
        print_errors(errors);
}

static unsigned takers_n(const struct directory *d)
{
    unsigned n = 0;
    for (uint32_t i = 0; i < d->agents_n; i++)
        n += d->agents[i].role == ROLE_AGENT;
    return n;
}

static void print_good(const struct cli_args *a, const struct directory *d)
{
    if (a->is_json)
        printf("{\"services\":%u,\"sites\":%u,\"agents\":%u,\"numbers\":%u,\"hours\":%u,"
               "\"demo\":%s}\n",
               d->services_n, d->sites_n, takers_n(d), d->numbers_n, d->weeks_n,
               d->is_demo ? "true" : "false");
    else
        printf("tout est en ordre\u00a0: %u services, %u lieux, %u agents, %u numéros, %u "
               "horaires%s\n",
               d->services_n, d->sites_n, takers_n(d), d->numbers_n, d->weeks_n,
               d->is_demo ? " (démonstration)" : "");
}

/* says_good: the settings are right, so that this decides. */
static int check_directory(const struct cli_args *a, const struct settings *s, const char *path,
                           bool says_good)
{
    struct config_errors errors = {0};
    struct directory *d = NULL;
    int err = config_directory_load(&d, path, s, &errors);
    tell(a, &errors);
    if (!err && says_good)
        print_good(a, d);
    config_directory_drop(d);
    return err;
}

/* Wrong settings do not hide the mistakes of the directory. */
static int check(const struct cli_args *a)
{
    struct config_errors errors = {0};
    struct settings s;
    char path[CONFIG_PATH_BYTES];
    int err = config_settings_load(&s, a->settings, &errors);
    tell(a, &errors);
    if (err && err != EINVAL)
        return CLI_CANNOT;
    if (err)
        config_settings_guess(&s, a->settings);
    if (!config_path_beside(path, a->settings, s.directory.path))
        return cli_cannot(a, s.directory.path, ENAMETOOLONG, "shorten directory.path");
    int err_directory = check_directory(a, &s, path, !err);
    if (err_directory && err_directory != EINVAL)
        return CLI_CANNOT;
    return err || err_directory ? CLI_FINDING : CLI_OK;
}

int cli_check(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "check", .usage = usage, .has_settings = true};
    struct cli_args a = {.command = &command};
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    return a.is_help ? CLI_OK : check(&a);
}
