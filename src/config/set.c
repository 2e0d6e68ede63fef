/* set.c — see set.h. Wrong settings hide the rest; flows and secrets speak of the directory, so
 * that nothing can be said of them without it. Cost: once at start and on each reload. */
#include <errno.h>
#include <stdlib.h>

#include "config/automatic.h"
#include "config/oidc.h"
#include "config/set.h"
#include "config/sms.h"

static int read_named(struct config_set *set, const char *file, const char *directory,
                      struct config_errors *errors)
{
    char path[CONFIG_PATH_BYTES];
    errors->file = directory; /* where the numbers name their flows */
    int flows_err = config_path_beside(path, file, set->settings.flows.path)
                        ? config_flows_load(&set->flows, path, set->directory, errors)
                        : ENAMETOOLONG;
    flows_err = flows_err ? flows_err : config_choices_load(set->directory, &set->flows);
    int secrets_err = config_path_beside(path, file, set->settings.secrets.path)
                          ? config_secrets_load(&set->secrets, path, set->directory, errors)
                          : ENAMETOOLONG;
    return flows_err ? flows_err : secrets_err;
}

/* A disk that is not mounted ends recordings, never calls: it is for `check` to say what is wrong.
 */
static int read_recording(struct config_set *set, const char *file)
{
    struct config_errors *untold = calloc(1, sizeof(*untold));
    int err =
        untold ? config_recording_load(&set->recording, file, &set->settings, untold) : ENOMEM;
    free(untold);
    return err == EINVAL ? 0 : err;
}

static int read_all(struct config_set *set, const char *file, const struct settings *running,
                    struct config_errors *errors)
{
    char directory[CONFIG_PATH_BYTES];
    struct settings bounds;
    int err = config_settings_load(&set->settings, file, errors);
    if (err)
        return err;
    bounds = running ? *running : set->settings;
    settings_take_live(&bounds, &set->settings);
    if (!config_path_beside(directory, file, set->settings.directory.path))
        return ENAMETOOLONG;
    err = config_directory_load(&set->directory, directory, &bounds, errors);
    if (err)
        return err;
    const struct config_tls_from tls = {file, directory, &set->settings, set->directory};
    int named_err = read_named(set, file, directory, errors);
    err = config_tls_load(&set->tls, &tls, errors);
    int recording_err = read_recording(set, file);
    errors->file = file;
    int sms_err = named_err
                      ? named_err
                      : config_sms_check(&set->settings.sms, set->directory, &set->secrets, errors);
    int oidc_err = named_err ? 0 : config_oidc_check(&set->settings.oidc, &set->secrets, errors);
    int automatic_err =
        config_automatic_read(&set->automatic_e164, &set->settings, set->directory, errors);
    if (!sms_err)
        sms_err = automatic_err ? automatic_err : oidc_err;
    int desk_err = config_sms_desk(&set->settings.sms, set->directory, errors);
    config_webtext_desk(&set->settings, set->directory);
    set->directory->help_ms = set->settings.queue.help_ms;
    sms_err = sms_err ? sms_err : desk_err;
    return sms_err ? sms_err : err ? err : recording_err;
}

int config_set_load(struct config_set **out, const char *file, const struct settings *running,
                    struct config_errors *errors)
{
    *out = NULL;
    struct config_set *set = calloc(1, sizeof(*set));
    if (!set)
        return ENOMEM;
    int err = read_all(set, file, running, errors);
    if (err)
        config_set_drop(set);
    else
        *out = set;
    return err;
}

void config_set_drop(struct config_set *set)
{
    if (!set)
        return;
    config_recording_drop(&set->recording);
    tls_book_drop(&set->tls);
    config_secrets_drop(&set->secrets);
    config_flows_drop(&set->flows);
    config_directory_drop(set->directory);
    free(set);
}
