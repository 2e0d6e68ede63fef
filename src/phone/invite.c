/* invite.c — a call comes in: who calls, is there room, can we speak to each other.
 * Called by request.c. In this order: 100 at once; nothing is kept for who is not allowed or finds
 * no room. Cost: one leg, one transaction, one stream. Invariant: a leg that was reported as
 * arrived has a stream and an offer, so that the app's answer needs nothing more. */
#include <string.h>

#include "phone/early.h"
#include "phone/leg.h"
#include "phone/trace.h"
#include "sip/who.h"

/* The first of the numbers that it may be for which is somebody's; when none is, the first of all.
 * False: nobody is there. */
static bool find_called(const struct phone *p, uint64_t aor, struct text *called)
{
    struct text users[SIP_WHO_CALLED_MAX];
    uint32_t n = sip_who_called(&p->read, users);
    for (uint32_t i = 0; i < n; i++) {
        *called = users[i];
        if (p->knows(*called, aor, p->report_arg))
            return true;
    }
    *called = n ? users[0] : TEXT_NONE;
    return !n && p->knows(*called, aor, p->report_arg);
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
#define ANSWER_MORE 448

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
    const struct sip_offer before = leg->offer;
    struct text_out out = {.p = sdp, .max = sizeof(sdp)};
    enum sip_offer_verdict v = p->read.in.body.n
                                   ? sip_offer_take(&leg->offer, p->read.in.body, &wish, &out)
                                   : sip_offer_make(&leg->offer, &wish, &out);
    uint16_t status = (uint16_t)sip_offer_status(v);
    if (status)
        return status;
    if (p->read.in.body.n && !sip_codec_is_law((enum sip_codec)leg->offer.agreed.codec) &&
        !leg_keep_coder(p, leg)) {
        leg->offer = before;
        return 488; /* as many coders as there are, are in use */
    }
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

/* A trunk is trusted with P-Asserted-Identity (RFC 3325 §5), a telephone is not. */
static void arrive(struct phone *p, struct phone_leg *leg, struct text called, uint32_t trunk_id)
{
    struct phone_report report = {.kind = PHONE_ARRIVED,
                                  .arrived = {.aor = leg->aor,
                                              .trunk_id = trunk_id,
                                              .called = called,
                                              .caller = sip_who_calls(&p->read, !leg->aor)}};
    p->totals.calls_in_n++;
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
    struct text user = sip_who_is(p->read.in.from);
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

/* A call at the door, before anything is kept for it. */
struct coming {
    uint64_t aor;
    uint32_t trunk_id;
    bool is_test;
    struct text called;
    struct phone_leg *replaced; /* NULL: a call of its own */
    struct sip_timer_said said;
};

/* The status to refuse it with. */
static uint16_t judge_call(struct phone *p, struct coming *c)
{
    uint16_t status;
    c->replaced = leg_to_replace(p, c->aor, &status);
    if (status)
        return status;
    if (!c->replaced && !find_called(p, c->aor, &c->called)) {
        p->totals.unknown_n++;
        return 404; /* nobody is at that number: not a call (design §4) */
    }
    return leg_timer_judge(p, &c->said);
}

/* Streams that will be joined live in one thread of the engine, and a stream does not move. Who
 * calls from a telephone of ours will be joined with the other call of that telephone (an attended
 * transfer), or with whom the telephone that rings longest is rung for (a call that is picked up).
 * 0: anywhere. Cost: a walk over the legs. */
static uint64_t near_of(const struct phone *p, uint64_t aor)
{
    const struct phone_leg *rings = NULL;
    for (uint32_t i = 0; aor && i < p->used; i++) {
        const struct phone_leg *leg = &p->legs[i];
        if (!leg->id || !leg->stream.gen)
            continue;
        if (leg->aor == aor)
            return leg->id;
        if (leg->near_id && sip_session_is_young(leg->session) && (!rings || leg->id < rings->id))
            rings = leg;
    }
    return rings ? rings->id : 0;
}

/* Its own stream, or that of the leg whose place it takes. */
static bool has_room(struct phone *p, struct phone_leg *leg, const struct coming *c)
{
    uint32_t place = trunk_place(p, c->trunk_id);
    if (c->replaced) {
        leg->rtp_port = c->replaced->rtp_port;
        leg->first_codec = c->replaced->first_codec;
        return true;
    }
    return (place == SLOT_NONE || trunk_take_in(p, leg, place)) &&
           leg_open_stream(p, leg, near_of(p, c->aor));
}

static void admit(struct phone *p, struct phone_leg *leg, const struct coming *c)
{
    if (!has_room(p, leg, c)) {
        shed(p, c->trunk_id, c->is_test);
        refuse(p, leg, 503);
        return;
    }
    leg_timer_note(leg, &c->said);
    leg->timer.is = sip_timer_answer(&leg->timer.is, &c->said);
    sip_reliable_begin(&leg->reliable, &p->read, (uint32_t)leg->tag);
    uint16_t status = leg_agree(p, leg);
    if (!status && !answer_fits(p, leg, leg->invite_tx))
        status = 513;
    if (status)
        refuse(p, leg, status);
    else if (c->replaced)
        leg_replace(p, c->replaced, leg);
    else
        arrive(p, leg, c->called, c->trunk_id);
}

static uint8_t srtp_of(const struct phone *p, uint64_t aor, uint32_t trunk_id)
{
    uint32_t place = trunk_place(p, trunk_id);
    return place == SLOT_NONE ? phone_secure_of(p, aor) : p->trunks[place].is.srtp;
}

static void take_call(struct phone *p, struct coming *c)
{
    char tag_bytes[PHONE_TAG_N];
    struct text tag = phone_key_tag(&p->door.secret, &p->read, tag_bytes);
    uint64_t key;
    uint16_t status = judge_call(p, c);
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
        shed(p, c->trunk_id, c->is_test);
        phone_answer_request(p, 503);
        return;
    }
    leg->is_test = c->is_test;
    leg->aor = c->aor;
    leg->secure.srtp = c->is_test ? PHONE_SRTP_REFUSE : srtp_of(p, c->aor, c->trunk_id);
    leg->secure.is_sips = leg_is_sips(&leg->peer, p->read.in.request_uri);
    enum sip_leg_verdict verdict = sip_leg_answer(&leg->dialog, &p->read.in, tag);
    if (say_trying(p, leg, leg->invite_tx) && verdict == SIP_LEG_OK) {
        admit(p, leg, c);
        return;
    }
    sip_tx_drop(&p->txs, leg->invite_tx);
    leg_drop(p, leg);
    phone_answer_request(p, 513);
}

void phone_take_invite(struct phone *p, const struct sip_peer *from)
{
    const struct phone_visit visit = {&p->read, *from, p->now_at};
    struct phone_answer answer = {.out = {.p = p->out, .max = sizeof(p->out)}};
    uint64_t aor = 0;
    uint32_t trunk_id = 0;
    if (p->watch && address_equal(&p->watch->at, &from->at)) {
        if (has_token(p))
            take_call(p, &(struct coming){.is_test = true});
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
    take_call(p, &(struct coming){.aor = aor, .trunk_id = is_line ? 0 : trunk_id});
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
    leg_met(p, leg, &p->from);
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
