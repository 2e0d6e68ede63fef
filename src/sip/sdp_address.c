/* sdp_address.c — addresses in session descriptions, read and written. See sdp.h.
 * Called by sip/sdp, sip/offer and phone/. Cost: linear in the text.
 * Invariant: what is written is read back as the same address. */
#include <string.h>

#include "sip/sdp.h"

#define GROUPS 8 /* of an IPv6 address */

bool sip_sdp_address_is_zero(const struct sip_sdp_address *address)
{
    static const uint8_t zero[16];
    if (address->family != 4 && address->family != 6)
        return false;
    return !memcmp(address->bytes, zero, address->family == 4 ? 4 : 16);
}

bool sip_sdp_address_equal(const struct sip_sdp_address *a, const struct sip_sdp_address *b)
{
    return a->family == b->family && !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
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

bool sip_sdp_address_read(struct sip_sdp_address *address, struct text t)
{
    *address = (struct sip_sdp_address){.family = 4};
    if (t.n && t.n < SIP_SDP_ADDRESS_TEXT_MAX && read_four(address->bytes, t))
        return true;
    *address = (struct sip_sdp_address){.family = 6};
    if (t.n && t.n < SIP_SDP_ADDRESS_TEXT_MAX + 6 && read_six(address->bytes, t))
        return true;
    *address = (struct sip_sdp_address){.family = SIP_SDP_NO_ADDRESS};
    return false;
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

void sip_sdp_address_put(struct text_out *out, const struct sip_sdp_address *address)
{
    if (address->family == 6) {
        put_six(out, address->bytes);
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        if (i)
            text_put(out, TEXT("."));
        text_put_number(out, address->family == 4 ? address->bytes[i] : 0);
    }
}
