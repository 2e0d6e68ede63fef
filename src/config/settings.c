/* settings.c — see settings.h. The table of keys is generated from schema/settings.toml; what keys
 * alone cannot say is settings/check.c. Cost: once, at start and on reload. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/settings.h"
#include "settings/check.h"
#include "settings/keys.h"

/* The value that a finding blames, or the place where it would stand. */
static const struct config_node *blamed(const struct config_node *root,
                                        const struct settings_finding *finding)
{
    const struct config_node *folder = config_get(root, finding->folder);
    const struct config_node *value = folder ? config_get(folder, finding->key) : NULL;
    return value ? value : folder ? folder : root;
}

static void check_together(const struct settings *s, const struct config_node *root,
                           struct config_errors *errors)
{
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    unsigned n = settings_check(s, found);
    for (unsigned i = 0; i < n; i++) {
        config_wrong(errors, blamed(root, &found[i]), "%s.%s\u00a0: %s", found[i].folder,
                     found[i].key, found[i].what);
        config_cure(errors, "%s", found[i].cure);
    }
    config_errors_sort(errors);
}

/* Takes the document. */
static int read_all(struct settings *out, struct config_doc *doc, struct config_errors *errors)
{
    struct settings s;
    settings_defaults(&s);
    bool is_good = config_read(&s, config_root(doc), &settings_table, errors);
    if (is_good) {
        check_together(&s, config_root(doc), errors);
        is_good = !errors->n;
    }
    if (is_good)
        *out = s;
    config_drop(doc);
    return is_good ? 0 : EINVAL;
}

int config_settings_load(struct settings *out, const char *path, struct config_errors *errors)
{
    struct config_doc *doc;
    errors->file = path;
    int err = config_load(&doc, path, errors);
    return err ? err : read_all(out, doc, errors);
}

int config_settings_read(struct settings *out, const char *text, size_t n,
                         struct config_errors *errors)
{
    struct config_doc *doc;
    int err = config_keep(&doc, text, n, errors);
    return err ? err : read_all(out, doc, errors);
}

void config_settings_guess(struct settings *out, const char *path)
{
    struct config_errors told = {0};
    struct config_doc *doc;
    settings_defaults(out);
    if (config_load(&doc, path, &told))
        return;
    config_read(out, config_root(doc), &settings_table, &told);
    config_drop(doc);
}

bool config_path_beside(char to[CONFIG_PATH_BYTES], const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    int folder_n = *path == '/' || !slash ? 0 : (int)(slash - file) + 1;
    int n = snprintf(to, CONFIG_PATH_BYTES, "%.*s%s", folder_n, file, path);
    return n >= 0 && n < CONFIG_PATH_BYTES;
}
