/* recording.h — where recordings lie and the key that locks them, as the settings name them.
 * Called by config/set and cli/recording. The key is read as hexadecimal digits, and never said. */
#ifndef CONFIG_RECORDING_H
#define CONFIG_RECORDING_H

#include "config/settings.h"

#define CONFIG_RECORDING_KEY_BYTES 32

struct config_recording {
    bool is_on;    /* a folder is named: it is there, and so is the key */
    bool is_wrong; /* one is named, and it or its key is not as it must be */
    char folder[CONFIG_PATH_BYTES];
    uint8_t key[CONFIG_RECORDING_KEY_BYTES];
};

/* file: of the settings, beside which the others lie. 0; or errno (EINVAL: no folder, no key, or
 * one that others may read) with every error in the list. */
MUST_CHECK int config_recording_load(struct config_recording *out, const char *file,
                                     const struct settings *settings, struct config_errors *errors);
/* Wipes the key. All zeros is fine. */
void config_recording_drop(struct config_recording *r);

#endif
