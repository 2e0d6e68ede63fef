/* digest.h — who are you: HTTP digest as SIP uses it (RFC 7616, RFC 8760; RFC 2617 for MD5).
 * Pure judgement over values: phone/ makes nonces (instant, random, HMAC), checks them, and lends
 * the hash functions. An unknown user and a wrong secret get the same verdict after the same work.
 * Called by phone/. */
#ifndef SIP_DIGEST_H
#define SIP_DIGEST_H

#include "base/map.h"
#include "base/text.h"

#define SIP_DIGEST_HEX_MAX 64    /* hexadecimal digits of the longest digest */
#define SIP_DIGEST_TEXT_MAX 1024 /* the longest text that is hashed */
#define SIP_DIGEST_WINDOW 64     /* nonce counts that may come out of order */

/* In the order in which we prefer them. */
enum sip_digest_algorithm { SIP_DIGEST_SHA256, SIP_DIGEST_MD5, SIP_DIGEST_ALGORITHMS };

/* The digest of a text as lower-case hexadecimal digits: 64 for SHA-256, 32 for MD5. */
struct sip_digest_hash {
    void (*hex_fn)(char *hex, enum sip_digest_algorithm algorithm, struct text t, void *arg);
    void *arg;
};

/* A digest that was computed. */
struct sip_digest_hex {
    char c[SIP_DIGEST_HEX_MAX];
    uint8_t n; /* 0: it could not be (a text passes its bound) */
};
struct text sip_digest_hex_text(const struct sip_digest_hex *hex);

/* ---- what others say -------------------------------------------------------------------- */

/* "Digest …" of Authorization or WWW-Authenticate and their Proxy- twins, in slices of the value;
 * quoted strings without their quotes, escapes left as they are (RFC 7616 §3.4.2 unq). */
struct sip_digest_said {
    struct text username, realm, nonce, uri, response, cnonce, opaque, qop, nc, algorithm, stale;
};
/* False: not Digest, a parameter twice, or not to be read. */
MUST_CHECK bool sip_digest_read(struct sip_digest_said *said, struct text value);
/* SIP_DIGEST_ALGORITHMS: unknown. No algorithm said: MD5 (RFC 7616 §3.3). */
enum sip_digest_algorithm sip_digest_algorithm_of(struct text name);
struct text sip_digest_algorithm_name(enum sip_digest_algorithm algorithm);

/* ---- arithmetic of both sides ----------------------------------------------------------- */

/* H(A1): what an account stores instead of a secret. */
struct sip_digest_who {
    enum sip_digest_algorithm algorithm;
    struct text username, realm, secret;
};
struct sip_digest_hex sip_digest_a1(const struct sip_digest_who *who,
                                    const struct sip_digest_hash *hash);

struct sip_digest_sum {
    enum sip_digest_algorithm algorithm;
    struct text a1; /* H(A1) in hexadecimal */
    struct text method, uri, nonce, nc, cnonce;
    bool has_qop; /* qop=auth; else the sum of RFC 2069 */
};
struct sip_digest_hex sip_digest_response(const struct sip_digest_sum *sum,
                                          const struct sip_digest_hash *hash);

/* ---- the asked side --------------------------------------------------------------------- */

struct sip_digest_policy {
    ms_t nonce_life_ms;
    bool allows_md5;
    uint32_t nonces_max; /* whose counts are remembered; more: the oldest are stale */
};

struct sip_digest_nonce {
    uint64_t id;
    ms_t issued_at;
    uint64_t seen;  /* bit i: count − i was used */
    uint32_t count; /* the highest used */
};

struct sip_digest_guard {
    struct sip_digest_policy policy;
    struct sip_digest_nonce *nonces; /* a ring, borrowed from the arena */
    uint32_t n, next;
    struct map slots;  /* id → slot */
    ms_t forgotten_at; /* nonces issued until then are stale unless they are in the ring */
};

void sip_digest_open(struct sip_digest_guard *guard, struct arena *arena,
                     const struct sip_digest_policy *policy);

enum sip_digest_verdict {
    SIP_DIGEST_ADMITTED,
    SIP_DIGEST_CHALLENGE, /* nothing said that we take: challenge */
    SIP_DIGEST_STALE,     /* right, but its nonce is too old or its count was used: challenge,
                             stale=true */
    SIP_DIGEST_WRONG,     /* unknown user or wrong secret: challenge, or 403 after some */
    SIP_DIGEST_BAD        /* 400: not to be read */
};

struct sip_digest_case {
    const struct sip_digest_said *said; /* borrowed for the call; NULL: no header */
    struct text method, realm;          /* realm: ours */
    struct text a1;                     /* H(A1) of the account for this algorithm; empty: none */
    bool nonce_is_ours;                 /* its HMAC is right */
    uint64_t nonce_id;                  /* a hash of the nonce; not 0 */
    ms_t nonce_issued_at;
};

enum sip_digest_verdict sip_digest_judge(struct sip_digest_guard *guard,
                                         const struct sip_digest_case *c,
                                         const struct sip_digest_hash *hash, ms_t now_at);

struct sip_digest_challenge {
    struct text realm, nonce, opaque;
    bool is_stale, is_proxy, allows_md5;
    /* Telephones exist (libre 1.1 is in them) that fail when the first challenge is not MD5, where
     * RFC 8760 §2.4 lets them pass over it: where a setting says so, only MD5 is asked for. */
    bool is_md5_alone;
};
/* Lines WWW-Authenticate (Proxy-Authenticate), best algorithm first (RFC 8760 §2.4); false when
 * they did not fit. */
MUST_CHECK bool sip_digest_put_challenge(struct text_out *out,
                                         const struct sip_digest_challenge *challenge);

/* ---- the asking side -------------------------------------------------------------------- */

/* Which of n challenges to answer: the best algorithm that we may use, qop auth or none. n: none.
 */
uint32_t sip_digest_choose(const struct sip_digest_said *challenges, uint32_t n, bool allows_md5);

struct sip_digest_answer {
    const struct sip_digest_said *challenge; /* borrowed */
    struct text username, secret, method, uri, cnonce;
    uint32_t count; /* how often this nonce was used, from 1 */
    bool is_proxy;
};
/* The line Authorization (Proxy-Authorization); false when something did not fit, or holds a bare
 * quote or a control character. */
MUST_CHECK bool sip_digest_put_answer(struct text_out *out, const struct sip_digest_answer *answer,
                                      const struct sip_digest_hash *hash);

/* Equal, in a time that does not tell where they differ. */
bool sip_digest_equal(struct text a, struct text b);

#endif
