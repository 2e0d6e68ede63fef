/* shared.h — a file as memory: what is written there is still there when this process has died.
 * Called by main.c. A disk that is full may not end us (SIGBUS), so only what os_shared_grow() has
 * taken may be touched. */
#ifndef OS_SHARED_H
#define OS_SHARED_H

#include "base/types.h"

struct os_shared {
    uint8_t *p;        /* owned; NULL: none */
    size_t n, ready_n; /* in all; from the beginning on, those that may be touched */
    int fd;            /* owned */
};

/* A new file of that name, for this user alone; what had it is gone. 0 or errno. */
MUST_CHECK int os_shared_open(struct os_shared *s, const char *path, size_t n);
/* At least so many bytes may be touched; those that are new are zero. 0 or errno: ENOSPC… */
MUST_CHECK int os_shared_grow(struct os_shared *s, size_t n);
void os_shared_drop(struct os_shared *s);

#endif
