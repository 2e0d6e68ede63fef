/* choice.h — what the keys of the menus lead to, in words: for who answers, and for whoever reads a
 * call's trace. Filled by config/flow_choices.c from the flows; events carry the numbers alone. */
#ifndef DIRECTORY_CHOICE_H
#define DIRECTORY_CHOICE_H

#include "directory/directory.h"

struct directory_choice {
    uint32_t flow, step; /* numbers of their ids */
    char words[DIRECTORY_NAME_BYTES];
};

struct directory_choices {
    struct directory_choice *list;
    uint32_t n;
};

/* NULL: the flows have no such choice, or no longer. */
const char *directory_choice_words(const struct directory *d, uint32_t flow, uint32_t step);

#endif
