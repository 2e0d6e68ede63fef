/* directory_parts.h — the reader of the directory, between its files: lists of things with an id,
 * references between them. Included by config/directory*.c. */
#ifndef CONFIG_DIRECTORY_PARTS_H
#define CONFIG_DIRECTORY_PARTS_H

#include "config/refer.h"
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

struct config_things directory_all_weeks(const struct reading *r);
struct config_things directory_all_sites(const struct reading *r);

/* What this key of an item names, see config_refer(); DIRECTORY_NONE when it is absent. */
uint32_t directory_refer_key(struct reading *r, const struct config_node *item, const char *key,
                             const struct config_things *things);

/* Notes index under the id of an item; an error when the id is badly written or stands twice. */
void directory_keep_id(struct reading *r, struct map *map, const struct config_node *item,
                       uint32_t index);

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
