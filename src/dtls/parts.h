/* parts.h — what house.c and link.c share. Included by dtls/ only. */
#ifndef DTLS_PARTS_H
#define DTLS_PARTS_H

#include <openssl/ssl.h>

#include "dtls/dtls.h"

struct dtls_house {
    SSL_CTX *ctx;    /* owned */
    BIO_METHOD *way; /* owned: link.c's */
    unsigned repeat_us;
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES];
};

struct dtls_link {
    const struct dtls_house *house; /* borrowed */
    SSL *ssl;                       /* owned */
    dtls_send_fn *send;
    void *arg;
    uint8_t expected[DTLS_FINGERPRINT_BYTES];
    const uint8_t *in; /* the datagram that is being taken; NULL: it was read */
    size_t in_n;
    bool is_active, is_stranger; /* is_stranger: another certificate than its offer named */
    enum dtls_state state;
    struct dtls_keys keys;
};

/* Datagrams in and out of a link, as OpenSSL wants them. NULL: no memory. */
BIO_METHOD *dtls_way_new(void);

/* SHA-256 of a certificate. */
bool dtls_fingerprint_of(uint8_t to[DTLS_FINGERPRINT_BYTES], const X509 *x);

#endif
