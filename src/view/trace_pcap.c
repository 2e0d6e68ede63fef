/* trace_pcap.c — a contact's SIP messages as a capture file that Wireshark and tcpdump read (pcap,
 * microseconds, LINKTYPE_RAW): each message, masked, in one UDP datagram of its own, as if it had
 * been seen on a wire. Called by trace.c. Cost: a walk over each message.
 * Invariant: only what view/sip_mask.h lets through is written; lengths and checksums are right,
 * and a message that was kept in part has its whole length told beside. */
#include <string.h>

#include "view/sip_mask.h"
#include "view/trace_parts.h"

#define MAGIC 0xa1b2c3d4u /* in the order of this machine, as the format wants it */
#define LINKTYPE_RAW 101u
#define SNAP_BYTES 262144u
#define IPV4_BYTES 20u
#define IPV6_BYTES 40u
#define UDP_BYTES 8u
#define PROTOCOL_UDP 17u
#define HOPS 64u

struct file_head {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t zone, accuracy, snap, linktype;
};

struct packet_head {
    uint32_t s, us, kept_n, whole_n;
};

static void put(struct text_out *out, const void *bytes, size_t n)
{
    text_put(out, (struct text){bytes, n});
}

static void set_16(uint8_t *to, uint32_t v)
{
    to[0] = (uint8_t)(v >> 8);
    to[1] = (uint8_t)v;
}

/* The sum of RFC 1071, not yet folded. */
static uint64_t sum_of(uint64_t sum, const void *bytes, size_t n)
{
    const uint8_t *b = bytes;
    for (size_t i = 0; i < n; i++)
        sum += i % 2 ? b[i] : (uint64_t)b[i] << 8;
    return sum;
}

static uint32_t folded(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint32_t)~sum & 0xffff;
}

/* From whom to whom. An address that is not told, or of the other family: 0.0.0.0 or ::. */
struct way {
    struct address from, to;
    bool is_6;
};

static struct way way_of(const struct view_trace_message *m)
{
    struct way w = {.is_6 = m->peer.family == 6};
    struct address self = m->self;
    if (self.family != m->peer.family)
        memset(self.ip, 0, sizeof(self.ip));
    w.from = m->has_come ? m->peer : self;
    w.to = m->has_come ? self : m->peer;
    return w;
}

/* Over zeros. */
static void set_ip(uint8_t *to, const struct way *w, uint32_t payload_n)
{
    if (w->is_6) {
        to[0] = 6 << 4;
        set_16(to + 4, payload_n);
        to[6] = PROTOCOL_UDP;
        to[7] = HOPS;
        memcpy(to + 8, w->from.ip, 16);
        memcpy(to + 24, w->to.ip, 16);
        return;
    }
    to[0] = 4 << 4 | IPV4_BYTES / 4;
    set_16(to + 2, IPV4_BYTES + payload_n);
    to[8] = HOPS;
    to[9] = PROTOCOL_UDP;
    memcpy(to + 12, w->from.ip, 4);
    memcpy(to + 16, w->to.ip, 4);
    set_16(to + 10, folded(sum_of(0, to, IPV4_BYTES)));
}

/* With its checksum (RFC 768, RFC 8200 §8.1): over a pseudo-header, and never 0. */
static void set_udp(uint8_t *to, const struct way *w, struct text body)
{
    uint32_t n = UDP_BYTES + (uint32_t)body.n;
    set_16(to, w->from.port);
    set_16(to + 2, w->to.port);
    set_16(to + 4, n);
    size_t ip_n = w->is_6 ? 16 : 4;
    uint64_t sum = sum_of(PROTOCOL_UDP + n, w->from.ip, ip_n);
    sum = sum_of(sum, w->to.ip, ip_n);
    sum = sum_of(sum, to, UDP_BYTES);
    uint32_t checksum = folded(sum_of(sum, body.p, body.n));
    set_16(to + 6, checksum ? checksum : 0xffff);
}

void trace_pcap_begin(struct view_trace *t)
{
    const struct file_head head = {
        .magic = MAGIC, .major = 2, .minor = 4, .snap = SNAP_BYTES, .linktype = LINKTYPE_RAW};
    put(t->out, &head, sizeof(head));
}

/* Lines end as they did on the wire (RFC 3261 §7): masked ones end with LF alone. */
static void put_lines(struct text_out *out, struct text masked)
{
    bool has_body = false;
    for (struct text rest = masked; rest.n;) {
        struct text line = text_cut(&rest, '\n');
        bool has_end = line.p + line.n < masked.p + masked.n;
        has_body |= !line.n;
        text_put(out, line);
        if (has_end)
            text_put(out, line.n && line.p[line.n - 1] == '\r' ? TEXT("\n") : TEXT("\r\n"));
    }
    if (!has_body) /* the headers end all the same */
        text_put(out, TEXT("\r\n"));
}

void trace_pcap_message(struct view_trace *t, const struct view_trace_message *m)
{
    struct text_out *out = t->out;
    static const uint8_t none[sizeof(struct packet_head) + IPV6_BYTES + UDP_BYTES];
    const struct way way = way_of(m);
    uint32_t ip_n = way.is_6 ? IPV6_BYTES : IPV4_BYTES;
    size_t at = out->n, ip_at = at + sizeof(struct packet_head), body_at = ip_at + ip_n + UDP_BYTES;
    view_mask_message(&t->scratch, m->bytes);
    put(out, none, body_at - at);
    put_lines(out, (struct text){t->scratch.p, t->scratch.n});
    t->scratch.n = 0;
    t->scratch.is_cut = false;
    if (out->is_cut)
        return;
    struct text body = {out->p + body_at, out->n - body_at};
    set_ip((uint8_t *)out->p + ip_at, &way, UDP_BYTES + (uint32_t)body.n);
    set_udp((uint8_t *)out->p + ip_at + ip_n, &way, body);
    uint32_t kept_n = (uint32_t)(out->n - ip_at);
    uint32_t left_out_n = m->whole_n > m->bytes.n ? m->whole_n - (uint32_t)m->bytes.n : 0;
    const struct packet_head head = {.s = (uint32_t)(m->at / 1000),
                                     .us = (uint32_t)(m->at % 1000) * 1000,
                                     .kept_n = kept_n,
                                     .whole_n = kept_n + left_out_n};
    memcpy(out->p + at, &head, sizeof(head));
}
