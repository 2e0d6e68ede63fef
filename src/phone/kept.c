/* kept.c — see kept.h. Cost: a leg's row is some 1.2 KiB. Invariants: a row says what was true at
 * the end of a turn, so that who reads it may be a few messages behind, never ahead; what it says
 * is checked against this process before a message leaves. */
#include <string.h>

#include "base/fields.h"
#include "phone/kept.h"
#include "phone/leg.h"
#include "phone/trace.h"

/* Requests of ours that were sent after the row was written: the next one is higher than all. */
#define CSEQ_AHEAD 64

/* Beside the leg. */
struct beside {
    uint32_t trunk_id;     /* of the directory */
    char via[LEG_VIA_MAX]; /* of the INVITE of a telephone that rings */
    uint16_t via_n;
};

#define NUMBER(tag, member) FIELD_NUMBER(tag, struct phone_leg, member)
#define BYTES(tag, member) FIELD_BYTES(tag, struct phone_leg, member)
#define ADDRESS(tag, member)                                                                       \
    {tag, offsetof(struct phone_leg, member.ip), 8, 0},                                            \
        {(tag) + 1, offsetof(struct phone_leg, member.ip) + 8, 8, 0},                              \
        NUMBER((tag) + 2, member.family), NUMBER((tag) + 3, member.port)

/* The key of 44 bytes is five numbers and a half. */
#define CRYPTO(first, member)                                                                      \
    NUMBER(first, member.tag), NUMBER((first) + 1, member.suite), KEY((first) + 2, member, 0, 8),  \
        KEY((first) + 3, member, 8, 8), KEY((first) + 4, member, 16, 8),                           \
        KEY((first) + 5, member, 24, 8), KEY((first) + 6, member, 32, 8),                          \
        KEY((first) + 7, member, 40, 4)
#define KEY(tag, member, from, n)                                                                  \
    {                                                                                              \
        tag, offsetof(struct phone_leg, member.key) + (from), n, 0                                 \
    }
_Static_assert(SIP_CRYPTO_KEY_MAX == 44, "all of a key");

/* A tag that was given once is never given again: other versions read it. */
static const struct field leg_fields[] = {
    NUMBER(2, tag),
    NUMBER(3, session),
    NUMBER(4, origin_id),
    NUMBER(5, near_id),
    NUMBER(6, aor),
    NUMBER(7, rtp_port),
    NUMBER(8, first_codec),
    NUMBER(9, is_agent),
    NUMBER(10, is_up),
    NUMBER(11, holds),
    NUMBER(12, secure.srtp),
    NUMBER(13, secure.is_plain),
    BYTES(14, sdp),
    ADDRESS(16, peer.at),
    BYTES(20, dialog.call_id),
    BYTES(21, dialog.local_tag),
    BYTES(22, dialog.remote_tag),
    BYTES(23, dialog.local),
    BYTES(24, dialog.remote),
    BYTES(25, dialog.target),
    BYTES(26, dialog.routes),
    NUMBER(27, dialog.local_cseq),
    NUMBER(28, dialog.remote_cseq),
    NUMBER(29, dialog.invite_cseq),
    NUMBER(30, dialog.remote_invite_cseq),
    NUMBER(31, dialog.is_caller),
    NUMBER(32, dialog.is_confirmed),
    NUMBER(33, dialog.remote_has_tag),
    NUMBER(40, offer.state),
    NUMBER(41, offer.is_agreed),
    NUMBER(42, offer.lines_n),
    NUMBER(43, offer.audio_i),
    NUMBER(44, offer.our_version),
    NUMBER(45, offer.our_hash),
    ADDRESS(46, offer.agreed.to),
    ADDRESS(50, offer.agreed.rtcp_to),
    NUMBER(54, offer.agreed.to_port),
    NUMBER(55, offer.agreed.rtcp_port),
    NUMBER(56, offer.agreed.codec),
    NUMBER(57, offer.agreed.direction),
    NUMBER(58, offer.agreed.payload_out),
    NUMBER(59, offer.agreed.payload_in),
    NUMBER(60, offer.agreed.digits_out),
    NUMBER(61, offer.agreed.digits_in),
    NUMBER(62, offer.agreed.has_noise),
    NUMBER(63, offer.agreed.media_i),
    NUMBER(64, offer.agreed.has_rtcp_mux),
    NUMBER(65, offer.agreed.is_held),
    NUMBER(66, offer.agreed.ptime_ms),
    NUMBER(67, offer.agreed.maxptime_ms),
    NUMBER(68, offer.agreed.has_wide_digits),
    NUMBER(80, timer.is.interval_s),
    NUMBER(81, timer.is.min_s),
    NUMBER(82, timer.is.is_ours),
    NUMBER(83, timer.is.refresh_at),
    NUMBER(84, timer.is.end_at),
    NUMBER(85, timer.takes_update),
    NUMBER(90, dial.is_out),
    NUMBER(91, dial.is_short),
    NUMBER(92, fork.head_id),
    NUMBER(93, offers_all),
    NUMBER(94, peer.transport),
    NUMBER(95, secure.is_sips),
    NUMBER(96, ssrc),
    CRYPTO(200, offer.agreed.theirs),
    CRYPTO(208, offer.agreed.ours),
    NUMBER(216, secure.rolls.ssrc),
    NUMBER(217, secure.rolls.n),
};
static const struct fields leg_form = {leg_fields, ARRAY_LEN(leg_fields), 0};

/* Earlier versions take each row for one of UDP, and would send in the clear what is encrypted: in
 * one of another way they find no leg. */
#define ID_TAG 1
#define CONNECTED_ID_TAG 97
static const struct field id_fields[] = {NUMBER(0, id)};

static struct fields id_form(const struct phone_leg *leg)
{
    bool is_connected = leg->peer.transport != SIP_OVER_UDP;
    return (struct fields){id_fields, ARRAY_LEN(id_fields),
                           is_connected ? CONNECTED_ID_TAG : ID_TAG};
}

static const struct field beside_fields[] = {
    FIELD_NUMBER(100, struct beside, trunk_id),
    FIELD_BYTES(101, struct beside, via),
};
static const struct fields beside_form = {beside_fields, ARRAY_LEN(beside_fields), 0};

/* From 110 on, three for each line of the description. */
#define LINE_TAG 110
#define LINE_TAGS 3
static const struct field line_fields[LINE_TAGS] = {
    FIELD_BYTES(0, struct sip_offer_line, type),
    FIELD_BYTES(1, struct sip_offer_line, proto),
    FIELD_BYTES(2, struct sip_offer_line, format),
};

static struct fields line_form(unsigned i)
{
    return (struct fields){line_fields, LINE_TAGS, (uint16_t)(LINE_TAG + LINE_TAGS * i)};
}

/* ---- writing ------------------------------------------------------------------------------ */

void phone_keep_calls(struct phone *p, const struct rows *rows)
{
    p->kept.rows = rows;
}

void leg_touch(struct phone *p, uint32_t slot)
{
    rows_touch(&p->kept, slot);
}

uint32_t phone_kept_n(const struct phone *p)
{
    return p->used;
}

static bool rings(const struct phone_leg *leg)
{
    return (leg->is_agent || leg->fork.head_id) && sip_session_is_young(leg->session) &&
           leg->invite_tx != SLOT_NONE;
}

static bool is_kept(const struct phone_leg *leg)
{
    bool is_ours = leg->id && !leg->is_dead && !leg->is_broken && !leg->is_test;
    bool lives = is_ours && (!leg->is_told || leg->fork.head_id);
    bool is_up = leg->session == SIP_SESSION_TALKING && leg->is_up;
    return lives && (is_up || rings(leg));
}

static void put_row(const struct phone *p, const struct phone_leg *leg, struct text_out *out)
{
    struct beside beside = {.via_n = 0};
    if (leg->dial.trunk)
        beside.trunk_id = p->trunks[leg->dial.trunk - 1].is.number;
    if (rings(leg) &&
        !text_keep(beside.via, sizeof(beside.via), &beside.via_n, leg_invite_via(p, leg)))
        out->is_cut = true;
    const struct fields id = id_form(leg);
    fields_put(out, &id, leg);
    fields_put(out, &leg_form, leg);
    fields_put(out, &beside_form, &beside);
    for (unsigned i = 0; i < leg->offer.lines_n; i++) {
        const struct fields form = line_form(i);
        fields_put(out, &form, &leg->offer.lines[i]);
    }
}

static void write_row(struct phone *p, uint32_t slot)
{
    char bytes[PHONE_ROW_BYTES];
    struct text_out out = rows_due_out(&p->kept, bytes, sizeof(bytes));
    const struct phone_leg *leg = &p->legs[slot];
    if (is_kept(leg))
        put_row(p, leg, &out);
    rows_due_put(&p->kept, slot, &out);
    explicit_bzero(bytes, out.n); /* keys may be in it */
}

void phone_keep_turn(struct phone *p)
{
    uint32_t slot;
    while (rows_due_next(&p->kept, &slot))
        write_row(p, slot);
}

void phone_time(struct phone *p, ms_t now_at)
{
    p->now_at = now_at;
}

/* ---- taking up ---------------------------------------------------------------------------- */

static bool read_row(struct phone_leg *leg, struct beside *beside, struct text row)
{
    if (!fields_take(&leg_form, leg, row) || !fields_take(&beside_form, beside, row) ||
        leg->offer.lines_n > SIP_SDP_MEDIA_MAX)
        return false;
    const struct fields id = id_form(leg);
    if (!fields_take(&id, leg, row))
        return false;
    for (unsigned i = 0; i < leg->offer.lines_n; i++) {
        const struct fields form = line_form(i);
        if (!fields_take(&form, &leg->offer.lines[i], row))
            return false;
    }
    return true;
}

/* Keys of sound are neither offered nor taken but over TLS; where they must be, they are. */
static bool are_keys_sound(const struct phone_leg *leg)
{
    const struct sip_offer_agreed *a = &leg->offer.agreed;
    bool is_secure = a->ours.suite != SIP_SUITE_NONE;
    bool is_plain_wrong = leg->offer.is_agreed && leg->secure.srtp == PHONE_SRTP_REQUIRE;
    if (!is_secure)
        return a->theirs.suite == SIP_SUITE_NONE && !is_plain_wrong;
    return a->ours.suite < SIP_SUITES && a->theirs.suite == a->ours.suite &&
           leg->peer.transport == SIP_OVER_TLS;
}

/* The way is one of those that there are now. */
static bool has_transport(const struct phone *p, const struct sip_peer *peer)
{
    switch (peer->transport) {
    case SIP_OVER_UDP:
        return true;
    case SIP_OVER_TCP:
        return p->tcp.list != NULL;
    case SIP_OVER_TLS:
        return p->tls.list != NULL;
    default:
        return false;
    }
}

/* Of this house, and such as could go on: nothing is believed but what phone/ itself writes. */
static bool is_sound(const struct phone *p, const struct phone_leg *leg)
{
    const struct sip_offer_agreed *a = &leg->offer.agreed;
    bool has_names = leg->id && leg->tag && leg->dialog.call_id_n && leg->dialog.local_tag_n &&
                     leg->dialog.target_n;
    bool is_known = leg->session == SIP_SESSION_TALKING || sip_session_is_young(leg->session);
    bool is_codec = !leg->offer.is_agreed || (a->codec > SIP_CODEC_NONE && a->codec < SIP_CODECS);
    bool is_near = address_pair_near(&p->seen, &leg->peer.at) && leg->peer.at.port;
    bool is_ours = !leg->offer.is_agreed || address_pair_near(&p->seen, &a->to);
    bool is_direction = !leg->offer.is_agreed ||
                        (a->direction >= SIP_SDP_INACTIVE && a->direction <= SIP_SDP_SENDRECV);
    return has_names && is_known && is_codec && is_near && is_ours && is_direction &&
           leg->rtp_port && leg->id < p->next_id && leg->first_codec < SIP_CODECS &&
           has_transport(p, &leg->peer) && are_keys_sound(leg);
}

static void take_trunk(struct phone *p, struct phone_leg *leg, uint32_t trunk_id)
{
    bool is_out = leg->dial.is_out;
    uint32_t place = trunk_place(p, trunk_id);
    leg->dial.trunk = 0;
    if (place != SLOT_NONE && is_out)
        trunk_take_out(p, leg, place);
    else if (place != SLOT_NONE)
        (void)trunk_take_in(p, leg, place); /* beyond its channels: it is there already */
}

/* The INVITE is with them; nothing is repeated, but their answer is known as its. */
static bool take_ringing(struct phone *p, struct phone_leg *leg, const struct beside *beside)
{
    struct text_out out = {.p = p->out, .max = SIP_TX_MESSAGE_MAX};
    struct text via = {beside->via, beside->via_n};
    text_put(&out, TEXT("INVITE sip: SIP/2.0\r\nVia: "));
    text_put(&out, via);
    text_put(&out, TEXT("\r\n\r\n"));
    const struct sip_tx_args args = {
        .kind = SIP_TX_INVITE_CLIENT,
        .key = phone_key_branch(&p->door.secret, phone_branch_of(via), SIP_METHOD_INVITE),
        .peer = leg->peer,
        .user = leg->id << LEG_ROLE_BITS | LEG_INVITE};
    uint32_t tx = via.n ? sip_tx_begin(&p->txs, &args, p->now_at) : SLOT_NONE;
    if (tx == SLOT_NONE || !sip_tx_set_message(&p->txs, tx, (const uint8_t *)p->out, out.n))
        return false;
    sip_tx_happens(&p->txs, tx, SIP_TX_GOT_1XX, p->now_at);
    leg->invite_tx = tx;
    leg->session = SIP_SESSION_HEARD;
    return true;
}

static void copy(struct phone_leg *leg, const struct phone_leg *was)
{
    const struct phone_leg is = *leg;
    *leg = *was;
    leg->stream = is.stream;
    leg->want = is.want;
    leg->invite_tx = is.invite_tx;
    leg->probe_tx = is.probe_tx;
    leg->next_free = is.next_free;
    leg->timer.tx = is.timer.tx;
    leg->is_cut = leg->peer.transport != SIP_OVER_UDP;
    leg->secure.goes_on = leg->offer.agreed.theirs.suite != SIP_SUITE_NONE;
    leg->dialog.local_cseq += CSEQ_AHEAD;
    leg->is_resumed = true;
}

/* Our key goes on under a new SSRC, whose counter begins anew (RFC 3711 §9.1). One chance in 2^32
 * that it was drawn again: then not a packet goes out. */
static bool is_fresh(const struct phone_leg *leg, uint32_t ssrc)
{
    return !leg->secure.goes_on || leg->ssrc != ssrc;
}

/* Its sound, at the port that they know; one of several telephones that ring has that of the
 * first. */
static bool take_stream(struct phone *p, struct phone_leg *leg)
{
    if (leg->fork.head_id)
        return true;
    uint16_t port = leg->rtp_port;
    uint32_t ssrc = leg->ssrc;
    leg->rtp_port = 0;
    return leg_open_stream_at(p, leg, leg->near_id, port) && is_fresh(leg, ssrc);
}

/* What our last description offered or answered with is judged by that, and may be repeated: fresh
 * keys would be none that they know. */
static void take_wish(struct phone *p, struct phone_leg *leg)
{
    struct sip_sdp sdp;
    struct sip_offer_wish *wish = &leg->offer.wish;
    *wish = leg_wish(p, leg);
    wish->crypto_n = 0;
    bool is_read = sip_sdp_read(&sdp, (struct text){leg->sdp, leg->sdp_n}) == SIP_SDP_OK;
    if (!is_read || leg->offer.audio_i >= sdp.media_n)
        return;
    const struct sip_sdp_media *m = &sdp.media[leg->offer.audio_i];
    wish->crypto_n = (uint8_t)m->crypto_n;
    memcpy(wish->crypto, m->crypto, m->crypto_n * sizeof(wish->crypto[0]));
}

static void let_go(struct phone *p, struct phone_leg *leg)
{
    leg->is_told = true;
    leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
}

static uint64_t take_up(struct phone *p, const struct phone_leg *was, const struct beside *beside)
{
    struct phone_leg *leg = leg_new_as(p, was->id, was->tag);
    if (!leg)
        return 0;
    copy(leg, was);
    take_trunk(p, leg, beside->trunk_id);
    bool is_ringing = leg->session != SIP_SESSION_TALKING;
    if (is_ringing && !take_ringing(p, leg, beside)) {
        leg_drop(p, leg);
        return 0;
    }
    if (!take_stream(p, leg)) {
        let_go(p, leg);
        return 0;
    }
    take_wish(p, leg);
    if (!is_ringing) {
        leg_timer_resume(p, leg);
        leg_set_media(p, leg);
    }
    phone_trace_leg(p, leg);
    return leg->id;
}

uint64_t phone_resume(struct phone *p, struct text row, bool has_near)
{
    struct phone_leg was = {.id = 0};
    struct beside beside = {.via_n = 0};
    bool is_whole = read_row(&was, &beside, row) && is_sound(p, &was);
    bool is_now = (was.near_id || was.fork.head_id) == has_near;
    uint64_t id = is_whole && is_now ? take_up(p, &was, &beside) : 0;
    explicit_bzero(&was, sizeof(was)); /* keys may be in it */
    return id;
}

/* One of several telephones that ring for the same call, whose first one is somebody's. */
static bool rings_too(struct phone *p, struct phone_leg *leg)
{
    struct phone_leg *head = leg_by_id(p, leg->fork.head_id);
    bool is_one = head && head->is_resumed && !head->is_told && sip_session_is_young(head->session);
    if (!is_one || head->fork.branches_n == ARRAY_LEN(head->fork.branches))
        return false;
    head->fork.branches[head->fork.branches_n++] = leg->id;
    leg->is_told = true;
    return true;
}

void phone_resume_end(struct phone *p, phone_claim_fn *claims, void *arg)
{
    for (uint32_t i = 0; i < p->used; i++) {
        struct phone_leg *leg = &p->legs[i];
        bool is_one = leg->id && leg->is_resumed && !leg->is_told && !leg->fork.head_id;
        if (is_one && !claims(leg->id, arg))
            let_go(p, leg);
    }
    for (uint32_t i = 0; i < p->used; i++) {
        struct phone_leg *leg = &p->legs[i];
        bool is_one = leg->id && leg->is_resumed && !leg->is_told && leg->fork.head_id;
        if (is_one && !rings_too(p, leg))
            let_go(p, leg);
    }
}
