/* jwt.c — see jwt.h. Cost: one walk over the token. */
#include <string.h>

#include "base/json_read.h"
#include "oidc/jwt.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int value_of(char c)
{
    const char *p = c ? strchr(letters, c) : NULL;
    return p ? (int)(p - letters) : -1;
}

bool oidc_base64url_read(uint8_t *to, size_t max, size_t *n, struct text t)
{
    uint32_t bits = 0;
    unsigned bits_n = 0;
    *n = 0;
    if (t.n % 4 == 1)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        int v = value_of(t.p[i]);
        if (v < 0)
            return false;
        bits = bits << 6 | (uint32_t)v;
        bits_n += 6;
        if (bits_n < 8)
            continue;
        bits_n -= 8;
        if (*n == max)
            return false;
        to[(*n)++] = (uint8_t)(bits >> bits_n);
        bits &= (1U << bits_n) - 1;
    }
    return bits == 0; /* else two texts would be the same bytes */
}

void oidc_base64url_put(struct text_out *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i < 3 ? n - i : 3;
        uint32_t v = (uint32_t)bytes[i] << 16;
        v |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        v |= left > 2 ? bytes[i + 2] : 0;
        for (size_t k = 0; k <= left; k++)
            text_put(out, (struct text){letters + (v >> (18 - 6 * k) & 63), 1});
    }
}

bool oidc_json_text(char *to, size_t bytes, struct text object, const char *key)
{
    struct text value;
    struct text_out out = {.p = to, .max = bytes - 1};
    memset(to, 0, bytes);
    if (!json_find(&value, object, key) || !json_unescape(&out, value) || out.is_cut)
        return false;
    for (size_t i = 0; i < out.n; i++)
        if ((uint8_t)to[i] < ' ' || to[i] == 127)
            return false;
    return true;
}

static unsigned algorithm_of(struct text header)
{
    char name[8];
    if (!oidc_json_text(name, sizeof(name), header, "alg"))
        return 0;
    return !strcmp(name, "RS256") ? OIDC_RS256 : !strcmp(name, "ES256") ? OIDC_ES256 : 0;
}

static enum oidc_why read_header(struct oidc_jwt *jwt, struct text part, unsigned algorithms)
{
    char bytes[OIDC_HEADER_MAX];
    struct text header = {.p = bytes}, found;
    if (!oidc_base64url_read((uint8_t *)bytes, sizeof(bytes), &header.n, part))
        return OIDC_BAD_TOKEN;
    jwt->algorithm = algorithm_of(header) & algorithms;
    if (!jwt->algorithm)
        return OIDC_BAD_ALGORITHM;
    if (json_find(&found, header, "crit")) /* what must be understood, and is not */
        return OIDC_BAD_TOKEN;
    if (json_find(&found, header, "kid") &&
        (!oidc_json_text(jwt->kid, sizeof(jwt->kid), header, "kid") || !jwt->kid[0]))
        return OIDC_BAD_TOKEN;
    return OIDC_FINE;
}

enum oidc_why oidc_jwt_read(struct oidc_jwt *jwt, struct text token, unsigned algorithms)
{
    struct text rest = token;
    memset(jwt, 0, sizeof(*jwt));
    if (!token.n || token.n > OIDC_JWT_MAX)
        return OIDC_BAD_TOKEN;
    struct text header = text_cut(&rest, '.'), payload = text_cut(&rest, '.');
    size_t signed_n = header.n + 1 + payload.n;
    if (!header.n || !payload.n || signed_n >= token.n)
        return OIDC_BAD_TOKEN;
    jwt->signed_part = (struct text){token.p, signed_n};
    enum oidc_why why = read_header(jwt, header, algorithms);
    if (why)
        return why;
    bool is_read =
        oidc_base64url_read((uint8_t *)jwt->payload, sizeof(jwt->payload), &jwt->payload_n,
                            payload) &&
        oidc_base64url_read(jwt->signature, sizeof(jwt->signature), &jwt->signature_n, rest) &&
        jwt->signature_n > 0;
    return is_read ? OIDC_FINE : OIDC_BAD_TOKEN;
}

struct text oidc_jwt_payload(const struct oidc_jwt *jwt)
{
    return (struct text){jwt->payload, jwt->payload_n};
}
