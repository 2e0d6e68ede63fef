/* heap.c — see heap.h.
 * Invariant: no entry is less than its parent; pos is the inverse of entries. */
#include <string.h>

#include "base/heap.h"

#define CHILDREN 4

void heap_open(struct heap *heap, struct arena *arena, uint32_t items_max)
{
    assert(items_max > 0 && items_max < 1u << 30);
    heap->n = 0;
    heap->items_max = items_max;
    heap->entries = arena_take(arena, items_max, sizeof(*heap->entries));
    heap->pos = arena_take(arena, items_max, sizeof(*heap->pos));
}

static bool less(const struct heap_entry *a, const struct heap_entry *b)
{
    if (a->at != b->at)
        return a->at < b->at;
    if (a->tie != b->tie)
        return a->tie < b->tie;
    return a->item < b->item;
}

static void place(struct heap *heap, uint32_t i, const struct heap_entry *e)
{
    heap->entries[i] = *e;
    heap->pos[e->item] = i + 1;
}

static void up(struct heap *heap, uint32_t i, struct heap_entry e)
{
    while (i > 0) {
        uint32_t parent = (i - 1) / CHILDREN;
        if (!less(&e, &heap->entries[parent]))
            break;
        place(heap, i, &heap->entries[parent]);
        i = parent;
    }
    place(heap, i, &e);
}

static uint32_t least_child(const struct heap *heap, uint32_t i)
{
    uint32_t best = i * CHILDREN + 1;
    for (uint32_t c = best + 1; c <= i * CHILDREN + CHILDREN && c < heap->n; c++)
        if (less(&heap->entries[c], &heap->entries[best]))
            best = c;
    return best;
}

static void down(struct heap *heap, uint32_t i, struct heap_entry e)
{
    while (i * CHILDREN + 1 < heap->n) {
        uint32_t child = least_child(heap, i);
        if (!less(&heap->entries[child], &e))
            break;
        place(heap, i, &heap->entries[child]);
        i = child;
    }
    place(heap, i, &e);
}

void heap_remove(struct heap *heap, uint32_t item)
{
    assert(item < heap->items_max);
    uint32_t i = heap->pos[item];
    if (!i--)
        return;
    heap->pos[item] = 0;
    struct heap_entry last = heap->entries[--heap->n];
    if (i == heap->n)
        return;
    if (i > 0 && less(&last, &heap->entries[(i - 1) / CHILDREN]))
        up(heap, i, last);
    else
        down(heap, i, last);
}

void heap_set(struct heap *heap, uint32_t item, ms_t at, ms_t tie)
{
    assert(item < heap->items_max);
    uint32_t i = heap->pos[item];
    if (at == MS_NEVER || (i && heap->entries[i - 1].at == at && heap->entries[i - 1].tie == tie)) {
        if (at == MS_NEVER)
            heap_remove(heap, item);
        return;
    }
    struct heap_entry e = {at, tie, item};
    if (!i) {
        up(heap, heap->n++, e);
    } else if (less(&e, &heap->entries[i - 1])) {
        up(heap, i - 1, e);
    } else {
        down(heap, i - 1, e);
    }
}

const struct heap_entry *heap_first(const struct heap *heap)
{
    return heap->n ? &heap->entries[0] : NULL;
}

void heap_clear(struct heap *heap)
{
    memset(heap->pos, 0, heap->items_max * sizeof(*heap->pos));
    heap->n = 0;
}
