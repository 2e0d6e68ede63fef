/* wall.c — a wall clock that a test may move: preloaded into the service, it adds to CLOCK_REALTIME
 * the milliseconds that stand in the file named by WALL_FILE (8 bytes, this machine's order).
 * Loaded by faults.py; never part of the product. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef int clock_fn(clockid_t, struct timespec *);

static const volatile int64_t *moved_by(void)
{
    static const volatile int64_t *at; /* tidy: mutable — mapped once */
    static const int64_t nothing;
    const char *name = getenv("WALL_FILE");
    int fd = at || !name ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        void *p = mmap(NULL, sizeof(*at), PROT_READ, MAP_SHARED, fd, 0);
        at = p == MAP_FAILED ? &nothing : p;
        close(fd);
    }
    return at ? at : &nothing;
}

/* tidy: call — it stands in its place */
__attribute__((visibility("default"))) int clock_gettime(clockid_t id, struct timespec *t)
{
    static clock_fn *real; /* tidy: mutable — looked up once */
    if (!real)
        real = (clock_fn *)dlsym(RTLD_NEXT, "clock_gettime");
    int err = real(id, t);
    if (!err && id == CLOCK_REALTIME)
        t->tv_sec += *moved_by() / 1000;
    return err;
}
