/* timer.c — the session timer of a leg (RFC 4028): what both sides said, our refreshes, and the end
 * of a call that nobody refreshes. Called by phone/ only. Cost: one message for each half interval,
 * thus one in 15 minutes a call. Invariant: one refresh is out at most; it says what was said last,
 * so that no sound changes; a leg with a timer is refreshed or given up. */
#include "phone/leg.h"

/* Another request is in course, or there was no room: soon again. */
#define BUSY_MS ((ms_t)1000)
/* Refused for a reason that is not the call's end, or nobody is there yet: again, as long as the
 * interval lasts. */
#define AGAIN_MS ((ms_t)10000)
/* After a glare, in steps of 10 ms: from 2.1 to 4 s for whom the Call-ID is, else up to 2 s
 * (RFC 3261 §14.1). */
#define GLARE_STEP_MS ((ms_t)10)
#define GLARE_OWNER_MS ((ms_t)2100)
#define GLARE_OWNER_STEPS 190
#define GLARE_STEPS 200
#define PROOF_MAX 1024

static void arm(struct phone *p, struct phone_leg *leg)
{
    heap_set(&p->refreshes, (uint32_t)(leg - p->legs), sip_timer_next_at(&leg->timer.is), 0);
}

uint16_t leg_timer_judge(const struct phone *p, struct sip_timer_said *said)
{
    return sip_timer_read(said, &p->read) ? sip_timer_status(said) : 400;
}

void leg_timer_note(struct phone_leg *leg, const struct sip_timer_said *said)
{
    if (said->has_allow)
        leg->timer.takes_update = said->allows_update;
}

void leg_timer_begin(struct phone *p, struct phone_leg *leg)
{
    sip_timer_begin(&leg->timer.is, p->now_at);
    leg->timer.is_raised = false;
    leg->timer.proofs_n = 0;
    arm(p, leg);
}

void leg_timer_resume(struct phone *p, struct phone_leg *leg)
{
    struct sip_timer *t = &leg->timer.is;
    bool was_out = t->interval_s && t->is_ours && t->refresh_at == MS_NEVER;
    if (was_out) /* our refresh; its answer, if there is one, is nobody's now */
        t->refresh_at = p->now_at + BUSY_MS;
    arm(p, leg);
}

void leg_timer_stop(struct phone *p, struct phone_leg *leg)
{
    leg->timer.is.interval_s = 0;
    arm(p, leg);
}

void leg_timer_drop(struct phone *p, struct phone_leg *leg)
{
    leg_timer_stop(p, leg);
    if (leg->timer.tx != SLOT_NONE) /* an INVITE that got a 1xx would wait for ever */
        sip_tx_drop(&p->txs, leg->timer.tx);
    leg->timer.tx = SLOT_NONE;
}

void leg_timer_heard(struct phone *p, struct phone_leg *leg)
{
    struct sip_timer_said said;
    bool is_sound = sip_timer_read(&said, &p->read);
    said.has_interval &= is_sound;
    leg_timer_note(leg, &said);
    leg->timer.is = sip_timer_hear(&leg->timer.is, &said);
    leg_timer_begin(p, leg);
}

/* Once for each request: who names a larger one each time would keep us asking. */
static bool raise(const struct phone *p, struct phone_leg *leg)
{
    struct sip_timer_said said;
    if (leg->timer.is_raised || !sip_timer_read(&said, &p->read) ||
        !sip_timer_raise(&leg->timer.is, &said))
        return false;
    leg->timer.is_raised = true;
    return true;
}

bool leg_timer_raise(struct phone *p, struct phone_leg *leg)
{
    return sip_session_is_young(leg->session) && raise(p, leg) && dial_again(p, leg);
}

/* ---- refreshing --------------------------------------------------------------------------- */

static void later(struct phone *p, struct phone_leg *leg, ms_t wait_ms)
{
    leg->timer.is.refresh_at = p->now_at + wait_ms;
    arm(p, leg);
}

/* UPDATE needs no description (RFC 4028 §7.4); without it, a re-INVITE with the one that stands. */
static void refresh(struct phone *p, struct phone_leg *leg, struct text proof)
{
    struct leg_asking asking = {.method = SIP_METHOD_UPDATE, .headers = proof};
    bool is_busy = leg->session != SIP_SESSION_TALKING || leg->is_unacked ||
                   leg->timer.tx != SLOT_NONE || leg->offer.state != SIP_OFFER_IDLE;
    bool is_offer = !leg->timer.takes_update;
    if (leg_is_cut_off(p, leg)) {
        later(p, leg, AGAIN_MS);
        return;
    }
    if (is_busy || (is_offer && !sip_offer_repeat(&leg->offer))) {
        later(p, leg, BUSY_MS);
        return;
    }
    if (is_offer) {
        asking.method = SIP_METHOD_INVITE;
        asking.body = (struct text){leg->sdp, leg->sdp_n};
    }
    leg->timer.tx = leg_ask_with(p, leg, &asking);
    if (leg->timer.tx == SLOT_NONE) {
        if (is_offer)
            sip_offer_withdraw(&leg->offer);
        later(p, leg, BUSY_MS);
        return;
    }
    leg->timer.is.refresh_at = MS_NEVER;
    arm(p, leg);
}

static void give_up(struct phone *p, struct phone_leg *leg)
{
    leg_timer_stop(p, leg);
    leg_gone(p, leg);
}

void leg_timer_due(struct phone *p, struct phone_leg *leg)
{
    if (leg->timer.is.end_at <= p->now_at)
        give_up(p, leg);
    else
        refresh(p, leg, TEXT_NONE);
}

/* ---- what is said to it ------------------------------------------------------------------- */

static ms_t glare_ms(const struct phone *p, const struct phone_leg *leg)
{
    const uint64_t serial[] = {p->branch_n, leg->id};
    uint64_t chance =
        siphash(&p->door.secret.lo, (struct text){(const char *)serial, sizeof(serial)});
    if (leg->dialog.is_caller)
        return GLARE_OWNER_MS + (ms_t)(chance % (GLARE_OWNER_STEPS + 1)) * GLARE_STEP_MS;
    return (ms_t)(chance % (GLARE_STEPS + 1)) * GLARE_STEP_MS;
}

/* The answer to the description that a re-INVITE repeats; mostly the one that stands. */
static void settle_offer(struct phone *p, struct phone_leg *leg, const struct sip_in *in)
{
    if (in->method != SIP_METHOD_INVITE)
        return;
    if (in->status >= 300)
        sip_offer_withdraw(&leg->offer);
    else if (sip_offer_take_answer(&leg->offer, in->body, true) == SIP_OFFER_CHANGED)
        leg_set_media(p, leg);
}

/* An operator asks who refreshes. */
static bool prove(struct phone *p, struct phone_leg *leg)
{
    char bytes[PROOF_MAX];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    struct text proof = leg_proof(p, leg, &leg->timer.proofs_n, &out);
    if (proof.n)
        refresh(p, leg, proof);
    return proof.n;
}

static void refused(struct phone *p, struct phone_leg *leg, const struct sip_in *in)
{
    bool is_foreign = in->status == 405 || in->status == 501; /* it named what it does not take */
    if (in->status == 408 || in->status == 481) {
        give_up(p, leg);
    } else if (in->status == 491) {
        later(p, leg, glare_ms(p, leg));
    } else if (in->status == 422 && raise(p, leg)) {
        refresh(p, leg, TEXT_NONE);
    } else if (is_foreign && in->method == SIP_METHOD_UPDATE) {
        leg->timer.takes_update = false;
        refresh(p, leg, TEXT_NONE);
    } else if (!prove(p, leg)) {
        later(p, leg, AGAIN_MS);
    }
}

/* Each 2xx to an INVITE is acknowledged, the first one and its repetitions. */
void leg_refreshed(struct phone *p, struct phone_leg *leg, const struct sip_tx_verdict *v)
{
    const struct sip_in *in = &p->read.in;
    uint64_t id = leg->id;
    bool is_ok = in->status >= 200 && in->status < 300;
    enum sip_leg_verdict verdict = sip_leg_take_response(&leg->dialog, in);
    if (in->status < 200 || verdict == SIP_LEG_FORK || verdict == SIP_LEG_NOT_OURS)
        return;
    bool is_first = v->slot == leg->timer.tx;
    if (is_first) {
        leg->timer.tx = SLOT_NONE;
        settle_offer(p, leg, in);
    }
    if (is_ok && in->method == SIP_METHOD_INVITE)
        leg_happens(p, leg, SIP_SESSION_GOT_2XX);
    leg = leg_by_id(p, id);
    if (!is_first || !leg || leg->session != SIP_SESSION_TALKING || !leg->timer.is.interval_s)
        return;
    if (is_ok)
        leg_timer_heard(p, leg);
    else
        refused(p, leg, in);
}

void leg_refresh_again(struct phone *p, struct phone_leg *leg)
{
    leg->timer.tx = SLOT_NONE;
    if (leg->offer.state == SIP_OFFER_OUT)
        sip_offer_withdraw(&leg->offer);
    later(p, leg, AGAIN_MS);
}

void leg_refresh_timed_out(struct phone *p, struct phone_leg *leg, uint32_t tx)
{
    if (tx != leg->timer.tx)
        return;
    leg->timer.tx = SLOT_NONE;
    if (leg->offer.state == SIP_OFFER_OUT)
        sip_offer_withdraw(&leg->offer);
    if (leg->session == SIP_SESSION_TALKING)
        give_up(p, leg);
}
