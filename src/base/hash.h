/* hash.h — mixing of integers, for maps, tree priorities and state hashes. Not for secrets.
 * Called by base/map, base/tree, acd. Cost: a multiplication or two a word. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <string.h>

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

/* Folds v into h; order counts. One multiplication: for many words in a row. */
static inline uint64_t hash_fold(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
    return h ^ (h >> 32);
}

/* Of n bytes, wherever they lie. */
static inline uint64_t hash_bytes(const void *p, size_t n)
{
    const uint8_t *at = p;
    uint64_t h = n;
    for (size_t i = 0; i < n; i++)
        h = hash_fold(h, at[i]);
    return h;
}

/* Folds n words at p, aligned to 8, into seed: four chains at a time, a multiplication each. */
static inline uint64_t hash_words(uint64_t seed, const void *p, size_t n)
{
    const uint64_t odd = UINT64_C(0x9fb21c651e98df25);
    const uint8_t *at = p;
    uint64_t chain[4] = {seed, ~seed, seed << 1, odd}, w[4];
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        memcpy(w, at + i * 8, sizeof(w));
        for (unsigned j = 0; j < 4; j++) {
            chain[j] = (chain[j] ^ w[j]) * odd;
            chain[j] ^= chain[j] >> 32;
        }
    }
    for (; i < n; i++) {
        memcpy(w, at + i * 8, 8);
        chain[i % 4] = hash_fold(chain[i % 4], w[0]);
    }
    return hash_fold(hash_fold(hash_fold(chain[0], chain[1]), chain[2]), chain[3]);
}

#endif
