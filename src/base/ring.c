/* ring.c — a bounded queue from one thread to one other.
 * Called by edges and app. Two counters that only grow (and wrap at 2^32, which a power of two
 * divides); their difference is the number of waiting items.
 * Invariant: tail − head ≤ n. */
#include <string.h>

#include "base/ring.h"

size_t ring_bytes(uint32_t n, size_t item_bytes)
{
    return (size_t)n * item_bytes;
}

void ring_open(struct ring_buffer *r, void *memory, uint32_t n, size_t item_bytes)
{
    assert(n > 0 && n <= RING_N_MAX && (n & (n - 1)) == 0 && item_bytes > 0);
    r->items = memory;
    r->item_bytes = item_bytes;
    r->n = n;
    atomic_init(&r->tail, 0);
    atomic_init(&r->head, 0);
}

static uint8_t *place(const struct ring_buffer *r, uint32_t count)
{
    return r->items + (size_t)(count & (r->n - 1)) * r->item_bytes;
}

uint32_t ring_room_n(const struct ring_buffer *r)
{
    uint32_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
    return r->n - (tail - atomic_load_explicit(&r->head, memory_order_acquire));
}

void *ring_slot(struct ring_buffer *r, uint32_t i)
{
    assert(i < r->n);
    return place(r, atomic_load_explicit(&r->tail, memory_order_relaxed) + i);
}

/* Sequentially consistent, and so is the look in ring_waiting_n(): a producer that then reads "is
 * the consumer asleep?" and a consumer that says so and then looks here cannot miss each other. */
void ring_publish(struct ring_buffer *r, uint32_t n)
{
    assert(n <= ring_room_n(r));
    uint32_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
    atomic_store(&r->tail, tail + n);
}

bool ring_push(struct ring_buffer *r, const void *items, uint32_t n)
{
    if (n > ring_room_n(r))
        return false;
    const uint8_t *from = items;
    for (uint32_t i = 0; i < n; i++)
        memcpy(ring_slot(r, i), from + (size_t)i * r->item_bytes, r->item_bytes);
    ring_publish(r, n);
    return true;
}

uint32_t ring_waiting_n(const struct ring_buffer *r)
{
    uint32_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
    return atomic_load(&r->tail) - head;
}

const void *ring_item(const struct ring_buffer *r, uint32_t i)
{
    assert(i < r->n);
    return place(r, atomic_load_explicit(&r->head, memory_order_relaxed) + i);
}

void ring_release(struct ring_buffer *r, uint32_t n)
{
    assert(n <= ring_waiting_n(r));
    uint32_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
    atomic_store_explicit(&r->head, head + n, memory_order_release);
}
