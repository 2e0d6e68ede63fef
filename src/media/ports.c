/* ports.c — the pairs of ports of the range.
 * Called by media.c. Invariant: each even port of the range is in the line or given away, once. */
#include <errno.h>
#include <stdlib.h>

#include "media/ports.h"

int ports_open(struct ports *p, uint16_t first, uint16_t last)
{
    uint32_t even = first + (first & 1u);
    *p = (struct ports){0};
    if (even == 0 || even + 1u > last)
        return EINVAL;
    p->max_n = (last + 1u - even) / 2;
    p->line = calloc(p->max_n, sizeof(*p->line));
    if (!p->line)
        return ENOMEM;
    for (; p->n < p->max_n; p->n++)
        p->line[p->n] = (uint16_t)(even + 2 * p->n);
    return 0;
}

void ports_drop(struct ports *p)
{
    free(p->line);
    p->line = NULL;
}

uint16_t ports_take(struct ports *p)
{
    if (p->n == 0)
        return 0;
    uint16_t port = p->line[p->first_i];
    p->first_i = (p->first_i + 1) % p->max_n;
    p->n--;
    return port;
}

bool ports_take_this(struct ports *p, uint16_t port)
{
    uint32_t i = 0;
    while (i < p->n && p->line[(p->first_i + i) % p->max_n] != port)
        i++;
    if (i == p->n)
        return false;
    p->line[(p->first_i + i) % p->max_n] = p->line[p->first_i]; /* which goes a little later */
    p->line[p->first_i] = port;
    return ports_take(p) == port;
}

void ports_give(struct ports *p, uint16_t port)
{
    assert(p->n < p->max_n);
    p->line[(p->first_i + p->n) % p->max_n] = port;
    p->n++;
}
