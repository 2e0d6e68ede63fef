/* keys.c — see keys.h. Invariant: what cannot be used is left out, never used half. */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "base/json_read.h"
#include "oidc/keys.h"

#define P256_BYTES 32

/* A number of the key, as bytes; 0: none. */
static size_t number(uint8_t to[OIDC_SIGNATURE_MAX], struct text jwk, const char *name)
{
    struct text value;
    size_t n = 0;
    if (!json_find_plain(&value, jwk, name) ||
        !oidc_base64url_read(to, OIDC_SIGNATURE_MAX, &n, value))
        return 0;
    return n;
}

static EVP_PKEY *build(const char *type, OSSL_PARAM_BLD *bld)
{
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return pkey;
}

static EVP_PKEY *rsa(struct text jwk)
{
    uint8_t n[OIDC_SIGNATURE_MAX], e[OIDC_SIGNATURE_MAX];
    size_t n_n = number(n, jwk, "n"), e_n = number(e, jwk, "e");
    if (!n_n || !e_n || e_n > sizeof(uint64_t))
        return NULL;
    BIGNUM *modulus = BN_bin2bn(n, (int)n_n, NULL), *exponent = BN_bin2bn(e, (int)e_n, NULL);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *pkey = NULL;
    int bits = modulus ? BN_num_bits(modulus) : 0;
    bool is_good = bits >= OIDC_RSA_BITS_MIN && bits <= OIDC_RSA_BITS_MAX && exponent &&
                   BN_is_odd(exponent) && !BN_is_one(exponent);
    if (is_good && bld && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, exponent))
        pkey = build("RSA", bld);
    OSSL_PARAM_BLD_free(bld);
    BN_free(modulus);
    BN_free(exponent);
    return pkey;
}

static EVP_PKEY *p256(struct text jwk)
{
    static const char group[] = "P-256";
    uint8_t x[OIDC_SIGNATURE_MAX], y[OIDC_SIGNATURE_MAX], point[1 + 2 * P256_BYTES] = {4};
    char curve[8];
    if (!oidc_json_text(curve, sizeof(curve), jwk, "crv") || strcmp(curve, group) != 0 ||
        number(x, jwk, "x") != P256_BYTES || number(y, jwk, "y") != P256_BYTES)
        return NULL;
    memcpy(point + 1, x, P256_BYTES);
    memcpy(point + 1 + P256_BYTES, y, P256_BYTES);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *pkey = NULL;
    if (bld &&
        OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, group,
                                        sizeof(group) - 1) &&
        OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)))
        pkey = build("EC", bld);
    OSSL_PARAM_BLD_free(bld);
    return pkey;
}

/* What a key says that it is for. */
static bool is_for(struct text jwk, const char *algorithm)
{
    char word[16];
    struct text found;
    if (json_find(&found, jwk, "use") &&
        (!oidc_json_text(word, sizeof(word), jwk, "use") || strcmp(word, "sig") != 0))
        return false;
    return !json_find(&found, jwk, "alg") ||
           (oidc_json_text(word, sizeof(word), jwk, "alg") && !strcmp(word, algorithm));
}

static bool read_key(struct oidc_key *key, struct text jwk)
{
    char type[8];
    struct text found;
    memset(key, 0, sizeof(*key));
    if (!oidc_json_text(type, sizeof(type), jwk, "kty") ||
        (json_find(&found, jwk, "kid") && !oidc_json_text(key->kid, sizeof(key->kid), jwk, "kid")))
        return false;
    if (!strcmp(type, "RSA") && is_for(jwk, "RS256")) {
        key->algorithm = OIDC_RS256;
        key->pkey = rsa(jwk);
    } else if (!strcmp(type, "EC") && is_for(jwk, "ES256")) {
        key->algorithm = OIDC_ES256;
        key->pkey = p256(jwk);
    }
    return key->pkey != NULL;
}

bool oidc_keys_read(struct oidc_keys *keys, struct text jwks)
{
    struct oidc_keys mine = {.n = 0};
    struct text list, jwk;
    if (!json_find(&list, jwks, "keys"))
        return false;
    while (mine.n < OIDC_KEYS_MAX && json_next(&jwk, &list))
        mine.n += read_key(&mine.of[mine.n], jwk);
    if (!mine.n)
        return false;
    oidc_keys_drop(keys);
    *keys = mine;
    return true;
}

void oidc_keys_drop(struct oidc_keys *keys)
{
    for (unsigned i = 0; i < keys->n; i++)
        EVP_PKEY_free(keys->of[i].pkey);
    memset(keys, 0, sizeof(*keys));
}

/* ---- what they have signed ---------------------------------------------------------------- */

/* JWS has r and s side by side, OpenSSL wants them in DER; 0: they are not of P-256. */
static int der_of(uint8_t **der, const struct oidc_jwt *jwt)
{
    *der = NULL;
    if (jwt->signature_n != (size_t)2 * P256_BYTES)
        return 0;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(jwt->signature, P256_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(jwt->signature + P256_BYTES, P256_BYTES, NULL);
    int n = 0;
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s)) {
        n = i2d_ECDSA_SIG(pair, der);
    } else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(pair);
    return n > 0 ? n : 0;
}

static bool has_signed(const struct oidc_key *key, const struct oidc_jwt *jwt)
{
    uint8_t *der = NULL;
    const uint8_t *signature = jwt->signature;
    size_t n = jwt->signature_n;
    if (key->algorithm == OIDC_ES256) {
        n = (size_t)der_of(&der, jwt);
        signature = der;
    }
    EVP_MD_CTX *ctx = n ? EVP_MD_CTX_new() : NULL;
    bool is_good = ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key->pkey) == 1 &&
                   EVP_DigestVerify(ctx, signature, n, (const uint8_t *)jwt->signed_part.p,
                                    jwt->signed_part.n) == 1;
    EVP_MD_CTX_free(ctx);
    OPENSSL_free(der);
    return is_good;
}

enum oidc_why oidc_keys_verify(const struct oidc_keys *keys, const struct oidc_jwt *jwt)
{
    const struct oidc_key *found = NULL;
    for (unsigned i = 0; i < keys->n; i++) {
        const struct oidc_key *key = &keys->of[i];
        if (key->algorithm != jwt->algorithm || (jwt->kid[0] && strcmp(key->kid, jwt->kid) != 0))
            continue;
        if (found)
            return OIDC_UNKNOWN_KEY; /* which of them is not said */
        found = key;
    }
    if (!found)
        return OIDC_UNKNOWN_KEY;
    return has_signed(found, jwt) ? OIDC_FINE : OIDC_BAD_SIGNATURE;
}
