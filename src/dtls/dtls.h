/* dtls.h — DTLS 1.2 for the keys of SRTP (RFC 5764), over OpenSSL and without a socket: datagrams
 * are handed in, those to send come by a callback. Called by browser/ on the main thread. Whoever
 * the other side is, it must have the certificate whose fingerprint its offer named, before any
 * key is given. Cost: a handshake is some 1 ms. */
#ifndef DTLS_DTLS_H
#define DTLS_DTLS_H

#include "base/types.h"

#define DTLS_MTU 1200 /* bytes of a datagram that we send (RFC 8831 §5: always passes) */
#define DTLS_DATAGRAM_MAX 2048
#define DTLS_FINGERPRINT_BYTES 32 /* SHA-256 of a certificate */
#define DTLS_KEY_MAX 30           /* master key and salt behind it */

/* Between our flights when no answer comes, doubled each time; the library gives up after twelve.
 */
#define DTLS_REPEAT_US 200000
#define DTLS_REPEAT_US_MAX 3200000

/* Our certificate (P-256, made here, in memory alone) and our rules. */
struct dtls_house;

struct dtls_house_args {
    unsigned repeat_us; /* 0: DTLS_REPEAT_US */
};

MUST_CHECK int dtls_house_open(struct dtls_house **h, const struct dtls_house_args *args);
void dtls_house_drop(struct dtls_house *h);
const uint8_t *dtls_house_fingerprint(const struct dtls_house *h);

enum dtls_state {
    DTLS_SHAKING,
    DTLS_UP,     /* there are keys */
    DTLS_CLOSED, /* they said so */
    DTLS_FAILED, /* another certificate than named, no SRTP, or no understanding */
};

/* What both agreed on (RFC 5764 §4.1.2, RFC 7714 §14.2). */
enum dtls_suite { DTLS_GCM_128, DTLS_CM_80 };

struct dtls_keys {
    enum dtls_suite suite;
    uint8_t ours[DTLS_KEY_MAX], theirs[DTLS_KEY_MAX];
};

typedef void dtls_send_fn(const uint8_t *bytes, size_t n, void *arg);

struct dtls_link_args {
    const struct dtls_house *house;              /* borrowed: lives longer than the link */
    bool is_active;                              /* we begin */
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES]; /* theirs */
    dtls_send_fn *send;
    void *arg;
};

struct dtls_link;

/* NULL: no memory. An active one has sent nothing yet: dtls_link_run() begins. */
struct dtls_link *dtls_link_new(const struct dtls_link_args *args);
/* Says goodbye where there is somebody. NULL is fine. */
void dtls_link_drop(struct dtls_link *l);

/* A datagram of theirs; more than DTLS_DATAGRAM_MAX is passed over. */
enum dtls_state dtls_link_take(struct dtls_link *l, const uint8_t *bytes, size_t n);
/* Begins, or repeats what was lost, where that is due. */
enum dtls_state dtls_link_run(struct dtls_link *l);
enum dtls_state dtls_link_state(const struct dtls_link *l);
/* Until dtls_link_run() is due; MS_NEVER: nothing is. */
ms_t dtls_link_wait_ms(const struct dtls_link *l);

/* In DTLS_UP only. */
void dtls_link_keys(const struct dtls_link *l, struct dtls_keys *keys);
/* In words, for a log line; "" where nothing failed. */
const char *dtls_link_why(const struct dtls_link *l);

#endif
