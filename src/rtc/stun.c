/* stun.c — see stun.h. Attributes are read one by one; those behind MESSAGE-INTEGRITY are passed
 * over but for FINGERPRINT (RFC 8489 §14.5). Cost: linear in the packet, and a CRC of it.
 * Invariant: nothing is read past the packet, nothing written past STUN_ANSWER_MAX. */
#include <string.h>

#include "rtc/stun.h"

#define COOKIE 0x2112a442u
#define FINGERPRINT_XOR 0x5354554eu
#define HEAD_BYTES 4 /* of an attribute: type, length */
#define FINGERPRINT_BYTES 8
#define UNDERSTAND_BELOW 0x8000

enum {
    MAPPED_ADDRESS = 0x0001,
    USERNAME = 0x0006,
    INTEGRITY = 0x0008,
    ERROR_CODE = 0x0009,
    UNKNOWN_ATTRIBUTES = 0x000a,
    XOR_MAPPED_ADDRESS = 0x0020,
    PRIORITY = 0x0024,
    USE_CANDIDATE = 0x0025,
    FINGERPRINT = 0x8028,
    ICE_CONTROLLED = 0x8029,
    ICE_CONTROLLING = 0x802a,
};

static uint16_t get_u16(const uint8_t *b)
{
    return (uint16_t)(b[0] << 8 | b[1]);
}

static uint32_t get_u32(const uint8_t *b)
{
    return (uint32_t)get_u16(b) << 16 | get_u16(b + 2);
}

static void put_u16(uint8_t *b, uint32_t v)
{
    b[0] = (uint8_t)(v >> 8);
    b[1] = (uint8_t)v;
}

static void put_u32(uint8_t *b, uint32_t v)
{
    put_u16(b, v >> 16);
    put_u16(b + 2, v);
}

/* CRC-32 of ITU-T V.42, four bits at a time. */
static uint32_t crc(const uint8_t *b, size_t n)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t c = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        c = table[(c ^ b[i]) & 15] ^ c >> 4;
        c = table[(c ^ b[i] >> 4) & 15] ^ c >> 4;
    }
    return ~c;
}

/* ---- reading ------------------------------------------------------------------------------ */

/* One attribute: where it stands, its value. */
struct attribute {
    uint16_t type, n, at;
    const uint8_t *value;
};

static bool is_of_ice(uint16_t type)
{
    static const uint16_t known[] = {USERNAME, INTEGRITY, PRIORITY, USE_CANDIDATE};
    for (unsigned i = 0; i < ARRAY_LEN(known); i++)
        if (known[i] == type)
            return true;
    return type >= UNDERSTAND_BELOW;
}

static void note_unknown(struct stun_message *m, uint16_t type)
{
    if (m->unknown_n < STUN_UNKNOWN_MAX)
        m->unknown[m->unknown_n++] = type;
}

/* False: its length is not that of its type. */
static bool take(struct stun_message *m, const struct attribute *a)
{
    switch (a->type) {
    case USERNAME:
        m->username = (struct text){(const char *)a->value, a->n};
        return a->n && a->n <= STUN_USERNAME_MAX;
    case INTEGRITY:
        m->has_integrity = true;
        m->integrity_i = a->at;
        return a->n == STUN_MAC_BYTES;
    case PRIORITY:
        m->has_priority = true;
        m->priority = a->n == 4 ? get_u32(a->value) : 0;
        return a->n == 4;
    case USE_CANDIDATE:
        m->is_used = true;
        return a->n == 0;
    case ICE_CONTROLLED:
        m->has_controlled = true;
        return a->n == 8;
    case ICE_CONTROLLING:
        m->has_controlling = true;
        return a->n == 8;
    default:
        if (!is_of_ice(a->type) && m->class == STUN_REQUEST)
            note_unknown(m, a->type);
        return true;
    }
}

/* The last attribute, over all that stands before it (RFC 8489 §14.7). */
static bool is_print(const uint8_t *bytes, size_t n, const struct attribute *a)
{
    return a->n == 4 && a->at + (size_t)FINGERPRINT_BYTES == n &&
           get_u32(a->value) == (crc(bytes, a->at) ^ FINGERPRINT_XOR);
}

static enum stun_verdict read_attributes(struct stun_message *m, const uint8_t *bytes, size_t n)
{
    size_t at = STUN_HEADER_BYTES;
    for (unsigned i = 0; at < n; i++) {
        if (i == STUN_ATTRIBUTES_MAX || n - at < HEAD_BYTES || m->has_fingerprint)
            return STUN_DAMAGED;
        struct attribute a = {get_u16(bytes + at), get_u16(bytes + at + 2), (uint16_t)at,
                              bytes + at + HEAD_BYTES};
        size_t whole_n = HEAD_BYTES + (a.n + 3u) / 4 * 4;
        if (whole_n > n - at)
            return STUN_DAMAGED;
        at += whole_n;
        if (a.type == FINGERPRINT) {
            m->has_fingerprint = is_print(bytes, n, &a);
            if (!m->has_fingerprint)
                return STUN_DAMAGED;
        } else if (!m->has_integrity && !take(m, &a)) {
            return STUN_DAMAGED;
        }
    }
    return STUN_GOOD;
}

enum stun_verdict stun_read(struct stun_message *m, const uint8_t *bytes, size_t n)
{
    *m = (struct stun_message){0};
    if (n < STUN_HEADER_BYTES || n > STUN_BYTES_MAX || bytes[0] > 0x3f ||
        get_u32(bytes + 4) != COOKIE)
        return STUN_FOREIGN;
    uint16_t type = get_u16(bytes);
    if (get_u16(bytes + 2) % 4 || (size_t)get_u16(bytes + 2) + STUN_HEADER_BYTES != n)
        return STUN_DAMAGED;
    m->class = (enum stun_class)((type >> 4 & 1) | (type >> 7 & 2));
    m->method = (uint16_t)((type & 0xf) | (type >> 1 & 0x70) | (type >> 2 & 0xf80));
    memcpy(m->transaction, bytes + 8, sizeof(m->transaction));
    return read_attributes(m, bytes, n);
}

/* The length in the header is, for the proof, as if the message ended with it. */
static void make_mac(uint8_t mac[STUN_MAC_BYTES], const uint8_t *bytes, size_t until,
                     const struct stun_key *key)
{
    uint8_t head[STUN_HEADER_BYTES];
    memcpy(head, bytes, sizeof(head));
    put_u16(head + 2, (uint32_t)(until + HEAD_BYTES + STUN_MAC_BYTES - STUN_HEADER_BYTES));
    const struct stun_pieces of = {head, bytes + STUN_HEADER_BYTES, sizeof(head),
                                   until - STUN_HEADER_BYTES};
    key->mac(mac, &of, key->arg);
}

bool stun_is_proved(const struct stun_message *m, const uint8_t *bytes, const struct stun_key *key)
{
    uint8_t mac[STUN_MAC_BYTES], differs = 0;
    if (!m->has_integrity)
        return false;
    make_mac(mac, bytes, m->integrity_i, key);
    for (unsigned i = 0; i < sizeof(mac); i++)
        differs |= mac[i] ^ bytes[m->integrity_i + HEAD_BYTES + i]; /* the same time for all */
    return !differs;
}

/* ---- writing ------------------------------------------------------------------------------ */

struct writer {
    uint8_t *to;
    size_t n;
};

static uint8_t *add(struct writer *w, uint16_t type, uint16_t n)
{
    uint8_t *at = w->to + w->n;
    put_u16(at, type);
    put_u16(at + 2, n);
    memset(at + HEAD_BYTES, 0, (n + 3u) / 4 * 4);
    w->n += HEAD_BYTES + (n + 3u) / 4 * 4;
    assert(w->n <= STUN_ANSWER_MAX);
    put_u16(w->to + 2, (uint32_t)(w->n - STUN_HEADER_BYTES));
    return at + HEAD_BYTES;
}

/* Hidden from those who rewrite addresses wherever they see them (RFC 8489 §14.2). */
static void add_mapped(struct writer *w, const struct address *mapped)
{
    bool is_v6 = mapped->family == 6;
    unsigned ip_n = is_v6 ? 16 : 4;
    uint8_t *at = add(w, XOR_MAPPED_ADDRESS, (uint16_t)(4 + ip_n));
    at[1] = is_v6 ? 2 : 1;
    put_u16(at + 2, mapped->port ^ COOKIE >> 16);
    for (unsigned i = 0; i < ip_n; i++)
        at[4 + i] = mapped->ip[i] ^ w->to[4 + i]; /* the cookie, and the transaction behind it */
}

static struct text words_of(enum stun_error error)
{
    switch (error) {
    case STUN_UNAUTHENTICATED:
        return TEXT("Unauthenticated");
    case STUN_UNKNOWN_ATTRIBUTE:
        return TEXT("Unknown Attribute");
    case STUN_ROLE_CONFLICT:
        return TEXT("Role Conflict");
    default:
        return TEXT("Bad Request");
    }
}

static void add_error(struct writer *w, const struct stun_message *request, enum stun_error error)
{
    struct text words = words_of(error);
    uint8_t *at = add(w, ERROR_CODE, (uint16_t)(4 + words.n));
    at[2] = (uint8_t)(error / 100);
    at[3] = (uint8_t)(error % 100);
    memcpy(at + 4, words.p, words.n);
    if (error != STUN_UNKNOWN_ATTRIBUTE)
        return;
    at = add(w, UNKNOWN_ATTRIBUTES, (uint16_t)(2 * request->unknown_n));
    for (unsigned i = 0; i < request->unknown_n; i++)
        put_u16(at + 2 * i, request->unknown[i]);
}

size_t stun_write(uint8_t to[STUN_ANSWER_MAX], const struct stun_message *request,
                  const struct stun_answer *answer)
{
    struct writer w = {to, STUN_HEADER_BYTES};
    put_u16(to, answer->error ? 0x0111 : 0x0101);
    put_u32(to + 4, COOKIE);
    memcpy(to + 8, request->transaction, STUN_TRANSACTION_BYTES);
    if (answer->error)
        add_error(&w, request, answer->error);
    else
        add_mapped(&w, &answer->mapped);
    if (answer->key) {
        size_t at = w.n;
        uint8_t *mac = add(&w, INTEGRITY, STUN_MAC_BYTES);
        make_mac(mac, to, at, answer->key);
    }
    size_t at = w.n;
    uint8_t *print = add(&w, FINGERPRINT, 4);
    put_u32(print, crc(to, at) ^ FINGERPRINT_XOR);
    return w.n;
}
