/* table.h — a mapping of a file into a plain struct, by a table of keys.
 * One table per struct: name, form, place, bounds. The reader says every mistake of the file in
 * one run: unknown key (with the nearest known one), wrong form, out of bounds, twice, missing.
 * Called by the readers of settings, directory, flows and profiles. Cost: keys × entries.
 *
 *   static const struct config_key line_keys[] = {
 *       {.name = "host", CONFIG_AT(struct line, host), .form = CONFIG_TEXT, .is_required = true},
 *       {.name = "port", CONFIG_AT(struct line, port), .form = CONFIG_U16, .min = 1, .max = 65535},
 *   };
 *   static const struct config_table line_table = CONFIG_TABLE(line_keys);
 *   config_read(&line, config_root(doc), &line_table, &errors);
 *
 * A key that the file leaves out keeps what the struct held before: defaults are set first. */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include "config/value.h"
#include "config/yaml.h"

enum config_form {
    CONFIG_BOOL, /* bool */
    CONFIG_U8,   /* uint8_t … uint64_t, within min … max */
    CONFIG_U16,
    CONFIG_U32,
    CONFIG_U64,
    CONFIG_MS,       /* ms_t: a duration; min … max in ms */
    CONFIG_PPM,      /* uint32_t: a share in millionths; min … max in ppm */
    CONFIG_MILLI,    /* uint32_t: a decimal number in thousandths; min … max in thousandths */
    CONFIG_TIME,     /* uint16_t: minutes of the day */
    CONFIG_HOURS,    /* struct day_hours: the openings of one day */
    CONFIG_WEEK,     /* struct day_hours[7]: { lun-ven: "08:30-18:00", sam: "closed" } */
    CONFIG_U32_WEEK, /* uint32_t[7]: { lun: 410, mar-ven: 300 }; other days keep their value */
    CONFIG_TEXT,     /* char[size]: at most size − 1 bytes; empty only when min is 0 */
    CONFIG_ENUM,     /* unsigned: the index of the word in `words` */
    CONFIG_GROUP,    /* a struct of its own table */
    CONFIG_LIST,     /* an array of `item`s: count at n_at, at most max, at least min */
    CONFIG_ENTRIES,  /* the same from a mapping: each item begins with char[CONFIG_NAME_MAX],
                        its key */
    CONFIG_CALL,     /* anything else: call() reads the node itself */
};

/* Bytes of the name that heads an item of CONFIG_ENTRIES, with its NUL. */
#define CONFIG_NAME_MAX 64

struct config_table;

/* Reads node into target (the struct of the table that holds the key). */
typedef void config_call_fn(void *target, const struct config_node *node,
                            struct config_errors *errors);

struct config_key {
    const char *name;
    uint32_t at;   /* of the value in the struct: CONFIG_AT() */
    uint32_t size; /* of the value; of the whole array for CONFIG_LIST and CONFIG_ENTRIES */
    enum config_form form;
    bool is_required;
    int64_t min, max;                 /* both 0: no bound but the type's */
    const char *const *words;         /* CONFIG_ENUM: ended by NULL */
    const struct config_table *table; /* CONFIG_GROUP */
    const struct config_key *item;    /* CONFIG_LIST, CONFIG_ENTRIES: at 0, its size the stride */
    uint32_t n_at;                    /* CONFIG_LIST, CONFIG_ENTRIES: an unsigned, the count */
    config_call_fn *call;             /* CONFIG_CALL */
};

struct config_table {
    const struct config_key *keys;
    unsigned n;
};

#define CONFIG_AT(type, field) .at = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define CONFIG_COUNT_AT(type, field) .n_at = offsetof(type, field)
#define CONFIG_ITEM(type) .at = 0, .size = sizeof(type)
#define CONFIG_TABLE(keys_)                                                                        \
    {                                                                                              \
        .keys = (keys_), .n = ARRAY_LEN(keys_)                                                     \
    }

/* A key that its reader looks at by itself, later. */
config_call_fn config_skip;
#define CONFIG_LATER(name_)                                                                        \
    {                                                                                              \
        .name = (name_), .form = CONFIG_CALL, .call = config_skip                                  \
    }

/* Fills target from a mapping. True when this mapping added no error. */
bool config_read(void *target, const struct config_node *mapping, const struct config_table *table,
                 struct config_errors *errors);

/* One value by one key, for CONFIG_CALL functions. True when it added no error. */
bool config_read_value(void *target, const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors);

/* The nearest of n words (edit distance ≤ 2 and under half of the word), or NULL. */
const char *config_nearest(const char *word, const char *const *words, unsigned n);

#endif
