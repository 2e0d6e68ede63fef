/* crypto.c — see crypto.h. Cost: linear in the line. Invariant: a key that is read has exactly the
 * bytes of its suite. */
#include <string.h>

#include "sip/crypto.h"

#define INLINE TEXT("inline:")

static const struct {
    struct text name;
    uint8_t key_n;
} suites[SIP_SUITES] = {
    [SIP_SUITE_NONE] = {TEXT(""), 0},
    [SIP_SUITE_GCM_128] = {TEXT("AEAD_AES_128_GCM"), 28},
    [SIP_SUITE_GCM_256] = {TEXT("AEAD_AES_256_GCM"), 44},
    [SIP_SUITE_CM_80] = {TEXT("AES_CM_128_HMAC_SHA1_80"), 30},
    [SIP_SUITE_CM_32] = {TEXT("AES_CM_128_HMAC_SHA1_32"), 30},
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t sip_crypto_key_n(enum sip_suite suite)
{
    return suites[suite].key_n;
}

struct text sip_crypto_name(enum sip_suite suite)
{
    return suites[suite].name;
}

/* ---- base64 (RFC 4648 §4) ------------------------------------------------------------------ */

static int value_of(char c)
{
    const char *at = memchr(digits, c, sizeof(digits) - 1);
    return at ? (int)(at - digits) : -1;
}

/* Exactly n bytes; "=" at the end or left out. */
static bool read_base64(uint8_t *to, size_t n, struct text t)
{
    uint32_t bits = 0;
    size_t bits_n = 0, done_n = 0;
    while (t.n && t.p[t.n - 1] == '=')
        t.n--;
    if (t.n != (n * 8 + 5) / 6)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        int v = value_of(t.p[i]);
        if (v < 0)
            return false;
        bits = (bits << 6 | (uint32_t)v) & 0xffff;
        bits_n += 6;
        if (bits_n < 8)
            continue;
        bits_n -= 8;
        to[done_n++] = (uint8_t)(bits >> bits_n);
    }
    return done_n == n;
}

static void put_base64(struct text_out *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)bytes[i] << 16;
        v |= i + 1 < n ? (uint32_t)bytes[i + 1] << 8 : 0;
        v |= i + 2 < n ? bytes[i + 2] : 0;
        const char four[4] = {digits[v >> 18], digits[v >> 12 & 63],
                              i + 1 < n ? digits[v >> 6 & 63] : '=',
                              i + 2 < n ? digits[v & 63] : '='};
        text_put(out, (struct text){four, sizeof(four)});
    }
}

/* ---- a line -------------------------------------------------------------------------------- */

static uint8_t suite_named(struct text name)
{
    for (uint8_t s = SIP_SUITE_NONE + 1; s < SIP_SUITES; s++)
        if (text_equal_fold(name, suites[s].name))
            return s;
    return SIP_SUITE_NONE;
}

/* "inline:KEY" or "inline:KEY|2^31": a lifetime that no call reaches; an MKI we could not send. */
static bool read_key(struct sip_crypto *c, struct text word)
{
    struct text rest = text_after(word, INLINE.n);
    if (!text_starts_fold(word, INLINE))
        return false;
    struct text key = text_cut(&rest, '|');
    bool has_mki = memchr(rest.p ? rest.p : "", ':', rest.n) != NULL;
    return !has_mki && read_base64(c->key, suites[c->suite].key_n, key);
}

/* What may be left alone: the size of a window, and what says of itself that it may. */
static bool may_be_passed_over(struct text word)
{
    return text_starts_fold(word, TEXT("WSH=")) || text_starts_fold(word, TEXT("-"));
}

bool sip_crypto_read(struct sip_crypto *c, struct text value)
{
    uint64_t tag;
    *c = (struct sip_crypto){0};
    if (!text_number(text_word(&value), SIP_CRYPTO_TAG_MAX, &tag))
        return false;
    c->tag = (uint32_t)tag;
    c->suite = suite_named(text_word(&value));
    bool is_good = c->suite != SIP_SUITE_NONE && read_key(c, text_word(&value));
    for (struct text word; is_good && (word = text_word(&value)).n;)
        is_good = may_be_passed_over(word);
    return is_good;
}

void sip_crypto_put(struct text_out *out, const struct sip_crypto *c)
{
    text_put_number(out, c->tag);
    text_put(out, TEXT(" "));
    text_put(out, suites[c->suite].name);
    text_put(out, TEXT(" inline:"));
    put_base64(out, c->key, suites[c->suite].key_n);
}

bool sip_crypto_same(const struct sip_crypto *a, const struct sip_crypto *b)
{
    return a->suite == b->suite && !memcmp(a->key, b->key, sizeof(a->key));
}

const struct sip_crypto *sip_crypto_find(const struct sip_crypto *list, unsigned n, uint8_t suite)
{
    for (unsigned i = 0; i < n; i++)
        if (list[i].suite == suite)
            return &list[i];
    return NULL;
}
