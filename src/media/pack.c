/* pack.c — see pack.h. Called by frame.c, by one thread. Cost: a copy of what waits.
 * Invariant: what waits is one row of samples, and less than the largest packet and a frame. */
#include <string.h>

#include "media/pack.h"
#include "media/prompt.h"

uint16_t pack_samples(unsigned ms)
{
    return (uint16_t)(ms ? ms * (PROMPT_FRAME_BYTES / 20) : PROMPT_FRAME_BYTES);
}

bool pack_goes_on(const struct pack *p, uint16_t n, uint32_t ticks)
{
    return !p->n || (ticks == p->ticks + p->n && p->n + n <= PACK_BYTES_MAX);
}

void pack_add(struct pack *p, const uint8_t *codes, uint16_t n, uint32_t ticks)
{
    assert(pack_goes_on(p, n, ticks));
    if (!p->n)
        p->ticks = ticks;
    memcpy(p->codes + p->n, codes, n);
    p->n = (uint16_t)(p->n + n);
}

void pack_drop(struct pack *p, uint16_t n)
{
    p->n = (uint16_t)(p->n - n);
    p->ticks += n;
    p->has_marker = false;
    memmove(p->codes, p->codes + n, p->n);
}
