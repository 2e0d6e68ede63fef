/* assets.h — what browsers load beside the pages: styles, modules, pictures; files of web/, put
 * into the program by tools/embed_assets.py. Read by app/pages_screens.c. */
#ifndef VIEW_ASSETS_H
#define VIEW_ASSETS_H

#include <stddef.h>

struct view_asset {
    const char *name, *type;
    const char *tag; /* of its bytes, with its quotes (RFC 9110 §8.8.3) */
    const char *bytes;
    size_t n;
};

extern const struct view_asset view_assets[];
extern const unsigned view_assets_n;

#endif
