/* directory_parts.h — the reader of the directory, between its files: lists of things with an id,
 * references between them. Included by config/directory*.c. */
#ifndef CONFIG_DIRECTORY_PARTS_H
#define CONFIG_DIRECTORY_PARTS_H

#include "config/table.h"
#include "directory/directory.h"
#include "settings/settings.h"

struct reading {
    struct directory *d; /* being filled */
    const struct settings *settings;
    const struct config_node *root;
    const struct config_node *list; /* being read: a sequence or mapping of items */
    struct config_errors *errors;
};

/* One kind of things: how it is called, where they are, and their ids (the first field of each). */
struct kind {
    const char *unknown; /* "lieu inconnu": with its gender */
    const struct map *map;
    const void *first;
    size_t stride;
    uint32_t n;
};

struct kind kind_of_weeks(const struct reading *r);
struct kind kind_of_services(const struct reading *r);
struct kind kind_of_sites(const struct reading *r);

/* The index of the thing that node names, or DIRECTORY_NONE and an error with the nearest known. */
uint32_t directory_refer(struct reading *r, const struct config_node *node,
                         const struct kind *kind);
/* The same for a key of an item that may be absent: then DIRECTORY_NONE. */
uint32_t directory_refer_key(struct reading *r, const struct config_node *item, const char *key,
                             const struct kind *kind);

/* Notes index under the id of an item; an error when the id is badly written or stands twice. */
void directory_keep_id(struct reading *r, struct map *map, const struct config_node *item,
                       uint32_t index);

/* A key that is read later: for tables. */
config_call_fn directory_skip;
#define LATER(name_)                                                                               \
    {                                                                                              \
        .name = (name_), .form = CONFIG_CALL, .call = directory_skip                               \
    }

/* directory_hours.c */
void directory_read_weeks(struct reading *r);
void directory_read_exceptions(struct reading *r);
/* directory_people.c */
void directory_read_sites(struct reading *r);
void directory_read_agents(struct reading *r);
void directory_read_numbers(struct reading *r);
/* directory_trunks.c */
void directory_read_trunks(struct reading *r);

#endif
