/* sentence.h — the words of a prompt at this place. The table speaks of the demonstration; another
 * house says its own name, its services, its address.
 * Called by cli/: what is recorded elsewhere, or synthesised when nothing is. Pure. */
#ifndef CONFIG_SENTENCE_H
#define CONFIG_SENTENCE_H

#include "base/text.h"
#include "config/flow.h"
#include "config/spoken.h"

struct config_site {
    const struct directory *directory;
    const struct config_flows *flows;
    const struct config_spoken *own; /* what its own files say, or how to speak; NULL: nothing */
};

enum config_words {
    CONFIG_WORDS_NONE,  /* there are none: words of the moment, or a sentence of another place */
    CONFIG_WORDS_TABLE, /* as the table has them: the files that come with decroche say them */
    CONFIG_WORDS_OWN,   /* a line of its text.tsv */
    CONFIG_WORDS_MADE,  /* from its directory and its flows */
};

/* Puts them into out. */
enum config_words config_sentence(struct text_out *out, const struct config_site *site,
                                  enum prompt_id id, enum prompt_lang lang);

#endif
