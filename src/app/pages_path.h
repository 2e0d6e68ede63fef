/* pages_path.h — is this the path of a route, and what does a path have? Included by app/pages.c
 * only. */
#ifndef APP_PAGES_PATH_H
#define APP_PAGES_PATH_H

#include "base/text.h"

/* Byte by byte; what stands for {…} is not empty and has no slash. */
bool pages_path_is(struct text pattern, struct text path, struct text *id);
bool pages_path_has_word(struct text pattern);

/* What a path has, by the bits of its methods: 1 << PAGES_GET, 1 << PAGES_POST and so on. */
struct pages_methods {
    const char *allow, *error, *cure;
};
const struct pages_methods *pages_path_methods(unsigned bits);

/* For pages_port: bytes that a body sent there may have; 0: as all. */
size_t pages_path_body_max(void *arg, struct text path);

#endif
