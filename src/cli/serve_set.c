/* serve_set.c — what the files of the service say: read whole or refused whole, at start and again
 * while it runs; the former reading is kept until nobody needs it any more.
 * Called by serve_open.c and serve_follow.c. Every mistake of all files is said in one run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"

struct house_set *house_set_new(struct config_set *files)
{
    struct house_set *set = calloc(1, sizeof(*set));
    if (!set)
        return NULL;
    set->flows = calloc(files->flows.n + 1, sizeof(*set->flows));
    set->codes = calloc(files->secrets.n + 1, sizeof(*set->codes));
    if (!set->flows || !set->codes) {
        house_set_drop(set);
        return NULL;
    }
    set->files = files;
    for (uint32_t i = 0; i < files->flows.n; i++)
        set->flows[i] = (struct lines_flow){files->flows.list[i].id, &files->flows.list[i].flow};
    for (uint32_t i = 0; i < files->secrets.n; i++) {
        set->codes[i].agent_i = files->secrets.agents[i].agent;
        memcpy(set->codes[i].code, files->secrets.agents[i].code, LINES_CODE_MAX);
    }
    set->shown = (struct reader_files){files->directory, files->secrets.api_token,
                                       files->secrets.sms_signature, files->tls.pages};
    return set;
}

void house_set_drop(struct house_set *set)
{
    if (!set)
        return;
    if (set->codes && set->files)
        explicit_bzero(set->codes, set->files->secrets.n * sizeof(*set->codes));
    free(set->codes);
    free(set->flows);
    config_set_drop(set->files);
    free(set);
}

void house_set_use(struct house *h, struct house_set *set)
{
    h->set = set;
    h->directory = set->files->directory;
}

int house_read(struct house *h)
{
    struct config_errors *errors = calloc(1, sizeof(*errors));
    struct config_set *files = NULL;
    struct house_set *set = NULL;
    if (!errors)
        return cli_cannot(h->args, h->args->settings, ENOMEM, "free some memory");
    int err = config_set_load(&files, h->args->settings, NULL, errors);
    if (errors->n)
        cli_print_errors(stderr, errors);
    free(errors);
    if (!err && !(set = house_set_new(files)))
        err = ENOMEM;
    if (!err) {
        h->settings = set->files->settings;
        house_set_use(h, set);
        if (config_path_beside(h->journal_path, h->args->settings, h->settings.journal.path))
            return CLI_OK;
        err = ENAMETOOLONG;
    }
    if (!set)
        config_set_drop(files);
    fputs("decroche serve: nothing was started; `decroche check` says the same mistakes\n", stderr);
    return err == EINVAL ? CLI_FINDING : CLI_CANNOT;
}
