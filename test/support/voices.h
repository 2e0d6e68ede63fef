/* voices.h — a folder with an empty file for each prompt, for tests that ask whether they are
 * there. */
#ifndef TEST_SUPPORT_VOICES_H
#define TEST_SUPPORT_VOICES_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/voice.h"

static inline void voices_file(const char *path, bool puts)
{
    FILE *f = puts ? fopen(path, "wb") : NULL;
    if (puts && (!f || fclose(f)))
        abort();
    if (!puts)
        unlink(path); /* a test may have taken it away */
}

static inline void voices_each(const char *folder, bool puts)
{
    static char path[CONFIG_PATH_BYTES];
    for (unsigned id = PROMPT_NONE + 1; id < PROMPT_N; id++)
        for (unsigned lang = 0; lang < PROMPT_LANGS; lang++)
            if (config_voice_path(path, folder, (enum prompt_id)id, (enum prompt_lang)lang))
                voices_file(path, puts);
}

static inline void voices_folders(const char *folder, bool puts)
{
    static const char *const names[] = {"", "/fr", "/en", "/common"};
    char path[512];
    for (unsigned i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s%s", folder, names[puts ? i : 3 - i]);
        if (puts ? mkdir(path, 0700) : rmdir(path))
            abort();
    }
}

static inline void voices_put(const char *folder)
{
    voices_folders(folder, true);
    voices_each(folder, true);
}

static inline void voices_drop(const char *folder)
{
    voices_each(folder, false);
    voices_folders(folder, false);
}

#endif
