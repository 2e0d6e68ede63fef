/* serve_files.c — settings, directory, flows and secrets of the service, read whole or refused
 * whole. Called once at start. Every mistake of all files is said in one run. */
#include <errno.h>
#include <stdlib.h>

#include "cli/house.h"

static int read_rest(struct house *h, struct config_errors *errors)
{
    char path[CONFIG_PATH_BYTES], directory[CONFIG_PATH_BYTES];
    const char *file = h->args->settings;
    int err = config_path_beside(directory, file, h->settings.directory.path) ? 0 : ENAMETOOLONG;
    if (!err)
        err = config_directory_load(&h->directory, directory, &h->settings, errors);
    if (err)
        return err;
    errors->file = directory; /* where the numbers name their flows */
    int flows_err = config_path_beside(path, file, h->settings.flows.path)
                        ? config_flows_load(&h->flows, path, h->directory, errors)
                        : ENAMETOOLONG;
    int secrets_err = config_path_beside(path, file, h->settings.secrets.path)
                          ? config_secrets_load(&h->secrets, path, h->directory, errors)
                          : ENAMETOOLONG;
    return flows_err ? flows_err : secrets_err;
}

int house_read(struct house *h)
{
    struct config_errors *errors = calloc(1, sizeof(*errors));
    if (!errors)
        return cli_cannot(h->args, h->args->settings, ENOMEM, "free some memory");
    int err = config_settings_load(&h->settings, h->args->settings, errors);
    if (!err)
        err = read_rest(h, errors);
    if (errors->n)
        cli_print_errors(stderr, errors);
    free(errors);
    if (!err && !config_path_beside(h->journal_path, h->args->settings, h->settings.journal.path))
        err = ENAMETOOLONG;
    if (!err)
        return CLI_OK;
    fputs("decroche serve: nothing was started; `decroche check` says the same mistakes\n", stderr);
    return err == EINVAL ? CLI_FINDING : CLI_CANNOT;
}
