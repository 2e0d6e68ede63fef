/* pool.c — which places of the streams' pool are free.
 * Called by media.c. Cost: 20 comparisons to open a stream. Invariant: at most max_n seats are not
 * free; a gen is never 0 and never the same twice in a row. */
#include <errno.h>
#include <stdlib.h>

#include "media/coder.h"
#include "media/pool.h"

static_assert(CODER_MAX <= 64, "a bit for each");

static void link_seats(struct pool *p)
{
    for (uint32_t row = 0; row < p->threads_n * PACE_SLOTS; row++) {
        p->free[row] = row * p->places;
        for (uint32_t i = 0; i < p->places; i++) {
            uint32_t slot = row * p->places + i;
            p->seats[slot].next = i + 1 < p->places ? slot + 1 : SLOT_NONE;
        }
    }
}

int pool_open(struct pool *p, uint32_t threads_n, uint32_t streams_max)
{
    uint32_t rows_n = threads_n * PACE_SLOTS;
    *p = (struct pool){.threads_n = threads_n, .max_n = streams_max};
    p->places = (streams_max + rows_n - 1) / rows_n;
    p->seats = calloc((size_t)rows_n * p->places, sizeof(*p->seats));
    p->free = calloc(rows_n, sizeof(*p->free));
    p->slot_n = calloc(rows_n, sizeof(*p->slot_n));
    p->thread_n = calloc(threads_n, sizeof(*p->thread_n));
    p->coders = calloc(threads_n, sizeof(*p->coders));
    if (!p->seats || !p->free || !p->slot_n || !p->thread_n || !p->coders)
        return ENOMEM;
    link_seats(p);
    return 0;
}

void pool_drop(struct pool *p)
{
    free(p->seats);
    free(p->free);
    free(p->slot_n);
    free(p->thread_n);
    free(p->coders);
    *p = (struct pool){0};
}

uint32_t pool_take(struct pool *p, uint32_t near)
{
    size_t thread =
        near == SLOT_NONE ? pace_least(p->thread_n, p->threads_n) : pool_thread_of(p, near);
    size_t row = thread * PACE_SLOTS + pace_least(p->slot_n + thread * PACE_SLOTS, PACE_SLOTS);
    uint32_t slot = p->free[row];
    if (slot == SLOT_NONE || p->n == p->max_n)
        return SLOT_NONE;
    struct seat *seat = &p->seats[slot];
    p->free[row] = seat->next;
    p->slot_n[row]++;
    p->thread_n[thread]++;
    p->n++;
    seat->state = SEAT_OPEN;
    seat->order.gen += seat->order.gen == UINT32_MAX ? 2 : 1;
    seat->order.is_closing = false;
    seat->order.coder = 0;
    return slot;
}

bool pool_keep_coder(struct pool *p, uint32_t slot)
{
    uint64_t *taken = &p->coders[pool_thread_of(p, slot)];
    unsigned first = ~*taken ? (unsigned)__builtin_ctzll(~*taken) : CODER_MAX;
    if (p->seats[slot].order.coder)
        return true;
    if (first >= CODER_MAX)
        return false;
    *taken |= UINT64_C(1) << first;
    p->seats[slot].order.coder = (uint8_t)(first + 1);
    return true;
}

void pool_give(struct pool *p, uint32_t slot)
{
    struct seat *seat = &p->seats[slot];
    uint32_t row = slot / p->places;
    assert(seat->state != SEAT_FREE);
    if (seat->order.coder)
        p->coders[row / PACE_SLOTS] &= ~(UINT64_C(1) << (seat->order.coder - 1));
    seat->state = SEAT_FREE;
    seat->next = p->free[row];
    p->free[row] = slot;
    p->slot_n[row]--;
    p->thread_n[row / PACE_SLOTS]--;
    p->n--;
}

struct seat *pool_find(struct pool *p, struct media_ref ref)
{
    if (ref.gen == 0 || ref.slot >= pool_seats_n(p))
        return NULL;
    struct seat *seat = &p->seats[ref.slot];
    return seat->state == SEAT_OPEN && seat->order.gen == ref.gen ? seat : NULL;
}
