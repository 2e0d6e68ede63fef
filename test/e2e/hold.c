/* hold.c — a disk that a test may stop or refuse: preloaded into the service, it lets each sync and
 * each write of the journal's database wait, or fail, as the file named by HOLD_FILE says, and
 * counts there what waits. struct held below is that file; machine's order. Loaded by commit.py;
 * never part of the product. */
#undef _FILE_OFFSET_BITS /* pwrite and pwrite64 are two names here, and SQLite calls either */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define NAME_MAX_BYTES 600
#define LOOK_NS 1000000

enum mode { PASS, HOLD, FAIL_SYNC, FAIL_WRITE };

struct held {
    _Atomic int32_t mode, waiting_n, synced_n, failed_n;
};

static struct held *held(void)
{
    static struct held *at;     /* tidy: mutable — mapped once */
    static struct held nothing; /* tidy: mutable — for who names no file */
    const char *name = getenv("HOLD_FILE");
    int fd = at || !name ? -1 : open(name, O_RDWR | O_CLOEXEC);
    if (fd >= 0) {
        void *p = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        at = p == MAP_FAILED ? &nothing : p;
        close(fd);
    }
    return at ? at : &nothing;
}

/* The database or its log, not the small files beside it. */
static int is_journal(int fd)
{
    char link[64], name[NAME_MAX_BYTES];
    static const char *const tails[] = {"/journal.db", "/journal.db-wal"};
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof(name));
    for (unsigned i = 0; n > 0 && i < 2; i++) {
        size_t tail_n = strlen(tails[i]);
        if ((size_t)n >= tail_n && !memcmp(name + (size_t)n - tail_n, tails[i], tail_n))
            return 1;
    }
    return 0;
}

static void wait_while_held(struct held *h)
{
    const struct timespec look = {.tv_nsec = LOOK_NS};
    if (h->mode != HOLD)
        return;
    h->waiting_n++;
    while (h->mode == HOLD)
        nanosleep(&look, NULL);
    h->waiting_n--;
}

/* tidy: call — it stands in its place */
__attribute__((visibility("default"))) int fdatasync(int fd)
{
    static int (*real)(int); /* tidy: mutable — looked up once */
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    struct held *h = held();
    if (!is_journal(fd))
        return real(fd);
    wait_while_held(h);
    if (h->mode == FAIL_SYNC) {
        h->failed_n++;
        errno = EIO;
        return -1;
    }
    int err = real(fd);
    h->synced_n++;
    return err;
}

static ssize_t write_at(int fd, const void *bytes, size_t n, off_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off_t); /* tidy: mutable — looked up once */
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
    struct held *h = held();
    if (h->mode == FAIL_WRITE && is_journal(fd)) {
        h->failed_n++;
        errno = ENOSPC;
        return -1;
    }
    return real(fd, bytes, n, at);
}

__attribute__((visibility("default"))) ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return write_at(fd, bytes, n, at);
}

__attribute__((visibility("default"))) ssize_t pwrite64(int fd, const void *bytes, size_t n,
                                                        off_t at)
{
    return write_at(fd, bytes, n, at);
}
