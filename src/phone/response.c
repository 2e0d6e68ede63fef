/* response.c — answers to our requests, and the timers of transactions and legs.
 * Called for each datagram and each turn. Cost: a hash lookup; O(log n) a timer.
 * Invariant: a transaction that ends tells its leg, so that no leg waits for what cannot come. */
#include "phone/leg.h"

static enum sip_tx_event event_of(uint16_t status)
{
    return status < 200 ? SIP_TX_GOT_1XX : status < 300 ? SIP_TX_GOT_2XX : SIP_TX_GOT_FAILURE;
}

/* The answer to an offer of ours that came with it: false when we cannot speak to each other. What
 * its branch has answered reliably stands; others may have answered as well (RFC 3262 §5). */
static bool take_answer(const struct phone *p, struct phone_leg *leg, const struct sip_in *in)
{
    const struct sip_offer_agreed *sure = sip_reliable_answer_of(leg_heard(p, leg), in->to_tag);
    if (in->status >= 300) {
        sip_offer_withdraw(&leg->offer);
        return true;
    }
    if (leg->offer.state == SIP_OFFER_IDLE)
        return true; /* a repetition */
    if (sure && in->status >= 200) {
        sip_offer_settle(&leg->offer, sure);
        return true;
    }
    enum sip_offer_verdict v = sip_offer_take_answer(&leg->offer, in->body, in->status >= 200);
    bool is_taken = v == SIP_OFFER_CHANGED || v == SIP_OFFER_SAME;
    if (is_taken)
        sip_reliable_answered(leg_heard(p, leg), in->to_tag, &leg->offer.agreed);
    return is_taken || v == SIP_OFFER_UNASKED;
}

/* Picked up, but what was answered is of no use: acknowledged, then ended (RFC 3261 §13.2.2.4). */
static void give_up(struct phone *p, struct phone_leg *leg)
{
    uint64_t id = leg->id;
    leg_tell_end(p, leg, false);
    leg_happens(p, leg, SIP_SESSION_GOT_2XX);
    leg = leg_by_id(p, id);
    if (leg)
        leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
}

static void on_invite(struct phone *p, struct phone_leg *leg)
{
    const struct sip_in *in = &p->read.in;
    enum sip_leg_verdict verdict = sip_leg_take_response(&leg->dialog, in);
    bool is_ok = in->status >= 200 && in->status < 300;
    if (verdict == SIP_LEG_FORK && is_ok)
        leg_end_fork(p, leg, in);
    if (verdict == SIP_LEG_FORK || verdict == SIP_LEG_NOT_OURS)
        return;
    dial_heard(p, leg);
    if (verdict == SIP_LEG_OK && !leg_acknowledge_early(p, leg))
        return;
    if (in->status == 422 && leg_timer_raise(p, leg))
        return;
    if (in->status >= 300 &&
        (leg_offers_all(p, leg, in->status) || leg_gives_way(p, leg, in->status)))
        return;
    if (in->status >= 300 && dial_goes_on(p, leg, in->status))
        return;
    if (in->status >= 300)
        leg = fork_refused(p, leg, in->status);
    bool agrees = verdict == SIP_LEG_OK && take_answer(p, leg, in);
    if (is_ok)
        leg = agrees ? fork_wins(p, leg) : fork_refused(p, leg, 488);
    bool is_young = sip_session_is_young(leg->session);
    if (is_ok && agrees && is_young)
        leg_timer_heard(p, leg);
    if (is_ok && !agrees && leg->session != SIP_SESSION_TALKING)
        give_up(p, leg);
    else
        leg_happens(p, leg,
                    is_ok               ? SIP_SESSION_GOT_2XX
                    : in->status >= 300 ? SIP_SESSION_GOT_FAILURE
                                        : SIP_SESSION_GOT_1XX);
}

/* NULL: it has gone, or the transaction is about a trunk. */
static struct phone_leg *leg_of(struct phone *p, uint64_t user)
{
    return leg_role_of(user) >= TRUNK_REGISTER ? NULL : leg_by_id(p, user >> LEG_ROLE_BITS);
}

static void tell(struct phone *p, const struct sip_tx_verdict *v)
{
    enum leg_role role = leg_role_of(v->user);
    struct phone_leg *leg = leg_of(p, v->user);
    if (role >= TRUNK_REGISTER)
        trunk_answered(p, (uint32_t)(v->user >> LEG_ROLE_BITS), role, v);
    if (!leg)
        return;
    if (role == LEG_INVITE)
        on_invite(p, leg);
    else if (role == LEG_BYE && p->read.in.status >= 200 && !leg_bye_proved(p, leg))
        leg_happens(p, leg, SIP_SESSION_BYE_DONE);
    else if (role == LEG_PROBE && p->read.in.status >= 200)
        leg_probe_answered(p, leg, v->slot, p->read.in.status);
    else if (role == LEG_PRACK)
        leg_prack_proved(p, leg, v->slot);
    else if (role == LEG_REFRESH)
        leg_refreshed(p, leg, v);
}

/* A question over TLS is answered over TLS. */
static bool is_by_its_way(const struct phone *p, uint32_t tx, const struct sip_peer *from)
{
    return p->txs.tx[tx].peer.transport != SIP_OVER_TLS || from->transport == SIP_OVER_TLS;
}

void phone_take_response(struct phone *p, const struct sip_peer *from)
{
    const struct sip_tx_key key =
        phone_key_branch(&p->door.secret, p->read.via.branch, p->read.in.method);
    uint32_t tx = sip_tx_find(&p->txs, &key);
    if (tx == SLOT_NONE || !is_by_its_way(p, tx, from))
        return;
    struct sip_tx_verdict v = sip_tx_happens(&p->txs, tx, event_of(p->read.in.status), p->now_at);
    struct phone_leg *leg = leg_of(p, v.user);
    bool is_mistaken = leg && leg->is_guessed && p->read.in.status == 481;
    if (leg && !is_mistaken)
        leg_met(p, leg, from); /* RFC 3261 §18.2.2: who answers makes the way anew */
    if (v.actions & SIP_TX_DO_ACK && leg)
        leg_acknowledge_failure(p, leg, tx, p->read.in.to);
    if (v.actions & SIP_TX_DO_SEND)
        phone_send(p, tx);
    if (is_mistaken)
        leg_mistaken(p, leg, &v);
    else if (v.actions & SIP_TX_DO_TELL)
        tell(p, &v);
}

/* ---- timers ------------------------------------------------------------------------------- */

static void on_time_out(struct phone *p, struct phone_leg *leg, const struct sip_tx_verdict *v,
                        bool is_server)
{
    switch (leg_role_of(v->user)) {
    case LEG_INVITE:
        if (!is_server && dial_goes_on(p, leg, 408))
            return;
        if (!is_server)
            leg = fork_refused(p, leg, 408);
        leg->is_fault |= is_server;
        leg->is_unacked = false;
        leg_happens(p, leg, is_server ? SIP_SESSION_NO_ACK : SIP_SESSION_NO_ANSWER);
        return;
    case LEG_BYE:
        if (!leg_says_bye_again(p, leg))
            leg_happens(p, leg, SIP_SESSION_NO_ANSWER);
        return;
    case LEG_PROBE:
        leg_probe_answered(p, leg, v->slot, 408);
        return;
    case LEG_REFRESH:
        leg_refresh_timed_out(p, leg, v->slot);
        return;
    default:
        return;
    }
}

static void take_due(struct phone *p, const struct sip_tx_verdict *v, enum sip_tx_kind kind)
{
    if (v->actions & SIP_TX_DO_SEND)
        phone_send(p, v->slot);
    struct phone_leg *leg = leg_of(p, v->user);
    if (leg_role_of(v->user) >= TRUNK_REGISTER && v->actions & SIP_TX_DO_TIMEOUT)
        trunk_timed_out(p, (uint32_t)(v->user >> LEG_ROLE_BITS), leg_role_of(v->user), v->slot);
    if (!leg)
        return;
    if (v->state == SIP_TX_FREE && leg->invite_tx == v->slot)
        leg->invite_tx = SLOT_NONE;
    if (v->actions & SIP_TX_DO_TIMEOUT)
        on_time_out(p, leg, v, kind == SIP_TX_INVITE_SERVER);
    else if (v->state == SIP_TX_FREE)
        leg_settle(p, leg);
}

void phone_tx_failed(struct phone *p, uint32_t tx)
{
    const struct sip_tx *t = &p->txs.tx[tx];
    enum sip_tx_kind kind = (enum sip_tx_kind)t->kind;
    enum leg_role role = leg_role_of(t->user);
    struct phone_leg *leg = leg_of(p, t->user);
    if (leg && (role == LEG_BYE || role == LEG_CANCEL) && leg_is_cut_off(p, leg))
        return;
    bool is_unasked = leg && leg->is_cut && role == LEG_PROBE;
    struct sip_tx_verdict v = sip_tx_happens(&p->txs, tx, SIP_TX_UNSENDABLE, p->now_at);
    if (is_unasked)
        leg_await(p, leg);
    else
        take_due(p, &v, kind);
}

static void binding_due(struct phone *p)
{
    struct sip_binding gone;
    while (sip_registrar_due(&p->reg.registrar, p->now_at, &gone)) {
        p->bindings_version++;
        struct phone_report away = {.kind = PHONE_AWAY, .aor = gone.aor};
        if (!sip_registrar_next(&p->reg.registrar, gone.aor, NULL))
            p->report(&away, p->report_arg);
    }
}

static struct phone_leg *leg_due(struct phone *p, uint32_t slot)
{
    leg_touch(p, slot);
    return &p->legs[slot];
}

void phone_timers(struct phone *p)
{
    struct sip_tx_verdict v;
    while (sip_tx_next_at(&p->txs) <= p->now_at) {
        uint32_t slot = heap_first(&p->txs.timers)->item;
        enum sip_tx_kind kind = (enum sip_tx_kind)p->txs.tx[slot].kind;
        if (!sip_tx_due(&p->txs, p->now_at, &v))
            break;
        take_due(p, &v, kind);
    }
    trunk_timers(p);
    const struct heap_entry *first = heap_first(&p->timers);
    for (; first && first->at <= p->now_at; first = heap_first(&p->timers))
        leg_watch_due(p, leg_due(p, first->item));
    first = heap_first(&p->refreshes);
    for (; first && first->at <= p->now_at; first = heap_first(&p->refreshes))
        leg_timer_due(p, leg_due(p, first->item));
    binding_due(p);
}
