/* digest.c — see digest.h. Called by phone/. Cost: three hashes a judgement, whoever asks.
 * Invariant: a nonce count is admitted once. */
#include "sip/digest.h"

bool sip_digest_equal(struct text a, struct text b)
{
    unsigned differs = a.n != b.n;
    for (size_t i = 0; i < a.n && i < b.n; i++)
        differs |= (unsigned char)(a.p[i] ^ b.p[i]);
    return !differs;
}
