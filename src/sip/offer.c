/* offer.c — see offer.h. Called by phone/. Cost: linear in the body.
 * Invariant: a refused offer leaves what was agreed as it was. */
#include "sip/offer.h"

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
