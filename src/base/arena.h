/* arena.h — hands out pieces of one block of given memory; nothing is ever given back.
 * Called once at start by every module with pools. Two passes with the same code: the first over no
 * memory counts, the second hands out. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/types.h"

#define ARENA_ALIGN 64

struct arena {
    uint8_t *base; /* borrowed; NULL: only count */
    size_t used, size;
    bool is_zeroed; /* the block is all zeros, its pages untouched: they stay so */
};

/* n items of size bytes each, zeroed, aligned to ARENA_ALIGN; NULL when only counting. Stops the
 * program when the block is too small: the caller counted with other limits. */
void *arena_take(struct arena *arena, size_t n, size_t size);

#endif
