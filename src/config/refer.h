/* refer.h — the words by which files name things: ids, and references to them.
 * Called by the readers of directory, secrets and flows. Cost: a look-up; a list of all words only
 * when the word is unknown. */
#ifndef CONFIG_REFER_H
#define CONFIG_REFER_H

#include "base/map.h"
#include "config/yaml.h"
#include "directory/directory.h"

/* One kind of things: how it is called, where they are, and their ids (the first field of each). */
struct config_things {
    const char *unknown;   /* "lieu inconnu": with its gender */
    const struct map *map; /* by the number of the id; NULL: few, compared one by one */
    const void *first;
    size_t stride;
    uint32_t n;
};

struct config_things config_services(const struct directory *d);
struct config_things config_agents(const struct directory *d);
struct config_things config_trunks(const struct directory *d);

/* The index of the thing that node names, or DIRECTORY_NONE and an error with the nearest known. */
uint32_t config_refer(const struct config_node *node, const struct config_things *things,
                      struct config_errors *errors);

/* Lower case, digits and _, at most DIRECTORY_ID_BYTES − 1; otherwise an error. */
bool config_id_plain(const struct config_node *node, struct config_errors *errors);

/* Known words of one kind, and how a stranger among them is called. */
struct config_words {
    const char *unknown;
    const char *const *list;
    uint32_t n;
};
/* An error: this word is none of them, and the nearest. */
void config_unknown(const struct config_node *node, const struct config_words *words,
                    struct config_errors *errors);

#endif
