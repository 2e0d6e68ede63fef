/* hash.c — see hash.h. Called for credentials only. Cost: some µs. */

#include <openssl/evp.h>

#include "phone/hash.h"

static void hex(char *to, enum sip_digest_algorithm algorithm, struct text t, void *arg)
{
    unsigned char sum[EVP_MAX_MD_SIZE] = {0};
    unsigned n = 0, want = algorithm == SIP_DIGEST_SHA256 ? 32 : 16;
    (void)arg;
    const EVP_MD *md = algorithm == SIP_DIGEST_SHA256 ? EVP_sha256() : EVP_md5();
    int done = EVP_Digest(t.p, t.n, sum, &n, md, NULL);
    assert(done == 1 && n == want);
    for (unsigned i = 0; i < want; i++)
        text_hex(to + 2 * i, sum[i], 2);
}

struct sip_digest_hash phone_hash(void)
{
    return (struct sip_digest_hash){.hex_fn = hex};
}
