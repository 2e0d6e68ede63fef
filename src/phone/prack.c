/* prack.c — PRACK (RFC 3262) on both sides: theirs, for the 183 of a call that comes in; ours, for
 * the provisional responses of whom we call. Called by request.c and response.c. Cost: one message.
 * Invariant: a PRACK of nothing that is out changes nothing; each branch of a call of ours is
 * acknowledged in a dialog of its own, and the numbers of all grow together. */
#include "phone/early.h"
#include "phone/leg.h"

/* ---- theirs ------------------------------------------------------------------------------- */

/* The answer to the offer in our 183; without it no call can come of this (§5). */
static uint16_t take_answer(struct phone *p, struct phone_leg *leg)
{
    if (!p->read.in.body.n)
        return 400;
    enum sip_offer_verdict v = sip_offer_take_answer(&leg->offer, p->read.in.body, true);
    return (uint16_t)sip_offer_status(v);
}

static uint16_t judge(const struct phone *p, const struct phone_leg *leg)
{
    static const uint16_t statuses[] = {[SIP_RELIABLE_RACK_OURS] = 0,
                                        [SIP_RELIABLE_RACK_STRAY] = 481,
                                        [SIP_RELIABLE_RACK_BROKEN] = 400};
    if (p->request_tx == SLOT_NONE)
        return 503;
    return statuses[sip_reliable_judge(&leg->reliable, &p->read)];
}

/* Its body is our answer, or an offer of theirs, whose answer goes with the 200. */
static uint16_t take(struct phone *p, struct phone_leg *leg)
{
    const struct sip_answer ok = {.status = 200};
    if (leg->offer.state != SIP_OFFER_OUT)
        return leg_answer_offer(p, leg, TEXT_NONE);
    uint16_t status = take_answer(p, leg);
    if (!status && !leg_answer(p, leg, &ok))
        status = 513;
    return status;
}

void phone_take_prack(struct phone *p, struct phone_leg *leg)
{
    bool is_first = leg->session == SIP_SESSION_SOUNDED;
    bool is_ours = leg->offer.state == SIP_OFFER_OUT;
    uint64_t id = leg->id;
    uint16_t status = judge(p, leg);
    bool is_judged = !status;
    if (is_judged)
        status = take(p, leg);
    if (status) {
        phone_answer_request(p, status);
        if (!is_judged || !is_ours || status == 400)
            return;
        leg->refusal = status; /* we have offered, and cannot speak to each other */
        leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
        return;
    }
    sip_reliable_take(&leg->reliable);
    leg_early_taken(p, leg);
    leg_happens(p, leg, SIP_SESSION_GOT_PRACK);
    leg = leg_by_id(p, id);
    if (leg && is_first)
        leg_up(p, leg);
    else if (leg && p->read.in.body.n && leg->is_up)
        leg_set_media(p, leg);
}

/* ---- ours --------------------------------------------------------------------------------- */

#define RACK_MAX 48

bool leg_acknowledge_early(struct phone *p, struct phone_leg *leg)
{
    struct phone_leg branch = {.id = leg->id, .peer = leg->peer, .session = leg->session};
    char bytes[RACK_MAX];
    struct text_out rack = {.p = bytes, .max = sizeof(bytes)};
    uint32_t rseq;
    enum sip_reliable_verdict v = sip_reliable_hear(leg_heard(p, leg), &p->read, &rseq);
    if (v != SIP_RELIABLE_NEW)
        return v == SIP_RELIABLE_PLAIN;
    if (sip_leg_fork(&branch.dialog, &leg->dialog, &p->read.in) != SIP_LEG_OK)
        return false;
    sip_reliable_put_rack(&rack, rseq, leg->dialog.invite_cseq);
    const struct leg_asking asking = {.method = SIP_METHOD_PRACK, .headers = {rack.p, rack.n}};
    leg_ask_with(p, &branch, &asking);
    leg->dialog.local_cseq = branch.dialog.local_cseq;
    return true;
}
