/* pool.h — which places of the streams' pool are free; main thread only.
 * Called by media.c. A place belongs to a thread and to a slot of 1 ms; the one with fewest streams
 * goes next, so that packets leave evenly. */
#ifndef MEDIA_POOL_H
#define MEDIA_POOL_H

#include "media/desk.h"
#include "media/pace.h"

enum seat_state { SEAT_FREE, SEAT_OPEN, SEAT_CLOSING };

struct seat {
    enum seat_state state;
    uint32_t next; /* free: the next free one of this slot */
    uint16_t rtp_port;
    struct stream_order order; /* what never changes of it, and its gen; gen survives the stream */
};

struct pool {
    struct seat *seats; /* owned: threads × slots × places */
    uint32_t *free;     /* owned: the first free seat of each slot of each thread */
    uint32_t *slot_n;   /* owned: streams in each slot of each thread */
    uint32_t *thread_n; /* owned: streams in each thread */
    uint64_t *coders;   /* owned: for each thread a bit for each coder that is taken */
    uint32_t threads_n, places, n, max_n;
};

MUST_CHECK int pool_open(struct pool *p, uint32_t threads_n, uint32_t streams_max);
void pool_drop(struct pool *p);

static inline uint32_t pool_seats_n(const struct pool *p)
{
    return p->threads_n * PACE_SLOTS * p->places;
}

/* The thread of a seat. */
static inline uint32_t pool_thread_of(const struct pool *p, uint32_t slot)
{
    return slot / (PACE_SLOTS * p->places);
}

/* A free seat becomes open, with a new gen. near: SLOT_NONE, or a seat whose thread it must be.
 * SLOT_NONE: none is free. */
uint32_t pool_take(struct pool *p, uint32_t near);

/* An open seat has a coder of its thread from now on, until pool_give(). False: none is free. */
bool pool_keep_coder(struct pool *p, uint32_t slot);

/* An open or closing seat is free again, and its coder too. */
void pool_give(struct pool *p, uint32_t slot);

/* The seat of an open stream; NULL when the reference is stale. */
struct seat *pool_find(struct pool *p, struct media_ref ref);

#endif
