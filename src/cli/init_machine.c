/* init_machine.c — what the machine knows of itself, offered as answers to `decroche init`.
 * Called by init.c and init_ask.c. Nothing is sent: a connected UDP socket asks the kernel for the
 * way alone, and no name is looked up. */
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/init.h"
#include "os/endpoint.h"

#define FAR "192.0.2.1" /* RFC 5737: nobody; the way there is the way out */
#define ZONES "/zoneinfo/"

static bool address_towards(struct address *self, const struct address *there)
{
    struct sockaddr_storage where;
    socklen_t n = os_endpoint_of(&where, there);
    int fd = socket(where.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool is_known = !connect(fd, (struct sockaddr *)&where, n);
    n = sizeof(where);
    is_known = is_known && !getsockname(fd, (struct sockaddr *)&where, &n);
    close(fd);
    *self = os_endpoint_read(&where);
    self->port = 0;
    return is_known && self->family;
}

static void put_address(char to[INIT_ANSWER_BYTES], const struct address *a)
{
    struct text_out out = {.p = to, .max = INIT_ANSWER_BYTES - 1};
    address_put(&out, a);
    to[out.n] = '\0';
}

void init_machine_address(char to[INIT_ANSWER_BYTES], const char *trunk)
{
    struct address there, self;
    if (!address_read(&there, text_of(trunk)) && !address_read_ip(&there, TEXT(FAR)))
        there.family = 0;
    there.port = there.port ? there.port : 5060;
    to[0] = '\0';
    if (there.family && address_towards(&self, &there))
        put_address(to, &self);
}

static unsigned bits_of(const struct address *mask)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < sizeof(mask->ip); i++)
        bits += (unsigned)__builtin_popcount(mask->ip[i]);
    return bits;
}

/* The network of the interface that has this address, as "192.0.2.0/24". */
static void put_network(char to[INIT_ANSWER_BYTES], const struct ifaddrs *at)
{
    struct address_net net;
    struct sockaddr_storage mask = {0};
    char written[ADDRESS_TEXT_MAX + 8], self[INIT_ANSWER_BYTES];
    size_t n = at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                  : sizeof(struct sockaddr_in6);
    memcpy(&mask, at->ifa_netmask, n);
    mask.ss_family = at->ifa_addr->sa_family;
    struct address bits = os_endpoint_read(&mask);
    struct sockaddr_storage where = {0};
    memcpy(&where, at->ifa_addr, n);
    struct address ip = os_endpoint_read(&where);
    ip.port = bits.port = 0;
    put_address(self, &ip);
    snprintf(written, sizeof(written), "%.*s/%u", ADDRESS_TEXT_MAX, self, bits_of(&bits));
    if (!address_net_read(&net, text_of(written)))
        return;
    net.at.port = 0;
    put_address(self, &net.at);
    snprintf(to, INIT_ANSWER_BYTES, "%.*s/%u", ADDRESS_TEXT_MAX, self, net.bits);
}

static bool has_address(const struct ifaddrs *at, const struct address *wanted)
{
    struct sockaddr_storage where = {0};
    if (!at->ifa_addr || !at->ifa_netmask ||
        (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
        return false;
    memcpy(&where, at->ifa_addr,
           at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                              : sizeof(struct sockaddr_in6));
    struct address ip = os_endpoint_read(&where);
    ip.port = 0;
    return address_equal(&ip, wanted);
}

void init_machine_networks(char to[INIT_ANSWER_BYTES], const char *address)
{
    struct ifaddrs *all = NULL;
    struct address_pair self;
    to[0] = '\0';
    if (!address_pair_read(&self, text_of(address)) || getifaddrs(&all))
        return;
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        char one[INIT_ANSWER_BYTES] = "";
        for (const struct ifaddrs *at = all; self.of[i].family && at && !one[0]; at = at->ifa_next)
            if (has_address(at, &self.of[i]))
                put_network(one, at);
        size_t n = strlen(to);
        if (one[0])
            snprintf(to + n, INIT_ANSWER_BYTES - n, "%s%s", n ? ", " : "", one);
    }
    freeifaddrs(all);
}

/* UTC is what nobody chose: a server is often set so, a public service never opens by it. */
void init_machine_timezone(char to[INIT_ANSWER_BYTES])
{
    char link[256];
    ssize_t n = readlink("/etc/localtime", link, sizeof(link) - 1);
    link[n > 0 ? n : 0] = '\0';
    const char *zone = strstr(link, ZONES);
    zone = zone ? zone + strlen(ZONES) : "";
    snprintf(to, INIT_ANSWER_BYTES, "%s", strchr(zone, '/') ? zone : "Europe/Paris");
    struct init_answers a = {0};
    struct config_errors *errors = calloc(1, sizeof(*errors));
    bool is_taken = errors && init_key_take(&a, INIT_TIMEZONE, text_of(to), errors) &&
                    init_judge(&a, INIT_TIMEZONE, errors) && strncmp(to, "Etc/", 4) != 0;
    free(errors);
    if (!is_taken)
        snprintf(to, INIT_ANSWER_BYTES, "Europe/Paris");
}

void init_machine_offer(char to[INIT_ANSWER_BYTES], const struct init_answers *a, enum init_key key)
{
    snprintf(to, INIT_ANSWER_BYTES, "%s", init_rows[key].otherwise ? init_rows[key].otherwise : "");
    if (key == INIT_ADDRESS)
        init_machine_address(to, a->of[INIT_TRUNK]);
    else if (key == INIT_NETWORKS)
        init_machine_networks(to, a->of[INIT_ADDRESS]);
    else if (key == INIT_TIMEZONE)
        init_machine_timezone(to);
}
