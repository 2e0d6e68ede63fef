/* link.h — TLS over one connected, non-blocking socket, which stays the caller's. Called by
 * phone/tcp.c. Nothing here waits. */
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
/* Some bytes, at most n of them; *n: how many with TLS_DONE. */
enum tls_io tls_link_read(struct tls_link *l, void *to, size_t *n);
enum tls_io tls_link_write(struct tls_link *l, const void *from, size_t *n);
/* Bytes have been read from the socket that tls_link_read() has not given yet. */
bool tls_link_has_more(const struct tls_link *l);

#endif
