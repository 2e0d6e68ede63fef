/* endpoint.h — addresses as the system's calls want them, and back.
 * Called by edges with sockets (phone, web). */
#ifndef OS_ENDPOINT_H
#define OS_ENDPOINT_H

#include <sys/socket.h>

#include "base/address.h"

/* The length that bind() and sendto() want. */
socklen_t os_endpoint_of(struct sockaddr_storage *to, const struct address *at);

/* Family 0: neither IPv4 nor IPv6. */
struct address os_endpoint_read(const struct sockaddr_storage *from);

/* Where a number must be free for several sockets, and the system chooses the first: so many are
 * tried. */
#define OS_PORT_TRIES 16

#endif
