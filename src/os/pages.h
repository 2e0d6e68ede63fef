/* pages.h — a large block of zeroed memory whose pages cost nothing until they are used.
 * Called by edges and main.c for pools over an arena. */
#ifndef OS_PAGES_H
#define OS_PAGES_H

#include "base/types.h"

struct os_pages {
    void *p; /* owned; NULL: none */
    size_t n;
};

/* n bytes, aligned to a page. 0 or ENOMEM. */
MUST_CHECK int os_pages_open(struct os_pages *pages, size_t n);
void os_pages_drop(struct os_pages *pages);

#endif
