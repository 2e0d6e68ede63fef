/* never.h — how a number is known on the list of those who are never called: as a keyed hash, under
 * a key that only its file has. Asked by app/never.c on the main thread; store/ answers. */
#ifndef PORT_NEVER_H
#define PORT_NEVER_H

#include "base/types.h"

#define NEVER_HASH_BYTES 32

struct never_port {
    void *arg;
    void (*hash)(void *arg, uint8_t to[NEVER_HASH_BYTES], uint64_t e164);
    uint64_t mark; /* of the key, kept beside the rows */
};

#endif
