/* bell.c — one thread wakes another.
 * Called by edges. Invariant: after arm, (ring happened) implies (wait returns at once). */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "os/bell.h"

int os_bell_open(struct os_bell *bell)
{
    atomic_init(&bell->is_armed, false);
    bell->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return bell->fd < 0 ? errno : 0;
}

void os_bell_drop(struct os_bell *bell)
{
    if (bell->fd >= 0)
        close(bell->fd);
    bell->fd = -1;
}

void os_bell_arm(struct os_bell *bell)
{
    atomic_store(&bell->is_armed, true);
}

void os_bell_wait(struct os_bell *bell, int wait_ms)
{
    struct pollfd p = {.fd = bell->fd, .events = POLLIN};
    (void)poll(&p, 1, wait_ms); /* interrupted or too early: the caller looks for work anyway */
    atomic_store(&bell->is_armed, false);
    os_bell_clear(bell);
}

void os_bell_ring(struct os_bell *bell)
{
    if (atomic_load(&bell->is_armed) && atomic_exchange(&bell->is_armed, false))
        os_bell_ring_always(bell);
}

void os_bell_ring_always(struct os_bell *bell)
{
    uint64_t one = 1;
    ssize_t n = write(bell->fd, &one, sizeof(one)); /* refused: it is rung 2^64 − 1 times already */
    (void)n;
}

void os_bell_clear(struct os_bell *bell)
{
    uint64_t count;
    ssize_t n = read(bell->fd, &count, sizeof(count)); /* nothing to read: it was not rung */
    (void)n;
}
