/* jwt.h — a signed token taken apart (RFC 7519, RFC 7515 §7.1 compact form), nothing of it believed
 * yet: base64url as strict as RFC 4648 §5 lets it be, an algorithm that is pinned, no "crit".
 * Called by oidc/. Pure. Invariant: nothing is read past the token, nothing written past a bound.
 */
#ifndef OIDC_JWT_H
#define OIDC_JWT_H

#include "port/oidc.h"

/* Bytes: of a token; of its parts, decoded. */
#define OIDC_JWT_MAX 16384
#define OIDC_HEADER_MAX 1024
#define OIDC_PAYLOAD_MAX 12288
#define OIDC_SIGNATURE_MAX 512 /* RSA of 4,096 bits */
#define OIDC_KID_BYTES 129     /* with its NUL */

/* Bits: which are pinned. Nothing else is ever verified (RFC 8725 §3.1). */
enum oidc_algorithm { OIDC_RS256 = 1, OIDC_ES256 = 2 };

struct oidc_jwt {
    struct text signed_part;  /* borrowed from the token: what the signature is of */
    unsigned algorithm;       /* one enum oidc_algorithm */
    char kid[OIDC_KID_BYTES]; /* "": the header names no key */
    char payload[OIDC_PAYLOAD_MAX];
    size_t payload_n;
    uint8_t signature[OIDC_SIGNATURE_MAX];
    size_t signature_n;
};

/* OIDC_FINE, OIDC_BAD_TOKEN or OIDC_BAD_ALGORITHM. */
enum oidc_why oidc_jwt_read(struct oidc_jwt *jwt, struct text token, unsigned algorithms);
struct text oidc_jwt_payload(const struct oidc_jwt *jwt);

/* False: a letter of another alphabet, padding, bits that are not used, or more than max bytes. */
MUST_CHECK bool oidc_base64url_read(uint8_t *to, size_t max, size_t *n, struct text t);
void oidc_base64url_put(struct text_out *out, const uint8_t *bytes, size_t n);

/* The value of a key that is a string, NUL-terminated; false: it is none, holds a NUL or a control
 * character, or does not fit. */
MUST_CHECK bool oidc_json_text(char *to, size_t bytes, struct text object, const char *key);

#endif
