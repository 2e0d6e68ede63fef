/* srv.h — where a service of a name is: SRV records (RFC 2782), as RFC 3263 §4.2 has them asked for
 * operators of telephony. Asks the name servers, so it may take long: called by the thread of
 * resolve.c, never on a call's way. */
#ifndef OS_SRV_H
#define OS_SRV_H

#include "base/address.h"

#define OS_SRV_MAX 8
#define OS_SRV_NAME_BYTES 256

struct os_srv {
    char name[OS_SRV_NAME_BYTES]; /* of the machine */
    uint16_t priority, weight, port;
};

/* The records of "_sip._udp.example.org", the first to be tried first: by priority, then the
 * heavier; always in one order, for who changes machines each minute is probed by each of them
 * anew. server: asked instead of the system's; NULL: those. How many, at most OS_SRV_MAX; 0: there
 * are none. A single record without a machine (".") is is_refused: the service is not offered. */
uint32_t os_srv_find(const struct address *server, const char *name, struct os_srv *found,
                     bool *is_refused);

#endif
