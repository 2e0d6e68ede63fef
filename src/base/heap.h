/* heap.h — timers: which of many items is due first, each item at most once.
 * Called by acd (rings, offers, wrap-ups) and plan/world. Cost: O(log n), 4 children a node. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include "base/arena.h"

struct heap {
    struct heap_entry {
        ms_t at, tie;
        uint32_t item;
    } * entries;   /* borrowed from the arena */
    uint32_t *pos; /* item → index in entries + 1, 0: not in */
    uint32_t n, items_max;
};

/* For items 0 … items_max − 1. */
void heap_open(struct heap *heap, struct arena *arena, uint32_t items_max);
/* Puts item at (at, tie), or moves it there. Equal ones come out by item number. MS_NEVER removes.
 */
void heap_set(struct heap *heap, uint32_t item, ms_t at, ms_t tie);
void heap_remove(struct heap *heap, uint32_t item);
/* The first entry, NULL when empty; valid until the next change. */
const struct heap_entry *heap_first(const struct heap *heap);
void heap_clear(struct heap *heap);

#endif
