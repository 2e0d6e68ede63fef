/* arena.c — see arena.h. Called at start only. Cost: one memset. */
#include <string.h>

#include "base/arena.h"

void *arena_take(struct arena *arena, size_t n, size_t size)
{
    assert(size && n <= SIZE_MAX / 2 / size);
    size_t bytes = (n * size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    size_t at = arena->used;
    arena->used += bytes;
    if (!arena->base)
        return NULL;
    assert(arena->used <= arena->size);
    if (!arena->is_zeroed)
        memset(arena->base + at, 0, bytes);
    return arena->base + at;
}
