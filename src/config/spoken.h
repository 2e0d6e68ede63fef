/* spoken.h — which words the files of a folder speak: its fr/text.tsv and en/text.tsv, a line each:
 * id, voice, words, with tabs between. Called by cli/. Cost: one pass over two small files. */
#ifndef CONFIG_SPOKEN_H
#define CONFIG_SPOKEN_H

#include "config/settings.h"
#include "directory/directory.h"
#include "say/prompts.h"

#define CONFIG_SPOKEN_BYTES_MAX (1u << 20) /* of one file */
#define CONFIG_SPOKEN_WORDS_MAX 1000       /* bytes of one sentence: some 60 s */

struct config_spoken {
    const char *words[PROMPT_LANGS][PROMPT_N]; /* NULL: not said */
    const char *voice[PROMPT_LANGS][PROMPT_N];
    char *bytes[PROMPT_LANGS]; /* owned */
};

/* A line that cannot be used: file, line, what is wrong with it. */
typedef void config_spoken_fn(const char *file, uint32_t line, const char *what, void *arg);

struct config_spoken_args {
    const char *folder;
    const struct directory *directory; /* names of services; NULL: the table's names only */
    config_spoken_fn *wrong;           /* NULL: wrong lines are left out in silence */
    void *arg;
};

/* A file that is not there says nothing, and is no error. 0, ENOMEM, or why it cannot be read
 * (EFBIG: longer than CONFIG_SPOKEN_BYTES_MAX). Drop in any case. */
MUST_CHECK int config_spoken_load(struct config_spoken *s, const struct config_spoken_args *args);
void config_spoken_drop(struct config_spoken *s);

#endif
