/* directory_parts.h — the reader of the directory, between its files: lists of things with an id,
 * references between them. Included by config/directory*.c. */
#ifndef CONFIG_DIRECTORY_PARTS_H
#define CONFIG_DIRECTORY_PARTS_H

#include "config/refer.h"
#include "config/table.h"
#include "directory/directory.h"
#include "settings/settings.h"

#define PLACE_MARK " @" /* "09:30-12:00 @Rochemarne" */

/* What the head of the file says and struct directory does not keep. */
struct reading_head {
    bool has_legal_type, is_private;
    const struct config_node *organisation;
};

/* Voice hours that are covered. */
struct covered {
    uint64_t voice, accessible;
};

struct reading {
    struct directory *d; /* being filled */
    const struct settings *settings;
    const struct config_node *root;
    const struct config_node *list;   /* being read: a sequence or mapping of items */
    const struct config_node **items; /* its items, by index; borrowed */
    const struct config_node **weeks; /* the items of the hours, by index; borrowed */
    struct config_errors *errors;
    struct reading_head head;
    uint32_t phone_weeks_n; /* the first weeks: a number or a service names them */
    uint64_t wrong_weeks;   /* of these: whose hours could not be read */
    struct covered covered[64];
    unsigned covered_n;
    bool is_used[DIRECTORY_WEEKS_MAX]; /* weeks that something keeps */
};

/* Words of time zones and of holidays, in the order of their enums; NULL ends them. */
extern const char *const directory_zone_words[];
extern const char *const directory_holiday_words[];

struct config_things directory_all_weeks(const struct reading *r);
struct config_things directory_all_sites(const struct reading *r);

/* What this key of an item names, see config_refer(); DIRECTORY_NONE when it is absent. */
uint32_t directory_refer_key(struct reading *r, const struct config_node *item, const char *key,
                             const struct config_things *things);
/* The hours that this key names, which are used by that; of the telephone: as a bit, 0 none. */
uint32_t directory_refer_week(struct reading *r, const struct config_node *item, const char *key);
uint64_t directory_refer_phone_week(struct reading *r, const struct config_node *item,
                                    const char *key);

/* Notes index under the id of an item; an error when the id is badly written or stands twice. */
void directory_keep_id(struct reading *r, struct map *map, const struct config_node *item,
                       uint32_t index);

/* A number as people write it; fiction only in a demonstration (it can never be dialled). */
bool directory_read_number(struct reading *r, uint64_t *e164, const struct config_node *node);
/* The same of somebody else's: an error when it is one of our own. */
bool directory_read_others_number(struct reading *r, uint64_t *e164,
                                  const struct config_node *node);
/* The same, and we may call it. */
bool directory_read_dialled_number(struct reading *r, uint64_t *e164,
                                   const struct config_node *node);
/* A surcharged number that callers would be given: an error for bodies of the State and of social
 * security, a warning for the others (law 2018-727, art. 28). */
void directory_check_surcharge(struct reading *r, const struct config_node *where);
/* The bit of a language ("lang:" left out); 64 and an error when it is unknown. */
unsigned directory_read_language(struct reading *r, const struct config_node *node,
                                 const char *language);

/* directory_order.c: the items of the hours, those of the telephone first, into r->items. */
void directory_order_weeks(struct reading *r);
/* How many stops and how many exceptions there will be at most: room for them. */
uint32_t directory_places_count(const struct config_node *root);
uint32_t directory_exceptions_count(const struct config_node *root);
/* directory_hours.c */
void directory_read_weeks(struct reading *r);
bool directory_read_day(struct reading *r, const struct config_node *node, struct day_hours *hours,
                        struct directory_stops *stops);
/* directory_exceptions.c */
void directory_read_exceptions(struct reading *r);
/* directory_places.c */
void directory_read_communes(struct reading *r);
void directory_read_sites(struct reading *r);
/* directory_people.c */
void directory_read_agents(struct reading *r);
void directory_read_numbers(struct reading *r);
/* Once the sites are read: whose numbers are theirs. */
void directory_read_number_sites(struct reading *r);
/* directory_lines.c */
void directory_read_shared(struct reading *r);
void directory_read_interpreters(struct reading *r);
void directory_read_trunks(struct reading *r);
/* directory_access.c: what no single line shows: the accessible telephone, hours of nobody. */
void directory_check_access(struct reading *r);
void directory_warn(struct reading *r);

#endif
