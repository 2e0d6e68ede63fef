/* link.h — TLS over one connected, non-blocking socket, which stays the caller's. Called by
 * phone/tcp.c and sms/wire.c. Nothing here waits. */
#ifndef TLS_LINK_H
#define TLS_LINK_H

#include "tls/context.h"

struct tls_link;

enum tls_io {
    TLS_DONE,
    TLS_WAITS_TO_READ,
    TLS_WAITS_TO_WRITE,
    TLS_OVER, /* closed, broken, or not believed */
};

/* Why the other side was not believed, as far as it can be said in words of the trade. */
enum tls_doubt {
    TLS_DOUBT_NONE,      /* it closed, or nothing is known */
    TLS_DOUBT_EXPIRED,   /* its certificate, or one of its signers, is out of date */
    TLS_DOUBT_EARLY,     /* not valid yet */
    TLS_DOUBT_NAME,      /* it is for somebody else */
    TLS_DOUBT_AUTHORITY, /* signed by nobody whom we believe */
    TLS_DOUBT_PIN,       /* not the pinned one */
    TLS_DOUBT_NO_TLS,    /* it speaks no TLS, or an old one alone */
    TLS_DOUBT_OTHER,     /* tls_link_why() says it */
    TLS_DOUBTS
};

/* As the one who connects: the peer must be whom the context names. */
struct tls_link *tls_link_connect(struct tls_context *c, int fd);
/* As the one who is connected to, with the certificate of c. of: whom the other side must prove to
 * be (mutual TLS); NULL: anybody may come. NULL: no memory. */
struct tls_link *tls_link_accept(struct tls_context *c, int fd, struct tls_context *of);
/* Says goodbye when the socket takes it. NULL is fine. */
void tls_link_drop(struct tls_link *l);

enum tls_io tls_link_shake(struct tls_link *l);
/* What is over may be asked why: a line in English; "" when nothing is known. */
const char *tls_link_why(const struct tls_link *l);
enum tls_doubt tls_link_doubt(const struct tls_link *l);
/* Some bytes, at most n of them; *n: how many with TLS_DONE. */
enum tls_io tls_link_read(struct tls_link *l, void *to, size_t *n);
enum tls_io tls_link_write(struct tls_link *l, const void *from, size_t *n);
/* Bytes have been read from the socket that tls_link_read() has not given yet. */
bool tls_link_has_more(const struct tls_link *l);

#endif
