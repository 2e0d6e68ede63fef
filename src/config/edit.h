/* edit.h — things of a list of a file, as pages show and change them: their fields as text, and the
 * file in which one of them is another. What a change does not touch stays byte for byte: comments,
 * order, spaces. Called by cli/serve_admin.c. Cost: a pass over the file. */
#ifndef CONFIG_EDIT_H
#define CONFIG_EDIT_H

#include "base/text.h"
#include "config/yaml.h"

#define CONFIG_FIELDS_MAX 24
#define CONFIG_FIELD_BYTES 512
#define CONFIG_WORD_BYTES 64 /* of a key, of the name of a list */

enum config_field_form {
    CONFIG_FIELD_TEXT,
    CONFIG_FIELD_LIST, /* "a, b, c" */
    CONFIG_FIELD_DEEP, /* more than that: kept as it is, to be changed in the file */
};

struct config_field {
    char key[CONFIG_WORD_BYTES];
    char
        value[CONFIG_FIELD_BYTES]; /* CONFIG_FIELD_DEEP: as the file has it, cut where it is long */
    enum config_field_form form;
};

struct config_item {
    char name[CONFIG_WORD_BYTES]; /* of a mapping (hours), its key; else "" */
    uint32_t first, last;         /* lines, from 1 */
    bool is_locked;               /* shares its lines with others, or has too much: in the file */
    unsigned n;
    struct config_field fields[CONFIG_FIELDS_MAX];
};

/* The i-th thing of this list. False: there are no more, or no such list. */
bool config_edit_item(struct config_item *item, const struct config_node *root, const char *list,
                      unsigned i);

enum config_edit_verdict {
    CONFIG_EDITED,
    CONFIG_EDIT_GONE,   /* no thing of this list begins at this line */
    CONFIG_EDIT_LOCKED, /* it is not alone on its lines */
    CONFIG_EDIT_FULL,   /* the text that comes of it is too long */
};

/* What a thing shall be. A field with an empty value goes; one that is not named stays. */
struct config_edit {
    const char *list;
    uint32_t line;    /* where it begins; 0: a new one, at the end of the list */
    const char *name; /* of a new thing of a mapping; NULL: the list is a sequence */
    bool is_removed;
    const struct config_field *fields; /* their form is how they are written */
    unsigned n;
};

/* The whole text of the file with that change. text: of which root was read. */
enum config_edit_verdict config_edit_put(struct text_out *out, struct text text,
                                         const struct config_node *root,
                                         const struct config_edit *edit);

#endif
