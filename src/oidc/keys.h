/* keys.h — the keys that a provider publishes (RFC 7517), and what they have signed: RS256 with RSA
 * of 2,048 to 4,096 bits, ES256 with P-256 (RFC 7518 §3.3, §3.4), by OpenSSL. Called by worker.c. A
 * key is for one algorithm: a token cannot choose how it is verified. Cost: 50 to 150 µs a token.
 */
#ifndef OIDC_KEYS_H
#define OIDC_KEYS_H

#include <openssl/evp.h>

#include "oidc/jwt.h"

#define OIDC_KEYS_MAX 16 /* what stands behind them is not there */
#define OIDC_RSA_BITS_MIN 2048
#define OIDC_RSA_BITS_MAX 4096

struct oidc_key {
    char kid[OIDC_KID_BYTES];
    unsigned algorithm; /* one enum oidc_algorithm */
    EVP_PKEY *pkey;     /* owned */
};

struct oidc_keys {
    struct oidc_key of[OIDC_KEYS_MAX];
    unsigned n;
};

/* Replaces all keys. False: there is none that can be used, and those of before stay. */
MUST_CHECK bool oidc_keys_read(struct oidc_keys *keys, struct text jwks);
void oidc_keys_drop(struct oidc_keys *keys);

/* OIDC_FINE, OIDC_UNKNOWN_KEY or OIDC_BAD_SIGNATURE. A token that names no key is verified when
 * there is but one of its algorithm. */
enum oidc_why oidc_keys_verify(const struct oidc_keys *keys, const struct oidc_jwt *jwt);

#endif
