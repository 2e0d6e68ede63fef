/* invite.c — a call comes in: who calls, is there room, can we speak to each other.
 * Called by request.c. In this order: 100 at once; nothing is kept for who is not allowed or finds
 * no room. Cost: one leg, one transaction, one stream. Invariant: a leg that was reported as
 * arrived has a stream and an offer, so that the app's answer needs nothing more. */
#include <string.h>

#include "phone/early.h"
#include "phone/leg.h"
#include "phone/trace.h"

/* The user of a URI, or of the first URI of a header value; empty when there is none. */
static struct text user_of_uri(struct text uri)
{
    struct sip_uri_parts parts;
    return sip_value_uri(uri, &parts) ? parts.user : TEXT_NONE;
}

static struct text user_of_value(struct text value)
{
    struct sip_address address;
    return sip_value_address(value, &address) ? user_of_uri(address.uri) : TEXT_NONE;
}

/* Request-URI, else To, else Diversion (design §4): trunks differ. */
static struct text called(const struct sip_read *read)
{
    struct text user = user_of_uri(read->in.request_uri);
    if (!user.n)
        user = user_of_value(read->in.to);
    if (!user.n)
        user = user_of_value(sip_read_header(read, SIP_HEADER_DIVERSION, 0));
    return user;
}

static bool is_withheld(const struct sip_read *read, struct text user)
{
    struct text rest = sip_read_header(read, SIP_HEADER_PRIVACY, 0), one;
    while (rest.n) {
        one = text_trim(text_cut(&rest, ';'));
        if (text_equal_fold(one, TEXT("id")) || text_equal_fold(one, TEXT("user")))
            return true;
    }
    return !user.n || text_equal_fold(user, TEXT("anonymous"));
}

/* A trunk is trusted with P-Asserted-Identity (RFC 3325 §5), a telephone is not; a withheld number
 * is not used. */
static struct text caller(const struct sip_read *read, bool is_trunk)
{
    struct text user = user_of_value(read->in.from);
    struct text asserted = sip_read_header(read, SIP_HEADER_P_ASSERTED_IDENTITY, 0);
    struct text rest = asserted, first;
    if (is_withheld(read, user))
        return TEXT_NONE;
    if (is_trunk && asserted.p && sip_value_next(&rest, &first) && user_of_value(first).n)
        return user_of_value(first);
    return user;
}

static void count_shed(struct phone *p, uint32_t trunk_id)
{
    unsigned i = 0;
    p->totals.shed_n++;
    while (i < ARRAY_LEN(p->shed) - 1 && p->shed[i].n && p->shed[i].trunk_id != trunk_id)
        i++;
    p->shed[i].trunk_id = trunk_id;
    p->shed[i].n++;
}

/* Answers an INVITE of a leg that nobody has heard of. */
static void refuse(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    leg->is_told = true;
    leg->refusal = status;
    leg_happens(p, leg, SIP_SESSION_WE_REFUSE);
}

/* 100 at once: the trunk stops repeating, and the answer to come is written from it. */
static bool say_trying(struct phone *p, const struct phone_leg *leg, uint32_t tx)
{
    char tag[PHONE_TAG_N];
    struct text_out out = {.p = p->out, .max = SIP_TX_MESSAGE_MAX};
    text_hex(tag, leg->tag, PHONE_TAG_N);
    const struct sip_answer trying = {.status = 100, .to_tag = {tag, PHONE_TAG_N}};
    return sip_write_answer(&out, &p->read.in, &trying) && phone_say(p, tx, 100, out.n);
}

/* What a 200 says beyond its 100, its routes and its description: Contact, Allow, the timer, their
 * names. */
#define ANSWER_MORE 384

/* An INVITE that came over so many servers that its 200 would be too long is refused at once: once
 * reported, its leg would never get a final answer. */
static bool answer_fits(const struct phone *p, const struct phone_leg *leg, uint32_t tx)
{
    size_t n = p->txs.tx[tx].message_n;
    return n + leg->dialog.routes_n + leg->sdp_n + ANSWER_MORE <= SIP_TX_MESSAGE_MAX;
}

uint16_t leg_agree(struct phone *p, struct phone_leg *leg)
{
    char sdp[LEG_SDP_MAX];
    const struct sip_offer_wish wish = leg_wish(p, leg);
    struct text_out out = {.p = sdp, .max = sizeof(sdp)};
    enum sip_offer_verdict v = p->read.in.body.n
                                   ? sip_offer_take(&leg->offer, p->read.in.body, &wish, &out)
                                   : sip_offer_make(&leg->offer, &wish, &out);
    uint16_t status = (uint16_t)sip_offer_status(v);
    if (status)
        return status;
    memcpy(leg->sdp, sdp, out.n);
    leg->sdp_n = (uint16_t)out.n;
    return 0;
}

static struct phone_leg *begin(struct phone *p, uint64_t tag)
{
    struct phone_leg *leg = leg_new(p, tag);
    if (!leg)
        return NULL;
    leg->session = SIP_SESSION_RINGING;
    leg->peer = p->reply_to;
    leg->invite_tx = phone_begin(p, SIP_TX_INVITE_SERVER, leg->id << LEG_ROLE_BITS | LEG_INVITE);
    if (leg->invite_tx != SLOT_NONE)
        return leg;
    leg_drop(p, leg);
    return NULL;
}

static void arrive(struct phone *p, struct phone_leg *leg, uint64_t aor, uint32_t trunk_id)
{
    struct phone_report report = {.kind = PHONE_ARRIVED,
                                  .arrived = {.aor = aor,
                                              .trunk_id = trunk_id,
                                              .called = called(&p->read),
                                              .caller = caller(&p->read, !aor)}};
    p->totals.calls_in_n++;
    leg->aor = aor;
    phone_trace_leg(p, leg);
    report.arrived.is_test = leg->is_test;
    report.arrived.carries_early = leg_carries_early(p, leg);
    if (leg->is_test)
        report.arrived.caller = TEXT_NONE; /* it was the token */
    leg_tell(p, leg, &report);
}

/* What this process wrote a moment ago, for one call. */
static bool has_token(struct phone *p)
{
    struct text user = user_of_value(p->read.in.from);
    uint64_t token, wanted;
    if (user.n != PHONE_TOKEN_N || !text_hex_read(&token, user) || !token)
        return false;
    wanted = token;
    return atomic_compare_exchange_strong(&p->watch->token, &wanted, 0);
}

static void shed(struct phone *p, uint32_t trunk_id, bool is_test)
{
    if (!is_test) /* no caller was turned away */
        count_shed(p, trunk_id);
}

static uint8_t srtp_of(const struct phone *p, uint32_t trunk_id)
{
    uint32_t place = trunk_place(p, trunk_id);
    return place == SLOT_NONE ? p->secure.srtp : p->trunks[place].is.srtp;
}

static void take_call(struct phone *p, uint64_t aor, uint32_t trunk_id, bool is_test)
{
    char tag_bytes[PHONE_TAG_N];
    struct text tag = phone_key_tag(&p->door.secret, &p->read, tag_bytes);
    uint64_t key;
    if (!p->knows(called(&p->read), aor, p->report_arg)) {
        p->totals.unknown_n++;
        phone_answer_request(p, 404); /* nobody is at that number: not a call (design §4) */
        return;
    }
    struct sip_timer_said said;
    uint16_t status = leg_timer_judge(p, &said);
    if (status) {
        phone_answer_request(p, status);
        return;
    }
    if (!text_hex_read(&key, tag) || !key || leg_by_tag(p, tag)) {
        phone_answer_request(p, 482); /* the same call on two ways (RFC 3261 §8.2.2.2) */
        return;
    }
    struct phone_leg *leg = begin(p, key);
    if (!leg) {
        shed(p, trunk_id, is_test);
        phone_answer_request(p, 503);
        return;
    }
    leg->is_test = is_test;
    leg->secure.srtp = is_test ? PHONE_SRTP_REFUSE : srtp_of(p, trunk_id);
    leg->secure.is_sips = leg_is_sips(&leg->peer, p->read.in.request_uri);
    enum sip_leg_verdict verdict = sip_leg_answer(&leg->dialog, &p->read.in, tag);
    if (!say_trying(p, leg, leg->invite_tx) || verdict != SIP_LEG_OK) {
        sip_tx_drop(&p->txs, leg->invite_tx);
        leg_drop(p, leg);
        phone_answer_request(p, 513);
        return;
    }
    uint32_t place = trunk_place(p, trunk_id);
    bool has_channel = place == SLOT_NONE || trunk_take_in(p, leg, place);
    if (!has_channel || !leg_open_stream(p, leg, 0)) {
        shed(p, trunk_id, is_test);
        refuse(p, leg, 503);
        return;
    }
    leg_timer_note(leg, &said);
    leg->timer.is = sip_timer_answer(&leg->timer.is, &said);
    status = leg_agree(p, leg);
    if (!status && !answer_fits(p, leg, leg->invite_tx))
        status = 513;
    if (status)
        refuse(p, leg, status);
    else
        arrive(p, leg, aor, trunk_id);
}

void phone_take_invite(struct phone *p, const struct sip_peer *from)
{
    const struct phone_visit visit = {&p->read, *from, p->now_at};
    struct phone_answer answer = {.out = {.p = p->out, .max = sizeof(p->out)}};
    uint64_t aor = 0;
    uint32_t trunk_id = 0;
    if (p->watch && address_equal(&p->watch->at, &from->at)) {
        if (has_token(p))
            take_call(p, 0, 0, true);
        else
            phone_answer_request(p, 403); /* late: the robot has given up. Never a caller */
        return;
    }
    bool is_trunk = phone_door_has(&p->door, from, false, &trunk_id);
    /* Where telephones alone are, each name is asked for its digest: an answer that differs would
     * tell which lines there are (design §9, rule 9). */
    bool is_line = phone_door_has(&p->door, from, true, NULL) &&
                   (!is_trunk || phone_register_knows(&p->reg, &p->read));
    p->because =
        is_line || is_trunk ? phone_secure_refuses(p, from, is_line ? 0 : trunk_id) : TEXT_NONE;
    if (p->because.n) {
        phone_answer_request(p, 403);
        return;
    }
    if (is_line && phone_register_admit(&p->reg, &visit, &answer, &aor) != PHONE_PASS) {
        phone_transmit(p, &answer.reply_to, (struct text){p->out, answer.out.n});
        return;
    }
    if (!is_line && !is_trunk) {
        phone_answer_request(p, 403);
        return;
    }
    take_call(p, aor, is_line ? 0 : trunk_id, false);
}

/* The same within a call: what stands is given up only for a 200 that fits. */
static uint16_t agree_again(struct phone *p, struct phone_leg *leg)
{
    char sdp[LEG_SDP_MAX];
    const struct sip_offer before = leg->offer;
    const uint16_t sdp_n = leg->sdp_n;
    memcpy(sdp, leg->sdp, sizeof(sdp));
    uint16_t status = leg_agree(p, leg);
    if (status)
        return status;
    if (say_trying(p, leg, p->request_tx) && answer_fits(p, leg, p->request_tx))
        return 0;
    leg->offer = before;
    leg->sdp_n = sdp_n;
    memcpy(leg->sdp, sdp, sizeof(sdp));
    return 513;
}

/* May it be, and what was agreed? The status to refuse with; then everything is as it was. */
static uint16_t judge_again(struct phone *p, struct phone_leg *leg, struct sip_timer *next)
{
    struct sip_timer_said said;
    if (leg->session != SIP_SESSION_TALKING || leg->is_unacked)
        return leg->dialog.is_caller && leg->session != SIP_SESSION_TALKING ? 491 : 500;
    if (p->request_tx == SLOT_NONE)
        return 503;
    enum sip_leg_verdict verdict = sip_leg_take_request(&leg->dialog, &p->read.in);
    if (verdict != SIP_LEG_OK)
        return verdict == SIP_LEG_LATE ? 500 : verdict == SIP_LEG_TOO_LONG ? 513 : 481;
    uint16_t status = leg_timer_judge(p, &said);
    if (status)
        return status;
    leg_timer_note(leg, &said);
    *next = sip_timer_answer(&leg->timer.is, &said);
    return agree_again(p, leg);
}

/* A re-INVITE: hold, resume, another address (RFC 3261 §14.2). One at a time. A refusal is no
 * matter of the leg: should its ACK be lost, the call goes on. */
void phone_take_again(struct phone *p, struct phone_leg *leg)
{
    p->request_tx = phone_begin(p, SIP_TX_INVITE_SERVER, LEG_ANSWER);
    char bytes[LEG_LINES_MAX];
    struct text_out lines = {.p = bytes, .max = sizeof(bytes)};
    struct sip_timer next = {0};
    uint16_t status = judge_again(p, leg, &next);
    if (status) {
        phone_answer_request(p, status);
        return;
    }
    text_put(&lines, TEXT(LEG_ALLOW));
    sip_timer_put_answer(&lines, &next);
    const struct sip_answer ok = {.status = 200,
                                  .headers = {lines.p, lines.n},
                                  .content_type = TEXT("application/sdp"),
                                  .body = {leg->sdp, leg->sdp_n}};
    p->txs.tx[p->request_tx].user = leg->id << LEG_ROLE_BITS | LEG_INVITE;
    leg->invite_tx = p->request_tx;
    leg->is_unacked = true;
    leg_say(p, leg, &ok);
    leg->timer.is = next;
    leg_timer_begin(p, leg);
    leg_set_media(p, leg);
}
