/* message.h — the life of one text message, as a table: queued → sent → delivered or failed; and
 * when what went wrong is tried again. Called by sms/, app/ and view/. Pure. */
#ifndef GSM_MESSAGE_H
#define GSM_MESSAGE_H

#include "base/types.h"

/* In the order in which they may follow each other; kept in the store by these numbers. */
enum gsm_state {
    GSM_QUEUED,
    GSM_SENT,      /* the gateway has it */
    GSM_DELIVERED, /* the telephone has it */
    GSM_FAILED,
    GSM_STATES
};

enum gsm_event {
    GSM_ACCEPTED, /* by the gateway */
    GSM_REFUSED,  /* by the gateway, for good */
    GSM_TROUBLE,  /* no answer, or "later" */
    GSM_EXPIRED,  /* tried too often, or too long ago to be told */
    GSM_ARRIVED,  /* the receipt says so */
    GSM_LOST,     /* the receipt says that it will not arrive */
    GSM_UNTOLD,   /* no receipt came in its time */
    GSM_EVENTS
};

/* Why it failed; kept in the store by these numbers. */
enum gsm_why {
    GSM_WHY_NONE,
    GSM_WHY_REFUSED, /* code: of the gateway */
    GSM_WHY_EXPIRED,
    GSM_WHY_LOST,
    GSM_WHY_UNTOLD,
    GSM_WHYS
};

/* The next state; GSM_STATES: this event changes nothing in this state. */
enum gsm_state gsm_next(enum gsm_state state, enum gsm_event event);
bool gsm_is_end(enum gsm_state state);
enum gsm_why gsm_why_of(enum gsm_event event);

/* After so many tries, the pause before the next: 2 s doubled up to 10 min. chance: any number; one
 * eighth of the pause more or less, so that machines do not come back together. */
ms_t gsm_pause_ms(uint32_t tries_n, uint64_t chance);

/* For programs; never changed. */
const char *gsm_state_name(enum gsm_state state);
const char *gsm_why_name(enum gsm_why why);
/* For people, in French. */
const char *gsm_state_words(enum gsm_state state);
const char *gsm_why_words(enum gsm_why why);

#endif
