/* update.c — UPDATE (RFC 3311): the session is refreshed, moved, held or resumed without an INVITE.
 * Called by request.c. Cost: as a re-INVITE, without an ACK. Invariant: what is refused changes
 * nothing but the number that was seen. */
#include <string.h>

#include "phone/leg.h"

/* An offer can be answered when none is in course and the call is up (RFC 3311 §5.2). */
static uint16_t judge_offer(const struct phone *p, const struct phone_leg *leg)
{
    if (!p->read.in.body.n)
        return 0;
    if (leg->offer.state != SIP_OFFER_IDLE)
        return 491;
    return leg->session != SIP_SESSION_TALKING || leg->is_unacked ? 500 : 0;
}

static bool is_over(const struct phone_leg *leg)
{
    return leg->session == SIP_SESSION_LEAVING || leg->session == SIP_SESSION_CLOSING ||
           leg->session == SIP_SESSION_CANCELLED || leg->session == SIP_SESSION_CANCEL_WANTED ||
           leg->session == SIP_SESSION_ENDED;
}

/* The status to refuse with; then everything is as it was. */
static uint16_t judge(struct phone *p, struct phone_leg *leg, struct sip_timer *next)
{
    struct sip_timer_said said;
    if (is_over(leg))
        return 481;
    if (p->request_tx == SLOT_NONE)
        return 503;
    uint16_t status = leg_timer_judge(p, &said);
    if (!status)
        status = judge_offer(p, leg);
    if (!status && p->read.in.body.n)
        status = leg_agree(p, leg);
    if (status)
        return status;
    leg_timer_note(leg, &said);
    *next = sip_timer_answer(&leg->timer.is, &said);
    return 0;
}

/* Before the call is up its timer is that of the INVITE, which has not begun. */
void phone_take_update(struct phone *p, struct phone_leg *leg)
{
    char bytes[LEG_LINES_MAX], sdp[LEG_SDP_MAX];
    struct text_out lines = {.p = bytes, .max = sizeof(bytes)};
    const struct sip_offer offer = leg->offer;
    const uint16_t sdp_n = leg->sdp_n;
    bool has_offer = p->read.in.body.n, is_up = leg->session == SIP_SESSION_TALKING;
    struct sip_timer next = {0};
    memcpy(sdp, leg->sdp, sizeof(sdp));
    uint16_t status = judge(p, leg, &next);
    if (status) {
        phone_answer_request(p, status);
        return;
    }
    text_put(&lines, TEXT(LEG_ALLOW));
    sip_timer_put_answer(&lines, is_up ? &next : &(struct sip_timer){0});
    struct sip_answer ok = {.status = 200, .headers = {lines.p, lines.n}};
    if (has_offer) {
        ok.content_type = TEXT("application/sdp");
        ok.body = (struct text){leg->sdp, leg->sdp_n};
    }
    if (!leg_answer(p, leg, &ok)) {
        leg->offer = offer;
        leg->sdp_n = sdp_n;
        memcpy(leg->sdp, sdp, sizeof(sdp));
        phone_answer_request(p, 513);
        return;
    }
    if (is_up) {
        leg->timer.is = next;
        leg_timer_begin(p, leg);
    }
    if (has_offer)
        leg_set_media(p, leg);
}
