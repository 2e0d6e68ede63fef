/* secure.h — encryption, as leg.h holds it: TLS of the house, and what is told of it.
 * Included by service.h only. */
#ifndef PHONE_SECURE_H
#define PHONE_SECURE_H

#include "phone/phone.h"
#include "sip/transaction.h"

struct phone_secure {
    const struct tls_book *book; /* borrowed; NULL: none */
    uint64_t told_n;             /* handshakes that failed, as the log has it */
    ms_t tell_at;
    char self[64]; /* "192.0.2.1:5061" */
    uint16_t self_n;
};

/* secure.c */
int phone_secure_open(struct phone *p, const struct phone_args *args);
/* Who we are on this way: the address of Via and Contact. */
struct text phone_self(const struct phone *p, const struct sip_peer *peer);
void phone_secure_tell(struct phone *p);

#endif
