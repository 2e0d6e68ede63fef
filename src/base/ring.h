/* ring.h — a bounded queue of equal items from one thread to one other, without locks.
 * Over memory of the caller. One producer, one consumer, each on any thread but always the same.
 * Called by edges and app, one ring for each arrow of docs/floors.md. Cost: one atomic store for
 * each push or release, whatever the number of items; no allocation, no waiting.
 * Invariant: items come out once, in the order in which they went in; a push is whole or not at
 * all. */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdatomic.h>

#include "base/types.h"

/* Most items a ring may hold. */
#define RING_N_MAX (1u << 24)

#define RING_CACHE_LINE 64

/* Named so because a `ring` is also who may answer a contact (schema/enums.toml). */
struct ring_buffer {
    uint8_t *items; /* borrowed for the life of the ring */
    size_t item_bytes;
    uint32_t n;                     /* a power of two */
    _Atomic uint32_t tail;          /* items ever pushed; written by the producer */
    uint8_t apart[RING_CACHE_LINE]; /* producer and consumer must not share a line */
    _Atomic uint32_t head;          /* items ever released; written by the consumer */
};

/* Memory for n items. */
size_t ring_bytes(uint32_t n, size_t item_bytes);

/* An empty ring over memory of ring_bytes(). n: a power of two, at most RING_N_MAX. */
void ring_open(struct ring_buffer *r, void *memory, uint32_t n, size_t item_bytes);

/* Producer: how many items fit now. At least as many will fit later: only the producer fills. */
uint32_t ring_room_n(const struct ring_buffer *r);

/* Producer: the i-th free place (i < ring_room_n()), to be filled before ring_publish(). */
void *ring_slot(struct ring_buffer *r, uint32_t i);

/* Producer: the first n filled places become visible to the consumer, together. */
void ring_publish(struct ring_buffer *r, uint32_t n);

/* Producer: copies n items in. False: not all fit, nothing was taken. */
bool ring_push(struct ring_buffer *r, const void *items, uint32_t n);

/* Consumer: how many items wait. Any other thread may look too, for a measure of the moment. */
uint32_t ring_waiting_n(const struct ring_buffer *r);

/* Consumer: the i-th waiting item (i < ring_waiting_n()), borrowed until it is released. */
const void *ring_item(const struct ring_buffer *r, uint32_t i);

/* Consumer: gives the places of the n oldest items back. */
void ring_release(struct ring_buffer *r, uint32_t n);

#endif
