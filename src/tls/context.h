/* context.h — certificates and whom to believe, as one end of TLS needs them (RFC 8446, RFC 5246).
 * Made by config/ from files, used by phone/ and web/ for each new connection; a connection keeps
 * what it began with. Never below TLS 1.2, never without forward secrecy and an authenticated
 * cipher. */
#ifndef TLS_CONTEXT_H
#define TLS_CONTEXT_H

#include "base/address.h"
#include "base/types.h"

/* SHA-256 of a whole certificate. */
#define TLS_PIN_BYTES 32

enum tls_verdict {
    TLS_GOOD,
    TLS_NO_MEMORY,
    TLS_CERTIFICATE_UNREADABLE, /* the file: why is in errno */
    TLS_CERTIFICATE_BAD,        /* no certificate stands in it */
    TLS_KEY_UNREADABLE,
    TLS_KEY_BAD,        /* none in it, or under a password */
    TLS_KEY_OF_ANOTHER, /* it does not belong to the certificate */
    TLS_KEY_WEAK,       /* refused by the library: RSA below 2048 bits, SHA-1 */
    TLS_AUTHORITY_UNREADABLE,
    TLS_AUTHORITY_BAD,
};

/* Paths; NULL: none. */
struct tls_args {
    const char *certificate, *key; /* PEM; the first is ours, those behind it its chain */
    const char *authority;         /* PEM: whom we believe; NULL: those of the machine */
    const char *name;              /* what a peer must be called: a name or an IP address */
    const uint8_t *pin;            /* TLS_PIN_BYTES: this very certificate, whoever signed it */
};

struct tls_context;

/* TLS_GOOD and *out to drop. */
MUST_CHECK enum tls_verdict tls_context_open(struct tls_context **out, const struct tls_args *args);
/* Another one to drop, from any thread; NULL stays NULL. */
struct tls_context *tls_context_keep(struct tls_context *c);
/* Connections that began with it keep it. NULL is fine. */
void tls_context_drop(struct tls_context *c);
bool tls_context_has_certificate(const struct tls_context *c);

/* All of a house: its own, and one for each operator who is spoken with over TLS. */
#define TLS_BOOK_MAX 32
struct tls_book {
    struct tls_context *house; /* owned; NULL: nobody is let in over TLS */
    struct tls_context *pages; /* owned; NULL: pages are not served over TLS */
    struct {
        uint32_t number;             /* of the trunk */
        bool is_mutual;              /* it proves itself when it comes to us, too */
        struct tls_context *context; /* owned */
    } trunks[TLS_BOOK_MAX];
    uint32_t trunks_n;
};
/* Empties it; NULL is fine. */
void tls_book_drop(struct tls_book *book);

/* "AB:CD:…" or "abcd…": false when it is no SHA-256. */
bool tls_pin_read(uint8_t pin[TLS_PIN_BYTES], const char *text);

/* What a certificate file says, for `decroche doctor`. */
struct tls_look {
    int64_t from_s, until_s; /* seconds since 1970 */
    char subject[128];
    char names[512]; /* of the alternative names, with a blank between; else the common name */
    uint8_t pin[TLS_PIN_BYTES];
    bool is_self_signed;
};
/* False: there is none. */
bool tls_look(struct tls_look *look, const char *certificate);
/* Does the machine know any authority? */
bool tls_has_authorities(void);
/* The certificate of that file is for this name or address. */
bool tls_is_for(const char *certificate, const char *name);

#endif
