/* timer.h — what leg.h holds of a session's timer, and what timer.c does.
 * Included by leg.h only. */
#ifndef PHONE_TIMER_H
#define PHONE_TIMER_H

#include "phone/phone.h"
#include "sip/timer.h"
#include "sip/transaction.h"

struct phone_leg;

/* The methods that we take within a dialog; one line for all messages that make one. */
#define LEG_ALLOW "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, PRACK, REFER\r\n"
/* That line and those of the timer. */
#define LEG_LINES_MAX (sizeof(LEG_ALLOW) + SIP_TIMER_LINES_MAX)

struct leg_timer {
    struct sip_timer is;
    uint32_t tx;                  /* of our refresh that is out; SLOT_NONE: none */
    bool takes_update, is_raised; /* raised: a 422 to this request was followed already */
    uint8_t proofs_n;             /* challenges of this refresh that were answered */
};

/* timer.c. The request in p->read: 0, or the status to refuse it with. */
uint16_t leg_timer_judge(const struct phone *p, struct sip_timer_said *said);
/* What an INVITE, or its 2xx, says of the other side. */
void leg_timer_note(struct phone_leg *leg, const struct sip_timer_said *said);
/* Their 2xx to our INVITE, in p->read: the timer begins as it says. */
void leg_timer_heard(struct phone *p, struct phone_leg *leg);
/* What stands in leg->timer.is begins now. */
void leg_timer_begin(struct phone *p, struct phone_leg *leg);
void leg_timer_stop(struct phone *p, struct phone_leg *leg);
/* What stands there began in an earlier process. */
void leg_timer_resume(struct phone *p, struct phone_leg *leg);
/* The same, and the refresh that is out with it: the leg goes. */
void leg_timer_drop(struct phone *p, struct phone_leg *leg);
void leg_timer_due(struct phone *p, struct phone_leg *leg);
/* The 422 in p->read, to the INVITE of a call: true when it goes on with a longer interval. */
bool leg_timer_raise(struct phone *p, struct phone_leg *leg);
/* A response to a refresh is in p->read; none has come to one. */
void leg_refreshed(struct phone *p, struct phone_leg *leg, const struct sip_tx_verdict *v);
/* The one that is out was heard by somebody else: later again. */
void leg_refresh_again(struct phone *p, struct phone_leg *leg);
void leg_refresh_timed_out(struct phone *p, struct phone_leg *leg, uint32_t tx);

/* sound.c: its probe was answered with this status; 408: not at all. tx: of the question. */
void leg_probe_answered(struct phone *p, struct phone_leg *leg, uint32_t tx, uint16_t status);
/* The other side does not answer any more. The leg may be gone afterwards. */
void leg_gone(struct phone *p, struct phone_leg *leg);

#endif
