/* parts.h — a context, between context.c and link.c. */
#ifndef TLS_PARTS_H
#define TLS_PARTS_H

#include <openssl/ssl.h>

#include "tls/context.h"

#define TLS_NAME_MAX 128

struct tls_context {
    SSL_CTX *ctx;          /* owned */
    BIO_METHOD *way;       /* owned: how its links send and receive */
    _Atomic uint32_t refs; /* the maker's, each keeper's, and one for each link */
    bool has_certificate, has_pin;
    uint8_t pin[TLS_PIN_BYTES];
    char name[TLS_NAME_MAX]; /* empty: none */
};

/* link.c */
BIO_METHOD *tls_way_new(void);

#endif
