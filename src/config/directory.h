/* directory.h — directory.yaml into struct directory.
 * Called by cli/check and by main.c at start and on reload. A file is refused whole. */
#ifndef CONFIG_DIRECTORY_H
#define CONFIG_DIRECTORY_H

#include "config/yaml.h"
#include "directory/directory.h"
#include "settings/settings.h"

/* 0 and *out to drop; or errno (EINVAL: the file is wrong) with every error of it in the list, in
 * the order of its lines. settings: what the heart has room for. */
MUST_CHECK int config_directory_load(struct directory **out, const char *path,
                                     const struct settings *settings, struct config_errors *errors);

/* For `check`: the same answer, but *out is to drop in either case, NULL when nothing could be
 * read. A wrong directory is one to look at flows and secrets with, never to serve with. */
MUST_CHECK int config_directory_examine(struct directory **out, const char *path,
                                        const struct settings *settings,
                                        struct config_errors *errors);

/* The same from memory: a NUL-terminated text; errors->file is the caller's. */
MUST_CHECK int config_directory_read(struct directory **out, const char *text,
                                     const struct settings *settings, struct config_errors *errors);
void config_directory_drop(struct directory *d);

#endif
