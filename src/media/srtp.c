/* srtp.c — see srtp.h. The order of each way in: is it long enough, which number would it have, was
 * that number used, is it proved; only then is it decrypted and the number noted. Both ways out
 * note their numbers too: two packets under one number would give the key of GCM away.
 * Cost: seal.c's. Invariant: before the proof nothing of *s is written. */
#include <string.h>

#include <openssl/crypto.h>

#include "media/rtp.h"
#include "media/srtp.h"

#define INDEX_MAX ((UINT64_C(1) << 48) - 1)
#define RTCP_INDEX_MAX UINT64_C(0x7fffffff)
#define RTCP_ENCRYPTED 0x80000000u
#define RTCP_HEAD_BYTES 8
#define INDEX_BYTES 4
#define GCM_TAG_BYTES 16
#define MAC_BYTES 20

/* ---- numbers ------------------------------------------------------------------------------ */

static bool is_fresh(const struct srtp_window *w, uint64_t index)
{
    if (!w->has_begun || index > w->max)
        return true;
    uint64_t behind = w->max - index;
    return behind < SRTP_WINDOW && !(w->seen >> behind & 1);
}

static void note(struct srtp_window *w, uint64_t index)
{
    if (!w->has_begun || index > w->max) {
        uint64_t ahead = w->has_begun ? index - w->max : SRTP_WINDOW;
        w->seen = ahead < SRTP_WINDOW ? w->seen << ahead : 0;
        w->max = index;
        w->has_begun = true;
    }
    w->seen |= UINT64_C(1) << (w->max - index);
}

/* RFC 3711 §3.3.1: the index nearest to the newest one. False: before the beginning, past the end.
 */
static bool guess(const struct srtp_window *w, uint16_t seq, uint64_t *index)
{
    uint64_t rolls = w->has_begun ? w->max >> 16 : 0;
    uint16_t newest = (uint16_t)w->max;
    bool is_before = w->has_begun && newest < 0x8000 && seq - newest > 0x8000;
    bool is_after = w->has_begun && newest >= 0x8000 && newest - 0x8000 > seq;
    if (is_before && !rolls)
        return false;
    *index = (rolls + is_after - is_before) << 16 | seq;
    return *index <= INDEX_MAX;
}

/* The sender with this SSRC, or a new one that is not noted yet. */
static struct srtp_sender sender_of(const struct srtp *s, uint32_t ssrc, uint8_t *at)
{
    for (uint8_t i = 0; i < SRTP_SENDERS_MAX; i++) {
        *at = i;
        if (s->senders[i].is_known && s->senders[i].ssrc == ssrc)
            return s->senders[i];
    }
    *at = SRTP_SENDERS_MAX;
    return (struct srtp_sender){.is_known = true, .ssrc = ssrc};
}

static void keep_sender(struct srtp *s, const struct srtp_sender *sender, uint8_t at)
{
    if (at == SRTP_SENDERS_MAX) {
        at = s->next_i;
        s->next_i = (uint8_t)((s->next_i + 1) % SRTP_SENDERS_MAX);
    }
    s->senders[at] = *sender;
}

/* ---- a packet on its way ------------------------------------------------------------------ */

/* Fields in this order: what came in; what it would be. */
struct passage {
    struct srtp *s;
    struct seal_box *box;
    uint8_t *bytes;
    size_t n;
    bool is_rtcp;

    struct srtp_sender sender;
    uint8_t sender_at;
    uint64_t index;
    uint8_t index_bytes[INDEX_BYTES]; /* as it is proved: the roll-over counter, or E and index */
    size_t head_n, tag_n;
    struct seal_job job;
};

/* Before the payload: it goes in the clear. 0: this is no RTP. Padding is within what is encrypted,
 * so that rtp_read() could not judge it yet. */
static size_t rtp_head_n(const uint8_t *b, size_t n)
{
    size_t head_n = RTP_HEADER_BYTES + 4u * (n ? b[0] & 15u : 0);
    if (n < head_n || b[0] >> 6 != 2)
        return 0;
    if (b[0] & 0x10)
        head_n += n < head_n + 4 ? n : 4 + 4u * net_u16(b + head_n + 2);
    return head_n <= n ? head_n : 0;
}

static void set_iv(struct passage *p)
{
    const struct seal_keys *k = p->job.keys;
    uint8_t *iv = p->job.iv;
    uint64_t index = p->index;
    unsigned end = seal_is_gcm(p->s->suite) ? 12 : SEAL_SALT_BYTES;
    memcpy(iv, k->salt, SEAL_SALT_BYTES);
    for (unsigned i = 0; i < 6; i++, index >>= 8)
        iv[end - 1 - i] ^= (uint8_t)index;
    unsigned at = seal_is_gcm(p->s->suite) ? 2 : 4;
    for (unsigned i = 0; i < 4; i++)
        iv[at + i] ^= (uint8_t)(p->sender.ssrc >> (24 - 8 * i));
    if (!seal_is_gcm(p->s->suite))
        iv[14] = iv[15] = 0;
}

/* Sets what the number of the packet decides. */
static void prepare(struct passage *p)
{
    struct seal_job *job = &p->job;
    *job = (struct seal_job){.suite = p->s->suite,
                             .keys = p->is_rtcp ? &p->s->rtcp : &p->s->rtp,
                             .head = p->bytes,
                             .head_n = p->head_n,
                             .body = p->bytes + p->head_n,
                             .body_n = p->n - p->head_n};
    net_put_u32(p->index_bytes,
                p->is_rtcp ? RTCP_ENCRYPTED | (uint32_t)p->index : (uint32_t)(p->index >> 16));
    if (p->is_rtcp) {
        job->more = p->index_bytes;
        job->more_n = INDEX_BYTES;
    }
    set_iv(p);
}

static size_t tag_n_of(enum media_suite suite, bool is_rtcp)
{
    if (seal_is_gcm(suite))
        return GCM_TAG_BYTES;
    return suite == MEDIA_CM_32 && !is_rtcp ? 4 : 10; /* RFC 4568 §6.2.2: RTCP has 80 bits always */
}

static struct srtp_window *window_of(struct passage *p)
{
    return p->is_rtcp ? &p->sender.rtcp : &p->sender.rtp;
}

/* Sets sender, head_n and tag_n; p->n is the length without what SRTP adds. */
static bool begin(struct passage *p)
{
    p->tag_n = tag_n_of(p->s->suite, p->is_rtcp);
    p->head_n = p->is_rtcp ? RTCP_HEAD_BYTES : rtp_head_n(p->bytes, p->n);
    if (!p->head_n || p->n < p->head_n)
        return false;
    p->sender = sender_of(p->s, net_u32(p->bytes + (p->is_rtcp ? 4 : 8)), &p->sender_at);
    return true;
}

static void finish(struct passage *p)
{
    note(window_of(p), p->index);
    keep_sender(p->s, &p->sender, p->sender_at);
    uint32_t rolls_n = (uint32_t)(p->sender.rtp.max >> 16);
    if (rolls_n && !p->is_rtcp)
        p->s->rolled = (struct media_rolls){p->sender.ssrc, rolls_n};
}

/* ---- out ---------------------------------------------------------------------------------- */

/* Encrypts, and writes tag and index behind. Returns the new length, 0: the cipher refused. */
static size_t close_passage(struct passage *p)
{
    uint8_t mac[MAC_BYTES], *end = p->bytes + p->n;
    prepare(p);
    if (!seal_close(p->box, &p->job))
        return 0;
    if (seal_is_gcm(p->s->suite)) {
        memcpy(end, p->job.tag, p->tag_n);
        end += p->tag_n;
    }
    if (p->is_rtcp) {
        memcpy(end, p->index_bytes, INDEX_BYTES);
        end += INDEX_BYTES;
    }
    if (!seal_is_gcm(p->s->suite)) {
        seal_mac(p->job.keys, &(struct seal_bytes){p->bytes, p->n, p->index_bytes, INDEX_BYTES},
                 mac);
        memcpy(end, mac, p->tag_n);
        end += p->tag_n;
    }
    return (size_t)(end - p->bytes);
}

size_t srtp_protect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n)
{
    struct passage p = {.s = s, .box = box, .bytes = bytes, .n = n};
    if (!begin(&p) || !guess(&p.sender.rtp, net_u16(bytes + 2), &p.index) ||
        !is_fresh(&p.sender.rtp, p.index))
        return 0;
    finish(&p); /* before it is used: a number is never given twice */
    return close_passage(&p);
}

size_t srtcp_protect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n)
{
    struct passage p = {.s = s, .box = box, .bytes = bytes, .n = n, .is_rtcp = true};
    if (!begin(&p))
        return 0;
    p.index = p.sender.rtcp.has_begun ? p.sender.rtcp.max + 1 : 1;
    if (p.index > RTCP_INDEX_MAX)
        return 0;
    finish(&p);
    return close_passage(&p);
}

/* ---- in ----------------------------------------------------------------------------------- */

static bool open_gcm(struct passage *p)
{
    memcpy(p->job.tag, p->bytes + p->n, p->tag_n);
    return seal_open(p->box, &p->job);
}

static bool open_cm(struct passage *p)
{
    uint8_t mac[MAC_BYTES];
    const uint8_t *tag = p->bytes + p->n + (p->is_rtcp ? INDEX_BYTES : 0);
    seal_mac(p->job.keys, &(struct seal_bytes){p->bytes, p->n, p->index_bytes, INDEX_BYTES}, mac);
    return !CRYPTO_memcmp(mac, tag, p->tag_n) && seal_open(p->box, &p->job);
}

/* Returns the length of what was inside, 0: it is not proved. */
static size_t open_passage(struct passage *p)
{
    prepare(p);
    if (!(seal_is_gcm(p->s->suite) ? open_gcm(p) : open_cm(p)))
        return 0;
    finish(p);
    return p->n;
}

/* The first packet of a sender whom an earlier process may have heard: by what that had counted, or
 * by one more. Not by any other: each guess is a chance for who forges a tag of 32 bits, and an
 * older one would take what was recorded hours ago. */
static size_t open_in_doubt(struct passage *p)
{
    uint8_t as_it_came[SRTP_DOUBT_MAX];
    const struct media_rolls *in = &p->s->in;
    uint64_t rolls_n = in->ssrc == p->sender.ssrc ? in->n : 0;
    uint8_t *body = p->bytes + p->head_n;
    size_t body_n = p->n - p->head_n, n = 0;
    bool is_short = body_n <= sizeof(as_it_came);
    if (is_short)
        memcpy(as_it_came, body, body_n);
    for (unsigned i = 0; !n && i < (is_short ? 2 : 1); i++) {
        if (i) /* GCM writes before it knows */
            memcpy(body, as_it_came, body_n);
        p->index = (rolls_n + i) << 16 | net_u16(p->bytes + 2);
        n = p->index <= INDEX_MAX ? open_passage(p) : 0;
    }
    return n;
}

size_t srtp_unprotect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n)
{
    size_t tag_n = tag_n_of(s->suite, false);
    struct passage p = {.s = s, .box = box, .bytes = bytes, .n = n < tag_n ? 0 : n - tag_n};
    if (!begin(&p))
        return 0;
    if (s->goes_on && !p.sender.rtp.has_begun)
        return open_in_doubt(&p);
    if (!guess(&p.sender.rtp, net_u16(bytes + 2), &p.index) || !is_fresh(&p.sender.rtp, p.index))
        return 0;
    return open_passage(&p);
}

size_t srtcp_unprotect(struct srtp *s, struct seal_box *box, uint8_t *bytes, size_t n)
{
    size_t more_n = tag_n_of(s->suite, true) + INDEX_BYTES;
    struct passage p = {.s = s, .box = box, .bytes = bytes, .is_rtcp = true};
    p.n = n < more_n ? 0 : n - more_n;
    if (!begin(&p))
        return 0;
    uint32_t word = net_u32(bytes + p.n + (seal_is_gcm(s->suite) ? p.tag_n : 0));
    p.index = word & RTCP_INDEX_MAX;
    if (!(word & RTCP_ENCRYPTED) || !is_fresh(&p.sender.rtcp, p.index))
        return 0; /* in the clear is not what was agreed */
    return open_passage(&p);
}

bool srtp_begin(struct srtp *s, struct seal_box *box, enum media_suite suite, const uint8_t *master)
{
    struct seal_keys pair[2];
    *s = (struct srtp){.suite = suite};
    bool is_done = seal_derive(box, suite, master, pair);
    s->rtp = pair[0];
    s->rtcp = pair[1];
    OPENSSL_cleanse(pair, sizeof(pair));
    return is_done;
}

void srtp_go_on(struct srtp *s, const struct media_rolls *rolls)
{
    s->goes_on = true;
    s->in = *rolls;
}
