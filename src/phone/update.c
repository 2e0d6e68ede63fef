/* update.c — UPDATE (RFC 3311): the session is refreshed, moved, held or resumed without an INVITE.
 * Called by request.c. Cost: as a re-INVITE, without an ACK. Invariant: what is refused changes
 * nothing but the number that was seen. */
#include <string.h>

#include "phone/leg.h"

/* An offer can be answered when none is in course and the call is up, or its first offer has been
 * answered reliably before (RFC 3311 §5.2). */
static uint16_t judge_offer(const struct phone *p, const struct phone_leg *leg)
{
    bool is_settled = leg->session == SIP_SESSION_EARLY && leg->reliable.is_settled;
    if (!p->read.in.body.n)
        return 0;
    if (leg->offer.state != SIP_OFFER_IDLE)
        return 491;
    return (leg->session != SIP_SESSION_TALKING && !is_settled) || leg->is_unacked ? 500 : 0;
}

static bool is_over(const struct phone_leg *leg)
{
    return leg->session == SIP_SESSION_LEAVING || leg->session == SIP_SESSION_CLOSING ||
           leg->session == SIP_SESSION_CANCELLED || leg->session == SIP_SESSION_CANCEL_WANTED ||
           leg->session == SIP_SESSION_ENDED;
}

/* The status to refuse with; then everything is as it was. */
static uint16_t judge(struct phone *p, struct phone_leg *leg, struct sip_timer_said *said)
{
    if (is_over(leg))
        return 481;
    if (p->request_tx == SLOT_NONE)
        return 503;
    uint16_t status = leg_timer_judge(p, said);
    return status ? status : judge_offer(p, leg);
}

uint16_t leg_answer_offer(struct phone *p, struct phone_leg *leg, struct text lines)
{
    char sdp[LEG_SDP_MAX];
    const struct sip_offer offer = leg->offer;
    const uint16_t sdp_n = leg->sdp_n;
    bool has_offer = p->read.in.body.n;
    memcpy(sdp, leg->sdp, sizeof(sdp));
    uint16_t status = has_offer ? leg_agree(p, leg) : 0;
    if (status)
        return status;
    const struct sip_answer ok = {.status = 200,
                                  .headers = lines,
                                  .content_type = TEXT("application/sdp"),
                                  .body = {leg->sdp, has_offer ? leg->sdp_n : 0}};
    if (leg_answer(p, leg, &ok))
        return 0;
    leg->offer = offer;
    leg->sdp_n = sdp_n;
    memcpy(leg->sdp, sdp, sizeof(sdp));
    return 513;
}

/* Before the call is up its timer is that of the INVITE, which has not begun. */
void phone_take_update(struct phone *p, struct phone_leg *leg)
{
    char bytes[LEG_LINES_MAX];
    struct text_out lines = {.p = bytes, .max = sizeof(bytes)};
    bool is_up = leg->session == SIP_SESSION_TALKING;
    struct sip_timer_said said;
    uint16_t status = judge(p, leg, &said);
    const struct sip_timer next =
        is_up && !status ? sip_timer_answer(&leg->timer.is, &said) : (struct sip_timer){0};
    text_put(&lines, TEXT(LEG_ALLOW));
    sip_timer_put_answer(&lines, &next);
    if (!status)
        status = leg_answer_offer(p, leg, (struct text){lines.p, lines.n});
    if (status) {
        phone_answer_request(p, status);
        return;
    }
    leg_timer_note(leg, &said);
    if (is_up) {
        leg->timer.is = next;
        leg_timer_begin(p, leg);
    }
    if (p->read.in.body.n)
        leg_set_media(p, leg);
}
