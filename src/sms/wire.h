/* wire.h — the connection under an SMPP session: TCP, or TLS over it. Nothing here waits but the
 * question for the gateway's name. Included by sms/smpp.c and its tests. */
#ifndef SMS_WIRE_H
#define SMS_WIRE_H

#include <stddef.h>

#include "gsm/fault.h"
#include "tls/link.h"

struct wire {
    int fd;                  /* owned; -1: none */
    struct tls_context *tls; /* owned; NULL: in clear */
    struct tls_link *link;   /* owned; NULL until the connection stands */
    bool is_up;              /* it stands, and over TLS the other side was believed */
    bool wants_write;        /* TLS has something of its own to say */
    enum gsm_fault fault;    /* why the last one ended, or never stood */
    char why[96];            /* of a fault of TLS: the library's words; "" */
};

enum wire_io {
    WIRE_DONE,
    WIRE_LATER,
    WIRE_OVER, /* fault says why; wire_close() is the caller's */
};

/* Texts are borrowed during the call; empty or NULL: none. */
struct wire_args {
    const char *address; /* host:port, [IPv6]:port */
    bool is_tls;
    const char *name;      /* what its certificate must be called; none: the host */
    const char *authority; /* a file; none: those of the machine */
    const char *pin;       /* SHA-256 of the certificate: it alone is believed */
    uint32_t turn;         /* which of its addresses: the next at each try */
};

void wire_init(struct wire *w);
/* False: fault says why. What was open before must be closed. */
MUST_CHECK bool wire_open(struct wire *w, const struct wire_args *args);
/* The socket is ready for something, and is not up yet. */
enum wire_io wire_shake(struct wire *w);
/* At most *n bytes; *n: how many, with WIRE_DONE. Only when up. */
enum wire_io wire_read(struct wire *w, void *to, size_t *n);
enum wire_io wire_write(struct wire *w, const void *from, size_t *n);
/* For poll(). has_more: there are bytes to be written. */
short wire_events(const struct wire *w, bool has_more);
/* Fault and why stay. */
void wire_close(struct wire *w);

#endif
