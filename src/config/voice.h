/* voice.h — where the files of the prompts may lie, and which of them lack. Called by cli/. A
 * missing one is no error: the synthesis says its words, or the other language does; it is told.
 * Cost: one question to the file system for each file. */
#ifndef CONFIG_VOICE_H
#define CONFIG_VOICE_H

#include "config/flow.h"
#include "config/settings.h"
#include "say/prompts.h"

/* folder/fr/NAME.wav, folder/en/NAME.wav, or folder/common/NAME.wav for what has no words. False:
 * there is no such file by design, or the name is too long. */
bool config_voice_path(char to[CONFIG_PATH_BYTES], const char *folder, enum prompt_id id,
                       enum prompt_lang lang);

/* The prompt of this name at a place. menu.chosen.SERVICE of a service that the table does not know
 * is menu.chosen.site.NN (say_service()). directory NULL: the table only. PROMPT_NONE: none. */
enum prompt_id config_voice_named(const struct directory *directory, const char *name);
/* Which service a prompt is about (menu.chosen.*, agent.whisper.*); DIRECTORY_NONE: none here. */
uint32_t config_voice_service(const struct directory *directory, enum prompt_id id);

/* The same as config_voice_path() in a folder of a place's own recordings, which may also hold what
 * has no words in the table: its notices, menus and services, by their names. */
struct config_voice_own {
    const char *folder;
    const struct directory *directory;
};
bool config_voice_own_path(char to[CONFIG_PATH_BYTES], const struct config_voice_own *own,
                           enum prompt_id id, enum prompt_lang lang);

typedef void config_voice_fn(const char *path, void *arg);

struct config_voice_args {
    const char *folder;
    const char *own;                  /* NULL or empty: none */
    const struct config_flows *flows; /* English is needed when one of them offers it */
    config_voice_fn *missing;         /* told each missing file */
    void *arg;
};

/* How many files lack in both folders: of the flows' own prompts, and of all that any service says.
 */
unsigned config_voice_check(const struct config_voice_args *args);

#endif
