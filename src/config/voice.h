/* voice.h — are the files of the prompts there? Called by cli/check and by main.c before the sounds
 * are loaded. A missing one is no error: its caller hears nothing in its place, which is bad enough
 * to be told. Cost: one question to the file system for each file. */
#ifndef CONFIG_VOICE_H
#define CONFIG_VOICE_H

#include "config/flow.h"
#include "config/settings.h"
#include "say/prompts.h"

/* folder/fr/NAME.wav, folder/en/NAME.wav, or folder/common/NAME.wav for what has no words. False:
 * there is no such file by design, or the name is too long. */
bool config_voice_path(char to[CONFIG_PATH_BYTES], const char *folder, enum prompt_id id,
                       enum prompt_lang lang);

typedef void config_voice_fn(const char *path, void *arg);

struct config_voice_args {
    const char *folder;
    const struct config_flows *flows; /* English is needed when one of them offers it */
    config_voice_fn *missing;         /* told each missing file */
    void *arg;
};

/* How many files lack: of the flows' own prompts, and of all that any service says. */
unsigned config_voice_check(const struct config_voice_args *args);

#endif
