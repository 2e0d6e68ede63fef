/* settings.h — decroche.yaml into struct settings.
 * Called by cli/check and by main.c at start and on reload. A file is refused whole: on an error
 * the caller keeps what it had. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "config/yaml.h"
#include "settings/settings.h"

/* Longest name of a file that a setting leads to, with its NUL. */
#define CONFIG_PATH_BYTES 4096

/* Keys that the file leaves out are at their defaults. 0; or errno (EINVAL: the file is wrong) with
 * every error of it in the list. */
MUST_CHECK int config_settings_load(struct settings *out, const char *path,
                                    struct config_errors *errors);

/* The same from memory; errors->file is the caller's. */
MUST_CHECK int config_settings_read(struct settings *out, const char *text, size_t n,
                                    struct config_errors *errors);

/* What could be read of a wrong file, the rest at its defaults: only to look for mistakes in the
 * files that it names. */
void config_settings_guess(struct settings *out, const char *path);

/* A path of a setting is read from the folder of the file that says it. False: too long. */
bool config_path_beside(char to[CONFIG_PATH_BYTES], const char *file, const char *path);

#endif
