/* edit.h — things of a list of a file, as pages show and change them: their fields as text, and the
 * file in which one of them is another. What a change does not touch stays byte for byte: comments,
 * order, spaces. Called by cli/serve_files.c. Cost: a pass over the file. */
#ifndef CONFIG_EDIT_H
#define CONFIG_EDIT_H

#include "base/text.h"
#include "config/yaml.h"
#include "port/files.h"

/* The i-th thing of this list. False: there are no more, or no such list. */
bool config_edit_item(struct files_item *item, const struct config_node *root, const char *list,
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
    const struct files_field *fields; /* their form is how they are written */
    unsigned n;
};

/* The whole text of the file with that change. text: of which root was read. */
enum config_edit_verdict config_edit_put(struct text_out *out, struct text text,
                                         const struct config_node *root,
                                         const struct config_edit *edit);

#endif
