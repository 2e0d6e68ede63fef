/* request.c — requests that have passed the door: to the transaction, the dialog, the session.
 * Called for each datagram. Cost: a few hash lookups. Invariant: each request but ACK gets one
 * answer, repeated by its transaction; what finds no room gets 503 and leaves nothing behind. */
#include "phone/digit.h"
#include "phone/leg.h"

uint32_t phone_begin(struct phone *p, enum sip_tx_kind kind, uint64_t user)
{
    const struct sip_tx_args args = {
        .kind = kind,
        .key = phone_key_request(&p->door.secret, &p->read, p->read.in.method),
        .peer = p->reply_to,
        .user = user};
    return sip_tx_begin(&p->txs, &args, p->now_at);
}

/* What helps who asked: when to come again, what would be understood. */
static struct text headers_of(uint16_t status)
{
    _Static_assert(SIP_TIMER_MIN_S == 90, "the number in Min-SE");
    if (status == 422)
        return TEXT("Min-SE: 90\r\n");
    if (status == 503 || status == 500)
        return TEXT("Retry-After: 5\r\n");
    return status == 415 ? TEXT("Accept: application/dtmf-relay, application/dtmf\r\n") : TEXT_NONE;
}

/* Writes the answer; its length, 0: it did not fit. */
static size_t write_answer(struct phone *p, uint16_t status)
{
    char tag[PHONE_TAG_N];
    struct text_out out = {.p = p->out, .max = sizeof(p->out)};
    const struct sip_answer a = {.status = status,
                                 .reason = p->because,
                                 .to_tag = phone_key_tag(&p->door.secret, &p->read, tag),
                                 .headers = headers_of(status)};
    return sip_write_answer(&out, &p->read.in, &a) ? out.n : 0;
}

void phone_answer_request(struct phone *p, uint16_t status)
{
    size_t n = write_answer(p, status);
    if (!n)
        return;
    bool is_held = p->request_tx != SLOT_NONE;
    if (is_held && phone_say(p, p->request_tx, status, n))
        return;
    if (is_held) /* longer than is kept: it goes, and who repeats the request is heard anew */
        sip_tx_drop(&p->txs, p->request_tx);
    p->request_tx = SLOT_NONE;
    phone_transmit(p, &p->reply_to, (struct text){p->out, n});
}

/* Has it come before? Then its answer goes out again. */
static bool is_repetition(struct phone *p)
{
    const struct sip_tx_key key = phone_key_request(&p->door.secret, &p->read, p->read.in.method);
    uint32_t tx = sip_tx_find(&p->txs, &key);
    if (tx == SLOT_NONE)
        return false;
    struct sip_tx_verdict v = sip_tx_happens(&p->txs, tx, SIP_TX_GOT_REQUEST, p->now_at);
    if (v.actions & SIP_TX_DO_SEND)
        phone_send(p, tx);
    return true;
}

/* ---- ACK ---------------------------------------------------------------------------------- */

/* The ACK of a 2xx ends its repetition, and answers the offer that the 2xx may have made. */
static void take_confirmation(struct phone *p, struct phone_leg *leg)
{
    enum sip_offer_verdict offer = SIP_OFFER_SAME;
    uint64_t id = leg->id;
    leg->is_unacked = false;
    leg->invite_tx = SLOT_NONE; /* it goes on alone, for repetitions */
    if (leg->offer.state == SIP_OFFER_OUT)
        offer = sip_offer_take_answer(&leg->offer, p->read.in.body, true);
    if (leg->is_up && offer == SIP_OFFER_CHANGED)
        leg_set_media(p, leg);
    bool is_wrong = offer != SIP_OFFER_SAME && offer != SIP_OFFER_CHANGED;
    leg->is_fault |= is_wrong;
    if (is_wrong)
        leg_tell_end(p, leg, true);
    leg_happens(p, leg, SIP_SESSION_GOT_ACK);
    leg = leg_by_id(p, id);
    if (leg && is_wrong)
        leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
}

static void take_ack(struct phone *p)
{
    const struct sip_tx_key key = phone_key_request(&p->door.secret, &p->read, SIP_METHOD_INVITE);
    uint32_t tx = sip_tx_find(&p->txs, &key);
    struct phone_leg *leg = leg_by_tag(p, p->read.in.to_tag);
    if (leg && leg_is_elsewhere(leg, &p->from))
        return;
    if (tx == SLOT_NONE && leg && sip_leg_take_request(&leg->dialog, &p->read.in) == SIP_LEG_OK)
        tx = leg->dialog.is_caller && !leg->is_unacked ? SLOT_NONE : leg->invite_tx;
    if (tx == SLOT_NONE)
        return;
    struct sip_tx_verdict v = sip_tx_happens(&p->txs, tx, SIP_TX_GOT_ACK, p->now_at);
    leg = leg_by_id(p, v.user >> LEG_ROLE_BITS);
    if (v.actions & SIP_TX_DO_TELL && leg)
        take_confirmation(p, leg);
}

/* ---- CANCEL, and requests within a dialog --------------------------------------------------- */

static void take_cancel(struct phone *p)
{
    const struct sip_tx_key key = phone_key_request(&p->door.secret, &p->read, SIP_METHOD_INVITE);
    uint32_t invite = sip_tx_find(&p->txs, &key);
    if (is_repetition(p))
        return;
    p->request_tx = phone_begin(p, SIP_TX_OTHER_SERVER, LEG_ANSWER);
    if (invite == SLOT_NONE) {
        phone_answer_request(p, 481);
        return;
    }
    struct phone_leg *leg = leg_by_id(p, p->txs.tx[invite].user >> LEG_ROLE_BITS);
    if (leg && leg_is_elsewhere(leg, &p->from))
        phone_answer_request(p, 481);
    else if (leg)
        leg_happens(p, leg, SIP_SESSION_GOT_CANCEL);
    else
        phone_answer_request(p, 200); /* it was answered already: nothing to cancel (§9.2) */
}

static uint16_t status_of(enum sip_leg_verdict verdict)
{
    switch (verdict) {
    case SIP_LEG_TOO_LONG:
        return 513;
    case SIP_LEG_LATE:
        return 500;
    default:
        return 481;
    }
}

static void take_in_dialog(struct phone *p)
{
    struct phone_leg *leg = leg_by_tag(p, p->read.in.to_tag);
    if (leg && leg->is_dead)
        return;
    if (is_repetition(p))
        return;
    if (leg && leg_is_elsewhere(leg, &p->from)) {
        p->because = TEXT("TLS Required");
        phone_answer_request(p, 403);
        return;
    }
    if (!leg) {
        phone_answer_request(p, 481); /* without a transaction: strays shall not take their room */
        return;
    }
    if (p->read.in.method == SIP_METHOD_INVITE) {
        phone_take_again(p, leg);
        return;
    }
    p->request_tx = phone_begin(p, SIP_TX_OTHER_SERVER, LEG_ANSWER);
    enum sip_leg_verdict verdict = sip_leg_take_request(&leg->dialog, &p->read.in);
    if (verdict == SIP_LEG_OK)
        leg_met(p, leg, &p->from);
    if (verdict != SIP_LEG_OK)
        phone_answer_request(p, status_of(verdict));
    else if (p->read.in.method == SIP_METHOD_BYE)
        leg_happens(p, leg, SIP_SESSION_GOT_BYE);
    else if (p->read.in.method == SIP_METHOD_INFO)
        phone_take_info(p, leg);
    else if (p->read.in.method == SIP_METHOD_UPDATE)
        phone_take_update(p, leg);
    else if (p->read.in.method == SIP_METHOD_PRACK)
        phone_take_prack(p, leg);
    else if (p->read.in.method == SIP_METHOD_REFER)
        phone_take_refer(p, leg);
    else
        phone_answer_request(p, p->read.in.method == SIP_METHOD_OPTIONS ? 200 : 405);
}

/* ---- REGISTER ----------------------------------------------------------------------------- */

/* Somebody has guessed too much: once for each time, never the secret nor the line. */
static void tell_lock(struct phone *p)
{
    char at[ADDRESS_TEXT_MAX];
    struct text_out out = {.p = at, .max = sizeof(at) - 1};
    address_put(&out, &p->from.at);
    at[out.n] = '\0';
    os_log_line(p->log, OS_LOG_ALARM,
                "phone: too many wrong secrets from %s: what it says is not heard for five minutes "
                "— a telephone with an old password, or somebody who guesses",
                at);
}

static void take_register(struct phone *p)
{
    const struct phone_visit visit = {&p->read, p->from, p->now_at};
    struct phone_answer answer = {.out = {.p = p->out, .max = sizeof(p->out)}};
    if (!phone_door_has(&p->door, &p->from, true, NULL)) {
        phone_answer_request(p, 403); /* a trunk has no lines here */
        return;
    }
    p->because = phone_secure_refuses(p, &p->from, 0);
    if (p->because.n) { /* before it would prove anything in the clear */
        phone_answer_request(p, 403);
        return;
    }
    if (phone_register_take(&p->reg, &visit, &answer) == PHONE_ANSWERED)
        phone_transmit(p, &answer.reply_to, (struct text){p->out, answer.out.n});
    if (p->reg.bound_aor)
        phone_met(p, p->reg.bound_aor, &p->from);
    struct phone_report away = {.kind = PHONE_AWAY, .aor = p->reg.bound_aor};
    p->bindings_version += away.aor != 0;
    if (away.aor && !sip_registrar_next(&p->reg.registrar, away.aor, NULL))
        p->report(&away, p->report_arg);
}

static void take(struct phone *p, const struct sip_peer *from)
{
    char suffix[PHONE_SUFFIX_MAX];
    p->from = *from;
    p->reply_to = phone_reply_to(&p->read, from, suffix);
    p->request_tx = SLOT_NONE;
    p->because = TEXT_NONE;
    switch (p->read.in.method) {
    case SIP_METHOD_ACK:
        take_ack(p);
        return;
    case SIP_METHOD_CANCEL:
        take_cancel(p);
        return;
    case SIP_METHOD_REGISTER:
        take_register(p);
        return;
    default:
        break;
    }
    if (p->read.in.to_tag.n)
        take_in_dialog(p);
    else if (p->read.in.method != SIP_METHOD_INVITE)
        phone_answer_request(p, 481);
    else if (!is_repetition(p))
        phone_take_invite(p, from);
}

void phone_take_request(struct phone *p, const struct sip_peer *from)
{
    uint64_t locks_n = p->reg.locks_n;
    take(p, from);
    if (p->reg.locks_n != locks_n)
        tell_lock(p);
}
