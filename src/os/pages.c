/* pages.c — see pages.h. Cost: one system call. */
#include <errno.h>
#include <sys/mman.h>

#include "os/pages.h"

int os_pages_open(struct os_pages *pages, size_t n)
{
    void *p =
        mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *pages = (struct os_pages){0};
    if (p == MAP_FAILED)
        return ENOMEM;
    *pages = (struct os_pages){p, n};
    return 0;
}

void os_pages_drop(struct os_pages *pages)
{
    if (pages->p)
        munmap(pages->p, pages->n);
    *pages = (struct os_pages){0};
}
