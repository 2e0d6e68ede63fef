/* address.c — see address.h. Called by all who meet an address. Cost: linear in the text.
 * Invariant: what is written is read back as the same address. */
#include <string.h>

#include "base/address.h"

#define GROUPS 8 /* of an IPv6 address */
#define PORT_MAX 65535

static size_t bytes_n(const struct address *address)
{
    return address->family == 4 ? 4 : address->family == 6 ? 16 : 0;
}

bool address_is_any(const struct address *address)
{
    static const uint8_t zero[16];
    size_t n = bytes_n(address);
    return n && !memcmp(address->ip, zero, n);
}

struct address address_to_reach(const struct address *address)
{
    struct address to = *address;
    if (address_is_any(address) && address->family == 4)
        to.ip[0] = 127;
    if (address_is_any(address))
        to.ip[address->family == 6 ? 15 : 3] = 1;
    return to;
}

bool address_is_loopback(const struct address *address)
{
    static const uint8_t one[16] = {[15] = 1};
    if (address->family == 4)
        return address->ip[0] == 127;
    return address->family == 6 && !memcmp(address->ip, one, sizeof(one));
}

bool address_url_is_near(struct text url)
{
    static const struct text near[] = {
        {"http://127.0.0.1", 16}, {"http://localhost", 16}, {"http://[::1]", 12}};
    for (unsigned i = 0; i < ARRAY_LEN(near); i++) {
        char behind = url.n > near[i].n ? url.p[near[i].n] : '/';
        if (text_starts_fold(url, near[i]) && (behind == ':' || behind == '/'))
            return true;
    }
    return false;
}

bool address_equal(const struct address *a, const struct address *b)
{
    return a->family == b->family && a->port == b->port && !memcmp(a->ip, b->ip, sizeof(a->ip));
}

/* ---- reading ------------------------------------------------------------------------------ */

static bool read_four(uint8_t *bytes, struct text t)
{
    for (unsigned i = 0; i < 4; i++) {
        struct text part = i < 3 ? text_cut(&t, '.') : t;
        uint64_t v = 0;
        if (part.n > 3 || !text_number(part, 255, &v))
            return false;
        bytes[i] = (uint8_t)v;
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_group(uint8_t *bytes, struct text t)
{
    unsigned v = 0;
    if (!t.n || t.n > 4)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        int digit = hex_digit(t.p[i]);
        if (digit < 0)
            return false;
        v = v << 4 | (unsigned)digit;
    }
    bytes[0] = (uint8_t)(v >> 8);
    bytes[1] = (uint8_t)v;
    return true;
}

/* Groups between colons, the last two perhaps as dotted four. Gives the number of bytes; −1. */
static int read_groups(uint8_t *bytes, struct text t)
{
    int n = 0;
    while (t.n) {
        bool is_last = !memchr(t.p, ':', t.n);
        struct text part = text_cut(&t, ':');
        if (!is_last && !t.n)
            return -1; /* a colon at the end */
        if (is_last && n <= 12 && read_four(bytes + n, part))
            return n + 4;
        if (n > 14 || !read_group(bytes + n, part))
            return -1;
        n += 2;
    }
    return n;
}

/* Where "::" stands; t.n: nowhere. */
static size_t gap_at(struct text t)
{
    for (size_t i = 0; i + 1 < t.n; i++)
        if (t.p[i] == ':' && t.p[i + 1] == ':')
            return i;
    return t.n;
}

static bool read_six(uint8_t *bytes, struct text t)
{
    uint8_t tail[16];
    size_t gap = gap_at(t);
    if (gap == t.n)
        return read_groups(bytes, t) == 16;
    int head_n = read_groups(bytes, (struct text){t.p, gap});
    int tail_n = read_groups(tail, text_after(t, gap + 2));
    if (head_n < 0 || tail_n < 0 || head_n + tail_n > 14)
        return false;
    memset(bytes + head_n, 0, 16 - (size_t)head_n);
    memcpy(bytes + 16 - tail_n, tail, (size_t)tail_n);
    return true;
}

bool address_read_ip(struct address *address, struct text t)
{
    *address = (struct address){.family = 4};
    if (read_four(address->ip, t))
        return true;
    *address = (struct address){.family = 6};
    if (read_six(address->ip, t))
        return true;
    *address = (struct address){0};
    return false;
}

/* Address and port of "a:b" and "[a]:b" apart; the port is empty when there is none. */
static bool part(struct text t, struct text *ip, struct text *port)
{
    *port = TEXT_NONE;
    if (t.n && t.p[0] == '[') {
        *port = text_after(t, 1);
        *ip = text_cut(port, ']');
        bool is_closed = 1 + ip->n < t.n;
        if (is_closed && port->n && port->p[0] != ':')
            return false;
        bool has_port = port->n > 0;
        *port = text_after(*port, 1);
        return is_closed && has_port == (port->n > 0) && memchr(ip->p, ':', ip->n) != NULL;
    }
    struct text rest = t;
    *ip = text_cut(&rest, ':');
    if (ip->n == t.n)
        return true;
    if (rest.n && !memchr(rest.p, ':', rest.n) && ip->n)
        *port = rest;
    else
        *ip = t;
    return true;
}

bool address_read(struct address *address, struct text t)
{
    struct text ip, port;
    uint64_t v = 0;
    *address = (struct address){0};
    if (!part(t, &ip, &port) || (port.n && (!text_number(port, PORT_MAX, &v) || !v)))
        return false;
    if (!address_read_ip(address, ip))
        return false;
    address->port = (uint16_t)v;
    return true;
}

/* ---- writing ------------------------------------------------------------------------------ */

static unsigned group(const uint8_t *bytes, unsigned i)
{
    return (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
}

/* The longest run of zero groups, the first of equals (RFC 5952 §4.2); its length, 0 below two. */
static unsigned longest_zeros(const uint8_t *bytes, unsigned *begin)
{
    unsigned best_n = 0, n = 0;
    *begin = GROUPS;
    for (unsigned i = 0; i < GROUPS; i++) {
        n = group(bytes, i) ? 0 : n + 1;
        if (n >= 2 && n > best_n) {
            best_n = n;
            *begin = i + 1 - n;
        }
    }
    return best_n;
}

static void put_hex(struct text_out *out, unsigned v)
{
    char digits[4];
    size_t i = sizeof(digits);
    do {
        digits[--i] = "0123456789abcdef"[v & 15];
        v >>= 4;
    } while (v);
    text_put(out, (struct text){digits + i, sizeof(digits) - i});
}

static void put_six(struct text_out *out, const uint8_t *bytes)
{
    unsigned begin, n = longest_zeros(bytes, &begin);
    for (unsigned i = 0; i < GROUPS; i++) {
        if (i == begin) {
            text_put(out, TEXT("::"));
            i += n - 1;
            continue;
        }
        if (i && i != begin + n)
            text_put(out, TEXT(":"));
        put_hex(out, group(bytes, i));
    }
}

static void put_four(struct text_out *out, const uint8_t *bytes)
{
    for (unsigned i = 0; i < 4; i++) {
        if (i)
            text_put(out, TEXT("."));
        text_put_number(out, bytes[i]);
    }
}

void address_put(struct text_out *out, const struct address *address)
{
    bool has_brackets = address->family == 6 && address->port;
    if (has_brackets)
        text_put(out, TEXT("["));
    if (address->family == 4)
        put_four(out, address->ip);
    else if (address->family == 6)
        put_six(out, address->ip);
    if (has_brackets)
        text_put(out, TEXT("]"));
    if (!bytes_n(address) || !address->port)
        return;
    text_put(out, TEXT(":"));
    text_put_number(out, address->port);
}

/* ---- networks ----------------------------------------------------------------------------- */

/* The bits of byte i that belong to the network. */
static uint8_t mask_of(unsigned bits, size_t i)
{
    if (bits >= 8 * (i + 1))
        return 0xff;
    if (bits <= 8 * i)
        return 0;
    return (uint8_t)(0xff00 >> (bits - 8 * i));
}

bool address_net_read(struct address_net *net, struct text t)
{
    struct text length = t, ip = text_cut(&length, '/');
    bool has_length = ip.n < t.n;
    *net = (struct address_net){0};
    if (!address_read_ip(&net->at, ip))
        return false;
    uint64_t bits = 8 * bytes_n(&net->at);
    if (has_length && !text_number(length, bits, &bits)) {
        *net = (struct address_net){0};
        return false;
    }
    net->bits = (uint8_t)bits;
    for (size_t i = 0; i < bytes_n(&net->at); i++)
        net->at.ip[i] &= mask_of(net->bits, i);
    return true;
}

bool address_net_has(const struct address_net *net, const struct address *address)
{
    size_t n = bytes_n(&net->at);
    if (!n || net->at.family != address->family)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((address->ip[i] & mask_of(net->bits, i)) != net->at.ip[i])
            return false;
    return true;
}

bool address_nets_read(struct address_nets *nets, struct text list)
{
    *nets = (struct address_nets){0};
    for (bool is_last = false; !is_last;) {
        is_last = !list.n || !memchr(list.p, ',', list.n);
        struct text one = text_trim(text_cut(&list, ','));
        if (nets->n == ADDRESS_NETS_MAX || !address_net_read(&nets->list[nets->n], one))
            return false;
        nets->n++;
    }
    return true;
}

bool address_nets_have(const struct address_nets *nets, const struct address *address)
{
    for (uint32_t i = 0; i < nets->n; i++)
        if (address_net_has(&nets->list[i], address))
            return true;
    return false;
}

/* ---- pairs -------------------------------------------------------------------------------- */

bool address_pair_read(struct address_pair *pair, struct text list)
{
    *pair = (struct address_pair){0};
    for (bool is_last = false; !is_last;) {
        struct address one;
        is_last = !list.n || !memchr(list.p, ',', list.n);
        if (!address_read_ip(&one, text_trim(text_cut(&list, ','))) ||
            pair->of[address_side(&one)].family)
            return false;
        pair->of[address_side(&one)] = one;
    }
    return true;
}

const struct address *address_pair_near(const struct address_pair *pair,
                                        const struct address *address)
{
    const struct address *near = &pair->of[address_side(address)];
    return address->family && near->family == address->family ? near : NULL;
}

const struct address *address_pair_first(const struct address_pair *pair)
{
    return &pair->of[pair->of[0].family == 0];
}
