/* map.h — from a 64-bit key to a slot, over given memory.
 * Called by acd and app to find objects by id. Cost: one or two cache lines a call. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

/* Open addressing with linear probing at most half full; removal closes the gap, so there are no
 * tombstones and no rehash: the cost does not grow with age. Key 0 is not a key. */
struct map {
    struct map_entry {
        uint64_t key;
        uint32_t slot;
    } * entries; /* borrowed from the arena */
    uint32_t mask, n, n_max;
};

/* Room for n_max keys. */
void map_open(struct map *map, struct arena *arena, uint32_t n_max);
/* The slot of key, or SLOT_NONE. */
uint32_t map_get(const struct map *map, uint64_t key);
/* Sets or replaces. Stops the program when n_max keys are in: the pool behind is smaller. */
void map_put(struct map *map, uint64_t key, uint32_t slot);
/* Removes key when it is there. */
void map_remove(struct map *map, uint64_t key);
void map_clear(struct map *map);

#endif
