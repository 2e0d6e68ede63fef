/* ports.h — the pairs of ports of the range, handed out in turn.
 * Called by media.c on the main thread. The pair that was free for longest goes next: late packets
 * of a call that is over find nobody, not another call. */
#ifndef MEDIA_PORTS_H
#define MEDIA_PORTS_H

#include "base/types.h"

struct ports {
    uint16_t *line; /* owned: free even ports, the longest free first */
    uint32_t max_n, first_i, n;
};

/* EINVAL: no whole pair between first and last. */
MUST_CHECK int ports_open(struct ports *p, uint16_t first, uint16_t last);
void ports_drop(struct ports *p);

/* 0: none is free. */
uint16_t ports_take(struct ports *p);
/* That one; false: it is given away, or not of the range. Cost: O(free ports). */
MUST_CHECK bool ports_take_this(struct ports *p, uint16_t port);
void ports_give(struct ports *p, uint16_t port);

#endif
