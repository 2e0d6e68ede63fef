/* hash.h — mixing of integers, for maps, tree priorities and state hashes. Not for secrets.
 * Called by base/map, base/tree, acd. Cost: three multiplications or fewer. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/types.h"

/* A bijection of 64 bits in which each input bit moves every output bit (splitmix64's finish). */
static inline uint64_t hash_mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Folds v into h; order counts. */
static inline uint64_t hash_fold(uint64_t h, uint64_t v)
{
    return (h ^ hash_mix(v + UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xff51afd7ed558ccd);
}

#endif
