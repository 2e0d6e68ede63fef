/* shared.c — see shared.h. Cost: one system call to grow; writing costs what memory does. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/shared.h"

/* Taken at once: growing is rare. */
#define GROW_BYTES ((size_t)1 << 20)

int os_shared_open(struct os_shared *s, const char *path, size_t n)
{
    *s = (struct os_shared){.fd = -1};
    if (unlink(path) && errno != ENOENT)
        return errno;
    s->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int err = s->fd < 0 || ftruncate(s->fd, (off_t)n) ? errno : 0;
    void *p = err ? MAP_FAILED
                  : mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, s->fd, 0);
    if (!err && p == MAP_FAILED)
        err = errno;
    if (err) {
        os_shared_drop(s);
        return err;
    }
    s->p = p;
    s->n = n;
    return 0;
}

int os_shared_grow(struct os_shared *s, size_t n)
{
    if (n <= s->ready_n)
        return 0;
    size_t to = (n + GROW_BYTES - 1) / GROW_BYTES * GROW_BYTES;
    to = to < s->n ? to : s->n;
    if (!s->p || n > to)
        return EINVAL;
    int err = posix_fallocate(s->fd, (off_t)s->ready_n, (off_t)(to - s->ready_n));
    if (!err)
        s->ready_n = to;
    return err;
}

void os_shared_drop(struct os_shared *s)
{
    if (s->p)
        munmap(s->p, s->n);
    if (s->fd >= 0)
        close(s->fd);
    *s = (struct os_shared){.fd = -1};
}
