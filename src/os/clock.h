/* clock.h — the only place where a clock is read.
 * Called by main.c and by edges; everything below is told the time. */
#ifndef OS_CLOCK_H
#define OS_CLOCK_H

#include "base/types.h"

/* A clock, so that tests can hand in their own. */
typedef ms_t os_clock_fn(void);

/* The wall clock; people and NTP may move it. For display and for the first instant only. */
ms_t os_clock_wall_at(void);

/* ms since the machine started, sleep included; never goes back. For timers. */
ms_t os_clock_boot_ms(void);

/* The same in µs, for measuring. */
int64_t os_clock_boot_us(void);

#endif
