/* offer.c — see offer.h. Called by phone/. Cost: linear in the body.
 * Their offer is read whole, one line that we can carry is chosen and the others are refused in
 * place; ours has one line that carries and keeps the others refused. Everything is worked out
 * beside *o and taken over at the end. Invariant: a refused offer leaves what was agreed as it was.
 */
#include <string.h>

#include "base/hash.h"
#include "sip/offer.h"

#define PTIME_MS 20        /* what our media sends and likes to get */
#define DIGITS_PAYLOAD 101 /* of telephone-event in our offers, as nearly everybody does */
#define PACKET_MS_MIN 10
#define PACKET_MS_MAX 60
#define WIDE_DIGITS_PAYLOAD 110

/* One line of theirs that could carry the call. */
struct choice {
    unsigned media_i;
    enum sip_codec codec;
    const struct sip_sdp_format *format;
    struct sip_crypto theirs, ours;
};

void sip_offer_begin(struct sip_offer *o)
{
    *o = (struct sip_offer){.state = SIP_OFFER_IDLE};
}

void sip_offer_withdraw(struct sip_offer *o)
{
    o->state = SIP_OFFER_IDLE;
}

unsigned sip_offer_status(enum sip_offer_verdict verdict)
{
    static const uint16_t statuses[] = {
        [SIP_OFFER_NOTHING_IN_COMMON] = 488,
        [SIP_OFFER_UNREADABLE] = 400,
        [SIP_OFFER_PENDING] = 491,
        [SIP_OFFER_NO_ROOM] = 500,
        [SIP_OFFER_UNASKED] = 0,
    };
    return statuses[verdict];
}

unsigned sip_offer_packet_ms(const struct sip_offer_agreed *agreed)
{
    unsigned ms = agreed->ptime_ms ? agreed->ptime_ms : PTIME_MS;
    if (agreed->maxptime_ms && ms > agreed->maxptime_ms)
        ms = agreed->maxptime_ms;
    if (ms > PACKET_MS_MAX)
        ms = PACKET_MS_MAX;
    return ms < PACKET_MS_MIN ? PACKET_MS_MIN : ms - ms % 10;
}

/* ---- what theirs says --------------------------------------------------------------------- */

/* May media go there? A family of ours and one host; 0.0.0.0 is an old way to hold. */
static bool is_reachable(const struct address *a, const struct sip_offer_wish *wish)
{
    static const uint8_t everybody[4] = {255, 255, 255, 255};
    if (!address_pair_near(&wish->self, a))
        return false;
    if (a->family == 6)
        return a->ip[0] != 0xff;
    return a->ip[0] < 224 || (a->ip[0] >= 240 && memcmp(a->ip, everybody, 4) != 0);
}

static bool is_secure_proto(struct text proto)
{
    return text_equal_fold(proto, TEXT("RTP/SAVP")) || text_equal_fold(proto, TEXT("RTP/SAVPF"));
}

static bool is_audio(const struct sip_sdp_media *m, bool is_secure)
{
    struct text type = {m->type, m->type_n}, proto = {m->proto, m->proto_n};
    bool is_plain =
        text_equal_fold(proto, TEXT("RTP/AVP")) || text_equal_fold(proto, TEXT("RTP/AVPF"));
    return text_equal_fold(type, TEXT("audio")) && (is_secure ? is_secure_proto(proto) : is_plain);
}

static bool is_usable(const struct sip_sdp *sdp, unsigned media_i,
                      const struct sip_offer_wish *wish, bool is_secure)
{
    const struct address to = sip_sdp_address_of(sdp, media_i);
    return is_audio(&sdp->media[media_i], is_secure) && sdp->media[media_i].port &&
           is_reachable(&to, wish);
}

/* The first of our wishes that a line offers. */
static bool choose_codec(struct choice *choice, const struct sip_sdp_media *m,
                         const struct sip_offer_wish *wish)
{
    for (unsigned i = 0; i < wish->codecs_n; i++) {
        choice->codec = (enum sip_codec)wish->codecs[i];
        choice->format = sip_format_find(m, choice->codec);
        if (choice->format)
            return true;
    }
    return false;
}

/* The first of their keys whose suite we know (RFC 4568 §5.1.2), and ours for it; one with a tag of
 * 32 bits only when there is no other. */
static bool choose_crypto(struct choice *choice, const struct sip_sdp_media *m,
                          const struct sip_offer_wish *wish)
{
    for (unsigned i = 0; i < 2u * m->crypto_n; i++) {
        const struct sip_crypto *theirs = &m->crypto[i % m->crypto_n];
        const struct sip_crypto *ours =
            sip_crypto_find(wish->crypto, wish->crypto_n, theirs->suite);
        bool is_short = theirs->suite == SIP_SUITE_CM_32, is_first_round = i < m->crypto_n;
        if (!ours || (is_short && is_first_round))
            continue;
        choice->theirs = *theirs;
        choice->ours = *ours;
        choice->ours.tag = choice->theirs.tag;
        return true;
    }
    return false;
}

static bool choose_among(struct choice *choice, const struct sip_sdp *sdp,
                         const struct sip_offer_wish *wish, bool is_secure)
{
    for (unsigned i = 0; i < sdp->media_n; i++) {
        choice->media_i = i;
        if (is_usable(sdp, i, wish, is_secure) && choose_codec(choice, &sdp->media[i], wish) &&
            (!is_secure || choose_crypto(choice, &sdp->media[i], wish)))
            return true;
    }
    return false;
}

/* An encrypted line before one in the clear, where both are offered. What was encrypted stays so,
 * whoever asks (a re-INVITE cannot take it away). */
static bool choose_line(struct choice *choice, const struct sip_sdp *sdp,
                        const struct sip_offer_wish *wish, const struct sip_offer *o)
{
    bool was_secure = o->is_agreed && o->agreed.ours.suite != SIP_SUITE_NONE;
    if (wish->security != SIP_SECURITY_NONE && choose_among(choice, sdp, wish, true))
        return true;
    return wish->security != SIP_SECURITY_MUST && !was_secure &&
           choose_among(choice, sdp, wish, false);
}

/* Directions as two bits: 1 sends, 2 receives. */
static unsigned bits_of(unsigned direction)
{
    return direction - SIP_SDP_INACTIVE;
}

static struct sip_offer_agreed agree(const struct sip_sdp *sdp, const struct choice *choice,
                                     const struct sip_offer_wish *wish)
{
    const struct sip_sdp_media *m = &sdp->media[choice->media_i];
    const struct address to = sip_sdp_address_of(sdp, choice->media_i);
    const struct sip_sdp_format *digits =
        wish->has_digits ? sip_format_find_digits(m, choice->codec) : NULL;
    unsigned can = bits_of(sip_sdp_mirrored(sip_sdp_direction_of(sdp, choice->media_i)));
    if (address_is_any(&to))
        can &= ~1u;
    struct sip_offer_agreed a = {
        .to = to,
        .rtcp_to = to,
        .to_port = m->port,
        .codec = (uint8_t)choice->codec,
        .direction = (uint8_t)(SIP_SDP_INACTIVE + (can & bits_of(wish->direction))),
        .payload_out = choice->format->payload,
        .payload_in = choice->format->payload,
        .digits_out = digits ? digits->payload : SIP_OFFER_NO_PAYLOAD,
        .digits_in = digits ? digits->payload : SIP_OFFER_NO_PAYLOAD,
        .has_wide_digits = digits && digits->clock_hz == SIP_FORMAT_WIDE_HZ,
        .media_i = (uint8_t)choice->media_i,
        .has_noise = sip_format_has_noise(m, choice->codec),
        .has_rtcp_mux = m->has_rtcp_mux && wish->has_rtcp_mux,
        .is_held = !(can & 1),
        .ptime_ms = m->ptime_ms,
        .maxptime_ms = m->maxptime_ms,
        .theirs = choice->theirs,
        .ours = choice->ours,
    };
    a.rtcp_port = m->rtcp_port ? m->rtcp_port : (uint16_t)(m->port + 1);
    if (m->rtcp_address.family == to.family && is_reachable(&m->rtcp_address, wish) &&
        !address_is_any(&m->rtcp_address))
        a.rtcp_to = m->rtcp_address;
    if (a.has_rtcp_mux) {
        a.rtcp_to = to;
        a.rtcp_port = m->port;
    }
    if (address_is_any(&to))
        a.to_port = a.rtcp_port = 0;
    return a;
}

static bool same_agreed(const struct sip_offer_agreed *a, const struct sip_offer_agreed *b)
{
    return address_equal(&a->to, &b->to) && address_equal(&a->rtcp_to, &b->rtcp_to) &&
           a->to_port == b->to_port && a->rtcp_port == b->rtcp_port && a->codec == b->codec &&
           a->direction == b->direction && a->payload_out == b->payload_out &&
           a->payload_in == b->payload_in && a->digits_out == b->digits_out &&
           a->digits_in == b->digits_in && a->has_wide_digits == b->has_wide_digits &&
           a->media_i == b->media_i && a->has_noise == b->has_noise &&
           a->has_rtcp_mux == b->has_rtcp_mux && a->is_held == b->is_held &&
           a->ptime_ms == b->ptime_ms && a->maxptime_ms == b->maxptime_ms &&
           sip_crypto_same(&a->theirs, &b->theirs) && sip_crypto_same(&a->ours, &b->ours);
}

/* Takes over what was agreed, and says whether it is new. */
static enum sip_offer_verdict settle(struct sip_offer *o, const struct sip_offer_agreed *agreed)
{
    bool is_same = o->is_agreed && same_agreed(&o->agreed, agreed);
    o->is_agreed = true;
    o->audio_i = agreed->media_i;
    o->agreed = *agreed;
    return is_same ? SIP_OFFER_SAME : SIP_OFFER_CHANGED;
}

/* ---- what ours says ----------------------------------------------------------------------- */

static void keep(char *to, size_t max, uint16_t *n, struct text t)
{
    bool fits = text_keep(to, max, n, t);
    assert(fits); /* names of ours, or what fitted the same bound */
}

static void add_digits(struct sip_sdp_media *m, uint8_t payload, bool is_wide)
{
    if (payload != SIP_OFFER_NO_PAYLOAD)
        sip_format_add_digits(m, payload, is_wide);
}

static void add_crypto(struct sip_sdp_media *m, const struct sip_crypto *c)
{
    if (c->suite != SIP_SUITE_NONE)
        m->crypto[m->crypto_n++] = *c;
}

static struct sip_sdp describe(const struct sip_offer *o, const struct sip_offer_wish *wish,
                               unsigned side)
{
    return (struct sip_sdp){.origin_id = wish->origin_id,
                            .origin_version = o->our_version,
                            .origin = wish->self.of[wish->origin_side],
                            .address = wish->self.of[side]};
}

/* A line as it stands in the session, refused: port 0 (RFC 3264 §6, §8.2). */
static struct sip_sdp_media *add_line(struct sip_sdp *sdp, const struct sip_offer_line *line)
{
    struct sip_sdp_media *m = &sdp->media[sdp->media_n++];
    keep(m->type, sizeof(m->type), &m->type_n, (struct text){line->type, line->type_n});
    keep(m->proto, sizeof(m->proto), &m->proto_n, (struct text){line->proto, line->proto_n});
    m->formats_n = 1;
    m->formats[0] = (struct sip_sdp_format){.payload = SIP_SDP_NOT_RTP};
    keep(m->formats[0].name, sizeof(m->formats[0].name), &m->formats[0].name_n,
         (struct text){line->format, line->format_n});
    return m;
}

/* The line that carries the call, before its formats. */
static void open_line(struct sip_sdp_media *m, const struct sip_offer_wish *wish)
{
    m->port = wish->port;
    m->ptime_ms = PTIME_MS;
    m->formats_n = 0;
}

/* Writes sdp; its version grows when it says something else than the last one (RFC 3264 §5, §8). */
static bool publish(struct sip_offer *o, struct sip_sdp *sdp, struct text_out *out)
{
    size_t begin = out->n;
    if (!sip_sdp_write(out, sdp))
        return false;
    if (o->our_version && hash_bytes(out->p + begin, out->n - begin) == o->our_hash)
        return true;
    out->n = begin;
    sdp->origin_version = ++o->our_version;
    if (!sip_sdp_write(out, sdp))
        return false;
    o->our_hash = hash_bytes(out->p + begin, out->n - begin);
    return true;
}

static void keep_lines(struct sip_offer *o, const struct sip_sdp *sdp)
{
    o->lines_n = (uint8_t)sdp->media_n;
    for (unsigned i = 0; i < sdp->media_n; i++) {
        const struct sip_sdp_media *m = &sdp->media[i];
        struct sip_offer_line *line = &o->lines[i];
        struct text_out format = {.p = line->format, .max = sizeof(line->format)};
        keep(line->type, sizeof(line->type), &line->type_n, (struct text){m->type, m->type_n});
        keep(line->proto, sizeof(line->proto), &line->proto_n, (struct text){m->proto, m->proto_n});
        if (m->formats[0].payload == SIP_SDP_NOT_RTP)
            text_put(&format, (struct text){m->formats[0].name, m->formats[0].name_n});
        else
            text_put_number(&format, m->formats[0].payload);
        line->format_n = (uint16_t)format.n;
    }
}

static bool write_answer(struct sip_offer *o, const struct sip_offer_wish *wish,
                         struct text_out *out)
{
    const struct sip_offer_agreed *a = &o->agreed;
    struct sip_sdp sdp = describe(o, wish, address_side(&a->to));
    for (unsigned i = 0; i < o->lines_n; i++) {
        struct sip_sdp_media *m = add_line(&sdp, &o->lines[i]);
        if (i != a->media_i)
            continue;
        open_line(m, wish);
        m->direction = a->direction;
        m->has_rtcp_mux = a->has_rtcp_mux;
        sip_format_add(m, (enum sip_codec)a->codec, a->payload_in);
        if (a->has_noise)
            sip_format_add_noise(m);
        add_digits(m, a->digits_in, a->has_wide_digits);
        add_crypto(m, &a->ours);
    }
    return publish(o, &sdp, out);
}

/* Our answer, as if it had been our wish: should it be offered again, no more than it is said. */
static struct sip_offer_wish answered(const struct sip_offer_wish *wish,
                                      const struct sip_offer_agreed *a)
{
    struct sip_offer_wish said = *wish;
    said.codecs[0] = a->codec;
    said.codecs_n = said.offered_n = 1;
    said.direction = a->direction;
    said.has_digits = a->digits_in != SIP_OFFER_NO_PAYLOAD;
    said.has_rtcp_mux = a->has_rtcp_mux;
    said.side = (uint8_t)address_side(&a->to);
    said.crypto_n = a->ours.suite != SIP_SUITE_NONE;
    said.crypto[0] = a->ours;
    return said;
}

/* The same key and place of theirs: our counters go on. Another one of either may be somebody who
 * never heard how far they were: a key of ours that begins anew (RFC 4568 §7.1.4). */
static bool keeps_key(const struct sip_offer *o, const struct sip_offer_agreed *next)
{
    const struct sip_offer_agreed *was = &o->agreed;
    return o->is_agreed && was->ours.suite == next->ours.suite &&
           sip_crypto_same(&was->theirs, &next->theirs) && address_equal(&was->to, &next->to) &&
           was->to_port == next->to_port;
}

enum sip_offer_verdict sip_offer_take(struct sip_offer *o, struct text body,
                                      const struct sip_offer_wish *wish, struct text_out *out)
{
    struct sip_sdp sdp;
    struct choice choice = {0};
    if (o->state != SIP_OFFER_IDLE)
        return SIP_OFFER_PENDING;
    if (sip_sdp_read(&sdp, body) != SIP_SDP_OK)
        return SIP_OFFER_UNREADABLE;
    if (sdp.media_left_out_n || !choose_line(&choice, &sdp, wish, o))
        return SIP_OFFER_NOTHING_IN_COMMON;
    struct sip_offer next = *o;
    struct sip_offer_agreed agreed = agree(&sdp, &choice, wish);
    if (keeps_key(o, &agreed))
        memcpy(agreed.ours.key, o->agreed.ours.key, sizeof(agreed.ours.key));
    enum sip_offer_verdict verdict = settle(&next, &agreed);
    keep_lines(&next, &sdp);
    if (!write_answer(&next, wish, out))
        return SIP_OFFER_NO_ROOM;
    next.wish = answered(wish, &agreed);
    *o = next;
    return verdict;
}

/* ---- our offer ---------------------------------------------------------------------------- */

/* A number that once meant something in this session goes on meaning it (RFC 3264 §8.3.2). */
static uint8_t payload_of(const struct sip_offer *o, enum sip_codec codec)
{
    return o->is_agreed && o->agreed.codec == codec ? o->agreed.payload_in
                                                    : sip_format_payload(codec);
}

static uint8_t digits_of(const struct sip_offer *o, const struct sip_offer_wish *wish, bool is_wide)
{
    const struct sip_offer_agreed *a = &o->agreed;
    uint8_t payload = is_wide ? WIDE_DIGITS_PAYLOAD : DIGITS_PAYLOAD;
    if (!wish->has_digits)
        return SIP_OFFER_NO_PAYLOAD;
    if (!o->is_agreed)
        return payload;
    if (a->digits_in != SIP_OFFER_NO_PAYLOAD && a->has_wide_digits == is_wide)
        return a->digits_in;
    while (payload == a->payload_in || payload == a->digits_in)
        payload--;
    return payload;
}

static const struct sip_offer_line first_line = {
    .type = "audio", .proto = "RTP/AVP", .format = "8", .type_n = 5, .proto_n = 7, .format_n = 1};
static const struct sip_offer_line first_secure_line = {
    .type = "audio", .proto = "RTP/SAVP", .format = "8", .type_n = 5, .proto_n = 8, .format_n = 1};

/* What an offer of ours shows: the first of the codecs; of keys, in a session the one that it has.
 * A tag of 32 bits is taken from who offers nothing better, and never offered. */
static void narrow_wish(struct sip_offer *next, const struct sip_offer_wish *wish)
{
    next->wish = *wish;
    next->wish.self.of[!wish->side].family = 0; /* where nothing was offered, nothing is answered */
    next->wish.crypto_n = 0;
    if (wish->offered_n)
        next->wish.codecs_n = wish->offered_n;
    if (next->is_agreed) {
        next->wish.crypto_n = next->agreed.ours.suite != SIP_SUITE_NONE;
        next->wish.crypto[0] = next->agreed.ours;
        return;
    }
    for (unsigned i = 0; wish->security != SIP_SECURITY_NONE && i < wish->crypto_n; i++)
        if (wish->crypto[i].suite != SIP_SUITE_CM_32)
            next->wish.crypto[next->wish.crypto_n++] = wish->crypto[i];
}

/* What is offered, and keys by the clocks of it. */
static void add_codecs(struct sip_sdp_media *m, const struct sip_offer *o,
                       const struct sip_offer_wish *wish)
{
    bool has_wide = false;
    for (unsigned i = 0; i < wish->codecs_n; i++) {
        enum sip_codec codec = (enum sip_codec)wish->codecs[i];
        sip_format_add(m, codec, payload_of(o, codec));
        has_wide |= sip_format_clock_hz(codec) == SIP_FORMAT_WIDE_HZ;
    }
    add_digits(m, digits_of(o, wish, false), false);
    if (has_wide)
        add_digits(m, digits_of(o, wish, true), true);
}

enum sip_offer_verdict sip_offer_make(struct sip_offer *o, const struct sip_offer_wish *wish,
                                      struct text_out *out)
{
    if (o->state != SIP_OFFER_IDLE)
        return SIP_OFFER_PENDING;
    if (wish->security == SIP_SECURITY_MUST && !wish->crypto_n)
        return SIP_OFFER_NOTHING_IN_COMMON;
    struct sip_offer next = *o;
    if (!next.is_agreed) {
        next.lines[0] = wish->security == SIP_SECURITY_NONE ? first_line : first_secure_line;
        next.lines_n = 1;
    }
    narrow_wish(&next, wish);
    struct sip_sdp sdp = describe(&next, wish, wish->side);
    for (unsigned i = 0; i < next.lines_n; i++) {
        struct sip_sdp_media *m = add_line(&sdp, &next.lines[i]);
        if (i != next.audio_i)
            continue;
        open_line(m, wish);
        m->direction = wish->direction;
        m->has_rtcp_mux = wish->has_rtcp_mux;
        add_codecs(m, o, &next.wish);
        for (unsigned c = 0; c < next.wish.crypto_n; c++)
            add_crypto(m, &next.wish.crypto[c]);
    }
    if (!publish(&next, &sdp, out))
        return SIP_OFFER_NO_ROOM;
    next.state = SIP_OFFER_OUT;
    *o = next;
    return SIP_OFFER_CHANGED;
}

void sip_offer_settle(struct sip_offer *o, const struct sip_offer_agreed *answered)
{
    settle(o, answered);
    o->state = SIP_OFFER_IDLE;
}

bool sip_offer_repeat(struct sip_offer *o)
{
    if (o->state != SIP_OFFER_IDLE || !o->is_agreed)
        return false;
    o->state = SIP_OFFER_OUT;
    return true;
}

/* The first format of their answer that we had offered: the answerer chooses (RFC 3264 §6.1). */
static bool choose_answered(struct choice *choice, const struct sip_sdp *sdp,
                            const struct sip_offer_wish *wish)
{
    const struct sip_sdp_format *best = NULL;
    const struct sip_sdp_media *m = &sdp->media[choice->media_i];
    for (unsigned i = 0; i < wish->codecs_n; i++) {
        enum sip_codec codec = (enum sip_codec)wish->codecs[i];
        const struct sip_sdp_format *f = sip_format_find(m, codec);
        if (!f || (best && f > best))
            continue;
        best = f;
        choice->codec = codec;
    }
    choice->format = best;
    return best != NULL;
}

/* One of the lines that we had offered, by its tag (RFC 4568 §5.1.3); in the clear: none. */
static bool take_crypto(struct choice *choice, const struct sip_sdp_media *m,
                        const struct sip_offer_wish *wish)
{
    for (unsigned i = 0; i < wish->crypto_n && m->crypto_n; i++) {
        const struct sip_crypto *ours = &wish->crypto[i];
        if (ours->tag != m->crypto[0].tag || ours->suite != m->crypto[0].suite)
            continue;
        choice->theirs = m->crypto[0];
        choice->ours = *ours;
        return true;
    }
    return !wish->crypto_n;
}

static enum sip_offer_verdict read_answer(struct sip_offer *o, struct text body)
{
    struct sip_sdp sdp;
    struct choice choice = {.media_i = o->audio_i};
    if (sip_sdp_read(&sdp, body) != SIP_SDP_OK)
        return SIP_OFFER_UNREADABLE;
    bool is_secure = o->wish.crypto_n != 0;
    if (choice.media_i >= sdp.media_n || !is_usable(&sdp, choice.media_i, &o->wish, is_secure) ||
        !choose_answered(&choice, &sdp, &o->wish) ||
        !take_crypto(&choice, &sdp.media[choice.media_i], &o->wish))
        return SIP_OFFER_NOTHING_IN_COMMON;
    struct sip_offer_agreed agreed = agree(&sdp, &choice, &o->wish);
    agreed.payload_in = payload_of(o, choice.codec);
    if (agreed.digits_in != SIP_OFFER_NO_PAYLOAD)
        agreed.digits_in = digits_of(o, &o->wish, agreed.has_wide_digits);
    return settle(o, &agreed);
}

enum sip_offer_verdict sip_offer_take_answer(struct sip_offer *o, struct text body, bool is_final)
{
    if (o->state == SIP_OFFER_IDLE || (!body.n && !is_final))
        return SIP_OFFER_UNASKED;
    enum sip_offer_verdict verdict = SIP_OFFER_SAME;
    if (body.n || o->state == SIP_OFFER_OUT)
        verdict = read_answer(o, body);
    bool is_taken = verdict == SIP_OFFER_CHANGED || verdict == SIP_OFFER_SAME;
    if (is_final)
        o->state = SIP_OFFER_IDLE;
    else if (is_taken)
        o->state = SIP_OFFER_EARLY;
    return verdict;
}
