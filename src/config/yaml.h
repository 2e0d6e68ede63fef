/* yaml.h — a YAML file as a tree in which every value knows its line and column, and the list of
 * what is wrong with it. Called by table.c and by the readers of settings, directory and profiles.
 * libyaml is hidden in yaml.c. Bounded: file, depth, nodes, errors. Aliases, anchors and tags are
 * refused: what a line says is what it means. */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include "base/types.h"

#define CONFIG_FILE_BYTES_MAX (4u << 20)
#define CONFIG_DEPTH_MAX 16
#define CONFIG_NODES_MAX 400000u
#define CONFIG_KEYS_MAX 8192 /* in one mapping; longer lists are lists */
#define CONFIG_ERRORS_MAX 20 /* further ones are counted only */
#define CONFIG_SENTENCE_MAX 240
#define CONFIG_ERROR_FILE_BYTES 256 /* of a longer name the end is kept */

enum config_kind {
    CONFIG_NOTHING, /* "key:" with nothing behind, or ~ */
    CONFIG_SCALAR,
    CONFIG_SEQUENCE,
    CONFIG_MAPPING,
};

/* One value. Lent by its document until config_drop(). */
struct config_node {
    enum config_kind kind;
    uint32_t line, column;         /* from 1 */
    uint32_t end_line, end_column; /* the first behind it; of a block, behind its last value */
    const char *text;              /* scalar: NUL-terminated UTF-8 without inner NUL; else "" */
    bool is_quoted;                /* "08" and 08 are not the same wish */
    bool is_flow;                  /* [ ] and { }, not one thing a line */
    const struct config_node *key; /* the scalar before the colon, in a mapping; else NULL */
    const struct config_node *first, *next;
    unsigned n; /* children */
};

struct config_error {
    uint32_t line, column; /* 0: the file as a whole */
    char file[CONFIG_ERROR_FILE_BYTES];
    char what[CONFIG_SENTENCE_MAX];
    char cure[CONFIG_SENTENCE_MAX];
};

/* A text that is read in the place of a file: what a change of it would be. */
struct config_instead {
    const char *path; /* as config_load() is given it */
    const char *text;
    size_t n;
};

/* All errors of one run, in the order of reading. */
struct config_errors {
    const char *file; /* borrowed: the name of the file being read; an error keeps a copy */
    unsigned n;
    unsigned more_n; /* past CONFIG_ERRORS_MAX */
    struct config_error list[CONFIG_ERRORS_MAX];
    struct config_errors *warnings; /* borrowed: where config_warn() writes; NULL: nobody asks */
    const struct config_instead *instead; /* borrowed; NULL: all files as they are */
};

struct config_doc;

/* Reads a file. 0 and *out to drop; or errno, with at least one error in the list. */
MUST_CHECK int config_load(struct config_doc **out, const char *path, struct config_errors *errors);

/* The same from memory. errors->file is the caller's. */
MUST_CHECK int config_keep(struct config_doc **out, const char *text, size_t n,
                           struct config_errors *errors);
void config_drop(struct config_doc *doc);

/* The document's value; never NULL. */
const struct config_node *config_root(const struct config_doc *doc);

/* The value of this key in a mapping, NULL when absent or when the node is no mapping. */
const struct config_node *config_get(const struct config_node *mapping, const char *key);

/* Adds an error: what is wrong, then (config_cure) how to set it right. */
void config_wrong(struct config_errors *errors, const struct config_node *where, const char *what,
                  ...) __attribute__((format(printf, 3, 4)));
void config_cure(struct config_errors *errors, const char *cure, ...)
    __attribute__((format(printf, 2, 3)));

/* A warning: one could begin so, but poorly. Kept apart from the errors; nothing when nobody asks.
 * The cure goes with it. */
struct config_warning {
    const struct config_node *where;
    const char *cure;
};
void config_warn(struct config_errors *errors, const struct config_warning *w, const char *what,
                 ...) __attribute__((format(printf, 3, 4)));

/* In the order of the lines, for readers that look twice at a file; errors of several files stay
 * in the order of these. */
void config_errors_sort(struct config_errors *errors);

/* All errors as text: "file:line:column: what\n    → cure\n". Returns the bytes written, without
 * the NUL; cut at a whole error when n is small. */
size_t config_errors_text(const struct config_errors *errors, char *to, size_t n);

#endif
