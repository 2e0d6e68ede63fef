/* tick.c — a timer that counts milliseconds.
 * Called by media's threads. A timerfd with a period keeps its phase whatever the delays, which a
 * sleep until "now + 1 ms" would not. */
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "os/tick.h"

#define PERIOD_NS 1000000

int os_tick_open(struct os_tick *tick)
{
    tick->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    return tick->fd < 0 ? errno : 0;
}

void os_tick_drop(struct os_tick *tick)
{
    if (tick->fd >= 0)
        close(tick->fd);
    tick->fd = -1;
}

static int arm(struct os_tick *tick, long period_ns)
{
    struct itimerspec every = {{0, period_ns}, {0, period_ns}};
    return timerfd_settime(tick->fd, 0, &every, NULL) ? errno : 0;
}

int os_tick_start(struct os_tick *tick)
{
    return arm(tick, PERIOD_NS);
}

void os_tick_stop(struct os_tick *tick)
{
    int err = arm(tick, 0);
    assert(!err); /* only a bad descriptor or bad values can fail */
}

uint64_t os_tick_wait(struct os_tick *tick)
{
    uint64_t n = 0;
    return read(tick->fd, &n, sizeof(n)) == (ssize_t)sizeof(n) ? n : 0;
}
