/* pack.h — frames of 20 ms as packets of another size: what the peer's ptime wishes (RFC 4566 §6).
 * A value without pointers, one for each stream; unused where packets are of 20 ms. */
#ifndef MEDIA_PACK_H
#define MEDIA_PACK_H

#include "base/types.h"

#define PACK_MS_MIN 10
#define PACK_MS_MAX 60
#define PACK_MS_STEP 10
#define PACK_BYTES_MAX (PACK_MS_MAX * 8)

struct pack {
    uint32_t ticks; /* of the first sample that waits */
    uint16_t n;     /* samples that wait */
    bool has_marker;
    uint8_t codes[PACK_BYTES_MAX];
};

/* 0 stands for 20 ms. */
static inline bool pack_is_size(unsigned ms)
{
    return !ms || (ms >= PACK_MS_MIN && ms <= PACK_MS_MAX && ms % PACK_MS_STEP == 0);
}

/* Samples of a packet of that size. */
uint16_t pack_samples(unsigned ms);

/* Does a frame of n samples that begins at these ticks follow what waits? Else that is to be sent
 * first, short as it is. */
bool pack_goes_on(const struct pack *p, uint16_t n, uint32_t ticks);
/* Adds a frame that goes on. */
void pack_add(struct pack *p, const uint8_t *codes, uint16_t n, uint32_t ticks);
/* The first n samples have gone. */
void pack_drop(struct pack *p, uint16_t n);

#endif
