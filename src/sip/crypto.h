/* crypto.h — the keys of encrypted sound in a description (SDES, RFC 4568; suites of RFC 7714), as
 * plain data. Pure. Called by sdp.c and offer.c. Lines that ask for more than a key (MKI, another
 * derivation rate, half encryption) are none that we could keep, and are passed over. */
#ifndef SIP_CRYPTO_H
#define SIP_CRYPTO_H

#include "base/text.h"

/* Key and salt of the longest suite. */
#define SIP_CRYPTO_KEY_MAX 44
/* Lines kept of one media. */
#define SIP_CRYPTO_MAX 4
#define SIP_CRYPTO_TAG_MAX 999999999u

enum sip_suite {
    SIP_SUITE_NONE,
    SIP_SUITE_GCM_128,
    SIP_SUITE_GCM_256,
    SIP_SUITE_CM_80,
    SIP_SUITE_CM_32,
    SIP_SUITES
};

/* One line: what its sender encrypts with. */
struct sip_crypto {
    uint32_t tag;
    uint8_t suite;                   /* enum sip_suite; NONE: there is no line */
    uint8_t key[SIP_CRYPTO_KEY_MAX]; /* the master key, the salt behind it; zeros behind both */
};

/* Bytes of key and salt. */
size_t sip_crypto_key_n(enum sip_suite suite);
struct text sip_crypto_name(enum sip_suite suite);

/* What stands behind "a=crypto:". False: it is none that we can keep. */
bool sip_crypto_read(struct sip_crypto *c, struct text value);
/* "1 AES_CM_128_HMAC_SHA1_80 inline:…" */
void sip_crypto_put(struct text_out *out, const struct sip_crypto *c);
bool sip_crypto_same(const struct sip_crypto *a, const struct sip_crypto *b);

/* The first of these with this suite; NULL. */
const struct sip_crypto *sip_crypto_find(const struct sip_crypto *list, unsigned n, uint8_t suite);

#endif
