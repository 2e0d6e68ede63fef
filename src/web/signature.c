/* signature.c — see signature.h. Macs are compared whole, in constant time. */
#include <string.h>

#include <sodium.h>

#include "web/signature.h"

bool web_signature_follow(struct web_signature *s, const char *secret)
{
    size_t n = secret ? strlen(secret) : 0;
    if (n >= sizeof(s->secret))
        return false;
    memset(s->secret, 0, sizeof(s->secret));
    if (n)
        memcpy(s->secret, secret, n);
    s->secret_n = n;
    return true;
}

/* "t=1700000000,v1=0123…": false, it is not that. */
static bool read_header(struct text header, struct text *seconds, uint8_t mac[])
{
    struct text rest = header, t = text_trim(text_cut(&rest, ',')), v = text_trim(rest);
    if (!text_starts_fold(t, TEXT("t=")) || !text_starts_fold(v, TEXT("v1=")))
        return false;
    *seconds = text_after(t, 2);
    v = text_after(v, 3);
    if (v.n != (size_t)2 * WEB_SIGNATURE_BYTES)
        return false;
    for (unsigned i = 0; i < WEB_SIGNATURE_BYTES; i++) {
        uint64_t byte;
        if (!text_hex_read(&byte, (struct text){v.p + 2 * i, 2}))
            return false;
        mac[i] = (uint8_t)byte;
    }
    return true;
}

static void make(uint8_t mac[], const struct web_signature *s, const struct web_signed *r,
                 struct text seconds)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)s->secret, s->secret_n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)seconds.p, seconds.n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
    if (r->body.n)
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)r->body.p, r->body.n);
    crypto_auth_hmacsha256_final(&state, mac);
}

bool web_signature_is_good(const struct web_signature *s, const struct web_signed *r)
{
    uint8_t given[WEB_SIGNATURE_BYTES], wanted[WEB_SIGNATURE_BYTES];
    struct text seconds;
    uint64_t at_s = 0;
    if (!s->secret_n || !read_header(r->header, &seconds, given) ||
        !text_number(seconds, UINT32_MAX, &at_s))
        return false;
    make(wanted, s, r, seconds);
    bool is_same = sodium_memcmp(given, wanted, sizeof(given)) == 0;
    return is_same && at_s + WEB_SIGNATURE_S >= r->now_s && at_s <= r->now_s + WEB_SIGNATURE_S;
}

bool web_signature_is_repeated(const struct web_signature *s, const struct web_signed *r)
{
    uint8_t mac[WEB_SIGNATURE_BYTES];
    struct text seconds;
    if (!read_header(r->header, &seconds, mac))
        return false;
    for (unsigned i = 0; i < WEB_SIGNATURES_MAX; i++)
        if (s->seen[i].at_s && !memcmp(s->seen[i].mac, mac, sizeof(mac)))
            return true;
    return false;
}

void web_signature_keep(struct web_signature *s, const struct web_signed *r)
{
    struct text seconds;
    uint8_t mac[WEB_SIGNATURE_BYTES];
    if (!read_header(r->header, &seconds, mac))
        return;
    memcpy(s->seen[s->next].mac, mac, sizeof(mac));
    s->seen[s->next].at_s = r->now_s;
    s->next = (s->next + 1) % WEB_SIGNATURES_MAX;
}
