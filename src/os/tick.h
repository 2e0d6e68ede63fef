/* tick.h — a thread that wakes every millisecond, and hears how many it slept through.
 * Called by media's threads. Cost: one system call a tick. */
#ifndef OS_TICK_H
#define OS_TICK_H

#include "base/types.h"

struct os_tick {
    int fd; /* owned: a timerfd */
};

MUST_CHECK int os_tick_open(struct os_tick *tick);
void os_tick_drop(struct os_tick *tick);

/* Ticks from now on, or no more. */
MUST_CHECK int os_tick_start(struct os_tick *tick);
void os_tick_stop(struct os_tick *tick);

/* Waits for the next tick of a started one. Returns how many there were since the last wait, so
 * that their sum follows the monotonic clock for ever. 0: interrupted. */
uint64_t os_tick_wait(struct os_tick *tick);

#endif
