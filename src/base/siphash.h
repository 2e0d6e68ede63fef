/* siphash.h — a keyed hash: who does not know the key cannot make two messages meet.
 * SipHash-2-4 (Aumasson, Bernstein 2012). Called by phone/ for keys of transactions and tags.
 * Cost: about a cycle and a half a byte. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include "base/text.h"

struct siphash_key {
    uint64_t k0, k1;
};

uint64_t siphash(const struct siphash_key *key, struct text t);

#endif
