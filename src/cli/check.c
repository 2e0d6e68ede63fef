/* check.c — `decroche check`: are these settings and the files that they name right?
 * Called by main.c. Says every mistake of all files at once, each with its line and its cure. What
 * a service could begin with, but poorly, is a warning. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/args.h"
#include "config/automatic.h"
#include "config/directory.h"
#include "config/flow.h"
#include "config/recording.h"
#include "config/secrets.h"
#include "config/settings.h"
#include "config/sms.h"
#include "config/tls.h"
#include "config/voice.h"

static const char usage[] =
    "decroche check -c FILE\n"
    "\n"
    "Reads a file of settings and what it names (directory, flows, secrets), and says every "
    "mistake\n"
    "of all: file:line:column, what is wrong, how to set it right. Prompts without a file, "
    "lines\n"
    "without a secret, hours that nobody keeps are warnings. Changes nothing. The service "
    "refuses a\n"
    "wrong file whole and goes on with what it had.\n"
    "\n"
    "exit: 0 all is well, warnings or not   1 mistakes   2 usage   3 cannot be read\n";

/* Warnings of one kind that are printed; further ones are counted. */
#define WARNINGS_MAX 20

/* Everything that the files say, as far as it could be read. */
struct house {
    const struct cli_args *args;
    struct settings settings;
    struct directory *directory; /* owned */
    struct config_flows flows;
    struct config_secrets secrets;
    unsigned missing_n, lineless_n; /* prompts without a file, lines without a secret */
    unsigned odd_n;                 /* warnings of the directory */
};

/* ---- telling ---- */

static void print_json(const struct config_error *e, bool is_warning)
{
    cli_json_error(stdout, e);
    printf("%s}\n", is_warning ? ",\"warning\":true" : "");
}

static void tell(const struct cli_args *a, const struct config_errors *errors)
{
    for (unsigned i = 0; i < errors->n && a->is_json; i++)
        print_json(&errors->list[i], false);
    if (errors->n && !a->is_json)
        cli_print_errors(stdout, errors);
}

/* How many warnings of this kind were not printed. */
static void warn_rest(const struct house *h, unsigned n)
{
    if (n > WARNINGS_MAX && !h->args->is_json)
        printf("… et %u autres\n", n - WARNINGS_MAX);
}

/* What the directory could be begun with, but poorly; each with its line. */
static void tell_warnings(struct house *h, const struct config_errors *warnings)
{
    h->odd_n = warnings->n + warnings->more_n;
    for (unsigned i = 0; i < warnings->n; i++) {
        const struct config_error *e = &warnings->list[i];
        if (h->args->is_json)
            print_json(e, true);
        else
            printf("%s:%u:%u\u00a0: attention, %s\n    → %s\n", e->file, e->line, e->column,
                   e->what, e->cure);
    }
    warn_rest(h, h->odd_n);
}

/* One warning about a file as a whole; past WARNINGS_MAX of its kind it is counted only. */
static void warn(const struct house *h, const char *file, const char *what, unsigned before_n)
{
    struct config_errors one = {.file = file};
    if (before_n >= WARNINGS_MAX)
        return;
    config_wrong(&one, NULL, "%s", what);
    if (h->args->is_json)
        print_json(&one.list[0], true);
    else
        printf("%s\u00a0: attention, %s\n", file, what);
}

static unsigned takers_n(const struct directory *d)
{
    unsigned n = 0;
    for (uint32_t i = 0; i < d->agents_n; i++)
        n += d->agents[i].role == ROLE_AGENT;
    return n;
}

static void print_good(const struct house *h)
{
    const struct directory *d = h->directory;
    unsigned warnings_n = h->missing_n + h->lineless_n + h->odd_n;
    if (h->args->is_json)
        printf("{\"services\":%u,\"sites\":%u,\"agents\":%u,\"numbers\":%u,\"hours\":%u,"
               "\"flows\":%u,\"prompts_missing\":%u,\"lines_without_secret\":%u,"
               "\"directory_warnings\":%u,\"demo\":%s}\n",
               d->services_n, d->sites_n, takers_n(d), d->numbers_n, d->weeks_n, h->flows.n,
               h->missing_n, h->lineless_n, h->odd_n, d->is_demo ? "true" : "false");
    else
        printf("%s\u00a0: %u services, %u lieux, %u agents, %u numéros, %u horaires, %u menus%s\n",
               warnings_n ? "rien n’empêche de commencer" : "tout est en ordre", d->services_n,
               d->sites_n, takers_n(d), d->numbers_n, d->weeks_n, h->flows.n,
               d->is_demo ? " (démonstration)" : "");
}

/* ---- checking ---- */

/* A wrong file is a finding, one that cannot be read is the world's failure. */
static int exit_of(int err)
{
    return !err ? CLI_OK : err == EINVAL ? CLI_FINDING : CLI_CANNOT;
}

static int worse(int code, int err)
{
    int other = exit_of(err);
    return other > code ? other : code;
}

static bool beside(const struct house *h, char path[CONFIG_PATH_BYTES], const char *name)
{
    if (config_path_beside(path, h->args->settings, name))
        return true;
    (void)cli_cannot(h->args, name, ENAMETOOLONG, "shorten this path in the settings");
    return false;
}

static int check_directory(struct house *h, char path[CONFIG_PATH_BYTES])
{
    struct config_errors warnings = {0}, errors = {.warnings = &warnings};
    if (!beside(h, path, h->settings.directory.path))
        return ENAMETOOLONG;
    int err = config_directory_examine(&h->directory, path, &h->settings, &errors);
    tell(h->args, &errors);
    tell_warnings(h, &warnings);
    return err;
}

/* file: the directory's, where the numbers name their flows. */
static int check_flows(struct house *h, const char *file)
{
    char path[CONFIG_PATH_BYTES];
    struct config_errors errors = {.file = file};
    if (!beside(h, path, h->settings.flows.path))
        return ENAMETOOLONG;
    int err = config_flows_load(&h->flows, path, h->directory, &errors);
    tell(h->args, &errors);
    return err;
}

static void check_lines(struct house *h, const char *file)
{
    char what[CONFIG_SENTENCE_MAX];
    for (uint32_t i = 0; i < h->directory->agents_n; i++) {
        const struct directory_agent *g = &h->directory->agents[i];
        if (!directory_agent_line(g).n || config_secrets_find(&h->secrets, i))
            continue;
        snprintf(what, sizeof(what), "l’agent «\u00a0%s\u00a0» a une ligne (%s) sans secret", g->id,
                 g->phone);
        warn(h, file, what, h->lineless_n++);
    }
    warn_rest(h, h->lineless_n);
}

static int check_secrets(struct house *h)
{
    char path[CONFIG_PATH_BYTES];
    struct config_errors errors = {0};
    if (!beside(h, path, h->settings.secrets.path))
        return ENAMETOOLONG;
    int err = config_secrets_load(&h->secrets, path, h->directory, &errors);
    tell(h->args, &errors);
    if (!err)
        check_lines(h, path);
    return err;
}

static int check_sms(struct house *h)
{
    struct config_errors errors = {.file = h->args->settings};
    const char *mute = config_sms_mute(&h->settings.sms);
    const char *naked = config_sms_naked(&h->settings.sms);
    int err = config_sms_check(&h->settings.sms, h->directory, &h->secrets, &errors);
    int desk_err = config_sms_desk(&h->settings.sms, h->directory, &errors);
    err = err ? err : desk_err;
    config_webtext_desk(&h->settings, h->directory);
    const char *alone = config_webtext_unread(&h->settings.webtext, h->directory);
    tell(h->args, &errors);
    if (alone)
        warn(h, h->args->settings, alone, 0);
    if (mute)
        warn(h, h->args->settings, mute, 0);
    if (naked)
        warn(h, h->args->settings, naked, 0);
    const char *unread = err ? NULL : config_sms_unread(&h->settings.sms, h->directory);
    if (unread)
        warn(h, h->args->settings, unread, 0);
    return err;
}

static int check_automatic(struct house *h)
{
    struct config_errors errors = {.file = h->args->settings};
    uint64_t e164;
    int err = config_automatic_read(&e164, &h->settings, h->directory, &errors);
    tell(h->args, &errors);
    return err;
}

static int check_recording(struct house *h)
{
    struct config_errors errors = {0};
    struct config_recording recording;
    int err = config_recording_load(&recording, h->args->settings, &h->settings, &errors);
    tell(h->args, &errors);
    config_recording_drop(&recording);
    return err;
}

static void tell_missing(const char *path, void *arg)
{
    struct house *h = arg;
    warn(h, path, "cette annonce manque, la synthèse la dira à sa place", h->missing_n++);
}

static int check_voice(struct house *h)
{
    char path[CONFIG_PATH_BYTES], own[CONFIG_PATH_BYTES] = "";
    if (!beside(h, path, h->settings.voice.path) ||
        (h->settings.voice.own[0] && !beside(h, own, h->settings.voice.own)))
        return ENAMETOOLONG;
    if (own[0] && access(own, F_OK))
        warn(h, own, "ce dossier d’annonces du lieu n’existe pas", h->missing_n++);
    const struct config_voice_args args = {
        .folder = path, .own = own, .flows = &h->flows, .missing = tell_missing, .arg = h};
    if (access(path, F_OK))
        warn(h, path, "ce dossier d’annonces n’existe pas, la synthèse dira tout", h->missing_n++);
    else
        config_voice_check(&args);
    warn_rest(h, h->missing_n);
    return 0;
}

static int check_certificates(struct house *h, const char *file)
{
    struct config_errors errors = {0};
    struct tls_book book;
    const struct config_tls_from from = {h->args->settings, file, &h->settings, h->directory};
    int err = config_tls_load(&book, &from, &errors);
    tell(h->args, &errors);
    if (!err)
        tls_book_drop(&book);
    return err;
}

/* Flows and secrets speak of the directory: a wrong one is enough as long as it has services,
 * numbers and agents to speak of. */
static int check_rest(struct house *h, const char *file, int code)
{
    const struct directory *d = h->directory;
    bool has_flows = d && (code == CLI_OK || (d->services_n && d->numbers_n));
    bool has_secrets = d && (code == CLI_OK || d->agents_n);
    int err = has_flows ? check_flows(h, file) : EINVAL;
    if (has_flows)
        code = worse(code, err);
    int secrets_err = has_secrets ? check_secrets(h) : EINVAL;
    if (has_secrets)
        code = worse(code, secrets_err);
    if (!secrets_err)
        code = worse(code, check_sms(h));
    if (d)
        code = worse(code, check_automatic(h));
    if (d)
        code = worse(code, check_certificates(h, file));
    if ((!has_flows || !has_secrets) && !h->args->is_json)
        printf("%s%s%s n’ont pas été regardés\u00a0: ils parlent de l’annuaire\n",
               has_flows ? "" : "menus", has_flows || has_secrets ? "" : " et ",
               has_secrets ? "" : "secrets");
    if (!err)
        code = worse(code, check_voice(h));
    return code;
}

/* The mistakes of one file do not hide those of the next. */
static int check(struct house *h)
{
    struct config_errors errors = {0};
    char path[CONFIG_PATH_BYTES];
    int err = config_settings_load(&h->settings, h->args->settings, &errors);
    int code = exit_of(err);
    tell(h->args, &errors);
    if (code == CLI_CANNOT) {
        if (err == ENOENT && !h->args->is_json)
            puts("    → decroche init pose six questions, et écrit les premiers réglages");
        return code;
    }
    if (err)
        config_settings_guess(&h->settings, h->args->settings);
    int of_directory = exit_of(check_directory(h, path));
    int of_rest = worse(check_rest(h, path, of_directory), err ? 0 : check_recording(h));
    code = of_directory > code ? of_directory : code;
    code = of_rest > code ? of_rest : code;
    if (code == CLI_OK)
        print_good(h);
    return code;
}

int cli_check(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "check", .usage = usage, .has_settings = true};
    struct cli_args a = {.command = &command};
    struct house h = {.args = &a};
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    int code = a.is_help ? CLI_OK : check(&h);
    config_flows_drop(&h.flows);
    config_secrets_drop(&h.secrets);
    config_directory_drop(h.directory);
    return code;
}
