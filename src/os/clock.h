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

/* A time that is told, not lived: it was `at` when the boot clock said `since_ms`, and goes on
 * `pace` times as fast. One thread sets it, others read it. */
struct os_clock_told {
    _Atomic ms_t at, since_ms;
    _Atomic unsigned pace;
};
void os_clock_told_set(struct os_clock_told *t, ms_t at, unsigned pace);
ms_t os_clock_told_at(const struct os_clock_told *t);

#endif
