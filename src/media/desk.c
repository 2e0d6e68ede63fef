/* desk.c — the latest desired state, from one thread to another.
 * Called by media.c and thread.c. Invariant: the three indices are always 0, 1 and 2 in some order,
 * so that no copy is written by one side while the other reads it. */
#include "media/desk.h"

#define DESK_FRESH 4

void desk_open(struct stream_desk *desk)
{
    desk->main_i = 0;
    desk->media_i = 1;
    atomic_init(&desk->lying, 2);
}

void desk_put(struct stream_desk *desk, const struct stream_order *order)
{
    desk->orders[desk->main_i] = *order;
    uint8_t before = atomic_exchange(&desk->lying, (uint8_t)(desk->main_i | DESK_FRESH));
    desk->main_i = before & (DESK_FRESH - 1);
}

const struct stream_order *desk_take(struct stream_desk *desk)
{
    if (!(atomic_load(&desk->lying) & DESK_FRESH))
        return NULL;
    uint8_t newest = atomic_exchange(&desk->lying, desk->media_i);
    desk->media_i = newest & (DESK_FRESH - 1);
    return &desk->orders[desk->media_i];
}
