/* endpoint.c — see endpoint.h. Cost: a copy. */
#include <netinet/in.h>
#include <string.h>

#include "os/endpoint.h"

socklen_t os_endpoint_of(struct sockaddr_storage *to, const struct address *at)
{
    memset(to, 0, sizeof(*to));
    if (at->family == 6) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(at->port);
        memcpy(&v6->sin6_addr, at->ip, 16);
        return sizeof(*v6);
    }
    struct sockaddr_in *v4 = (struct sockaddr_in *)to;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(at->port);
    memcpy(&v4->sin_addr, at->ip, 4);
    return sizeof(*v4);
}

struct address os_endpoint_read(const struct sockaddr_storage *from)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
    struct address at = {0};
    if (from->ss_family == AF_INET6) {
        at.family = 6;
        at.port = ntohs(v6->sin6_port);
        memcpy(at.ip, &v6->sin6_addr, 16);
    } else if (from->ss_family == AF_INET) {
        at.family = 4;
        at.port = ntohs(v4->sin_port);
        memcpy(at.ip, &v4->sin_addr, 4);
    }
    return at;
}
