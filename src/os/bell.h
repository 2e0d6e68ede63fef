/* bell.h — one thread wakes another: an eventfd that is only written when somebody sleeps on it.
 * The waiting thread arms the bell, looks once more for work, and only then waits; the other puts
 * the work where it belongs and then rings. Neither can miss the other, provided that the look for
 * work is sequentially consistent (base/ring.h is).
 * Called by edges. Cost: ringing a bell that nobody armed is one atomic exchange. */
#ifndef OS_BELL_H
#define OS_BELL_H

#include <stdatomic.h>

#include "base/types.h"

struct os_bell {
    int fd; /* owned; readable when rung: also fit for epoll */
    _Atomic bool is_armed;
};

MUST_CHECK int os_bell_open(struct os_bell *bell);
void os_bell_drop(struct os_bell *bell);

/* Before looking for work a last time. */
void os_bell_arm(struct os_bell *bell);

/* Waits until rung, at most for wait_ms (negative: without end), and disarms. */
void os_bell_wait(struct os_bell *bell, int wait_ms);

/* Wakes the other thread if it armed the bell. Never waits. */
void os_bell_ring(struct os_bell *bell);

/* For a bell in somebody's epoll, never armed: always writes; clear takes the ringing back. */
void os_bell_ring_always(struct os_bell *bell);
void os_bell_clear(struct os_bell *bell);

#endif
